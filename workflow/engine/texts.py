"""Texts: of one in several languages the reader's, and what is none: signs that nobody sees and that turn the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Control characters other than tab and line ends, and the overrides, embeddings and isolates with which a name could
# turn round the words beside it, in a list or in a mail's subject. The plain marks of Arabic and Hebrew stay.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def in_language(names: Mapping[str, str], language: str | None = None) -> str:
    """The text in the reader's language, else in the first language of the settings that has one."""
    wanted = (language or get_language() or "en")[:2]
    for code in (wanted, *(code for code, _label in settings.LANGUAGES), *names):
        if names.get(code):
            return names[code]
    return ""


def validate(text: str) -> None:
    """Raises ValidationError for text that holds such a sign."""
    if UNSEEN.search(text):
        raise ValidationError(_("This text holds characters that can't be shown."))


def check(subject: Any, columns: Iterable[str]) -> None:
    """Validate the texts in these columns of a model instance; raises ValidationError with all wrong fields."""
    wrong: dict[str, ValidationError] = {}
    for name in columns:
        value = getattr(subject, name)
        try:
            validate(value if isinstance(value, str) else "")
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)
