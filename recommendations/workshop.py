"""The policy workshop's gate: presented, recommendations issued on policy and on data, update institution named (S21).

What a workshop was is told by meetings and the register; what of it took place behind closed doors counts for nothing
here, since the gate's answer would tell of it (S31): then the reason is given in the transition's own words.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from meetings.attendance.models import Attendance
from meetings.scheduling.models import AgendaItem, Meeting, MeetingKind, MeetingState
from workflow.engine import details, gates
from workflow.engine.gates import Answer, Part
from workflow.groups import access, panels
from workflow.profiles.flow import WORKSHOP_CLOSED
from workflow.profiles.models import Edition, Stage

from .register.models import Ground
from .register.selectors import issued_at

HELD = (MeetingState.HELD, MeetingState.CIRCULATED, MeetingState.APPROVED)
PARTS = {
    "presented": gettext_lazy("The draft was presented at a policy workshop."),
    "policy": gettext_lazy("Recommendations on policy were issued."),
    "data": gettext_lazy("Recommendations on data were issued."),
    "named": gettext_lazy("An update institution is named."),
}
NONE_ISSUED = gettext_lazy("None was issued at a policy workshop on this edition.")


def _workshops(edition: Edition) -> Any:
    """Policy workshops with this edition on their agenda, the newest first, and whether it is known who came."""
    about = AgendaItem.objects.filter(meeting=OuterRef("pk"), about_kind="edition", about_id=edition.pk, closed=False)
    came = Attendance.objects.all().present().filter(meeting=OuterRef("pk"))
    found = Meeting.objects.filter(Exists(about), kind=MeetingKind.POLICY_WORKSHOP, closed=False)
    return found.annotate(attended=Exists(came)).order_by("-starts_at", "-pk")


def _presented(edition: Edition) -> Part:
    """The draft was on the agenda of a workshop that was held, and who came is recorded."""
    known = list(_workshops(edition))
    held = [meeting for meeting in known if meeting.state in HELD]
    done = next((meeting for meeting in held if meeting.attended), None)
    last = done or next(iter(held or known), None)
    if last is None:
        told = _("No policy workshop has this edition on its agenda.")
        return Part("presented", PARTS["presented"], False, told, reverse("meetings", args=[edition.twg.code]))
    told = last.title
    if not held:
        told = _("“%(meeting)s” has not been held yet.") % {"meeting": last.title}
    elif done is None:
        told = _("Nobody is written down as present at “%(meeting)s”.") % {"meeting": last.title}
    return Part("presented", PARTS["presented"], done is not None, told, reverse("meeting", args=[last.pk]))


def parts_of(edition: Edition) -> tuple[Part, ...]:
    """What the workshop has to have done, and whether it has; the update institution is named as it is closed.

    Read once for the edition at hand: a page asks for its panel and for its button, and under a lock it is another one.
    """
    known: dict[str, Any] = vars(edition)
    if "workshop_parts" not in known:
        known["workshop_parts"] = _parts(edition)
    found: tuple[Part, ...] = known["workshop_parts"]
    return found


def _parts(edition: Edition) -> tuple[Part, ...]:
    issued = issued_at(edition, in_the_open=True)
    where = reverse("twg-recommendations", args=[edition.twg.code])
    of_both = [
        Part(
            ground.value, PARTS[ground.value], issued[ground.value], "" if issued[ground.value] else NONE_ISSUED, where
        )
        for ground in Ground
    ]
    return (_presented(edition), *of_both)


def workshop_closed(edition: Edition) -> Answer:
    """The gate out of the stage: each part is met, or its reason comes with the transition."""
    parts = parts_of(edition)
    missing = [part for part in parts if not part.met]
    if not missing:
        return Answer(True, parts=parts)
    told = format_lazy(_("Missing: {what} Give the reason below."), what=" ".join(str(part.label) for part in missing))
    return Answer(False, told, missing[0].where, parts=parts)


def panel(edition: Edition, person: Any) -> dict[str, Any] | None:
    """Which parts are met, before anybody presses: at the stage of the workshop, for those who read from the inside."""
    if edition.stage != Stage.WORKSHOP or not access.inside(person, edition.twg):
        return None
    named = Part(
        "named", PARTS["named"], edition.update_institution_id is not None,
        str(edition.update_institution or _("It is named, or explained, as the workshop is closed.")),
    )  # fmt: skip
    return {"parts": (*parts_of(edition), named)}


def _reasons(missing: Any) -> str:
    """What history tells of the parts that were missing, and why."""
    return " ".join(f"{PARTS[name]} – {reason}" for name, reason in missing.items() if name in PARTS)


def register() -> None:
    gates.answer(WORKSHOP_CLOSED, workshop_closed)
    panels.register("workshop", panel, "recommendations/workshop/panel.html", page="edition")
    details.WORDS["missing"] = pgettext_lazy("policy workshop", "Missing, with the reason")
    details.reads("missing", _reasons)
