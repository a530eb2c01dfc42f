"""Fill a database with open ballots, and print, as JSON, who may come in, where they are, and their mails' links."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.ballots import voting as v
from tests.ballots.test_themes import asked, five
from workflow.ballots import links
from workflow.ballots.models import Ballot, Elector

from .filling import session, tell


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    house = v.house(3, early_closing=True)
    edition = f.edition(house.twg, stage="endorsement", label="2010")
    second = v.again(v.draft_of(edition, body="Emigration has grown."), body="Emigration has doubled since 2005.")
    by_link = v.opened(house, about_kind="edition", about_id=edition.pk, draft=second, secrecy="hidden",
                       question="Does the TWG endorse Ghana's profile, edition 2010?",
                       explanation="Part C was rewritten after the comments of March.")  # fmt: skip
    themes = asked(house, five(house))
    v.open_it(house, themes)
    ended = v.opened(house, edition=f.edition(house.twg, stage="comment"), question="Was the draft of March endorsed?")
    v.everybody(house, ended, v.FOR, v.RESERVED, v.AGAINST)
    people = dict(zip(("interior", "labour", "statistics"), house.members, strict=True))
    people |= {"secretariat": house.secretariat, "chair": house.chair}
    return {
        "people": {who: session(person) for who, person in people.items()},
        "links": {who: _link(by_link, house, number) for number, who in enumerate(("interior", "labour"))},
        "by_link": reverse("ballot", args=[by_link.pk]),
        "themes": reverse("ballot", args=[themes.pk]),
        "ended": reverse("ballot", args=[ended.pk]),
        "ballots": reverse("ballots", args=[house.twg.code]),
        "new": reverse("ballot-new", args=[house.twg.code]),
        "theme_list": reverse("themes", args=[house.twg.code]),
        "prepared": _prepared(house),
    }


def _link(ballot: Ballot, house: v.House, number: int) -> str:
    elector = Elector.objects.get(ballot=ballot, institution=house.institutions[number])
    return links.link_for(ballot, elector, house.members[number]).removeprefix(settings.SITE_URL)


def _prepared(house: v.House) -> str:
    """A ballot that waits to be opened."""
    made = v.ballot(
        house, question="Does the TWG endorse the draft of May?", deadline=timezone.now() + timedelta(days=9)
    )
    return reverse("ballot", args=[made.pk])
