"""Secrets of hand-overs: what is asked, shown and lacking is for members in the full sense and IOM (S21, S46)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from workflow.engine import services as engine
from workflow.handover import services
from workflow.handover.flow import HandoverFlow, ItemFlow, NeedFlow
from workflow.handover.models import Evidence, Handover, HandoverItem

from .world import FULL, World

LATER = date(2999, 6, 1)


def plant(world: World) -> None:
    """A second profile of Ghana's stands at the hand-over: the ministry has conditions, and lacks people."""
    ghana, ministry = world.objects["twg"], world.objects["institution"]
    edition = f.edition(f.profile(ghana), stage="workshop")
    f.perform(edition, "close_workshop", update_institution=ministry.pk)
    handover = Handover.objects.with_all().get(edition=edition)
    _press(HandoverFlow(handover), "ask", reply_by=LATER, note=world.plant("handoverletter", known_to=FULL))
    told = {"conditions": world.plant("handovercondition", known_to=FULL)}
    _press(HandoverFlow(handover), "accept_conditionally", actor=world.people["member"], **told)
    _press(HandoverFlow(handover), "meet_conditions", note=world.plant("handovermet", known_to=FULL))
    line = _checklist(world, handover)
    _press(HandoverFlow(handover), "sign", next_due=LATER)
    need = services.record_need(
        handover,
        {
            "kind": "staff",
            "severity": "1",
            "what": world.plant("lacking", known_to=FULL),
            "needed": world.plant("needed", known_to=FULL),
        },
        actor=None,
    )
    met = services.record_need(
        handover, {"kind": "skills", "what": world.plant("lackedonce", known_to=FULL)}, actor=None
    )  # fmt: skip
    _press(NeedFlow(met), "meet", note=world.plant("howmet", known_to=FULL))
    world.objects |= {"handover": handover, "handover_item": line, "capacity_need": need, "other capacity_need": met}
    world.objects["handover evidence"] = Evidence.objects.get(item=line)


def _checklist(world: World, handover: Handover) -> HandoverItem:
    """A line of the TWG's own, shown by words and a file; one is excused, the others done."""
    own = services.add_item(handover, {"name": world.plant("handoverline", known_to=FULL)}, actor=None)
    upload = SimpleUploadedFile(
        f"{world.plant('evidencefile', known_to=FULL)}.csv", world.plant("evidencecontent", known_to=FULL).encode()
    )  # fmt: skip
    words = world.plant("evidencewords", known_to=FULL)
    engine.perform(ItemFlow(own), "complete", actor=None, note=words, files={"evidence_file": upload})
    for item in HandoverItem.objects.filter(handover=handover, state="open"):
        if item.kind == "budget_line":
            _press(ItemFlow(item), "excuse", note=world.plant("excusedwhy", known_to=FULL))
        else:
            _press(ItemFlow(item), "complete", note="Done.", counted=3)
    return own


def _press(flow: Any, step: str, *, actor: Any = None, note: str = "", **answers: Any) -> None:
    data = f.DECISION | answers
    engine.perform(flow, step, actor=actor or None, note=note, data=data)
