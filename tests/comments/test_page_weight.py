"""Pages of a round that has grown: as many questions as before, few bytes, comments read page by page (S13)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Max
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.comments import threads
from workflow.comments.models import Remark, Round
from workflow.groups.models import Person, Twg
from workflow.writing.models import TextSection

from . import making as m

pytestmark = pytest.mark.django_db

SECTIONS = 60
IN_ONE_PLACE = 30  # comments on the first section: more than two pages of threads
COMMENTS = 3_000  # in the round as a whole
WORDS = "This figure is not the one of the register; please give the source and the year. " * 3


@dataclass
class Grown:
    """A round, who reads it, and how many questions each page asked with few comments and with many."""

    round: Round
    addresses: list[tuple[Client, str]]
    before: list[int]
    after: list[int]


@pytest.fixture(scope="module")
def grown(django_db_setup: None, django_db_blocker: Any) -> Iterator[Grown]:
    """Built once: the stories below only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        ghana = f.twg("GH")
        people = [m.ministry(ghana, f"Ministry {n}")[1] for n in range(4)]
        round_ = m.opened(ghana, draft(ghana))
        places = m.sections(round_.draft.text)
        fill(round_, people, places[:12])
        addresses = list(pages_of(round_, keeper=f.seat(ghana, "secretariat"), member=people[0]))
        before = [questions(client, url) for client, url in addresses]
        fill(round_, people, places[12:36] + places[:1] * (IN_ONE_PLACE - 1))
        copy(Remark.objects.filter(round=round_, section=places[1]).get(), places[1:])
        yield Grown(round_, addresses, before, [questions(client, url) for client, url in addresses])
        transaction.set_rollback(True)


def draft(ghana: Twg) -> Any:
    """Of many sections, the first one a long one."""
    template = f.profiles.create_template(
        {"code": "big", "number": 77, "names": {"en": "Big"}},
        [{"letter": "A", "titles": {"en": "Part A"}, "sections": [
            {"titles": {"en": f"Section {n}"}} for n in range(SECTIONS)]}],
        actor=None,
    )  # fmt: skip
    edition = f.edition(f.profile(ghana), stage="comment", template=template)
    text = m.text(edition, " ".join(["The figures of the survey are read with care, and so are those who read."] * 40))
    return m.writing.take_draft(text, "Draft", actor=None)


def fill(round_: Round, people: list[Person], places: list[TextSection]) -> None:
    """A comment in each place, every third with a reply."""
    for n, place in enumerate(places):
        made = m.comment(round_, people[n % 4], f"{n}: {WORDS}", section=place)
        if n % 3 == 0:
            threads.reply(made, "Which source?", actor=people[(n + 1) % 4])


def copy(model: Remark, places: list[TextSection]) -> None:
    """The same comment on all other sections in turn, without its history, until the round has all that it shall have.

    Through the service each would take as long as a person's: what is looked at here are pages, which read rows alone.
    """
    round_ = model.round
    told = {field.attname: getattr(model, field.attname) for field in Remark._meta.concrete_fields}
    links = {"id", "comment_ptr_id", "xtdcomment_ptr_id"}
    start = Remark.objects.filter(round=round_).aggregate(last=Max("number"))["last"] + 1
    for number in range(start, start + COMMENTS - Remark.objects.filter(round=round_, parent_id=F("pk")).count()):
        section = places[number % len(places)]
        row = Remark(**{k: v for k, v in told.items() if k not in links} | {"number": number, "section_id": section.pk})
        row.thread_id = row.parent_id = 0
        row.save_base(force_insert=True)
    Remark.objects.filter(round=round_, thread_id=0).update(thread_id=F("pk"), parent_id=F("pk"))


def pages_of(round_: Round, *, keeper: Person, member: Person) -> Iterator[tuple[Client, str]]:
    """Every page of the round, as who runs it and as who comments in it find them."""
    shared = [
        reverse("round", args=[round_.pk]),
        reverse("round-section", args=[round_.pk, m.first(round_).pk]),
        reverse("round-whole", args=[round_.pk]),
        reverse("remark", args=[Remark.objects.get(round=round_, number=1).pk]),
        reverse("round-matrix", args=[round_.pk]),
    ]
    for person, own in ((keeper, "round-answering"), (member, "round-mine")):
        client = browser(person)
        yield from ((client, url) for url in (*shared, reverse(own, args=[round_.pk])))


def test_the_round_is_as_large_as_a_round_can_be(grown: Grown) -> None:
    assert Remark.objects.filter(round=grown.round, number__gt=0).count() == COMMENTS
    shown = grown.addresses[4][0].get(grown.addresses[4][1]).content.decode()
    assert f"{COMMENTS:,} comments" in shown or f"{COMMENTS} comments" in shown


def test_pages_ask_as_many_questions_as_with_few_comments(grown: Grown) -> None:
    assert grown.after == grown.before
    asked = {url: count for (_client, url), count in zip(grown.addresses, grown.after, strict=True)}
    assert {url: count for url, count in asked.items() if count >= 10} == {}


def test_pages_stay_light(grown: Grown) -> None:
    weights = {url: len(gzip.compress(client.get(url).content)) for client, url in grown.addresses}
    assert {url: weight for url, weight in weights.items() if weight >= 15_000} == {}


def test_comments_are_read_page_by_page(grown: Grown) -> None:
    client, address = grown.addresses[1]
    first, second = (" ".join(client.get(f"{address}?page={n}").content.decode().split()) for n in (1, 2))
    assert "Comment 1<" in first
    assert "Comment 1<" not in second
    assert f"1 to 12 of {IN_ONE_PLACE}" in first
    assert f"13 to 24 of {IN_ONE_PLACE}" in second
