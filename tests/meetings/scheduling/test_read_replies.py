"""The command that reads answers: from files, from a mail box; nothing is lost, and nothing is taken twice."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from meetings.scheduling import mailbox

from . import making as m
from .answers import answer, given_by, mail


@pytest.fixture
def house(db: None) -> m.House:
    return m.house(2)


def test_the_command_says_what_became_of_each(house: m.House, tmp_path: Path) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(mail(answer(meeting, ama.email), ama.email))
    bad.write_bytes(b"Subject: hello\r\n\r\nnothing")
    said = io.StringIO()
    call_command("read_replies", str(good), str(bad), stdout=said)
    assert "1 taken, 1 refused." in said.getvalue()
    assert given_by(ama) == "accepted"
    for wrong in ([], [str(tmp_path / "nowhere.eml")]):
        with pytest.raises(CommandError):
            call_command("read_replies", *wrong)
    with pytest.raises(CommandError, match="imaps://"):
        call_command("read_replies", imap="http://example.org")


class MailBox:
    """An IMAP server's side of the talk, as far as the command listens."""

    seen: list[str]

    def __init__(self, mails: list[bytes]) -> None:
        self.mails, self.seen = mails, []

    def __call__(self, *args: Any, **options: Any) -> MailBox:
        return self

    def __enter__(self) -> MailBox:
        return self

    def __exit__(self, *args: object) -> None:
        """Logged out."""

    def login(self, user: str, password: str) -> None:
        assert (user, password) == ("twg@palabre.example", "pass/word")

    def select(self, folder: str) -> None:
        assert folder == "INBOX"

    def search(self, *args: Any) -> tuple[str, list[bytes]]:
        return "OK", [" ".join(str(n + 1) for n in range(len(self.mails))).encode()]

    def fetch(self, number: str, parts: str) -> tuple[str, list[Any]]:
        assert parts == "(BODY.PEEK[]<0.1000001>)", "looking marks nothing as seen, and no more is fetched than is read"
        return "OK", [(b"1 (BODY[]<0> {9}", self.mails[int(number) - 1]), b")"]

    def store(self, number: str, *flags: str) -> None:
        assert flags == ("+FLAGS", "\\Seen")
        self.seen.append(number)


def test_a_mail_box_is_read_and_nothing_in_it_is_a_file(house: m.House, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, ama = m.scheduled(house), house.members[0]
    box = MailBox([mail(answer(meeting, ama.email), ama.email), answer(meeting, ama.email, "DECLINED")])
    monkeypatch.setattr("imaplib.IMAP4_SSL", box)
    said = io.StringIO()
    call_command("read_replies", imap="imaps://twg%40palabre.example:pass%2Fword@mail.example/INBOX", stdout=said)
    assert ("1 taken, 1 refused." in said.getvalue(), box.seen) == (True, ["1", "2"])
    assert given_by(ama) == "accepted"


def test_what_stops_the_command_loses_no_mail(house: m.House, monkeypatch: pytest.MonkeyPatch) -> None:
    box = MailBox([b"Subject: hello\r\n\r\n", b""])

    def stop(*args: Any, **options: Any) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("imaplib.IMAP4_SSL", box)
    monkeypatch.setattr(mailbox, "take", stop)
    with pytest.raises(RuntimeError):
        call_command("read_replies", imap="imaps://twg%40palabre.example:pass%2Fword@mail.example/INBOX")
    assert box.seen == []
