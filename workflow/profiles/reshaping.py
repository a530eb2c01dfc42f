"""An outline as services take it, with one thing changed: pure functions that the pages of a template call."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Outline = list[dict[str, Any]]


def with_part(outline: Outline, fields: Mapping[str, Any], pk: int | None = None) -> Outline:
    """A part added, or the one with this number changed."""
    changed = deepcopy(outline)
    if pk is None:
        return [*changed, {"sections": [], **fields}]
    for part in changed:
        if part["id"] == pk:
            part.update(fields)
    return changed


def without_part(outline: Outline, pk: int) -> Outline:
    return [part for part in deepcopy(outline) if part["id"] != pk]


def with_section(
    outline: Outline, fields: Mapping[str, Any], *, part: int, number: int, pk: int | None = None
) -> Outline:
    """A section put at a place of a part: a new one, or the one with this number, from wherever it stood."""
    line = {**_section(outline, pk), **fields} if pk else dict(fields)
    changed = without_section(outline, pk) if pk else deepcopy(outline)
    for found in changed:
        if found["id"] == part:
            found["sections"].insert(number - 1, line)
    return changed


def without_section(outline: Outline, pk: int) -> Outline:
    changed = deepcopy(outline)
    for part in changed:
        part["sections"] = [section for section in part["sections"] if section["id"] != pk]
    return changed


def _section(outline: Outline, pk: int) -> dict[str, Any]:
    return next(section for part in outline for section in part["sections"] if section["id"] == pk)
