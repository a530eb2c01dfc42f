"""docs/ballots.md is counted: each rule has its examples there, and each example comes out as the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflow.ballots import ranking, rules
from workflow.ballots.tally import Choice, Elector, Quorum
from workflow.groups.models import BallotRule

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ballots.md").read_text(encoding="utf-8")
PLACES = ("first", "second", "third", "fourth", "fifth")
CHOICES = (Choice.ENDORSE, Choice.RESERVE, Choice.OBJECT, Choice.ABSTAIN)


def tables(text: str) -> Iterator[list[list[str]]]:
    """Each table's rows without its head."""
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        yield rows[2:]


def sections() -> dict[str, str]:
    """The text under each heading of the third level: the rules by their codes."""
    found = re.split(r"^### (\w+)$", PAGE.split("\n## Choosing themes")[0], flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def examples() -> Iterator[tuple[str, list[str]]]:
    for rule, text in sections().items():
        for rows in tables(text):
            yield from ((rule, row) for row in rows)


def test_every_rule_has_its_worked_examples() -> None:
    assert set(sections()) == set(BallotRule.values)
    assert {rule for rule, _row in examples()} == set(BallotRule.values)


@pytest.mark.parametrize(("rule", "row"), examples(), ids=lambda value: str(value)[:60])
def test_it_comes_out_as_the_page_says(rule: str, row: list[str]) -> None:
    institutions, percent, *cast = (int(cell) for cell in row[:6])
    electorate = [Elector(number, f"Ministry {number}", "government") for number in range(institutions)]
    votes = dict(enumerate(choice for choice, count in zip(CHOICES, cast, strict=True) for _one in range(count)))
    found = rules.count(rule, Quorum(percent), electorate, votes, over=True)
    assert (found.outcome.value, str(found.sentence)) == (row[6], row[7])


def test_the_themes_are_chosen_as_the_page_says() -> None:
    given, told = tables(PAGE.split("\n## Choosing themes")[1].split("\n## The record")[0])
    rankings = [row[1].split(", ") for row in given]
    titles = list(dict.fromkeys(title for one in rankings for title in one))
    numbers = {title: number for number, title in enumerate(titles, start=1)}
    found = ranking.rank(list(numbers.values()), [[numbers[title] for title in one] for one in rankings], winners=3)
    assert [[titles[p.option - 1], str(p.points), places(p), "yes" if p.chosen else "no"] for p in found] == told


def places(place: ranking.Place) -> str:
    """ "2 firsts, 1 third"."""
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in zip(place.places, PLACES, strict=True) if n)


def test_the_quorums_example_holds() -> None:
    found = re.search(r"(\d+) % of (\d+) are (\d+)", PAGE)
    assert found
    percent, electorate, needed = (int(number) for number in found.groups())
    assert rules.quorum_of(percent, electorate) == needed
