"""docs/deployment.md names every variable that the settings read, docs/dependencies.md every package that is pinned."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def words(pattern: str, *places: str) -> set[str]:
    return {found for place in places for found in re.findall(pattern, (ROOT / place).read_text(), re.MULTILINE)}


def test_every_setting_is_documented_and_nothing_else() -> None:
    read = words(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', "config/settings.py")
    table = words(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", "docs/deployment.md")
    told = {name for row in table for name in re.findall(r"[A-Z_]+", row)}
    assert "SECRET_KEY" in read
    # pytest-xdist sets it by itself.
    assert read - {"PYTEST_XDIST_WORKER"} == told


def test_every_package_is_explained_and_nothing_else() -> None:
    pinned = words(r"^([A-Za-z0-9_.-]+)(?:\[\S+\])?==", "requirements.txt", "requirements-dev.txt")
    rows = words(r"^\| ([A-Za-z][^|]+?) \|", "docs/dependencies.md") - {"package"}
    assert "Django" in pinned
    assert {name.lower() for name in pinned} == {name.lower() for row in rows for name in row.split(", ")}


def test_every_package_is_pinned_to_one_version() -> None:
    lines = [
        line
        for place in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / place).read_text().splitlines()
        if line and not line.startswith(("#", "-r "))
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", line)] == []
