"""What the stories of this room begin with: an edition that is being drafted, its text, and those who write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.groups.models import Person, Twg
from workflow.profiles.models import Edition
from workflow.writing import services
from workflow.writing.models import Draft, Text, TextSection


@dataclass
class Scene:
    """Ghana's edition at the stage of drafting. Its template has parts A to F of one section each."""

    twg: Twg
    edition: Edition
    text: Text
    consultant: Person
    secretariat: Person

    def section(self, place: str = "C.1") -> TextSection:
        return TextSection.objects.select_related("text").get(text=self.text, place=place)

    def write(self, body: str, place: str = "C.1", by: Person | None = None, note: str = "") -> TextSection:
        """Keep a revision on whatever stands there now."""
        section = self.section(place)
        services.save(section, body, actor=by or self.consultant, base=section.number, note=note)
        return self.section(place)

    def take(self, name: str = "for the March round", by: Person | None = None) -> Draft:
        return services.take_draft(self.text, name, actor=by or self.consultant)


def scene(country: str = "GH", *, stage: str = "drafting", **twg: Any) -> Scene:
    group = f.twg(country, of=twg.pop("of", None) or f.project(), **twg)
    consultant = f.seat(group, "consultant", "Ama the consultant")
    secretariat = f.seat(group, "secretariat", "Kofi the secretariat")
    edition = f.edition(group, stage=stage)
    text = services.open_text(edition, actor=None)
    return Scene(group, edition, text, consultant, secretariat)


def browser(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def get(person: Person | None, page: str, /, *args: Any, **query: Any) -> Any:
    return browser(person).get(reverse(page, args=args), query)


def post(person: Person | None, page: str, /, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(page, args=args), fields)


def words(answer: Any) -> str:
    """A page as text, with single spaces."""
    return " ".join(answer.content.decode().split())
