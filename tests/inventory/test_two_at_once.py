"""Two keepers of one inventory at once: one wins, the other learns who did what. Real threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recommendations.inventory.models import DataGap
from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.engine import history
from workflow.engine.errors import Conflict
from workflow.engine.models import Event
from workflow.groups.models import Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db(transaction=True)


def test_agreed_on_and_dropped_at_once_is_one_of_the_two() -> None:
    ghana = f.twg("GH")
    missing, chair, secretariat = m.gap(ghana), f.seat(ghana, "chair"), f.seat(ghana, "secretariat")

    def pressing(step: str, person: Person) -> Callable[[], Event]:
        return lambda: m.press(
            DataGap.objects.get(pk=missing.pk), step, by=Person.objects.get(pk=person.pk), version=missing.version,
            note="x",
        )  # fmt: skip

    outcome = at_once(pressing("agree", chair), pressing("drop", secretariat))
    won = [o for o in outcome if isinstance(o, Event)]
    assert [type(o) for o in outcome].count(Conflict) == len(won) == 1, outcome
    missing.refresh_from_db()
    assert missing.state == won[0].to_state
    assert history.verify().broken is None


def test_two_sources_of_one_name_get_two_codes() -> None:
    ghana = f.twg("GH")
    outcome = at_once(*[lambda: m.source(Twg.objects.get(pk=ghana.pk))] * 3)
    assert sorted(source.key for source in outcome) == [
        "population-and-housing-census", "population-and-housing-census-2", "population-and-housing-census-3",
    ]  # fmt: skip
