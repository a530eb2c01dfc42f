"""What rooms put into a document of their own making, as Markdown: plain words, and tables of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MARKS = re.compile(r"([\\`*_\[\]<>|~!#&])")


def plain(text: object) -> str:
    """What people have written, as it stands: none of it is read as Markdown."""
    return MARKS.sub(r"\\\1", str(text))


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; a cell has no lines."""
    lines = ["| " + " | ".join(" ".join(plain(cell).split()) for cell in row) + " |" for row in [head, *rows]]
    return "\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:]])
