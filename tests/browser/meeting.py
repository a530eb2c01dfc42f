"""Fill a database with a TWG that is about to meet, and print, as JSON, who may come in and where things are."""

from __future__ import annotations

from django.urls import reverse

from tests import factories as f
from tests.meetings.scheduling import making as m
from workflow.groups.models import Person

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    house = m.house(3)
    Person.objects.update(time_zone="Africa/Accra")
    people = dict(zip(("interior", "labour", "statistics"), house.members, strict=True))
    people |= {"secretariat": house.secretariat, "chair": house.chair, "observer": house.observer}
    people["monitor"] = f.monitor(f.project())
    return {
        "people": {who: session(person) for who, person in people.items()},
        "emails": {who: person.email for who, person in people.items()},
        "twg": reverse("twg", args=[house.twg.code]),
        "meetings": reverse("meetings", args=[house.twg.code]),
    }
