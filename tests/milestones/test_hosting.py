"""An institution's promise to convene and host a TWG's meetings, tracked after the project's end (S42)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from recommendations.milestones import services
from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted
from workflow.groups import services as groups
from workflow.groups.models import Person, Twg

from .making import hosting, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def nigeria() -> Twg:
    return f.twg("NG", of=f.project())


@pytest.fixture
def secretariat(nigeria: Twg) -> Person:
    return f.seat(nigeria, "secretariat")


def test_ncfr_hosts_from_january_2010_until_another_institution_takes_over(nigeria: Twg, secretariat: Person) -> None:
    ncfr = f.institution("NCFR", country="NG")
    promise = services.record_hosting(
        nigeria, {"holder": ncfr, "statements": {"en": "It hosts"}, "starts": "2010-01/.."}, actor=secretariat
    )
    assert promise.state == "announced"
    press(promise, "begin", actor=secretariat)
    press(promise, "end", actor=secretariat, data={"ended_on": "2012-06"})
    promise.refresh_from_db()
    assert (promise.state, promise.ends) == ("ended", "2012-06")
    assert [e.name for e in history.events_of(promise)] == ["created", "begin", "end"]
    assert history.verify().broken is None


def test_a_promise_ends_today_unless_somebody_says_otherwise(
    nigeria: Twg, secretariat: Person, time_machine_at: object
) -> None:
    time_machine_at("2012-06-15 09:00:00Z")  # type: ignore[operator]
    promise = hosting(nigeria)
    press(promise, "begin", actor=secretariat)
    press(promise, "end", actor=secretariat)
    assert promise.ends == "2012-06-15"


def test_what_never_began_is_withdrawn_with_a_reason_and_does_not_end(nigeria: Twg, secretariat: Person) -> None:
    promise = hosting(nigeria)
    with pytest.raises(Conflict):
        press(promise, "end", actor=secretariat)
    with pytest.raises(Incomplete):
        press(promise, "withdraw", actor=secretariat)
    press(promise, "withdraw", actor=secretariat, note="A new director.")
    assert promise.state == "withdrawn"
    with pytest.raises(Conflict):
        press(promise, "begin", actor=secretariat)


def test_a_promise_kept_for_a_while_can_be_withdrawn_too(nigeria: Twg, secretariat: Person) -> None:
    promise = hosting(nigeria)
    press(promise, "begin", actor=secretariat)
    press(promise, "withdraw", actor=secretariat, note="No budget.")
    assert promise.state == "withdrawn"


def test_a_member_promises_nothing_for_others(nigeria: Twg) -> None:
    member = f.seat(nigeria, "member", institution=f.institution(country="NG"))
    with pytest.raises(NotPermitted):
        services.record_hosting(nigeria, {"statements": {"en": "x"}}, actor=member)
    with pytest.raises(NotPermitted):
        services.change_hosting(hosting(nigeria), {"starts": "2011"}, actor=member)


def test_dates_that_contradict_each_other_or_are_none_are_told_at_their_field(nigeria: Twg) -> None:
    with pytest.raises(ValidationError) as refusal:
        hosting(nigeria, starts="2010", ends="2009-12")
    assert set(refusal.value.message_dict) == {"ends"}
    with pytest.raises(ValidationError) as refusal:
        hosting(nigeria, starts="January", ends="2010")
    assert set(refusal.value.message_dict) == {"starts"}
    assert hosting(nigeria, starts="2010-01", ends="2010-01").ends == "2010-01"


def test_a_linked_body_is_not_hosted_for_itself(nigeria: Twg) -> None:
    body = groups.link_body(nigeria, {"code": "tf", "names": {"en": "Task force"}, "kind": "task_force"}, actor=None)
    with pytest.raises(ValidationError, match="for the TWG itself"):
        hosting(body)
