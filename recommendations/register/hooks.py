"""What the register brings: its kind of subject, whom it tells, its questions, panels, reminders and files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import context, details, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.projects import loading as projects

from . import asked, asks, exporting, inbox, links, loading, reminders, selectors  # noqa: F401 - two register themselves
from . import panels as own
from .flow import RecommendationFlow
from .models import Recommendation

# To whom each event is told, and in which words.
TO_THE_LEAD = {"issue": "issued", "handed_on": "handed_on", "reopen": "reopened"}
TO_THE_KEEPERS = {"accept": "answered", "accept_partly": "answered", "decline": "answered", "report": "reported",
                  "implement": "reported"}  # fmt: skip


def notice(recommendation: Recommendation, event: Event) -> Notice | None:
    """Who is to carry it out learns what is asked of them, who keeps it how it stands; access is asked again later."""
    if event.name in TO_THE_LEAD:
        return Notice(asked.leading(recommendation) | asked.keeping(recommendation),
                      f"recommendations/mail/{TO_THE_LEAD[event.name]}")  # fmt: skip
    if event.name in TO_THE_KEEPERS:
        return Notice(asked.keeping(recommendation), f"recommendations/mail/{TO_THE_KEEPERS[event.name]}")
    return None


def _internal_to(person: Any) -> Any:
    return Recommendation.objects.all().internal_to(person).with_all()


def _on_shelf(recommendation: Recommendation) -> tuple[Any, ...]:
    shown = f"{recommendation.twg.place} {recommendation.reference}".strip()
    return ("recommendation", recommendation.pk, shown, recommendation.folded, recommendation.twg.place)


def register() -> None:
    asks.register()
    context.across_countries("recommendations", _("Recommendations"), "list")
    exporting.register()
    details.reads("files", lambda files: ", ".join(file["name"] for file in files))
    panels.register("recommendations", own.twg_panel, "recommendations/register/panel.html")
    for page in ("meeting", "edition"):
        panels.register("recommendations", own.issued_panel, "recommendations/register/issued_panel.html", page=page)
    for page in ("meeting_decision", "action_item"):
        panels.register("recommendation", own.row_panel, "recommendations/register/row_panel.html", page=page)
    panels.register("recommendations", own.framework_panel, "recommendations/register/issued_panel.html",
                    page="framework")  # fmt: skip
    shelves.register("recommendations", Shelf(_("Recommendations"), selectors.found_in, _on_shelf))
    projects.register_section("recommendations", loading.load)
    kinds.register(
        SubjectKind(
            name="recommendation",
            model=Recommendation,
            label=_("Recommendation"),
            visible_to=selectors.recommendations,
            internal_to=_internal_to,
            url=lambda recommendation: reverse("recommendation", args=[recommendation.pk]),
            flow=RecommendationFlow,
            events={
                "created": _("Drafted"),
                "changed": _("Changed"),
                "handed_on": _("Handed on by the region"),
                "cascaded": _("Handed on to countries"),
                "likened": _("Linked with a similar one"),
                "parted": _("Link with a similar one taken away"),
            },
            notice=notice,
            mail_words=links.mail_words,
        )
    )
