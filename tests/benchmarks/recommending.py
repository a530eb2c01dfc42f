"""54 countries, twenty years, 20,000 recommendations, 200,000 reports: lists beside their own SQL, run bare (S21, S22).

`python -m tests.benchmarks.recommending` prints the table of docs/performance.md for the database of DATABASE_URL.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

COUNTRIES = 54
EACH = 370  # recommendations of a country in twenty years: 20,000 in all
REPORTS = 10  # on each of them: 200,000 in all
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
ON_A_PAGE = 30
FIRST = date(2009, 1, 1)
Reads = Callable[[], dict[str, tuple[Any, str, Callable[[], Any]]]]
LATE_SHARE = 7  # one in so many has a day that has passed


def made() -> tuple[Any, Any, Any]:
    """The rows, written at once; who reads them all, one country and one of the region's."""
    from django_countries import countries

    from recommendations.register.models import ProgressReport, Recommendation, RecommendationState
    from tests import factories as f
    from workflow.engine import services as engine
    from workflow.groups.models import Twg

    project = f.project()
    codes = [code for code, _name in countries][:COUNTRIES]
    twgs: list[Twg] = [f.twg(code, of=project) for code in codes]
    region = f.regional_twg(project, ",".join(codes))
    leads = [f.institution(country=code) for code in codes]
    states = [state for state in RecommendationState.values if state != "superseded"]
    parent = engine.create(
        Recommendation(twg=region, number=1, ground="data", texts={"en": "Set up task forces"}),
        actor=None,
        begins="issued",
    )

    def row(place: int, number: int) -> Recommendation:
        due = FIRST + timedelta(days=20 * number) if number % LATE_SHARE == 0 else date(2099, 1, 1)
        return Recommendation(
            twg=twgs[place], number=number, ground=("policy", "data")[number % 2], lead=leads[place], due=due,
            texts={"en": f"Recommendation {number} on migration data", "fr": f"Recommandation {number}"},
            folded=f"recommendation {number} on migration data", state=states[(number + place) % len(states)],
            priority=("high", "medium", "low")[number % 3], percent=number % 101,
            cascaded_from=parent if number == 1 else None,
        )  # fmt: skip

    rows = [row(place, number) for place in range(COUNTRIES) for number in range(1, EACH + 1)]
    Recommendation.objects.bulk_create(rows, batch_size=500)
    reports = (
        ProgressReport(recommendation=one, number=n, on=FIRST, percent=10 * n, words="Progress.", by_name="Palabre")
        for one in Recommendation.objects.all() for n in range(1, REPORTS + 1)
    )  # fmt: skip
    ProgressReport.objects.bulk_create(reports, batch_size=2000)
    return f.monitor(project), twgs[0], parent


def lists(reads: Reads) -> dict[str, dict[str, float]]:
    """Each list and roll-up as a page reads it, in turns with the SQL that it asks, and nothing else; and how many
    questions the whole page asks.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    wanted = reads()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    found = {}
    for name, (reader, address, read) in wanted.items():
        client.force_login(reader)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
            questions = len(seen)
        with CaptureQueriesContext(connection) as seen:
            read()
            asked = [query["sql"] for query in seen.captured_queries]
        ours, bare = _in_turns(read, partial(_run, asked))
        found[name] = {"milliseconds": ours, "floor": bare, "times": ours / bare, "queries": questions}
    return found


def reads() -> dict[str, tuple[Any, str, Callable[[], Any]]]:
    """By name: who reads, the page, and what it reads of recommendations."""
    from recommendations.register import selectors
    from recommendations.register.forms import RecommendationFilter
    from workflow.engine import together

    monitor, twg, parent = made()

    def filtered(params: dict[str, str], of: Any = None) -> Callable[[], Any]:
        form = RecommendationFilter(params or None, person=monitor, twg=of)

        def read() -> Any:
            counted = selectors.standing(form.found()) if of else selectors.by_twg(form.found())
            return counted, list(selectors.listed(form.found())[:ON_A_PAGE])

        return read

    def one() -> Any:
        return together.answer(selectors.page_of(parent, monitor, history=True))

    def panel() -> Any:
        return together.answer(selectors.summary(twg, monitor))

    pages = {
        "all, with the roll-up by country": ("/recommendations/", filtered({})),
        "the late ones": ("/recommendations/?late=on", filtered({"late": "on"})),
        "by words": ("/recommendations/?q=migration+data", filtered({"q": "migration data"})),
        "one country's": (f"/twgs/{twg.code}/recommendations/", filtered({}, twg)),
        "one of the region's, in 54 countries": (f"/recommendations/{parent.pk}/", one),
        "on the TWG's page": (f"/twgs/{twg.code}/", panel),
    }
    return {name: (monitor, *page) for name, page in pages.items()}


def _run(asked: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for sql in asked:
            # Captured text has its values in it; a percent sign in them is no place for another.
            cursor.cursor.execute(sql) if connection.vendor == "sqlite" else cursor.execute(sql.replace("%", "%%"))
            cursor.fetchall()


def _in_turns(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of both, the medians of turns, so that a busy machine slows both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for work, times in zip((first, second), took, strict=True):
            start = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(took[0]), statistics.median(took[1])


def table(vendor: str, found: dict[str, dict[str, float]]) -> str:
    lines = [
        "| list | database | milliseconds | its SQL, bare | times | queries of its page |",
        "|---|---|---|---|---|---|",
    ]
    for name, page in found.items():
        lines.append(
            f"| {name} | {vendor} | {page['milliseconds']:.1f} | {page['floor']:.1f} | {page['times']:.2f} "
            f"| {page['queries']} |"
        )
    return "\n".join(lines)


def main(reads: Reads) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from workflow.engine import triggers

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(table({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor], lists(reads)))
    finally:
        triggers.remove(connection)
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main(reads)
