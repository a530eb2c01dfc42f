"""Importing sources and gaps from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S09)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from workflow.groups import sheet_registers
from workflow.groups.fates import Fate
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require
from workflow.groups.sheet_registers import IMPORTED, Register, plan, with_fields
from workflow.groups.sheet_rows import Known, institutions, split
from workflow.groups.sheets import Sheet

from . import outlines, rows, services, spreadsheets
from .choices import SourceState
from .flow import KEEPERS
from .models import DataGap, DataSource

__all__ = ["GAPS", "SOURCES", "apply", "plan"]


def apply(register: Register, twg: Twg, fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when the inventory has changed meanwhile."""
    require(KEEPERS, twg, actor)
    return sheet_registers.apply(register, twg, fates, actor=actor)


# -- sources ----------------------------------------------------------------------------------------------


def _known_sources(twg: Twg, sheet: Sheet) -> Known:
    stored = DataSource.objects.filter(twg=twg).select_related("custodian").prefetch_related("users")
    named = [code for _line, row in sheet.rows for code in split(row.get("users", ""))]
    named += [row.get("custodian", "").lower() for _line, row in sheet.rows]
    entries = {source.key.lower(): source for source in stored}
    return Known(twg, entries, institutions(named), {"outline": outlines.of_twg(twg)})


def _withdrawn(source: DataSource) -> str:
    withdrawn = source.state == SourceState.WITHDRAWN
    return _("It was withdrawn: take it up again on its page first.") if withdrawn else ""


def _trial_source(known: Known, source: Any, fields: dict[str, Any]) -> DataSource:
    source = DataSource(twg=known.twg, key=source) if isinstance(source, str) else source
    plain = {name: value for name, value in fields.items() if name not in ("users", "custodian")}
    tried: DataSource = with_fields(source, plain)
    return tried


def _source_fields(fate: Fate) -> dict[str, Any]:
    """The fields as services take them: institutions instead of their codes."""
    fields = dict(fate.fields)
    if "users" in fields:
        fields["users"] = list(Institution.objects.filter(code__in=fields["users"]))
    if "custodian" in fields:
        fields["custodian"] = Institution.objects.filter(code=fields["custodian"]).first()
    return fields


def _enter_source(twg: Twg, fate: Fate, actor: Any) -> None:
    services.record_source(twg, _source_fields(fate) | {"key": fate.code}, actor=actor, name=IMPORTED)


def _change_source(source: DataSource, fate: Fate, actor: Any) -> None:
    services.change_source(source, _source_fields(fate), actor=actor, version=fate.version, name=IMPORTED)


SOURCES = Register(
    code="code",
    columns={"names": "name_en", "coverages": "coverage_en", "quality_notes": "quality_note_en", "key": "code",
             "access_notes": "access_note_en", "url": "link", "source": "known_from"},
    choices=("kind", "periodicity", "quality", "access", "confidence"),
    lists=("users", "sections", "questions"),
    fields=rows.source_fields,
    cells=spreadsheets.source_cells,
    known=_known_sources,
    trial=_trial_source,
    refused=_withdrawn,
    find=lambda twg, fate: DataSource.objects.filter(twg=twg, key__iexact=fate.code).first(),
    enter=_enter_source,
    change=_change_source,
    unchecked=("placed",),
)  # fmt: skip


# -- gaps -------------------------------------------------------------------------------------------------


def _known_gaps(twg: Twg, sheet: Sheet) -> Known:
    stored = DataGap.objects.filter(twg=twg).select_related("data_source")
    sources = {source.key.lower(): source for source in DataSource.objects.filter(twg=twg)}
    entries = {gap.key.lower(): gap for gap in stored}
    return Known(twg, entries, {}, {"outline": outlines.of_twg(twg), "sources": sources})


def _over(gap: DataGap) -> str:
    return "" if gap.is_open else _("It is over: take it up again on its page first.")


def _trial_gap(known: Known, gap: Any, fields: dict[str, Any]) -> DataGap:
    gap = DataGap(twg=known.twg, key=gap) if isinstance(gap, str) else gap
    plain = {name: value for name, value in fields.items() if name != "data_source"}
    tried: DataGap = with_fields(gap, plain)
    return tried


def _gap_fields(twg: Twg, fate: Fate) -> dict[str, Any]:
    fields = dict(fate.fields)
    if "data_source" in fields:
        fields["data_source"] = DataSource.objects.filter(twg=twg, key__iexact=fields["data_source"]).first()
    return fields


def _enter_gap(twg: Twg, fate: Fate, actor: Any) -> None:
    services.record_gap(twg, _gap_fields(twg, fate) | {"key": fate.code}, actor=actor, name=IMPORTED)


def _change_gap(gap: DataGap, fate: Fate, actor: Any) -> None:
    services.change_gap(gap, _gap_fields(gap.twg, fate), actor=actor, version=fate.version, name=IMPORTED)


GAPS = Register(
    code="code",
    columns={"titles": "gap_en", "improvements": "improvement_en", "key": "code", "source": "known_from",
             "data_source": "source"},
    choices=("severity", "confidence"),
    fields=rows.gap_fields,
    cells=spreadsheets.gap_cells,
    known=_known_gaps,
    trial=_trial_gap,
    refused=_over,
    find=lambda twg, fate: DataGap.objects.filter(twg=twg, key__iexact=fate.code).first(),
    enter=_enter_gap,
    change=_change_gap,
)  # fmt: skip
