"""Fill a database with Mali's edition of 2009 before anything is written; print who may come in and where it is."""

from __future__ import annotations

from django.urls import reverse

from tests.journeys.test_french_profile_by_word import in_mali
from workflow.groups.models import Person

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    mali = in_mali()
    Person.objects.filter(pk=mali.ministry.pk).update(language="fr")
    people = {"consultant": mali.consultant, "secretariat": mali.secretariat, "ministry": mali.ministry}
    return {
        "people": {who: session(person) for who, person in people.items()},
        "text": reverse("text", args=[mali.text.pk]),
        "section": reverse("section", args=[mali.text.sections.get(place="C.1").pk]),
        "submit": reverse("act", args=["edition", mali.edition.pk, "submit_draft"]),
    }
