"""Headings lead down one level at a time, on pages that have nothing to show yet as on all others (WCAG 2.2, 1.3.1).

Pages on which much stands are looked at by the sweep of every address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, get_resolver, reverse

from tests import factories as f
from tests.groups.reading import browser
from tests.sweeps.addresses import patterns
from workflow.groups.models import Person, Twg

pytestmark = pytest.mark.django_db

HEADING = re.compile(r"<h([1-6])[ >]")


def jumps(page: str) -> list[str]:
    """Where a page leaves a level out."""
    levels = [int(level) for level in HEADING.findall(page)]
    return [f"h{above} then h{below}" for above, below in itertools.pairwise(levels) if below > above + 1]


def of_a_new_twg(twg: Twg) -> Iterator[str]:
    """Every page of a TWG of which nothing is known yet, and those that list what there is."""
    for _route, pattern in patterns(get_resolver()):
        name = pattern.name or ""
        for arguments in ([], [twg.code]):
            try:
                yield reverse(name, args=arguments)
            except NoReverseMatch:
                continue


def wrong_with(paths: Iterator[str], client: Any) -> list[str]:
    found, seen = [], 0
    for path in paths:
        if path.startswith(("/api/", "/accounts/logout")):
            continue
        cache.clear()
        answer = client.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            seen += 1
            found += [f"{path}: {jump}" for jump in jumps(answer.content.decode())]
    assert seen > 10
    return found


@pytest.mark.parametrize("role", ["secretariat", "member"])
def test_pages_of_a_new_twg(role: str) -> None:
    twg = f.twg("GH")
    somebody: Person = f.seat(twg, role)
    assert wrong_with(of_a_new_twg(twg), browser(somebody)) == []


def test_pages_of_somebody_without_a_seat() -> None:
    assert wrong_with(of_a_new_twg(f.twg("GH")), browser(f.person())) == []
