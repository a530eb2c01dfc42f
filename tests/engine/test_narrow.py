"""A request without end fills no disk and is answered like one that stated its length."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from workflow.engine.narrow import PATIENCE, Narrow

LIMIT = 1000


def chunks(*sizes: int) -> Iterator[dict[str, Any]]:
    for number, size in enumerate(sizes, start=1):
        yield {"type": "http.request", "body": b"x" * size, "more_body": number < len(sizes)}


def sent(*sizes: int, headers: tuple[tuple[bytes, bytes], ...] = ()) -> tuple[int, dict[bytes, bytes], bool]:
    """What the application inside gets to read: bytes, the headers it then sees, and whether it was cut off."""
    read, cut = 0, False
    scope: dict[str, Any] = {"type": "http", "headers": list(headers)}

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read, cut
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                cut = True
                return
            read, more = read + len(message["body"]), message["more_body"]

    arriving = chunks(*sizes)

    async def receive() -> dict[str, Any]:
        return next(arriving)

    async def run() -> None:
        await Narrow(inside, LIMIT)(scope, receive, None)  # type: ignore[arg-type]

    asyncio.run(run())
    return read, dict(scope["headers"]), cut


def test_what_is_small_enough_passes_as_it_is() -> None:
    headers = ((b"content-length", b"1000"), (b"host", b"palabre.example"))
    assert sent(600, 400, headers=headers) == (1000, dict(headers), False)


def test_of_what_is_too_long_no_more_than_the_limit_is_kept_and_its_true_length_is_told() -> None:
    read, headers, cut = sent(600, 600, 5000, 3000)
    assert read <= LIMIT
    assert headers == {b"content-length": b"9200"}
    assert not cut


def test_a_length_that_was_a_lie_is_corrected() -> None:
    assert sent(900, 900, headers=((b"content-length", b"10"),))[1] == {b"content-length": b"1800"}


def test_nobody_is_listened_to_for_ever() -> None:
    read, _headers, cut = sent(*[LIMIT] * (PATIENCE + 10))
    assert cut
    assert read <= LIMIT


@pytest.mark.django_db(transaction=True)
def test_pages_answer_413_to_a_request_that_does_not_state_its_length(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LIMIT
    arriving = chunks(800, 800, 800)
    answers: list[dict[str, Any]] = []
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/accounts/login/", "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/octet-stream")],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        for message in arriving:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    asyncio.run(Narrow(ASGIHandler(), LIMIT)(scope, receive, send))  # type: ignore[arg-type]
    assert answers[0]["status"] == 413
    assert b"This file is too large" in b"".join(a.get("body", b"") for a in answers)
