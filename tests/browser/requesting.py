"""Fill a database with a TWG whose consultant is drafting, and print, as JSON, who may come in and where to ask."""

from __future__ import annotations

from django.urls import reverse

from tests import factories as f
from tests.datarequests import making as m

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    ghana = m.country()
    section = m.section(ghana)
    labour = f.institution("Ministry of Labour")
    f.seat(ghana.twg, "member", "The labour officer", institution=labour)
    people = {"consultant": ghana.consultant, "officer": ghana.officer, "secretariat": ghana.secretariat}
    return {
        "people": {who: session(person) for who, person in people.items()},
        "requests": reverse("data-requests", args=[ghana.twg.code]),
        "ask": reverse("data-request-new", args=[ghana.twg.code]),
        "section": str(section.pk),
        "asked": [str(ghana.immigration.pk), str(labour.pk)],
    }
