"""Figures and attachments of a text: added, described, shown, withdrawn (S13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents import uploads
from workflow.documents.markdown import Figure
from workflow.engine import live
from workflow.engine import services as engine
from workflow.engine.storing import all_or_nothing, store
from workflow.groups.services import require

from .models import Draft, Enclosure, Text
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
TOLD = ("caption", "source", "year")
Finder = Callable[[int], Figure | None]


# -- shown ------------------------------------------------------------------------------------------------


def finder(text: Text) -> Finder:
    """How `![caption](figure:3)` finds its picture in a text as it stands: read once, at the first figure."""
    return _finder(text, withdrawn_at=None)


def _finder(text: Text, **only: Any) -> Finder:
    known: dict[int, Figure] | None = None

    def find(number: int) -> Figure | None:
        nonlocal known
        if known is None:
            found = Enclosure.objects.filter(text=text, kind=Enclosure.Kind.FIGURE, **only)
            known = {e.number: _shown(e) for e in found}
        return known.get(number)

    return find


def finder_in(draft: Draft) -> Finder:
    """The same in a draft: its pictures stay, captioned as they were when it was taken."""
    every = _finder(draft.text)
    told = {figure["number"]: figure for figure in draft.figures}

    def find(number: int) -> Figure | None:
        frozen = told.get(number)
        found = every(number) if frozen else None
        if frozen is None or found is None:
            return None
        return Figure(found.url, frozen["caption"], frozen["source"], frozen["year"], frozen["caption"])

    return find


def _shown(enclosure: Enclosure) -> Figure:
    url = reverse("enclosure", args=[enclosure.pk])
    return Figure(url, enclosure.caption, enclosure.source, enclosure.year, enclosure.caption)


# -- written ----------------------------------------------------------------------------------------------


def add(text: Text, upload: Any, fields: Mapping[str, Any], *, actor: Any, kind: str) -> Enclosure:
    """A figure (PNG or JPEG, with source and year) or an attachment; raises ValidationError for what it is not."""
    require(text.paper.writers, text.about, actor)
    check_open(text)
    checked = _checked(upload, PICTURES if kind == Enclosure.Kind.FIGURE else PAPERS)
    told = {name: fields.get(name, "").strip() for name in TOLD}
    _check_told(kind, told)
    with all_or_nothing() as wrote, engine.change(text, "enclosed", actor=actor) as change:
        made = _put(change.subject, upload, checked, told, actor, kind)
        wrote(made.file)
        _recount(change.subject)
        change.data.update(number=made.number, name=made.name, sha256=made.sha256, **told)
    return made


def _checked(upload: Any, kinds: Iterable[str]) -> uploads.Checked:
    try:
        return uploads.check(upload, list(kinds))
    except ValidationError as error:
        raise ValidationError({"file": error}) from error


def _check_told(kind: str, told: Mapping[str, str]) -> None:
    if kind == Enclosure.Kind.FIGURE:
        missing = {name: _("A figure carries its source and year.") for name in ("source", "year") if not told[name]}
        if missing:
            raise ValidationError(missing)


def _put(
    text: Text, upload: Any, checked: uploads.Checked, told: Mapping[str, str], actor: Any, kind: str
) -> Enclosure:
    """The row and its file, numbered under the text's lock; on disk it has a name of ours, not of who sent it."""
    last = Enclosure.objects.filter(text=text).order_by("-number").first()
    upload.seek(0)
    made = Enclosure(
        text=text, number=last.number + 1 if last else 1, kind=kind, name=checked.name, size=checked.size,
        file=ContentFile(upload.read(), name=f"{checked.sha256[:16]}.{checked.kind}"), sha256=checked.sha256,
        content_type=TYPES[checked.kind], added_by=actor, **told,
    )  # fmt: skip
    store(made)
    return made


def _recount(text: Text) -> None:
    """What pages of progress need to know of the text's files; the text is locked and saved by who calls this."""
    files = list(Enclosure.objects.filter(text=text, withdrawn_at=None))
    text.file_count = len(files)
    text.sourced_figures = [e.number for e in files if e.kind == Enclosure.Kind.FIGURE and not e.lacks_source]


def put_pictures(text: Text, pictures: Iterable[Any], *, actor: Any, wrote: Callable[[Any], None]) -> dict[int, int]:
    """The pictures of a Word file as figures, with a source if the file tells one; their numbers by those in it."""
    numbers = {}
    for picture in pictures:
        upload = ContentFile(picture.data, name=picture.name)
        checked = _checked(upload, PICTURES)
        caption = (picture.caption or picture.alt or checked.name)[:300]
        told = {"caption": caption, "source": picture.source[:300], "year": picture.year[:20]}
        made = _put(text, upload, checked, told, actor, Enclosure.Kind.FIGURE)
        wrote(made.file)
        numbers[picture.number] = made.number
    _recount(text)
    return numbers


def describe(enclosure: Enclosure, fields: Mapping[str, Any], *, actor: Any) -> None:
    """Caption, source and year, set right; drafts taken before keep theirs."""
    text = enclosure.text
    require(text.paper.writers, text.about, actor)
    check_open(text)
    told = {name: fields[name].strip() for name in TOLD if name in fields}
    _check_told(enclosure.kind, {name: getattr(enclosure, name) for name in TOLD} | told)
    with engine.change(text, "described", actor=actor) as change:
        fresh = Enclosure.objects.select_for_update().get(pk=enclosure.pk)
        differing = {name: value for name, value in told.items() if value != getattr(fresh, name)}
        for name, value in differing.items():
            setattr(fresh, name, value)
        store(fresh, update_fields=differing)
        _recount(change.subject)
        if differing:
            change.data.update(number=fresh.number, **differing)
    enclosure.refresh_from_db()
    live.pulse("text", text.pk)


def withdraw(enclosure: Enclosure, *, actor: Any, note: str) -> None:
    """Taken off the list, with a reason; earlier drafts go on showing it."""
    require(enclosure.text.paper.writers, enclosure.text.about, actor)
    check_open(enclosure.text)
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with engine.change(enclosure.text, "withdrawn", actor=actor, note=note) as change:
        gone = Enclosure.objects.filter(pk=enclosure.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
        _recount(change.subject)
        if gone:
            change.data.update(number=enclosure.number, name=enclosure.name)
    enclosure.refresh_from_db()
