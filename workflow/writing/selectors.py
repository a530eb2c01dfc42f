"""What the pages of texts read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.engine import kinds
from workflow.engine.together import Listing
from workflow.groups import access

from . import papers
from .at_work import SILENT_AFTER
from .models import Draft, Enclosure, Presence, Revision, Text, TextSection

Words = str | Promise


@dataclass(frozen=True)
class SectionLine:
    """A section of a text as a list shows it. `counts` are what other rooms count: (label, number)."""

    section: TextSection
    missing_sources: int  # tables and figures that name none
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
        return sum(line.missing_sources for line in self.lines)

    @property
    def written(self) -> int:
        return sum(1 for line in self.lines if line.section.number)

    @property
    def counts(self) -> list[tuple[Words, int]]:
        """What other rooms count, over all its sections."""
        sums: dict[str, tuple[Words, int]] = {}
        for label, count in (c for line in self.lines for c in line.counts):
            sums[str(label)] = (label, sums.get(str(label), (label, 0))[1] + count)
        return list(sums.values())

    @property
    def at_work(self) -> list[str]:
        return list(dict.fromkeys(name for line in self.lines for name in line.at_work))


Counter = Callable[[Text, Any], Mapping[int, int]]
_counters: dict[str, tuple[Words, Counter]] = {}


def register_counter(name: str, label: Words, counter: Counter) -> None:
    """Another room counts something by section (open comments): `counter(text, person)` by the section's id."""
    _counters[name] = (label, counter)


def texts(person: Any) -> QuerySet[Text]:
    return Text.objects.all().visible_to(person).select_related("twg__region")


def progress(text: Text, person: Any, *, now: bool = True) -> list[PartProgress]:
    """The text's parts with their sections, what is counted of each, and who else is at work on it (with `now`)."""
    listed = text.sections.standing().defer("body", "guidance").order_by("position")
    sourced = set(text.sourced_figures)
    counted = [(label, counter(text, person)) for label, counter in _counters.values()]
    busy = at_work(person, text=text) if now else {}
    parts: dict[str, PartProgress] = {}
    for section in listed:
        part = parts.setdefault(section.part, PartProgress(section.part, section.part_title))
        counts = [(label, numbers[section.pk]) for label, numbers in counted if numbers.get(section.pk)]
        missing = section.unsourced_tables + sum(1 for number in section.figures if number not in sourced)
        part.lines.append(SectionLine(section, missing, counts, busy.get(section.pk, [])))
    return list(parts.values())


@dataclass(frozen=True)
class Unwritten:
    """How many sections of a text are still empty, by part."""

    text: int
    parts: dict[str, int] = field(default_factory=dict)


def sections_of(kind: str, subjects: Iterable[int]) -> Listing:
    """The sections of these subjects' texts, for `unwritten`."""
    sections = TextSection.objects.standing().filter(text__subject_kind=kind, text__subject_id__in=list(subjects))
    return Listing(sections.order_by("position"), "part", "number", "text__subject_id")


def unwritten(sections: Iterable[TextSection]) -> dict[int, Unwritten]:
    """What is left to write of each text, by its subject; those whose text is not begun are not in it."""
    found: dict[int, Unwritten] = {}
    for section in sections:
        left = found.setdefault(section.text.subject_id, Unwritten(section.text_id))
        if section.number == 0:
            left.parts[section.part] = left.parts.get(section.part, 0) + 1
    return found


def at_work(person: Any, **of: Any) -> dict[int, list[str]]:
    """Who besides the person has which section open to write in: names by its id, as the person may read them.

    `of` is `text=…` or `pk=…`.
    """
    lately = Presence.objects.filter(seen_at__gte=timezone.now() - SILENT_AFTER).exclude(person=person)
    found = lately.filter(**{f"section__{name}": value for name, value in of.items()})
    people = kinds.get("person")
    known = people.visible_to(person) if people else Presence.objects.none()
    found = found.annotate(known=Exists(known.filter(pk=OuterRef("person")))).select_related("person")
    names: dict[int, list[str]] = {}
    for presence in found.order_by("pk"):
        names.setdefault(presence.section_id, []).append(str(presence.person) if presence.known else _("Somebody"))
    return names


def sections(person: Any) -> QuerySet[TextSection]:
    return TextSection.objects.all().visible_to(person).select_related("text__twg__region")


def drafts(person: Any) -> QuerySet[Draft]:
    """Drafts that the person reads from the inside (`inside`), and for everybody the last one of what is published."""
    inside = papers.readable(person, "text__")
    found = Draft.objects.annotate(inside=Case(When(inside, then=Value(True)), default=Value(False)))
    return found.filter(Q(inside=True) | published()).select_related("text__twg__region")


def published() -> Q:
    """The draft that the public reads of each published text: its last one."""
    last = Draft.objects.filter(text=OuterRef("text")).order_by("-number").values("pk")[:1]
    return papers.public("text__") & Q(pk=Subquery(last))


def published_draft(text: Text | None) -> Draft | None:
    """The draft that the public reads of a text, None when it is not published or none was taken."""
    return Draft.objects.filter(published(), text=text).first() if text else None


def revisions(section: TextSection) -> QuerySet[Revision]:
    """A section's revisions, the newest first, without their texts; pages take a slice and hide names."""
    return Revision.objects.filter(section=section).defer("body").order_by("-number")


def hide_names(revisions: Iterable[Revision], person: Any) -> None:
    """A name is for those who may see the person behind it; others read “Somebody” (S30)."""
    listed = list(revisions)
    people = kinds.get("person")
    authors = {r.author_id for r in listed if r.author_id} - {getattr(person, "pk", None)}
    seen = set(people.visible_to(person).filter(pk__in=authors).values_list("pk", flat=True)) if people else set()
    for revision in listed:
        if revision.author_id in authors and revision.author_id not in seen:
            revision.author_name = _("Somebody")


def enclosures(text: Text) -> list[Enclosure]:
    return list(Enclosure.objects.filter(text=text, withdrawn_at=None))


Crumbs = list[tuple[str, str]]


def crumbs_of(text: Text, person: Any) -> Crumbs:
    """The way back: the TWG, then what the text is of."""
    about = text.about
    found = [(str(about), kinds.of(about).url(about))]
    if text.twg and access.opens(person, text.twg):
        found.insert(0, (text.twg.name, kinds.of(text.twg).url(text.twg)))
    return found


def crumbs_to_text(text: Text, person: Any) -> Crumbs:
    return [*crumbs_of(text, person), (_("Text"), kinds.of(text).url(text))]


def crumbs_to_section(section: TextSection, person: Any) -> Crumbs:
    return [*crumbs_to_text(section.text, person), (str(section), kinds.of(section).url(section))]
