"""Two people press two buttons at once: exactly one wins. Real threads, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests import factories as f
from workflow.engine import history, outbox
from workflow.engine import services as engine
from workflow.engine.errors import Conflict
from workflow.engine.models import Event, OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Person
from workflow.profiles import services as profiles
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in its own thread with its own connection, all released together; returns results or exceptions."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            results[number] = work()
        except Exception as error:  # noqa: BLE001 - the outcome is what the test is about
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, w)) for n, w in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def press(edition: Edition, button: str, person: Person, version: int) -> Callable[[], Event]:
    def work() -> Event:
        mine = Edition.objects.get(pk=edition.pk)
        me = Person.objects.get(pk=person.pk)
        return engine.perform(EditionFlow(mine), button, actor=me, note="Because.", version=version, data=f.DECISION)

    return work


def test_chair_and_secretariat_press_two_buttons_at_once_and_exactly_one_wins() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="comment")
    chair, keeper = f.seat(ghana, "chair", "The chair"), f.seat(ghana, "secretariat", "The secretariat")
    seen = edition.version

    outcome = at_once(
        press(edition, "return_to_drafting", chair, seen), press(edition, "request_endorsement", keeper, seen)
    )

    won = [o for o in outcome if isinstance(o, Event)]
    lost = [o for o in outcome if isinstance(o, Conflict)]
    assert (len(won), len(lost)) == (1, 1), outcome
    assert lost[0].events[0].pk == won[0].pk, "the loser is told who did what"
    edition.refresh_from_db()
    assert edition.version == seen + 1
    assert edition.stage == won[0].to_state
    assert history.verify().broken is None


def test_ten_impatient_clicks_on_one_button_count_once() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    keeper = f.seat(ghana, "secretariat")
    seen = edition.version
    outcome = at_once(*[press(edition, "submit_draft", keeper, seen) for _ in range(10)])
    assert sum(isinstance(o, Event) for o in outcome) == 1, outcome
    assert sum(isinstance(o, Conflict) for o in outcome) == 9, outcome
    assert OutboxRow.objects.filter(kind="notice", key=f"notice:{Event.objects.last().pk}").count() == 1  # type: ignore[union-attr]


def test_many_people_write_different_subjects_at_once_and_none_is_lost() -> None:
    twgs = [f.twg(country) for country in ("GH", "ML", "NG", "SN")]
    editions = [f.edition(twg, stage="drafting") for twg in twgs]
    keepers = [f.seat(twg, "secretariat") for twg in twgs]
    outcome = at_once(*[press(e, "submit_draft", k, e.version) for e, k in zip(editions, keepers, strict=True)])
    assert all(isinstance(o, Event) for o in outcome), outcome
    assert history.verify().broken is None


def test_two_secretariats_open_an_edition_at_once_and_one_is_open() -> None:
    ghana = f.twg("GH")
    profile = f.profile(ghana)
    template = f.template()

    def open_it(label: str) -> Callable[[], Any]:
        return lambda: profiles.open_edition(profile, {"label": label, "template": template}, actor=None)

    outcome = at_once(open_it("2009"), open_it("2010"))
    assert sum(isinstance(o, Edition) for o in outcome) == 1, outcome
    assert Edition.objects.filter(profile=profile).open().count() == 1


def test_the_same_seat_given_twice_at_once_is_given_once() -> None:
    ghana = f.twg("GH")
    somebody = f.person()

    def give() -> Any:
        return groups.give_seat(ghana, somebody, {"role": "member"}, actor=None)

    outcome = at_once(give, give)
    assert sum(not isinstance(o, Exception) for o in outcome) == 1, outcome
    assert somebody.memberships.count() == 1


def test_the_last_two_secretariats_cannot_both_leave_at_once() -> None:
    ghana = f.twg("GH")
    seats = [f.seat_of(f.seat(ghana, "secretariat")) for _ in range(2)]

    def end(seat: Any) -> Callable[[], Any]:
        return lambda: groups.end_seat(seat, until="2009-01-01", actor=None, note="Moved.")

    outcome = at_once(*[end(seat) for seat in seats])
    assert sum(o is None for o in outcome) == 1, outcome
    assert ghana.memberships.filter(role="secretariat", ends_on=None).count() == 1


def test_two_workers_never_hold_one_row() -> None:
    ghana = f.twg("GH")
    f.seat(ghana, "chair")
    edition = f.edition(ghana, stage="drafting")
    f.perform(edition, "submit_draft")
    row = OutboxRow.objects.filter(kind="notice").last()
    assert row is not None
    outcome = at_once(*[lambda: outbox.deliver.call(row.pk)] * 4)
    assert sorted(outcome) == ["done", "not mine", "not mine", "not mine"]
