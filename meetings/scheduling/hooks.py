"""What the scheduling room brings: its kind of subject, its panel on the TWG's page, what waits, what is found."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import context, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.shelves import Shelf
from workflow.engine.together import Listing
from workflow.groups import panels
from workflow.projects import loading as projects

from . import asks, deadlines, inbox, loading, mails  # noqa: F401 - some register themselves
from . import panels as own
from .flow import MeetingFlow
from .models import Meeting

PLACE = ("twg__country", "twg__region__names", "twg__region__acronym")


def register() -> None:
    asks.register()
    kinds.register(_meeting())
    panels.register("meetings", own.of_twg, "meetings/scheduling/panel.html")
    context.in_the_menu("calendar-links", _("In my calendar"), "calendar")
    context.at_the_foot("public-calendar", _("Public calendar"))
    context.in_the_bar("all-meetings", _("Meetings"), "calendar", before="directory")
    projects.register_section("meetings", loading.load)
    shelves.register("meetings", Shelf(_("Meetings"), _found, _line))


def _meetings(person: Any) -> Any:
    return Meeting.objects.all().visible_to(person).select_related("twg__region")


def _found(person: Any, wanted: list[str]) -> Listing:
    return Listing(Meeting.objects.all().visible_to(person), "titles", *PLACE)


def _line(meeting: Meeting) -> tuple[Any, ...]:
    return ("meeting", meeting.pk, meeting.twg.place, *meeting.titles.values())


def _meeting() -> SubjectKind:
    return SubjectKind(
        name="meeting",
        model=Meeting,
        label=_("Meeting"),
        visible_to=_meetings,
        internal_to=_meetings,
        url=lambda meeting: reverse("meeting", args=[meeting.pk]),
        flow=MeetingFlow,
        events={
            "planned": pgettext_lazy("event", "Planned"),
            "changed": _("Changed"),
            "invited": _("People invited"),
            "uninvited": _("Taken off the list"),
            "agenda": _("Agenda set"),
            "dates": _("Dates proposed"),
        },
    )
