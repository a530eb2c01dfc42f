"""Signed records: what a room seals, and what a reader proves without this server, whichever room it is from.

A record is `{"record": content, "key": …, "signature": …}`; the content's `format` says which room made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import signatures

Content = dict[str, Any]


@dataclass(frozen=True)
class Format:
    """One kind of record. `problems(content)` says what in it does not follow from the rest of it, without a database;
    `told(content)` are the lines that a record which holds is summed up in."""

    name: str
    problems: Callable[[Content], list[str]]
    told: Callable[[Content], list[str]]


_formats: dict[str, Format] = {}


def register(made: Format) -> None:
    """Called by each room that makes records, from the app's `ready`."""
    _formats[made.name] = made


def seal(content: Content) -> dict[str, Any]:
    """A record under the server's signature."""
    return {"record": content, "key": signatures.public_key(), "signature": signatures.sign(content)}


def problems(document: Any, key: str | None = None) -> list[str]:
    """What is wrong with a record: its signature, or something that does not follow. Needs no database.

    `key` is the public key that the reader trusts; the record's own is used when none is given.
    """
    if not isinstance(document, dict) or not isinstance(document.get("record"), dict):
        return ["this is no record of Palabre"]
    content = document["record"]
    known = _formats.get(str(content.get("format")))
    if known is None:
        return [f"the format is {content.get('format')!r}, none of {', '.join(_formats)}"]
    trusted = key or str(document.get("key", ""))
    if not signatures.holds(content, str(document.get("signature", "")), trusted):
        return ["the signature is not that of the key: the record has been altered, or another server made it"]
    try:
        return known.problems(content)
    except KeyError as missing:
        return [f"the record is not complete: {missing} is missing"]
    except (TypeError, ValueError, AttributeError) as error:
        return [f"the record can't be checked: {error}"]


def told(document: dict[str, Any]) -> list[str]:
    """What a record that holds says, in a few lines."""
    content = document["record"]
    return _formats[content["format"]].told(content)
