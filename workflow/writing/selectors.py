"""What the pages of texts read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.engine import kinds
from workflow.engine.together import Found, Listing, Wanted, first
from workflow.groups import access

from . import papers
from .at_work import SILENT_AFTER
from .models import Draft, Enclosure, Presence, Revision, Scratch, Text, TextSection

Words = str | Promise


def texts(person: Any) -> QuerySet[Text]:
    return Text.objects.all().visible_to(person).select_related("twg__region")


def drafts_of(text: Text) -> Wanted[list[Draft]]:
    """A text's drafts, the newest first, as its page lists them."""
    listing = Listing(text.drafts.all(), "number", "name", "taken_at", "word_count")
    return Wanted({"drafts": listing}, lambda found: found["drafts"])


def scratch(section: TextSection, person: Any) -> Wanted[Scratch | None]:
    """What the person typed in a section and has not saved."""
    kept = Scratch.objects.filter(section=section, person_id=person.pk or 0)
    return Wanted({"kept": Listing(kept, "body", "saved_at")}, lambda found: first(found["kept"]))


def at_work(person: Any, **of: Any) -> Wanted[dict[int, list[str]]]:
    """Who besides the person has which section open to write in: names by its id, as the person may read them.

    `of` is `text=…` or `pk=…`.
    """
    lately = Presence.objects.filter(seen_at__gte=timezone.now() - SILENT_AFTER).exclude(person=person)
    found = lately.filter(**{f"section__{name}": value for name, value in of.items()})
    people = kinds.get("person")
    known = people.visible_to(person) if people else Presence.objects.none()
    found = found.annotate(known=Exists(known.filter(pk=OuterRef("person"))))
    listing = Listing(found.order_by("pk"), "section", "person__name", "person__email", "known")
    return Wanted({"at work": listing}, lambda found: _names_at_work(found["at work"]))


def _names_at_work(found: Iterable[Any]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for presence in found:
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


def published_draft(text: Text) -> Wanted[Draft | None]:
    """The draft that the public reads of a text, None when it is not published or none was taken."""
    listing = Listing(Draft.objects.filter(published(), text=text), "number", "name", most=1)
    return Wanted({"published": listing}, lambda found: first(found["published"]))


def revisions(section: TextSection) -> QuerySet[Revision]:
    """A section's revisions, the newest first, without their texts; pages take a slice and hide names."""
    return Revision.objects.filter(section=section).defer("body").order_by("-number")


# What a line about a revision says of it.
REVISION = ("section", "number", "note", "way", "author", "author_name", "at", "word_count")


def last_revisions(section: TextSection, person: Any, count: int) -> Wanted[list[Revision]]:
    """A section's last revisions, with the names that are the person's to read."""
    people: Any = kinds.get("person")
    authors = Revision.objects.filter(section=section).order_by().values("author")
    listings = {
        "revisions": Listing(revisions(section).defer(None), *REVISION, most=count),
        "seen": Listing(people.visible_to(person).filter(pk__in=authors).order_by()),
    }

    def made(found: Found) -> list[Revision]:
        hide_names(found["revisions"], person, {author.pk for author in found["seen"]})
        return found["revisions"]

    return Wanted(listings, made)


def hide_names(revisions: Iterable[Revision], person: Any, seen: set[int] | None = None) -> None:
    """A name is for those who may see the person behind it (`seen`); others read “Somebody” (S30)."""
    listed = list(revisions)
    people = kinds.get("person")
    authors = {r.author_id for r in listed if r.author_id} - {getattr(person, "pk", None)}
    if seen is None:
        seen = set(people.visible_to(person).filter(pk__in=authors).values_list("pk", flat=True)) if people else set()
    for revision in listed:
        if revision.author_id in authors and revision.author_id not in seen:
            revision.author_name = _("Somebody")


def enclosures(text: Text) -> list[Enclosure]:
    return list(Enclosure.objects.filter(text=text, withdrawn_at=None))


def figures(text: Text) -> Wanted[list[Enclosure]]:
    """The pictures that can be shown in a text, by number and caption."""
    shown = Enclosure.objects.filter(text=text, withdrawn_at=None, kind=Enclosure.Kind.FIGURE)
    return Wanted({"figures": Listing(shown, "number", "caption")}, lambda found: found["figures"])


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


def where_read(section: TextSection) -> str:
    """Where a section is read: among the others on its subject's page, where that shows them all, else on its own."""
    about = section.text.about
    if section.text.paper.at_once:
        return f"{kinds.of(about).url(about)}#section-{section.pk}"
    return str(kinds.of(section).url(section))


def crumbs_to_section(section: TextSection, person: Any) -> Crumbs:
    return [*crumbs_to_text(section.text, person), (str(section), kinds.of(section).url(section))]
