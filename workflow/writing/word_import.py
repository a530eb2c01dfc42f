"""A Word file becomes sections: brought in, looked at, then taken over in one go (S13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import bounds, uploads, word_in
from workflow.documents.markdown import measure
from workflow.engine import services as engine
from workflow.engine.clock import at_tick
from workflow.engine.errors import Unmet
from workflow.engine.storing import all_or_nothing
from workflow.groups.services import require

from . import figures, freezing, services
from .models import Revision, Text, TextSection, WordFile
from .storing import drop_after_commit

APPEND, REPLACE = "append", "replace"
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Block:
    """One block of the file: its heading, its text, the section (its id) to which it would go."""

    index: int
    level: int
    title: str
    markdown: str
    section: int | None
    follows: bool = False  # a heading as high as the one before it that names no section

    @property
    def excess(self) -> str:
        return bounds.excess(self.markdown)

    @property
    def words(self) -> int:
        return 0 if self.excess else measure(self.markdown).words


def bring(text: Text, upload: Any, *, actor: Any) -> WordFile:
    """Keep the file for its preview; raises ValidationError when it can't be read. Nothing of the text changes."""
    require(text.paper.writers, text.about, actor)
    services.check_open(text)
    try:
        checked = uploads.check(upload, ["docx"])
        data = upload.read()
        word_in.read(data)
    except ValidationError as error:
        raise ValidationError({"file": error}) from error
    with all_or_nothing() as wrote:
        brought = WordFile.objects.create(
            text=text, file=ContentFile(data, name=f"{checked.sha256[:16]}.docx"), name=checked.name,
            sha256=checked.sha256, brought_by=actor,
        )  # fmt: skip
        wrote(brought.file)
    return brought


def read(brought: WordFile) -> word_in.Imported:
    with brought.file.open("rb") as file:
        return word_in.read(file.read())


def preview(brought: WordFile, imported: word_in.Imported) -> list[Block]:
    """Every block with the section that its heading names; those that name none follow the one before.

    What stands under a part's own heading goes to the first section of that part.
    """
    sections = list(brought.text.sections.standing().defer("body").order_by("position"))
    firsts = {section.part: section for section in reversed(sections)}
    matched = word_in.match(imported.blocks, [_names(section, sections) for section in sections])
    parts = word_in.match(imported.blocks, [[part, *first.part_titles.values()] for part, first in firsts.items()])
    found: list[Block] = []
    last, level = None, 0
    for index, (block, place, part) in enumerate(zip(imported.blocks, matched, parts, strict=True)):
        high = not level or block.level <= level
        if place is not None:
            last, level = sections[place].pk, block.level
        elif part is not None and block.level and high:
            last = list(firsts.values())[part].pk
        follows = place is None and part is None and bool(level) and high and bool(block.markdown.strip())
        found.append(Block(index, block.level, block.title, block.markdown, last, follows))
    return found


def _names(section: TextSection, sections: list[TextSection]) -> list[str]:
    """What a heading may call a section: its place, its title in any language; its part's where it is alone there."""
    alone = sum(1 for other in sections if other.part == section.part) == 1
    return [section.place, *section.titles.values(), *([section.part, *section.part_titles.values()] if alone else [])]


def take_over(brought: WordFile, targets: Mapping[int, int], seen: Mapping[int, int], *, way: str, actor: Any) -> int:
    """Write the blocks into their sections (`targets`: block's index to section's id), one revision each.

    All or nothing: raises Diverged when a section is no longer at the revision in which it was `seen`, ValidationError
    for targets that are none. Returns how many sections were written; the file is not kept any longer.
    """
    text = brought.text
    require(text.paper.writers, text.about, actor)
    services.check_open(text)
    imported = read(brought)
    if not targets:
        raise ValidationError(_("Choose at least one section for what the file holds."))
    with all_or_nothing() as wrote, engine.change(text, "imported", actor=actor) as change:
        if not WordFile.objects.select_for_update().filter(pk=brought.pk).exists():
            raise Unmet(_("This file has been taken over already."))
        sections = {section.pk: section for section in freezing.locked_sections(change.subject)}
        _check_targets(targets, sections, len(imported.blocks))
        numbers = figures.put_pictures(change.subject, imported.images, actor=actor, wrote=wrote)
        bodies = _bodies(imported.blocks, targets, sections, numbers)
        note = _("From %(file)s") % {"file": brought.name}
        kept = [_write(sections[pk], body, seen.get(pk, 0), way, note, actor) for pk, body in bodies.items()]
        count = sum(revision is not None for revision in kept)
        change.data.update(file=brought.name, sha256=brought.sha256, sections=count, pictures=len(numbers))
        forget(brought)
    return count


def _check_targets(targets: Mapping[int, int], sections: Mapping[int, TextSection], blocks: int) -> None:
    if set(targets) - set(range(blocks)) or set(targets.values()) - set(sections):
        raise ValidationError(_("The file has no such part, or the text no such section."))


def _bodies(
    blocks: list[Any], targets: Mapping[int, int], sections: Mapping[int, TextSection], numbers: Mapping[int, int]
) -> dict[int, str]:
    """What goes into each section, in the order of the file."""
    pieces: dict[int, list[str]] = {}
    for index, block in enumerate(blocks):
        if (target := targets.get(index)) is not None:
            piece = _own_heading(block, sections[target]) + _renumbered(block.markdown, numbers)
            pieces.setdefault(target, []).append(piece.strip())
    return {pk: "\n\n".join(piece for piece in found if piece) for pk, found in pieces.items()}


def _write(section: TextSection, body: str, base: int, way: str, note: str, actor: Any) -> Revision | None:
    whole = f"{section.body}\n\n{body}".strip() if way == APPEND else body
    try:
        return services.save(section, whole, actor=actor, base=base, note=note, way=Revision.Way.IMPORTED)
    except ValidationError as error:  # said of a form with many sections
        raise ValidationError([f"{section}: {message}" for message in error.messages]) from error


def _own_heading(block: Any, section: TextSection) -> str:
    """A heading below the section's own stays in its text."""
    names = {title.casefold() for title in (section.place, *section.titles.values())}
    if not block.title or block.level <= 1 or any(name in block.title.casefold() for name in names):
        return ""
    return f"## {block.title}\n\n"


def _renumbered(markdown: str, numbers: Mapping[int, int]) -> str:
    """`figure:#2` of the file becomes the figure's number in the text."""
    for old in sorted(numbers, reverse=True):
        markdown = markdown.replace(f"figure:#{old})", f"figure:{numbers[old]})")
    return markdown


# -- given up ---------------------------------------------------------------------------------------------


@transaction.atomic
def forget(brought: WordFile) -> None:
    """The file and its row go; what was taken over of it stays in the sections."""
    drop_after_commit(brought.file)
    WordFile.objects.filter(pk=brought.pk).delete()


@at_tick("Word files forgotten")
def forget_old(now: datetime) -> int:
    """What nobody has taken over for a week is given up."""
    old = list(WordFile.objects.filter(brought_at__lt=now - KEPT_FOR)[:100])
    for brought in old:
        forget(brought)
    return len(old)
