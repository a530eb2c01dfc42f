"""Database triggers that refuse to rewrite history, for SQLite and PostgreSQL.

Installed by a migration. `remove` exists for the test runner, which must empty tables between tests with real
transactions, and is called by nothing else.
"""

from __future__ import annotations

from typing import Any

TABLE = "workflow_event"

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS event_{verb.lower()}_refused BEFORE {verb} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [f"DROP TRIGGER IF EXISTS event_{verb}_refused" for verb in ("update", "delete")]

POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION event_refused() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION 'events are append-only'; END; $$ LANGUAGE plpgsql""",
    f"DROP TRIGGER IF EXISTS event_row_refused ON {TABLE}",
    f"DROP TRIGGER IF EXISTS event_truncate_refused ON {TABLE}",
    f"""CREATE TRIGGER event_row_refused BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION event_refused()""",
    f"""CREATE TRIGGER event_truncate_refused BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION event_refused()""",
]
POSTGRESQL_REMOVE = [
    f"DROP TRIGGER IF EXISTS event_row_refused ON {TABLE}",
    f"DROP TRIGGER IF EXISTS event_truncate_refused ON {TABLE}",
]


def install(connection: Any) -> None:
    """Install the triggers; harmless when they are there."""
    _run(connection, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def remove(connection: Any) -> None:
    """Take the triggers away."""
    _run(connection, {"sqlite": SQLITE_REMOVE, "postgresql": POSTGRESQL_REMOVE})


def installed(connection: Any) -> bool:
    """Whether history is protected on this database."""
    query = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'event_%_refused'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'event_%_refused' AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return bool(cursor.fetchone()[0] == 2)


def _run(connection: Any, statements: dict[str, list[str]]) -> None:
    if connection.vendor not in statements:
        raise NotImplementedError(f"history can't be protected on {connection.vendor}")
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
