"""Fill a database with a TWG whose consultant is drafting, and print, as JSON, who may come in and where to ask."""

from __future__ import annotations

import contextlib
import json
import sys

from django.core.management import call_command
from django.urls import reverse

from tests import factories as f
from tests.datarequests import making as m

from .filling import _session


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        known = _story()
    json.dump(known, sys.stdout)


def _story() -> dict[str, object]:
    ghana = m.country()
    section = m.section(ghana)
    labour = f.institution("Ministry of Labour")
    f.seat(ghana.twg, "member", "The labour officer", institution=labour)
    people = {"consultant": ghana.consultant, "officer": ghana.officer, "secretariat": ghana.secretariat}
    return {
        "people": {who: _session(person) for who, person in people.items()},
        "requests": reverse("data-requests", args=[ghana.twg.code]),
        "ask": reverse("data-request-new", args=[ghana.twg.code]),
        "section": str(section.pk),
        "asked": [str(ghana.immigration.pk), str(labour.pk)],
    }
