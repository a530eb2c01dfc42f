"""How tests with real transactions leave an empty database to the next one.

Django's own way empties every table by TRUNCATE and writes content types and permissions anew: a second and more on
PostgreSQL, each time. Here rows are deleted, what migrations put there once stays, and the triggers that keep history
are lifted for the moment from the few tables that have rows, inside the transaction that deletes them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, transaction

from workflow.engine import triggers

# Written by Django after the migrations, and the same for every test.
KEPT = {"django_content_type", "auth_permission", "django_site"}


@cache
def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)


def _with_rows(cursor: Any) -> set[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in _tables()
    )
    cursor.execute(asked)
    return {table for (table,) in cursor.fetchall()}


def empty() -> None:
    """Delete every row that a test wrote."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = _with_rows(cursor)
        kept_for_ever = sorted(found.intersection(triggers.tables()))
        triggers.remove(connection, kept_for_ever)
        for table in sorted(found):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        # Keys are looked at while all rows are gone, so that no check waits when the triggers come back.
        connection.check_constraints()
        triggers.install(connection, kept_for_ever)
