"""Two act on one hand-over at once: one wins, and nothing is signed or published beside a change. Real threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.engine import history, records
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, EngineError, Unmet
from workflow.engine.models import Event
from workflow.groups.models import Person
from workflow.handover import services, signing
from workflow.handover.flow import HandoverFlow, ItemFlow
from workflow.handover.models import Handover, HandoverItem, HandoverRecord
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

from .making import LATER, Country, accepted, asked, country, finish, line, signed

pytestmark = pytest.mark.django_db(transaction=True)


def pressing(subject: Any, flow: Any, step: str, person: Person, **data: Any) -> Callable[[], Event]:
    def work() -> Event:
        mine, me = type(subject).objects.get(pk=subject.pk), Person.objects.get(pk=person.pk)
        return engine.perform(flow(mine), step, actor=me, data={"note": "Because.", **data})

    return work


def won(outcome: list[Any]) -> list[Any]:
    assert all(isinstance(one, Event | EngineError) for one in outcome), outcome
    return [one for one in outcome if isinstance(one, Event)]


def test_two_of_one_institution_accept_and_decline_and_one_wins() -> None:
    ghana = country()
    other = f.seat(ghana.twg, "alternate", institution=ghana.statistics)
    handover = asked(ghana)
    outcome = at_once(
        pressing(handover, HandoverFlow, "accept", ghana.statistician),
        pressing(handover, HandoverFlow, "decline", other),
    )
    assert len(won(outcome)) == 1
    assert sum(isinstance(one, Conflict) for one in outcome) == 1
    assert ghana.handover.state in ("accepted", "declined")
    assert history.verify().broken is None


def test_a_line_is_opened_again_while_the_record_is_signed() -> None:
    """Whoever is second is refused: a signed record never tells of a line that is open."""
    ghana = country()
    accepted(ghana)
    finish(ghana)
    mandate = line(ghana, "mandate")
    outcome = at_once(
        pressing(mandate, ItemFlow, "reopen", ghana.secretariat),
        pressing(ghana.handover, HandoverFlow, "sign", ghana.chair, next_due=LATER),
    )
    assert len(won(outcome)) == 1
    assert sum(isinstance(one, Unmet) for one in outcome) == 1
    for record in HandoverRecord.objects.all():
        assert records.problems(signing.document_of(record)) == []
        assert HandoverItem.objects.get(pk=mandate.pk).state == "done"
    assert history.verify().broken is None


def test_the_signature_is_taken_back_while_the_edition_is_published() -> None:
    ghana = country()
    handover = signed(ghana)
    outcome = at_once(
        pressing(handover, HandoverFlow, "unsign", ghana.chair),
        pressing(ghana.edition, EditionFlow, "publish", ghana.secretariat, published_on="2009-12"),
    )
    edition, state = Edition.objects.get(pk=ghana.edition.pk), Handover.objects.get(pk=handover.pk).state
    assert len(won(outcome)) == 1
    assert (edition.stage, state) in [("published", "signed"), ("handover", "accepted")]
    assert history.verify().broken is None


def test_another_institution_is_named_while_the_first_accepts() -> None:
    ghana: Country = country()
    handover = asked(ghana)
    outcome = at_once(
        pressing(handover, HandoverFlow, "accept", ghana.statistician),
        pressing(handover, HandoverFlow, "replace_institution", ghana.chair, institution=ghana.ministry.pk),
    )
    assert won(outcome)
    now = ghana.handover
    if now.state == "accepted":
        assert now.institution == ghana.statistics
    else:
        assert (now.state, now.institution) == ("prepared", ghana.ministry)
    assert history.verify().broken is None


def test_it_is_begun_twice_at_once_and_is_there_once() -> None:
    ghana = country()
    ghana.handover.items.all().delete()
    Handover.objects.all().delete()

    def begin(person: Person) -> Callable[[], Handover]:
        return lambda: services.begin(
            Edition.objects.get(pk=ghana.edition.pk), actor=Person.objects.get(pk=person.pk)
        )  # fmt: skip

    outcome = at_once(begin(ghana.chair), begin(ghana.secretariat))
    assert all(isinstance(one, Handover) for one in outcome), outcome
    assert Handover.objects.count() == 1
    assert HandoverItem.objects.count() == 8


def test_two_finish_one_line_at_once_and_the_second_is_told() -> None:
    ghana = country()
    mandate = line(ghana, "mandate")
    outcome = at_once(
        pressing(mandate, ItemFlow, "complete", ghana.statistician),
        pressing(mandate, ItemFlow, "complete", ghana.chair),
    )
    assert len(won(outcome)) == 1
    assert sum(isinstance(one, Conflict) for one in outcome) == 1
    assert list(mandate.evidence.values_list("number", flat=True)) == [1]
    assert history.verify().broken is None
