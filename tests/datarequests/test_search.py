"""The search finds requests for those who read them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from tests import factories as f
from workflow.datarequests.selectors import found_in
from workflow.desk.selectors import search
from workflow.groups import access

from .making import WHAT, Country, ask, country

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def found(question: str, person: Any) -> list[str]:
    groups = {str(group.label): [result.title for result in group.results] for group in search(question, person)}
    return groups.get("Data requests", [])


def test_by_its_words_and_by_who_is_asked_without_accents(ghana: Country) -> None:
    ask(ghana, what="Séries de permis", data_source="Registre")
    for question in ("series permis", "SERIES registre", "immigration séries"):
        assert found(question, ghana.officer) == ["Séries de permis"]
    assert found("series cheese", ghana.officer) == []


def test_nobody_finds_what_is_not_theirs(ghana: Country) -> None:
    ask(ghana)
    assert found("residence", f.monitor(ghana.project)) == [WHAT]
    for person in (f.seat(ghana.twg, "observer"), f.seat(f.twg("ML"), "chair"), f.administrator(), AnonymousUser()):
        assert found("residence", person) == []


def test_who_reads_none_costs_no_question(ghana: Country, django_assert_num_queries: Any) -> None:
    ask(ghana)
    for person in (f.seat(ghana.twg, "observer"), AnonymousUser()):
        access.seats(person)
        with django_assert_num_queries(0):
            assert found_in(person, ["series"]) is None
