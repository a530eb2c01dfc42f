"""Fill a database with one open round, and print, as JSON, who may come in and where the round is."""

from __future__ import annotations

from django.urls import reverse

from tests import factories as f
from tests.comments import making as m

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    ghana = f.twg("GH", names={"en": "TWG of Ghana"})
    people = {
        "interior": m.ministry(ghana)[1],
        "labour": m.ministry(ghana, "Ministry of Labour")[1],
        "consultant": f.seat(ghana, "consultant", "The consultant"),
    }
    round_ = m.opened(ghana)
    section = m.first(round_)
    answered = m.comment(round_, people["labour"], "Which law is this?", section=m.sections(round_.draft.text)[1])
    m.answer(answered, "noted", "The law of 2000.")
    return {
        "people": {who: session(person) for who, person in people.items()},
        "section": reverse("round-section", args=[round_.pk, section.pk]),
        "remark": reverse("remark", args=[answered.pk]),
        "mine": reverse("round-mine", args=[round_.pk]),
        "matrix": reverse("round-matrix", args=[round_.pk]),
        "answering": reverse("round-answering", args=[round_.pk]),
        "round": reverse("round", args=[round_.pk]),
    }
