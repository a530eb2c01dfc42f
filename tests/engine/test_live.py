"""Live updates: who watches an edition is told that it changed, within a second, and nobody else is."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.asgi import application
from tests import factories as f
from workflow.engine import live, relay
from workflow.engine.models import Event
from workflow.groups import services as groups
from workflow.groups.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

QUIET = 1.0  # seconds without a message that count as "told nothing"


def cookie(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


class Page:
    """An open page's socket (channels' own communicator needs the server daphne, which the product has no use for)."""

    def __init__(self, session: str = "", *, path: str = "/ws/live/", origin: str = "http://localhost") -> None:
        headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
        if session:
            headers.append((b"cookie", f"sessionid={session}".encode()))
        self.socket: Any = ApplicationCommunicator(  # type: ignore[no-untyped-call]
            application,
            {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []},
        )

    async def opens(self) -> bool:
        await self.socket.send_input({"type": "websocket.connect"})
        return bool((await self.socket.receive_output(5))["type"] == "websocket.accept")

    async def __aenter__(self) -> Page:
        assert await self.opens()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(5)

    async def say(self, text: str | None = None, data: bytes | None = None) -> None:
        await self.socket.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def watch(self, *subjects: str) -> None:
        await self.say(json.dumps({"watch": subjects}))
        await asyncio.sleep(0.1)

    async def told(self, within: float = 1.0) -> str:
        message = await self.socket.receive_output(within)
        assert message["type"] == "websocket.send"
        return str(json.loads(message["text"])["changed"])

    async def told_nothing(self, for_: float = QUIET) -> bool:
        return bool(await self.socket.receive_nothing(timeout=for_, interval=0.05))

    async def closed_with(self) -> int:
        message = await self.socket.receive_output(2)
        assert message["type"] == "websocket.close"
        return int(message["code"])


def tell(story: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(story)()


perform = database_sync_to_async(f.perform)


def test_the_secretariat_of_ghana_sees_a_new_stage_within_a_second() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    session = cookie(f.seat(ghana, "secretariat"))

    async def story() -> None:
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}")
            await perform(edition, "submit_draft")
            assert await page.told() == f"edition:{edition.pk}"
            await perform(edition, "return_to_drafting", note="Part C")
            assert await page.told() == f"edition:{edition.pk}"

    tell(story)


def test_malis_secretariat_watching_ghanas_edition_is_told_nothing() -> None:
    edition = f.edition(f.twg("GH"), stage="drafting")
    session = cookie(f.seat(f.twg("ML"), "secretariat"))

    async def story() -> None:
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}", "edition:999999", "nothing:1")
            await perform(edition, "submit_draft")
            assert await page.told_nothing()

    tell(story)


def test_a_member_whose_seat_ends_while_watching_is_told_nothing_more() -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    member = f.seat(ghana, "member", institution=f.institution())
    session = cookie(member)

    async def story() -> None:
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}")
            await perform(edition, "submit_draft")
            assert await page.told() == f"edition:{edition.pk}"
            await end_seat(member)
            await perform(edition, "return_to_drafting", note="Part C")
            assert await page.told_nothing()

    tell(story)


@database_sync_to_async
def end_seat(member: Person) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    groups.end_seat(f.seat_of(member), until=yesterday, actor=None, note="Moved")


@pytest.mark.parametrize("how", ["signed out", "shut out", "expired"])
def test_a_session_that_ends_closes_its_sockets_at_the_next_change(how: str) -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    member = f.seat(ghana, "member", institution=f.institution())
    session = cookie(member)

    @database_sync_to_async
    def end() -> None:
        store = SessionStore(session)
        if how == "signed out":
            store.flush()
        elif how == "expired":
            store.set_expiry(-1)
            store.save()
        else:
            Person.objects.filter(pk=member.pk).update(is_active=False)

    async def story() -> None:
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}")
            await end()
            await perform(edition, "submit_draft")
            assert await page.closed_with() == 4401

    tell(story)


def test_the_public_follows_what_is_published_and_nothing_else() -> None:
    published = f.edition(f.twg("GH"), stage="published")
    hidden = f.edition(f.twg("ML"), stage="drafting")

    async def story() -> None:
        async with Page() as page:
            await page.watch(f"edition:{published.pk}", f"edition:{hidden.pk}")
            await perform(hidden, "submit_draft")
            assert await page.told_nothing()
            await change(published)
            assert await page.told() == f"edition:{published.pk}"

    tell(story)


@database_sync_to_async
def change(edition: Any) -> None:
    from workflow.engine import services

    with services.change(edition, "changed", actor=None) as changing:
        changing.subject.source = "p. 12"


GARBAGE = [
    "", "{", "[]", "7", "null", '"watch"', "{}", '{"watch": 1}', '{"watch": {"edition:1": 1}}', '{"watch": [1]}',
    '{"watch": ["edition"]}', '{"watch": ["edition:-1"]}', '{"watch": ["edition:1; DROP"]}', '{"watch": ["Édition:1"]}',
    '{"watch": ["edition:9999999999999999"]}', '{"watch": [["edition", 1]]}', "[" * 1900,
]  # fmt: skip


def test_garbage_closes_the_socket_with_a_code_and_what_follows_is_not_looked_at() -> None:
    async def story() -> None:
        for message in GARBAGE:
            async with Page() as page:
                await page.say(message)
                assert (message, await page.closed_with()) == (message, 4400)
                await page.say(message)
                assert await page.told_nothing(for_=0.05)

    tell(story)


def test_bytes_and_long_messages_close_the_socket_with_a_code() -> None:
    async def story() -> None:
        async with Page() as page:
            await page.say(data=b"\xff\x00")
            assert await page.closed_with() == 4400
        async with Page() as page:
            await page.say(json.dumps({"watch": ["edition:1"] * 300}))
            assert await page.closed_with() == 4413

    tell(story)


def test_a_page_watches_twenty_subjects_at_most() -> None:
    ghana = f.twg("GH")
    editions = []
    for number in range(21):
        edition = f.edition(f.profile(ghana), label=str(number))
        editions.append(edition)
    session = cookie(f.seat(ghana, "secretariat"))
    first, last = editions[0], editions[-1]

    async def story() -> None:
        async with Page(session) as page:
            await page.watch(*(f"edition:{e.pk}" for e in editions[:20]))
            await page.watch(f"edition:{last.pk}")
            await perform(last, "withdraw", note="x")
            assert await page.told_nothing()
            await perform(first, "withdraw", note="x")
            assert await page.told() == f"edition:{first.pk}"

    tell(story)


def test_another_sites_page_and_another_address_get_no_socket() -> None:
    async def story() -> None:
        for page in (Page(origin="https://elsewhere.example"), Page(path="/ws/else/")):
            assert not await page.opens()

    tell(story)


def test_the_tail_ends_with_the_last_socket_and_begins_again_with_the_next(settings: Any) -> None:
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    session = cookie(f.seat(ghana, "secretariat"))

    async def story() -> None:
        here = relay.here()
        assert here.task is None
        async with Page(session):
            async with Page(session):
                assert here.sockets == 2
            assert here.task is not None
        assert (here.sockets, here.task) == (0, None)
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}")
            await perform(edition, "submit_draft")
            assert await page.told() == f"edition:{edition.pk}"

    tell(story)


def test_an_idle_socket_stays_open() -> None:
    async def story() -> None:
        async with Page() as page:
            await page.watch("edition:1")
            assert await page.told_nothing()

    tell(story)


def _event(number: int) -> None:
    """A row as a transaction would leave it that got its number early and committed late."""
    Event.objects.create(
        id=number, subject_kind="edition", subject_id=number, sequence=1, actor_name="x", name="opened", hash="h"
    )


def test_numbers_that_commit_out_of_order_are_all_seen_once() -> None:
    _event(10)
    tail = relay.Tail()
    tail.begin()
    assert tail.news() == set()
    _event(13)
    assert tail.news() == {("edition", 13)}
    _event(12)
    assert tail.news() == {("edition", 12)}
    _event(9)  # had its number before the tail began
    _event(14)
    assert tail.news() == {("edition", 9), ("edition", 14)}
    assert tail.news() == set()


def test_gaps_are_given_up_after_a_while_and_never_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    _event(1)
    tail = relay.Tail()
    tail.begin()
    _event(5_000_000)
    assert tail.news() == {("edition", 5_000_000)}
    assert len(tail.gaps) <= relay.GAPS
    later = time.monotonic() + relay.GAP_LASTS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert tail.news() == set()
    assert tail.gaps == {}


def test_with_redis_a_change_is_sent_after_commit_and_redis_down_breaks_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    settings.REDIS_URL = "redis://127.0.0.1:1"
    sent: list[tuple[str, int, bool]] = []

    def send(kind: str, pk: int) -> None:
        sent.append((kind, pk, connection.in_atomic_block))
        raise ConnectionError("Redis is down")

    monkeypatch.setattr(live, "_send", send)
    f.perform(edition, "submit_draft")
    assert sent == [("edition", edition.pk, False)]
    edition.refresh_from_db()
    assert edition.stage == "comment"


@pytest.mark.postgresql
def test_a_page_on_which_nothing_happens_is_not_cut_off_from_redis() -> None:
    """The layer waits for messages longer than the client waits for answers, unless it is told to have patience."""
    layer: Any = get_channel_layer()
    patience = layer.create_pool(0).connection_kwargs["socket_timeout"]
    assert patience is None or patience > layer.brpop_timeout


@pytest.mark.postgresql
def test_through_redis_the_change_arrives_too_and_no_tail_reads_the_database(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:6379/7"
    host = {"address": settings.REDIS_URL, "socket_timeout": None}
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [host]}}
    }
    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    session = cookie(f.seat(ghana, "secretariat"))

    async def story() -> None:
        async with Page(session) as page:
            assert relay.here().task is None
            await page.watch(f"edition:{edition.pk}")
            await perform(edition, "submit_draft")
            assert await page.told() == f"edition:{edition.pk}"

    tell(story)
