"""What the minutes room brings: its kinds of subject, whom it tells, its paper, gates, questions, panels, reminders."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import Invitation
from workflow.engine import kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.groups.models import Membership, Person

from . import (  # noqa: F401 - four of them register themselves
    asks,
    closing,
    gate,
    inbox,
    papers,
    proofs,
    reminders,
    selectors,
    silence,
)
from .flow import ActionFlow, DecisionFlow, MinutesFlow
from .models import ActionItem, Decision, Minutes
from .panels import meeting_panel, twg_panel

TOLD = {"approve": "minutes_approved", "withdraw": "minutes_withdrawn", "addendum": "minutes_addendum"}


def notice(minutes: Minutes, event: Event) -> Notice | None:
    """The round tells its institutions that it is open; the rest goes to all who were invited or sit in the TWG, if
    they may read these minutes at the moment of sending (S31)."""
    if event.name not in TOLD:
        return None
    invited = Invitation.objects.filter(meeting=minutes.meeting_id, removed_at=None).values("person")
    seated = Membership.objects.active().filter(twg=minutes.meeting.twg_id).values("person")
    people = Person.objects.filter(Q(pk__in=invited) | Q(pk__in=seated), is_active=True).order_by("pk")
    return Notice(people, f"meetings/mail/{TOLD[event.name]}")


def register() -> None:
    papers.register()
    asks.register()
    gate.register()
    closing.register()
    panels.register("minutes", meeting_panel, "meetings/minutes/panel.html", page="meeting")
    panels.register("action items", twg_panel, "meetings/minutes/twg_panel.html")
    shelves.register("decisions", Shelf(_("Decisions"), selectors.found_decisions, _on_shelf("meeting-decision")))
    shelves.register("action items", Shelf(_("Action items"), selectors.found_action_items, _on_shelf("action-item")))
    events = {"prepared": _("Prepared from the agenda"), "addendum": _("Addendum")}
    _kind("minutes", Minutes, pgettext_lazy("of a meeting", "Minutes"), MinutesFlow, "minutes", events, notice)
    events = {"recorded": _("Recorded"), "changed": _("Changed"), "became": _("Taken over")}
    _kind("meeting_decision", Decision, _("Decision"), DecisionFlow, "meeting-decision", events)
    _kind("action_item", ActionItem, _("Action item"), ActionFlow, "action-item", events)


def _on_shelf(name: str) -> Any:
    return lambda row: (name, row.pk, row.minutes.meeting.title, row.folded)


def _kind(name: str, model: Any, label: Any, flow: Any, address: str, events: dict[str, Any], told: Any = None) -> None:
    """Who may open the page may follow the history, too: no event repeats what was said."""

    def visible_to(person: Any) -> Any:
        return model.objects.all().visible_to(person).with_all()

    kinds.register(
        SubjectKind(
            name=name,
            model=model,
            label=label,
            visible_to=visible_to,
            internal_to=visible_to,
            url=lambda subject: reverse(address, args=[subject.pk]),
            flow=flow,
            events=events,
            notice=told,
        )
    )
