"""Many comment at once, and one closes: none is lost, none slips in. Real threads, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories as f
from tests.engine.test_two_at_once import at_once
from workflow.comments import offline, remarks, services, threads
from workflow.comments.models import Asked, Remark, RemarkState, Round
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet
from workflow.engine.models import Event
from workflow.groups import sheets
from workflow.groups.models import Person
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition
from workflow.writing.models import TextSection

from . import making as m

pytestmark = pytest.mark.django_db(transaction=True)


def commenting(round_: Round, person: Person, words: str) -> Callable[[], Remark]:
    """As a request does: with rows of its own."""
    section = m.first(round_)

    def work() -> Remark:
        mine, me = Round.objects.get(pk=round_.pk), Person.objects.get(pk=person.pk)
        return remarks.remark(mine, words, actor=me, section=TextSection.objects.get(pk=section.pk))

    return work


def pressing(remark: Remark | Round, step: str, person: Person | None, **answers: Any) -> Callable[[], Event]:
    def work() -> Event:
        mine = type(remark).objects.get(pk=remark.pk)
        me = Person.objects.get(pk=person.pk) if person else None
        return m.press(mine, step, actor=me, note="Because.", **answers)

    return work


def test_twenty_people_comment_at_once_and_none_is_lost() -> None:
    ghana = f.twg("GH")
    people = [m.ministry(ghana, f"Ministry {n}")[1] for n in range(20)]
    round_ = m.opened(ghana)
    outcome = at_once(*[commenting(round_, person, f"Comment {n}") for n, person in enumerate(people)])
    assert all(isinstance(o, Remark) for o in outcome), outcome
    kept = Remark.objects.filter(round=round_)
    assert {r.comment for r in kept} == {f"Comment {n}" for n in range(20)}
    assert sorted(r.number or 0 for r in kept) == list(range(1, 21))
    assert history.verify().broken is None


@pytest.mark.parametrize("turn", range(3))
def test_what_is_said_while_the_round_closes_is_either_kept_or_refused(turn: int) -> None:
    ghana = f.twg("GH")
    people = [m.ministry(ghana, f"Ministry {n}")[1] for n in range(6)]
    round_ = m.opened(ghana)
    works = [commenting(round_, person, f"Comment {n}") for n, person in enumerate(people)]
    outcome = at_once(*works, pressing(round_, "close", None))
    kept = [o for o in outcome if isinstance(o, Remark)]
    refused = [o for o in outcome if isinstance(o, Unmet)]
    assert len(kept) + len(refused) == 6, outcome
    closed = next(o for o in outcome if isinstance(o, Event))
    assert closed.data["comments"] == Remark.objects.count() == len(kept)
    assert all(r.submit_date <= closed.at for r in kept)


def test_the_last_answer_and_the_finish_at_once_never_leave_a_comment_unanswered() -> None:
    ghana = f.twg("GH")
    _interior, member = m.ministry(ghana)
    secretariat = f.seat(ghana, "secretariat")
    round_ = m.opened(ghana)
    remark = m.comment(round_, member)
    m.closed(round_)
    m.answer(remark)
    at_once(
        pressing(round_, "finish", secretariat), pressing(remark, "reopen", member),
    )  # fmt: skip
    round_.refresh_from_db()
    remark.refresh_from_db()
    assert (round_.state, remark.state) == ("closed", "reopened")
    assert history.verify().broken is None


def test_replies_at_once_all_stand_in_the_thread() -> None:
    ghana = f.twg("GH")
    people = [m.ministry(ghana, f"Ministry {n}")[1] for n in range(8)]
    round_ = m.opened(ghana)
    remark = m.comment(round_, people[0])

    def replying(person: Person) -> Callable[[], Remark]:
        def work() -> Remark:
            parent = Remark.objects.select_related("round__twg").get(pk=remark.pk)
            return threads.reply(parent, f"By {person.pk}", actor=Person.objects.get(pk=person.pk))

        return work

    outcome = at_once(*map(replying, people), pressing(remark, "answer", None, disposition="accepted", answer=""))
    assert [o for o in outcome if isinstance(o, Exception)] == []
    thread = Remark.objects.filter(thread_id=remark.pk)
    assert thread.count() == 9
    assert len({r.order for r in thread}) == 9
    remark.refresh_from_db()
    assert (remark.state, remark.comment) == ("answered", "The figure is wrong.")


def test_one_voice_and_a_single_submission_at_once_submit_each_comment_once() -> None:
    ghana = f.twg("GH")
    institution, focal = m.ministry(ghana)
    expert = m.colleague(ghana, institution)
    round_ = m.opened(ghana)
    drafts = [m.comment(round_, expert, f"Draft {n}", inside=True) for n in range(4)]

    second = m.colleague(ghana, institution, "member", "The second focal point")

    def all_at_once(by: Person) -> Callable[[], Any]:
        def work() -> list[Remark]:
            mine = Round.objects.get(pk=round_.pk)
            return remarks.submit_all(mine, institution, actor=Person.objects.get(pk=by.pk))

        return work

    outcome = at_once(
        all_at_once(focal), *[pressing(draft, "submit", second) for draft in drafts], all_at_once(second)
    )  # fmt: skip
    assert not [o for o in outcome if isinstance(o, Exception) and not isinstance(o, Conflict)], outcome
    submitted = Remark.objects.filter(round=round_).comments()
    assert sorted(r.comment for r in submitted) == [f"Draft {n}" for n in range(4)]
    assert Remark.objects.filter(state=RemarkState.CLEARED).count() == 4
    assert history.verify().broken is None


@pytest.mark.parametrize("stated", [True, False], ids=["with the version that was read", "without"])
def test_two_answers_at_once_to_one_comment_stand_one_after_the_other(stated: bool) -> None:
    ghana = f.twg("GH")
    consultant, keeper = f.seat(ghana, "consultant"), f.seat(ghana, "secretariat")
    member = m.ministry(ghana)[1]
    remark = m.comment(m.opened(ghana), member)
    version = remark.version if stated else None

    def answering(person: Person, disposition: str) -> Callable[[], Event]:
        def work() -> Event:
            mine, me = Remark.objects.get(pk=remark.pk), Person.objects.get(pk=person.pk)
            return m.answer(mine, disposition, f"Says {disposition}.", by=me, version=version)

        return work

    outcome = at_once(answering(consultant, "noted"), answering(keeper, "in_part"))
    kept = [o for o in outcome if isinstance(o, Event)]
    assert [type(o) for o in outcome if o not in kept] == ([Conflict] if stated else [])
    remark.refresh_from_db()
    last = max(kept, key=lambda event: event.sequence)
    assert (remark.state, remark.answer) == ("answered", f"Says {last.data['disposition']}.")
    assert history.verify().broken is None


def test_the_edition_does_not_go_on_beside_the_comment_that_is_reopened() -> None:
    ghana = f.twg("GH")
    member = m.ministry(ghana)[1]
    chair = f.seat(ghana, "chair")
    round_ = m.opened(ghana)
    edition = round_.draft.text.about
    remark = m.comment(round_, member)
    m.closed(round_)
    m.answer(remark)
    m.press(round_, "finish")

    def going_on() -> Event:
        mine, me = Edition.objects.get(pk=edition.pk), Person.objects.get(pk=chair.pk)
        return engine.perform(EditionFlow(mine), "request_endorsement", actor=me)

    at_once(going_on, pressing(remark, "reopen", member))
    edition.refresh_from_db()
    remark.refresh_from_db()
    assert (edition.stage, remark.state) in (("endorsement", "answered"), ("comment", "reopened"))
    assert history.verify().broken is None


def test_two_colleagues_bring_the_same_file_in_at_once_and_its_comments_are_made_once() -> None:
    ghana = f.twg("GH")
    institution, member = m.ministry(ghana)
    other = m.colleague(ghana, institution)
    round_ = m.opened(ghana)
    sheet = sheets.read("c.csv", b"place,comment\n,One.\n,Two.\n", offline.LAYOUT)

    def bringing(person: Person) -> Callable[[], int]:
        def work() -> int:
            mine, me = Round.objects.get(pk=round_.pk), Person.objects.get(pk=person.pk)
            plan = offline.plan(sheet, mine, institution)
            return offline.apply(plan.to_do, mine, institution, actor=me)

        return work

    outcome = at_once(bringing(member), bringing(other))
    assert sorted(Remark.objects.values_list("comment", flat=True)) == ["One.", "Two."], outcome


def test_words_changed_while_they_are_submitted_go_out_whole_or_stay() -> None:
    ghana = f.twg("GH")
    institution, focal = m.ministry(ghana)
    round_ = m.opened(ghana)
    draft = m.comment(round_, m.colleague(ghana, institution), "First words", inside=True)

    def change() -> None:
        mine = Remark.objects.select_related("round__twg").get(pk=draft.pk)
        remarks.change_remark(mine, "Second words", {}, actor=Person.objects.get(pk=focal.pk))

    at_once(change, pressing(draft, "submit", focal))
    draft.refresh_from_db()
    read = Remark.objects.get(number=1)
    assert draft.state == "cleared"
    assert read.comment == draft.comment, "what the TWG reads is what stands inside"


def test_two_colleagues_say_at_once_that_there_are_no_comments_and_one_event_says_so() -> None:
    ghana = f.twg("GH")
    institution, member = m.ministry(ghana)
    other = m.colleague(ghana, institution)
    round_ = m.opened(ghana)

    def saying(person: Person) -> Callable[[], None]:
        def work() -> None:
            services.say_nothing(Round.objects.get(pk=round_.pk), actor=Person.objects.get(pk=person.pk))

        return work

    outcome = at_once(saying(member), saying(other))
    assert sum(o is None for o in outcome) == 1, outcome
    assert Event.objects.filter(name="nothing_to_say").count() == 1
    assert Asked.objects.get().nothing_at is not None


def test_two_ticks_at_once_close_a_round_once(time_machine_at: Any) -> None:
    from datetime import timedelta

    from workflow.comments import deadlines

    time_machine_at("2009-03-01 09:00:00Z")
    ghana = f.twg("GH")
    m.ministry(ghana)
    round_ = m.opened(ghana, days=14)
    now = round_.deadline + timedelta(seconds=1)
    outcome = at_once(*[lambda: deadlines.close_due(now)] * 4)
    assert sum(o for o in outcome if isinstance(o, int)) == 1, outcome
    assert Event.objects.filter(subject_kind="round", name="close").count() == 1
