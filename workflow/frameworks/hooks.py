"""What the data requests room brings to the engine."""

from __future__ import annotations


def register() -> None:
    """Nothing yet."""
