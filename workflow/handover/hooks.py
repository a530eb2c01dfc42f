"""What the hand-over room brings: its kinds of subject, its gate, what follows, whom it tells, its panels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import context, details, gates, kinds, shelves
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.shelves import Shelf
from workflow.groups import panels
from workflow.groups.seated import holders, seats_in, speaking_for
from workflow.profiles import flow as profiles
from workflow.writing.progress import Words

from . import asks, gate, inbox, links, proofs, reminders, selectors, services, signing  # noqa: F401 - some register
from . import panels as own
from .flow import HandoverFlow, ItemFlow, NeedFlow
from .models import CapacityNeed, Handover, HandoverItem, HandoverState

# What its mail is called, by the event: to the institution that is asked, and to those who wait for its answer.
TO_THE_TAKER = {"ask": "handover_asked", "extend": "handover_extended"}
TO_THE_KEEPERS = ("accept", "accept_conditionally", "decline", "meet_conditions")
TO_BOTH = ("record_acceptance", "record_conditions", "record_refusal", "record_conditions_met", "sign", "unsign")
EVENTS: dict[str, Words] = {"changed": _("Changed"), "recorded": _("Recorded"), "listed": _("Put on the checklist")}


def notice(handover: Handover, event: Event) -> Notice | None:
    """Who is asked learns of the question, who keeps the TWG of the answer; access is asked again when it is sent."""
    taking = speaking_for(handover.edition.update_institution_id, handover.twg)
    keeping = holders(seats_in(handover.twg, ("chair", "secretariat")))
    if event.name in TO_THE_TAKER:
        return Notice(taking, f"workflow/mail/{TO_THE_TAKER[event.name]}")
    if event.name in TO_THE_KEEPERS:
        return Notice(keeping, "workflow/mail/handover_told")
    if event.name in TO_BOTH:
        return Notice((taking | keeping).distinct(), "workflow/mail/handover_told")
    if event.name == "replace_institution":
        return Notice(speaking_for(event.data["instead_of"]["id"], handover.twg), "workflow/mail/handover_told")
    return None


def mail_words(handover: Handover, event: Event, person: Any) -> Mapping[str, Any]:
    """The link by which one person answers, while they speak for the institution that is asked."""
    asked = handover.state == HandoverState.ASKED and event.name in TO_THE_TAKER
    return {"link": links.link_for(handover, person) if asked else ""}


def register() -> None:
    asks.register()
    context.across_countries("handovers", _("Hand-overs"), "building")
    signing.register()
    gates.answer(profiles.HANDOVER_ACCEPTED, gate.handover_accepted)
    profiles.follow("close_workshop", services.workshop_closed)
    profiles.follow("publish", services.published)
    panels.register("handover", own.of_edition, "workflow/handover/panel.html", page="edition")
    panels.register("handover", own.of_twg, "workflow/handover/panel.html")
    shelves.register("handovers", Shelf(_("Hand-overs"), selectors.handovers_found, _handover_line))
    shelves.register("capacity needs", Shelf(_("Capacity needs"), selectors.needs_found, _need_line))
    details.WORDS.update(
        reply_by=_("Answer asked by"), next_due=_("Next edition due"), conditions=_("Conditions"),
        institution=_("Institution"), counted=_("Trained staff"), instead_of=_("Instead of"),
    )  # fmt: skip
    kinds.register(
        _kind(
            "handover", Handover, _("Hand-over"), HandoverFlow, {"prepared": pgettext_lazy("hand-over", "Begun")},
            notice=notice, mail_words=mail_words,
        )
    )  # fmt: skip
    kinds.register(_kind("handover_item", HandoverItem, _("Line of the checklist"), ItemFlow, EVENTS))
    kinds.register(_kind("capacity_need", CapacityNeed, _("Capacity need"), NeedFlow, EVENTS))


def _kind(name: str, model: Any, label: Any, flow: Any, events: Mapping[str, Words], **more: Any) -> SubjectKind:
    def visible_to(person: Any) -> Any:
        return model.objects.all().visible_to(person).with_all()

    page = name.replace("_", "-")
    return SubjectKind(
        name=name, model=model, label=label, visible_to=visible_to, internal_to=visible_to, flow=flow, events=events,
        url=lambda subject: reverse(page, args=[subject.pk]), **more,
    )  # fmt: skip


def _handover_line(handover: Handover) -> tuple[Any, ...]:
    edition = handover.edition
    named = edition.update_institution.names if edition.update_institution else {}
    place = edition.update_institution.name if edition.update_institution else edition.label
    return ("handover", handover.pk, place, *edition.profile.names.values(), *named.values())


def _need_line(need: CapacityNeed) -> tuple[Any, ...]:
    return ("capacity-need", need.pk, need.twg.place, need.folded)
