"""Putting the register's table into a section of Part E, and telling when the register has moved on since (S29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workflow.documents import diff
from workflow.engine import together
from workflow.engine.together import Found, Listing, Wanted
from workflow.writing import at_work
from workflow.writing.models import TextSection

from . import tables
from .models import Insertion

PART = "E"  # of the note's template: the policies and who carries them (S07, S29)


def takes_tables(section: TextSection) -> bool:
    """Whether the register belongs into the section: Part E of a TWG's own text."""
    return section.part == PART and section.text.twg is not None


@transaction.atomic
def insert(section: TextSection, what: str, *, actor: Any, body: str, base: int, note: str = "") -> str:
    """Put the register's table into what the person is typing; they save it, or not, as anything else they type.

    A table that was put there before and is untouched is replaced, otherwise the new one goes to the end. `base` is the
    revision that `body` was begun on. Returns the text with the table. Raises ValidationError where the section takes
    no table or the register is empty, and what `at_work.keep_scratch` raises.
    """
    twg = section.text.twg
    if twg is None or not takes_tables(section):
        raise ValidationError(_("The register's tables belong into Part %(part)s.") % {"part": PART})
    table = tables.table(twg, what, section.text.language)
    if not table:
        raise ValidationError(_("The register holds nothing of this kind yet."))
    text = _put(body, table, _last(section, what))
    at_work.keep_scratch(section, actor, text, base=base, note=note)
    Insertion.objects.create(section=section, what=what, table=table, by=actor)
    return text


def _put(body: str, table: str, earlier: Insertion | None) -> str:
    body = body.replace("\r\n", "\n")
    if earlier and earlier.table in body:
        return body.replace(earlier.table, table, 1)
    return f"{body.rstrip()}\n\n{table}\n".lstrip("\n")


def _last(section: TextSection, what: str) -> Insertion | None:
    return Insertion.objects.filter(section=section, what=what).last()


@dataclass(frozen=True)
class Offer:
    """What the writing page says of one table: whether it stands in the text, and what has changed since."""

    what: str
    label: str
    empty: bool
    inserted: Insertion | None  # None: it is not in the text
    untouched: bool
    changes: SafeString  # "" while the register says what the text says


def offers(section: TextSection, body: str) -> list[Offer]:
    """The tables that can be put into a section whose text is `body` at the moment."""
    twg = section.text.twg
    if twg is None or not takes_tables(section):
        return []
    last = {one.what: one for one in Insertion.objects.filter(section=section).order_by("pk")}
    now = together.answer(tables.tables(twg, Insertion.What.values, section.text.language))
    return [_offer(what, str(label), now[what], last.get(what), body) for what, label in Insertion.What.choices]


def moved_on(section: TextSection) -> Wanted[list[Offer]]:
    """The tables in a section's text that the register has left behind. Only where something has happened since are
    they made anew and compared."""
    twg = section.text.twg
    if twg is None or not takes_tables(section):
        return Wanted({}, lambda found: [])
    since = tables.behind(twg).filter(at__gte=OuterRef("at"))
    inserted = Insertion.objects.filter(section=section).annotate(moved=Exists(since)).order_by("pk")

    def made(found: Found) -> list[Offer]:
        last = {one.what: one for one in found["insertions"]}
        moved = {what: one for what, one in last.items() if one.moved}
        now = together.answer(tables.tables(twg, moved, section.text.language)) if moved else {}
        offers = [_offer(what, one.get_what_display(), now[what], one, section.body) for what, one in moved.items()]
        return [offer for offer in offers if offer.changes]

    return Wanted({"insertions": Listing(inserted, "what", "table", "at", "moved")}, made)


def _offer(what: str, label: str, now: str, last: Insertion | None, body: str) -> Offer:
    body = body.replace("\r\n", "\n")
    there = last is not None and not _rows(last.table).isdisjoint(body.split("\n"))
    inserted = last if there else None
    moved = inserted is not None and now != inserted.table
    changes = diff.inline(diff.fold(diff.compare(inserted.table, now))) if inserted and moved else SafeString("")
    untouched = inserted is not None and inserted.table in body
    return Offer(what, label, not now, inserted, untouched, changes)


def _rows(table: str) -> set[str]:
    """A table's rows, without its head, by which it is found again after somebody has worked on it."""
    return {line for line in table.split("\n")[2:] if line.startswith("| ")}
