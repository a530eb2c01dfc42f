"""What the pages of texts read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from workflow.engine import kinds
from workflow.groups import access

from . import papers
from .models import Draft, DraftSection, Enclosure, Revision, Scratch, Text, TextSection

Words = str | Promise
AT_WORK = timedelta(seconds=75)  # the editor says every 20 seconds that it is open


@dataclass(frozen=True)
class SectionLine:
    """A section of a text as a list shows it. `counts` are what other rooms count: (label, number)."""

    section: TextSection
    counts: list[tuple[Words, int]]
    at_work: list[str]


@dataclass(frozen=True)
class PartProgress:
    """A part of a text with its sections and how far they are (S13)."""

    letter: str
    title: str
    lines: list[SectionLine] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(line.section.word_count for line in self.lines)

    @property
    def missing_sources(self) -> int:
        return sum(line.section.missing_sources for line in self.lines)

    @property
    def written(self) -> int:
        return sum(1 for line in self.lines if line.section.number)


Counter = Callable[[Text, Any], Mapping[int, int]]
_counters: dict[str, tuple[Words, Counter]] = {}


def register_counter(name: str, label: Words, counter: Counter) -> None:
    """Another room counts something by section (open comments): `counter(text, person)` by the section's id."""
    _counters[name] = (label, counter)


def texts(person: Any) -> QuerySet[Text]:
    return Text.objects.all().visible_to(person).select_related("twg__region")


def progress(text: Text, person: Any) -> list[PartProgress]:
    """The text's parts with their sections, what is counted of each, and who is at work on it now."""
    sections = TextSection.objects.filter(text=text).defer("body").order_by("position")
    counted = [(label, counter(text, person)) for label, counter in _counters.values()]
    busy = at_work(text)
    parts: dict[str, PartProgress] = {}
    for section in sections:
        part = parts.setdefault(section.part, PartProgress(section.part, section.part_title))
        counts = [(label, numbers[section.pk]) for label, numbers in counted if numbers.get(section.pk)]
        part.lines.append(SectionLine(section, counts, busy.get(section.pk, [])))
    return list(parts.values())


def at_work(text: Text, *, but: Any = None) -> dict[int, list[str]]:
    """Who is at work on which section now: names by the section's id."""
    found = Scratch.objects.filter(section__text=text, seen_at__gte=timezone.now() - AT_WORK).select_related("person")
    if but is not None:
        found = found.exclude(person=but)
    names: dict[int, list[str]] = {}
    for scratch in found.order_by("pk"):
        names.setdefault(scratch.section_id, []).append(str(scratch.person))
    return names


def sections(person: Any) -> QuerySet[TextSection]:
    return TextSection.objects.all().visible_to(person).select_related("text__twg__region")


def drafts(person: Any) -> QuerySet[Draft]:
    """Drafts that the person reads, and the last draft of what is published, for everybody."""
    return Draft.objects.filter(papers.readable(person, "text__") | _published()).select_related("text__twg__region")


def _published() -> Any:
    from django.db.models import OuterRef, Q, Subquery

    last = Draft.objects.filter(text=OuterRef("text")).order_by("-number").values("pk")[:1]
    return papers.public("text__") & Q(pk=Subquery(last))


def published_draft(text: Text | None) -> Draft | None:
    """The draft that the public reads: the last one."""
    return Draft.objects.filter(text=text).order_by("-number").first() if text else None


@dataclass(frozen=True)
class PartText:
    """A part of a draft, to be read."""

    letter: str
    title: str
    sections: list[DraftSection] = field(default_factory=list)


def parts_of_draft(draft: Draft) -> list[PartText]:
    """A draft's sections by part, with their texts, in one query."""
    parts: dict[str, PartText] = {}
    for line in DraftSection.objects.filter(draft=draft).select_related("revision").order_by("position"):
        parts.setdefault(line.part, PartText(line.part, line.part_title)).sections.append(line)
    return list(parts.values())


def revision_lines(section: TextSection, person: Any) -> list[Revision]:
    """A section's revisions, the newest first, without their texts; names as the reader may read them."""
    found = list(Revision.objects.filter(section=section).defer("body").order_by("-number"))
    hide_names(found, person)
    return found


def hide_names(revisions: Iterable[Revision], person: Any) -> None:
    """A name is for those who may see the person behind it; others read “Somebody” (S30)."""
    from django.utils.translation import gettext as _

    listed = list(revisions)
    people = kinds.get("person")
    authors = {r.author_id for r in listed if r.author_id} - {getattr(person, "pk", None)}
    seen = set(people.visible_to(person).filter(pk__in=authors).values_list("pk", flat=True)) if people else set()
    for revision in listed:
        if revision.author_id in authors and revision.author_id not in seen:
            revision.author_name = _("Somebody")


def enclosures(text: Text) -> list[Enclosure]:
    return list(Enclosure.objects.filter(text=text, withdrawn_at=None))


def crumbs_of(text: Text, person: Any) -> list[tuple[str, str]]:
    """The way back: the TWG, then what the text is of."""
    about = text.about
    found = [(str(about), kinds.of(about).url(about))]
    if text.twg and access.opens(person, text.twg):
        found.insert(0, (text.twg.name, kinds.of(text.twg).url(text.twg)))
    return found
