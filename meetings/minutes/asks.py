"""What the transitions of minutes ask for: until when the TWG comments, at which meeting they were approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import Meeting
from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import MomentInput

USUAL_TIME = timedelta(days=14)


class CirculationForm(asks.AskForm):
    """Until when those who were there comment, and what silence means."""

    title = _("Circulation")
    deadline = forms.DateTimeField(
        label=_("Comments until"), widget=MomentInput(), help_text=_("In your own time zone.")
    )
    by_silence = forms.BooleanField(
        label=_("Silence approves"), required=False, initial=True,
        help_text=_("When nobody has commented by then, the minutes are approved as they were circulated."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = (timezone.now() + USUAL_TIME).replace(minute=0, second=0, microsecond=0)

    def clean_deadline(self) -> Any:
        deadline = self.cleaned_data["deadline"]
        if deadline <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return deadline

    def record(self, act: Act) -> dict[str, Any]:
        return {"deadline": self.cleaned_data["deadline"], "by_silence": self.cleaned_data["by_silence"]}


class ApprovalForm(asks.AskForm):
    """At which later meeting they were approved, if it was at one."""

    title = _("Approval")
    approved_in = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Approved at the meeting"), required=False, empty_label=_("At none of them")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["approved_in"]
        field.queryset = later_meetings(self.subject.meeting)

    def record(self, act: Act) -> dict[str, Any]:
        meeting = self.cleaned_data["approved_in"]
        return {"approved_in": meeting.pk} if meeting else {}


def later_meetings(meeting: Meeting) -> Any:
    """The TWG's meetings after this one at which its minutes may have been approved.

    None that is closed where this one is not: its title is not for those who read these minutes' history (S31).
    """
    found = Meeting.objects.filter(twg=meeting.twg_id, state__in=["in_session", "held", "circulated", "approved"])
    if not meeting.closed:
        found = found.filter(closed=False)
    if meeting.starts_at:
        found = found.exclude(starts_at__lte=meeting.starts_at)
    return found.exclude(pk=meeting.pk).order_by("-starts_at", "-pk")


def register() -> None:
    asks.register("minutes_circulation", CirculationForm)
    asks.register("minutes_approval", ApprovalForm)
