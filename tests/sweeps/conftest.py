"""One world for all sweeps: built once for all files of this folder, and as it was again before every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from . import above
from . import world as worlds
from .world import World


@pytest.fixture(scope="package")
def _standing_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Every test's own transaction is a savepoint inside this one, which is rolled back when the folder is done."""
    files = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        built = worlds.build()
        worlds.public_edition(built)
        above.plant(built)
        yield built, files
        transaction.set_rollback(True)


@pytest.fixture
def world(_standing_world: tuple[World, Path], db: None, settings: Any) -> World:
    built, settings.MEDIA_ROOT = _standing_world
    return World(dict(built.people), dict(built.secrets), dict(built.objects), built.addresses, built.answers)
