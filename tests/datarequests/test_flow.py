"""The life of a data request, told by those who ask and those who answer (S11, S12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests import factories as f
from workflow.datarequests.flow import RequestFlow
from workflow.datarequests.models import DataAnswer, DataRequest
from workflow.engine import history, selectors
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.groups import services as groups
from workflow.groups.models import Modality, TermsOfReference

from .making import WHAT, Country, answered, ask, country, press, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def offered(request: DataRequest, person: Any) -> list[str]:
    return [action.name for action in selectors.actions(request, person) if action.allowed]


def test_the_consultant_asks_the_institution_answers_and_the_consultant_accepts(ghana: Country) -> None:
    request = ask(ghana, actor=ghana.consultant)
    press(request, "answer", actor=ghana.officer, note="12,431 permits.")
    press(request, "receive", actor=ghana.consultant)
    told = [(e.name, e.to_state, e.capacity, e.institution) for e in history.events_of(request)]
    assert told == [
        ("asked", "asked", "consultant", ""),
        ("answer", "answered", "member", "Immigration Service GH"),
        ("receive", "received", "consultant", ""),
    ]
    assert history.verify().broken is None


def test_the_words_of_an_answer_are_in_the_history_under_its_hash(ghana: Country) -> None:
    request = answered(ghana)
    event = history.events_of(request).last()
    assert event is not None
    assert event.note == DataAnswer.objects.get().words == "12,431 permits; see the yearbook."


def test_a_file_is_an_answer_too_and_its_hash_is_in_the_history(ghana: Country) -> None:
    request = ask(ghana)
    press(request, "answer", actor=ghana.officer, data_file=upload())
    answer, event = DataAnswer.objects.get(), history.events_of(request).last()
    assert event is not None
    assert (answer.words, answer.name, answer.content_type) == ("", "permits.csv", "text/csv; charset=utf-8")
    assert event.data == {"number": 1, "file": "permits.csv", "sha256": answer.sha256}
    assert answer.file.read() == b"year,permits\n2008,12431\n"


def test_an_answer_is_words_or_a_file_and_never_nothing(ghana: Country) -> None:
    request = ask(ghana)
    with pytest.raises(Incomplete) as refusal:
        press(request, "answer", actor=ghana.officer, note="  ")
    assert refusal.value.fields == {"note": ["Write an answer, send a file, or both."]}
    assert (request.state, DataAnswer.objects.count()) == ("asked", 0)


def test_later_answers_add_and_replace_nothing(ghana: Country) -> None:
    request = answered(ghana)
    press(request, "answer", actor=ghana.officer, note="And 2009: 13,002.")
    press(request, "receive", actor=ghana.consultant)
    press(request, "answer", actor=ghana.officer, note="A correction: 13,020.", data_file=upload())
    assert list(DataAnswer.objects.values_list("number", "words")) == [
        (1, "12,431 permits; see the yearbook."), (2, "And 2009: 13,002."), (3, "A correction: 13,020."),
    ]  # fmt: skip
    assert request.state == "answered", "what came later is to be looked at again"


def test_asking_again_takes_a_reason_and_a_new_day(ghana: Country, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    request = answered(ghana, due=date(2009, 4, 10))
    wrongs: list[dict[str, Any]] = [
        {"note": "By sex, too."}, {"due": "2009-05-01"}, {"note": "By sex, too.", "due": "2009-03-31"},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(Incomplete):
            press(request, "ask_again", actor=ghana.consultant, **wrong)
    press(request, "ask_again", actor=ghana.consultant, note="By sex, too.", due="2009-05-01")
    assert (request.state, request.due) == ("asked", date(2009, 5, 1))
    event = history.events_of(request).last()
    assert event is not None
    assert (event.note, event.data) == ("By sex, too.", {"due": "2009-05-01"})


def test_declining_and_withdrawing_take_a_reason(ghana: Country) -> None:
    declined, withdrawn = ask(ghana), ask(ghana, what="Something else")
    for request, step, actor in ((declined, "decline", ghana.officer), (withdrawn, "withdraw", ghana.consultant)):
        with pytest.raises(Incomplete):
            press(request, step, actor=actor)
        press(request, step, actor=actor, note="Not ours to give.")
    assert (declined.state, withdrawn.state) == ("declined", "withdrawn")
    assert offered(withdrawn, ghana.consultant) == [], "that is where it ends"


def test_an_institution_that_declined_may_answer_after_all_and_be_asked_again(ghana: Country) -> None:
    request = ask(ghana)
    press(request, "decline", actor=ghana.officer, note="The register is being moved.")
    assert offered(request, ghana.officer) == ["answer"]
    assert offered(request, ghana.secretariat) == ["record_answer", "ask_again", "withdraw"]
    press(request, "answer", actor=ghana.officer, note="It has been moved: 12,431.")
    assert request.state == "answered"


def test_what_was_received_is_not_withdrawn(ghana: Country) -> None:
    request = answered(ghana)
    press(request, "receive", actor=ghana.secretariat)
    with pytest.raises(Conflict, match="not possible while"):
        press(request, "withdraw", actor=ghana.secretariat, note="Not needed.")


# -- the wrong person ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "secretariat", "member", "alternate"])
def test_whoever_sits_for_the_institution_answers(ghana: Country, role: str) -> None:
    somebody = f.seat(ghana.twg, role, institution=ghana.immigration)
    press(ask(ghana), "answer", actor=somebody, note="Here.")


@pytest.mark.parametrize("step", ["answer", "decline"])
def test_nobody_answers_for_an_institution_that_is_not_theirs(ghana: Country, step: str) -> None:
    request = ask(ghana)
    elsewhere = f.seat(f.twg("ML"), "member", institution=ghana.immigration)
    others = [
        ghana.consultant, ghana.secretariat, f.seat(ghana.twg, "member", institution=f.institution()),
        f.seat(ghana.twg, "observer", institution=ghana.immigration),
        f.seat(ghana.twg, "consultant", institution=ghana.immigration),
        f.monitor(ghana.project), f.administrator(), elsewhere,
    ]  # fmt: skip
    for person in others:
        with pytest.raises(NotPermitted, match="This is for the institution that is asked"):
            press(request, step, actor=person, note="x")


def test_a_seat_that_has_ended_answers_no_more(ghana: Country) -> None:
    request = ask(ghana)
    groups.end_seat(f.seat_of(ghana.officer), until="2009-01-01", actor=None, note="Moved.")
    with pytest.raises(NotPermitted):
        press(request, "answer", actor=ghana.officer, note="12,431")


@pytest.mark.parametrize("step", ["receive", "ask_again", "withdraw"])
def test_only_those_who_ask_accept_ask_again_and_withdraw(ghana: Country, step: str) -> None:
    request = answered(ghana)
    others = [ghana.officer, f.seat(ghana.twg, "chair"), f.monitor(ghana.project), f.seat(f.twg("ML"), "consultant")]
    for person in others:
        with pytest.raises(NotPermitted, match="whoever drafts for the TWG or the secretariat"):
            press(request, step, actor=person, note="x", due="2999-01-01")
    assert request.state == "answered"


def test_an_institution_that_the_terms_make_an_observer_answers_nothing(ghana: Country) -> None:
    agency = f.institution("UNHCR", category="international_agency", country="")
    member = f.seat(ghana.twg, "member", institution=agency)
    request = ask(ghana, institution=agency)
    terms = TermsOfReference.objects.get(twg=ghana.twg)
    groups.change_terms(terms, {}, {"international_agency": (Modality.OBSERVER, False)}, actor=None)
    f.adopt(terms)
    with pytest.raises(NotPermitted):
        press(request, "answer", actor=member, note="Refugees: 9,000.")


# -- stale, twice --------------------------------------------------------------------------------------------


def test_a_stale_form_is_refused_and_says_what_happened_meanwhile(ghana: Country) -> None:
    request = ask(ghana)
    seen = request.version
    press(request, "withdraw", actor=ghana.consultant, note="Found it.")
    with pytest.raises(Conflict) as refusal:
        press(request, "answer", actor=ghana.officer, version=seen, note="12,431", data_file=upload())
    assert [event.name for event in refusal.value.events] == ["withdraw"]
    assert not DataAnswer.objects.exists()


def test_the_same_is_not_asked_twice_at_the_same_time_by_asking_again(ghana: Country) -> None:
    first = answered(ghana)
    ask(ghana)
    with pytest.raises(Unmet, match="in another request"):
        press(first, "ask_again", actor=ghana.consultant, note="Again.", due="2999-01-01")
    assert DataRequest.objects.filter(what=WHAT, state="asked").count() == 1


def test_no_state_is_written_around_the_engine(ghana: Country) -> None:
    with pytest.raises(RuntimeError, match=r"only engine\.perform"):
        RequestFlow(answered(ghana)).receive()
