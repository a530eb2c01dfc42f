"""What the cells of a spreadsheet's row say, and what is wrong with them, on their column; whatever is imported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from . import words
from .models import Institution, Twg
from .sheets import values_by_words

Errors = list[tuple[str, str]]
Row = Mapping[str, str]


@dataclass
class Known:
    """What a file's rows are compared with: the TWG's own entries, the institutions that rows name, and what else."""

    twg: Twg
    entries: Mapping[str, Any]
    institutions: Mapping[str, Institution]
    others: Mapping[str, Any] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)


def split(text: str) -> list[str]:
    """The codes in a cell, however they are divided."""
    return [code for code in re.split(r"[\s,;|]+", text.lower()) if code]


def institutions(codes: Iterable[str]) -> dict[str, Institution]:
    """By small letters; the directory is small enough to be read at once."""
    wanted = set(codes)
    found = Institution.objects.all() if wanted else Institution.objects.none()
    return {i.code.lower(): i for i in found if i.code.lower() in wanted}


def texts(row: Row, name: str, existing: Mapping[str, str]) -> dict[str, str]:
    """What is told in several languages; a column that the file lacks keeps what is there."""
    told = dict(existing)
    for code, _label in settings.LANGUAGES:
        told[code] = row.get(f"{name}_{code}", told.get(code, ""))
    return {code: text for code, text in told.items() if text}


def languages(name: str, told: Mapping[str, str]) -> dict[str, str]:
    """`title_en`, `title_fr`, … of what is told in several languages: the way back."""
    return {f"{name}_{code}": told.get(code, "") for code, _label in settings.LANGUAGES}


def too_long(told: Mapping[str, str], name: str, most: int) -> Errors:
    return [(f"{name}_{code}", _("This is too long.")) for code, text in told.items() if len(text) > most]


def choice(
    row: Row, column: str, choices: type[TextChoices], errors: Errors, *, clears: bool = False
) -> dict[str, str]:
    """The value behind a choice's words in any language; nothing where the column lacks.

    An empty cell says nothing either, unless it `clears`.
    """
    text = row.get(column, "")
    if not text:
        return {column: ""} if clears and column in row else {}
    value = values_by_words(choices).get(words.fold(text))
    if value is None:
        errors.append((column, none_of_these(text)))
        return {}
    return {column: value}


def none_of_these(text: str) -> str:
    return _("“%(text)s” is none of what this column takes.") % {"text": text[:60]}


def institution(code: str, known: Known, errors: Errors, column: str) -> str:
    """The institution's code as the directory writes it; "" for one that it does not hold."""
    found = known.institutions.get(code)
    if found is None:
        text = _("There is no institution “%(code)s” in the directory.") % {"code": code[:80]}
        errors.append((column, text))
        return ""
    return found.code
