"""What every test may lean on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from workflow.engine import clock

from . import emptying

TransactionTestCase._fixture_teardown = lambda case: emptying.empty()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """Mail and uploads of one test are seen by no other; nothing cached crosses from one to the next."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()
    clock._last.clear()


@pytest.fixture
def time_machine_at() -> Iterator[Any]:
    """Freeze the clock at a moment: `time_machine_at("2009-04-15 09:00:00Z")`."""
    import time_machine

    travellers: list[Any] = []

    def at(moment: str) -> None:
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    yield at
    for traveller in reversed(travellers):
        traveller.stop()


DATABASE = {"db", "transactional_db", "django_db_serialized_rollback", "live_server", "_standing_world"}


FIRST = {"sweeps": 0, "pages": 1}
# The sweeps that read everything, by words of their names, and as whom they are told first.
READS = ("reads_what", "find_what", "pages_offer", "speaks_english")
READ_FIRST = ("secretariat", "chair", "administrator")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The sweeps come first, dealt out a few at a time (Makefile), so that no core waits for another at the end.

    On PostgreSQL only what asks the database, and of a story told of many cases the first: the rest would say again
    what it said on the embedded one, since cases differ in what is answered and not in what the database is asked.
    """
    items.sort(key=_turn)
    if connection.vendor == "sqlite":
        return
    told, kept = set[str](), list[pytest.Item]()
    for item in items:
        story = item.nodeid.partition("[")[0]
        if not _asks_the_database(item) or (story in told and not _only_there(item)):
            continue
        told.add(story)
        kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _turn(item: pytest.Item) -> tuple[int, int]:
    """The sweeps, pages, all others. Of the sweeps first those that read everything as the same person, so that the
    process that deals with them reads it once: four of the secretariat's, then the administrator's.
    """
    folder = FIRST.get(item.path.parent.name, len(FIRST))
    if folder:
        return folder, 0
    who = item.name.rpartition("[")[2].removesuffix("]")
    reads = any(words in item.name for words in READS)
    return folder, READ_FIRST.index(who) if reads and who in READ_FIRST else len(READ_FIRST)


def _asks_the_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or _fixtures(item) & DATABASE)


def _only_there(item: pytest.Item) -> bool:
    """Whether each case needs real transactions or PostgreSQL itself, or sweeps as another kind of person."""
    marker = item.get_closest_marker("django_db")
    real = "transactional_db" in _fixtures(item) or bool(marker and marker.kwargs.get("transaction"))
    return real or "sweeps" in item.path.parts or item.get_closest_marker("postgresql") is not None


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What was loaded to collect the tests stays until the end: the garbage collector need not look through it again
    and again, which costs a tenth of the whole suite.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
