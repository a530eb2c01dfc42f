"""What people send is judged by its content, never by its name; nothing is stored here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import images, zips

LABELS = {
    "png": gettext_lazy("a PNG picture"),
    "jpeg": gettext_lazy("a JPEG picture"),
    "pdf": gettext_lazy("a PDF"),
    "docx": gettext_lazy("a Word document (.docx)"),
    "xlsx": gettext_lazy("an Excel workbook (.xlsx)"),
    "csv": gettext_lazy("a CSV file"),
}
ENDINGS = {kind: (kind,) for kind in LABELS} | {"jpeg": ("jpg", "jpeg"), "csv": ("csv", "txt", "tsv")}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,10}\s+R|<<)")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*(?:<[!?a-z]|#!)", re.IGNORECASE)
MOST_NAME = 120  # characters


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: a clean name with the ending of its kind, its size in bytes, its hash."""

    name: str
    kind: str
    size: int
    sha256: str


def check(upload: Any, kinds: Collection[str]) -> Checked:
    """Read an upload (anything with `name`, `size`, `read` and `seek`) and leave it at its beginning.

    Raises ValidationError with a sentence for the person who sent it, under the code `too-large` when it is over
    `UPLOAD_LIMIT` or unpacks to too much: pages answer that with 413.
    """
    check_size(upload.size)
    upload.seek(0)
    data = upload.read(settings.UPLOAD_LIMIT + 1)
    upload.seek(0)
    kind = check_bytes(data, kinds)
    return Checked(clean_name(upload.name, kind), kind, len(data), hashlib.sha256(data).hexdigest())


def check_size(size: int) -> None:
    """Raises ValidationError (`too-large`) for more than one file may have."""
    if size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(_("This file is larger than %(limit)d MB.") % {"limit": limit}, code="too-large")


def check_bytes(data: bytes, kinds: Collection[str]) -> str:
    """The kind of a file's content, one of `kinds`. Raises ValidationError as `check` does."""
    check_size(len(data))
    if not data:
        raise ValidationError(_("This file is empty."), code="empty")
    kind = _kind(data)
    if kind not in kinds:
        allowed = ", ".join(str(LABELS[name]) for name in kinds)
        raise ValidationError(_("This is none of what can be sent here: %(kinds)s.") % {"kinds": allowed}, code="kind")
    if kind in ("png", "jpeg") and not images.is_sane(data):
        raise ValidationError(_("This picture is damaged, or too large to be shown."), code="damaged")
    if kind == "pdf":
        _check_pdf(data)
    return kind


def _kind(data: bytes) -> str:
    """What a file is by its first bytes; "" when it is nothing that Palabre takes."""
    if data.startswith(images.PNG):
        return "png"
    if data.startswith(images.JPEG):
        return "jpeg"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK"):
        return zips.kind_of(data)
    if data.startswith(OLE):
        _refuse_ole(data)
    return "csv" if _is_text(data) else ""


def _refuse_ole(data: bytes) -> None:
    """The container of encrypted Office files is that of the old formats too."""
    if ENCRYPTED_OLE in data:
        raise zips.encrypted()
    raise ValidationError(
        _("This is a file of an older Office (.doc, .xls): save it as .docx or .xlsx and send that."), code="kind"
    )


def _is_text(data: bytes) -> bool:
    """A table in text, in UTF-8 or Latin-1; not a page of HTML or XML, nor a script, under another name."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return not CONTROLS.search(text) and not MARKUP.match(text)


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise ValidationError(_("This PDF is damaged: its end is missing."), code="damaged")
    if ENCRYPTED_PDF.search(data):
        raise zips.encrypted()


def clean_name(name: str | None, kind: str) -> str:
    """A name to show and to offer on download: no folders, no control or direction marks, the ending of its kind."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"|?*%;\s]+', " ", base).strip(" .")
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = base, ""
    ending = ending.lower() if ending.lower() in ENDINGS[kind] else ENDINGS[kind][0]
    return f"{stem.strip(' .')[:MOST_NAME] or _('file')}.{ending}"
