"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turn:
    """The right to write, until `end` is called or nobody holds it any more: a thread may end without a word."""

    def __init__(self, line: Line) -> None:
        self._line: Line | None = line

    def end(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.pass_on()

    def __del__(self) -> None:
        self.end()


class Line:
    """Whoever waits is called in the order in which they came; whoever has just been there goes to the end."""

    def __init__(self) -> None:
        self._guard = threading.RLock()  # a turn may end while this thread changes the line
        self._waiting: deque[threading.Event] = deque()
        self._busy = False

    def wait(self, seconds: float) -> Turn | None:
        """One's turn; None when it has not come in this time."""
        called = threading.Event()
        with self._guard:
            if self._busy:
                self._waiting.append(called)
            else:
                self._busy = True
                called.set()
        if called.wait(seconds):
            return Turn(self)
        with self._guard:
            if called.is_set():  # in this very moment
                return Turn(self)
            self._waiting.remove(called)
            return None

    def pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False
