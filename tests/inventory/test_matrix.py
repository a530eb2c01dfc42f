"""The gap matrix, section by source, and the same table across countries (S39, S28)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.inventory import comparing
from recommendations.inventory.matrix import matrix
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.outlines import Outline, of_twg
from recommendations.inventory.places import holding, in_order, searched
from tests import factories as f
from workflow.groups.models import Project, Twg
from workflow.profiles.outline import PartLine, SectionLine

from . import making as m

PARTS = [
    PartLine("A", {"en": "Overview"}, "", [SectionLine(1, {"en": "Overview"}, {}, "")]),
    PartLine("C", {"en": "Migration"}, "", [
        SectionLine(1, {"en": "Immigration"}, {}, ""), SectionLine(2, {"en": "Emigration"}, {}, ""),
    ]),
]  # fmt: skip


def source(pk: int, *sections: str) -> DataSource:
    return DataSource(pk=pk, names={"en": f"Source {pk}"}, kind="census", sections=list(sections))


def gap(section: str, source: DataSource | None = None) -> DataGap:
    return DataGap(section=section, data_source=source, titles={"en": f"Gap of {section}"}, severity="high")


def told(sources: list[DataSource], gaps: list[DataGap], parts: list[PartLine] = PARTS) -> dict[str, Any]:
    """Each line's place: which sources cover it, how many gaps stand in each, how many in none."""
    lines = [line for part in matrix(Outline(parts), sources, gaps) for line in part.lines]
    return {
        line.place: ([cell.covers for cell in line.cells], [len(cell.gaps) for cell in line.cells], len(line.elsewhere))
        for line in lines
    }


def test_every_section_of_the_template_is_a_line_and_every_source_a_column() -> None:
    assert told([source(1, "C.1"), source(2)], []) == {
        "A": ([False, False], [0, 0], 0),
        "C.1": ([True, False], [0, 0], 0),
        "C.2": ([False, False], [0, 0], 0),
    }


def test_a_source_of_a_whole_part_serves_each_of_its_sections() -> None:
    lines = told([source(1, "C")], [])
    assert [lines[place][0] for place in ("A", "C", "C.1", "C.2")] == [[False], [True], [True], [True]]


def test_a_part_that_is_not_divided_is_one_place_whatever_it_is_called() -> None:
    census = source(1, "A.1")
    assert told([census], [gap("A.1", census), gap("A")])["A"] == ([True], [1], 1)


def test_gaps_stand_in_their_source_and_those_of_none_apart() -> None:
    census, hidden = source(1, "C.2"), source(9)
    lines = told([census], [gap("C.2", census), gap("C.2"), gap("C.2", hidden)])
    assert lines["C.2"] == ([True], [1], 2)


def test_what_the_template_lacks_comes_in_its_place_and_is_not_lost() -> None:
    assert list(told([source(1, "B", "C.9")], [gap("Z")])) == ["A", "B", "C.1", "C.2", "C.9", "Z"]


def test_without_a_template_what_is_known_is_shown() -> None:
    assert list(told([source(1, "D.2", "B")], [], [])) == ["B", "D.2"]


def test_places_are_put_in_order_and_found_again() -> None:
    assert in_order(["D", "C.10", "C.2", "C", "AA"]) == ["AA", "C", "C.2", "C.10", "D"]
    text = searched(["C.2", "D"])
    assert any(place in text for place in holding("C"))
    assert any(place in text for place in holding("C.2"))
    assert not any(place in text for place in holding("C.20"))
    assert not any(place in text for place in holding("E"))


def test_titles_come_from_the_template_and_unknown_places_stay_as_they_are() -> None:
    outline = Outline(PARTS)
    assert [outline.label(place) for place in ("A", "A.1", "C.2", "X.1")] == [
        "A. Overview", "A. Overview", "C.2 Emigration", "X.1",
    ]  # fmt: skip
    assert [place for place, _label in outline.choices(["X.1", "A"])] == ["A", "C", "C.1", "C.2", "X.1"]


# -- across countries ---------------------------------------------------------------------------------------


def cells(person: Any, way: str, part: str = "") -> dict[str, dict[str, tuple[int, int, int]]]:
    """Each TWG's cells that hold something: sources, gaps, grave ones."""
    found = comparing.compare(person, way, part)
    keys = [key for key, _label in found.columns]
    return {
        row.twg.code: {
            key: (cell.sources, cell.gaps, cell.grave)
            for key, (_label, cell) in zip(keys, row.cells, strict=True) if cell
        }
        for row in found.rows
    }  # fmt: skip


@pytest.mark.django_db
def test_countries_stand_side_by_side_by_section_by_kind_and_by_question(ghana: Twg, project: Project) -> None:
    mali, iom = f.twg("ML", of=project), f.monitor(project)
    census = m.source(ghana, sections=["A", "C.1"], questions=["absent"])
    m.source(ghana, kind="border", sections=["C.1", "C.2"])
    m.gap(ghana, section="C.2", data_source=census)
    m.gap(ghana, section="C", severity="low")
    m.press(m.gap(ghana, section="C"), "drop", note="No gap.")
    m.press(m.source(mali, sections=["A"]), "withdraw", note="Entered twice.")
    assert cells(iom, "section") == {ghana.code: {"A": (1, 0, 0), "C": (2, 2, 1)}, mali.code: {}}
    assert cells(iom, "section", "C") == {
        ghana.code: {"C": (0, 1, 0), "C.1": (2, 0, 0), "C.2": (1, 1, 1)}, mali.code: {},
    }  # fmt: skip
    assert cells(iom, "kind")[ghana.code] == {"census": (1, 1, 1), "border": (1, 0, 0)}
    assert cells(iom, "question")[ghana.code] == {"absent": (1, 0, 0)}
    assert [twg.code for twg in comparing.compare(iom, "section").silent] == [mali.code]


@pytest.mark.django_db
def test_everybody_compares_what_they_read(ghana: Twg, project: Project) -> None:
    mali = f.twg("ML", of=project)
    for twg in (ghana, mali):
        m.source(twg)
    region = f.regional_twg(project)
    assert set(cells(f.seat(ghana, "member"), "section")) == {ghana.code}
    assert set(cells(f.seat(region, "secretariat"), "section")) == {ghana.code, mali.code, region.code}
    assert set(cells(f.person(), "section")) == set()


@pytest.mark.django_db
def test_more_countries_and_sources_cost_no_more_questions(ghana: Twg, project: Project) -> None:
    iom = f.monitor(project)
    m.source(ghana)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            comparing.compare(iom, "section")
        return len(seen)

    asked()  # who asks is read once
    little = asked()
    for country in ("ML", "NG", "SN", "CM"):
        twg = f.twg(country, of=project)
        for kind in ("census", "border", "consular"):
            m.gap(twg, data_source=m.source(twg, kind=kind))
    asked()  # and read again when there are other TWGs
    assert asked() == little <= 4


@pytest.mark.django_db
def test_the_outline_is_that_of_the_newest_edition(ghana: Twg) -> None:
    f.edition(ghana)
    assert next(iter(of_twg(ghana).titles)) == "A"
