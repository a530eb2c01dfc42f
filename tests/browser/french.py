"""Fill a database with Mali's edition of 2009 before anything is written; print who may come in and where it is."""

from __future__ import annotations

import contextlib
import json
import sys

from django.core.management import call_command
from django.urls import reverse

from tests.journeys.test_french_profile_by_word import in_mali
from workflow.groups.models import Person

from .filling import _session


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        known = _story()
    json.dump(known, sys.stdout)


def _story() -> dict[str, object]:
    mali = in_mali()
    Person.objects.filter(pk=mali.ministry.pk).update(language="fr")
    people = {"consultant": mali.consultant, "secretariat": mali.secretariat, "ministry": mali.ministry}
    return {
        "people": {who: _session(person) for who, person in people.items()},
        "text": reverse("text", args=[mali.text.pk]),
        "section": reverse("section", args=[mali.text.sections.get(place="C.1").pk]),
        "submit": reverse("act", args=["edition", mali.edition.pk, "submit_draft"]),
    }
