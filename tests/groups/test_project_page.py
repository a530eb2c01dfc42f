"""The project's page: funders, its TWGs, and what ends with it (S04)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.groups import services
from workflow.groups.models import Person, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    commission = f.institution("European Commission", country="", category="international_agency")
    return services.create_project(
        {
            "code": "wca", "names": {"en": "Migration in West and Central Africa"}, "starts": "2008", "ends": "2010-01",
            "duration_months": 24, "descriptions": {"en": "Profiles that governments own."},
        },
        [
            {"names": {"en": "European Commission"}, "institution": commission, "programme": "AENEAS",
             "reference": "EuropeAid/124151/C/ACT/Multi"},
            {"names": {"en": "Swiss Federal Office for Migration"}},
        ],
        actor=None,
    )  # fmt: skip


def page_of(project: Project, reader: Person) -> str:
    client = Client()
    client.force_login(reader)
    answer = client.get(reverse("project", args=[project.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_names_its_funders_with_the_grants_reference_and_its_dates(project: Project) -> None:
    page = page_of(project, f.monitor(project))
    for told in (
        "Profiles that governments own.", "European Commission", "AENEAS", "EuropeAid/124151/C/ACT/Multi",
        "Swiss Federal Office for Migration", "24 months", "January 2010",
    ):  # fmt: skip
        assert told in page


def test_what_ends_with_it_is_said_in_numbers(project: Project) -> None:
    monitor = f.monitor(project, "Ama of IOM")
    f.twg("GH", of=project)
    page = page_of(project, monitor)
    ends = page[page.index('id="ends"') :]
    assert "The project carries 1 TWG." in ends
    assert "IOM's seat ends too" in ends.replace("&#x27;", "'")
    assert "Ama of IOM" in ends
    f.twg("ML", of=project)
    f.monitor(project, "Yaw of IOM")
    ends = page_of(project, monitor)
    assert "The project carries 2 TWGs." in ends
    assert "IOM's 2 seats end too" in ends.replace("&#x27;", "'")


def test_a_member_finds_the_twg_that_they_may_open_and_only_a_number_of_the_others(project: Project) -> None:
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    page = page_of(project, f.seat(ghana, "member"))
    assert ghana.name in page
    assert mali.name not in page
    assert "The project carries 2 TWGs." in page


def test_members_read_who_holds_ioms_seats_and_observers_only_that_there_are_some(project: Project) -> None:
    ghana = f.twg("GH", of=project)
    f.monitor(project, "Ama of IOM")
    assert "Ama of IOM" in page_of(project, f.seat(ghana, "member"))
    page = page_of(project, f.seat(ghana, "observer"))
    assert "Ama of IOM" not in page
    assert "IOM monitor" in page


def test_a_seat_of_ioms_that_has_ended_is_no_longer_named(project: Project) -> None:
    f.monitor(project, "Gone again")
    project.seats.update(starts_on="2008-01-01", ends_on="2009-12-31")
    assert "Gone again" not in page_of(project, f.administrator())


def test_what_is_known_of_the_project_has_its_date_and_source(project: Project) -> None:
    fact = {"topic": "funding", "statements": {"en": "It lasts two years."}, "when": "2008", "source": "S04"}
    services.record_fact(project, fact, actor=None)
    page = page_of(project, f.monitor(project))
    row = page[page.index("It lasts two years.") :].split("</tr>")[0]
    for told in ("S04", "Funding", "2008", "Stated"):
        assert told in row


def test_a_project_without_twgs_says_so(project: Project) -> None:
    assert "No TWG yet" in page_of(project, f.administrator())


@pytest.mark.parametrize("who", ["another project's monitor", "a TWG without a project", "nobody"])
def test_for_others_the_project_does_not_exist(project: Project, who: str) -> None:
    readers: dict[str, Callable[[], Person]] = {
        "another project's monitor": lambda: f.monitor(f.project()),
        "a TWG without a project": lambda: f.seat(f.twg("TG"), "secretariat"),
        "nobody": f.person,
    }
    client = Client()
    client.force_login(readers[who]())
    assert client.get(reverse("project", args=[project.code])).status_code == 404
