"""A text as it stands at one moment: what a named draft keeps, and the hash that says so (S13, S16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from workflow.engine import digests

from .models import DraftSection, Enclosure, Revision, Text, TextSection


@dataclass(frozen=True)
class Frozen:
    """All standing sections with their revisions, and the figures that they show."""

    text: Text
    lines: list[DraftSection]
    figures: list[dict[str, Any]]
    sha256: str

    @property
    def written(self) -> bool:
        return any(line.revision for line in self.lines)

    @property
    def words(self) -> int:
        return sum(line.revision.word_count for line in self.lines if line.revision)


def freeze(text: Text) -> Frozen:
    """The text now. Its sections are locked until the transaction ends: no revision slips in."""
    return _frozen(text, list(locked_sections(text)))


def as_it_stands(text: Text) -> Frozen:
    """The text now, for those who only look: nothing is held."""
    return _frozen(text, list(text.sections.standing().defer("body").order_by("position")))


def _frozen(text: Text, sections: list[TextSection]) -> Frozen:
    lines = _lines(sections)
    figures = _figures(text, sections)
    return Frozen(text, lines, figures, digest(lines, figures))


def locked_sections(text: Text) -> Iterator[TextSection]:
    """The standing sections, held until the transaction ends. Whoever locks them has locked the text before."""
    found = TextSection.objects.select_for_update().filter(text=text, withdrawn_at=None)
    for section in found.defer("body").order_by("position"):
        section.text = text
        yield section


def _lines(sections: Iterable[TextSection]) -> list[DraftSection]:
    standing = Revision.objects.filter(section__in=[s.pk for s in sections], number=F("section__number"))
    revisions = {revision.section_id: revision for revision in standing}
    return [
        DraftSection(
            section=section, revision=revisions.get(section.pk), position=section.position, place=section.place,
            part=section.part, part_titles=section.part_titles, titles=section.titles,
        )
        for section in sections
    ]  # fmt: skip


def _figures(text: Text, sections: Iterable[TextSection]) -> list[dict[str, Any]]:
    shown = {number for section in sections for number in section.figures}
    found = Enclosure.objects.filter(text=text, kind=Enclosure.Kind.FIGURE, withdrawn_at=None, number__in=shown)
    return list(found.order_by("number").values("number", "sha256", "caption", "source", "year"))


def digest(lines: Iterable[DraftSection], figures: Iterable[Mapping[str, Any]]) -> str:
    """One SHA-256 over places, titles and bodies in order, and over the figures: what a ballot is about (S16)."""
    content = {
        "sections": [{"place": line.place, "titles": line.titles, "body": line.body} for line in lines],
        "figures": [dict(figure) for figure in figures],
    }
    return digests.of(content)
