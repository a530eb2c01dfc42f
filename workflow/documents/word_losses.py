"""What a Word file holds that Markdown has no place for, counted so that nobody is surprised (S13)."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import zips

BODY = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml\Z")
INSTRUCTION = re.compile(rb"<(?:\w+:)?instrText[ >][^<]*(?=<)")
TAG = re.compile(rb"<[^<>]*>")
MARGINS = re.compile(r"word/(?:header|footer)\d*\.xml\Z")

# In the order in which they are told.
COMMENTS = gettext_noop("Comments")
TRACKED = gettext_noop("Tracked changes: the text stands as if all were accepted")
MARGIN_TEXT = gettext_noop("Headers and footers")
TEXT_BOXES = gettext_noop("Text boxes: their text stands in line")
EQUATIONS = gettext_noop("Equations")
OBJECTS = gettext_noop("Embedded objects")
CHARTS = gettext_noop("Charts and diagrams")
CHUNKS = gettext_noop("Documents within the document")
CONTENTS = gettext_noop("Table of contents: it is made anew when the text is printed")
MERGED = gettext_noop("Merged cells: their text stands in the first of them")
NESTED = gettext_noop("Tables within tables: their text stands in line")
PICTURES = gettext_noop("Pictures in a form that can't be shown (PNG and JPEG can)")
LINKS = gettext_noop("Links that lead nowhere on the web: their words stand without the link")
STRUCK = gettext_noop("Struck-out words: they stand as plain text")
TOO_WIDE = gettext_noop("Cells beyond what a table can hold")
ORDER = (
    COMMENTS, TRACKED, MARGIN_TEXT, CONTENTS, TEXT_BOXES, EQUATIONS, CHARTS, OBJECTS, CHUNKS, PICTURES, MERGED, NESTED,
    TOO_WIDE, LINKS, STRUCK,
)  # fmt: skip

MEANS = {
    "commentReference": COMMENTS,
    "ins": TRACKED,
    "del": TRACKED,
    "moveTo": TRACKED,
    "txbxContent": TEXT_BOXES,
    "oMath": EQUATIONS,
    "object": OBJECTS,
    "altChunk": CHUNKS,
    "chart": CHARTS,
    "relIds": CHARTS,
}


@dataclass(frozen=True)
class Loss:
    """One kind of thing that could not be kept as it was, and how many there are."""

    what: str
    count: int


def told(counted: Counter[str]) -> list[Loss]:
    """In the reader's language."""
    return [Loss(_(what), counted[what]) for what in ORDER if counted[what]]


def count(archive: zipfile.ZipFile) -> Counter[str]:
    """What the document's XML shows."""
    counted: Counter[str] = Counter()
    for name in archive.namelist():
        if BODY.match(name):
            _count_in(zips.read(archive, name), counted)
        elif MARGINS.match(name):
            counted[MARGIN_TEXT] += _has_words(zips.read(archive, name))
    return counted


def _count_in(data: bytes, counted: Counter[str]) -> None:
    # Word writes what older programs can't draw twice: the second time under Fallback.
    path: list[str] = []
    fallbacks = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal fallbacks
        local = name.rpartition("}")[2]
        path.append(local)
        fallbacks += local == "Fallback"
        what = MEANS.get(local)
        marks_only = local in ("ins", "del") and path[-2:-1] in (["rPr"], ["trPr"])
        if what and not fallbacks and not marks_only:
            counted[what] += 1

    def end(_name: str) -> None:
        nonlocal fallbacks
        fallbacks -= path.pop() == "Fallback"

    zips.walk(data, start, end)


def _has_words(data: bytes) -> bool:
    """Whether a header or footer says more than a page number."""
    words = TAG.sub(b" ", INSTRUCTION.sub(b" ", data)).decode("utf-8", "replace")
    return bool(re.search(r"[^\W\d_]{3}", words))
