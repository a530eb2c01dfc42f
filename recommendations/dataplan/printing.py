"""A data plan as a document: its strategy, then its actions, their schedule and what pays for them (S14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workflow.datarequests.rules import today_in
from workflow.documents.book import Book, BookDrawing, BookPart, BookSection
from workflow.documents.tables import plain, table
from workflow.engine import edtf, together
from workflow.groups import access
from workflow.writing import printing
from workflow.writing.hooks import language_of_twg
from workflow.writing.models import Text

from . import gantt, schedules, selectors, sums
from .exporting import expert
from .models import Commitment, CommitmentStatus, DataAction, DataPlan
from .models.money import money
from .schedules import Row

DASH = "–"
MOST = 200  # actions in a document
ROWS_ON_A_PAGE = 18  # of the drawing


def book_of(plan: DataPlan, text: Text | None, person: Any) -> Book:
    """The document as the person may read it, in the language that is spoken here."""
    actions = list(selectors.listed(selectors.actions(person).filter(plan=plan))[:MOST])
    paid = list(selectors.commitments(person).filter(action__plan=plan))
    known = schedules.schedule([a for a in actions if a.state != "dropped"], person)
    found = together.answer(selectors.money_of(selectors.actions(person).filter(plan=plan))).sums
    sections = [
        BookSection("", _("Actions"), _actions(actions, access.may_read_addresses(person, plan.twg))),
        BookSection("", _("Schedule"), _schedule(schedules.rows_of(known)), _drawn(known, plan)),
        BookSection(
            "",
            _("Costs and funding"),
            _money(found, paid),
        ),
    ]
    written = printing.book_of_text(text) if text else _empty(plan)
    cover = [*written.cover, (_("Endorsed"), edtf.display(plan.endorsed_on))]
    part = BookPart("", _("Actions and schedule"), [one for one in sections if one.body])
    return replace(
        written, title=plan.title, subtitle=plan.twg.name, cover=[line for line in cover if line[1]],
        parts=[*written.parts, *([part] if part.sections else [])], note=str(plan.get_state_display()),
        draft=plan.state == "draft",
    )  # fmt: skip


def _empty(plan: DataPlan) -> Book:
    cover = [(_("Technical Working Group"), plan.twg.name), (_("Country or region"), str(plan.twg.place))]
    return Book(title=plan.title, subtitle="", cover=cover, language=language_of_twg(plan), parts=[],
                figure=lambda number: None)  # fmt: skip


def _actions(actions: Sequence[DataAction], names: bool) -> str:
    if not actions:
        return ""
    head = (_("Action"), _("Kind"), _("Who"), _("State"), _("Progress"))
    told = table(head, ((a.title, a.get_kind_display(), who(a, names), a.get_state_display(), f"{a.percent} %")
                        for a in actions))  # fmt: skip
    blocked = [f"{plain(a.title)}: {plain(a.blocked_by)}" for a in actions if a.blocked_by]
    return "\n\n".join([told, *([f"**{_('Blocked')}**", *blocked] if blocked else [])])


def who(action: DataAction, names: bool) -> str:
    """The lead institution first, then those who contribute, the task force and the expert."""
    others = [str(one) for one in action.contributors.all()] + [action.other_contributors]
    told = [str(action.lead or ""), *others, str(action.task_force or ""), expert(action, names)]
    return "; ".join(one for one in told if one) or DASH


def _schedule(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    head = (_("Action"), pgettext("action", "Start"), _("Due"), _("Days"), _("Needs first"), _("Room, in days"))
    return table(head, (
        (row.action.title, _date(row.action.starts), _date(row.action.due), row.days or DASH,
         "; ".join(map(str, row.needs)) or DASH, _("critical") if row.critical else DASH if row.slack is None
         else row.slack)
        for row in rows
    ))  # fmt: skip


def _drawn(known: schedules.Schedule, plan: DataPlan) -> list[BookDrawing]:
    """The actions in time, as their page draws them; the table below says the same in words."""
    pages = gantt.pages(gantt.draw(known, today_in(plan.twg.time_zone)), ROWS_ON_A_PAGE)
    drawn = (render_to_string("recommendations/dataplan/gantt.svg", {"drawing": page}) for page in pages)
    return [BookDrawing(svg, _("The actions in time")) for svg in drawn]


def _date(text: str) -> str:
    return edtf.display(text) or DASH


def _money(totals: Sequence[sums.Sum], paid: Iterable[Commitment]) -> str:
    """For each currency by itself, then each commitment."""
    told = []
    if totals:
        head = (_("Currency"), _("Estimated cost"), *(str(status.label) for status in COUNTED), _("Still missing"))
        told.append(table(head, (
            (one.currency, money(one.cost, ""), *(money(one.by_status.get(status), "") or DASH for status in COUNTED),
             money(one.missing, ""))
            for one in totals
        )))  # fmt: skip
    lines = [(one.action.title, one.from_whom, one.money or _("amount not known"), one.fiscal_year or DASH,
              one.get_status_display()) for one in paid]  # fmt: skip
    if lines:
        head = (_("Action"), _("Who pays"), _("Amount"), _("Fiscal year"), _("Status"))
        told.append(table(head, lines))
    return "\n\n".join(told)


COUNTED = (
    CommitmentStatus.ANNOUNCED, CommitmentStatus.REQUESTED, CommitmentStatus.APPROVED, CommitmentStatus.DISBURSED,
)  # fmt: skip
