"""Read what calendars have answered: from files, from standard input, or from an IMAP mail box."""

from __future__ import annotations

import imaplib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.base import BaseCommand, CommandError

from meetings.calendar.replies import MOST_OCTETS
from meetings.scheduling import mailbox

MOST_MAILS = 500  # in one run: the rest is read the next time


class Command(BaseCommand):
    help = "Take the answers to invitations that came by mail (RFC 5546). Says what became of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="mails (.eml) or calendar files (.ics); - for standard input")
        parser.add_argument(
            "--imap", help="imaps://user:password@host/INBOX: reads unseen mails and marks them as seen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        taken = refused = 0
        for name, raw in self._mails(options["files"], options["imap"]):
            outcome = mailbox.take(raw)
            taken, refused = taken + outcome.taken, refused + (not outcome.taken)
            self.stdout.write(f"{name}: {outcome.words}")
        self.stdout.write(f"{taken} taken, {refused} refused.")

    def _mails(self, files: list[str], imap: str | None) -> Iterator[tuple[str, bytes]]:
        if not files and not imap:
            raise CommandError("Name files, or a mail box with --imap.")
        for name in files:
            try:
                # One octet more than an answer may have: it is refused by its size, and no more of it is read.
                raw = sys.stdin.buffer.read(MOST_OCTETS + 1) if name == "-" else _read(Path(name))
            except OSError as error:
                raise CommandError(f"{name} can't be read: {error.strerror}") from error
            yield name, raw
        if imap:
            yield from _unseen(imap)


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_OCTETS + 1)


def _unseen(address: str) -> Iterator[tuple[str, bytes]]:
    """The unseen mails of a mail box. Each is marked as seen once it was read, so that none is taken twice."""
    told = urlsplit(address)
    if told.scheme != "imaps" or not told.hostname:
        raise CommandError("The mail box is given as imaps://user:password@host/INBOX.")
    try:
        with imaplib.IMAP4_SSL(told.hostname, told.port or 993, timeout=30) as box:
            box.login(unquote(told.username or ""), unquote(told.password or ""))
            box.select(unquote(told.path.strip("/")) or "INBOX")
            _kind, found = box.search(None, "UNSEEN")
            for number in found[0].split()[:MOST_MAILS]:
                _kind, parts = box.fetch(number.decode(), "(RFC822)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                yield f"mail {number.decode()}", raw[: MOST_OCTETS + 1]
    except (OSError, imaplib.IMAP4.error) as error:
        raise CommandError(f"The mail box can't be read: {error}") from error
