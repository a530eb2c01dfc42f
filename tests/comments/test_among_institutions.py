"""A discussion among institutions leaves no trace with those who are not part of it, by any path (S30, S31)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.comments import selectors, services, threads
from workflow.comments.models import Discussion, Remark, Round
from workflow.engine import gates, inbox, kinds, live, together
from workflow.engine.errors import NotPermitted
from workflow.engine.flow import Act
from workflow.engine.models import Event
from workflow.engine.selectors import actions
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.profiles.flow import COMMENTS_ANSWERED, EditionFlow
from workflow.profiles.models import Edition
from workflow.writing.progress import progress

from . import making as m

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(ghana: Twg) -> Edition:
    return f.edition(ghana, stage="comment")


@pytest.fixture
def round_(ghana: Twg, edition: Edition, interior: tuple[Institution, Person]) -> Round:
    return m.opened(
        ghana, m.draft(edition), institutions=[interior[0]], discussion=Discussion.INSTITUTIONS, name="Zyxround",
        message="Zyxmessage",
    )  # fmt: skip


@pytest.fixture
def remark(round_: Round, interior: tuple[Institution, Person]) -> Remark:
    made = m.comment(round_, interior[1], "Zyxcomment")
    threads.reply(made, "Zyxreply", actor=interior[1])
    return made


def left_out(ghana: Twg, project: Project) -> list[Person]:
    _labour, other = m.ministry(ghana, "Ministry of Labour")
    return [
        other,
        f.seat(ghana, "observer", institution=f.institution(category="civil_society")),
        f.monitor(project),
        f.seat(f.twg("ML", of=project), "secretariat"),
        f.administrator(),
    ]


def let_in(ghana: Twg, interior: tuple[Institution, Person]) -> list[Person]:
    return [
        interior[1],
        m.colleague(ghana, interior[0]),
        f.seat(ghana, "chair"),
        f.seat(ghana, "secretariat"),
        f.seat(ghana, "consultant"),
    ]


def test_those_asked_and_those_who_run_it_read_it_and_nobody_else(
    ghana: Twg, project: Project, interior: tuple[Institution, Person], round_: Round, remark: Remark
) -> None:
    for person in let_in(ghana, interior):
        assert Round.objects.all().visible_to(person).get() == round_
        assert Remark.objects.all().visible_to(person).count() == 2
    for person in left_out(ghana, project):
        assert not Round.objects.all().visible_to(person)
        assert not Remark.objects.all().visible_to(person)
        with pytest.raises(NotPermitted):
            threads.reply(remark, "And I?", actor=person)


def test_no_page_tells_those_left_out(
    ghana: Twg, project: Project, edition: Edition, round_: Round, remark: Remark
) -> None:
    section = m.first(round_)
    pages = [
        reverse("home"), reverse("twg", args=[ghana.code]), reverse("edition", args=[edition.pk]),
        reverse("text", args=[round_.draft.text_id]), reverse("draft", args=[round_.draft_id]),
        reverse("section", args=[section.pk]), reverse("search") + "?q=Zyxcom", reverse("search") + "?q=Zyxrou",
        reverse("round", args=[round_.pk]), reverse("round-section", args=[round_.pk, section.pk]),
        reverse("round-matrix", args=[round_.pk]), reverse("remark", args=[remark.pk]),
        reverse("history", args=["round", round_.pk]), reverse("history", args=["remark", remark.pk]),
        f"/api/v1/rounds/{round_.pk}/", "/api/v1/rounds/", "/api/v1/comments/", f"/api/v1/comments/{remark.pk}/",
        f"/api/v1/rounds/{round_.pk}/asked/", f"/api/v1/editions/{edition.pk}/actions/",
    ]  # fmt: skip
    # The sweep opens every address as everybody; here as those who are nearest to the discussion.
    for person in left_out(ghana, project)[:2]:
        client = browser(person)
        for url in pages:
            shown = client.get(url).content.decode().replace("q=Zyx", "")
            for word in ("Zyxmessage", "Zyxcomment<", "Zyxreply", "Zyxround</a>", "Comment rounds", "open comments"):
                assert word not in shown, (person, url, word)


def test_nothing_is_counted_for_those_left_out(
    ghana: Twg, project: Project, interior: tuple[Institution, Person], round_: Round, remark: Remark
) -> None:
    for person in let_in(ghana, interior):
        counted = together.read(open=selectors.open_by_section(round_.draft.text, person))
        assert counted == {"open": [(remark.section_id, 1)]}
    for person in left_out(ghana, project)[:3]:
        assert together.read(open=selectors.open_by_section(round_.draft.text, person)) == {"open": []}
        parts = together.answer(progress(round_.draft.text, person))
        assert not [count for part in parts for line in part.lines for count in line.counts]
        found = inbox.of(person)
        assert not [item for item in (*found.waiting, *found.coming) if "Zyx" in f"{item.title}{item.detail}"]


def test_nothing_is_told_live_to_those_left_out(
    ghana: Twg, project: Project, interior: tuple[Institution, Person], round_: Round, pulses: Any
) -> None:
    pulses.all().delete()
    seen = Event.objects.count()
    made = m.comment(round_, interior[1])
    m.answer(made)
    subjects = {(e.subject_kind, e.subject_id) for e in Event.objects.all()[seen:]}
    subjects |= set(pulses.values_list("subject_kind", "subject_id"))
    assert {kind for kind, _pk in subjects} == {"round", "remark"}
    for person in left_out(ghana, project):
        assert not live.watchable(person, subjects)
    assert live.watchable(interior[1], subjects) == subjects


def test_no_mail_goes_to_those_left_out(
    ghana: Twg, project: Project, interior: tuple[Institution, Person], round_: Round, mailoutbox: list[Any]
) -> None:
    outsiders = {person.email for person in left_out(ghana, project)}
    made = m.comment(round_, interior[1])
    threads.flag(made, actor=interior[1])
    m.answer(made)
    m.closed(round_)
    m.press(round_, "finish")
    m.deliver()
    told = {mail.to[0] for mail in mailoutbox if "Zyx" in mail.subject + mail.body}
    assert told
    assert not told & outsiders


def test_the_editions_gate_gives_each_reader_the_reason_that_they_may_know(
    ghana: Twg, project: Project, edition: Edition, interior: tuple[Institution, Person], round_: Round, remark: Remark
) -> None:
    chair = f.seat(ghana, "chair")
    observer = f.seat(ghana, "observer", institution=f.institution())

    def reason(person: Any) -> str:
        return str(gates.ask(COMMENTS_ANSWERED, edition).told_to(person).reason)

    assert reason(chair) == "1 comment has no answer yet."
    assert reason(observer) == "No comment round has been held on this edition."
    open_one = m.opened(ghana, round_.draft, name="For all", institutions=[interior[0]])
    m.closed(open_one)
    m.press(open_one, "finish")
    assert reason(observer) == "Not every comment has its answer yet."
    hints = [str(a.hint) for a in actions(edition, observer)]
    assert "Not every comment has its answer yet." in hints
    assert not [hint for hint in hints if "Zyx" in hint or "1 comment" in hint]
    m.answer(remark)
    assert reason(chair) == "The round “Zyxround” is not finished: Open."
    assert "Zyx" not in reason(observer)
    m.closed(round_)
    m.press(round_, "finish")
    assert gates.ask(COMMENTS_ANSWERED, edition)


def test_an_institution_asked_later_comes_in_with_all_that_was_said(ghana: Twg, round_: Round, remark: Remark) -> None:
    labour, other = m.ministry(ghana, "Ministry of Labour")
    assert not Remark.objects.all().visible_to(other)
    services.ask_more(round_, [labour], actor=None)
    assert Remark.objects.all().visible_to(other).count() == 2


# -- the gate ---------------------------------------------------------------------------------------------


def test_the_edition_leaves_comment_only_when_every_round_is_answered(
    ghana: Twg, edition: Edition, interior: tuple[Institution, Person]
) -> None:
    flow = EditionFlow(edition, Act(actor=None, offering=True))
    transition = flow.find("request_endorsement")
    assert transition is not None

    def reason() -> str:
        return str(gates.ask(COMMENTS_ANSWERED, edition).reason)

    draft = m.draft(edition)
    assert reason() == "No comment round has been held on this edition."
    first, second = m.opened(ghana, draft), m.planned(ghana, draft, name="May round")
    made = [m.comment(first, interior[1], f"{n}") for n in range(2)]
    assert reason() == "2 comments have no answer yet."
    for remark in made:
        m.answer(remark)
    assert reason() == "The round “March round” is not finished: Open."
    m.press(m.closed(first), "finish")
    assert reason() == "The round “May round” is not finished: Planned."
    m.press(second, "cancel", note="One was enough.")
    assert gates.ask(COMMENTS_ANSWERED, edition)
    f.engine.perform(EditionFlow(edition), "request_endorsement", actor=f.seat(ghana, "chair"))
    assert edition.stage == "endorsement"


def test_a_recorded_decision_answers_the_gate_instead(
    ghana: Twg, edition: Edition, interior: tuple[Institution, Person]
) -> None:
    m.comment(m.opened(ghana, m.draft(edition)), interior[1])
    f.perform(edition, "request_endorsement", actor=f.seat(ghana, "chair"))
    assert edition.stage == "endorsement"
    assert kinds.of(edition).name == "edition"


def test_a_round_on_another_text_holds_no_edition_back(
    ghana: Twg, edition: Edition, interior: tuple[Institution, Person]
) -> None:
    terms = ghana.terms.get(state="draft")
    text = m.writing.open_text(terms, actor=None)
    m.write(m.sections(text)[0], "The TWG advises the minister.")
    m.opened(ghana, m.writing.take_draft(text, "for the TWG", actor=None))
    done = m.opened(ghana, m.draft(edition))
    m.press(m.closed(done), "finish")
    assert gates.ask(COMMENTS_ANSWERED, edition)
