"""Importing the register from a spreadsheet: a dry run that tells each row's fate, then all rows or none (S29)."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Conflict
from workflow.groups.fates import Fate, Plan, apply_all, settle, unprintable
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require
from workflow.groups.sheets import Sheet

from . import rows, services, spreadsheets
from .flow import KEEPERS, EntryFlow
from .models import Entry, EntryState, Framework, PolicyActor
from .rows import Errors, Known

IMPORTED = "imported"


# -- what becomes of it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Register:
    """One of the two spreadsheets: how its rows are read, compared and written."""

    code: str  # the column by which rows are matched
    columns: Mapping[str, str]  # the model's fields whose columns have another name
    fields: Callable[[Mapping[str, str], Known, Any], tuple[dict[str, Any], Errors]]
    cells: Callable[[Any], dict[str, str]]
    trial: Callable[[Known, str, dict[str, Any]], Entry]
    known: Callable[[Twg, Sheet], Known]
    enter: Callable[[Twg, Fate, Any], Entry]
    find: Callable[[Twg, Fate], Any]
    change: Callable[..., None]


def plan(register: Register, twg: Twg, sheet: Sheet) -> Plan:
    """What the file would do. Writes nothing."""
    known = register.known(twg, sheet)
    known.codes = Counter(row[register.code].lower() for _line, row in sheet.rows)
    return Plan([_fate(register, known, line, row) for line, row in sheet.rows], sheet.notices)


def _fate(register: Register, known: Known, line: int, row: dict[str, str]) -> Fate:
    code = row[register.code].lower()
    existing = known.entries.get(code)
    fields, errors = register.fields(row, known, existing)
    fate = Fate(line, code, "wrong", fields, errors=errors, version=existing.version if existing else 0)
    errors += unprintable(row)
    if not code:
        errors.append((register.code, _("The code is missing.")))
    elif known.codes[code] > 1:
        errors.append((register.code, _("This code stands in the file more than once.")))
    if existing is not None and existing.state == EntryState.WITHDRAWN:
        errors.append((register.code, _("It was withdrawn: take it up again on its page first.")))
    if not errors:
        errors += _invalid(register, _trial(register, known, code, fields, existing))
    if errors:
        return fate
    now = register.cells(existing) if existing else {}
    return settle(fate, exists=existing is not None, now=now, then=_then(row, fields, now))


def _then(row: Mapping[str, str], fields: Mapping[str, Any], now: Mapping[str, str]) -> dict[str, str]:
    """What would stand in the columns that the file has: choices as their values, codes in order."""
    told = {column: row[column] for column in row if column in now}
    told |= {name: fields[name] for name in ("kind", "confidence") if name in fields}
    if "confidence" in told and "confidence" not in fields:
        told["confidence"] = now["confidence"]  # an empty cell says nothing new
    if "responsible" in fields:
        told["responsible"] = "; ".join(fields["responsible"])
    return {column: text for column, text in told.items() if column not in ("code", "institution")}


def _trial(register: Register, known: Known, code: str, fields: dict[str, Any], existing: Entry | None) -> Entry:
    """The entry as it would be, saved nowhere."""
    if existing is None:
        return register.trial(known, code, fields)
    entry = copy.copy(existing)
    for name, value in _without(fields, "responsible").items():
        setattr(entry, name, value)
    return entry


def _invalid(register: Register, entry: Entry) -> Errors:
    """What the model itself finds wrong, on its column."""
    try:
        entry.clean_fields(exclude=["version", "head", "folded", "twg", "institution"])
        entry.clean()
    except ValidationError as error:
        found = error.message_dict.items()
        return [(register.columns.get(name, name), str(m)) for name, messages in found for m in messages]
    return []


def _without(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


# -- writing ----------------------------------------------------------------------------------------------


def apply(register: Register, twg: Twg, fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when the register has changed since the dry run."""
    require(KEEPERS, twg, actor)
    with transaction.atomic():
        return apply_all(
            fates,
            enter=lambda fate: _enter(register, twg, fate, actor),
            change=lambda fate: _change(register, twg, fate, actor),
        )


def _enter(register: Register, twg: Twg, fate: Fate, actor: Any) -> None:
    existing = register.find(twg, fate)
    if existing is not None:
        reason = _("Somebody has entered %(code)s meanwhile: send the file again.") % {"code": fate.code}
        raise Conflict(existing, engine.events_since(existing, 0), reason)
    _end(register.enter(twg, fate, actor), fate, actor)


def _change(register: Register, twg: Twg, fate: Fate, actor: Any) -> None:
    existing = register.find(twg, fate)
    fields = _resolved(fate.fields)
    if existing.state == EntryState.LISTED:
        fields.pop("ended", None)
    register.change(existing, fields, actor=actor, version=fate.version, name=IMPORTED)
    _end(existing, fate, actor)


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


# -- the two ----------------------------------------------------------------------------------------------


def _known_frameworks(twg: Twg, sheet: Sheet) -> Known:
    stored = Framework.objects.filter(twg=twg).prefetch_related("responsible")
    named = (code for _line, row in sheet.rows for code in rows.split(row.get("responsible", "")))
    return Known(twg, {entry.key.lower(): entry for entry in stored}, rows.institutions(named))


def _known_actors(twg: Twg, sheet: Sheet) -> Known:
    stored = PolicyActor.objects.filter(twg=twg).select_related("institution")
    named = (row["institution"].lower() for _line, row in sheet.rows)
    return Known(twg, {entry.institution.code.lower(): entry for entry in stored}, rows.institutions(named))


def _enter_framework(twg: Twg, fate: Fate, actor: Any) -> Framework:
    fields = _without(_resolved(fate.fields), "ended") | {"key": fate.code}
    return services.record_framework(twg, fields, actor=actor, name=IMPORTED)


def _enter_actor(twg: Twg, fate: Fate, actor: Any) -> PolicyActor:
    institution = Institution.objects.get(code__iexact=fate.code)
    fields = _without(fate.fields, "ended") | {"institution": institution}
    return services.record_actor(twg, fields, actor=actor, name=IMPORTED)


FRAMEWORKS = Register(
    code="code",
    columns={"names": "title_en", "summaries": "summary_en", "url": "link", "key": "code"},
    fields=rows.framework_fields,
    cells=spreadsheets.framework_cells,
    trial=lambda known, code, fields: Framework(twg=known.twg, key=code, **_without(fields, "responsible")),
    known=_known_frameworks,
    enter=_enter_framework,
    find=lambda twg, fate: Framework.objects.filter(twg=twg, key__iexact=fate.code).first(),
    change=services.change_framework,
)
ACTORS = Register(
    code="institution",
    columns={"roles": "role_en"},
    fields=rows.actor_fields,
    cells=spreadsheets.actor_cells,
    trial=lambda known, code, fields: PolicyActor(twg=known.twg, institution=known.institutions[code], **fields),
    known=_known_actors,
    enter=_enter_actor,
    find=lambda twg, fate: PolicyActor.objects.filter(twg=twg, institution__code__iexact=fate.code).first(),
    change=services.change_actor,
)
