"""The overview: countries by stage, days in stage, the late ones marked (S40)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.desk import selectors
from workflow.groups.models import Person, Project
from workflow.profiles.models import Edition
from workflow.profiles.selectors import standing_editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def editions(project: Project, time_machine_at: Any) -> dict[str, Edition]:
    """Ghana has been commenting for 100 days, Mali endorsing for 10; today is 11 April 2009."""
    time_machine_at("2009-01-01 12:00:00Z")
    ghana = f.edition(f.twg("GH", of=project, names={"en": "TWG Ghana"}), stage="comment")
    time_machine_at("2009-04-01 12:00:00Z")
    mali = f.edition(f.twg("ML", of=project, names={"en": "TWG Mali"}), stage="endorsement")
    time_machine_at("2009-04-11 12:00:00Z")
    return {"ghana": ghana, "mali": mali}


def page(person: Person, query: str = "") -> str:
    client = Client()
    client.force_login(person)
    response = client.get(reverse("overview") + query)
    assert response.status_code == 200
    return response.content.decode()


def listed(text: str, editions: dict[str, Edition]) -> set[str]:
    return {name for name, edition in editions.items() if reverse("edition", args=[edition.pk]) in text}


def test_iom_sees_each_country_with_its_stage_and_its_days(editions: dict[str, Edition], project: Project) -> None:
    text = page(f.monitor(project))
    assert listed(text, editions) == {"ghana", "mali"}
    assert text.index("Ghana") < text.index("Mali")
    assert "Stage 3 of 7: Comment" in text
    assert "10 days late" in text
    assert "1 is late." in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?stage=comment", {"ghana"}),
        ("?late=on", {"ghana"}),
        ("?stage=endorsement&late=on", set()),
        ("?stage=nonsense", {"ghana", "mali"}),
        ("?project=nonsense", {"ghana", "mali"}),
    ],
)
def test_filters(editions: dict[str, Edition], project: Project, query: str, found: set[str]) -> None:
    text = page(f.monitor(project), query)
    assert listed(text, editions) == found
    assert ("Nothing matches the filter" in text) == (not found)


def test_a_project_is_filtered_by_its_code(editions: dict[str, Edition], project: Project) -> None:
    admin = f.administrator()
    editions["togo"] = f.edition(f.twg("TG", of=f.project("Another")))
    assert listed(page(admin), editions) == {"ghana", "mali", "togo"}
    assert listed(page(admin, f"?project={project.code}"), editions) == {"ghana", "mali"}


def test_a_regional_body_sees_its_countries_and_a_secretariat_its_own(editions: dict[str, Edition]) -> None:
    region = f.seat(f.regional_twg(countries="GH,NG"), "secretariat")
    assert listed(page(region), editions) == {"ghana"}
    assert listed(page(f.seat(editions["mali"].twg, "secretariat")), editions) == {"mali"}


def test_who_sees_nothing_is_told_when_something_appears(editions: dict[str, Edition]) -> None:
    assert "Nothing to see across countries yet" in page(f.person())


def test_it_asks_who_is_there() -> None:
    for name in ("overview", "overview-export"):
        assert Client().get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_figures_count_editions_and_late_ones_by_stage(editions: dict[str, Edition], project: Project) -> None:
    counts = {c.stage: (c.count, c.late) for c in selectors.by_stage(standing_editions(f.monitor(project)))}
    assert {stage: found for stage, found in counts.items() if found != (0, 0)} == {
        "comment": (1, 1),
        "endorsement": (1, 0),
    }


def test_average_days_leave_out_what_nobody_knows(editions: dict[str, Edition], project: Project) -> None:
    bars = {str(b["label"]): b["value"] for b in selectors.days_by_stage(standing_editions(f.monitor(project)))}
    assert bars == {
        "Template": 0, "Drafting": 0, "Comment": 50, "Endorsement": 10, "Policy workshop": None, "Hand-over": None,
    }  # fmt: skip


def table(person: Person, query: str = "") -> list[list[str]]:
    client = Client()
    client.force_login(person)
    response = client.get(reverse("overview-export") + query)
    assert response.headers["Content-Disposition"] == 'attachment; filename="palabre-overview.csv"'
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_spreadsheet_holds_what_the_page_shows(editions: dict[str, Edition], project: Project) -> None:
    head, *rows = table(f.monitor(project))
    assert head[:3] == ["country", "twg", "profile"]
    assert [(r[0], r[1], r[3], r[4], r[5], r[6], r[7], r[8]) for r in rows] == [
        ("Ghana", "TWG Ghana", "2009", "comment", "2009-01-01", "100", "10", "0"),
        ("Mali", "TWG Mali", "2009", "endorsement", "2009-04-01", "10", "0", "0"),
    ]
    assert len(table(f.monitor(project), "?late=on")) == 2


def test_no_cell_of_it_runs_as_a_formula(project: Project) -> None:
    hostile = f.profile(f.twg("GH", of=project), names={"en": '=HYPERLINK("http://x")'})
    f.edition(hostile, label="+1")
    row = table(f.monitor(project))[1]
    assert (row[2], row[3]) == ('\'=HYPERLINK("http://x")', "'+1")


def test_a_stage_reached_nobody_knows_when_is_left_open(project: Project) -> None:
    from workflow.engine import services as engine
    from workflow.engine.services import Telling
    from workflow.profiles.flow import EditionFlow

    edition = f.edition(f.twg("GH", of=project), stage="drafting")
    engine.perform(EditionFlow(edition), "submit_draft", actor=None, telling=Telling(occurred="open"))
    assert table(f.monitor(project))[1][5:8] == ["", "", "0"]
    assert "not known" in page(f.monitor(project))


def test_the_overview_leads_to_all_that_compares_countries_and_back(
    editions: dict[str, Edition], project: Project
) -> None:
    monitor = f.monitor(project)
    text = page(monitor)
    client = Client()
    client.force_login(monitor)
    for name in ("recommendations", "data-comparison", "data-plans", "milestones", "handovers"):
        assert f'href="{reverse(name)}"' in text
        _, _, crumbs = client.get(reverse(name)).text.partition('<nav class="crumbs"')
        assert f'href="{reverse("overview")}"' in crumbs
