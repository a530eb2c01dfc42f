"""What the meeting's life asks of the minutes: it goes on with them, or with a decision taken outside."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.flow import MINUTES_APPROVED, MINUTES_CIRCULATED
from meetings.scheduling.models import Meeting
from workflow.engine import gates
from workflow.engine.gates import Answer

from .models import Minutes, MinutesState

GONE_OUT = (MinutesState.CIRCULATED, MinutesState.APPROVED)


def _main(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.filter(meeting=meeting, closed=meeting.closed).first()


def circulated(meeting: Meeting) -> Answer:
    main = _main(meeting)
    if main is not None and main.state in GONE_OUT:
        return Answer(True)
    return Answer(False, _("Circulate them on the page of the minutes."), reverse("meeting-minutes", args=[meeting.pk]))


def approved(meeting: Meeting) -> Answer:
    main = _main(meeting)
    if main is not None and main.state == MinutesState.APPROVED:
        return Answer(True)
    return Answer(False, _("Approve them on the page of the minutes."), reverse("meeting-minutes", args=[meeting.pk]))


def register() -> None:
    gates.answer(MINUTES_CIRCULATED, circulated)
    gates.answer(MINUTES_APPROVED, approved)
