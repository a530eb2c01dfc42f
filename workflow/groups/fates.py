"""What would become of the rows of a spreadsheet: the dry run of an import, whatever is imported (S15)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine import digests
from workflow.engine.texts import UNSEEN

from . import words

MOST_SHOWN = 500  # rows on one page
NAMED = ("names", "titles", "roles")  # the fields by which people know a row


@dataclass
class Fate:
    """What becomes of one row: new, changed, unchanged or wrong. `version` is what was there at the dry run."""

    line: int
    code: str
    fate: str
    fields: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # column, before, after
    errors: list[tuple[str, str]] = field(default_factory=list)  # column, message
    version: int = 0

    @property
    def name(self) -> str:
        """By which name, title or role of the row people know it."""
        return words.in_language(next((self.fields[key] for key in NAMED if self.fields.get(key)), {}))


@dataclass
class Plan:
    """The dry run of a file."""

    fates: list[Fate]
    notices: list[str]

    def _count(self, fate: str) -> int:
        return sum(f.fate == fate for f in self.fates)

    @property
    def new(self) -> int:
        return self._count("new")

    @property
    def changed(self) -> int:
        return self._count("changed")

    @property
    def unchanged(self) -> int:
        return self._count("unchanged")

    @property
    def errors(self) -> int:
        return self._count("wrong")

    @property
    def to_do(self) -> list[Fate]:
        return [f for f in self.fates if f.fate in ("new", "changed")]

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every mistake with its row and column, as far as a page can show them."""
        wrong = [(fate.line, column, message) for fate in self.fates for column, message in fate.errors]
        told = [
            {"where": _("Row %(row)s, %(column)s") % {"row": row, "column": column}, "text": message}
            for row, column, message in wrong[:MOST_SHOWN]
        ]
        if len(wrong) > MOST_SHOWN:
            more = len(wrong) - MOST_SHOWN
            told.append({"text": ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}})
        return told

    @property
    def shown(self) -> list[Fate]:
        """The rows without a mistake, those that change something first, as far as a page can show them."""
        fine = [f for f in self.fates if f.fate != "wrong"]
        return sorted(fine, key=lambda f: f.fate == "unchanged")[:MOST_SHOWN]

    def packed(self) -> str:
        """The rows to apply, for the session."""
        return json.dumps([asdict(f) for f in self.to_do])

    @property
    def digest(self) -> str:
        return digests.of_text(self.packed())


def unpacked(text: str) -> list[Fate]:
    """The rows that `Plan.packed` put away."""
    return [Fate(**entry) for entry in json.loads(text)]


def unprintable(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """The row's cells that hold control characters, each with the message."""
    message = _("This cell holds characters that can't be shown.")
    return [(name, message) for name, text in row.items() if UNSEEN.search(text) or {*text} & {*"\t\r\n"}]


def settle(fate: Fate, *, exists: bool, now: Mapping[str, str], then: Mapping[str, str]) -> Fate:
    """Say what becomes of a row without mistakes; `now` and `then` are what stands in its columns."""
    if not exists:
        fate.fate = "new"
        return fate
    fate.changes = [(column, now[column], value) for column, value in then.items() if now[column] != value]
    fate.fate = "changed" if fate.changes else "unchanged"
    return fate


def apply_all(fates: list[Fate], *, enter: Callable[[Fate], Any], change: Callable[[Fate], Any]) -> int:
    """Write every row; returns how many. The caller holds the transaction: it is all or nothing."""
    for fate in fates:
        (enter if fate.fate == "new" else change)(fate)
    return len(fates)
