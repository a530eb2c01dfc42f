"""Lists of who came, read from files: the typed list of a signed sheet, or what a video call writes of its people.

Zoom, Teams and Meet each head their columns otherwise, put lines of their own above and below them, and write times
as their country does; somebody whose line dropped stands there several times, and is one person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.scheduling.models import Meeting
from workflow.documents import uploads
from workflow.engine.texts import UNSEEN
from workflow.groups import sheets, words
from workflow.groups.models import Rank
from workflow.groups.sheet_files import MOST_BYTES, UnreadableFile
from workflow.groups.sheets import Layout, values_by_words

from . import times
from .models import MOST_INSTITUTION, MOST_NAME

MOST_PEOPLE = 600
LAYOUT = Layout(
    name="attendance",
    columns={"name": 34, "institution": 44, "rank": 22, "email": 34, "arrived": 20, "left": 20},
    headings={
        "name": "name|full name|participant|participant name|name (original name)|display name|user name|"
        "nom|nom complet|nom et prenom|nome|nome completo",
        "first": "first name|prenom|primeiro nome",
        "last": "last name|surname|nom de famille|apelido|sobrenome",
        "institution": "institution|organisation|organization|ministry|instituicao|structure|ministere|ministerio",
        "rank": "rank|rang|fonction|title|function|cargo|funcao",
        "email": "email|e-mail|e-mail address|email address|user email|mail|courriel|adresse e-mail|correio",
        "arrived": "arrived|join time|first join|time joined|joined|joined at|arrival|arrivee|heure d'arrivee|chegada|"
        "entrada",
        "left": "left|leave time|last leave|time exited|left at|departure|depart|heure de depart|saida|partida",
    },
    one_of=frozenset({"name", "first"}),
    none_of_them=gettext_lazy("there is no column with a name"),
)  # fmt: skip
SECTION = re.compile(r"^\"?\d{1,2}\. ")  # how Teams heads the parts of its report


@dataclass(frozen=True)
class Entry:
    """One person of a list; `lines` are where they stand in the file."""

    lines: tuple[int, ...]
    name: str
    email: str = ""
    institution: str = ""
    rank: str = ""
    arrived: datetime | None = None
    left: datetime | None = None

    def merged(self, other: Entry) -> Entry:
        """The same person once more: from the first join to the last leave."""
        arrived = [at for at in (self.arrived, other.arrived) if at]
        left = [at for at in (self.left, other.left) if at]
        return replace(
            self, lines=self.lines + other.lines, institution=self.institution or other.institution,
            rank=self.rank or other.rank, email=self.email or other.email,
            arrived=min(arrived, default=None), left=max(left, default=None),
        )  # fmt: skip


@dataclass
class Listed:
    """What a file holds: people, what is wrong with which line, what the reader should know."""

    entries: list[Entry]
    problems: list[dict[str, Any]]
    notices: list[str]


def read(upload: Any, meeting: Meeting) -> Listed:
    """Everybody in the file, once. Raises UnreadableFile with a reason for the person who sent it."""
    name, content = upload.name or "", _checked(upload)
    above = 0
    if not name.lower().endswith(".xlsx"):
        content, above = _table_of(content)
    sheet = sheets.read(name, content, LAYOUT)
    entries: list[Entry] = []
    problems: list[dict[str, Any]] = []
    for line, row in sheet.rows:
        entry, wrong = _entry(line + above, row, meeting)
        problems += [{"where": _("Line %(line)d") % {"line": line + above}, "text": text} for text in wrong]
        if not wrong:
            entries.append(entry)
    found = once(entries)
    if len(found) > MOST_PEOPLE:
        raise UnreadableFile(_("This file names more than %(most)d people.") % {"most": MOST_PEOPLE}, status=413)
    return Listed(found, problems, sheet.notices)


def _checked(upload: Any) -> bytes:
    """The file's content, which is what its ending says and nothing harmful; texts in UTF-16 become UTF-8."""
    if (upload.size or 0) > MOST_BYTES:
        raise UnreadableFile(_("This file is larger than 5 MB."), status=413)
    content = upload.read()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    try:
        kind = uploads.check_bytes(content, ("xlsx", "csv"))
    except ValidationError as error:
        status = 413 if error.code == "too-large" else 422
        raise UnreadableFile(" ".join(error.messages), status=status) from error
    if (kind == "xlsx") != (upload.name or "").lower().endswith(".xlsx"):
        raise UnreadableFile(_("The name of this file does not say what it is: it must end in .xlsx or .csv."))
    return content


def _table_of(content: bytes) -> tuple[bytes, int]:
    """The part of a text that is the list of people, and how many lines stand above it."""
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError:
        return content, 0
    known = {heading for heading, column in LAYOUT.known_headings.items() if column in ("name", "first")}
    start = next((n for n, line in enumerate(lines) if known & set(_cells(line)) and len(_cells(line)) > 1), 0)
    below = range(start + 1, len(lines))
    end = next((n for n in below if SECTION.match(lines[n]) and len(_cells(lines[n])) == 1), None)
    return "".join(lines[start:end]).encode(), start


def _cells(line: str) -> list[str]:
    return [words.fold(cell.strip().strip('"')) for cell in re.split(r"[,;\t]", line.strip())]


def _entry(line: int, row: dict[str, str], meeting: Meeting) -> tuple[Entry, list[str]]:
    """A row, and what is wrong with it."""
    wrong: list[str] = []
    name = " ".join((row.get("name") or f"{row.get('first', '')} {row.get('last', '')}").split())
    if not name:
        wrong.append(_("There is no name."))
    if any(UNSEEN.search(text) for text in row.values()):
        wrong.append(_("This line holds characters that can't be shown."))
    institution = " ".join(row.get("institution", "").split())
    if len(name) > MOST_NAME or len(institution) > MOST_INSTITUTION:
        wrong.append(_("This name is too long."))
    moments: dict[str, datetime | None] = {}
    for column in ("arrived", "left"):
        try:
            moments[column] = times.read(row.get(column, ""), meeting)
        except ValueError as error:
            wrong.append(str(error))
    arrived, left = moments.get("arrived"), moments.get("left")
    if arrived and left and left < arrived:
        wrong.append(_("They left before they arrived."))
    rank = values_by_words(Rank).get(words.fold(row.get("rank", "")), "")
    if row.get("rank") and not rank:
        told = {"text": row["rank"][:60], "ranks": ", ".join(str(rank.label) for rank in Rank)}
        wrong.append(_("“%(text)s” is no rank: write one of %(ranks)s.") % told)
    email = row.get("email", "").strip().lower()
    return Entry((line,), name, email if "@" in email else "", institution, rank, arrived, left), wrong


def once(entries: list[Entry]) -> list[Entry]:
    """Each person once, in the file's order: by address, else by name and institution."""
    found: dict[str, Entry] = {}
    addresses = {words.fold(e.name): e.email for e in entries if e.email}
    for entry in entries:
        key = entry.email or addresses.get(words.fold(entry.name)) or words.fold(entry.name, "|", entry.institution)
        found[key] = found[key].merged(entry) if key in found else entry
    return list(found.values())
