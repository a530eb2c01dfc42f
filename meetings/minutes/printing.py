"""Minutes as a document on the TWG's letterhead, with decisions, action items, addenda and the attendance by rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.attendance.selectors import reads_names
from meetings.scheduling.models import Meeting
from workflow.documents.book import Book, BookPart, BookSection
from workflow.documents.tables import plain, table
from workflow.engine import edtf
from workflow.writing import printing
from workflow.writing.models import Text

from . import annex, selectors
from .models import ActionItem, Addendum, Decision, DecisionState, Minutes, MinutesState
from .selectors import Entry, Told


def book_of(minutes: Minutes, text: Text, person: Any) -> Book:
    """The document as the person may read it, in the language of the text, which is spoken here."""
    told = selectors.told(minutes, person)
    written = printing.book_of_text(text)
    sections = [section for part in written.parts for section in part.sections]
    pairs = zip(sections, told.entries, strict=True)
    agenda = [replace(section, place=str(n), body=_with_rows(section.body, entry))
              for n, (section, entry) in enumerate(pairs, start=1)]  # fmt: skip
    parts = [
        BookPart("", _("Agenda"), agenda),
        *_tables(told, person, minutes),
        *_addenda(minutes, reads_names(minutes.meeting, person)),
    ]
    return replace(
        written, title=str(minutes), subtitle=minutes.twg.name, cover=_letterhead(minutes.meeting), parts=parts,
        note=str(minutes.get_state_display()), draft=minutes.state != MinutesState.APPROVED,
    )  # fmt: skip


def _letterhead(meeting: Meeting) -> list[tuple[str, str]]:
    """The TWG and its country, when it met and where."""
    lines = [
        (_("Country or region"), str(meeting.twg.place)),
        (_("Date"), when(meeting)),
        (_("Place"), meeting.place),
        (_("Kind"), str(meeting.get_kind_display())),
    ]
    return [(label, told) for label, told in lines if told]


def when(meeting: Meeting) -> str:
    """The day in the meeting's own zone, or the date as far as it is known."""
    if meeting.starts_at:
        return date_format(meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date(), "DATE_FORMAT")
    return edtf.display(meeting.when) if meeting.when else ""


def _with_rows(body: str, entry: Entry) -> str:
    """What was said under an item, then what was decided under it and who is to do what."""
    decided = [_("Decision %(number)s") % {"number": d.number} for d in entry.decisions]
    lines = [f"**{label}.** {plain(d.what)}" for label, d in zip(decided, entry.decisions, strict=True)
             if d.state == DecisionState.STANDS]  # fmt: skip
    lines += [f"**{_('Action item %(number)s') % {'number': a.number}}.** {plain(a.what)}" for a in entry.action_items]
    return "\n\n".join([body, *lines])


def _tables(told: Told, person: Any, minutes: Minutes) -> list[BookPart]:
    names = reads_names(minutes.meeting, person)
    standing = [d for d in told.decisions if d.state == DecisionState.STANDS]
    sections = []
    if standing:
        sections.append(BookSection("", _("Decisions"), _decisions(standing)))
    if told.action_items:
        sections.append(BookSection("", _("Action items"), _action_items(told.action_items, names)))
    found = [BookPart("", _("Decisions and action items"), sections)] if sections else []
    present = annex.annex_for(minutes.meeting, person)
    if present.count:
        title = _("Attendance by rank") if present.people else _("Attendance by institution")
        found.append(BookPart("", _("Annex"), [BookSection("", title, _attendance(present))]))
    return found


def _decisions(decisions: Iterable[Decision]) -> str:
    return table((_("No."), _("Decision"), _("Agenda item")), ((d.number, d.what, d.item or "–") for d in decisions))


def _action_items(actions: Iterable[ActionItem], names: bool) -> str:
    head = (_("No."), _("What"), _("Who"), _("By"), _("State"))
    return table(head, ((a.number, a.what, who(a, names), _day(a), a.get_state_display()) for a in actions))


def who(action: ActionItem, names: bool) -> str:
    """The institution and, for those who may read names, the person."""
    person = str(action.person) if action.person and names else ""
    return ", ".join(told for told in (str(action.institution or ""), person) if told) or "–"


def _day(action: ActionItem) -> str:
    return date_format(action.due, "DATE_FORMAT") if action.due else "–"


def _attendance(present: annex.Annex) -> str:
    if not present.people:
        rows = ((name or "–", count) for name, count in present.institutions)
        return table((_("Institution"), _("How many")), rows)
    head = (_("Rank"), _("Name"), _("Institution"), _("How"))
    return table(head, ((one.rank_label or "–", one.name, one.institution or "–", one.how) for one in present.people))


def _addenda(minutes: Minutes, names: bool) -> list[BookPart]:
    listed = list(Addendum.objects.filter(minutes=minutes).order_by("number"))
    sections = [BookSection("", _signed(one, minutes, names), plain(one.words)) for one in listed]
    return [BookPart("", _("Addenda"), sections)] if sections else []


def _signed(addendum: Addendum, minutes: Minutes, names: bool) -> str:
    day = date_format(addendum.at.astimezone(ZoneInfo(minutes.twg.time_zone)), "DATE_FORMAT")
    by = ", ".join(told for told in (names and addendum.by_name, addendum.institution) if told) or "–"
    return _("Addendum %(number)s, %(day)s, %(by)s") % {"number": addendum.number, "day": day, "by": by}
