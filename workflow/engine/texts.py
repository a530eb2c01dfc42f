"""What is no text: signs that nobody sees and that change how the words around them read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Control characters other than tab and line ends, and the overrides, embeddings and isolates with which a name could
# turn round the words beside it, in a list or in a mail's subject. The plain marks of Arabic and Hebrew stay.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


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
