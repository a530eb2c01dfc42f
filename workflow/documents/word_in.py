"""A Word file read: its headings cut it into blocks of Markdown, and what could not be kept is counted (S13)."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import mammoth
import mammoth.images
import mammoth.transforms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import html_tree, images, uploads, word_losses, word_styles, zips
from .html_tree import Node
from .word_blocks import Told, Writer
from .word_losses import Loss
from .word_match import match

__all__ = ["Block", "Imported", "Loss", "Picture", "match", "read"]

SPLIT_AT = 3  # headings down to this level begin a block, those below stay in its text
MOST_PICTURES = 300
MOST_ELEMENTS = 250_000  # of the document's XML: some thousand pages
STYLE_MAP = "p[style-name='palabre contents'] => !\np[style-name='palabre caption'] => p.caption:fresh"
# Ministries write headings by hand too: a bold line of its own that begins with a place of the template.
BY_HAND = re.compile(r"(?:(?:part|partie|parte)\s+[A-F]\b|[A-F](?:\.\d{1,2}){0,3}[.):]?\s+\S).{0,150}\Z", re.IGNORECASE)
HAND_PLACE = re.compile(r"(?:part|partie|parte)?\s*[A-Fa-f]((?:\.\d{1,2}){0,3})")


@dataclass(frozen=True)
class Block:
    """What stands under one heading. `level` is 1 to 3; 0, without a title, for what comes before the first."""

    level: int
    title: str
    markdown: str


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG of the file. The text names it `figure:#number`, from 1.

    `caption`, `source` and `year` as far as the file tells them right below the picture.
    """

    number: int
    name: str
    data: bytes = field(repr=False)
    alt: str
    caption: str = ""
    source: str = ""
    year: str = ""


@dataclass(frozen=True)
class Imported:
    """A whole file: its text in blocks, its pictures, and what was lost on the way."""

    blocks: list[Block]
    images: list[Picture]
    lost: list[Loss]


def read(data: bytes) -> Imported:
    """Read a .docx. Raises ValidationError, with a sentence for the person, for whatever is none or is unfit."""
    uploads.check_bytes(data, ["docx"])
    lost: Counter[str] = Counter()
    album = _Album(lost)
    with zips.opened(data) as archive:
        lost += word_losses.count(archive)
        styles = word_styles.read(archive)
        _check_length(archive)
    html = _converted(data, styles, album, lost)
    tree = html_tree.parse(html)
    writer = Writer(tree, album.alt, lost, hashlib.sha256(data).hexdigest()[:4])
    blocks = _blocks(writer)
    pictures = [_described(picture, writer.told.get(picture.number, Told())) for picture in album.pictures.values()]
    return Imported(blocks, pictures, word_losses.told(lost))


def _described(picture: Picture, told: Told) -> Picture:
    return replace(picture, caption=told.caption, source=told.source, year=told.year)


def _check_length(archive: Any) -> None:
    count = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS:
            raise ValidationError(
                _("This document is too long to be read at once: send it in parts."), code="too-large"
            )

    for name in archive.namelist():
        if word_losses.BODY.match(name):
            zips.walk(zips.read(archive, name), start)


def _converted(data: bytes, styles: word_styles.Styles, album: _Album, lost: Counter[str]) -> str:
    """Mammoth's HTML. It follows no link out of the file and no style map that the file brings along."""

    def plainly(paragraph: Any) -> Any:
        name, style_id = paragraph.style_name, paragraph.style_id
        if word_styles.is_contents(name):
            lost[word_losses.CONTENTS] = 1
            return paragraph.copy(style_id=None, style_name="palabre contents")
        if word_styles.is_caption(name):
            return paragraph.copy(style_id=None, style_name="palabre caption", numbering=None)
        level = styles.level(style_id, name)
        if level:
            return paragraph.copy(style_id=None, style_name=f"heading {level}", numbering=None)
        return paragraph

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=STYLE_MAP,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(album.keep),
            transform_document=mammoth.transforms.paragraph(plainly),
        )
    except ValidationError:
        raise
    except Exception as error:  # whatever a library stumbles over in a file from outside
        raise zips.damaged() from error
    return str(result.value)


class _Album:
    """The file's pictures as they turn up, each kept once."""

    def __init__(self, lost: Counter[str]) -> None:
        self.pictures: dict[str, Picture] = {}
        self._lost = lost

    def keep(self, image: Any) -> dict[str, str]:
        """For mammoth: the address under which the picture is found again; none when it can't be kept."""
        data = self._data(image)
        kind = "png" if data.startswith(images.PNG) else "jpeg"
        if not images.is_sane(data):
            self._lost[word_losses.PICTURES] += 1
            return {"src": ""}
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self.pictures:
            if len(self.pictures) >= MOST_PICTURES:
                raise ValidationError(_("This document has more pictures than can be taken at once."), code="too-large")
            number = len(self.pictures) + 1
            alt = " ".join((image.alt_text or "").split())[:300]
            name = f"image{number}.{uploads.ENDINGS[kind][0]}"
            self.pictures[digest] = Picture(number, name, data, alt)
        return {"src": f"figure:#{self.pictures[digest].number}"}

    @staticmethod
    def _data(image: Any) -> bytes:
        try:
            with image.open() as file:
                return bytes(file.read())
        except (KeyError, OSError, ValueError):  # the file names a picture that it does not hold
            return b""

    def alt(self, number: int) -> str:
        return next((p.alt for p in self.pictures.values() if p.number == number), "")


# -- blocks -----------------------------------------------------------------------------------------------


def _blocks(writer: Writer) -> list[Block]:
    found: list[Block] = []
    level, title, nodes = 0, "", list[Node]()

    def close() -> None:
        markdown = writer.markdown(nodes)
        if title or markdown:
            found.append(Block(level, title, markdown))

    for node in writer.body:
        begun = _heading(node)
        if begun is None:
            nodes.append(node)
            continue
        close()
        level, title = begun
        nodes = writer.notes_of(node)
    close()
    return found


def _heading(node: Node) -> tuple[int, str] | None:
    """Level and words of a heading that begins a block; None for any other node."""
    words = " ".join(_words(node).split())[:300]
    if re.fullmatch(r"h[1-6]", node.tag) and int(node.tag[1]) <= SPLIT_AT and words:
        return int(node.tag[1]), words
    if node.tag == "p" and _all_bold(node) and BY_HAND.match(words):
        found = HAND_PLACE.match(words)
        return 1 + min((found[1] if found else "").count("."), SPLIT_AT - 1), words
    return None


def _words(node: Node) -> str:
    """A heading's words, without the marks of its notes."""
    if node.tag == "sup" and any(True for _link in node.all("a")):
        return ""
    return "".join(child if isinstance(child, str) else _words(child) for child in node.children)


def _all_bold(node: Node) -> bool:
    return bool(node.elements) and all(
        (isinstance(child, str) and not child.strip())
        or (isinstance(child, Node) and (child.tag == "strong" or not child.text.strip()))
        for child in node.children
    )
