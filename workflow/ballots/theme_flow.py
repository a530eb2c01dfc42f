"""The life of a research theme: proposed, merged into another one, chosen by ballot, or withdrawn (S34)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine import asks as questions
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.flow import MET, Act, Flow, SubjectState, asks, unmet
from workflow.groups.access import Rule, chair, member, seats, secretariat

from . import themes
from .models import Theme, ThemeState

SPEAKING = ("chair", "member", "alternate")
KEEPERS = chair | secretariat
PROPOSERS = member | secretariat


def _proposed_it(about: Any, person: Any) -> bool:
    if about.institution_id is None:
        return False
    return any(
        seat.twg_id == about.twg_id
        and seat.institution_id == about.institution_id
        and seat.role in SPEAKING
        and seat.modality == "member"
        for seat in seats(person).present
    )


proposer = Rule(_proposed_it, _("the institution that proposed it"))
by_ballot = Rule(lambda about, person: False, _("a ballot"))


def not_voted_on(flow: Flow) -> State.CONDITION:
    """What institutions are ranking at this moment is neither merged nor withdrawn."""
    if themes.asked_about(flow.subject):
        return unmet(_("A ballot on this theme is open: wait until it has closed."))
    return MET


def another_one(flow: Flow) -> State.CONDITION:
    if themes.proposed(flow.subject.twg).exclude(pk=flow.subject.pk).exists():
        return MET
    return unmet(_("No other theme is proposed: there is nothing to merge it into."))


class MergeForm(questions.AskForm):
    """Into which of the other themes."""

    title = _("Merge")
    into = forms.ModelChoiceField(Theme.objects.none(), label=_("Into which theme"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = themes.proposed(self.subject.twg).exclude(pk=self.subject.pk)

    def record(self, act: Act) -> dict[str, Any]:
        into: Theme = self.cleaned_data["into"]
        return {"into": into.pk, "title": into.title}


class ThemeFlow(Flow):
    state = SubjectState(ThemeState)

    @state.transition(
        source=ThemeState.PROPOSED, target=ThemeState.CHOSEN, label=_("Choose"), permission=by_ballot,
        custom=asks(help=_("The TWG's institutions rank the themes; the first ones are chosen.")),
    )  # fmt: skip
    def choose(self) -> None:
        """S34: what the ranking has put among the first ones."""
        self.subject.chosen_in = themes.chosen_by(self.subject)

    @state.transition(
        source=ThemeState.PROPOSED, target=ThemeState.MERGED, label=_("Merge into another"), permission=KEEPERS,
        conditions=[not_voted_on, another_one],
        custom=asks("theme_merge", kind="out", help=_("Two proposals that ask for the same paper become one.")),
    )  # fmt: skip
    def merge(self) -> None:
        """S34: the other theme stands for both."""
        into: Theme = engine.lock(self.act.data["into"])
        if into.state != ThemeState.PROPOSED:
            raise Unmet(_("The other theme is not proposed any more."))
        self.subject.merged_into = into

    @state.transition(
        source=ThemeState.PROPOSED, target=ThemeState.WITHDRAWN, label=_("Withdraw"), permission=proposer | KEEPERS,
        conditions=[not_voted_on],
        custom=asks("reason", kind="out", help=_("It is not asked about any more; the proposal stays readable.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """By those who proposed it, or by those who run the TWG, with a reason."""


def register() -> None:
    questions.register("theme_merge", MergeForm)
