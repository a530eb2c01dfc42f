"""The same table across countries: what each has sources for, by section, by kind, by question (S39, S28)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.groups.models import Twg
from workflow.profiles.models import Part, Section

from . import places, selectors
from .choices import OPEN_GAPS, Question, Severity, SourceKind
from .models import DataGap, DataSource

Text = str | Promise
Ways = tuple[tuple[str, Text], ...]
# What the countries are compared by.
WAYS: Ways = (
    ("section", _("By section")),
    ("kind", _("By kind of source")),
    ("question", _("By survey question")),
)


@dataclass
class Cell:
    """How many sources a country has for something, and how many gaps are open in it, the graver apart."""

    sources: int = 0
    gaps: int = 0
    grave: int = 0

    def __bool__(self) -> bool:
        return bool(self.sources or self.gaps)


@dataclass(frozen=True)
class Row:
    """A country's or region's TWG; `sources` and `gaps` are all that its inventory holds."""

    twg: Twg
    cells: list[tuple[Text, Cell]]  # each with its column's label
    sources: int
    gaps: int


@dataclass(frozen=True)
class Comparison:
    """What is compared: columns by their key and label, and a row for each TWG that the person reads, by its place."""

    way: str
    columns: list[tuple[str, Text]]
    rows: list[Row]
    part: str = ""  # whose sections the columns are

    @property
    def silent(self) -> list[Twg]:
        """The TWGs whose inventory is empty."""
        return [row.twg for row in self.rows if not row.sources and not row.gaps]


def compare(person: Any, way: str, part: str = "") -> Comparison:
    """In four queries, however many countries there are."""
    twgs = sorted(selectors.twgs(person), key=lambda twg: twg.place)
    keys = [twg.pk for twg in twgs]
    sources = list(
        DataSource.objects.filter(twg__in=keys).standing().values_list("twg", "kind", "sections", "questions")
    )  # fmt: skip
    gaps = list(
        DataGap.objects.filter(twg__in=keys, state__in=OPEN_GAPS).order_by()
        .values_list("twg", "section", "severity", "data_source__kind").annotate(count=Count("pk"))
    )  # fmt: skip
    cells: dict[tuple[int, str], Cell] = {}
    for twg, kind, sections, questions in sources:
        for key in _keys(way, part, kind, sections, questions):
            cells.setdefault((twg, key), Cell()).sources += 1
    for twg, section, severity, kind, count in gaps:
        for key in _keys(way, part, kind or "", [section], []):
            cell = cells.setdefault((twg, key), Cell())
            cell.gaps += count
            cell.grave += count if severity == Severity.HIGH else 0
    columns = _columns(way, part, twgs, {key for _twg, key in cells})
    told = {key: f"{key} {label}".strip() if way == "section" else label for key, label in columns}
    held, missing = Counter(source[0] for source in sources), Counter[int]()
    for twg, *_rest, count in gaps:
        missing[twg] += count
    rows = [
        Row(
            twg,
            [(told[key], cells.get((twg.pk, key), Cell())) for key, _label in columns],
            held[twg.pk],
            missing[twg.pk],
        )
        for twg in twgs
    ]
    return Comparison(way, columns, rows, part)


def _keys(way: str, part: str, kind: str, sections: Iterable[str], questions: Iterable[str]) -> set[str]:
    """The columns to which a source or a gap counts."""
    if way == "kind":
        return {kind} - {""}
    if way == "question":
        return set(questions)
    return {place if part else places.part_of(place) for place in sections if part in ("", places.part_of(place))}


def _columns(way: str, part: str, twgs: list[Twg], known: set[str]) -> list[tuple[str, Text]]:
    if way == "kind":
        return [(str(kind.value), kind.label) for kind in SourceKind]
    if way == "question":
        return [(str(question.value), question.label) for question in Question]
    titles = dict(_sections(twgs, part) if part else _parts(twgs))
    return [(key, titles.get(key, "")) for key in places.in_order([*titles, *known])]


def _templates(twgs: list[Twg], path: str) -> Q:
    """The templates of the TWGs' projects, and those of no project."""
    projects = {twg.project_id for twg in twgs}
    return Q(**{f"{path}project__in": projects - {None}}) | Q(**{f"{path}project": None})


def _parts(twgs: list[Twg]) -> Iterator[tuple[str, str]]:
    """The parts of the templates, each by its newest title."""
    found: QuerySet[Part] = Part.objects.filter(_templates(twgs, "template__")).order_by("template__pk")
    for part in found:
        yield part.letter, part.title


def parts_for(person: Any) -> list[tuple[str, str]]:
    """The parts by which gaps are found across countries."""
    return sorted(dict(_parts(list(selectors.twgs(person)))).items())


def _sections(twgs: list[Twg], letter: str) -> Iterator[tuple[str, str]]:
    """One part's sections, after the part as a whole."""
    yield letter, str(_("The part as a whole"))
    found = Section.objects.filter(_templates(twgs, "part__template__"), part__letter=letter)
    for section in found.order_by("part__template__pk").select_related("part"):
        yield f"{letter}.{section.number}", section.title
