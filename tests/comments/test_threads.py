"""Threads: who replies, how replies stand, flags for the chair, mail and no mail (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_comments.models import CommentFlag

from tests import factories as f
from workflow.comments import reading, threads
from workflow.comments.models import Remark
from workflow.engine import history
from workflow.engine.errors import NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.models import Institution, Modality, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


def test_those_who_take_part_reply_and_others_do_not(
    ghana: Twg, interior: tuple[Institution, Person], consultant: Person, remark: Remark
) -> None:
    made = threads.reply(remark, "Which source?", actor=consultant)
    assert (made.thread_id, made.parent_id, made.level) == (remark.pk, remark.pk, 1)
    assert (made.state, made.number, made.institution) == ("said", None, None)
    back = threads.reply(made, "The register.", actor=interior[1])
    assert (back.level, back.institution) == (2, interior[0])
    project_less = [
        f.seat(ghana, "observer", institution=f.institution()),
        f.seat(f.twg("ML"), "member", institution=interior[0]),
        f.person(),
        f.administrator(),
    ]
    for somebody in project_less:
        with pytest.raises(NotPermitted, match="take part in the round"):
            threads.reply(remark, "And I?", actor=somebody)
    assert history.verify().broken is None


def test_replies_stand_below_what_they_reply_to_in_the_order_in_which_they_came(
    ghana: Twg, interior: tuple[Institution, Person], consultant: Person, remark: Remark
) -> None:
    one = threads.reply(remark, "one", actor=consultant)
    threads.reply(remark, "two", actor=consultant)
    threads.reply(one, "one, one", actor=interior[1])
    threads.reply(remark, "three", actor=consultant)
    threads.reply(one, "one, two", actor=consultant)
    [said] = reading.with_replies(reading.told(Remark.objects.filter(pk=remark.pk)), reading.reader_of(
        remark.round, consultant))  # fmt: skip
    assert [(r.depth, r.remark.comment) for r in said.replies] == [
        (1, "one"), (2, "one, one"), (2, "one, two"), (1, "two"), (1, "three"),
    ]  # fmt: skip


def test_a_thread_is_as_deep_as_a_phone_can_show(interior: tuple[Institution, Person], remark: Remark) -> None:
    deepest = remark
    for _level in range(3):
        deepest = threads.reply(deepest, "Deeper.", actor=interior[1])
    with pytest.raises(ValidationError, match="deep enough"):
        threads.reply(deepest, "Too deep.", actor=interior[1])


def test_nothing_is_said_below_what_was_withdrawn_or_after_the_end(
    interior: tuple[Institution, Person], consultant: Person, remark: Remark
) -> None:
    reply = threads.reply(remark, "Which source?", actor=consultant)
    m.press(reply, "withdraw", actor=consultant, note="Found it.")
    with pytest.raises(Unmet, match="withdrawn"):
        threads.reply(reply, "Which?", actor=interior[1])
    round_ = m.closed(remark.round)
    remark = Remark.objects.get(pk=remark.pk)
    threads.reply(remark, "The talk goes on while answers are given.", actor=interior[1])
    m.answer(remark)
    m.press(round_, "finish")
    with pytest.raises(Unmet, match="over"):
        threads.reply(Remark.objects.get(pk=remark.pk), "One more thing.", actor=interior[1])


def test_a_reply_asks_for_no_disposition(consultant: Person, remark: Remark) -> None:
    threads.reply(remark, "Which source?", actor=consultant)
    assert Remark.objects.all().unanswered().count() == 1
    m.answer(remark)
    m.press(m.closed(remark.round), "finish")


def test_a_new_reply_is_told_to_those_who_have_the_thread_open(consultant: Person, remark: Remark, pulses: Any) -> None:
    pulses.all().delete()
    threads.reply(remark, "Which source?", actor=consultant)
    assert ("remark", remark.pk) in set(pulses.values_list("subject_kind", "subject_id"))


# -- the chair's attention --------------------------------------------------------------------------------


def test_a_member_asks_for_the_chairs_attention_and_the_secretariat_takes_it_off_with_a_note(
    ghana: Twg, interior: tuple[Institution, Person], remark: Remark
) -> None:
    secretariat = f.seat(ghana, "secretariat")
    threads.flag(remark, actor=interior[1], note="It is for the minister.")
    threads.flag(remark, actor=interior[1])
    assert CommentFlag.objects.count() == 1
    with pytest.raises(NotPermitted):
        threads.unflag(remark, actor=interior[1], note="Done.")
    with pytest.raises(ValidationError, match="what was done"):
        threads.unflag(remark, actor=secretariat, note=" ")
    threads.unflag(remark, actor=secretariat, note="The chair has spoken to the minister.")
    assert [(e.name, e.note) for e in history.events_of(remark)][1:] == [
        ("flagged", "It is for the minister."),
        ("unflagged", "The chair has spoken to the minister."),
    ]
    with pytest.raises(Unmet, match="any more"):
        threads.unflag(remark, actor=secretariat, note="Again.")
    assert history.verify().broken is None


def test_observers_by_their_seat_or_by_the_terms_flag_nothing(ghana: Twg, remark: Remark) -> None:
    terms = ghana.terms.get(state="draft")
    groups.change_terms(terms, {}, {"civil_society": (Modality.OBSERVER, False)}, actor=None)
    f.adopt(terms)
    for role, category in (("observer", "government"), ("member", "civil_society")):
        somebody = f.seat(ghana, role, institution=f.institution(category=category))
        assert Remark.objects.all().visible_to(somebody).exists(), "they read it"
        with pytest.raises(NotPermitted, match="take part in the round"):
            threads.flag(remark, actor=somebody)
    assert not CommentFlag.objects.exists()
