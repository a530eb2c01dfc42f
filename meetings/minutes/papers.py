"""Minutes as a paper: written section by section while the meeting lasts, kept as one types, commented on (S31)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import MeetingState
from workflow.groups.access import chair, secretariat
from workflow.writing import papers
from workflow.writing.hooks import language_of_twg
from workflow.writing.papers import Heading, Paper

from .models import Minutes, MinutesState

RUNNERS = chair | secretariat
TAKEN_DOWN_AT = (MeetingState.SCHEDULED, MeetingState.IN_SESSION, MeetingState.HELD, MeetingState.CIRCULATED)
AGENDA = {"en": "Agenda", "fr": "Ordre du jour", "pt": "Ordem do dia"}
CLOSED_SESSION = {"en": "Closed session", "fr": "Séance à huis clos", "pt": "Sessão à porta fechada"}
WHOLE = {"en": "What was said", "fr": "Ce qui a été dit", "pt": "O que foi dito"}


def register() -> None:
    papers.register(
        Paper(
            kind="minutes",
            writers=RUNNERS,
            takers=RUNNERS,
            readers=lambda person: Minutes.objects.all().visible_to(person),
            headings=_headings,
            closed=closed,
            language=language_of_twg,
            shared_with=lambda minutes: minutes.meeting.with_twgs.values_list("pk", flat=True),
            at_once=True,
            related=("meeting__twg__region", "meeting__twg__project", "round"),
        )
    )


def _headings(minutes: Minutes) -> list[Heading]:
    """One entry for each item of the agenda, in order; one alone where there is no agenda.

    Counted among what these minutes tell: a gap would say that something else was dealt with (S31).
    """
    letter, part = ("B", CLOSED_SESSION) if minutes.closed else ("A", AGENDA)
    found = [
        Heading(f"{letter}.{number}", letter, item.titles, part, ref=f"item:{item.pk}")
        for number, item in enumerate(minutes.items, start=1)
    ]
    return found or [Heading(f"{letter}.1", letter, WHOLE, part, ref="whole")]


def closed(minutes: Minutes) -> str | Promise:
    """Why nothing can be written now, or "". After approval nothing changes: corrections are addenda."""
    if minutes.state == MinutesState.APPROVED:
        return _("These minutes are approved: a correction is an addendum.")
    return _not_now(minutes.meeting)


def _not_now(meeting: Any) -> str | Promise:
    if meeting.state == MeetingState.APPROVED or meeting.state in TAKEN_DOWN_AT:
        return ""
    return _("Minutes are taken once the meeting has a date.")
