"""Comments answered, accepted or reopened; one answer for those that say the same (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from workflow.comments import answering
from workflow.comments.models import Remark
from workflow.engine import gates, history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups.models import Institution, Person, Twg
from workflow.profiles.flow import COMMENTS_ANSWERED

from . import making as m

pytestmark = pytest.mark.django_db


def test_an_answer_carries_disposition_words_and_the_revision_that_did_it(
    ghana: Twg, interior: tuple[Institution, Person]
) -> None:
    consultant = f.seat(ghana, "consultant", "The consultant")
    remark = m.comment(m.opened(ghana), interior[1])
    revision = m.write(m.first(remark.round), m.BODY.replace("14,000", "14,500"), note="Figure of 2007.")
    event = m.answer(remark, "in_part", "The register says 14,500.", by=consultant, revision=str(revision.number))
    assert (remark.state, remark.disposition, remark.answer) == ("answered", "in_part", "The register says 14,500.")
    assert (remark.revision, remark.answered_by) == (revision, consultant)
    assert event.data == {"disposition": "in_part", "answer": "The register says 14,500.", "revision": 2}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"disposition": "noted"}, "answer"),
        ({"disposition": "not_accepted", "answer": "  "}, "answer"),
        ({"disposition": "maybe", "answer": "x"}, "disposition"),
        ({"answer": "x"}, "disposition"),
        ({"disposition": "accepted", "revision": "77"}, "revision"),
        ({"disposition": "accepted", "answer": "x" * 4001}, "answer"),
    ],
)
def test_an_incomplete_answer_says_what_is_missing(
    ghana: Twg, interior: tuple[Institution, Person], answers: dict[str, Any], field: str
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    with pytest.raises(Incomplete) as refusal:
        m.press(remark, "answer", **answers)
    assert field in refusal.value.fields
    remark.refresh_from_db()
    assert remark.state == "submitted"


def test_a_revision_of_another_section_did_not_do_it(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    other = m.sections(remark.round.draft.text)[1]
    for body in ("One.", "Two.", "Three."):
        m.write(other, body)
    with pytest.raises(Incomplete):
        m.answer(remark, revision="3")


@pytest.mark.parametrize("role", ["member", "alternate", "observer", "chair"])
def test_only_consultant_and_secretariat_answer(ghana: Twg, interior: tuple[Institution, Person], role: str) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    with pytest.raises(NotPermitted, match="the consultant or the secretariat"):
        m.answer(remark, by=f.seat(ghana, role, institution=interior[0]))


def test_two_stale_answers_do_not_overwrite_each_other(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    seen = remark.version
    m.answer(remark, by=secretariat, version=seen)
    with pytest.raises(Conflict):
        m.answer(Remark.objects.get(), "noted", "Noted.", by=secretariat, version=seen)
    assert Remark.objects.get().disposition == "accepted"


def test_the_commenter_accepts_the_answer_or_reopens_with_a_reason(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    m.answer(remark, by=secretariat)
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    with pytest.raises(NotPermitted, match="the institution that made it"):
        m.press(remark, "settle", actor=other)
    with pytest.raises(Incomplete):
        m.press(remark, "reopen", actor=interior[1])
    m.press(remark, "reopen", actor=interior[1], note="The table still says 14,000.")
    assert remark.state == "reopened"
    m.answer(remark, "accepted", "Now in the table, too.", by=secretariat)
    m.press(remark, "settle", actor=m.colleague(ghana, interior[0]))
    assert remark.state == "settled"
    assert history.verify().broken is None


def test_a_comment_reopened_after_the_round_was_answered_takes_the_round_up_again(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    m.closed(round_)
    m.answer(remark, by=secretariat)
    m.press(round_, "finish", actor=secretariat)
    edition = round_.draft.text.about
    assert gates.ask(COMMENTS_ANSWERED, edition)
    m.press(remark, "reopen", actor=interior[1], note="It does not do.")
    round_.refresh_from_db()
    last = history.events_of(round_).last()
    assert last is not None
    assert (round_.state, last.name, last.actor, last.note) == ("closed", "take_up", None, "Comment 1 was reopened.")
    assert gates.ask(COMMENTS_ANSWERED, edition).reason == "1 comment has no answer yet."
    with pytest.raises(Unmet, match="1 comment has no answer yet"):
        m.press(round_, "finish", actor=secretariat)


def test_once_the_text_has_gone_on_nothing_is_reopened(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    edition = f.edition(ghana, stage="comment")
    round_ = m.opened(ghana, m.draft(edition))
    remark = m.comment(round_, interior[1])
    m.closed(round_)
    m.answer(remark, by=secretariat)
    m.press(round_, "finish", actor=secretariat)
    f.perform(edition, "request_endorsement", actor=secretariat)
    with pytest.raises(Unmet, match="frozen at this stage"):
        m.press(Remark.objects.get(), "reopen", actor=interior[1], note="Too late.")
    m.press(Remark.objects.get(), "settle", actor=interior[1])


def test_an_answered_round_has_to_be_taken_up_before_an_answer_is_changed(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    m.closed(round_)
    m.answer(remark, by=secretariat)
    m.press(round_, "finish", actor=secretariat)
    with pytest.raises(Unmet, match="taken up again first"):
        m.answer(Remark.objects.get(), "noted", "On second thoughts.", by=secretariat)
    m.press(round_, "take_up", actor=secretariat, note="An answer was wrong.")
    m.answer(Remark.objects.get(), "noted", "On second thoughts.", by=secretariat)


def test_comments_that_say_the_same_get_one_answer(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    one = m.comment(round_, interior[1], "The figure  is WRONG.")
    m.ministry(ghana, "Ministry of Labour")
    twin = m.comment(round_, interior[1], "the figure is wrong.", section=m.sections(round_.draft.text)[1])
    stranger = m.comment(round_, interior[1], "The figure is right.")
    assert answering.alike(one, secretariat) == [twin]
    with pytest.raises(ValidationError, match="say something else: 3"):
        answering.answer_alike(one, [stranger], {"disposition": "accepted"}, actor=secretariat)
    revision = m.write(m.first(round_), "Another figure.")
    answers = {"disposition": "accepted", "answer": "", "revision": str(revision.number)}
    answering.answer_alike(one, [twin], answers, actor=secretariat, version=one.version)
    told = {r.number: (r.state, r.revision) for r in Remark.objects.order_by("number")}
    assert told == {1: ("answered", revision), 2: ("answered", None), 3: ("submitted", None)}


def test_of_several_answers_all_are_given_or_none(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    one, twin = m.comment(round_, interior[1]), m.comment(round_, interior[1])
    m.press(twin, "withdraw", actor=interior[1], note="Said twice.")
    with pytest.raises(Conflict):
        answering.answer_alike(one, [twin], {"disposition": "accepted"}, actor=secretariat)
    one.refresh_from_db()
    assert one.state == "submitted"


def test_the_next_comment_to_answer_follows_the_text(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    parts = m.sections(round_.draft.text)
    last = m.comment(round_, interior[1], section=parts[3])
    whole = m.comment(round_, interior[1], section=None)
    first = m.comment(round_, interior[1], section=parts[0])
    order = []
    after = 0
    for _turn in range(4):
        found = answering.next_unanswered(round_, after)
        assert found is not None
        order.append(found.pk)
        after = found.number or 0
    assert order == [whole.pk, first.pk, last.pk, whole.pk]
    for remark in (whole, first, last):
        m.answer(remark)
    assert answering.next_unanswered(round_, after) is None
