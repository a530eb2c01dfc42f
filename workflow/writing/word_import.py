"""A Word file becomes sections: brought in, looked at, then taken over in one go (S13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents import uploads, word_in
from workflow.documents.markdown import measure
from workflow.engine import services as engine
from workflow.groups.services import require

from . import services
from .models import Enclosure, Revision, Text, TextSection, WordFile

APPEND, REPLACE = "append", "replace"


@dataclass(frozen=True)
class Preview:
    """One block of the file: its heading, its text, where it would go."""

    index: int
    level: int
    title: str
    markdown: str
    words: int
    section: int | None


def bring(text: Text, upload: Any, *, actor: Any) -> WordFile:
    """Keep the file for its preview; raises ValidationError when it can't be read."""
    require(text.paper.writers, text.about, actor)
    services.check_open(text)
    checked = uploads.check(upload, ["docx"])
    data = upload.read()
    word_in.read(data)
    return WordFile.objects.create(
        text=text, file=ContentFile(data, name=f"{checked.sha256[:16]}.docx"), name=checked.name,
        sha256=checked.sha256, brought_by=actor,
    )  # fmt: skip


def read(brought: WordFile) -> word_in.Imported:
    with brought.file.open("rb") as file:
        return word_in.read(file.read())


def preview(brought: WordFile, imported: word_in.Imported) -> list[Preview]:
    """Every block with the section that its heading names; those that name none follow the one before."""
    sections = list(TextSection.objects.filter(text=brought.text).defer("body").order_by("position"))
    titles = [[s.place, *s.titles.values(), *_part_names(s, sections)] for s in sections]
    matched = word_in.match(imported.blocks, titles)
    found, last = [], None
    for index, (block, place) in enumerate(zip(imported.blocks, matched, strict=True)):
        last = sections[place].pk if place is not None else last
        found.append(
            Preview(index, block.level, block.title, block.markdown, measure(block.markdown).words, last)
        )
    return found


def _part_names(section: TextSection, sections: list[TextSection]) -> list[str]:
    """A part's heading stands for its only section."""
    alone = sum(1 for other in sections if other.part == section.part) == 1
    return [section.part, *section.part_titles.values()] if alone else []


@transaction.atomic
def take_over(brought: WordFile, targets: Mapping[int, int], *, way: str, actor: Any) -> int:
    """Write the blocks into their sections (block index to section id) as one revision each; all or nothing.

    Returns how many sections were written. Raises Diverged when a section was revised in the meantime.
    """
    text = brought.text
    require(text.paper.writers, text.about, actor)
    services.check_open(text)
    imported = read(brought)
    numbers = _pictures(text, imported, actor)
    sections = {s.pk: s for s in services._locked_sections(text)}
    written: dict[int, list[str]] = {}
    for index, block in enumerate(imported.blocks):
        target = targets.get(index)
        if target in sections:
            own = _own_heading(block, sections[target])
            written.setdefault(target, []).append((own + _renumbered(block.markdown, numbers)).strip())
    count = 0
    for pk, pieces in written.items():
        section = sections[pk]
        body = "\n\n".join(([section.body] if way == APPEND and section.body else []) + [p for p in pieces if p])
        note = _("From %(file)s") % {"file": brought.name}
        if services.save(section, body, actor=actor, base=section.number, note=note, way=Revision.Way.IMPORTED):
            count += 1
    with engine.change(text, "imported", actor=actor) as change:
        change.data.update(file=brought.name, sha256=brought.sha256, sections=count, pictures=len(numbers))
    WordFile.objects.filter(pk=brought.pk).update(taken_at=timezone.now())
    return count


def _own_heading(block: Any, section: TextSection) -> str:
    """A heading below the section's own stays in its text."""
    names = {title.casefold() for title in (section.place, *section.titles.values())}
    if not block.title or block.level <= 1 or any(name in block.title.casefold() for name in names):
        return ""
    return f"## {block.title}\n\n"


def _pictures(text: Text, imported: word_in.Imported, actor: Any) -> dict[int, int]:
    """Store the file's pictures as figures without a source; returns their numbers in the text."""
    last = Enclosure.objects.filter(text=text).order_by("-number").first()
    first = last.number + 1 if last else 1
    numbers = {}
    for number, picture in enumerate(imported.images, start=first):
        checked = uploads.check(ContentFile(picture.data, name=picture.name), ["png", "jpeg"])
        Enclosure.objects.create(
            text=text, number=number, kind=Enclosure.Kind.FIGURE, caption=picture.alt or checked.name,
            file=ContentFile(picture.data, name=picture.name), name=checked.name, size=checked.size,
            content_type=f"image/{checked.kind}", sha256=checked.sha256, added_by=actor,
        )  # fmt: skip
        numbers[picture.number] = number
    return numbers


def _renumbered(markdown: str, numbers: Mapping[int, int]) -> str:
    """`figure:#2` of the file becomes the figure's number in the text."""
    for old in sorted(numbers, reverse=True):
        markdown = markdown.replace(f"figure:#{old})", f"figure:{numbers[old]})")
    return markdown


