"""One run on one database: rates as ratios against a floor measured in the same run, in turns.

`python -m tests.benchmarks.measure` prints JSON; `python -m tests.benchmarks` runs it for SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, reset_queries, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings, setup_databases, setup_test_environment, teardown_databases
from django.urls import clear_url_caches, path, reverse
from django_tasks_db.models import DBTaskResult, get_date_max

from workflow.engine import services as engine
from workflow.engine import triggers
from workflow.engine.models import Event, OutboxRow
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))
PER_ROUND = int(os.environ.get("BENCH_PER_ROUND", "40"))


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


PAGES = ("home", "overview", "twg", "edition", "directory", "history")


def pages() -> dict[str, dict[str, Any]]:
    """Page time against a bare Django page of the same bytes, and queries per page."""
    from tests import factories as f

    project = f.project()
    for number, country in enumerate(("GH", "ML", "NG", "SN", "NE", "MR", "CM", "CD", "CV", "CI")):
        twg = f.twg(country, of=project)
        for _ in range(10):
            f.seat(twg, "member", institution=f.institution(country=country))
        f.edition(twg, stage=("drafting", "comment", "endorsement", "workshop", "handover")[number % 5])
    edition = Edition.objects.get(profile__twg=twg)
    client = Client()
    client.force_login(f.monitor(project))
    addresses = {
        "home": reverse("home"),
        "overview": reverse("overview"),
        "twg": reverse("twg", args=[twg.code]),
        "edition": reverse("edition", args=[edition.pk]),
        "directory": reverse("directory"),
        "history": reverse("history", args=["edition", edition.pk]),
    }
    return {name: _page(client, addresses[name]) for name in PAGES}


_body: list[bytes] = [b""]


def bare_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_body[0])


def _page(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    _body[0] = response.content
    with override_settings(DEBUG=True):
        reset_queries()
        client.get(address)
        queries = len(connection.queries)

    def ours() -> None:
        client.get(address)

    def bare() -> None:
        client.get("/bare/")

    rate, floor, ratio = in_turns(ours, bare, 5)
    return {
        "milliseconds": round(1000 / rate, 1),
        "floor": round(1000 / floor, 1),
        "times": round(1 / ratio, 2),
        "queries": queries,
        "bytes": len(response.content),
    }


def main() -> None:
    import config.urls

    config.urls.urlpatterns.append(path("bare/", bare_page))
    clear_url_caches()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        result = {"database": connection.vendor, "transitions": transitions(), "pages": pages()}
    finally:
        triggers.remove(connection)
        teardown_databases(databases, verbosity=0)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
