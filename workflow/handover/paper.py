"""The signed record on paper: what a ministry files (S21)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workflow.documents.book import Book, BookPart, BookSection
from workflow.documents.plain_tables import plain, table
from workflow.engine import signatures
from workflow.groups import words

from .flow import HandoverFlow
from .models import HandoverRecord, ItemKind, ItemState, NeedKind, Severity

Content = dict[str, Any]


def book_of(record: HandoverRecord, language: str) -> Book:
    """Who takes what over, what was handed over with which evidence, what is lacking, how to verify it."""
    told: Content = record.content
    sections = [
        BookSection("1", _("Who was asked, and what was answered"), _answers(told)),
        BookSection("2", _("What was handed over"), _items(told)),
        BookSection("3", _("Capacity needs"), _needs(told)),
        BookSection("4", _("The next edition"), _next(told)),
        BookSection("5", _("Verification"), _verification(record)),
    ]
    return Book(
        title=_("Hand-over record"), subtitle=words.in_language(told["institution_names"]),
        cover=[
            (_("Profile"), words.in_language(told["profile_names"])), (_("Edition"), told["edition"]),
            (_("Technical Working Group"), words.in_language(told["twg_names"])),
            (pgettext("when", "Signed"), _moment(told["signed_at"])),
        ],
        language=language, parts=[BookPart("", "", sections)], figure=lambda number: None,
    )  # fmt: skip


def _moment(text: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT") if text else "–"


def _answers(told: Content) -> str:
    rows = [
        (HandoverFlow.label_of(one["what"]), " · ".join(filter(None, (one["by"], one["institution"]))), one["note"],
         _moment(one["at"]))
        for one in told["answers"]
    ]  # fmt: skip
    head = (_("What"), _("Who"), _("In which words"), _("When"))
    conditions = told["conditions"]
    after = [f"{_('Conditions')}: {plain(conditions)}"] if conditions else []
    return "\n\n".join([table(head, *rows), *after])


def _items(told: Content) -> str:
    rows = []
    for item in told["items"]:
        shown = [" ".join(filter(None, (one["words"], _file(one)))) for one in item["evidence"]]
        counted = [str(item["counted"])] if item["counted"] is not None else []
        name = item["name"] or words.label(ItemKind, item["kind"])
        state = words.label(ItemState, item["state"])
        rows.append((name, state, words.in_language(item["owner"]), "; ".join([*counted, *shown, item["reason"]])))
    return table((_("What"), _("State"), _("Who sees to it"), _("Evidence or reason")), *rows)


def _file(one: dict[str, str]) -> str:
    return f"({one['file']}, SHA-256 {one['sha256'][:16]}…)" if one["file"] else ""


def _needs(told: Content) -> str:
    if not told["needs"]:
        return plain(_("None was recorded."))
    rows = [
        (words.label(NeedKind, need["kind"]), words.label(Severity, need["severity"]), need["what"], need["needed"])
        for need in told["needs"]
    ]
    return table((_("Kind"), _("Severity"), _("What is lacking"), _("What is needed")), *rows)


def _next(told: Content) -> str:
    who = words.in_language(told["institution_names"])
    said = _("%(institution)s opens and drafts the next edition. It is due on %(day)s.")
    return plain(said % {"institution": who, "day": _day(told["next_due"])})


def _verification(record: HandoverRecord) -> str:
    return table(
        (_("What"), _("Value")),
        (_("Record"), record.number),
        (_("Last event of the hand-over before it"), record.content["history_head"]),
        (_("Public key (Ed25519)"), signatures.public_key()),
        (_("Signature of the record"), record.signature),
    )
