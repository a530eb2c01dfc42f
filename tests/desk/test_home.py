"""Home: what waits for me, what is coming, where each profile stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from workflow.engine import inbox
from workflow.groups.models import Person, Project, Twg
from workflow.profiles import selectors, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def ghana(project: Project) -> Twg:
    twg = f.twg("GH", of=project, names={"en": "TWG Ghana"})
    f.adopt(twg.terms.get())
    return twg


def waiting(person: Person) -> list[tuple[str, str]]:
    return [(str(item.title), str(item.action)) for item in inbox.of(person).waiting]


def coming(person: Person) -> list[tuple[str, date | None]]:
    return [(str(item.title), item.due) for item in inbox.of(person).coming]


def home(person: Person | None) -> str:
    client = Client()
    if person is not None:
        client.force_login(person)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


# -- what waits ---------------------------------------------------------------------------------------------


def test_each_finds_the_step_that_is_theirs(ghana: Twg) -> None:
    people = {role: f.seat(ghana, role) for role in ("chair", "secretariat", "consultant", "member", "observer")}
    edition = f.edition(ghana, stage="drafting")
    step = [(str(edition), "Submit the draft for comment")]
    assert {role: waiting(person) for role, person in people.items()} == {
        "chair": [], "secretariat": step, "consultant": [*step, (str(edition), "Begin the text")], "member": [],
        "observer": [],
    }  # fmt: skip


def test_the_button_leads_to_the_step(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    assert reverse("act", args=["edition", edition.pk, "request_endorsement"]) in home(f.seat(ghana, "secretariat"))


def test_a_step_that_cannot_be_taken_yet_says_what_is_missing(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="handover")
    secretariat = f.seat(ghana, "secretariat")
    item = inbox.of(secretariat).waiting[0]
    assert (item.action, item.url) == ("See what is missing", reverse("edition", args=[edition.pk]))
    assert "Name the government body" in str(item.detail)


def test_another_countrys_work_waits_for_nobody_here(ghana: Twg, project: Project) -> None:
    f.edition(ghana, stage="comment")
    mali = f.twg("ML", of=project)
    f.adopt(mali.terms.get())
    f.edition(mali, stage="endorsement")
    assert [action for _title, action in waiting(f.seat(mali, "secretariat"))] == ["Record the endorsement"]


def test_whoever_follows_many_countries_is_not_drowned_in_their_steps(ghana: Twg, project: Project) -> None:
    f.edition(ghana, stage="workshop")
    assert waiting(f.monitor(project)) == []


def test_draft_terms_wait_for_those_who_keep_the_twg(project: Project) -> None:
    mali = f.twg("ML", of=project)
    f.edition(mali, stage="withdrawn")
    assert "Read and adopt" in [action for _title, action in waiting(f.seat(mali, "secretariat"))]
    assert waiting(f.seat(mali, "member")) == []


def test_a_new_twg_is_led_to_its_profile_and_then_to_its_first_edition(ghana: Twg) -> None:
    secretariat = f.seat(ghana, "secretariat")
    assert waiting(secretariat) == [("TWG Ghana", "Open the profile")]
    profile = f.profile(ghana)
    assert waiting(secretariat) == [(profile.title, "Open an edition")]
    assert inbox.of(secretariat).waiting[0].url == reverse("edition-new", args=[profile.code])
    assert waiting(f.seat(ghana, "member")) == []


def test_an_overdue_edition_waits_for_the_secretariat_and_comes_for_the_others(
    ghana: Twg, project: Project, time_machine_at: Any
) -> None:
    time_machine_at("2009-12-01 12:00:00Z")
    profile = f.edition(ghana, stage="published").profile
    services.change_profile(profile, {"update_months": 24}, actor=None)
    people = f.seat(ghana, "secretariat"), f.seat(ghana, "member"), f.monitor(project)
    announced = [(f"Next edition of {profile.title}", date(2011, 12, 31))]
    time_machine_at("2011-06-01 12:00:00Z")
    assert [(waiting(p), coming(p)) for p in people] == [([], announced)] * 3
    time_machine_at("2012-02-01 12:00:00Z")
    due = [(profile.title, "Open a new edition")]
    assert [(waiting(p), coming(p)) for p in people] == [(due, []), ([], announced), ([], announced)]
    assert "overdue" in home(people[1])


def test_once_the_next_edition_is_under_way_it_comes_no_more(ghana: Twg) -> None:
    profile = f.edition(ghana, stage="published").profile
    services.change_profile(profile, {"update_months": 24}, actor=None)
    f.edition(profile, label="2011")
    member = f.seat(ghana, "member")
    assert (waiting(member), coming(member)) == ([], [])


# -- where each profile stands ------------------------------------------------------------------------------


def test_the_open_edition_stands_for_its_profile(ghana: Twg) -> None:
    first = f.edition(ghana, stage="published")
    second = f.edition(first.profile, label="2011", stage="drafting")
    member = f.seat(ghana, "member")
    assert [row.edition for row in selectors.standing_editions(member)] == [second]
    assert [row.edition for row in selectors.standing_editions(AnonymousUser())] == [first]


def test_reading_once_still_tells_readers_apart_and_forgets_afterwards(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="drafting")
    member, stranger = f.seat(ghana, "member"), f.person()
    with selectors.read_once():
        assert [row.edition for row in selectors.standing_editions(member)] == [edition]
        assert selectors.standing_editions(stranger) == []
        with CaptureQueriesContext(connection) as seen:
            selectors.standing_editions(member)
        assert len(seen) == 0
    f.bring(edition, "withdrawn")
    assert selectors.standing_editions(member) == []


# -- who has nothing yet ------------------------------------------------------------------------------------


def test_the_public_is_told_what_this_is_and_finds_what_is_published(ghana: Twg) -> None:
    out = f.edition(ghana, stage="published")
    draft = f.edition(f.twg("ML"), stage="comment")
    text = home(None)
    assert "Palabre carries the work of Technical Working Groups" in text
    assert reverse("account_login") in text
    assert reverse("edition", args=[out.pk]) in text
    assert "December 2009" in text
    assert reverse("edition", args=[draft.pk]) not in text
    assert "Days in stage" not in text


def test_before_anything_is_published_the_public_is_told_so() -> None:
    assert "No profile is published yet" in home(None)


def test_who_holds_no_seat_is_told_whom_to_ask() -> None:
    text = home(f.person())
    assert "You hold no seat yet" in text
    assert "What waits for you" not in text


def test_who_has_nothing_to_do_is_told_so(ghana: Twg) -> None:
    f.edition(ghana, stage="comment")
    assert "Nothing waits for you today." in home(f.seat(ghana, "member"))
