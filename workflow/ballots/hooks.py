"""What the ballots room brings to the engine: its kind of subject, its gates, what follows, what time brings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import gates, kinds
from workflow.engine.kinds import SubjectKind
from workflow.groups.flow import TERMS_ADOPTED
from workflow.groups.panels import register as add_panel
from workflow.profiles.flow import DRAFT_ENDORSED, TEMPLATE_ENDORSED

from . import deadlines, inbox, outcomes, panels  # noqa: F401 - they register what the clock brings and what waits
from .flow import BallotFlow
from .models import Ballot


def register() -> None:
    gates.answer(DRAFT_ENDORSED, outcomes.draft_endorsed)
    gates.answer(TEMPLATE_ENDORSED, outcomes.template_endorsed)
    gates.answer(TERMS_ADOPTED, outcomes.terms_adopted)
    add_panel("ballots", panels.of_twg, "workflow/ballots/panel.html")
    for page in ("edition", "template", "terms"):
        add_panel("ballots", panels.of_subject, "workflow/ballots/panel.html", page=page)
    kinds.register(
        SubjectKind(
            name="ballot",
            model=Ballot,
            label=_("Ballot"),
            visible_to=lambda person: Ballot.objects.all().visible_to(person),
            internal_to=lambda person: Ballot.objects.all().visible_to(person),
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
    )
