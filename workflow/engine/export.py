"""The audit export: every event with all that its hash covers, so that an outsider can prove the chain.

A line's `content` is the very text that was hashed: SHA-256 over its UTF-8 bytes is the line's `hash`, and each line's
`previous` is the `hash` of the line before. Names that the reader may not see are left out, and so is the content that
holds them; `withheld` says so.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from . import history, kinds, readers
from .models import Event

AT_ONCE = 500  # events read by one query
COLUMNS = (
    "subject", "sequence", "at", "occurred", "actor", "actor_name", "institution", "institution_ref", "capacity",
    "name", "from", "to", "note", "data", "external_key", "previous", "hash", "withheld", "content",
)  # fmt: skip
PROOF = (
    "Each event's hash is the SHA-256 of its content: the other members except hash and withheld, as JSON in UTF-8 "
    'with sorted keys, no spaces and no escapes beyond what JSON demands. "previous" is the hash of the event before.'
)
# What a spreadsheet would take for a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(subject: Any, reader: Any) -> Iterator[dict[str, Any]]:
    """Every event of the subject, the first one first, as plain values."""
    last = 0
    while events := list(history.events_of(subject).filter(sequence__gt=last)[:AT_ONCE]):
        names = readers.names_open(events, reader)
        for event in events:
            yield _row(event, open_=event.pk in names)
        last = events[-1].sequence


def _row(event: Event, *, open_: bool) -> dict[str, Any]:
    row = event.content() | {"hash": event.hash, "withheld": []}
    if not open_:
        row |= {"actor": None, "actor_name": "", "withheld": ["actor", "actor_name"]}
    return row


def hashed_text(row: Mapping[str, Any]) -> str:
    """The text under the hash; empty when something in it is withheld."""
    if row["withheld"]:
        return ""
    content = {key: value for key, value in row.items() if key not in ("hash", "withheld")}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def as_csv(subject: Any, reader: Any) -> Iterator[bytes]:
    """One line per event, for a spreadsheet: UTF-8 with a mark, times in UTC, no cell that runs as a formula."""
    yield "\ufeff".encode()
    yield _csv_line(COLUMNS)
    for row in rows(subject, reader):
        flat = row | {
            "subject": ":".join(str(part) for part in row["subject"]),
            "data": json.dumps(row["data"], ensure_ascii=False, sort_keys=True),
            "withheld": " ".join(row["withheld"]),
            "content": hashed_text(row),
        }
        yield _csv_line(safe_cell(flat[column]) for column in COLUMNS)


def _csv_line(cells: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def safe_cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value


def as_json(subject: Any, reader: Any) -> Iterator[bytes]:
    """One JSON document with every event and how to prove it."""
    head = {
        "subject": [kinds.of(subject).name, subject.pk],
        "title": str(subject),
        "exported_at": timezone.now().astimezone(UTC).isoformat(),
        "proof": PROOF,
    }
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "events": [').encode()
    comma = ""
    for row in rows(subject, reader):
        yield f"{comma}\n{json.dumps(row, ensure_ascii=False, sort_keys=True)}".encode()
        comma = ","
    yield b"\n]}\n"


FORMS: dict[str, Callable[[Any, Any], Iterator[bytes]]] = {"csv": as_csv, "json": as_json}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file made at once, to be downloaded and kept by no cache on the way."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def streamed(request: HttpRequest, chunks: Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """A download sent piece by piece, whichever kind of server asks."""
    body: Any = _unhurried(chunks) if isinstance(request, ASGIRequest) else chunks
    response = StreamingHttpResponse(body, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


async def _unhurried(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    """An ASGI server would read a plain iterator to its end before it sent the first byte."""
    source = iter(chunks)
    following = sync_to_async(lambda: next(source, None))
    while (chunk := await following()) is not None:
        yield chunk
