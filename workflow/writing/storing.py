"""Files and rows come and go together: what a refused transaction has written to the storage is taken away again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

Wrote = Callable[[Any], None]


@contextmanager
def all_or_nothing() -> Iterator[Wrote]:
    """A transaction whose files (`wrote(row.file)`) are removed again when it fails."""
    written: list[Any] = []
    try:
        with transaction.atomic():
            yield written.append
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise


def drop_after_commit(file: Any) -> None:
    """Remove a stored file once its row is gone for good."""
    storage, name = file.storage, file.name
    transaction.on_commit(lambda: storage.delete(name))
