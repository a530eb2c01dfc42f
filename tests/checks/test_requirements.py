"""docs/requirements.md says of every requirement where it lives and what proves it, and it says the truth."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from .documents import ROOT

PAGE = ROOT / "docs" / "requirements.md"
# The rooms of the house that are still to be built; one that is built leaves this list and its rows lose their "later".
TO_COME = {
    "recommendations/monitoring",
    "workflow/library",
}
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    id: str
    words: str
    here: tuple[str, ...]
    later: tuple[str, ...]
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return self.id


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text().splitlines():
        if line.startswith("| S"):
            identity, words, where, proven = (cell.strip() for cell in line.strip("|").split("|"))
            here, _, later = where.partition("later:")
            found.append(
                Row(
                    identity,
                    words,
                    *(tuple(QUOTED.findall(text)) for text in (here, later)),
                    tuple(QUOTED.findall(proven)),
                )
            )
    return found


def test_every_requirement_stands_there_once_and_in_order() -> None:
    assert [row.id for row in rows()] == [f"S{number:02}" for number in range(1, 49)]


@pytest.mark.parametrize("row", rows(), ids=str)
def test_what_is_here_is_there_and_what_comes_later_is_not(row: Row) -> None:
    assert row.words
    assert row.here or row.later
    assert [path for path in row.here if not (ROOT / path).exists()] == []
    assert set(row.later) <= TO_COME
    assert [room for room in row.later if (ROOT / room).exists()] == []


@pytest.mark.parametrize("row", rows(), ids=str)
def test_whatever_is_here_is_proven_by_tests_that_exist(row: Row) -> None:
    assert bool(row.tests) == bool(row.here)
    for named in row.tests:
        file, _, name = named.partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE), named
