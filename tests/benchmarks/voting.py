"""Institutions vote: at how much of the rate of the same rows, bare, and how soon 500 open pages know (S16)."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from django.db import connections, transaction

INSTITUTIONS = 40
SOCKETS = 500
VOTES = 9
SETTLING = 15  # seconds


def votes(in_turns: Callable[..., tuple[float, float, float]], times: int) -> dict[str, Any]:
    """Votes through the service, and what one vote leaves written by nobody in particular; every one is kept.

    One vote leaves five rows: the vote, its event, the receipt in the outbox, its task, and the ballot and the elector
    as they then stand.
    """
    from tests.ballots import voting as v
    from workflow.ballots import services
    from workflow.ballots.models import Ballot, Vote

    house = v.house(INSTITUTIONS)
    ballot = v.opened(house, edition=v.f.edition(house.twg, stage="comment"))
    turns = itertools.count()

    held = Ballot.objects.select_related("twg__region", "terms").get(pk=ballot.pk)

    def vote() -> None:
        """With ballot and person at hand, as a request has them."""
        number = next(turns) % INSTITUTIONS
        services.cast(held, house.institutions[number].pk, v.FOR, actor=house.members[number])

    spare = v.opened(house, edition=v.f.edition(house.twg, stage="comment"))
    bare = _bare(services.cast(spare, house.institutions[0].pk, v.FOR, actor=house.members[0]))
    rate, floor, ratio = in_turns(vote, bare, times)
    kept = Vote.objects.filter(ballot=ballot).count()
    assert kept == next(turns), "a vote was lost"
    return {"rate": round(rate), "floor": round(floor), "ratio": round(ratio, 2)}


def _bare(model: Any) -> Callable[[], None]:
    """The rows of one vote in a transaction that does nothing else."""
    from workflow.ballots.models import Ballot, Elector, Vote
    from workflow.engine.models import Event, OutboxRow
    from workflow.engine.outbox import deliver

    event = Event.objects.filter(subject_kind="ballot", subject_id=model.ballot_id, name="voted").get()
    numbers = itertools.count(1)

    def write() -> None:
        number = next(numbers)
        with transaction.atomic():
            Ballot.objects.select_for_update().get(pk=model.ballot_id)
            copy = {
                field.attname: getattr(model, field.attname)
                for field in Vote._meta.concrete_fields
                if field.name != "id"
            }
            vote = Vote.objects.create(**copy | {"number": 1000 + number % 30000, "receipt": "bare"})
            told = {f.attname: getattr(event, f.attname) for f in Event._meta.concrete_fields if f.name != "id"}
            Event.objects.create(**told | {"subject_kind": "floor-vote", "subject_id": number, "external_key": None})
            Elector.objects.filter(pk=model.elector_id).update(current=vote)
            Ballot.objects.filter(pk=model.ballot_id).update(version=event.sequence, head=event.hash)
            row = OutboxRow.objects.create(key=f"floor-vote:{number}", kind="ballot-receipt", payload={"vote": vote.pk})
            deliver.enqueue(row.pk)

    return write


def fanout() -> dict[str, Any]:
    """From a vote's commit to the message at each of 500 open pages, beside a bare group of channels: p95 in ms.

    Without Redis the relay looks four times a second, which is in these times; with Redis the news comes by itself.
    """
    from channels.db import database_sync_to_async

    from tests.ballots import voting as v
    from tests.engine.test_live import Page, cookie

    house = v.house(VOTES + 1)
    ballot = v.opened(house, edition=v.f.edition(house.twg, stage="comment"))
    session = cookie(house.chair)

    async def story() -> tuple[list[float], list[float]]:
        pages = [Page(session) for _number in range(SOCKETS)]
        for page in pages:
            await page.__aenter__()
        await asyncio.gather(*(page.watch(f"ballot:{ballot.pk}") for page in pages))
        await asyncio.sleep(SETTLING)  # each page's rights are asked of the database before it is told anything
        seen: list[float] = []
        for number in range(VOTES):
            start = await _cast(ballot, house, number)
            seen += await asyncio.gather(*(_since(start, partial(page.told, within=SETTLING)) for page in pages))
        bare = [took for _number in range(VOTES) for took in await _bare_group()]
        await asyncio.gather(*(page.__aexit__() for page in pages))
        # PostgreSQL drops no database to which the thread of the requests is still connected.
        await database_sync_to_async(connections.close_all)()
        return seen, bare

    ours, floor = (_p95(times) for times in asyncio.run(story()))
    return {"p95": round(1000 * ours), "floor": round(1000 * floor, 1), "sockets": SOCKETS}


async def _cast(ballot: Any, house: Any, number: int) -> float:
    from channels.db import database_sync_to_async

    from tests.ballots import voting as v
    from workflow.ballots import services

    def vote() -> float:
        services.cast(ballot, house.institutions[number].pk, v.FOR, actor=house.members[number])
        return time.perf_counter()

    return await database_sync_to_async(vote)()


async def _since(start: float, heard: Callable[[], Awaitable[Any]]) -> float:
    await heard()
    return time.perf_counter() - start


async def _bare_group() -> list[float]:
    """The same message to a group of as many channels that do nothing with it."""
    from channels.layers import get_channel_layer

    layer: Any = get_channel_layer()
    names = [await layer.new_channel() for _number in range(SOCKETS)]
    for name in names:
        await layer.group_add("bare", name)
    start = time.perf_counter()
    await layer.group_send("bare", {"type": "bare"})
    took = await asyncio.gather(*(_since(start, lambda name=name: layer.receive(name)) for name in names))
    for name in names:
        await layer.group_discard("bare", name)
    return list(took)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
