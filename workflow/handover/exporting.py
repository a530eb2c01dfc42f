"""Checklists and capacity needs across TWGs as spreadsheets: for IOM's and the secretariats' files (S46)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch

from workflow.groups.sheets import Layout

from .models import Evidence, Handover, ItemQuerySet, NeedQuerySet, Severity

PLACE = {"country": 20, "twg": 28, "profile": 36, "edition": 10, "update_institution": 36}
ITEMS = Layout(
    name="checklists",
    columns={**PLACE, "handover": 14, "line": 36, "required": 10, "state": 12, "who_sees_to_it": 36, "due": 12,
             "days_late": 10, "trained_staff": 10, "evidence": 60, "files": 36},
)  # fmt: skip
NEEDS = Layout(
    name="capacity needs",
    columns={**PLACE, "number": 8, "kind": 24, "severity": 20, "state": 12, "what_is_lacking": 60,
             "what_is_needed": 60},
)  # fmt: skip


def _place(handover: Handover) -> list[object]:
    twg, edition = handover.twg, handover.edition
    return [twg.place, twg.name, edition.profile.title, edition.label, edition.update_institution or ""]


def item_rows(found: ItemQuerySet) -> Iterator[list[str]]:
    """One row for each line; two queries for all of them."""
    ordered = found.order_by("handover__edition__profile__code", "handover", "position")
    for item in ordered.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("number"))):
        shown = list(item.evidence.all())
        cells: list[object] = [
            *_place(item.handover), item.handover.state, item, "yes" if item.required else "no", item.state,
            item.owner or "", item.due.isoformat() if item.due else "", item.days_late or "",
            "" if item.counted is None else item.counted, " / ".join(one.words for one in shown if one.words),
            ", ".join(one.name for one in shown if one.name),
        ]  # fmt: skip
        yield [str(cell) for cell in cells]


def need_rows(found: NeedQuerySet) -> Iterator[list[str]]:
    """One row for each need; one query for all of them."""
    for need in found.order_by("handover__edition__profile__code", "severity", "pk"):
        cells: list[object] = [
            *_place(need.handover), need.pk, need.get_kind_display(), Severity(need.severity).label, need.state,
            need.what, need.needed,
        ]  # fmt: skip
        yield [str(cell) for cell in cells]
