"""How much work something is, counted instead of timed: the same on a slow machine, on a busy one, on any day."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest


def steps(call: Callable[[], Any]) -> int:
    """How often a function was called, Python's own included, until `call` was done."""
    count = 0

    def step(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


class Unpacked:
    """Counts the bytes that come out of zip archives while it is there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        real = zipfile.ZipExtFile.read

        def read(file: zipfile.ZipExtFile, amount: int | None = -1) -> bytes:
            data = real(file, amount)
            self.bytes += len(data)
            return data

        monkeypatch.setattr(zipfile.ZipExtFile, "read", read)
