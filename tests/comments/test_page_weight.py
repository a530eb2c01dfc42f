"""Pages of rounds with many comments: few questions, few bytes (S13)."""

from __future__ import annotations

import gzip

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.comments import threads
from workflow.comments.models import Remark, Round
from workflow.groups.models import Person, Twg

from . import making as m
from .on_pages import page

pytestmark = pytest.mark.django_db


def big(ghana: Twg, comments: int, sections: int = 60) -> Round:
    """A round on a draft of many sections, each comment with a reply."""
    template = f.profiles.create_template(
        {"code": "big", "number": 77, "names": {"en": "Big"}},
        [{"letter": "A", "titles": {"en": "Part A"}, "sections": [
            {"titles": {"en": f"Section {n}"}} for n in range(sections)]}],
        actor=None,
    )  # fmt: skip
    edition = f.edition(f.profile(ghana), stage="comment", template=template)
    text = m.text(edition, " ".join(["The figures of the survey are read with care, and so are those who read."] * 40))
    members(ghana)
    round_ = m.opened(ghana, m.writing.take_draft(text, "Draft", actor=None))
    fill(round_, comments)
    return round_


def members(ghana: Twg) -> list[Person]:
    """Four, each of a ministry of their own, made the first time."""
    known = list(Person.objects.filter(name__startswith="Member of Ministry").order_by("pk"))
    return known or [m.ministry(ghana, f"Ministry {n}")[1] for n in range(4)]


def fill(round_: Round, comments: int) -> None:
    people = members(round_.twg)
    places = m.sections(round_.draft.text)
    words = "This figure is not the one of the register; please give the source and the year. " * 3
    for n in range(comments):
        made = m.comment(round_, people[n % 4], f"{n}: {words}", section=places[n % len(places)])
        if n % 3 == 0:
            threads.reply(made, "Which source?", actor=people[(n + 1) % 4])


PAGES = ("round", "round-section", "round-whole", "round-mine", "round-answering")


def addresses(round_: Round, person_is_keeper: bool) -> dict[str, str]:
    urls = {name: reverse(name, args=[round_.pk]) for name in PAGES if name != "round-section"}
    urls["round-section"] = reverse("round-section", args=[round_.pk, m.first(round_).pk])
    urls["remark"] = reverse("remark", args=[Remark.objects.filter(round=round_, number=1).get().pk])
    del urls["round-mine" if person_is_keeper else "round-answering"]
    return urls


def test_pages_ask_a_constant_number_of_questions_below_ten(ghana: Twg, secretariat: Person) -> None:
    round_ = big(ghana, comments=12, sections=6)
    member = f.Person.objects.get(name="Member of Ministry 0")
    clients = {True: browser(secretariat), False: browser(member)}
    before = {
        (keeps, name): questions(client, url)
        for keeps, client in clients.items() for name, url in addresses(round_, keeps).items()
    }  # fmt: skip
    fill(round_, 60)
    after = {
        (keeps, name): questions(client, url)
        for keeps, client in clients.items() for name, url in addresses(round_, keeps).items()
    }  # fmt: skip
    assert after == before
    assert {key: count for key, count in after.items() if count >= 10} == {}


def test_pages_stay_light_with_many_comments(ghana: Twg, secretariat: Person) -> None:
    round_ = big(ghana, comments=240)
    places = m.sections(round_.draft.text)
    member = f.Person.objects.get(name="Member of Ministry 0")
    for n in range(30):
        m.comment(
            round_,
            member,
            f"{n}: " + "Another figure that differs from the register of the year. " * 4,
            section=places[0],
        )
    for keeps, client in ((True, browser(secretariat)), (False, browser(member))):
        for name, url in addresses(round_, keeps).items():
            weight = len(gzip.compress(client.get(url).content))
            assert weight < 15_000, (name, weight)


def test_comments_are_read_page_by_page(ghana: Twg, secretariat: Person) -> None:
    round_ = big(ghana, comments=60, sections=2)
    first = page(secretariat, "round-section", round_.pk, m.first(round_).pk)
    second = page(secretariat, "round-section", round_.pk, m.first(round_).pk, query="?page=2")
    assert "Comment 1<" in first
    assert "Comment 1<" not in second
    assert "1 to 12 of 30" in first
    assert "13 to 24 of 30" in second
