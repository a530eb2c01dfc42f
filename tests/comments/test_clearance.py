"""What an institution has not submitted is known to those who speak for it, and to nobody else, by no path (S13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as f
from workflow.comments import clearance, remarks, selectors, services, standing, threads
from workflow.comments.models import Remark
from workflow.engine import history, inbox, live, together
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.engine.models import Event
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.writing.progress import progress

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def interior(ghana: Twg) -> Institution:
    return f.institution("Ministry of Interior")


@pytest.fixture
def focal(ghana: Twg, interior: Institution) -> Person:
    """The focal point, who has switched clearance on."""
    somebody = f.seat(ghana, "member", "Focal point", institution=interior)
    clearance.switch(ghana, interior, on=True, actor=somebody)
    return somebody


@pytest.fixture
def expert(ghana: Twg, interior: Institution) -> Person:
    return m.colleague(ghana, interior, "alternate", "Expert of the ministry")


def everybody_else(ghana: Twg, project: Project, interior: Institution) -> list[Person]:
    """People of all kinds who do not speak for the institution, some of whom sit in its building."""
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    return [
        other,
        f.seat(ghana, "chair", institution=f.institution("Presidency")),
        f.seat(ghana, "secretariat", institution=interior),
        f.seat(ghana, "consultant", institution=interior),
        f.seat(ghana, "observer", institution=interior),
        f.seat(f.twg("ML", of=project), "member", institution=interior),
        f.monitor(project),
        f.administrator(),
    ]


def knows(person: Person, remark: Remark) -> bool:
    return Remark.objects.all().visible_to(person).filter(pk=remark.pk).exists()


def test_a_colleagues_comment_stays_inside_until_the_focal_point_submits_it(
    ghana: Twg, project: Project, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    draft = m.comment(round_, expert, "Between ourselves.")
    others = everybody_else(ghana, project, interior)
    assert (draft.inside, draft.state, draft.number, draft.is_public) == (True, "inside", None, False)
    assert knows(focal, draft)
    assert knows(expert, draft)
    assert [person for person in others if knows(person, draft)] == []
    with pytest.raises(NotPermitted, match="focal point"):
        m.press(draft, "submit", actor=expert)
    m.press(draft, "submit", actor=focal)
    read = draft.submitted_as
    assert read is not None
    assert (read.comment, read.user, read.institution, read.number) == ("Between ourselves.", focal, interior, 1)
    assert [person for person in others if knows(person, draft)] == []
    assert all(knows(person, read) for person in others[:5])
    assert history.verify().broken is None


def test_what_was_said_before_clearance_never_comes_out_with_it(
    ghana: Twg, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    draft = m.comment(round_, expert, "The minister fears this figure.")
    threads.reply(draft, "Say it more softly.", actor=focal)
    remarks.change_remark(draft, "The figure should be checked.", {}, actor=focal, version=draft.version)
    m.press(draft, "submit", actor=focal)
    read = draft.submitted_as
    assert read is not None
    told = str([e.content() for e in history.events_of(read)])
    assert "The figure should be checked." in told
    for secret in ("fears", "softly", "Expert of the ministry"):
        assert secret not in told
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    seen = Remark.objects.all().visible_to(other)
    assert [r.comment for r in seen] == ["The figure should be checked."]
    assert read.nested_count == 0


def test_a_focal_point_speaks_directly_or_keeps_it_inside(ghana: Twg, focal: Person) -> None:
    round_ = m.opened(ghana)
    assert not m.comment(round_, focal).inside
    assert m.comment(round_, focal, inside=True).inside


def test_everything_is_submitted_at_once_as_one_voice(
    ghana: Twg, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    drafts = [m.comment(round_, expert, f"Number {n}") for n in range(3)]
    threads.reply(drafts[0], "Between colleagues.", actor=expert)
    with pytest.raises(NotPermitted):
        remarks.submit_all(round_, interior, actor=expert)
    submitted = remarks.submit_all(round_, interior, actor=focal)
    assert [(r.comment, r.number, r.user) for r in submitted] == [(f"Number {n}", n + 1, focal) for n in range(3)]
    assert remarks.submit_all(round_, interior, actor=focal) == []
    assert Remark.objects.filter(state="inside").get().comment == "Between colleagues."


def test_nothing_is_submitted_after_the_deadline(
    ghana: Twg, focal: Person, expert: Person, interior: Institution
) -> None:
    round_ = m.opened(ghana)
    draft = m.comment(round_, expert)
    m.closed(round_)
    with pytest.raises(Unmet, match="takes no more comments"):
        m.press(Remark.objects.get(pk=draft.pk), "submit", actor=focal)
    with pytest.raises(Unmet, match="takes no more comments"):
        remarks.submit_all(round_, interior, actor=focal)
    assert Remark.objects.get().state == "inside"


def test_what_is_withdrawn_inside_is_known_to_nobody_else_either(
    ghana: Twg, project: Project, interior: Institution, focal: Person, expert: Person
) -> None:
    draft = m.comment(m.opened(ghana), expert)
    m.press(draft, "withdraw", actor=focal, note="Not our matter.")
    assert draft.state == "withdrawn"
    assert not any(knows(person, draft) for person in everybody_else(ghana, project, interior))
    assert knows(expert, draft)


def test_what_is_submitted_is_changed_no_more(ghana: Twg, focal: Person, expert: Person) -> None:
    round_ = m.opened(ghana)
    said = m.comment(round_, focal)
    with pytest.raises(Unmet, match="withdraw it and make another"):
        remarks.change_remark(said, "Other words.", {}, actor=focal)
    draft = m.comment(round_, expert)
    stale = draft.version
    remarks.change_remark(draft, "Other words.", {"weight": "must"}, actor=focal, version=stale)
    assert (draft.comment, draft.weight) == ("Other words.", "must")
    with pytest.raises(Conflict):
        remarks.change_remark(draft, "And others.", {}, actor=expert, version=stale)
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    with pytest.raises(NotPermitted):
        remarks.change_remark(draft, "Mine.", {}, actor=other)


def test_nothing_inside_counts_anywhere(
    ghana: Twg, project: Project, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    others = everybody_else(ghana, project, interior)
    m.comment(round_, expert)
    [line] = [line for line in standing.lines(round_) if line.institution == interior]
    assert (line.comments, line.answered, line.last) == (0, False, None)
    counted: Any = selectors.counted(selectors.rounds(others[2])).get(pk=round_.pk)
    assert (counted.comment_count, counted.waiting_count, counted.answered_count) == (0, 0, 0)
    assert all(part.comments == 0 for part in together.answer(selectors.sections(round_)))
    for person in (*others, expert):
        parts = together.answer(progress(round_.draft.text, person))
        assert not [count for part in parts for line in part.lines for count in line.counts]
    m.closed(round_)
    m.press(round_, "finish")  # nobody is held up by what is not there
    assert round_.state == "answered"


def test_nothing_inside_is_told_live(
    ghana: Twg, project: Project, interior: Institution, focal: Person, expert: Person, pulses: Any
) -> None:
    round_ = m.opened(ghana)
    pulses.all().delete()
    told = Event.objects.count()
    draft = m.comment(round_, expert)
    reply = threads.reply(draft, "Between colleagues.", actor=focal)
    m.press(reply, "withdraw", actor=focal, note="x")
    m.press(draft, "withdraw", actor=focal, note="x")
    subjects = {(e.subject_kind, e.subject_id) for e in Event.objects.all()[told:]}
    assert subjects == {("remark", draft.pk), ("remark", reply.pk)}
    assert not pulses.exists()
    for person in everybody_else(ghana, project, interior):
        assert not live.watchable(person, subjects)
    assert live.watchable(expert, subjects) == subjects


def test_no_comments_can_be_said_while_something_is_inside(ghana: Twg, focal: Person, expert: Person) -> None:
    """Refusing it would tell the secretariat, who takes it down by telephone, that something is there."""
    round_ = m.opened(ghana)
    m.comment(round_, expert)
    services.say_nothing(round_, actor=f.seat(ghana, "secretariat"), institution=f.seat_of(focal).institution)


def test_a_reply_of_a_colleague_waits_for_clearance_too(
    ghana: Twg, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    services.ask_more(round_, [_labour], actor=None)
    theirs = m.comment(round_, other)
    draft = threads.reply(theirs, "We see it otherwise.", actor=expert)
    assert (draft.inside, draft.state, draft.thread_id) == (True, "inside", theirs.pk)
    assert not knows(other, draft)
    aside = threads.reply(draft, "Do we?", actor=focal)
    assert aside.inside
    m.press(draft, "submit", actor=focal)
    read = draft.submitted_as
    assert read is not None
    assert (read.state, read.parent_id, read.number) == ("said", theirs.pk, None)
    assert knows(other, read)
    with pytest.raises(Unmet, match="between colleagues"):
        m.press(aside, "submit", actor=focal)
    assert not threads.reply(theirs, "In our own name.", actor=focal).inside


def test_only_the_focal_point_decides_about_what_was_cleared(
    ghana: Twg, focal: Person, expert: Person, interior: Institution
) -> None:
    remark = m.comment(m.opened(ghana), focal)
    m.answer(remark)
    for step in ("settle", "reopen", "withdraw"):
        with pytest.raises(Unmet, match="this is for its focal point"):
            m.press(remark, step, actor=expert, note="x")
    clearance.switch(ghana, interior, on=False, actor=focal)
    m.press(remark, "settle", actor=expert)


def test_only_the_focal_point_switches_it_and_only_the_institution_knows(
    ghana: Twg, project: Project, interior: Institution, focal: Person, expert: Person
) -> None:
    for somebody in (expert, *everybody_else(ghana, project, interior)):
        with pytest.raises(NotPermitted, match="focal point"):
            clearance.switch(ghana, interior, on=False, actor=somebody)
    clearance.switch(ghana, interior, on=False, actor=focal)
    assert not m.comment(m.opened(ghana), expert).inside
    assert not clearance.is_on(f.twg("ML").pk, interior.pk)


def test_the_focal_point_is_told_of_what_waits_inside(
    ghana: Twg, interior: Institution, focal: Person, expert: Person
) -> None:
    round_ = m.opened(ghana)
    m.comment(round_, expert)
    titles = [str(item.title) for item in inbox.of(focal).waiting]
    assert "1 comment is inside your institution, not submitted" in titles
    assert not [t for t in titles if t.startswith("Comment on")]
    assert [str(i.title) for i in inbox.of(expert).waiting] == [f"Comment on {round_.draft}"]
