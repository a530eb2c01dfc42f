"""A comment round from its plan to its last answer (S08, S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories as f
from workflow.comments import deadlines, services, standing
from workflow.comments.models import Asked, Round
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups.models import Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


def test_a_round_goes_from_plan_to_answered(ghana: Twg, secretariat: Person) -> None:
    interior, member = m.ministry(ghana)
    round_ = m.planned(ghana)
    m.press(round_, "open_round", actor=secretariat)
    assert (round_.state, [a.institution for a in round_.asked.all()]) == ("open", [interior])
    remark = m.comment(round_, member)
    m.press(round_, "close", actor=secretariat)
    with pytest.raises(Unmet, match="1 comment has no answer yet"):
        m.press(round_, "finish", actor=secretariat)
    m.answer(remark, by=secretariat)
    m.press(round_, "finish", actor=secretariat)
    assert round_.state == "answered"
    assert history.verify().broken is None


@pytest.mark.parametrize("role", ["member", "alternate", "observer"])
def test_who_does_not_run_the_twg_plans_and_opens_nothing(ghana: Twg, role: str) -> None:
    somebody = f.seat(ghana, role, institution=f.institution())
    with pytest.raises(NotPermitted):
        services.plan_round(ghana, m.draft(ghana), _fields(), actor=somebody)
    round_ = m.planned(ghana)
    with pytest.raises(NotPermitted):
        m.press(round_, "open_round", actor=somebody)


def _fields(**more: Any) -> dict[str, Any]:
    return {"name": "March round", "deadline": timezone.now() + timedelta(days=14), **more}


def test_the_consultant_plans_and_opens_but_does_not_close(ghana: Twg) -> None:
    consultant = f.seat(ghana, "consultant")
    m.ministry(ghana)
    round_ = services.plan_round(ghana, m.draft(ghana), _fields(), actor=consultant)
    m.press(round_, "open_round", actor=consultant)
    with pytest.raises(NotPermitted, match="the chair or the secretariat"):
        m.press(round_, "close", actor=consultant)


def test_a_round_asks_the_institutions_that_speak_and_no_others(ghana: Twg, secretariat: Person) -> None:
    interior, _member = m.ministry(ghana)
    f.seat(ghana, "observer", institution=f.institution("Watchers", category="civil_society"))
    f.seat(ghana, "consultant", institution=f.institution("Bureau of studies"))
    round_ = m.opened(ghana)
    assert [a.institution for a in round_.asked.all()] == [interior]


def test_chosen_institutions_are_asked_alone(ghana: Twg, secretariat: Person) -> None:
    interior, _one = m.ministry(ghana)
    m.ministry(ghana, "Ministry of Labour")
    round_ = services.plan_round(ghana, m.draft(ghana), _fields(everybody=False), [interior], actor=secretariat)
    m.press(round_, "open_round", actor=secretariat)
    assert [a.institution for a in round_.asked.all()] == [interior]


def test_what_could_not_be_held_is_not_planned(ghana: Twg, secretariat: Person) -> None:
    draft = m.draft(ghana)
    m.ministry(ghana)
    stranger = f.institution("Ministry of elsewhere")
    with pytest.raises(ValidationError, match="Nobody could comment"):
        services.plan_round(ghana, draft, _fields(everybody=False), [stranger], actor=secretariat)
    with pytest.raises(ValidationError, match="Choose at least one"):
        services.plan_round(ghana, draft, _fields(everybody=False), [], actor=secretariat)
    with pytest.raises(ValidationError, match="has passed"):
        services.plan_round(ghana, draft, _fields(deadline=timezone.now()), actor=secretariat)
    late = timezone.now().date() + timedelta(days=60)
    with pytest.raises(ValidationError, match="after its deadline"):
        services.plan_round(ghana, draft, _fields(opens_on=late), actor=secretariat)
    for days in ([0], [7, 7], [91], ["7"], [6, 5, 4, 3, 2, 1]):
        with pytest.raises(ValidationError, match="whole days"):
            services.plan_round(ghana, draft, _fields(reminder_days=days), actor=secretariat)
    mali = f.twg("ML")
    keeper = f.seat(mali, "secretariat")
    with pytest.raises(Unmet, match="another TWG's"):
        services.plan_round(mali, draft, _fields(), actor=keeper)
    assert not Round.objects.exists()


def test_several_rounds_are_held_on_one_edition(ghana: Twg, secretariat: Person) -> None:
    m.ministry(ghana)
    first = m.closed(m.opened(ghana))
    m.write(m.first(first), "Another text.")
    second = m.planned(ghana, m.writing.take_draft(first.draft.text, "for the May round", actor=None), name="May round")
    m.press(second, "open_round", actor=secretariat)
    assert second.draft.number == 2


def test_no_round_is_opened_on_a_text_that_is_frozen(ghana: Twg, secretariat: Person) -> None:
    m.ministry(ghana)
    edition = f.edition(ghana, stage="comment")
    round_ = m.planned(ghana, m.draft(edition))
    f.perform(edition, "withdraw", note="Given up.")
    with pytest.raises(Unmet, match="closed"):
        m.press(Round.objects.get(pk=round_.pk), "open_round", actor=secretariat)


def test_a_round_that_would_ask_nobody_does_not_open(ghana: Twg, secretariat: Person) -> None:
    with pytest.raises(Unmet, match="No institution is asked"):
        m.press(m.planned(ghana), "open_round", actor=secretariat)


# -- changed, extended, asked anew ------------------------------------------------------------------------


def test_a_planned_round_is_changed_and_an_open_one_is_not(ghana: Twg, secretariat: Person) -> None:
    interior, _member = m.ministry(ghana)
    labour, _other = m.ministry(ghana, "Ministry of Labour")
    round_ = m.planned(ghana, institutions=[interior])
    services.change_round(round_, {"name": "April round"}, [labour], actor=secretariat, version=round_.version)
    assert round_.name == "April round"
    assert [a.institution for a in round_.asked.all()] == [labour]
    assert history.events_of(round_).last().data["institutions"] == ["Ministry of Labour"]  # type: ignore[union-attr]
    m.press(round_, "open_round")
    with pytest.raises(Unmet, match="Only a planned round"):
        services.change_round(round_, {"name": "May round"}, actor=secretariat)


def test_a_stale_change_is_refused(ghana: Twg, secretariat: Person) -> None:
    round_ = m.planned(ghana)
    seen = round_.version
    services.change_round(round_, {"name": "One"}, actor=secretariat, version=seen)
    with pytest.raises(Conflict):
        services.change_round(round_, {"name": "Two"}, actor=secretariat, version=seen)


def test_a_deadline_is_extended_with_a_reason_and_only_to_a_later_one(ghana: Twg, secretariat: Person) -> None:
    m.ministry(ghana)
    round_ = m.opened(ghana)
    later = round_.deadline + timedelta(days=7)
    with pytest.raises(ValidationError, match="Say why"):
        services.extend(round_, later, actor=secretariat, note=" ")
    with pytest.raises(ValidationError, match="later deadline"):
        services.extend(round_, round_.deadline, actor=secretariat, note="The minister travels.")
    with pytest.raises(NotPermitted):
        services.extend(round_, later, actor=f.seat(ghana, "consultant"), note="The minister travels.")
    services.extend(round_, later, actor=secretariat, note="The minister travels.")
    last = history.events_of(round_).last()
    assert last is not None
    assert (round_.deadline, last.name, last.note) == (later, "extended", "The minister travels.")


def test_extending_a_closed_round_opens_it_again(ghana: Twg, secretariat: Person) -> None:
    m.ministry(ghana)
    round_ = m.closed(m.opened(ghana))
    services.extend(round_, round_.deadline + timedelta(days=7), actor=secretariat, note="Two ministries ask for it.")
    assert round_.state == "open"
    assert [e.name for e in history.events_of(round_)][-2:] == ["extended", "reopen"]
    assert history.verify().broken is None


def test_a_closed_round_opens_again_only_with_a_deadline_ahead(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2009-03-01 09:00:00Z")
    m.ministry(ghana)
    round_ = m.opened(ghana, days=7)
    time_machine_at("2009-03-09 09:00:00Z")
    deadlines.close_due(timezone.now())
    round_.refresh_from_db()
    with pytest.raises(Unmet, match="deadline has passed"):
        m.press(round_, "reopen", note="Somebody forgot.")


def test_an_institution_that_comes_later_is_asked_too(ghana: Twg, secretariat: Person) -> None:
    interior, _member = m.ministry(ghana)
    round_ = m.opened(ghana)
    labour, other = m.ministry(ghana, "Ministry of Labour")
    with pytest.raises(NotPermitted, match="not asked in this round"):
        m.comment(round_, other)
    assert services.ask_more(round_, [interior, labour], actor=secretariat) == [labour]
    with pytest.raises(ValidationError, match="not asked yet"):
        services.ask_more(round_, [labour], actor=secretariat)
    m.comment(round_, other)


def test_a_round_is_cancelled_with_a_reason_and_keeps_what_was_said(ghana: Twg, secretariat: Person) -> None:
    _interior, member = m.ministry(ghana)
    round_ = m.opened(ghana)
    remark = m.comment(round_, member)
    with pytest.raises(Incomplete):
        m.press(round_, "cancel", actor=secretariat)
    m.press(round_, "cancel", actor=secretariat, note="The draft was the wrong one.")
    assert round_.remarks.get() == remark
    with pytest.raises(Unmet, match="takes no more comments"):
        m.comment(round_, member)


# -- who has answered -------------------------------------------------------------------------------------


def test_no_comments_is_an_answer(ghana: Twg) -> None:
    interior, member = m.ministry(ghana)
    labour, _other = m.ministry(ghana, "Ministry of Labour")
    round_ = m.opened(ghana)
    services.say_nothing(round_, actor=member)
    told = {line.institution: line.answered for line in standing.lines(round_)}
    assert told == {interior: True, labour: False}
    assert [row["institution"] for row in standing.silent(round_)] == [labour.pk]
    with pytest.raises(ValidationError, match="said so already"):
        services.say_nothing(round_, actor=member)
    assert history.events_of(round_).last().data == {"institution": interior.pk}  # type: ignore[union-attr]


def test_a_comment_takes_no_comments_back_and_who_has_commented_cannot_say_it(ghana: Twg) -> None:
    _interior, member = m.ministry(ghana)
    round_ = m.opened(ghana)
    services.say_nothing(round_, actor=member)
    remark = m.comment(round_, member)
    assert Asked.objects.get(round=round_).nothing_at is None
    with pytest.raises(ValidationError, match="withdraw its comments first"):
        services.say_nothing(round_, actor=member)
    m.press(remark, "withdraw", actor=member, note="Said in error.")
    [line] = standing.lines(round_)
    assert not line.answered
    services.say_nothing(round_, actor=member)


def test_the_secretariat_takes_down_what_an_institution_says_by_telephone(ghana: Twg, secretariat: Person) -> None:
    interior, _member = m.ministry(ghana)
    round_ = m.opened(ghana)
    with pytest.raises(NotPermitted):
        services.say_nothing(round_, actor=secretariat)
    services.say_nothing(round_, actor=secretariat, institution=interior)
    assert Asked.objects.get(round=round_).nothing_by == secretariat
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    with pytest.raises(NotPermitted):
        services.say_nothing(round_, actor=other, institution=interior)


def test_a_planned_round_shows_who_would_be_asked(ghana: Twg) -> None:
    interior, _member = m.ministry(ghana)
    assert [line.institution for line in standing.lines(m.planned(ghana))] == [interior]
