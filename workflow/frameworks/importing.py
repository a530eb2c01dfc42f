"""Importing the register from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S29)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.groups import sheet_registers
from workflow.groups.fates import Fate
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require
from workflow.groups.sheet_registers import IMPORTED, Register, plan, with_fields
from workflow.groups.sheet_rows import Known, institutions, split
from workflow.groups.sheets import Sheet

from . import rows, services, spreadsheets
from .flow import KEEPERS, EntryFlow
from .models import Entry, EntryState, Framework, PolicyActor

__all__ = ["ACTORS", "FRAMEWORKS", "IMPORTED", "Register", "apply", "plan"]


def apply(register: Register, twg: Twg, fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when the register has changed since the dry run."""
    require(KEEPERS, twg, actor)
    return sheet_registers.apply(register, twg, fates, actor=actor)


def _refused(entry: Entry) -> str:
    withdrawn = entry.state == EntryState.WITHDRAWN
    return _("It was withdrawn: take it up again on its page first.") if withdrawn else ""


def _end(entry: Entry, fate: Fate, actor: Any) -> None:
    """A row with an end ends what has not ended yet."""
    if fate.fields.get("ended") and entry.state == EntryState.LISTED:
        note = _("The imported spreadsheet says so.")
        engine.perform(EntryFlow(entry), "end", actor=actor, note=note, data={"ended_on": fate.fields["ended"]})


def _resolved(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as services take them: institutions instead of their codes."""
    if "responsible" not in fields:
        return dict(fields)
    return {**fields, "responsible": list(Institution.objects.filter(code__in=fields["responsible"]))}


def _changed(existing: Entry, fate: Fate) -> dict[str, Any]:
    """The fields to change; the end of what has not ended comes by its own transition."""
    kept = ("ended",) if existing.state == EntryState.LISTED else ()
    return engine.without(_resolved(fate.fields), *kept)


# -- frameworks -------------------------------------------------------------------------------------------


def _known_frameworks(twg: Twg, sheet: Sheet) -> Known:
    stored = Framework.objects.filter(twg=twg).prefetch_related("responsible")
    named = (code for _line, row in sheet.rows for code in split(row.get("responsible", "")))
    return Known(twg, {entry.key.lower(): entry for entry in stored}, institutions(named))


def _enter_framework(twg: Twg, fate: Fate, actor: Any) -> None:
    fields = engine.without(_resolved(fate.fields), "ended") | {"key": fate.code}
    _end(services.record_framework(twg, fields, actor=actor, name=IMPORTED), fate, actor)


def _change_framework(existing: Framework, fate: Fate, actor: Any) -> None:
    services.change_framework(
        existing, _changed(existing, fate), actor=actor, version=fate.version, name=IMPORTED
    )  # fmt: skip
    _end(existing, fate, actor)


def _trial_framework(known: Known, entry: Any, fields: dict[str, Any]) -> Framework:
    entry = Framework(twg=known.twg, key=entry) if isinstance(entry, str) else entry
    tried: Framework = with_fields(entry, engine.without(fields, "responsible"))
    return tried


FRAMEWORKS = Register(
    code="code",
    columns={"names": "title_en", "summaries": "summary_en", "url": "link", "key": "code"},
    lists=("responsible",),
    fields=rows.framework_fields,
    cells=spreadsheets.framework_cells,
    known=_known_frameworks,
    trial=_trial_framework,
    refused=_refused,
    find=lambda twg, fate: Framework.objects.filter(twg=twg, key__iexact=fate.code).first(),
    enter=_enter_framework,
    change=_change_framework,
)


# -- actors -----------------------------------------------------------------------------------------------


def _known_actors(twg: Twg, sheet: Sheet) -> Known:
    stored = PolicyActor.objects.filter(twg=twg).select_related("institution")
    named = (row["institution"].lower() for _line, row in sheet.rows)
    return Known(twg, {entry.institution.code.lower(): entry for entry in stored}, institutions(named))


def _enter_actor(twg: Twg, fate: Fate, actor: Any) -> None:
    institution = Institution.objects.get(code__iexact=fate.code)
    fields = engine.without(fate.fields, "ended") | {"institution": institution}
    _end(services.record_actor(twg, fields, actor=actor, name=IMPORTED), fate, actor)


def _change_actor(existing: PolicyActor, fate: Fate, actor: Any) -> None:
    services.change_actor(existing, _changed(existing, fate), actor=actor, version=fate.version, name=IMPORTED)
    _end(existing, fate, actor)


def _trial_actor(known: Known, entry: Any, fields: dict[str, Any]) -> PolicyActor:
    if isinstance(entry, str):
        entry = PolicyActor(twg=known.twg, institution=known.institutions[entry])
    tried: PolicyActor = with_fields(entry, fields)
    return tried


ACTORS = Register(
    code="institution",
    columns={"roles": "role_en"},
    choices=("confidence",),
    fields=rows.actor_fields,
    cells=spreadsheets.actor_cells,
    known=_known_actors,
    trial=_trial_actor,
    refused=_refused,
    find=lambda twg, fate: PolicyActor.objects.filter(twg=twg, institution__code__iexact=fate.code).first(),
    enter=_enter_actor,
    change=_change_actor,
    unchecked=("institution",),
)
