"""After a hand-over the project's consultant plans no comment rounds and asks nobody for data: the update institution's
people do, who draft now (S02, S11, S13). Before it, and for a profile that was not handed over, the consultant does.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.api.calls import Caller, problem
from tests.comments import making as comments
from tests.datarequests import making as data
from tests.datarequests.test_mail import deliver, told
from tests.groups.reading import browser
from workflow.comments import services as rounds
from workflow.comments.models import Round
from workflow.datarequests import services as requests
from workflow.datarequests.models import DataRequest
from workflow.engine import history, inbox
from workflow.engine.errors import NotPermitted
from workflow.groups import access
from workflow.groups.models import Person
from workflow.profiles.selectors import drafters
from workflow.writing import services as writing
from workflow.writing.models import Draft, TextSection

from .making import Country, country, following, published
from .test_access import may, people, waits_for

pytestmark = pytest.mark.django_db

ITS_PEOPLE = {"update institution", "its alternate"}
ASKED = {"what": "Residence permits, 2009 to 2011", "why": "For Part C.", "due": date(2999, 6, 1)}


@pytest.fixture
def ghana() -> Country:
    """Published and handed over to the statistical office."""
    made = country()
    published(made)
    return made


def begun(of: Country) -> TextSection:
    """The first section of the next edition, written by the institution."""
    text = writing.open_text(following(of, stage="drafting"), actor=of.statistician)
    section: TextSection = text.sections.get(place="A.1")
    writing.save(section, comments.BODY, actor=of.statistician, base=0)
    return section


def submitted(of: Country) -> Draft:
    section = begun(of)
    f.perform(section.text.about, "submit_draft", actor=of.statistician)
    return Draft.objects.get(text=section.text)


def ask(of: Country, by: Person, **fields: Any) -> DataRequest:
    [made] = requests.ask(of.twg, [of.ministry], ASKED | {"what": f"A series for {by}"} | fields, actor=by)
    return made


def plan(of: Country, draft: Draft, by: Person) -> Round:
    told = {"name": f"Round of {by}", "deadline": timezone.now() + timedelta(days=14), "everybody": True}
    return rounds.plan_round(of.twg, draft, told, actor=by)


# -- data requests --------------------------------------------------------------------------------------------


def test_who_asks_institutions_for_data(ghana: Country) -> None:
    allowed = {"secretariat"} | ITS_PEOPLE
    assert may(people(ghana), lambda person: ask(ghana, person)) == allowed
    section = begun(ghana)
    with pytest.raises(NotPermitted, match="whoever drafts for the TWG or the secretariat"):
        ask(ghana, ghana.consultant, section=section)
    asked = may(people(ghana), lambda person: ask(ghana, person, section=section, what=f"For A.1, by {person.pk}"))
    assert asked == allowed


def test_what_the_consultant_had_asked_before_passes_on_with_the_drafting() -> None:
    ghana = country()
    mine = ask(ghana, ghana.consultant)
    answered = ask(ghana, ghana.consultant, what="Returns from Libya")
    data.press(answered, "answer", actor=ghana.official, note="14,000.")
    assert waits_for(ghana.consultant, "1 answer to a data request")
    published(ghana)
    for step, answers in (("extend", {"note": "Later.", "due": date(2999, 7, 1)}), ("withdraw", {"note": "No more."})):
        with pytest.raises(NotPermitted, match="whoever drafts for the TWG or the secretariat"):
            data.press(mine, step, actor=ghana.consultant, **answers)
    with pytest.raises(NotPermitted):
        requests.change_request(mine, {"why": "Mine still."}, actor=ghana.consultant)
    assert not waits_for(ghana.consultant, "answer to a data request")
    assert waits_for(ghana.statistician, "1 answer to a data request")
    data.press(answered, "receive", actor=ghana.statistician)
    assert answered.state == "received"


def test_an_answer_is_told_to_those_who_draft_now(ghana: Country) -> None:
    asked = ask(ghana, ghana.statistician)
    deliver()
    data.press(asked, "answer", actor=ghana.official, note="12,431 permits.")
    assert [address for address, _subject in deliver()] == told(ghana.secretariat, ghana.statistician)


def test_the_pages_offer_the_consultant_no_asking_and_refuse_what_an_old_page_sends(ghana: Country) -> None:
    section, asked = begun(ghana), ask(ghana, ghana.statistician)
    new = reverse("data-request-new", args=[ghana.twg.code])
    listed, page = reverse("data-requests", args=[ghana.twg.code]), reverse("data-request", args=[asked.pk])
    for person, offered in ((ghana.statistician, True), (ghana.consultant, False)):
        client = browser(person)
        assert (new in client.get(listed).text) is offered
        assert (new in client.get(reverse("twg", args=[ghana.twg.code])).text) is offered
        assert (new in client.get(reverse("section", args=[section.pk])).text) is offered
        assert (reverse("data-request-edit", args=[asked.pk]) in client.get(page).text) is offered
        assert client.get(new).status_code == client.get(f"{new}?section={section.pk}").status_code
        assert client.get(new).status_code == (200 if offered else 403)
    before = DataRequest.objects.count()
    form = ASKED | {"institutions": [ghana.ministry.pk]}
    assert browser(ghana.consultant).post(new, form).status_code == 403
    stale = {"note": "Found.", "version": asked.version}
    assert browser(ghana.consultant).post(f"/do/request/{asked.pk}/withdraw/", stale).status_code == 403
    asked.refresh_from_db()
    assert (asked.state, DataRequest.objects.count()) == ("asked", before)


def test_a_program_is_told_whose_it_is(ghana: Country) -> None:
    body = {"twg": ghana.twg.code, "institutions": [ghana.ministry.code], **ASKED, "due": "2999-06-01"}
    refused = problem(Caller(ghana.consultant).post("requests/", body), 403, "not-permitted")
    assert refused["detail"] == "This is for whoever drafts for the TWG or the secretariat."
    assert Caller(ghana.statistician).post("requests/", body).status_code == 201


# -- comment rounds -------------------------------------------------------------------------------------------


def test_who_plans_and_opens_a_round_on_the_next_edition(ghana: Country) -> None:
    draft = submitted(ghana)
    planned = []
    who = people(ghana)
    allowed = {"chair", "secretariat"} | ITS_PEOPLE
    assert may(who, lambda person: planned.append(plan(ghana, draft, person))) == allowed
    [first, *_others] = planned

    def change(person: Person) -> None:
        rounds.change_round(first, {"message": f"As {person} says."}, actor=person)

    assert may(who, change) == allowed
    for name, person in who.items():
        if name not in allowed:
            with pytest.raises(NotPermitted):
                comments.press(first, "open_round", actor=person)
    comments.press(first, "open_round", actor=ghana.statistician)
    with pytest.raises(NotPermitted, match="the chair, the secretariat or whoever drafts for the TWG"):
        rounds.remind(first, actor=ghana.consultant)


def test_the_pages_offer_the_consultant_no_round_and_refuse_what_an_old_page_sends(ghana: Country) -> None:
    draft = submitted(ghana)
    new, page = reverse("round-new", args=[draft.pk]), reverse("draft", args=[draft.pk])
    for person, offered in ((ghana.statistician, True), (ghana.consultant, False)):
        assert (new in browser(person).get(page).text) is offered
        assert browser(person).get(new).status_code == (200 if offered else 403)
    form = {"name": "Mine", "deadline_0": "2999-06-01", "deadline_1": "12:00", "everybody": "on", "discussion": "twg"}
    assert browser(ghana.consultant).post(new, form).status_code == 403
    round_ = plan(ghana, draft, ghana.statistician)
    edit = reverse("round-edit", args=[round_.pk])
    for person, offered in ((ghana.statistician, True), (ghana.consultant, False)):
        assert (edit in browser(person).get(reverse("round", args=[round_.pk])).text) is offered
        assert browser(person).get(edit).status_code == (200 if offered else 403)
    opening = {"version": round_.version}
    assert browser(ghana.consultant).post(f"/do/round/{round_.pk}/open_round/", opening).status_code == 403
    assert Round.objects.get().state == "planned"
    api = problem(Caller(ghana.consultant).act(f"rounds/{round_.pk}", "open_round"), 403, "not-permitted")
    assert "whoever drafts for the TWG" in api["detail"]


def test_a_round_waits_for_the_institution_and_is_told_to_it(ghana: Country) -> None:
    round_ = plan(ghana, submitted(ghana), ghana.statistician)
    comments.press(round_, "open_round", actor=ghana.statistician)
    for person in (ghana.consultant, ghana.statistician):
        access.forget(person)
    closing = f"{round_} closes"
    assert closing in [str(item.title) for item in inbox.of(ghana.statistician).coming]
    assert closing not in [str(item.title) for item in inbox.of(ghana.consultant).coming]
    comments.answer(remark := comments.comment(round_, ghana.official), by=ghana.statistician)
    deliver()
    comments.press(remark, "reopen", actor=ghana.official, note="Not answered.")
    assert [address for address, _subject in deliver()] == told(ghana.statistician)
    comments.answer(remark, by=ghana.statistician)
    comments.press(round_, "close", actor=ghana.chair)
    assert waits_for(ghana.statistician, "every comment has its answer")
    assert not waits_for(ghana.consultant, "every comment has its answer")
    mail.outbox.clear()
    comments.press(round_, "finish", actor=ghana.statistician)
    assert [e.name for e in history.events_of(round_)][-1] == "finish"


def test_a_discussion_among_institutions_is_read_by_who_drafts_and_not_by_the_consultant(ghana: Country) -> None:
    told = {"name": "Among us", "deadline": timezone.now() + timedelta(days=14), "everybody": False}
    round_ = rounds.plan_round(
        ghana.twg, submitted(ghana), told | {"discussion": "institutions"}, [ghana.ministry], actor=ghana.secretariat
    )  # fmt: skip
    page = reverse("round", args=[round_.pk])
    for person, status in ((ghana.statistician, 200), (ghana.official, 200), (ghana.consultant, 404)):
        assert browser(person).get(page).status_code == status


# -- where nothing was handed over ----------------------------------------------------------------------------


def test_before_the_hand_over_both_are_the_consultants() -> None:
    mali = country("ML")
    assert may(people(mali), lambda person: ask(mali, person)) == {"secretariat", "consultant"}
    draft = comments.draft(f.edition(f.profile(mali.twg), stage="comment"))
    assert may(people(mali), lambda person: plan(mali, draft, person)) == {"chair", "secretariat", "consultant"}


def test_another_profile_of_the_twg_that_was_not_handed_over_is_the_consultants_still(ghana: Country) -> None:
    draft = comments.draft(f.edition(f.profile(ghana.twg), stage="comment"))
    access.forget(ghana.consultant)
    assert plan(ghana, draft, ghana.consultant).state == "planned"
    assert ask(ghana, ghana.consultant).state == "asked"
    with pytest.raises(NotPermitted):
        plan(ghana, draft, ghana.statistician)
    with pytest.raises(NotPermitted):
        ask(ghana, ghana.consultant, section=begun(ghana))


def test_who_may_and_who_is_told_are_the_same_people(ghana: Country) -> None:
    """The seats' statement and the selector that finds the people say the same, before and after."""
    mali = country("ML")
    for of in (ghana, mali):
        body = f.twg(str(of.twg.country), of=of.project, linked_to=of.twg, kind="committee")
        who = people(of).values()
        for person in who:
            access.forget(person)
        for twg in (of.twg, body):
            assert {person for person in who if access.seats(person).drafts_for(twg)} == set(drafters(twg))
