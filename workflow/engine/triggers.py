"""Database triggers that refuse to rewrite what is kept for ever, for SQLite and PostgreSQL.

A model says `append_only = True`; its rows are then written once. Installed by migrations. `remove` exists for the
test runner, which must empty tables between tests with real transactions, and is called by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps

FUNCTION = """CREATE OR REPLACE FUNCTION event_refused() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION 'history is append-only'; END; $$ LANGUAGE plpgsql"""


def tables() -> list[str]:
    """Every table whose rows are never changed."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def _sqlite(table: str) -> list[str]:
    return [
        f"""CREATE TRIGGER IF NOT EXISTS {_name(table)}_{verb.lower()}_refused BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]


def _sqlite_away(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {_name(table)}_{verb}_refused" for verb in ("update", "delete")]


def _postgresql(table: str) -> list[str]:
    name = _name(table)
    return [
        FUNCTION,
        *_postgresql_away(table),
        f"""CREATE TRIGGER {name}_row_refused BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION event_refused()""",
        f"""CREATE TRIGGER {name}_truncate_refused BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION event_refused()""",
    ]


def _postgresql_away(table: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {_name(table)}_{what}_refused ON {table}" for what in ("row", "truncate")]


def _name(table: str) -> str:
    """`event` of `workflow_event`: what the triggers of the table are called after."""
    return table.removeprefix("workflow_")


PUT = {"sqlite": _sqlite, "postgresql": _postgresql}
AWAY = {"sqlite": _sqlite_away, "postgresql": _postgresql_away}


def install(connection: Any, only: Iterable[str] | None = None) -> None:
    """Install the triggers of all such tables, or of these alone; harmless when they are there."""
    _run(connection, PUT, only)


def remove(connection: Any, only: Iterable[str] | None = None) -> None:
    """Take the triggers away."""
    _run(connection, AWAY, only)


def installed(connection: Any) -> bool:
    """Whether all that is append-only is protected on this database."""
    query = {
        "sqlite": "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refused' "
        "GROUP BY tbl_name",
        "postgresql": "SELECT relname, count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname LIKE '%_refused' AND tgenabled <> 'D' GROUP BY relname",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = dict(cursor.fetchall())
    return all(found.get(table) == 2 for table in tables())


def _run(connection: Any, statements: dict[str, Any], only: Iterable[str] | None) -> None:
    if connection.vendor not in statements:
        raise NotImplementedError(f"history can't be protected on {connection.vendor}")
    with connection.cursor() as cursor:
        for table in tables() if only is None else only:
            for statement in statements[connection.vendor](table):
                cursor.execute(statement)
