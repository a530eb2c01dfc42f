"""Mail leaves with nothing locked: a slow server holds up nobody, and a worker killed half-way loses nothing."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.utils import timezone

from tests import factories as f
from tests.engine.mail_server import MailServer, serving
from tests.engine.test_two_at_once import at_once
from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.engine.outbox import Parcel
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition() -> Edition:
    """Its only member is the consultant; all earlier mail has gone out."""
    made = f.edition(f.twg("GH"), stage="comment")
    OutboxRow.objects.update(status="done")
    return made


@pytest.fixture
def mail(edition: Edition) -> OutboxRow:
    """What the consultant is to be told."""
    f.perform(edition, "return_to_drafting", note="Part C lacks the census.")
    notice = OutboxRow.objects.get(kind="notice", status="waiting")
    assert outbox.deliver.call(notice.pk) == "done"
    return OutboxRow.objects.get(kind="mail", status="waiting")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with serving(settings) as running:
        yield running


@pytest.fixture
def slow(settings: Any) -> Iterator[MailServer]:
    with serving(settings, slow=True) as running:
        yield running


class Worker(threading.Thread):
    """Delivers one row on a connection of its own."""

    def __init__(self, row: OutboxRow) -> None:
        super().__init__(daemon=True)
        self.row, self.outcome = row, ""

    def run(self) -> None:
        try:
            self.outcome = outbox.deliver.call(self.row.pk)
        finally:
            connection.close()


def lease_ends(row: OutboxRow) -> None:
    OutboxRow.objects.filter(pk=row.pk, status="sending").update(lease_until=timezone.now() - timedelta(seconds=1))


def put(key: str, handler: Callable[[OutboxRow], Parcel | None], monkeypatch: pytest.MonkeyPatch) -> OutboxRow:
    monkeypatch.setitem(outbox._handlers, "test", handler)
    row = outbox.put("test", {}, key=key)
    assert row is not None
    return row


def test_a_slow_mail_server_holds_up_nobody_who_presses_a_button(
    edition: Edition, mail: OutboxRow, slow: MailServer
) -> None:
    worker = Worker(mail)
    worker.start()
    assert slow.reached.wait(10)

    began = time.monotonic()
    f.perform(edition, "submit_draft")
    assert time.monotonic() - began < 5
    assert not slow.answer.is_set()
    mail.refresh_from_db()
    assert (mail.status, worker.is_alive()) == ("sending", True)

    slow.answer.set()
    worker.join(10)
    mail.refresh_from_db()
    assert (worker.outcome, mail.status, mail.attempts) == ("done", "done", 1)


def test_nothing_is_locked_while_a_mail_is_sent(mail: OutboxRow, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[bool, str]] = []

    def send(self: EmailMessage) -> int:
        seen.append((connection.in_atomic_block, OutboxRow.objects.get(pk=mail.pk).status))
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    assert outbox.deliver.call(mail.pk) == "done"
    assert seen == [(False, "sending")]


def test_a_worker_killed_after_sending_sends_once_more_under_the_same_message_id(
    mail: OutboxRow, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(row: OutboxRow, parcel: Parcel) -> None:
        raise SystemExit

    with monkeypatch.context() as cut:
        cut.setattr(outbox, "_sent", power_cut)
        with pytest.raises(SystemExit):
            outbox.deliver.call(mail.pk)
    assert outbox.deliver.call(mail.pk) == "not mine", "as long as its lease lasts"
    assert len(server.mails) == 1

    lease_ends(mail)
    assert outbox.rescue() == 1
    assert outbox.deliver.call(mail.pk) == "done"
    assert outbox.deliver.call(mail.pk) == "not mine"
    assert outbox.rescue() == 0
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{mail.key.replace(':', '.')}@palabre.example>"
    assert (first["To"], first.get_content()) == (second["To"], second.get_content())


def test_what_has_left_is_not_tried_again_at_once_because_the_database_could_not_be_told(
    mail: OutboxRow, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "_close", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outbox.deliver.call(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, len(server.mails)) == ("sending", 1, 1)


def test_a_mail_that_the_server_refuses_is_tried_again(mail: OutboxRow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.EMAIL_BACKEND", f"{EmailBackend.__module__}.EmailBackend")
    monkeypatch.setattr("django.conf.settings.EMAIL_PORT", 9)
    assert outbox.deliver.call(mail.pk) == "waiting"
    mail.refresh_from_db()
    assert (mail.attempts, mail.lease_until) == (1, None)
    assert mail.last_error.startswith("ConnectionRefusedError")
    assert mail.due > timezone.now()


def test_many_workers_send_each_mail_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: Counter[str] = Counter()
    lock = threading.Lock()

    def handler(row: OutboxRow) -> Parcel:
        def send() -> None:
            time.sleep(0.01)
            with lock:
                sent[row.key] += 1

        return Parcel(send)

    rows = [put(f"test:{n}", handler, monkeypatch) for n in range(6)]

    def worker() -> list[str]:
        return [outbox.deliver.call(row.pk) for row in rows]

    outcome = at_once(*[worker] * 3)
    assert Counter(status for statuses in outcome for status in statuses) == {"done": 6, "not mine": 12}
    assert sent == {row.key: 1 for row in rows}
    assert set(OutboxRow.objects.values_list("kind", "status", "attempts")) == {("test", "done", 1)}


def test_what_a_handler_writes_without_sending_is_there_with_its_mark_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handler(row: OutboxRow) -> None:
        outbox.put("later", {}, key="later:1")
        if row.attempts == 1:
            raise ConnectionError("half-way")

    row = put("test:1", handler, monkeypatch)
    assert outbox.deliver.call(row.pk) == "waiting"
    assert not OutboxRow.objects.filter(key="later:1").exists()
    assert outbox.deliver.call(row.pk) == "done"
    assert OutboxRow.objects.filter(key="later:1").count() == 1


def test_what_is_written_afterwards_is_there_with_the_mark_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def handler(row: OutboxRow) -> Parcel:
        def forget() -> None:
            OutboxRow.objects.filter(pk=row.pk).update(payload={})
            if row.attempts == 1:
                raise SystemExit

        return Parcel(lambda: sent.append(row.payload["code"]), forget)

    row = put("test:1", handler, monkeypatch)
    OutboxRow.objects.filter(pk=row.pk).update(payload={"code": 123456})
    with pytest.raises(SystemExit):
        outbox.deliver.call(row.pk)
    lease_ends(row)
    assert outbox.deliver.call(row.pk) == "done"
    row.refresh_from_db()
    assert (sent, row.payload) == ([123456, 123456], {})


def test_whoever_lost_the_lease_leaves_the_row_to_its_new_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first worker slept for longer than its lease; when it wakes and fails, the second has sent the mail."""
    sent: list[int] = []

    def handler(row: OutboxRow) -> Parcel:
        def send() -> None:
            if row.attempts == 1:
                lease_ends(row)
                assert outbox.deliver.call(row.pk) == "done"
                raise ConnectionError("the line went dead")
            sent.append(row.attempts)

        return Parcel(send)

    row = put("test:1", handler, monkeypatch)
    outbox.deliver.call(row.pk)
    row.refresh_from_db()
    assert (row.status, row.attempts, row.last_error, sent) == ("done", 2, "", [2])


def test_a_row_that_waits_for_nobody_any_more_is_dropped_and_sends_nothing(
    mail: OutboxRow, server: MailServer, edition: Edition
) -> None:
    edition.twg.memberships.get().person.__class__.objects.update(is_active=False)
    assert outbox.deliver.call(mail.pk) == "dropped"
    assert server.mails == []
