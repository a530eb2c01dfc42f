"""Two keepers of one register at once: one wins, the other learns who did what. Real threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.engine import history
from workflow.engine.errors import Conflict
from workflow.engine.models import Event
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups.models import Institution, Person, Twg

from .making import actor, framework, press

pytestmark = pytest.mark.django_db(transaction=True)


def test_ended_and_withdrawn_at_once_is_one_of_the_two() -> None:
    ghana = f.twg("GH")
    act = framework(ghana)
    chair, consultant = f.seat(ghana, "chair"), f.seat(ghana, "consultant")

    def pressing(step: str, person: Person) -> Callable[[], Event]:
        return lambda: press(
            Framework.objects.get(pk=act.pk), step, by=Person.objects.get(pk=person.pk), version=act.version, note="x"
        )

    outcome = at_once(pressing("end", chair), pressing("withdraw", consultant))
    won = [o for o in outcome if isinstance(o, Event)]
    assert [type(o) for o in outcome].count(Conflict) == len(won) == 1, outcome
    act.refresh_from_db()
    assert act.state == won[0].to_state
    assert history.verify().broken is None


def test_two_laws_of_one_title_get_two_codes() -> None:
    ghana = f.twg("GH")
    outcome = at_once(*[lambda: framework(Twg.objects.get(pk=ghana.pk))] * 4)
    assert sorted(entry.key for entry in outcome) == [
        "immigration-act", "immigration-act-2", "immigration-act-3", "immigration-act-4",
    ]  # fmt: skip


def test_one_institution_entered_twice_at_once_is_entered_once() -> None:
    ghana, service = f.twg("GH"), f.institution()
    outcome = at_once(*[lambda: actor(Twg.objects.get(pk=ghana.pk), Institution.objects.get(pk=service.pk))] * 3)
    assert sum(isinstance(o, PolicyActor) for o in outcome) == 1, outcome
    assert all(isinstance(o, PolicyActor | ValidationError) for o in outcome), outcome
    assert PolicyActor.objects.count() == 1
