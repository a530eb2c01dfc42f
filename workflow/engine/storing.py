"""Rows are checked field by field here, and as a whole by the database's own constraints; files come with their rows.

Asking the database first whether it would accept costs a question for each constraint of each row, and another writer
may come between. So it is only when it refuses that the model is asked which constraint that was, and in which words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models, transaction

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


def put_file(file: Any, name: str, content: Any, wrote: Wrote) -> None:
    """Write a row's file before the row, told to the transaction: whatever is refused from here on leaves no file."""
    file.save(name, content, save=False)
    wrote(file)


def store(row: models.Model, **options: Any) -> None:
    """Check and save. Raises `ValidationError` with the model's own words for a constraint that is not met."""
    check_fields(row)
    with constraints_in_words(row):
        row.save(**options)


def check_fields(row: models.Model) -> None:
    """Each field by itself, and what the model's `clean` says of several."""
    row.full_clean(validate_unique=False, validate_constraints=False)


@contextmanager
def constraints_in_words(row: models.Model) -> Iterator[None]:
    """What the database refuses inside becomes the `ValidationError` that the model's constraints have for it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        row.full_clean()
        raise  # no constraint of the model: a mistake of ours, for which there are no words
