"""Reading and judging message catalogues: every text in every language, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> tuple[str, ...]:
    """The translation's forms: one, or one for each plural."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def source_of(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def missing(wanted: Catalog, kept: Catalog) -> Iterator[str]:
    """One line for each message of `wanted` (from the source) that `kept` (translated) does not carry well."""
    for message in wanted:
        if not message.id:
            continue  # the header
        source = source_of(message)
        found = kept.get(message.id, message.context)
        if found is None or not all(forms(found)):
            yield f"no translation: {source[0]!r}"
        elif found.fuzzy:
            yield f"fuzzy: {source[0]!r}"
        elif len(source) > 1 and len(forms(found)) != kept.num_plurals:
            yield f"{len(forms(found))} of {kept.num_plurals} plural forms: {source[0]!r}"
        else:
            yield from (f"other placeholders: {source[0]!r} → {form!r}" for form in _strayed(source, forms(found)))


def _strayed(source: tuple[str, ...], translated: tuple[str, ...]) -> Iterator[str]:
    """Forms that name a place which the source does not have, or leave out one that every form of the source has."""
    places = [set(PLACE.findall(text)) for text in source]
    known, needed = set.union(*places), set.intersection(*places)
    for form in translated:
        used = set(PLACE.findall(form))
        if not needed <= used <= known:
            yield form
