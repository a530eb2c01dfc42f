"""What follows from a ballot: gates answered, an edition moved on or sent back with its objections (S08, S40, S44)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.comments import objecting
from workflow.comments.objecting import Objection
from workflow.engine import services as engine
from workflow.engine.gates import Answer
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition, Stage

from . import closing, themes
from .models import Ballot, BallotForm, BallotState, Decided, Elector, VoteChoice
from .theme_flow import ThemeFlow


def draft_endorsed(edition: Edition) -> Answer:
    """The gate out of `endorsement`: a ballot of the TWG has endorsed the text as it stands."""
    return endorsed("edition", edition.pk, edition.twg, _("No ballot of the TWG has endorsed this draft."))


def template_endorsed(edition: Edition) -> Answer:
    """The gate out of `template`: a ballot of this TWG has endorsed the template (S08)."""
    return endorsed("template", edition.template_id, edition.twg, _("No ballot of the TWG has endorsed the template."))


def terms_adopted(terms: Any) -> Answer:
    """The gate to adoption: a ballot of the TWG has endorsed these terms (S44)."""
    return endorsed("terms", terms.pk, terms.twg, _("No ballot of the TWG has adopted these terms."))


def endorsed(kind: str, pk: int, twg: Any, reason: str) -> Answer:
    """Whether a ballot of the TWG has endorsed this text as it stands; `reason` is what is said before any was held."""
    asked = Ballot.objects.filter(twg=twg, about_kind=kind, about_id=pk).exclude(state=BallotState.CANCELLED)
    held = list(asked.select_related("draft").order_by("-pk"))
    if closing.endorsed_among(held):
        return Answer(True)
    if not held:
        return Answer(False, reason, reverse("ballots", args=[twg.code]))
    last = held[0]
    return Answer(False, _why_not(last), reverse("ballot", args=[last.pk]))


def _why_not(ballot: Ballot) -> str:
    told = {"question": ballot.question, "outcome": ballot.get_decided_display()}
    if ballot.state == BallotState.DRAFT:
        return _("The ballot “%(question)s” has not been opened yet.") % told
    if ballot.state == BallotState.OPEN:
        return _("The ballot “%(question)s” is still open.") % told
    if ballot.decided == Decided.ENDORSED:
        return _("The text has changed since the ballot “%(question)s”: an old vote does not carry a new text.") % told
    return _("The last ballot, “%(question)s”, came out as: %(outcome)s.") % told


@closing.follow("edition")
def edition_decided(ballot: Ballot) -> None:
    """Endorsed goes on to the policy workshop; returned goes back to drafting with the objections as open comments."""
    edition = ballot.about
    if ballot.form != BallotForm.ENDORSEMENT or edition is None or edition.stage != Stage.ENDORSEMENT:
        return
    note = _("Ballot “%(question)s”: %(outcome)s.") % {
        "question": ballot.question, "outcome": ballot.get_decided_display(),
    }  # fmt: skip
    if ballot.decided == Decided.ENDORSED and not closing.stale_text(ballot, hold=True):
        engine.perform(EditionFlow(edition), "endorse", actor=None, note=note)
    elif ballot.decided in (Decided.RETURNED, Decided.BROKEN):
        engine.perform(EditionFlow(edition), "return_to_drafting", actor=None, note=note)
        keep_objections(ballot)


@closing.follow(themes.ABOUT)
def themes_chosen(ballot: Ballot) -> None:
    """The first ones of the ranking are chosen; the others stay proposed (S34)."""
    if ballot.decided != Decided.CHOSEN:
        return
    behind = themes.behind(ballot)
    note = _("Ballot “%(question)s”: %(outcome)s.") % {
        "question": ballot.question, "outcome": ballot.get_decided_display(),
    }  # fmt: skip
    for place in ballot.result["ranking"]:
        if place["chosen"] and place["option"] in behind:
            engine.perform(ThemeFlow(behind[place["option"]]), "choose", actor=None, note=note)


def keep_objections(ballot: Ballot) -> None:
    """Objections and reservations become comments on the draft, that the consultant owes an answer to (S13)."""
    if ballot.draft is None:
        return
    said = Elector.objects.filter(
        ballot=ballot, current__choice__in=[VoteChoice.OBJECT, VoteChoice.RESERVE]
    ).select_related("current", "institution")
    name = _("Objections of the ballot “%(question)s”") % {"question": ballot.question}
    objecting.keep(
        ballot.twg,
        ballot.draft,
        name,
        [Objection(e.institution, e.current.words, e.current.choice == VoteChoice.OBJECT) for e in said if e.current],
    )
