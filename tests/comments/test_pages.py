"""Pages of rounds and comments, as each kind of person finds them."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.comments import clearance, threads
from workflow.comments.models import Asked, Muted, Remark, Round
from workflow.engine import inbox
from workflow.groups.models import Institution, Person, Project, Twg

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def ghana(project: Project) -> Twg:
    return f.twg("GH", of=project, names={"en": "TWG of Ghana"}, time_zone="Africa/Accra")


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Kofi Secretariat")


@pytest.fixture
def interior(ghana: Twg) -> tuple[Institution, Person]:
    return m.ministry(ghana)


def page(person: Person | None, name: str, *args: Any, query: str = "") -> str:
    answer = browser(person).get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


def send(person: Person, view: str, /, *args: Any, query: str = "", **fields: Any) -> Any:
    return browser(person).post(reverse(view, args=args) + query, fields, follow=True)


# -- a round ----------------------------------------------------------------------------------------------


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
    outsiders = [f.seat(f.twg("ML", of=project), "secretariat"), f.monitor(f.project()), f.person(), f.administrator()]
    for somebody in outsiders:
        for name in ("round", "round-edit", "round-extend", "round-ask", "round-remind", "round-nothing", "round-whole",
                     "round-mine", "round-submit", "round-clearance", "round-answering"):  # fmt: skip
            assert status(somebody, name, round_.pk) == 404
        assert status(somebody, "round-section", round_.pk, m.first(round_).pk) == 404
        assert status(somebody, "round-new", round_.draft_id) == 404
        for name in ("remark", "remark-edit", "remark-reply", "remark-flag", "remark-unflag"):
            assert status(somebody, name, remark.pk) == 404
        assert send(somebody, "remark-mute", remark.pk).status_code == 404
    assert status(None, "round", round_.pk) == 302


# -- commenting -------------------------------------------------------------------------------------------


def said_of(**more: Any) -> dict[str, Any]:
    return {"comment": "14,500 & not <14,000>.", "kind": "data", "weight": "must", "followup": "on", **more}


def test_a_member_comments_beside_the_text(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    section = m.first(round_)
    found = page(interior[1], "round-section", round_.pk, section.pk)
    for words in ("Ghana counted 14,000 returns", "data-quotable", "Comment here", 'name="before"'):
        assert words in found
    answer = send(interior[1], "round-section", round_.pk, section.pk, **said_of(quote="14,000 returns"))
    remark = Remark.objects.get()
    assert (remark.quote, remark.kind, remark.weight, remark.followup) == ("14,000 returns", "data", "must", True)
    assert answer.redirect_chain[0][0].endswith(f"?page=1#remark-{remark.pk}")
    shown = " ".join(answer.content.decode().split())
    assert "14,500 &amp; not &lt;14,000&gt;." in shown
    assert 'data-quote data-before="Ghana counted "' in shown


def test_html_in_a_comment_is_shown_as_text_everywhere(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana, message="<b>bold</b><script>alert(0)</script>")
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    remark = m.comment(round_, interior[1], hostile)
    threads.reply(remark, hostile, actor=secretariat)
    m.answer(remark, "noted", hostile)
    threads.flag(remark, actor=interior[1], note=hostile)
    pages = [
        page(secretariat, "round", round_.pk),
        page(secretariat, "round-section", round_.pk, m.first(round_).pk),
        page(secretariat, "round-whole", round_.pk),
        page(secretariat, "remark", remark.pk),
        page(secretariat, "round-answering", round_.pk, query="?comment=1"),
        page(interior[1], "round-mine", round_.pk),
        page(secretariat, "history", "remark", remark.pk),
    ]
    for shown in pages:
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>bold" not in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"comment": ""}, "This field is required."),
        ({"comment": "x" * 8001}, "at most 8000 characters; this one has 8001"),
        ({"comment": "zero\x00byte"}, "Null characters are not allowed."),
        ({"kind": "gossip"}, "Select a valid choice."),
        ({"quote": "students abroad pay no fees at all"}, "do not stand in this section"),
        ({"quote": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_given_back(
    ghana: Twg, interior: tuple[Institution, Person], fields: dict[str, str], words: str
) -> None:
    round_ = m.opened(ghana)
    answer = send(interior[1], "round-section", round_.pk, m.first(round_).pk, **said_of(**fields))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "14,500 &amp; not" in answer.content.decode() or "comment" in fields
    assert not Remark.objects.exists()


def test_a_comment_that_comes_a_moment_too_late_is_given_back(
    ghana: Twg, interior: tuple[Institution, Person], time_machine_at: Any
) -> None:
    time_machine_at("2009-03-01 09:00:00Z")
    round_ = m.opened(ghana, days=14)
    section = m.first(round_)
    time_machine_at("2009-03-15 09:00:00Z")
    answer = send(interior[1], "round-section", round_.pk, section.pk, **said_of())
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "The round takes no more comments." in shown
    assert "14,500 &amp; not &lt;14,000&gt;." in shown
    assert "Comment here" not in page(interior[1], "round-section", round_.pk, section.pk)


def test_sections_of_other_drafts_are_not_part_of_the_round(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    elsewhere = m.first(m.planned(f.twg("ML")))
    assert status(interior[1], "round-section", round_.pk, elsewhere.pk) == 404
    assert send(interior[1], "round-section", round_.pk, elsewhere.pk, **said_of()).status_code == 404
    assert status(interior[1], "round-section", round_.pk, 987654) == 404


def test_who_is_not_asked_reads_and_makes_no_comment(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana, institutions=[interior[0]])
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    section = m.first(round_)
    assert "Comment here" not in page(other, "round-section", round_.pk, section.pk)
    assert send(other, "round-section", round_.pk, section.pk, **said_of()).status_code == 403
    assert status(other, "round-mine", round_.pk) == 404


def test_the_secretariat_takes_down_a_comment_from_the_page(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    assert "For a comment that came on paper" in page(secretariat, "round-whole", round_.pk)
    send(secretariat, "round-whole", round_.pk, **said_of(institution=interior[0].pk))
    assert Remark.objects.get().institution == interior[0]
    assert "For a comment that came on paper" not in page(interior[1], "round-whole", round_.pk)


def test_an_observer_reads_the_discussion_without_names(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    consultant = f.seat(ghana, "consultant", "Named Consultant")
    remark = m.comment(round_, interior[1])
    threads.reply(remark, "Which source?", actor=consultant)
    observer = f.seat(ghana, "observer", institution=f.institution(category="civil_society"))
    for shown in (page(observer, "round-section", round_.pk, m.first(round_).pk), page(observer, "remark", remark.pk)):
        assert "The figure is wrong." in shown
        assert "Ministry of Interior" in shown
        assert "Consultant" in shown
        assert "Named Consultant" not in shown
        assert "Member of Ministry" not in shown
        assert "Reply</a>" not in shown


# -- clearance --------------------------------------------------------------------------------------------


def test_clearance_on_pages(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    institution, focal = interior
    expert = m.colleague(ghana, institution)
    round_ = m.opened(ghana)
    section = m.first(round_)
    send(focal, "round-clearance", round_.pk, switch="on")
    assert clearance.is_on(ghana.pk, institution.pk)
    send(focal, "round-clearance", round_.pk, switch="on")
    assert clearance.is_on(ghana.pk, institution.pk), "pressed twice, it is still on"
    assert "stays inside until your focal point submits it" in page(expert, "round-section", round_.pk, section.pk)
    send(expert, "round-section", round_.pk, section.pk, **said_of(comment="Between ourselves."))
    for who, seen in ((focal, True), (expert, True), (secretariat, False)):
        assert ("Between ourselves." in page(who, "round-section", round_.pk, section.pk)) is seen
    draft = Remark.objects.get()
    assert status(secretariat, "remark", draft.pk) == 404
    assert status(secretariat, "history", "remark", draft.pk) == 404
    assert "Submit all as one voice" not in page(expert, "round-mine", round_.pk)
    assert send(expert, "round-submit", round_.pk).status_code in (200, 403)
    send(expert, "remark-edit", draft.pk, version=draft.version, **said_of(comment="More softly."))
    assert "Submit all as one voice" in page(focal, "round-mine", round_.pk)
    send(focal, "round-submit", round_.pk, version=round_.version)
    assert "More softly." in page(secretariat, "round-section", round_.pk, section.pk)
    assert "Between ourselves" not in page(secretariat, "history", "remark", Remark.objects.get(number=1).pk)
    assert send(expert, "round-clearance", round_.pk, switch="off").status_code == 403


# -- a comment --------------------------------------------------------------------------------------------


def test_the_commenter_sees_what_was_changed_and_accepts(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1], fields={"quote": "14,000 returns"})
    revision = m.write(m.first(round_), m.BODY.replace("14,000", "14,500"), note="Figure.")
    m.answer(remark, "accepted", "Thank you.", revision=str(revision.number))
    shown = page(interior[1], "remark", remark.pk)
    for words in (
        "Thank you.", "What was changed", "revision 2", "14,000</del>", "14,500</ins>",
        "These words in the text as it is now", "<mark>14,500 returns</mark>", "They have changed since.",
        "Accept the answer", "Reopen it",
    ):  # fmt: skip
        assert words in shown
    mine = page(interior[1], "round-mine", round_.pk)
    assert "Accept the answer" in mine
    act = reverse("act", args=["remark", remark.pk, "settle"])
    answer = browser(interior[1]).post(act, {"version": remark.version}, follow=True)
    assert "Settled" in answer.content.decode()


def test_words_that_are_gone_are_said_to_be_gone(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1], fields={"quote": "14,000 returns from Libya"})
    m.write(m.first(round_), "Something else altogether stands here now.")
    assert "These words are gone from the text." in page(interior[1], "remark", remark.pk)


def test_replies_flags_and_mail_from_the_page(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    remark = m.comment(round_, interior[1])
    answer = send(secretariat, "remark-reply", remark.pk, comment="Which source?", followup="on")
    reply = Remark.objects.get(level=1)
    assert answer.redirect_chain[0][0].endswith(f"/comments/{remark.pk}/#remark-{reply.pk}")
    assert browser(interior[1]).get(reverse("remark", args=[reply.pk])).status_code == 302
    send(interior[1], "remark-flag", remark.pk, note="It is for the minister.")
    for shown in (page(secretariat, "round", round_.pk), page(secretariat, "remark", remark.pk)):
        assert "eeds the chair" in shown
    assert "Needs the chair" not in page(interior[1], "round", round_.pk)
    remark.refresh_from_db()
    answer = send(secretariat, "remark-unflag", remark.pk, version=remark.version, note="Spoken to the minister.")
    assert "Saved." in answer.content.decode()
    assert "No mail about this thread" in page(interior[1], "remark", remark.pk)
    send(interior[1], "remark-mute", remark.pk, on="yes")
    assert Muted.objects.get().person == interior[1]
    assert "Mail about this thread again" in page(interior[1], "remark", remark.pk)
    send(interior[1], "remark-mute", remark.pk, on="no")
    assert not Muted.objects.exists()


def test_a_withdrawn_comment_says_so(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    m.press(remark, "withdraw", actor=interior[1], note="We were wrong.")
    shown = page(interior[1], "round-section", remark.round_id, remark.section_id)
    assert "Withdrawn" in shown
    assert "The figure is wrong." in shown
    assert "We were wrong." in page(interior[1], "remark", remark.pk)


# -- answering --------------------------------------------------------------------------------------------


def test_the_consultant_answers_one_after_the_other(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    consultant = f.seat(ghana, "consultant")
    round_ = m.opened(ghana)
    one = m.comment(round_, interior[1], "The figure is wrong.")
    m.comment(round_, interior[1], "THE figure is wrong.")
    third = m.comment(round_, interior[1], "Say who issues permits.")
    m.write(m.first(round_), "Another text.", note="After the comments")
    shown = page(consultant, "round-answering", round_.pk)
    for words in ("Answer comment 1", "0 of 3 comments answered", "Give the same answer to these", "Revision 2: After"):
        assert words in shown
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=1", version=one.version, disposition="accepted",
        revision="2", alike=[Remark.objects.get(number=2).pk],
    )  # fmt: skip
    shown = " ".join(answer.content.decode().split())
    assert "Answer comment 3" in shown
    assert "2 of 3 comments answered" in shown
    assert Remark.objects.filter(state="answered", revision__number=2).count() == 2
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=3", version=third.version, disposition="noted"
    )
    assert answer.status_code == 422
    assert "Say why, in a sentence." in answer.content.decode()
    answer = send(
        consultant, "round-answering", round_.pk, query="?comment=3", version=third.version, disposition="noted",
        answer="In Part D.",
    )  # fmt: skip
    assert "Every comment has its answer" in answer.content.decode()


def test_answer_as_another_comment(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    consultant = f.seat(ghana, "consultant")
    round_ = m.opened(ghana)
    m.answer(m.comment(round_, interior[1]), "in_part", "The table says so, too.")
    m.comment(round_, interior[1])
    assert "Answer as comment 1" in page(consultant, "round-answering", round_.pk)
    shown = page(consultant, "round-answering", round_.pk, query="?comment=2&as=1")
    assert "The table says so, too.</textarea>" in shown
    assert 'value="in_part" id="id_disposition_1" required checked' in shown or 'value="in_part"' in shown


def test_only_those_who_answer_open_the_answering_page(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    m.comment(round_, interior[1])
    assert status(interior[1], "round-answering", round_.pk) == 403
    assert status(f.seat(ghana, "chair"), "round-answering", round_.pk) == 403
    keeper = f.seat(ghana, "secretariat")
    assert browser(keeper).get(reverse("round-answering", args=[round_.pk]) + "?comment=77").status_code == 404


def test_a_stale_answer_gives_back_what_was_typed(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    stale = remark.version
    m.press(remark, "withdraw", actor=interior[1], note="We were wrong.")
    answer = send(
        secretariat, "round-answering", remark.round_id, query="?comment=1", version=stale, disposition="noted",
        answer="A long answer, typed in vain.",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "A long answer, typed in vain." in answer.content.decode()


# -- panels, home, weight ---------------------------------------------------------------------------------


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
