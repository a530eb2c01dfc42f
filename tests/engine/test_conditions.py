"""Conditions in fewer words find what Django's own find."""

from __future__ import annotations

import pytest
from django.db.models import Q

from tests import factories as f
from workflow.engine.conditions import column_of, points_into
from workflow.groups.models import Institution, Membership, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats() -> dict[str, Membership]:
    """By country; Ghana's is of an institution, Mali's of none."""
    ghana, mali = f.twg("GH"), f.twg("ML")
    return {
        "GH": f.seat_of(f.seat(ghana, "chair", institution=f.institution("Ministry"))),
        "ML": f.seat_of(f.seat(mali, "member")),
    }


def test_keys_written_into_the_statement_find_the_rows_of_these_keys(seats: dict[str, Membership]) -> None:
    ghana, mali = seats["GH"].twg, seats["ML"].twg
    found = Membership.objects.all()
    assert list(found.filter(twg__among={ghana.pk})) == [seats["GH"]]
    assert set(found.filter(twg__among=frozenset({ghana.pk, mali.pk}))) == set(seats.values())
    assert list(found.filter(~Q(twg__among={ghana.pk}))) == [seats["ML"]]
    assert list(found.filter(twg__linked_to__among={ghana.pk})) == []
    assert list(Twg.objects.filter(pk__among={mali.pk})) == [mali]


@pytest.mark.parametrize("nothing", [set(), frozenset()])
def test_of_no_keys_there_are_no_rows_and_without_them_all(seats: dict[str, Membership], nothing: set[int]) -> None:
    assert not Membership.objects.filter(twg__among=nothing).exists()
    assert set(Membership.objects.filter(~Q(twg__among=nothing))) == set(seats.values())


def test_only_keys_are_written_into_the_statement(seats: dict[str, Membership]) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(Membership.objects.filter(twg__among={"1) OR (1=1"}))


def test_what_points_to_one_of_these_rows_is_found(seats: dict[str, Membership]) -> None:
    known = points_into("institution", Institution.objects.filter(names__en="Ministry"))
    assert list(Membership.objects.filter(known)) == [seats["GH"]]
    assert list(Membership.objects.filter(~known & Q(institution=None))) == [seats["ML"]]
    assert set(Membership.objects.filter(known | Q(institution=None))) == set(seats.values())
    assert list(Twg.objects.filter(memberships__in=Membership.objects.filter(known))) == [seats["GH"].twg]


def test_nothing_points_into_no_rows(seats: dict[str, Membership]) -> None:
    assert not Membership.objects.filter(points_into("institution", Institution.objects.none())).exists()
    assert list(Twg.objects.filter(pk__in=column_of(Membership.objects.none(), "twg"))) == []


def test_a_column_composed_once_serves_several_questions(seats: dict[str, Membership]) -> None:
    chaired = column_of(Membership.objects.filter(role="chair"), "twg")
    assert list(Twg.objects.filter(pk__in=chaired)) == [seats["GH"].twg]
    assert list(Twg.objects.exclude(pk__in=chaired)) == [seats["ML"].twg]
    f.seat(seats["ML"].twg, "chair")
    assert set(Twg.objects.filter(pk__in=chaired)) == {seat.twg for seat in seats.values()}
