"""The shelves of the search on the ground floor: TWGs, profiles, editions, institutions, people and projects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflow.engine import shelves
from workflow.engine.shelves import Shelf
from workflow.engine.together import Listing
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.profiles.models import Edition, Profile

PLACE = ("country", "region__names", "region__acronym")


def _twgs(person: Any, wanted: list[str]) -> Listing:
    return Listing(Twg.objects.visible_to(person), "code", "names", *PLACE)


def _profiles(person: Any, wanted: list[str]) -> Listing:
    rows = Profile.objects.all().visible_to(person)
    return Listing(rows, "code", "names", *(f"twg__{column}" for column in PLACE))


def _editions(person: Any, wanted: list[str]) -> Listing:
    rows = Edition.objects.all().visible_to(person)
    place = (f"profile__twg__{column}" for column in PLACE)
    return Listing(rows, "label", "stage", "profile__code", "profile__names", *place)


def _institutions(person: Any, wanted: list[str]) -> Listing:
    """Of the longest list only those that hold every word."""
    rows = Institution.objects.all().visible_to(person)
    for word in wanted:
        rows = rows.filter(folded__contains=word)
    return Listing(rows, "code", "names", "acronym", "country")


def _people(person: Any, wanted: list[str]) -> Listing:
    return Listing(Person.objects.visible_to(person), "name", "email")


def _projects(person: Any, wanted: list[str]) -> Listing:
    return Listing(Project.objects.all().visible_to(person), "code", "names")


def register() -> None:
    """Called from the app's `ready`, before the rooms above put up theirs."""
    put = shelves.register
    put("twgs", Shelf(_("TWGs"), _twgs, lambda t: ("twg", t.code, t.place, *t.names.values())))
    put("profiles", Shelf(_("Profiles"), _profiles, lambda p: ("profile", p.code, p.twg.place, *p.names.values())))
    put("editions", Shelf(_("Editions"), _editions, _edition))
    put("institutions", Shelf(_("Institutions"), _institutions, _institution))
    put("people", Shelf(_("People"), _people, lambda p: ("person", p.pk, p.email, p.name)))
    put("projects", Shelf(_("Projects"), _projects, lambda p: ("project", p.code, "", *p.names.values())))


def _edition(e: Edition) -> tuple[Any, ...]:
    return ("edition", e.pk, e.get_stage_display(), *e.profile.names.values(), e.label, e.twg.place)


def _institution(i: Institution) -> tuple[Any, ...]:
    return ("institution", i.code, i.country_name, *i.names.values(), i.acronym)
