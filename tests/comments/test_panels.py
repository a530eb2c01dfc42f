"""Rounds on the pages of what they are about, and on the home page (S13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from workflow.comments import threads
from workflow.engine import inbox
from workflow.groups.models import Institution, Person, Twg

from . import making as m
from .on_pages import page

pytestmark = pytest.mark.django_db


def test_rounds_stand_on_the_pages_of_what_they_are_about(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    edition = f.edition(ghana, stage="comment")
    round_ = m.opened(ghana, m.draft(edition))
    m.comment(round_, interior[1])
    section = m.first(round_)
    for name, args in (
        ("edition", [edition.pk]), ("text", [round_.draft.text_id]), ("draft", [round_.draft_id]),
        ("twg", [ghana.code]), ("section", [section.pk]),
    ):  # fmt: skip
        found = page(secretariat, name, *args)
        assert "March round" in found, name
        assert "1 comment, 1 without an answer" in found, name
    assert "1 open comments" in page(secretariat, "text", round_.draft.text_id)
    assert "The figure is wrong." in page(secretariat, "section-edit", section.pk)


def titles(person: Person) -> list[str]:
    return [str(item.title) for item in inbox.of(person).waiting]


def test_home_is_what_waits(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    consultant, chair = f.seat(ghana, "consultant"), f.seat(ghana, "chair")
    round_ = m.opened(ghana)
    ask = f"Comment on {round_.draft}"
    item = next(i for i in inbox.of(interior[1]).waiting if str(i.title) == ask)
    assert (item.url, item.due) == (reverse("round", args=[round_.pk]), timezone.localtime(round_.deadline).date())
    assert str(item.action) == "Comment"
    remark = m.comment(round_, interior[1])
    assert ask not in titles(interior[1])
    assert "1 comment without an answer" in titles(consultant)
    assert "1 comment without an answer" not in titles(secretariat), "the consultant answers first"
    threads.flag(remark, actor=interior[1])
    for person in (secretariat, chair):
        assert "1 comment needs the chair's attention" in titles(person)
    m.closed(round_)
    assert "1 comment without an answer" in titles(secretariat)
    m.answer(remark)
    assert "March round: every comment has its answer" in titles(secretariat)
    assert "Your comment was answered" in titles(interior[1])
    m.press(remark, "settle", actor=interior[1])
    assert "Your comment was answered" not in titles(interior[1])
    m.press(round_, "finish")
    assert not [t for t in titles(secretariat) if "March round" in t]


def test_a_round_that_could_not_open_waits_for_the_secretariat(ghana: Twg, secretariat: Person) -> None:
    m.planned(ghana, opens_on=timezone.now().date() - timedelta(days=1))
    assert "March round has not opened" in titles(secretariat)


def test_what_is_coming(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    m.opened(ghana)
    m.planned(ghana, opens_on=timezone.now().date() + timedelta(days=5), name="May round")
    told = [str(item.title) for item in inbox.of(secretariat).coming]
    assert "March round closes" in told
    assert "May round opens" in told
