"""The search finds the register for those who read it, and other rooms put their shelves beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from workflow.desk.selectors import search
from workflow.engine import shelves
from workflow.engine.together import Listing
from workflow.frameworks.selectors import actors_found, frameworks_found
from workflow.groups import access
from workflow.groups.models import Project, Twg

from .making import actor, framework, press

pytestmark = pytest.mark.django_db


def found(question: str, person: Any) -> list[tuple[str, str]]:
    groups = {str(g.label): [(r.title, str(r.detail)) for r in g.results] for g in search(question, person)}
    return groups.get("Policy frameworks", []) + groups.get("Policy actors", [])


def test_a_law_is_found_by_its_title_in_any_language_its_number_and_its_code(ghana: Twg) -> None:
    framework(ghana, names={"en": "Aliens Act", "fr": "Loi sur les étrangers"}, reference="Act 160")
    member = f.seat(ghana, "member")
    for question in ("aliens", "loi etrangers", "160", "aliens-act"):
        assert found(question, member) == [("Aliens Act", "")], question


def test_an_actor_is_found_by_what_it_does_and_by_its_name(ghana: Twg) -> None:
    actor(ghana, f.institution("Immigration Service", acronym="GIS"), roles={"en": "Issues residence permits"})
    observer = f.seat(ghana, "observer")
    for question in ("residence permits", "gis", "immigration"):
        assert found(question, observer) == [("Immigration Service", "Issues residence permits")], question


def test_nobody_finds_what_is_not_theirs_and_nobody_what_was_withdrawn(ghana: Twg, project: Project) -> None:
    framework(ghana, names={"en": "Hidden act"})
    framework(f.regional_twg(project, countries="GH"), names={"en": "Hidden approach"})
    press(framework(ghana, names={"en": "Hidden mistake"}), "withdraw", note="Wrong.")
    assert {title for title, _detail in found("hidden", f.seat(ghana, "member"))} == {"Hidden act", "Hidden approach"}
    for person in (f.seat(f.twg("SN", of=project), "chair"), f.person(), f.administrator(), AnonymousUser()):
        assert found("hidden", person) == []


def test_a_question_more_is_asked_of_nobody(ghana: Twg, django_assert_num_queries: Any) -> None:
    member = f.seat(ghana, "member")
    for number in range(12):
        framework(ghana, names={"en": f"Act {number}"})
        actor(ghana, roles={"en": f"Acts on permits, {number}"})
    access.seats(member)
    with CaptureQueriesContext(connection) as seen:
        assert len(found("act", member)) > 10
    assert len(seen) == 1
    for person in (f.administrator(), AnonymousUser()):
        access.seats(person)
        with django_assert_num_queries(0):
            assert frameworks_found(person, ["act"]) is actors_found(person, ["act"]) is None


def test_every_room_may_put_up_a_shelf(ghana: Twg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_shelves", {})
    shelves.register(
        "new",
        shelves.Shelf(
            "New room",
            lambda person, wanted: Listing(Twg.objects.all(), "code", "names", "country"),
            lambda twg: ("twg", twg.code, "of a new room", "found here too"),
        ),
    )
    [group] = search("found too", f.person())
    assert (group.label, [(r.url, r.detail) for r in group.results]) == (
        "New room",
        [(f"/twgs/{ghana.code}/", "of a new room")],
    )
    assert search("cheese", f.person()) == []
