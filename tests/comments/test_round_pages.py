"""Pages of rounds, as each kind of person finds them (S13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.groups.reading import browser
from workflow.comments.models import Asked, Round
from workflow.groups.models import Institution, Person, Project, Twg

from . import making as m
from .on_pages import page, send, status

pytestmark = pytest.mark.django_db


def plan_of(**more: Any) -> dict[str, Any]:
    return {
        "name": "March round", "message": "Look at Part C.", "deadline": "2030-03-30T18:00", "reminder_days": "7, 2",
        "everybody": "yes", "discussion": "twg", **more,
    }  # fmt: skip


def test_a_round_is_planned_on_a_draft_in_the_twgs_own_time(secretariat: Person) -> None:
    kinshasa = f.twg("CD", time_zone="Africa/Kinshasa")
    keeper = f.seat(kinshasa, "secretariat")
    draft = m.draft(kinshasa)
    assert reverse("round-new", args=[draft.pk]) in page(keeper, "draft", draft.pk)
    found = page(keeper, "round-new", draft.pk)
    assert "time zone, Africa/Kinshasa." in found
    assert 'value="for the March round"' in found
    answer = send(keeper, "round-new", draft.pk, **plan_of())
    assert "The round is planned." in answer.content.decode()
    round_ = Round.objects.get()
    assert round_.deadline.isoformat() == "2030-03-30T17:00:00+00:00"
    assert (round_.reminder_days, round_.everybody, round_.twg) == ([7, 2], True, kinshasa)
    edit = page(keeper, "round-edit", round_.pk)
    assert 'value="2030-03-30T18:00"' in edit
    assert 'value="7, 2"' in edit


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"deadline": "2001-01-01T12:00"}, "This moment has passed."),
        ({"deadline": "soon"}, "Enter a valid date/time."),
        ({"reminder_days": "a week"}, "Write whole numbers of days"),
        ({"reminder_days": "100"}, "whole days between 1 and 90"),
        ({"everybody": "no"}, "Choose at least one institution"),
        ({"discussion": "secret"}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
        ({"opens_on": "2031-01-01"}, "after its deadline"),
    ],
)
def test_a_plan_that_makes_no_sense_is_answered_on_its_field(
    ghana: Twg, secretariat: Person, interior: Any, fields: dict[str, str], words: str
) -> None:
    answer = send(secretariat, "round-new", m.draft(ghana).pk, **plan_of(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Look at Part C." in answer.content.decode(), "what was typed is given back"
    assert not Round.objects.exists()


def test_the_page_of_a_round_says_where_it_stands(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    m.ministry(ghana, "Ministry of Labour")
    round_ = m.opened(ghana, message="Look at Part C.")
    m.comment(round_, interior[1])
    found = page(secretariat, "round", round_.pk)
    for words in (
        "March round", "Open", "Look at Part C.", "1 of 2 institutions", "Ministry of Labour", "not yet",
        "Close the round", "Remind those who have not answered", "Extend the deadline", "Answer the comments",
        f'data-live="round:{round_.pk}"', "1 comment, 1 without an answer",
        reverse("round-section", args=[round_.pk, m.first(round_).pk]),
    ):  # fmt: skip
        assert words in found
    mine = page(interior[1], "round", round_.pk)
    assert "Your institution has made 1 comment." in mine
    assert "Remind those who have not answered" not in mine
    assert "This is for the chair or the secretariat." in mine


def test_buttons_of_a_round_work_by_one_press(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    said = send(interior[1], "round-nothing", round_.pk, version=round_.version).content.decode()
    assert "Noted: your institution has no comments." in said
    assert Asked.objects.get().nothing_by == interior[1]
    round_.refresh_from_db()
    said = send(secretariat, "round-remind", round_.pk, version=round_.version).content.decode()
    assert "reminded by mail" in said
    stale = send(secretariat, "round-remind", round_.pk, version=round_.version)
    assert stale.status_code == 409
    later = timezone.localtime(round_.deadline + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    round_.refresh_from_db()
    answer = send(secretariat, "round-extend", round_.pk, version=round_.version, deadline=later, note="More time.")
    assert "The deadline is moved" in answer.content.decode()
    round_.refresh_from_db()
    answer = send(secretariat, "round-extend", round_.pk, version=round_.version, deadline=later, note="More time.")
    assert answer.status_code == 422
    assert "later deadline" in answer.content.decode()


def test_institutions_are_asked_later_from_the_page(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    assert status(secretariat, "round-ask", round_.pk) == 409
    labour, _other = m.ministry(ghana, "Ministry of Labour")
    assert "Ministry of Labour" in page(secretariat, "round-ask", round_.pk)
    send(secretariat, "round-ask", round_.pk, version=round_.version, institutions=[labour.pk])
    assert Asked.objects.filter(round=round_).count() == 2


def test_a_round_on_a_template_is_held_by_a_twg_whose_edition_is_at_that_stage(ghana: Twg, secretariat: Person) -> None:
    edition = f.edition(ghana)
    template = edition.template
    text = m.writing.open_text(template, actor=None)
    m.write(m.sections(text)[0], "What the section should say.")
    draft = m.writing.take_draft(text, "for the TWGs", actor=None)
    m.ministry(ghana)
    mali = f.twg("ML")
    keeper_of_mali = f.seat(mali, "secretariat")
    assert "Hold a round of TWG of Ghana" in page(secretariat, "draft", draft.pk)
    assert "Hold a round" not in page(keeper_of_mali, "draft", draft.pk)
    assert status(keeper_of_mali, "round-new", draft.pk) == 409
    answer = send(secretariat, "round-new", draft.pk, query=f"?twg={ghana.code}", **plan_of())
    assert answer.status_code == 200
    round_ = Round.objects.get()
    m.press(round_, "open_round", actor=secretariat)
    assert "March round" in page(secretariat, "template", template.code)
    assert status(keeper_of_mali, "round", round_.pk) == 404
    assert "March round" not in page(keeper_of_mali, "template", template.code)
    assert browser(secretariat).get(reverse("round-new", args=[draft.pk]) + f"?twg={mali.code}").status_code == 404


def test_a_round_on_terms_of_reference(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    terms = ghana.terms.get(state="draft")
    text = m.writing.open_text(terms, actor=None)
    m.write(m.sections(text)[0], "The TWG advises the minister.")
    round_ = m.opened(ghana, m.writing.take_draft(text, "for the TWG", actor=None))
    m.comment(round_, interior[1], fields={"quote": "advises"})
    assert "March round" in page(secretariat, "terms", terms.pk)
    f.adopt(terms)
    with pytest.raises(Exception, match="not a draft any more"):
        m.press(m.planned(ghana, round_.draft), "open_round")


def test_what_one_does_not_know_of_is_not_there(
    ghana: Twg, project: Project, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    for somebody in (f.seat(f.twg("ML", of=project), "secretariat"), f.administrator()):
        for name in ("round", "round-edit", "round-extend", "round-ask", "round-remind", "round-nothing", "round-whole",
                     "round-mine", "round-submit", "round-clearance", "round-answering"):  # fmt: skip
            assert status(somebody, name, round_.pk) == 404
        assert status(somebody, "round-section", round_.pk, m.first(round_).pk) == 404
        assert status(somebody, "round-new", round_.draft_id) == 404
        for name in ("remark", "remark-edit", "remark-reply", "remark-flag", "remark-unflag"):
            assert status(somebody, name, remark.pk) == 404
        assert send(somebody, "remark-mute", remark.pk).status_code == 404
    assert status(None, "round", round_.pk) == 302
