"""`verify_history` also proves the texts: every revision against the hash in its event, every draft against its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Q

from workflow.engine import digests
from workflow.engine.history import Break, check
from workflow.engine.models import Event

from . import freezing
from .models import Draft, DraftSection, Revision, TextSection

AT_ONCE = 500  # rows in memory

Told = dict[int, tuple[str, int | None, str]]  # a revision's number: its hash, author and note, as its event has them


@check("revisions")
def prove_revisions() -> Break | None:
    """Each section's revisions are all there, each is what its event says, and the newest is what stands."""
    written = Q(number__gt=0) | ~Q(body="")
    sections = TextSection.objects.filter(written).order_by("pk").only("pk", "number", "body")
    revisions = groupby(
        Revision.objects.order_by("section", "number").iterator(chunk_size=AT_ONCE), key=lambda r: r.section_id
    )
    kept = next(revisions, None)
    for section in sections.iterator(chunk_size=AT_ONCE):
        if kept and kept[0] < section.pk:
            break
        own = kept[1] if kept and kept[0] == section.pk else None
        if broken := _prove_section(section, own or iter(())):
            return broken
        kept = next(revisions, None) if own else kept
    return Break(f"section:{kept[0]}", None, "it has revisions that it does not know of") if kept else None


def _prove_section(section: TextSection, revisions: Iterator[Revision]) -> Break | None:
    name, told, number, body = f"section:{section.pk}", _told(section.pk), 0, ""
    for number, revision in enumerate(revisions, start=1):
        if revision.number != number:
            return Break(name, None, f"revision {number} is missing: the next one is {revision.number}")
        if revision.sha256 != digests.of_text(revision.body):
            return Break(name, None, f"the text of revision {number} is not what was kept")
        if told.get(number) != (revision.sha256, revision.author_id, revision.note):
            return Break(name, None, f"revision {number} is not the one that its event tells of")
        body = revision.body
    if number != section.number or len(told) != number:
        return Break(name, None, f"it has {number} revisions, and its history tells of {len(told)}")
    return None if body == section.body else Break(name, None, "what stands there is not its newest revision")


def _told(pk: int) -> Told:
    events = Event.objects.filter(subject_kind="section", subject_id=pk, name="revised")
    return {
        data["revision"]: (data["sha256"], actor, note)
        for data, actor, note in events.values_list("data", "actor", "note")
    }


@check("drafts")
def prove_drafts() -> Break | None:
    """Each draft's hash is that of its revisions and figures, and the one in its event."""
    events = Event.objects.filter(subject_kind="draft", name="taken").values_list("subject_id", "data")
    told = {pk: data["sha256"] for pk, data in events}
    for draft in Draft.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        lines = DraftSection.objects.filter(draft=draft).select_related("revision").order_by("position")
        if not draft.sha256 == told.get(draft.pk) == freezing.digest(lines, draft.figures):
            return Break(f"draft:{draft.pk}", None, "its sections are not those that were frozen")
    return None
