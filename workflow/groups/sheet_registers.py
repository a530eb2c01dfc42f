"""What a TWG keeps a register of and in spreadsheets too: every row's fate, then all rows or none (S09, S29)."""

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

from .fates import Fate, Plan, apply_all, settle, unprintable
from .models import Twg
from .sheet_rows import Errors, Known, Row
from .sheets import Sheet

IMPORTED = "imported"  # what the events of imported rows are called
NOT_IMPORTED = ("version", "head", "folded", "twg")


@dataclass(frozen=True)
class Register:
    """One kind of spreadsheet: how its rows are read, compared and written.

    `fields(row, known, existing)` gives a row's fields as they travel in a session, and its errors; `trial` the entry
    as it would be; `refused` why an entry takes no more rows. `enter` and `change` write, by their own services.
    """

    code: str  # the column by which rows are matched
    columns: Mapping[str, str]  # the model's fields whose columns have another name
    fields: Callable[[Row, Known, Any], tuple[dict[str, Any], Errors]]
    cells: Callable[[Any], dict[str, str]]
    known: Callable[[Twg, Sheet], Known]
    trial: Callable[[Known, Any, dict[str, Any]], Any]
    refused: Callable[[Any], str]
    find: Callable[[Twg, Fate], Any]
    enter: Callable[[Twg, Fate, Any], Any]
    change: Callable[[Any, Fate, Any], Any]
    choices: tuple[str, ...] = ("kind", "confidence")  # compared by their values, whatever words a cell has for them
    lists: tuple[str, ...] = ()  # columns of several codes
    unchecked: tuple[str, ...] = ()  # fields that the model checks by itself, once the row is written


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
    if existing is not None and (reason := register.refused(existing)):
        errors.append((register.code, reason))
    if not errors:
        trial = register.trial(known, copy.copy(existing) if existing else code, fields)
        errors += _invalid(register, trial)
    if errors:
        return fate
    now = register.cells(existing) if existing else {}
    return settle(fate, exists=existing is not None, now=now, then=_then(register, row, fields, now))


def _then(register: Register, row: Row, fields: Mapping[str, Any], now: Mapping[str, str]) -> dict[str, str]:
    """What would stand in the columns that the file has: choices as their values, codes in order."""
    told = {column: row[column] for column in row if column in now and column != register.code}
    for name in register.choices:
        if name in told:
            told[name] = fields.get(name, now[name])  # an empty cell may say nothing new
    return told | {name: "; ".join(fields[name]) for name in register.lists if name in fields}


def _invalid(register: Register, entry: Any) -> Errors:
    """What the model itself finds wrong, on its column."""
    try:
        entry.clean_fields(exclude=[*NOT_IMPORTED, *register.unchecked])
        entry.clean()
    except ValidationError as error:
        found = error.message_dict.items()
        return [(register.columns.get(name, name), str(m)) for name, messages in found for m in messages]
    return []


def apply(register: Register, twg: Twg, fates: list[Fate], *, actor: Any) -> int:
    """Write all rows or none, each with its event. Raises Conflict when something has changed since the dry run."""
    with transaction.atomic():
        return apply_all(
            fates,
            enter=lambda fate: _enter(register, twg, fate, actor),
            change=lambda fate: register.change(register.find(twg, fate), fate, actor),
        )


def _enter(register: Register, twg: Twg, fate: Fate, actor: Any) -> None:
    existing = register.find(twg, fate)
    if existing is not None:
        reason = _("Somebody has entered %(code)s meanwhile: send the file again.") % {"code": fate.code}
        raise Conflict(existing, engine.events_since(existing, 0), reason)
    register.enter(twg, fate, actor)


def with_fields(entry: Any, fields: Mapping[str, Any]) -> Any:
    """The entry with these fields, saved nowhere."""
    engine.assign(entry, fields)
    return entry
