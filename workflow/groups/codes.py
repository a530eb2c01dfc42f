"""Short names for addresses and spreadsheets, made from names; never typed and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from . import words

RESERVED = {"new", "import"}  # addresses that pages of the same folder have


def free(model: Any, names: Mapping[str, str], *, prefix: str = "") -> str:
    """A code that no row of the model has: the prefix and the name, with a number where needed."""
    length = model._meta.get_field("code").max_length - 4
    base = slugify(words.fold(prefix, words.in_language(names, "en")))[:length].strip("-") or "x"
    taken = RESERVED | set(model._base_manager.filter(code__startswith=base).values_list("code", flat=True))
    if base not in taken:
        return base
    return next(code for n in range(2, len(taken) + 3) if (code := f"{base}-{n}") not in taken)
