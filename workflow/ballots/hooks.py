"""What the ballots room brings: its kinds of subject, its gates, what follows, what time brings, what is found."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import gates, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.shelves import Shelf
from workflow.engine.together import Listing
from workflow.groups import panels
from workflow.groups.flow import TERMS_ADOPTED
from workflow.profiles.flow import DRAFT_ENDORSED, TEMPLATE_ENDORSED

from . import (  # noqa: F401 - three of them register themselves
    deadlines,
    event_words,
    inbox,
    outcomes,
    proofs,
    record,
    selectors,
    theme_flow,
)
from . import panels as own
from .flow import BallotFlow
from .models import Ballot, Theme
from .theme_flow import ThemeFlow

PLACE = ("twg__country", "twg__region__names", "twg__region__acronym")


def register() -> None:
    theme_flow.register()
    event_words.register()
    record.register()
    gates.answer(DRAFT_ENDORSED, outcomes.draft_endorsed)
    gates.answer(TEMPLATE_ENDORSED, outcomes.template_endorsed)
    gates.answer(TERMS_ADOPTED, outcomes.terms_adopted)
    panels.register("ballots", own.of_twg, "workflow/ballots/panel.html")
    for page in ("edition", "template", "terms"):
        panels.register("ballots", own.of_subject, "workflow/ballots/panel.html", page=page)
    shelves.register("ballots", Shelf(_("Ballots"), _ballots_found, _ballot_line))
    shelves.register("themes", Shelf(_("Research themes"), _themes_found, _theme_line))
    kinds.register(_ballot())
    kinds.register(_theme())


def _themes(person: Any) -> Any:
    return Theme.objects.all().visible_to(person).select_related("twg__region", "institution")


def _ballots_found(person: Any, wanted: list[str]) -> Listing:
    return Listing(Ballot.objects.all().visible_to(person), "question", *PLACE)


def _themes_found(person: Any, wanted: list[str]) -> Listing:
    return Listing(Theme.objects.all().visible_to(person), "titles", *PLACE)


def _ballot_line(ballot: Ballot) -> tuple[Any, ...]:
    return ("ballot", ballot.pk, ballot.twg.place, ballot.question)


def _theme_line(theme: Theme) -> tuple[Any, ...]:
    return ("theme", theme.pk, theme.twg.place, *theme.titles.values())


def _ballot() -> SubjectKind:
    return SubjectKind(
        name="ballot",
        model=Ballot,
        label=_("Ballot"),
        visible_to=selectors.ballots,
        internal_to=selectors.ballots,
        url=lambda ballot: reverse("ballot", args=[ballot.pk]),
        flow=BallotFlow,
        events={
            "drafted": _("Prepared"),
            "changed": _("Changed"),
            "extended": _("Deadline extended"),
            "voted": _("Voted"),
            "recorded": _("Vote recorded by the secretariat"),
            "disputed": _("Recorded vote disputed"),
            "recused": _("Takes no part"),
        },
    )


def _theme() -> SubjectKind:
    return SubjectKind(
        name="theme",
        model=Theme,
        label=_("Research theme"),
        visible_to=_themes,
        internal_to=_themes,
        url=lambda theme: reverse("theme", args=[theme.pk]),
        flow=ThemeFlow,
        events={"proposed": _("Proposed"), "changed": _("Changed")},
    )
