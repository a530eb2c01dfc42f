"""Fill a database with the project and Ghana's edition of 2009 as it stood when the TWG was asked to endorse it.

Its voting institutions, their focal points and its terms of reference are the project's. Three of nine vote in
browsers; `others` lets the six others vote beside them, in a process of its own.
"""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from tests import factories as f
from tests.ballots import voting as v
from workflow.ballots import electorate
from workflow.ballots.models import Ballot
from workflow.groups import services as groups
from workflow.groups.models import Membership, Person, TermsOfReference, Twg
from workflow.profiles.models import Edition

from .filling import SHIPPED, session, tell

IN_BROWSERS = {"interior": "Ministry of Interior, Ghana", "labour": "Ministry of Labour, Ghana",
               "statistics": "National Statistical Office, Ghana"}  # fmt: skip


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    call_command("load_project", _as_it_stood())
    twg = Twg.objects.get(country="GH", kind="twg")
    terms = TermsOfReference.objects.get(twg=twg)
    rules = {rule.category: (rule.modality, rule.votes) for rule in terms.rules.all()}
    groups.change_terms(terms, {"early_closing": True}, rules, actor=None)
    f.adopt(terms)
    edition = Edition.objects.get(profile__twg=twg)
    draft = v.draft_of(edition, "for endorsement", "Emigration from Ghana has grown.")
    people = {role: _seat(twg, role=role) for role in ("secretariat", "consultant", "chair")}
    people |= {who: _seat(twg, institution__names__en=name) for who, name in IN_BROWSERS.items()}
    section = draft.text.sections.order_by("position")[0]
    return {
        "people": {who: session(person) for who, person in people.items()},
        "twg": twg.code,
        "edition": edition.pk,
        "text": reverse("text", args=[draft.text_id]),
        "section": reverse("section", args=[section.pk]),
    }


def _as_it_stood() -> Path:
    """The project's file, in which Ghana's edition has come as far as the request for endorsement."""
    told = yaml.safe_load(SHIPPED.read_text())
    [edition] = next(profile for profile in told["profiles"] if profile["key"] == "ghana")["editions"]
    steps = [event["event"] for event in edition["events"]]
    edition["events"] = edition["events"][: steps.index("request_endorsement") + 1]
    file = Path(settings.VAR_DIR) / "as-it-stood.yaml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True))
    return file


def _seat(twg: Twg, **which: str) -> Person:
    return Membership.objects.active().select_related("person").get(twg=twg, **which).person


def others() -> None:
    """Those who do not vote in a browser vote for it, in the last ballot that is open."""
    ballot = Ballot.objects.filter(state="open").latest("pk")
    said = v.services.Said(os.environ["SAID"], "As agreed in the ministry.")
    for institution in electorate.voting_institutions(ballot.twg, electorate.terms_of(ballot.twg)):  # type: ignore[arg-type]
        if institution.names["en"] not in IN_BROWSERS.values():
            v.services.cast(ballot, institution.pk, said, actor=_seat(ballot.twg, institution=institution))  # type: ignore[arg-type]
