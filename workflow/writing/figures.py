"""Figures and attachments of a text: added, shown, withdrawn (S13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents import uploads
from workflow.documents.markdown import Figure
from workflow.engine import services as engine
from workflow.groups.services import require

from .models import Enclosure, Text
from .services import check_open

PICTURES = ("png", "jpeg")
PAPERS = ("pdf", "docx", "xlsx", "csv", "png", "jpeg")
TYPES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def finder(text: Text) -> Callable[[int], Figure | None]:
    """How `![caption](figure:3)` finds its picture: read once, at the first figure."""
    known: dict[int, Enclosure] = {}
    read: list[bool] = []

    def find(number: int) -> Figure | None:
        if not read:
            read.append(True)
            known.update({e.number: e for e in Enclosure.objects.filter(text=text, kind=Enclosure.Kind.FIGURE)})
        found = known.get(number)
        if found is None:
            return None
        return Figure(
            url=reverse("enclosure", args=[found.pk]), caption=found.caption, source=found.source, year=found.year,
            alt=found.caption,
        )  # fmt: skip

    return find


@transaction.atomic
def add(text: Text, upload: Any, fields: Mapping[str, Any], *, actor: Any, kind: str) -> Enclosure:
    """A figure (PNG or JPEG, with source and year) or an attachment; raises ValidationError for what it is not."""
    require(text.paper.writers, text.about, actor)
    check_open(text)
    checked = uploads.check(upload, PICTURES if kind == Enclosure.Kind.FIGURE else PAPERS)
    with engine.change(text, "enclosed", actor=actor) as change:
        last = Enclosure.objects.filter(text=text).order_by("-number").first()
        made = Enclosure(
            text=text, number=last.number + 1 if last else 1, kind=kind, file=upload, name=checked.name,
            content_type=TYPES[checked.kind], size=checked.size, sha256=checked.sha256, added_by=actor, **fields,
        )  # fmt: skip
        if kind == Enclosure.Kind.FIGURE and not (made.source and made.year):
            raise ValidationError({"source": _("A figure carries its source and year.")})
        made.full_clean()
        made.save()
        change.data.update(number=made.number, name=made.name, sha256=made.sha256)
    return made


@transaction.atomic
def withdraw(enclosure: Enclosure, *, actor: Any, note: str) -> None:
    """Taken off the list, with a reason; earlier drafts go on showing it."""
    require(enclosure.text.paper.writers, enclosure.text.about, actor)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(enclosure.text, "withdrawn", actor=actor, note=note) as change:
        Enclosure.objects.filter(pk=enclosure.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
        change.data.update(number=enclosure.number, name=enclosure.name)
