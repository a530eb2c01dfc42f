"""The policy workshop's gate: presented, recommendations issued on policy and on data, update institution named (S21).

What a workshop was is told by meetings and the register; what of it took place behind closed doors counts for nothing
here, since the gate's answer would tell of it (S31): then the reason is given in the transition's own words.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from meetings.attendance.models import Attendance
from meetings.scheduling.models import AgendaItem, Meeting, MeetingKind, MeetingState
from workflow.engine import details, gates
from workflow.engine.gates import Answer, Part
from workflow.engine.together import Wanted
from workflow.groups import access, panels
from workflow.profiles.flow import WORKSHOP_CLOSED
from workflow.profiles.models import Edition, Stage

HELD = (MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
NAMES = {
    "presented": gettext_lazy("The draft was presented at a policy workshop."),
    "policy": gettext_lazy("Recommendations on policy were issued."),
    "data": gettext_lazy("Recommendations on data were issued."),
    "named": gettext_lazy("An update institution is named."),
}


def _workshops(edition: Edition) -> Any:
    """Policy workshops with this edition on their agenda, the newest first, with whether anybody is known to have come."""
    about = AgendaItem.objects.filter(
        meeting=OuterRef("pk"), about_kind="edition", about_id=edition.pk, closed=False
    )  # fmt: skip
    came = Attendance.objects.all().present().filter(meeting=OuterRef("pk"))
    found = Meeting.objects.filter(Exists(about), kind=MeetingKind.POLICY_WORKSHOP, closed=False)
    return found.annotate(attended=Exists(came)).order_by("-starts_at", "-pk")
