"""Every page begins with who asks and what they sit on: one question, and the same seats as are read before a write."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from workflow.groups import access, seats
from workflow.groups.models import CategoryRule, Membership, Person, Twg
from workflow.groups.signing_in import WithSeats

from .reading import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    twg = f.twg("GH", of=f.project())
    f.adopt(twg.terms.get())
    return twg


def people(ghana: Twg) -> dict[str, Person]:
    """Somebody of every kind, by what they are."""
    CategoryRule.objects.filter(terms__twg=ghana, category="research").update(modality="excluded", votes=False)
    ministry = f.institution("Ministère de l'Intérieur")
    several = f.seat(ghana, "secretariat", institution=ministry)
    regional = f.regional_twg(ghana.project)
    for twg, role in ((f.twg("ML"), "consultant"), (regional, "chair")):
        Membership.objects.create(twg=twg, person=several, role=role)
    former = f.seat(ghana, "member")
    Membership.objects.filter(person=former).update(ends_on=timezone.now().date() - timedelta(days=2))
    assert ghana.project
    return {
        "with several seats": several,
        "observer": f.seat(ghana, "observer", institution=f.institution(category="civil_society")),
        "excluded": f.seat(ghana, "member", institution=f.institution(category="research")),
        "former": former,
        "monitor": f.monitor(ghana.project),
        "administrator": f.administrator(),
        "seatless": f.person(),
    }


def test_whoever_is_signed_in_is_read_with_their_seats_by_one_question(
    ghana: Twg, django_assert_num_queries: Any
) -> None:
    for kind, person in people(ghana).items():
        with django_assert_num_queries(1):
            found = WithSeats().get_user(person.pk)
            own = access.seats(found)
        assert found == person
        assert {name: getattr(found, name) for name in columns()} == {name: getattr(person, name) for name in columns()}
        told = seats.read(person)
        assert in_order(own.present) == in_order(told.present), kind
        assert (own.projects, own.administrator) == (told.projects, told.administrator), kind


def in_order(held: Iterable[seats.Seat]) -> list[seats.Seat]:
    return sorted(held, key=lambda seat: seat.twg_id)


def columns() -> list[str]:
    return [field.attname for field in Person._meta.concrete_fields]


def test_a_seat_knows_its_institution_by_name(ghana: Twg) -> None:
    found = WithSeats().get_user(people(ghana)["with several seats"].pk)
    [seat] = [seat for seat in access.seats(found).present if seat.institution_id]
    assert seat.institution_name == "Ministère de l'Intérieur"
    assert access.seats(found).regional_countries == {"GH", "ML", "NG"}


def test_who_may_not_sign_in_any_more_or_is_not_there_is_nobody(ghana: Twg) -> None:
    gone = f.seat(ghana, "chair")
    session = browser(gone)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    assert WithSeats().get_user(gone.pk) is None
    assert WithSeats().get_user(0) is None
    assert session.get(reverse("me")).status_code == 302


def test_a_seat_that_ends_is_over_with_the_next_page(ghana: Twg) -> None:
    member = f.seat(ghana, "member")
    session = browser(member)
    assert session.get(reverse("twg", args=[ghana.code])).status_code == 200
    Membership.objects.filter(person=member).update(ends_on=timezone.now().date() - timedelta(days=2))
    assert session.get(reverse("twg", args=[ghana.code])).status_code == 404
