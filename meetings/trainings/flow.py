"""The life of a participation: enrolled, then completed or not (S33)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from meetings.scheduling.models import MeetingState
from workflow.engine import asks as questions
from workflow.engine.flow import MET, Act, Flow, SubjectState, asks, unmet
from workflow.engine.forms import DayInput
from workflow.groups.access import chair, secretariat

from . import certifying
from .models import ParticipationState

RUNNERS = chair | secretariat
OVER = (MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)


class CompletionForm(questions.AskForm):
    """The day on which the course was completed."""

    completed_on = forms.DateField(label=_("Completed on"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = self.subject.training.meeting.ends_at
        self.fields["completed_on"].initial = min(ends or timezone.now(), timezone.now()).date()

    def clean_completed_on(self) -> Any:
        day = self.cleaned_data["completed_on"]
        if day > timezone.now().date():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def record(self, act: Act) -> dict[str, Any]:
        return {"completed_on": self.cleaned_data["completed_on"]}


def training_over(flow: Flow) -> State.CONDITION:
    return MET if flow.subject.training.meeting.state in OVER else unmet(_("The training is not over yet."))


class ParticipationFlow(Flow):
    state = SubjectState(ParticipationState)

    @state.transition(
        source=ParticipationState.ENROLLED, target=ParticipationState.COMPLETED, label=_("Completed the course"),
        permission=RUNNERS, conditions=[training_over],
        custom=asks("training_completion", help=_("A certificate is issued, with a code that anybody can check.")),
    )  # fmt: skip
    def complete(self) -> None:
        """Of a training that is closed to all but government there is no certificate: it would tell of it (S31)."""
        self.subject.completed_on = self.act.data["completed_on"]
        if not self.subject.training.meeting.closed:
            self.act.recorded["certificate"] = certifying.issue(self.subject).code

    @state.transition(
        source=ParticipationState.ENROLLED, target=ParticipationState.LEFT, label=_("Did not complete it"),
        permission=RUNNERS, conditions=[training_over], custom=asks("reason", kind="out"),
    )  # fmt: skip
    def leave(self) -> None:
        """With the reason."""

    @state.transition(
        source=[ParticipationState.COMPLETED, ParticipationState.LEFT], target=ParticipationState.ENROLLED,
        label=_("Take it back"), permission=RUNNERS,
        custom=asks("reason", kind="back", help=_("A certificate that was issued does not hold any more.")),
    )  # fmt: skip
    def reopen(self) -> None:
        """It was a mistake."""
        self.subject.completed_on = None


def register() -> None:
    questions.register("training_completion", CompletionForm)
