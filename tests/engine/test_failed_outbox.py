"""What could not be delivered: retried with growing pauses, then shown to administrators, who may try again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.models import OutboxRow

pytestmark = pytest.mark.django_db

PAGE = "/administration/outbox/"


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A handler that fails until something is taken out of the list."""
    reasons = ["the mail server does not answer"]

    def deliver(row: OutboxRow) -> None:
        if reasons:
            raise ConnectionError(reasons[0])

    monkeypatch.setitem(outbox._handlers, "test", deliver)
    return reasons


def put(key: str = "test:1") -> OutboxRow:
    row = outbox.put("test", {"secret": "body of a mail"}, key=key)
    assert row is not None
    return row


def exhaust(row: OutboxRow) -> None:
    for _attempt in range(len(outbox.BACKOFF) + 1):
        outbox.deliver.func(row.pk)
    row.refresh_from_db()


def test_a_failing_row_waits_longer_after_each_attempt_and_then_fails(broken: list[str]) -> None:
    row = put()
    for attempt, pause in enumerate(outbox.BACKOFF, start=1):
        assert outbox.deliver.func(row.pk) == "waiting"
        row.refresh_from_db()
        assert row.attempts == attempt
        assert abs(row.due - timezone.now() - timedelta(seconds=pause)) < timedelta(seconds=5)
    assert outbox.deliver.func(row.pk) == "failed"
    row.refresh_from_db()
    assert row.last_error == "ConnectionError: the mail server does not answer"
    assert outbox.deliver.func(row.pk) == "not mine"


def test_an_administrator_sees_what_failed_without_its_text_and_tries_again(broken: list[str]) -> None:
    row = put()
    exhaust(row)
    client = browser(f.administrator())
    shown = text(client.get(PAGE))
    for words in ("test:1", "the mail server does not answer", "Try again"):
        assert words in shown
    assert "body of a mail" not in shown
    broken.clear()
    assert client.post(f"{PAGE}{row.pk}/retry/")["Location"] == PAGE
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("waiting", 0)
    assert outbox.deliver.func(row.pk) == "done"
    assert "Nothing has failed" in text(client.get(PAGE))


def test_trying_again_what_is_not_failed_changes_nothing(broken: list[str]) -> None:
    row = put()
    answer = browser(f.administrator()).post(f"{PAGE}{row.pk}/retry/", follow=False)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("waiting", 0)
    assert browser(f.administrator()).post(f"{PAGE}999999/retry/").status_code == 404


def test_late_rows_and_rows_being_tried_again_are_listed_and_counted(broken: list[str]) -> None:
    late, again, fresh = put("late:1"), put("again:1"), put("fresh:1")
    OutboxRow.objects.filter(pk=late.pk).update(due=timezone.now() - timedelta(minutes=5))
    outbox.deliver.func(again.pk)
    shown = text(browser(f.administrator()).get(PAGE))
    assert "late:1" in shown
    assert "again:1" in shown
    assert fresh.key not in shown
    assert "<dt>late</dt><dd>1</dd>" in shown
    assert "<dt>waiting</dt><dd>3</dd>" in shown


def test_the_page_exists_for_administrators_only(broken: list[str]) -> None:
    row = put()
    exhaust(row)
    secretariat = f.seat(f.twg("GH"), "secretariat")
    for client in (Client(), browser(secretariat)):
        assert client.get(PAGE).status_code == 404
        assert client.post(f"{PAGE}{row.pk}/retry/").status_code == 404
    row.refresh_from_db()
    assert row.status == "failed"
    answer = browser(f.administrator()).get(f"{PAGE}{row.pk}/retry/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    # Whoever signs in again after pressing the button lands there, and finds the way on.
    assert 'href="/"' in text(answer)


def test_rescue_brings_back_rows_whose_worker_was_killed(broken: list[str]) -> None:
    broken.clear()
    row = put()
    OutboxRow.objects.filter(pk=row.pk).update(
        status="sending", attempts=1, lease_until=timezone.now() + timedelta(minutes=4)
    )
    assert outbox.rescue() == 0
    assert outbox.deliver.func(row.pk) == "not mine"
    OutboxRow.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.rescue() == 1
    assert outbox.deliver.func(row.pk) == "done"


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_what_is_due_once(broken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    delivered: list[str] = []
    monkeypatch.setitem(outbox._handlers, "test", lambda row: delivered.append(row.key))
    put("test:1")
    put("test:2")
    assert outbox.put("test", {}, key="test:1") is None
    call_command("worker", once=True)
    call_command("worker", once=True)
    assert sorted(delivered) == ["test:1", "test:2"]
    assert set(OutboxRow.objects.values_list("status", flat=True)) == {"done"}
