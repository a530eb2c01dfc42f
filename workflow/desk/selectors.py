"""What the home page, the overview and the search read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine import together
from workflow.engine.together import Listing
from workflow.groups import words
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.profiles.durations import STAGE_DAYS
from workflow.profiles.models import TRACK, Edition, Profile
from workflow.profiles.selectors import Row, standing_editions

__all__ = ["by_stage", "days_by_stage", "search", "standing_editions"]

Text = str | Promise
MOST_WORDS = 100  # characters of a question; what is longer is cut
MOST_IN_A_GROUP = 10


@dataclass(frozen=True)
class StageCount:
    stage: str
    label: Text
    count: int
    late: int
    limit: int | None  # days after which an edition there is late; None where it has arrived


def by_stage(rows: Iterable[Row]) -> list[StageCount]:
    """How many editions stand at each stage, and how many of them for too long."""
    listed = list(rows)
    return [
        StageCount(
            stage.value,
            stage.label,
            sum(row.edition.stage == stage for row in listed),
            sum(row.edition.stage == stage and bool(row.late) for row in listed),
            STAGE_DAYS.get(stage),
        )
        for stage in TRACK
    ]


def days_by_stage(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Average days at each stage over the editions that have left it or stand at it (S40)."""
    listed = list(rows)
    bars = []
    for stage in TRACK[:-1]:
        totals = [t for row in listed if (t := row.standing.total(stage)) is not None]
        bars.append({"label": stage.label, "value": round(sum(totals) / len(totals)) if totals else None})
    return bars


@dataclass(frozen=True)
class Found:
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Group:
    label: Text
    results: list[Found]
    more: int


def search(question: str, person: Any) -> list[Group]:
    """All that the person may see whose name, in any language, holds every word of the question."""
    wanted = words.fold(question[:MOST_WORDS]).split()
    if not wanted:
        return []
    found = together.read(**_listings(person, wanted))
    groups = [_group(label, found[name], shelf, wanted) for name, (label, shelf) in SHELVES.items()]
    return [group for group in groups if group.results]


def _group(label: Text, subjects: Iterable[Any], shelf: Shelf, wanted: list[str]) -> Group:
    """Names in several languages lie in JSON, which no database folds alike: some hundred are compared here."""
    matching = []
    for subject in subjects:
        page, key, detail, *texts = shelf(subject)
        # A code is searched too; a number of the database is not.
        text = words.fold(*texts, detail, key if isinstance(key, str) else "")
        if all(word in text for word in wanted):
            matching.append((subject, page, key, detail))
    shown = [Found(str(s), reverse(page, args=[key]), detail) for s, page, key, detail in matching[:MOST_IN_A_GROUP]]
    return Group(label, shown, len(matching) - len(shown))


# Of a subject: the page and its key there, the detail shown, and all names by which it is found.
Shelf = Callable[[Any], tuple[Any, ...]]
SHELVES: dict[str, tuple[Text, Shelf]] = {
    "twgs": (_("TWGs"), lambda t: ("twg", t.code, t.place, *t.names.values())),
    "profiles": (_("Profiles"), lambda p: ("profile", p.code, p.twg.place, *p.names.values())),
    "editions": (
        _("Editions"),
        lambda e: ("edition", e.pk, e.get_stage_display(), *e.profile.names.values(), e.label, e.twg.place),
    ),
    "institutions": (
        _("Institutions"),
        lambda i: ("institution", i.code, i.country_name, *i.names.values(), i.acronym),
    ),
    "people": (_("People"), lambda p: ("person", p.pk, p.email, p.name)),
    "projects": (_("Projects"), lambda p: ("project", p.code, "", *p.names.values())),
}


def _listings(person: Any, wanted: list[str]) -> dict[str, Listing]:
    """All that the person may see, and of institutions only those that hold every word."""
    institutions = Institution.objects.all().visible_to(person)
    for word in wanted:
        institutions = institutions.filter(folded__contains=word)
    editions, profiles = Edition.objects.all().visible_to(person), Profile.objects.all().visible_to(person)
    return {
        "twgs": Listing(Twg.objects.visible_to(person), "code", "names", *PLACE),
        "profiles": Listing(profiles, "code", "names", *(f"twg__{column}" for column in PLACE)),
        "editions": Listing(
            editions, "label", "stage", "profile__code", "profile__names", *(f"profile__twg__{c}" for c in PLACE)
        ),
        "institutions": Listing(institutions, "code", "names", "acronym", "country"),
        "people": Listing(Person.objects.visible_to(person), "name", "email"),
        "projects": Listing(Project.objects.all().visible_to(person), "code", "names"),
    }


PLACE = ("country", "region__names", "region__acronym")
