"""An institution answers with a letter: the secretariat takes it down, marked as what it is, and it is kept (S11)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.datarequests.models import DataAnswer, DataRequest
from workflow.engine import history, selectors
from workflow.engine.errors import Incomplete, NotPermitted
from workflow.engine.models import Event

from .making import Country, answered, ask, country, press, upload
from .test_mail import deliver, told

pytestmark = pytest.mark.django_db
LETTER = {"way": "paper", "given_by": "Mr Mensah, Director of Immigration", "given_on": "2009-04-03"}


@pytest.fixture
def ghana(time_machine_at: Any) -> Country:
    time_machine_at("2009-04-06 09:00:00Z")
    return country()


def stored() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def last_event(request: DataRequest) -> Event:
    event = history.events_of(request).last()
    assert event is not None
    return event


# -- taken down ----------------------------------------------------------------------------------------------


def test_the_secretariat_records_a_letter_with_who_gave_it_when_and_the_file(ghana: Country) -> None:
    request = ask(ghana)
    press(request, "record_answer", actor=ghana.secretariat, note="12,431 permits.", data_file=upload(), **LETTER)
    answer = DataAnswer.objects.get()
    assert (request.state, answer.words, answer.name) == ("answered", "12,431 permits.", "permits.csv")
    assert (answer.way, answer.given_by, answer.given_on) == (
        "paper", "Mr Mensah, Director of Immigration", date(2009, 4, 3),
    )  # fmt: skip
    assert (answer.by, answer.by_name) == (ghana.secretariat, "The secretariat")
    event = last_event(request)
    assert (event.note, event.capacity) == ("12,431 permits.", "secretariat")
    assert event.data == {"number": 1, "file": "permits.csv", "sha256": answer.sha256, **LETTER}
    assert history.verify().broken is None


def test_the_page_says_that_it_was_recorded_and_by_whom(ghana: Country) -> None:
    request = ask(ghana)
    press(request, "record_answer", actor=ghana.secretariat, note="12,431 permits.", **LETTER)
    page = browser(ghana.officer).get(reverse("data-request", args=[request.pk])).content.decode()
    for words in ("on paper", "Mr Mensah, Director of Immigration", "3 Apr", "recorded by The secretariat"):
        assert words in page, words
    told_of = browser(ghana.officer).get(reverse("history", args=["request", request.pk])).content.decode()
    assert "How it came" in told_of
    assert "on paper" in told_of


def test_what_was_written_here_is_not_marked(ghana: Country) -> None:
    request = answered(ghana)
    page = browser(ghana.consultant).get(reverse("data-request", args=[request.pk])).content.decode()
    assert "recorded by" not in page
    assert DataAnswer.objects.get().way == "here"


def test_the_button_leads_to_a_form_that_asks_for_all_of_it(ghana: Country) -> None:
    request = ask(ghana)
    url = reverse("act", args=["request", request.pk, "record_answer"])
    client = browser(ghana.secretariat)
    form = client.get(url).content.decode()
    assert [form.count(f'name="{name}"') for name in ("way", "given_by", "given_on", "note", "data_file")] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    sent = {"version": request.version, "note": "12,431", "data_file": upload(), **LETTER, "way": "mail"}
    assert client.post(url, sent).status_code == 302
    assert DataAnswer.objects.get().get_way_display() == "by mail"


@pytest.mark.parametrize(("wrong", "field"), [
    ({"way": ""}, "way"), ({"way": "here"}, "way"), ({"way": "pigeon"}, "way"), ({"given_by": " "}, "given_by"),
    ({"given_by": "x" * 201}, "given_by"), ({"given_on": ""}, "given_on"), ({"given_on": "in spring"}, "given_on"),
    ({"given_on": "2009-04-07"}, "given_on"), ({"note": ""}, "note"), ({"given_by": "Mr\x07 Mensah"}, "given_by"),
])  # fmt: skip
def test_what_lacks_or_is_wrong_is_said_on_its_field_and_nothing_is_kept(
    ghana: Country, wrong: dict[str, Any], field: str
) -> None:
    request = ask(ghana)
    with pytest.raises(Incomplete) as refusal:
        press(request, "record_answer", actor=ghana.secretariat, **({"note": "12,431"} | LETTER | wrong))
    assert list(refusal.value.fields) == [field]
    assert (request.state, DataAnswer.objects.count(), stored()) == ("asked", 0, [])


def test_only_the_secretariat_records_what_came_elsewhere(ghana: Country) -> None:
    request = ask(ghana)
    for person in (ghana.officer, ghana.consultant, f.seat(ghana.twg, "chair"), f.monitor(ghana.project)):
        with pytest.raises(NotPermitted, match="This is for the secretariat"):
            press(request, "record_answer", actor=person, note="12,431", **LETTER)


def test_a_letter_may_follow_a_refusal_or_an_earlier_answer(ghana: Country) -> None:
    declined, earlier = ask(ghana, what="A"), answered(ghana, what="B")
    press(declined, "decline", actor=ghana.officer, note="The register is being moved.")
    press(earlier, "receive", actor=ghana.consultant)
    for request in (declined, earlier):
        press(request, "record_answer", actor=ghana.secretariat, note="13,002", **LETTER)
        assert request.state == "answered"
    numbers = DataAnswer.objects.order_by("request", "number").values_list("request", "number", "way")
    assert list(numbers) == [(declined.pk, 1, "paper"), (earlier.pk, 1, "here"), (earlier.pk, 2, "paper")]


def test_the_institution_and_who_waits_for_it_are_told(ghana: Country) -> None:
    request = ask(ghana)
    deliver()
    press(request, "record_answer", actor=ghana.secretariat, note="12,431", data_file=upload(), **LETTER)
    assert [address for address, _subject in deliver()] == told(ghana.consultant, ghana.officer)
    for words in ("came on paper or by mail", "Mr Mensah", "12,431", "permits.csv"):
        assert words in mail.outbox[0].body


def test_the_spreadsheet_says_who_gave_the_last_answer_and_how_it_came(ghana: Country) -> None:
    press(ask(ghana, what="A"), "record_answer", actor=ghana.secretariat, note="12,431", **LETTER)
    answered(ghana, what="B")
    ask(ghana, what="C")
    url = reverse("data-requests-export", args=[ghana.twg.code, "csv"])
    lines = browser(ghana.consultant).get(url).content.decode("utf-8-sig").splitlines()
    [by_letter] = [line for line in lines if ",A," in line]
    [here] = [line for line in lines if ",B," in line]
    assert '"Mr Mensah, Director of Immigration",2009-04-03,paper' in by_letter
    assert "The officer,2009-04-06,here" in here
    assert len(lines) == 4


# -- more time -----------------------------------------------------------------------------------------------


def test_a_later_day_takes_a_reason_and_is_told_to_the_institution(ghana: Country) -> None:
    request = ask(ghana, due=date(2009, 4, 10))
    deliver()
    press(request, "extend", actor=ghana.consultant, note="The register is on paper.", due="2009-04-24")
    assert (request.state, request.due) == ("asked", date(2009, 4, 24))
    assert (last_event(request).note, last_event(request).data) == ("The register is on paper.", {"due": "2009-04-24"})
    [(address, subject)] = deliver()
    assert (address, subject) == (ghana.officer.email, f"More time, until 24 April 2009: {request}")
    assert "The register is on paper." in mail.outbox[0].body


@pytest.mark.parametrize("wrong", [
    {"note": "", "due": "2009-04-24"}, {"note": "Why", "due": ""}, {"note": "Why", "due": "2009-04-10"},
    {"note": "Why", "due": "2009-04-07"}, {"note": "Why", "due": "2009-04-01"},
])  # fmt: skip
def test_more_time_is_more_time(ghana: Country, wrong: dict[str, str]) -> None:
    request = ask(ghana, due=date(2009, 4, 10))
    with pytest.raises(Incomplete):
        press(request, "extend", actor=ghana.consultant, **wrong)
    assert request.due == date(2009, 4, 10)


def test_a_late_request_that_gets_more_time_is_late_no_more(ghana: Country, time_machine_at: Any) -> None:
    request = ask(ghana, due=date(2009, 4, 10))
    time_machine_at("2009-04-20 09:00:00Z")
    assert request.days_late == 10
    press(request, "extend", actor=ghana.secretariat, note="Easter.", due="2009-05-04")
    assert request.days_late == 0


def test_the_institution_gives_itself_no_more_time_and_what_is_answered_needs_none(ghana: Country) -> None:
    with pytest.raises(NotPermitted):
        press(ask(ghana, what="A"), "extend", actor=ghana.officer, note="Busy.", due="2999-07-01")
    offered = [action.name for action in selectors.actions(answered(ghana), ghana.consultant)]
    assert "extend" not in offered


# -- kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("breaking", [
    "workflow.datarequests.answers.store",  # the row itself is refused
    "workflow.engine.services.append",  # what comes after it is
])  # fmt: skip
def test_where_the_database_refuses_no_file_is_left(
    ghana: Country, monkeypatch: pytest.MonkeyPatch, breaking: str
) -> None:
    request, seen = ask(ghana), []

    def refuse(*_args: Any, **_more: Any) -> None:
        seen.extend(stored())
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(breaking, refuse)
    with pytest.raises(DatabaseError):
        press(request, "answer", actor=ghana.officer, data_file=upload())
    assert len(seen) == 1, "the file was there before its row"
    assert (stored(), DataAnswer.objects.count()) == ([], 0)
    request.refresh_from_db()
    assert request.state == "asked"


def test_a_condition_that_fails_after_the_file_was_written_leaves_none(
    ghana: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.datarequests.flow import RequestFlow

    def unwilling(self: Any) -> None:
        raise RuntimeError("a mistake of ours")

    request = ask(ghana)
    monkeypatch.setattr(RequestFlow, "answer", unwilling)
    with pytest.raises(RuntimeError):
        press(request, "answer", actor=ghana.officer, data_file=upload())
    assert (stored(), DataAnswer.objects.count()) == ([], 0)


def test_an_answer_is_never_rewritten_nor_deleted(ghana: Country) -> None:
    answered(ghana)
    answer = DataAnswer.objects.get()
    for rewrite in (
        lambda: DataAnswer.objects.update(words="13,000"),
        lambda: DataAnswer.objects.all()._raw_delete("default"),
        answer.save,
        answer.delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rewrite()
    assert DataAnswer.objects.get().words == "12,431 permits; see the yearbook."


@pytest.mark.parametrize("wrong", [
    {"way": "paper"}, {"way": "paper", "given_by": "Mr Mensah"}, {"way": "mail", "given_on": date(2009, 4, 3)},
    {"given_by": "Mr Mensah"}, {"given_on": date(2009, 4, 3)},
    {"way": "bird", "given_by": "Mr Mensah", "given_on": date(2009, 4, 3)},
])  # fmt: skip
def test_the_database_itself_wants_to_know_whence_an_answer_came(ghana: Country, wrong: dict[str, Any]) -> None:
    request = ask(ghana)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataAnswer.objects.create(request=request, number=1, words="12,431", by_name="x", **wrong)


def test_a_file_that_was_exchanged_or_lost_is_found_by_the_proof(ghana: Country) -> None:
    press(ask(ghana), "answer", actor=ghana.officer, data_file=upload())
    assert history.verify().broken is None
    [path] = stored()
    path.write_bytes(b"year,permits\n2008,99999\n")
    broken = history.verify().broken
    assert broken is not None
    assert broken.why == "the file of answer 1 is not the one that was sent"
    path.unlink()
    broken = history.verify().broken
    assert broken is not None
    assert "the file of answer 1" in broken.why


def test_an_answer_that_no_event_tells_of_is_found_by_the_proof(ghana: Country) -> None:
    request = answered(ghana)
    DataAnswer.objects.create(request=request, number=2, words="Slipped in.", by_name="Nobody")
    broken = history.verify().broken
    assert broken is not None
    assert (broken.subject, broken.why) == (
        f"request:{request.pk}", "answer 2 is not the one that its event tells of",
    )  # fmt: skip
