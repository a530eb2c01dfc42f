"""What the data requests room brings: its kind of subject, whom it tells, its panels, its questions, its reminders."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import details, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.writing.progress import register_counter

from . import asked, asks, inbox, proofs, reminders, selectors  # noqa: F401 - three of them register themselves
from .flow import RequestFlow
from .models import AnswerWay, DataRequest
from .panels import institution_panel, section_panel, twg_panel

# To whom each event is told, and in which words.
TO_THE_ASKED = {"asked": "asked", "ask_again": "asked", "withdraw": "withdrawn", "extend": "extended"}
TO_THE_ASKERS = {"answer": "answered", "decline": "declined"}
TO_BOTH = {"record_answer": "recorded"}


def notice(request: DataRequest, event: Event) -> Notice | None:
    """Who is asked learns of the question, who asks of the answer; access is asked again when it is sent."""
    if event.name in TO_THE_ASKED:
        return Notice(asked.answering(request), f"workflow/mail/request_{TO_THE_ASKED[event.name]}")
    if event.name in TO_THE_ASKERS:
        return Notice(asked.asking(request), f"workflow/mail/request_{TO_THE_ASKERS[event.name]}")
    if event.name in TO_BOTH:
        both = asked.asking(request) | asked.answering(request)
        return Notice(both, f"workflow/mail/request_{TO_BOTH[event.name]}")
    return None


def _on_shelf(request: DataRequest) -> tuple[Any, ...]:
    return ("data-request", request.pk, request.institution.name, request.folded, request.institution.folded)


def register() -> None:
    asks.register()
    details.reads("way", lambda way: dict(AnswerWay.choices).get(way, way))
    panels.register("requests", twg_panel, "workflow/datarequests/panel.html")
    panels.register("requests", section_panel, "workflow/datarequests/section_panel.html", page="section")
    panels.register("requests", institution_panel, "workflow/datarequests/institution_panel.html", page="institution")
    register_counter("requests", _("data requests open"), selectors.open_by_section)
    shelves.register("requests", Shelf(_("Data requests"), selectors.found_in, _on_shelf))
    kinds.register(
        SubjectKind(
            name="request",
            model=DataRequest,
            label=_("Data request"),
            visible_to=selectors.requests,
            internal_to=selectors.requests,
            url=lambda request: reverse("data-request", args=[request.pk]),
            flow=RequestFlow,
            events={"asked": _("Asked"), "changed": _("Changed")},
            notice=notice,
        )
    )
