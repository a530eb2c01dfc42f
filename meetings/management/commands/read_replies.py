"""Read what calendars have answered: from files, from standard input, or from an IMAP mail box."""

from __future__ import annotations

import imaplib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from meetings.calendar.replies import MOST_OCTETS
from meetings.scheduling import mailbox

Given = tuple[str, bytes, bool]  # its name, what is in it, and whether somebody gave it by hand
MOST_MAILS = 500  # in one run: the rest is read the next time


class Command(BaseCommand):
    help = "Take the answers to invitations that came by mail (RFC 5546). Says what became of each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="mails (.eml) or calendar files (.ics); - for standard input")
        parser.add_argument(
            "--imap",
            help="imaps://user:password@host/INBOX: reads unseen mails and marks them as seen; as a rule "
            "it stands in CALENDAR_MAILBOX, where no list of processes shows the password",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files, taken, refused = options["files"], 0, 0
        imap = options["imap"] or ("" if files else settings.CALENDAR_MAILBOX)
        if not files and not imap:
            raise CommandError("Name files, or a mail box with --imap.")
        for name, raw, by_hand in chain(_given(files), _unseen(imap) if imap else ()):
            outcome = mailbox.take(raw, by_hand=by_hand)
            taken, refused = taken + outcome.taken, refused + (not outcome.taken)
            self.stdout.write(f"{name}: {outcome.words}")
        self.stdout.write(f"{taken} taken, {refused} refused.")


def _given(files: list[str]) -> Iterator[Given]:
    """Files that somebody names, who answers for a bare calendar among them."""
    for name in files:
        try:
            # One octet more than an answer may have: it is refused by its size, and no more of it is read.
            raw = sys.stdin.buffer.read(MOST_OCTETS + 1) if name == "-" else _read(Path(name))
        except OSError as error:
            raise CommandError(f"{name} can't be read: {error.strerror}") from error
        yield name, raw, True


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_OCTETS + 1)


def _unseen(address: str) -> Iterator[Given]:
    """The unseen mails of a mail box. Each is marked as seen once it was taken or refused, and not before: what stops
    the command in the midst loses none."""
    told = urlsplit(address)
    if told.scheme != "imaps" or not told.hostname:
        raise CommandError("The mail box is given as imaps://user:password@host/INBOX.")
    try:
        with imaplib.IMAP4_SSL(told.hostname, told.port or 993, timeout=30) as box:
            box.login(unquote(told.username or ""), unquote(told.password or ""))
            box.select(unquote(told.path.strip("/")) or "INBOX")
            _kind, found = box.search(None, "UNSEEN")
            for number in [one.decode() for one in (found[0] or b"").split()[:MOST_MAILS]]:
                _kind, parts = box.fetch(number, f"(BODY.PEEK[]<0.{MOST_OCTETS + 1}>)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                yield f"mail {number}", raw, False
                box.store(number, "+FLAGS", "\\Seen")
    except (OSError, imaplib.IMAP4.error) as error:
        raise CommandError(f"The mail box can't be read: {error}") from error
