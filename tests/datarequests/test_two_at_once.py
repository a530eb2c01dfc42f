"""The institution answers while the consultant withdraws: one wins, the other learns who did what. Real threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.engine.test_two_at_once import at_once
from workflow.datarequests import reminders, services
from workflow.datarequests.models import DataAnswer, DataRequest
from workflow.engine import history
from workflow.engine.errors import Conflict
from workflow.engine.models import Event, OutboxRow
from workflow.groups.models import Institution, Person, Twg

from .making import DUE, WHAT, Country, ask, country, press, upload

pytestmark = pytest.mark.django_db(transaction=True)


def pressing(request: DataRequest, step: str, person: Person, **answers: Any) -> Callable[[], Event]:
    def work() -> Event:
        mine, me = DataRequest.objects.get(pk=request.pk), Person.objects.get(pk=person.pk)
        return press(mine, step, actor=me, version=request.version, **answers)

    return work


@pytest.fixture
def ghana() -> Country:
    return country()


def test_answering_and_withdrawing_at_once_leaves_one_of_the_two(ghana: Country) -> None:
    request = ask(ghana)
    outcome = at_once(
        pressing(request, "answer", ghana.officer, note="12,431", data_file=upload()),
        pressing(request, "withdraw", ghana.consultant, note="Found it."),
    )
    won = [o for o in outcome if isinstance(o, Event)]
    lost = [o for o in outcome if isinstance(o, Conflict)]
    assert (len(won), len(lost)) == (1, 1), outcome
    assert lost[0].events[0].pk == won[0].pk, "the loser is told who did what"
    request.refresh_from_db()
    assert request.state == won[0].to_state
    assert DataAnswer.objects.count() == (1 if won[0].name == "answer" else 0)
    assert history.verify().broken is None


def test_an_impatient_officer_answers_once(ghana: Country) -> None:
    request = ask(ghana)
    outcome = at_once(*[pressing(request, "answer", ghana.officer, note="12,431") for _ in range(6)])
    assert sum(isinstance(o, Event) for o in outcome) == 1, outcome
    assert DataAnswer.objects.count() == 1


def test_two_ask_the_same_at_once_and_it_is_asked_once(ghana: Country) -> None:
    def asking() -> list[DataRequest]:
        told = {"what": WHAT, "why": "Part C.", "due": DUE}
        twg, asked = Twg.objects.get(pk=ghana.twg.pk), Institution.objects.get(pk=ghana.immigration.pk)
        return services.ask(twg, [asked], told, actor=None)

    outcome = at_once(asking, asking, asking)
    assert sum(isinstance(o, list) for o in outcome) == 1, outcome
    assert DataRequest.objects.count() == 1


def test_two_clocks_that_tick_at_once_remind_once(ghana: Country) -> None:
    request = ask(ghana)
    DataRequest.objects.filter(pk=request.pk).update(due=timezone.now().date() - timedelta(days=2))
    outcome = at_once(*[lambda: reminders.remind(timezone.now())] * 4)
    assert sorted(outcome) == [0, 0, 0, 1], outcome
    assert OutboxRow.objects.filter(kind="request_reminder").count() == 1
