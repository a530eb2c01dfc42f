"""What a draft's text would change, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from django.conf import settings

from .models import TermsOfReference

Piece = tuple[str, str]  # "same", "added" or "removed", and the words


def text_changes(terms: TermsOfReference, in_force: TermsOfReference | None) -> list[tuple[str, list[Piece]]]:
    """For each language whose text differs from the version in force: its code and the pieces in order."""
    if in_force is None or in_force.pk == terms.pk:
        return []
    pairs = [(code, in_force.text.get(code, ""), terms.text.get(code, "")) for code, _name in settings.LANGUAGES]
    return [(code, compared(old, new)) for code, old, new in pairs if old != new]


def compared(old: str, new: str) -> list[Piece]:
    """The new text with what was added and what was removed, in whole words."""
    before, after = _words(old), _words(new)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(("removed", "".join(before[a:b])))
        if d > c:
            pieces.append(("added", "".join(after[c:d])))
    return pieces


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)
