"""A template as its readers see it: parts, sections, guidance, and what a new version changed (S07, S47)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine import together
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import words
from workflow.writing.models import TextSection

from .models import Part, Section, TemplateVersion

Text = str | Promise
Names = dict[str, str]
TEMPLATE_LANGUAGE = "en"  # in which a template's text is drafted


@dataclass(frozen=True)
class SectionLine:
    number: int
    titles: Names
    guidances: Names
    source: str
    pk: int = 0

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def guidance(self) -> str:
        return words.in_language(self.guidances)


@dataclass(frozen=True)
class PartLine:
    letter: str
    titles: Names
    source: str
    sections: list[SectionLine] = field(default_factory=list)
    pk: int = 0

    @property
    def title(self) -> str:
        return words.in_language(self.titles)

    @property
    def undivided(self) -> bool:
        """Whether naming its only section would only say the part's title again."""
        only = self.sections[0] if len(self.sections) == 1 else None
        return not self.sections or (only is not None and only.titles == self.titles and not only.guidances)


def parts_of(template_id: int) -> list[PartLine]:
    """A template's parts with their sections."""
    return together.answer(parts(TemplateVersion.objects.filter(pk=template_id)))


def parts(template: QuerySet[TemplateVersion]) -> Wanted[list[PartLine]]:
    """The same, for a page that reads it together with other lists."""
    own, keys = ("titles", "source"), template.values("pk")
    sections = Section.objects.filter(part__template__in=keys).order_by("number")
    listings = {
        "parts": Listing(Part.objects.filter(template__in=keys).order_by("letter"), "letter", *own),
        "sections": Listing(sections, "part", "number", "guidance", *own),
    }
    return Wanted(listings, _lines)


def _lines(found: Found) -> list[PartLine]:
    lines = {part.pk: PartLine(part.letter, part.titles, part.source, pk=part.pk) for part in found["parts"]}
    for own in found["sections"]:
        lines[own.part_id].sections.append(SectionLine(own.number, own.titles, own.guidance, own.source, own.pk))
    return list(lines.values())


def guided_of(template_id: int) -> list[PartLine]:
    """The same with the guidance as it stands: what the template's text says, once that is drafted (S08)."""
    return together.answer(guided(TemplateVersion.objects.filter(pk=template_id)))


def guided(template: QuerySet[TemplateVersion]) -> Wanted[list[PartLine]]:
    written = TextSection.objects.filter(text__subject_kind="template", number__gt=0)
    written = written.filter(text__subject_id__in=template.values("pk"))
    own = parts(template)
    listings = {**own.listings, "written": Listing(written, "ref", "body")}
    return Wanted(listings, lambda found: _guided(own.made(found), {line.ref: line.body for line in found["written"]}))


def _guided(lines: Iterable[PartLine], told: Mapping[str, str]) -> list[PartLine]:
    language = TEMPLATE_LANGUAGE

    def line(section: SectionLine) -> SectionLine:
        written = told.get(f"section:{section.pk}")
        if written is None:
            return section
        kept = {code: words for code, words in section.guidances.items() if code != language}
        return replace(section, guidances={language: written, **kept} if written else kept)

    return [replace(part, sections=[line(section) for section in part.sections]) for part in lines]


def as_input(parts: Iterable[PartLine], *, numbered: bool = True) -> list[dict[str, Any]]:
    """The outline as services take it; without the rows' numbers it is a copy for another version."""
    return [
        _told(part, {"letter": part.letter}, numbered)
        | {"sections": [_told(line, {"guidance": line.guidances}, numbered) for line in part.sections]}
        for part in parts
    ]


def _told(line: PartLine | SectionLine, own: dict[str, Any], numbered: bool) -> dict[str, Any]:
    return {"titles": line.titles, "source": line.source, **own, **({"id": line.pk} if numbered else {})}


@dataclass(frozen=True)
class TemplateChange:
    """One part or section that differs from the version before."""

    what: Text
    place: str  # A for a part, A.2 for a section, by its place in the version that has it
    title: str
    before: str = ""


def before(template: TemplateVersion) -> QuerySet[TemplateVersion]:
    """The version before, of the same project; none for a first one."""
    earlier = TemplateVersion.objects.filter(project=template.project_id, number__lt=template.number)
    return TemplateVersion.objects.filter(pk__in=earlier.order_by("-number").values("pk")[:1])


def changes(old: Iterable[PartLine], new: Iterable[PartLine]) -> list[TemplateChange]:
    """What was added, removed and renamed. A section that only moved to another number has not changed."""
    before, after = {p.letter: p for p in old}, {p.letter: p for p in new}
    found = []
    for letter in sorted(before.keys() | after.keys()):
        was, now = before.get(letter), after.get(letter)
        found += _differences({letter: was} if was else {}, {letter: now} if now else {})
        found += _differences(_numbered(was), _numbered(now))
    return found


def _numbered(part: PartLine | None) -> dict[str, Any]:
    return {f"{part.letter}.{s.number}": s for s in part.sections} if part else {}


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[TemplateChange]:
    """Compared by title, then by place: what neither matches was added or removed."""
    kept = {_key(line) for line in old.values()} & {_key(line) for line in new.values()}
    gone = {place: line for place, line in old.items() if _key(line) not in kept}
    come = {place: line for place, line in new.items() if _key(line) not in kept}
    found = [
        TemplateChange(_("renamed"), place, line.title, gone.pop(place).title)
        if place in gone
        else TemplateChange(_("added"), place, line.title)
        for place, line in come.items()
    ]
    return found + [TemplateChange(_("removed"), place, line.title) for place, line in gone.items()]


def _key(line: PartLine | SectionLine) -> str:
    """The same title in whatever language the page is read; a better translation renames nothing."""
    return words.fold(words.in_language(line.titles, "en"))
