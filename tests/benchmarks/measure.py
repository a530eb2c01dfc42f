"""One run on one database: rates as ratios against a floor measured in the same run, in turns.

`python -m tests.benchmarks.measure` prints JSON; `python -m tests.benchmarks` runs it for SQLite and PostgreSQL.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases
from django.urls import clear_url_caches, path, reverse
from django_tasks_db.models import DBTaskResult, get_date_max

from tests.benchmarks import attending, calendars, voting
from tests.benchmarks.commenting import comments
from workflow.engine import history, triggers
from workflow.engine import services as engine
from workflow.engine.models import Event, OutboxRow
from workflow.groups.models import Institution
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
PER_ROUND = int(os.environ.get("BENCH_PER_ROUND", "40"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "100000"))
IN_A_CHAIN = 100


def per_second(work: Callable[[], None], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - start)


def in_turns(first: Callable[[], None], second: Callable[[], None], times: int) -> tuple[float, float, float]:
    """Median rates of both, run in turns so that a busy machine slows both alike, and the median of the ratios."""
    pairs = [(per_second(first, times), per_second(second, times)) for _ in range(ROUNDS)]
    rates = [statistics.median(column) for column in zip(*pairs, strict=True)]
    return rates[0], rates[1], statistics.median(a / b for a, b in pairs)


def transitions() -> dict[str, Any]:
    """Transitions through perform() against the same rows written in a bare transaction."""
    from tests import factories as f

    ghana = f.twg("GH")
    keeper = f.seat(ghana, "secretariat", institution=f.institution())
    edition = f.edition(ghana, stage="drafting")
    steps = {"drafting": ("submit_draft", ""), "comment": ("return_to_drafting", "Part C lacks the census.")}

    def through_perform() -> None:
        step, note = steps[edition.stage]
        engine.perform(EditionFlow(edition), step, actor=keeper, note=note, version=edition.version)

    before = _rows()
    through_perform()
    written = {name: count - before[name] for name, count in _rows().items()}
    assert written == {"event": 1, "outbox": 1, "task": 1}, written
    model = Event.objects.order_by("-pk")[0]
    task = DBTaskResult.objects.order_by("-enqueued_at")[0]
    floor_edition = f.edition(f.twg("ML"), stage="drafting")
    number = iter(range(10**9))

    def bare() -> None:
        n = next(number)
        with transaction.atomic():
            floor_edition.stage = "comment" if floor_edition.stage == "drafting" else "drafting"
            floor_edition.save()
            content = {f.attname: getattr(model, f.attname) for f in Event._meta.concrete_fields if f.name != "id"}
            content.update(subject_kind="floor", sequence=n, external_key=None)
            Event.objects.create(**content)
            OutboxRow.objects.create(key=f"floor:{n}", kind="notice", payload={"event": n})
            DBTaskResult.objects.create(
                args_kwargs=task.args_kwargs, task_path=task.task_path, backend_name="default", run_after=get_date_max()
            )

    ours, floor, ratio = in_turns(through_perform, bare, PER_ROUND)
    return {"rate": round(ours), "floor": round(floor), "ratio": round(ratio, 2)}


def _rows() -> dict[str, int]:
    return {
        "event": Event.objects.count(),
        "outbox": OutboxRow.objects.count(),
        "task": DBTaskResult.objects.count(),
    }


def pages() -> dict[str, dict[str, Any]]:
    """Page time against a bare Django page of the same bytes, and queries per page."""
    reader, addresses = _world()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(reader)
    browser = Browser(client)
    return {name: _page(client, browser, address) for name, address in addresses.items()}


def _world() -> tuple[Any, dict[str, str]]:
    """Ten TWGs of twelve seats and their editions; who reads (an IOM monitor) and the addresses of the main pages."""
    from tests import factories as f

    project = f.project()
    for number, country in enumerate(("GH", "ML", "NG", "SN", "NE", "MR", "CM", "CD", "CV", "CI")):
        twg = f.twg(country, of=project)
        f.seat(twg, "secretariat", institution=f.institution(country=country))
        for _ in range(10):
            member = f.seat(twg, "member", institution=f.institution(country=country))
        f.edition(twg, stage=("drafting", "comment", "endorsement", "workshop", "handover")[number % 5])
    edition = Edition.objects.get(profile__twg=twg)
    institution = f.seat_of(member).institution
    assert institution is not None
    named: dict[str, tuple[Any, ...]] = {
        "home": (),
        "overview": (),
        "twgs": (),
        "twg": (twg.code,),
        "project": (project.code,),
        "profile": (edition.profile.code,),
        "edition": (edition.pk,),
        "institution": (institution.code,),
        "person": (member.pk,),
        "directory": (),
        "history": ("edition", edition.pk),
    }
    addresses = {name: reverse(name, args=args) for name, args in named.items()}
    return f.monitor(project), addresses | {"search": reverse("search", query={"q": "ministry"})}


class Browser:
    """Asks Palabre as a server does, with a browser's headers, and without what Django's test client adds."""

    def __init__(self, signed_in: Client) -> None:
        self.handle = get_wsgi_application()
        self.headers = {
            "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in signed_in.cookies.items()),
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_ACCEPT_LANGUAGE": "en",
        }

    def get(self, address: str) -> None:
        path, _, query = address.partition("?")
        told: list[str] = []
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        }  # fmt: skip
        response = self.handle(environment | self.headers, lambda status, headers: told.append(status))
        b"".join(response)
        response.close()
        assert told == ["200 OK"], (address, told)


_body: list[bytes] = [b""]


def bare_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_body[0])


def _page(client: Client, browser: Browser, address: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        queries = len(asked)  # now: each request of the measurement empties the list
    assert response.status_code == 200, (address, response.status_code)
    _body[0] = response.content
    rate, floor, ratio = in_turns(lambda: browser.get(address), lambda: browser.get("/bare/"), 5)
    return {
        "milliseconds": round(1000 / rate, 1),
        "floor": round(1000 / floor, 1),
        "times": round(1 / ratio, 2),
        "queries": queries,
        "bytes": len(_body[0]),
    }


def verification() -> dict[str, Any]:
    """How fast `verify_history` walks a long history, and how much memory it takes beside what is there already."""
    _write_history(EVENTS)
    start = time.perf_counter()
    verdict = history.verify()
    seconds = time.perf_counter() - start
    assert verdict.broken is None, verdict.broken
    tracemalloc.start()
    history.verify()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"events": verdict.events, "rate": round(verdict.events / seconds), "megabytes": round(peak / 2**20, 1)}


def live() -> dict[str, Any]:
    """From a transition's commit to the message at an open page's socket, and to the page read again: milliseconds."""
    from channels.db import database_sync_to_async

    from tests import factories as f
    from tests.engine.test_live import Page, cookie

    ghana = f.twg("GH")
    edition = f.edition(ghana, stage="drafting")
    keeper, chair = f.seat(ghana, "secretariat", institution=f.institution()), f.seat(ghana, "chair")
    session = cookie(chair)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(chair)
    address = reverse("edition", args=[edition.pk])

    def change(number: int) -> float:
        step, note = (("submit_draft", ""), ("return_to_drafting", "Part C"))[number % 2]
        engine.perform(EditionFlow(Edition.objects.get(pk=edition.pk)), step, actor=keeper, note=note)
        return time.perf_counter()

    async def story() -> list[tuple[float, float]]:
        took = []
        async with Page(session) as page:
            await page.watch(f"edition:{edition.pk}")
            for number in range(2 * ROUNDS):
                # At any moment between two looks.
                await asyncio.sleep(random.random() / 2)
                done = await database_sync_to_async(change)(number)
                await page.told()
                told = time.perf_counter()
                await database_sync_to_async(client.get)(address)
                took.append((told - done, time.perf_counter() - done))
        # PostgreSQL drops no database to which the thread of the requests is still connected.
        await database_sync_to_async(connections.close_all)()
        return took

    told, shown = ([1000 * t for t in column] for column in zip(*asyncio.run(story()), strict=True))
    return {
        "told": round(statistics.median(told)),
        "shown": round(statistics.median(shown)),
        "worst": round(max(shown)),
    }


def _write_history(count: int) -> None:
    """Institutions with a hundred events each, written at once: through `engine.change` it would take minutes."""
    made = Institution.objects.bulk_create(
        Institution(code=f"history-{n}", names={"en": f"Ministry {n}"}, category="government", version=IN_A_CHAIN)
        for n in range(count // IN_A_CHAIN)
    )
    for institution in made:
        institution.head = ""
        events = []
        for number in range(1, IN_A_CHAIN + 1):
            event = Event(
                subject_kind="institution", subject_id=institution.pk, sequence=number, actor_name="Palabre",
                name="changed", data={"acronym": {"from": f"M{number}", "to": f"M{number + 1}"}},
                previous=institution.head,
            )  # fmt: skip
            institution.head = event.hash = engine.digest(event)
            events.append(event)
        Event.objects.bulk_create(events)
    Institution.objects.bulk_update(made, ["head"], batch_size=200)


def main() -> None:
    import config.urls

    config.urls.urlpatterns.append(path("bare/", bare_page))
    clear_url_caches()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        result: dict[str, Any] = {"database": connection.vendor, "verification": verification()}
        triggers.remove(connection)
        call_command("flush", verbosity=0, interactive=False)
        triggers.install(connection)
        result |= {"transitions": transitions(), "votes": voting.votes(in_turns, PER_ROUND)}
        result |= {"pages": pages(), "live": live(), "tally": voting.fanout()}
        result |= {"comments": comments(), "feeds": calendars.feeds(in_turns)}
        result |= {"phones": attending.signing_in(), "attendees": attending.page()}
    finally:
        triggers.remove(connection)
        teardown_databases(databases, verbosity=0)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
