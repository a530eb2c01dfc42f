"""Small helpers for what has a name in several languages."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from workflow.engine.texts import in_language as in_language
from workflow.engine.texts import validate


def country(code: str) -> str:
    """A country's name in the reader's language; empty for none."""
    return _country(code, get_language() or "en") if code else ""


@lru_cache(maxsize=1024)
def _country(code: str, language: str) -> str:
    return str(countries.name(code))


def label(choices: type[TextChoices], value: str) -> str:
    """What `get_…_display` gives; Django's own first hashes every choice's label in the reader's language, which is
    the larger part of a long table's cost."""
    return str(choices(value).label) if value in choices else value


def validate_names(names: Any) -> None:
    """At least one language, only languages that Palabre speaks, and only text."""
    known = {code for code, _label in settings.LANGUAGES}
    if not isinstance(names, dict) or not any(str(v).strip() for v in names.values()):
        raise ValidationError(_("Give a name in at least one language."))
    if set(names) - known or not all(isinstance(v, str) for v in names.values()):
        raise ValidationError(_("Names are given in English, French and Portuguese only."))
    for text in names.values():
        validate(text)


def validate_texts(texts: Any) -> None:
    """Like names, but may be empty."""
    if texts:
        validate_names(texts)


def fold(*texts: str) -> str:
    """Text to search in: lower case, without accents, single spaces."""
    joined = unicodedata.normalize("NFKD", " ".join(t for t in texts if t))
    return " ".join("".join(c for c in joined if not unicodedata.combining(c)).casefold().split())
