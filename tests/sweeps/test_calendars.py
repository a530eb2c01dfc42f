"""The calendars that each kind of person can subscribe to hold nothing that is not theirs (S31)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from meetings.scheduling import subscriptions
from workflow.groups.models import Region

from .visiting import leaks
from .world import KINDS, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", sorted(KINDS - {"anonymous"}))
def test_nobodys_calendar_tells_what_is_not_theirs(world: World, who: str) -> None:
    """Made as if each of them had known the address of each calendar: who has lost a seat keeps their links."""
    person = world.people[who]
    assert person is not None
    ours = [world.objects["twg"], *(of for name, of in world.objects.items() if name in ("other twg", "linked body"))]
    found = ""
    for of in ({}, *({"twg": twg} for twg in ours), *({"region": region} for region in Region.objects.all())):
        _link, secret = subscriptions.make(person, **of)  # type: ignore[arg-type]
        answer = Client().get(reverse("calendar-feed", args=[secret]))
        # Who has lost the seat, or never had one, finds nothing there.
        assert answer.status_code in (((200, 404) if of else (200,)) if person.is_active else (404,))
        found += answer.content.decode().replace("\r\n ", "")
    assert leaks(world, who, found) == []
    if who == "secretariat":
        assert [secret for secret in world.secrets if secret.casefold() in found.casefold()], "something is there"


def test_the_publics_calendar_tells_what_everybody_may_know(world: World) -> None:
    found = Client().get(reverse("public-calendar-feed")).content.decode().replace("\r\n ", "")
    assert leaks(world, "anonymous", found) == []
