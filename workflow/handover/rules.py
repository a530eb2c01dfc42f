"""What the template's checklist asks for, and when an answer is late: data and pure functions (S21, S46)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import HandoverState, ItemKind

USUAL_TIME = timedelta(days=30)  # to answer; what a new asking suggests
MORE_TIME = timedelta(days=14)  # what "Give more time" suggests
REMIND_BEFORE = timedelta(days=3)
BEFORE, OVER = "due", "late"

# The checklist of every hand-over, in its order, with what each line means. A line more is a row here.
CHECKLIST: dict[ItemKind, str | Promise] = {
    ItemKind.MANDATE: _("The paper by which the institution is charged with the updates."),
    ItemKind.FOCAL_POINTS: _("Who answers for the profile in the institution, and who stands in."),
    ItemKind.TRAINED_STAFF: _("How many of its people have learned to collect, analyse and draft."),
    ItemKind.DATA_FILES: _("The tables behind the profile, so that the next edition starts from them."),
    ItemKind.SOURCE_INVENTORY: _("Which sources there are, who keeps them, and how they are reached."),
    ItemKind.BUDGET_LINE: _("Where the cost of the update stands in the institution's budget."),
    ItemKind.CALENDAR: _("When data are asked for, drafted, commented on and endorsed next time."),
    ItemKind.TWG_HOSTING: _("Who convenes and hosts the TWG's meetings from now on."),
}


def days_late(state: str, reply_by: date | None, today: date) -> int:
    """Whole days past the day by which an answer was asked; 0 unless it is still waited for."""
    if state != HandoverState.ASKED or reply_by is None:
        return 0
    return max((today - reply_by).days, 0)


def reminder(reply_by: date, today: date) -> str:
    """Which reminder is called for: `due` in the last days, `late` once they are over, "" before."""
    left = reply_by - today
    if left < timedelta(0):
        return OVER
    return BEFORE if left <= REMIND_BEFORE else ""
