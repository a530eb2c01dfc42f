"""The hand-over record: what was handed to whom, signed so that it is provable without this server (S21)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils import timezone

from workflow.engine import digests, history, records, signatures
from workflow.engine.models import Event
from workflow.engine.texts import in_language

from .models import CapacityNeed, Evidence, Handover, HandoverItem, HandoverRecord, ItemState, NeedState

FORMAT = "palabre.handover/1"


def sign(handover: Handover) -> dict[str, Any]:
    """Keep one more record, under the hand-over's lock; what the event tells of it."""
    number = HandoverRecord.objects.filter(handover=handover).count() + 1
    content = content_of(handover, number)
    HandoverRecord.objects.create(
        handover=handover, number=number, content=content, signature=signatures.sign(content)
    )  # fmt: skip
    return {"number": number, "sha256": digests.of(content)}


def document_of(record: HandoverRecord) -> dict[str, Any]:
    """The record as a file: its content as it was signed."""
    return {"record": record.content, "key": signatures.public_key(), "signature": record.signature}


def content_of(handover: Handover, number: int) -> dict[str, Any]:
    """Names, words and hashes as they are on this day: institutions are renamed, files are kept by their hash."""
    edition, institution = handover.edition, handover.institution
    told = list(history.events_of(handover))
    return {
        "format": FORMAT,
        "handover": handover.pk,
        "number": number,
        "twg": handover.twg.code,
        "twg_names": dict(handover.twg.names),
        "profile": edition.profile.code,
        "profile_names": dict(edition.profile.names),
        "edition": edition.label,
        "institution": institution.pk if institution else None,
        "institution_names": dict(institution.names) if institution else {},
        "answers": [_answer(event) for event in told if event.name in ANSWERS],
        "conditions": handover.conditions,
        "items": [_item(item) for item in HandoverItem.objects.filter(handover=handover).select_related("owner")],
        "needs": [
            {"kind": need.kind, "severity": need.severity, "what": need.what, "needed": need.needed}
            for need in CapacityNeed.objects.filter(handover=handover, state=NeedState.OPEN)
        ],
        "next_due": handover.next_due.isoformat() if handover.next_due else None,
        "signed_at": timezone.now().astimezone(UTC).isoformat(),
        "history_head": handover.head,
    }


# What an institution was asked and has answered, itself or on paper.
ANSWERS = (
    "ask", "ask_on_paper", "accept", "accept_conditionally", "decline", "record_acceptance", "record_conditions",
    "record_refusal", "meet_conditions", "record_conditions_met",
)  # fmt: skip


def _answer(event: Event) -> dict[str, Any]:
    return {
        "what": event.name, "by": event.actor_name, "institution": event.institution, "note": event.note,
        "at": event.at.astimezone(UTC).isoformat(),
    }  # fmt: skip


def _item(item: HandoverItem) -> dict[str, Any]:
    shown = Evidence.objects.filter(item=item)
    return {
        "kind": item.kind,
        "name": item.name,
        "required": item.required,
        "state": item.state,
        "owner": dict(item.owner.names) if item.owner else {},
        "counted": item.counted,
        "reason": _why_excused(item) if item.state == ItemState.EXCUSED else "",
        "evidence": [{"words": one.words, "file": one.name, "sha256": one.sha256} for one in shown],
    }


def _why_excused(item: HandoverItem) -> str:
    last = history.events_of(item).filter(name="excuse").last()
    return last.note if last else ""


# -- verified, without a database ---------------------------------------------------------------------------


def problems(content: dict[str, Any]) -> list[str]:
    """What in a record's content contradicts a hand-over that was accepted and is complete."""
    wrong = []
    if not content["institution_names"]:
        wrong.append("it names no update institution")
    if not content["answers"] or content["answers"][-1]["what"] not in ACCEPTING:
        wrong.append("its last answer is no acceptance")
    wrong += [
        f"“{item['name'] or item['kind']}” is required and {_lack(item)}"
        for item in content["items"]
        if item["required"] and _lack(item)
    ]
    if not content["next_due"]:
        wrong.append("it sets no date for the next edition")
    return wrong


ACCEPTING = ("accept", "record_acceptance", "meet_conditions", "record_conditions_met")


def _lack(item: dict[str, Any]) -> str:
    if item["state"] == ItemState.EXCUSED:
        return "" if item["reason"] else "is excused without a reason"
    if item["state"] != ItemState.DONE:
        return "is open"
    return "" if item["evidence"] else "has no evidence"


def told(content: dict[str, Any]) -> list[str]:
    """A record that holds, in two lines."""
    names = content["institution_names"]
    done = sum(item["state"] == ItemState.DONE for item in content["items"])
    return [
        f"Hand-over {content['handover']} of {content['twg']}, edition {content['edition']}: "
        f"{in_language(names, 'en')}",
        f"{done} of {len(content['items'])} lines of the checklist done; next edition due {content['next_due']}.",
    ]


def register() -> None:
    records.register(records.Format(FORMAT, problems=problems, told=told))
