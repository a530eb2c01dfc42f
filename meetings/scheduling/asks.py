"""What the transitions of a meeting ask for: its date, or when it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks as questions
from workflow.engine import edtf
from workflow.engine.flow import Act
from workflow.engine.forms import FuzzyDateField, MomentInput

from . import cadence, polling
from .models import Meeting, MeetingState


def _filled_in(meeting: Meeting) -> tuple[datetime | None, datetime | None]:
    """Only those who run the meeting are asked, and they know of all that the TWG's rhythm counts."""
    if meeting.state == MeetingState.SCHEDULED:
        return meeting.starts_at, meeting.ends_at
    if meeting.state == MeetingState.POLLING and (best := polling.best(polling.results(meeting))):
        return best.slot.starts_at, best.slot.ends_at
    return cadence.proposed(meeting.twg, None) or (None, None)


class DateForm(questions.AskForm):
    """When it takes place: the date that suits best is filled in, or the one that the TWG's rhythm proposes."""

    title = _("Date")
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput, help_text=_("In your time zone."))
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput, help_text=_("In your time zone."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject is not None and not self.is_bound:
            starts, ends = _filled_in(self.subject)
            self.fields["starts_at"].initial, self.fields["ends_at"].initial = starts, ends

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends before it begins."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        return {"starts_at": self.cleaned_data["starts_at"], "ends_at": self.cleaned_data["ends_at"]}


class PastForm(questions.AskForm):
    """When it took place, if anybody knows."""

    title = _("Date")
    when = FuzzyDateField(label=_("Date, as far as it is known"), required=False)

    def clean_when(self) -> str:
        when: str = self.cleaned_data["when"]
        first = edtf.parse(when).first if when else None
        if first and first > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return when

    def record(self, act: Act) -> dict[str, Any]:
        return {"when": self.cleaned_data["when"]}


def register() -> None:
    questions.register("meeting_date", DateForm)
    questions.register("meeting_past", PastForm)
