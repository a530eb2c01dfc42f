"""Comments: made for an institution, on words of a draft, answered, accepted or reopened, withdrawn (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories as f
from workflow.comments import answering, remarks
from workflow.comments.models import Remark, RemarkState
from workflow.engine import gates, history, kinds
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.models import Event
from workflow.groups.models import Institution, Person, Twg
from workflow.profiles.flow import COMMENTS_ANSWERED

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Kofi Secretariat")


@pytest.fixture
def interior(ghana: Twg) -> tuple[Institution, Person]:
    return m.ministry(ghana)


# -- made -------------------------------------------------------------------------------------------------


def test_a_comment_speaks_for_its_authors_institution(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    institution, member = interior
    round_ = m.opened(ghana)
    made = m.comment(round_, member, "14,500 and not 14,000.", fields={"kind": "data", "weight": "must"})
    again = Remark.objects.get()
    assert (again.institution, again.user, again.comment) == (institution, member, "14,500 and not 14,000.")
    assert (again.kind, again.weight, again.number, again.state) == ("data", "must", 1, "submitted")
    assert (again.thread_id, again.level, again.is_public, again.nested_count) == (made.pk, 0, True, 0)
    [event] = history.events_of(again)
    assert (event.name, event.institution, event.data["words"]) == ("made", "Ministry of Interior", again.comment)
    assert history.verify().broken is None


def test_comments_are_numbered_in_their_round(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    one, other = m.opened(ghana), None
    numbers = [m.comment(one, interior[1], f"Comment {n}").number for n in (1, 2, 3)]
    other = m.opened(ghana, one.draft, name="May round")
    assert (numbers, m.comment(other, interior[1]).number) == ([1, 2, 3], 1)


def test_only_a_seat_that_speaks_for_an_institution_asked_comments(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    institution, _member = interior
    strangers = [
        secretariat,
        f.seat(ghana, "consultant", institution=institution),
        f.seat(ghana, "observer", institution=institution),
        f.seat(f.twg("ML"), "member", institution=institution),
        f.person(),
    ]
    for somebody in strangers:
        with pytest.raises(NotPermitted, match="not asked in this round"):
            m.comment(round_, somebody)
    alternate = m.colleague(ghana, institution)
    assert m.comment(round_, alternate).institution == institution


def test_the_secretariat_takes_down_a_comment_that_came_on_paper(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    made = m.comment(round_, secretariat, "By letter.", institution=interior[0])
    assert (made.institution, made.user, made.inside) == (interior[0], secretariat, False)
    with pytest.raises(NotPermitted):
        m.comment(round_, secretariat, institution=f.institution("Not asked"))
    labour, _other = m.ministry(ghana, "Ministry of Labour")
    with pytest.raises(NotPermitted):
        m.comment(round_, interior[1], institution=labour)


def test_words_are_kept_as_they_are_and_limits_are_told(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    made = m.comment(round_, interior[1], "  <script>alert(1)</script>\r\n\x00Second line  ")
    assert made.comment == "<script>alert(1)</script>\nSecond line"
    assert m.comment(round_, interior[1], "é" * 8000).comment == "é" * 8000
    with pytest.raises(ValidationError, match="at most 8000 characters; this one has 8001"):
        m.comment(round_, interior[1], "x" * 8001)
    with pytest.raises(ValidationError, match="Write the comment first"):
        m.comment(round_, interior[1], " \n\x00")
    assert Remark.objects.count() == 2


def test_a_section_of_another_draft_is_refused(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    elsewhere = m.first(m.planned(f.twg("ML")))
    with pytest.raises(ValidationError, match="not in the draft"):
        m.comment(round_, interior[1], section=elsewhere)


def test_a_comment_can_be_on_the_draft_as_a_whole(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    made = m.comment(m.opened(ghana), interior[1], "Part C is missing.", section=None)
    assert (made.section, made.number) == (None, 1)


def test_the_words_it_is_about_are_kept_with_what_stands_around_them(
    ghana: Twg, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    made = m.comment(round_, interior[1], fields={"quote": " residence\n  permits "})
    assert made.quote == "residence permits"
    assert made.before.endswith("The Ministry of Interior issues ")
    assert made.after.startswith("; the Service of Immigration")
    with pytest.raises(ValidationError, match="do not stand in this section"):
        m.comment(round_, interior[1], fields={"quote": "students abroad pay no fees at all"})
    with pytest.raises(ValidationError, match="do not stand in this section"):
        m.comment(round_, interior[1], section=None, fields={"quote": "residence permits"})


def test_nobody_comments_in_a_round_that_is_not_open(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.planned(ghana)
    with pytest.raises(Unmet, match="takes no more comments"):
        m.comment(round_, interior[1])
    m.press(round_, "open_round")
    m.closed(round_)
    with pytest.raises(Unmet, match="takes no more comments"):
        m.comment(round_, interior[1])


def test_a_seat_that_ended_a_moment_ago_comments_no_more(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    from workflow.groups import access
    from workflow.groups import services as groups

    round_ = m.opened(ghana)
    member = interior[1]
    access.seats(member)  # what a page read before
    groups.end_seat(f.seat_of(member), until="2009-01-01", actor=None, note="Moved.")
    with pytest.raises(NotPermitted):
        m.comment(round_, Person.objects.get(pk=member.pk))
    with pytest.raises(NotPermitted):
        m.comment(round_, member)


# -- answered ---------------------------------------------------------------------------------------------


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


# -- withdrawn, never deleted -----------------------------------------------------------------------------


def test_a_withdrawn_comment_stays_and_asks_for_nothing(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    with pytest.raises(NotPermitted, match="the institution that made it or its author"):
        m.press(remark, "withdraw", actor=secretariat, note="It disturbs.")
    m.press(remark, "withdraw", actor=interior[1], note="We were wrong.")
    m.closed(round_)
    m.press(round_, "finish", actor=secretariat)
    again = Remark.objects.get()
    assert (again.state, again.is_removed, again.comment) == ("withdrawn", True, remark.comment)


def test_what_is_settled_is_not_withdrawn(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    m.answer(remark)
    m.press(remark, "settle", actor=interior[1])
    with pytest.raises(Conflict, match="not possible while"):
        m.press(remark, "withdraw", actor=interior[1], note="After all.")


# -- the engine on a row that is spread over three tables -------------------------------------------------


def test_the_engine_locks_all_tables_of_a_comment_and_writes_its_state_alone(
    ghana: Twg, interior: tuple[Institution, Person]
) -> None:
    from workflow.engine import services as engine

    assert engine.own_tables(Remark) == ("self", "xtdcomment_ptr", "xtdcomment_ptr__comment_ptr")
    remark = m.comment(m.opened(ghana), interior[1])
    assert kinds.of(remark).name == "remark"
    with transaction.atomic():
        assert engine.lock(remark).comment == remark.comment
    with pytest.raises(RuntimeError, match=r"only engine\.perform"), engine.change(remark, "x", actor=None) as change:
        change.subject.state = RemarkState.SETTLED


def test_a_change_that_nobody_recorded_is_found(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    Remark.objects.filter(pk=remark.pk).update(state="withdrawn")
    broken = history.verify().broken
    assert broken is not None
    assert broken.subject == f"remark:{remark.pk}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered", "disposition": ""},
        {"state": "imagined"},
        {"inside": True},
        {"state": "inside"},
        {"inside": True, "state": "inside"},  # with a number
    ],
)
def test_the_database_refuses_what_must_never_be(
    ghana: Twg, interior: tuple[Institution, Person], wrong: dict[str, Any]
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.filter(pk=remark.pk).update(**wrong)


def test_likeness_knows_no_spaces_and_no_capitals() -> None:
    assert remarks.likeness("Été  à\nAccra") == remarks.likeness("été à accra ")
    assert remarks.likeness("a b") != remarks.likeness("ab")


def test_a_comment_leaves_one_event_and_touches_no_other(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    before = Event.objects.count()
    version = round_.version
    m.comment(round_, interior[1])
    round_.refresh_from_db()
    assert (Event.objects.count() - before, round_.version, round_.numbered) == (1, version, 1)
