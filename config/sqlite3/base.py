"""SQLite's connections, for many who write at once (S13).

SQLite has one writer at a time and no line before it: whoever finds the database locked looks again every tenth of a
second, so that among many the one who has just written writes again, and one who has waited for long waits until all
others are done, or is told that the database is locked. Here the writers of one process wait for each other in the
order in which they came. Between processes, of which there are two, SQLite's own way holds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

from .line import Line, Turn

lines: defaultdict[str, Line] = defaultdict(Line)  # by the database's file
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Cursor(base.SQLiteCursorWrapper):
    """A statement that writes by itself, outside any transaction, stands in line for itself."""

    owner: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self.owner.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.owner.turn_for(query):
            return super().executemany(query, param_list)


class Standing:
    """In line for as long as a statement lasts."""

    def __init__(self, owner: DatabaseWrapper, wanted: bool) -> None:
        self.owner, self.wanted = owner, wanted

    def __enter__(self) -> None:
        if self.wanted:
            self.owner.stand_in_line()

    def __exit__(self, *error: object) -> None:
        if self.wanted:
            self.owner.leave()


class DatabaseWrapper(base.DatabaseWrapper):
    turn: Turn | None = None

    def stand_in_line(self) -> None:
        """Wait for one's turn. Whoever has waited for too long asks SQLite itself, which says what it has to say."""
        if self.turn is not None:
            return
        settings: dict[str, Any] = self.settings_dict
        self.turn = lines[str(settings["NAME"])].wait(settings["OPTIONS"].get("timeout", 5))

    def leave(self) -> None:
        turn, self.turn = self.turn, None
        if turn is not None:
            turn.end()

    def turn_for(self, query: str) -> Standing:
        alone = self.turn is None and not self.in_atomic_block
        return Standing(self, alone and query.lstrip()[:7].upper().startswith(WRITING))

    # -- what Django calls (its stubs leave out what it does not document)

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.owner = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self.stand_in_line()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.leave()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._leave_when_over()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_when_over()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.leave()

    def _leave_when_over(self) -> None:
        """A commit that was refused leaves the transaction open: it is rolled back next."""
        if self.connection is None or not self.connection.in_transaction:
            self.leave()
