"""What every test may lean on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from workflow.engine import clock, triggers


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """Mail and uploads of one test are seen by no other; nothing cached crosses from one to the next."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()
    clock._last.clear()


@pytest.fixture(autouse=True)
def _history_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with real transactions empty the tables afterwards, which the triggers would refuse."""
    marker = request.node.get_closest_marker("django_db")
    real = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    if not real:
        yield
        return
    request.getfixturevalue("transactional_db")
    triggers.install(connection)
    yield
    triggers.remove(connection)


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The sweeps come first, dealt out a few at a time (Makefile), so that no core waits for another at the end.

    On PostgreSQL only what asks the database: the rest would say again what it said on the embedded one.
    """
    items.sort(key=lambda item: "sweeps" not in item.path.parts)
    if connection.vendor == "sqlite":
        return
    asking = [item for item in items if item.get_closest_marker("django_db") or _fixtures(item) & DATABASE]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What was loaded to collect the tests stays until the end: the garbage collector need not look through it again
    and again, which costs a tenth of the whole suite.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
