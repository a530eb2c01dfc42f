"""Going to every address as somebody, and what is found there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.test import Client

from .addresses import Address, everywhere
from .world import World


@dataclass(frozen=True)
class Answer:
    """What somebody is answered at an address."""

    name: str
    path: str
    status: int
    is_page: bool
    text: str
    headers: str


def client_of(world: World, who: str) -> Client:
    client = Client(raise_request_exception=True)
    person = world.people[who]
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    """All that can be read in an answer, its headers too."""
    return body_of(response) + headers_of(response)


def headers_of(response: Any) -> str:
    return str(dict(response.headers))


def body_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        return spreadsheet_text(body)
    if body[:5] == b"%PDF-":
        return pdf_text(body)
    return body.decode("utf-8", "replace")


def spreadsheet_text(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def pdf_text(body: bytes) -> str:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(body))
    return " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)


def told_in(world: World, text: str) -> list[str]:
    """The secrets that stand in a text. All begin alike, and most texts hold none."""
    lowered = text.casefold()
    return [secret for secret in world.secrets if secret.casefold() in lowered] if "zyx" in lowered else []


def leaks(world: World, who: str, text: str) -> list[str]:
    return [secret for secret in told_in(world, text) if who not in world.secrets[secret]]


def visits(world: World, who: str) -> Iterator[tuple[Address, Client]]:
    client = client_of(world, who)
    for address in everywhere(world):
        cache.clear()  # rate limits are tested elsewhere
        if address.name in ("account_logout", "schema") and who != "anonymous":
            yield address, client_of(world, who)
        else:
            yield address, client


def answers(world: World, who: str) -> list[Answer]:
    """What somebody is answered everywhere; read once for all tests of a process, since the world stays as it is."""
    if who not in world.answers:
        world.answers[who] = [_answer(address, client) for address, client in visits(world, who)]
    return world.answers[who]


def _answer(address: Address, client: Client) -> Answer:
    response = client.get(address.path)
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return Answer(address.name, address.path, response.status_code, is_page, body_of(response), headers_of(response))
