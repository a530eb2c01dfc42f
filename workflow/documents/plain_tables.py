"""Words and tables for a record on paper: what people have written stands as it is, none of it is read as Markdown."""

from __future__ import annotations

import re

MARKS = re.compile(r"([\\\\`*_\[\]<>|~!#&])")


def plain(text: object) -> str:
    """What people have written, as it stands."""
    return MARKS.sub(r"\\\1", str(text))


def _cell(text: object) -> str:
    """The same inside a table, where there are no lines."""
    return " ".join(plain(text).split())


def table(*rows: tuple[object, ...]) -> str:
    """A table in Markdown; its first row is the head."""
    head, *rest = [f"| {' | '.join(_cell(c) for c in row)} |" for row in rows]
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *rest])
