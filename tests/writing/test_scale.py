"""A text of 60 sections with 300 revisions each: every page stays light and asks the same few questions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import EVERY_PAGE, browser, questions
from workflow.engine import digests
from workflow.groups.models import Person, Twg
from workflow.profiles import services as profiles
from workflow.profiles.models import TemplateVersion
from workflow.writing import services
from workflow.writing.models import Draft, Presence, Revision, Scratch, Text, TextSection

pytestmark = pytest.mark.django_db

LIGHT = 15_000  # bytes over the wire
FEW = 10  # questions to the database
PARTS, SECTIONS, REVISIONS = 6, 10, 300
WORDS_EACH = 150
FRENCH = (
    "les migrations internationales du pays vers la région et leurs effets sur le développement local des ménages "
    "que l’enquête nationale a mesurés entre 2000 et 2008 selon l’institut de la statistique dont les résultats "
    "montrent une hausse des transferts de fonds des travailleurs établis à l’étranger malgré la crise et "
    "le chômage des jeunes"
).split()


@cache
def prose(seed: int, words: int = WORDS_EACH) -> str:
    """Text that compresses no better than people's."""
    dice = random.Random(seed)
    return " ".join(dice.choice(FRENCH) + dice.choice(("", "", "", ",", ".")) for _word in range(words))


def template(number: int, sections: int) -> TemplateVersion:
    parts = [
        {"letter": letter, "titles": {"en": f"Part {letter}, with a title as long as they are"},
         "sections": [{"titles": {"en": f"Section {letter}{n} on something worth a title"}} for n in range(sections)]}
        for letter in "ABCDEF"[:PARTS]
    ]  # fmt: skip
    fields = {"code": f"large-{number}", "number": number, "names": {"en": "Large"}}
    return profiles.create_template(fields, parts, actor=None)


class Large:
    """A text with as many sections and revisions, its TWG's people, and two drafts."""

    def __init__(self, sections: int, revisions: int) -> None:
        self.twg: Twg = f.twg("ML", of=f.project())
        self.consultant = f.seat(self.twg, "consultant", "The consultant")
        self.secretariat = f.seat(self.twg, "secretariat", "The secretariat")
        self.observer = f.seat(self.twg, "observer", "An observer")
        edition = f.edition(self.twg, stage="drafting", template=template(100 + sections, sections))
        self.edition = edition
        self.text: Text = services.open_text(edition, actor=None)
        self.sections = list(self.text.sections.all())
        self._write(revisions - 1)
        services.take_draft(self.text, "one", actor=self.consultant)
        self._write_last(revisions)
        self.draft: Draft = services.take_draft(self.text, "two", actor=self.consultant)
        self.section = TextSection.objects.get(pk=self.sections[3].pk)

    def _rows(self, section: TextSection, numbers: Any) -> Iterator[Revision]:
        for number in numbers:
            body = prose(section.pk * 1000 + number % 50)
            yield Revision(
                section=section, number=number, body=body, note=f"change number {number}", author=self.consultant,
                author_name="The consultant", sha256=digests.of_text(body), word_count=WORDS_EACH,
            )  # fmt: skip

    def _write(self, last: int) -> None:
        rows = [row for section in self.sections for row in self._rows(section, range(1, last + 1))]
        Revision.objects.bulk_create(rows, batch_size=500)
        self._stand(last)

    def _write_last(self, number: int) -> None:
        Revision.objects.bulk_create(row for section in self.sections for row in self._rows(section, [number]))
        self._stand(number)

    def _stand(self, number: int) -> None:
        bodies = dict(Revision.objects.filter(number=number).values_list("section", "body"))
        for section in self.sections:
            section.body, section.number, section.word_count = bodies[section.pk], number, WORDS_EACH
        TextSection.objects.bulk_update(self.sections, ["body", "number", "word_count"])

    def busy(self) -> None:
        """Somebody is at work on every section, and has typed."""
        other = f.seat(self.twg, "secretariat", "Somebody busy")
        Presence.objects.bulk_create(Presence(section=s, person=other) for s in self.sections)
        Scratch.objects.bulk_create(Scratch(section=s, person=other, body=prose(1)) for s in self.sections)

    @property
    def pages(self) -> dict[str, str]:
        pk = self.section.pk
        return {
            "edition": reverse("edition", args=[self.edition.pk]),
            "text": reverse("text", args=[self.text.pk]),
            "section": reverse("section", args=[pk]),
            "section-edit": reverse("section-edit", args=[pk]),
            "section-now": reverse("section-now", args=[pk]),
            "section-revisions": reverse("section-revisions", args=[pk]),
            "section-revision": reverse("section-revision", args=[pk, 1]),
            "section-compare": reverse("section-compare", args=[pk]) + "?before=1&way=sides",
            "draft": reverse("draft", args=[self.draft.pk]) + "?page=2",
            "draft-compare": reverse("draft-compare", args=[self.draft.pk]) + "?before=0",
        }


def weight(client: Client, url: str) -> int:
    """What the page costs over the wire, compressed as servers send it."""
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.get("Content-Encoding") == "gzip" or len(answer.content) < 400
    return len(answer.content) + sum(len(k) + len(v) + 4 for k, v in answer.headers.items())


def test_pages_stay_light_and_ask_few_questions_whatever_was_written() -> None:
    large = Large(SECTIONS, REVISIONS)
    assert Revision.objects.count() == PARTS * SECTIONS * REVISIONS == 18_000
    large.busy()
    found: dict[str, tuple[int, int]] = {}
    for name, url in large.pages.items():
        client = browser(large.consultant)
        found[name] = (questions(client, url), weight(client, url))
    print(found)  # noqa: T201 - what was measured, for whoever runs it with -s
    assert {name: count for name, (count, _bytes) in found.items() if count >= FEW} == {}
    assert {name: size for name, (_count, size) in found.items() if size >= LIGHT} == {}


@pytest.mark.parametrize("who", ["consultant", "observer"])
def test_more_sections_and_revisions_ask_no_more_questions(who: str) -> None:
    small, large = Large(1, 2), Large(5, 40)
    for each in (small, large):
        each.busy()

    def asked(of: Large) -> dict[str, int]:
        person: Person = getattr(of, who)
        pages = {name: url for name, url in of.pages.items() if who == "consultant" or name != "section-edit"}
        return {name: questions(browser(person), url) for name, url in pages.items()}

    assert asked(small) == asked(large)


def test_lists_in_the_api_ask_no_more_questions_when_they_grow() -> None:
    from django.test.utils import CaptureQueriesContext

    from tests.api.calls import Caller

    def asked(of: Large) -> dict[str, int]:
        call = Caller(of.consultant)
        counts = {}
        for path in (
            f"sections/?text={of.text.pk}", f"sections/{of.section.pk}/revisions/", f"drafts/?text={of.text.pk}",
            f"drafts/{of.draft.pk}/", f"texts/{of.text.pk}/enclosures/",
        ):  # fmt: skip
            call.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert call.get(path).status_code == 200
            counts[path.split("/")[0] + path.split("/")[-2]] = sum(
                not any(part in query["sql"] for part in EVERY_PAGE) for query in seen
            )
        return counts

    assert [n for _path, n in sorted(asked(Large(1, 2)).items())] == [
        n for _p, n in sorted(asked(Large(4, 30)).items())
    ]
