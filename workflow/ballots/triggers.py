"""A database trigger that refuses a vote in a ballot that is not open, or after its deadline, whatever code asks."""

from __future__ import annotations

from typing import Any

SQLITE = [
    """CREATE TRIGGER IF NOT EXISTS vote_only_while_open BEFORE INSERT ON workflow_vote
       WHEN NOT EXISTS (SELECT 1 FROM workflow_ballot b
                        WHERE b.id = NEW.ballot_id AND b.state = 'open' AND NEW.at < b.deadline)
       BEGIN SELECT RAISE(ABORT, 'voting is over'); END"""
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION vote_only_while_open() RETURNS trigger AS $$
       BEGIN
         IF NOT EXISTS (SELECT 1 FROM workflow_ballot b
                        WHERE b.id = NEW.ballot_id AND b.state = 'open' AND NEW.at < b.deadline) THEN
           RAISE EXCEPTION 'voting is over';
         END IF;
         RETURN NEW;
       END; $$ LANGUAGE plpgsql""",
    "DROP TRIGGER IF EXISTS vote_only_while_open ON workflow_vote",
    """CREATE TRIGGER vote_only_while_open BEFORE INSERT ON workflow_vote
       FOR EACH ROW EXECUTE FUNCTION vote_only_while_open()""",
]
REMOVE = {
    "sqlite": "DROP TRIGGER IF EXISTS vote_only_while_open",
    "postgresql": "DROP TRIGGER IF EXISTS vote_only_while_open ON workflow_vote",
}


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]:
            cursor.execute(statement)


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REMOVE[connection.vendor])
