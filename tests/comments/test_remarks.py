"""Comments: made for an institution, on words of a draft, withdrawn (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories as f
from workflow.comments import matrix, remarks, services
from workflow.comments.models import Remark, RemarkState
from workflow.engine import history, kinds
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.models import Event, OutboxRow
from workflow.groups import access
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


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
    round_ = m.opened(ghana)
    member = interior[1]
    access.seats(member)  # what a page read before
    groups.end_seat(f.seat_of(member), until="2009-01-01", actor=None, note="Moved.")
    with pytest.raises(NotPermitted):
        m.comment(round_, Person.objects.get(pk=member.pk))
    with pytest.raises(NotPermitted):
        m.comment(round_, member)


def test_an_institution_that_leaves_keeps_what_it_has_said_and_holds_nobody_up(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    institution, member = interior
    said = m.comment(round_, member, "Said before.")
    expert = m.colleague(ghana, institution)
    m.comment(round_, expert, "Between ourselves.", inside=True)
    for person in (member, expert):
        groups.end_seat(f.seat_of(person), until="2009-01-01", actor=None, note="The ministry has left.")
    assert not Remark.objects.all().visible_to(Person.objects.get(pk=expert.pk))
    [row] = matrix.rows(matrix.comments(round_, secretariat, {}), codes=True)
    assert (row["institution"], row["comment"]) == (str(institution), "Said before.")
    services.remind(round_, actor=secretariat)
    m.closed(round_)
    m.answer(said, by=secretariat)
    m.press(round_, "finish", actor=secretariat)
    m.deliver()
    assert not OutboxRow.objects.filter(kind="mail", payload__person__in=[member.pk, expert.pk], status="done").exists()


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
