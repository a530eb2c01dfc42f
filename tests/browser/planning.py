"""Fill a database with a TWG and its data plan of one action, and print, as JSON, who may come in and where to go."""

from __future__ import annotations

from django.urls import reverse

from tests.dataplan import making as m

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    at = m.country()
    plan = m.plan(at.twg, titles={"en": "Data plan of Côte d'Ivoire"})
    m.action(plan, "Map what the surveys ask", starts="2999-01-04", due="2999-03-31", lead=at.office)
    people = {"secretariat": at.secretariat, "officer": at.officer}
    return {
        "people": {who: session(person) for who, person in people.items()},
        "plan": reverse("data-plan", args=[plan.pk]),
        "lead": str(at.office.pk),
    }
