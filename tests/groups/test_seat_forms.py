"""What the forms of seats and TWGs answer where something stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.engine.models import OutboxRow
from workflow.groups import services
from workflow.groups.models import CategoryRule, Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", names={"en": "TWG of Ghana"}, languages=["fr"])


@pytest.fixture
def kofi(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Kofi Secretariat")


def post(person: Person, address: str, /, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(address, args=args), fields)


def seat_form(twg: Twg, **fields: Any) -> dict[str, Any]:
    version = Twg.objects.get(pk=twg.pk).version
    return {"email": "New@twg.example", "name": "New Member", "role": "member", "version": version, **fields}


def test_somebody_new_gets_the_twgs_language_and_zone(ghana: Twg, kofi: Person) -> None:
    Twg.objects.update(time_zone="Africa/Accra")
    assert post(kofi, "seat-new", ghana.code, **seat_form(ghana, invite="on")).status_code == 302
    new = Person.objects.get(email="new@twg.example")
    assert (new.name, new.language, new.time_zone) == ("New Member", "fr", "Africa/Accra")


def test_a_seat_that_begins_later_is_given_without_an_invitation(ghana: Twg, kofi: Person) -> None:
    answer = post(kofi, "seat-new", ghana.code, **seat_form(ghana, since="2999", invite="on"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["invite"]
    assert not Person.objects.filter(email="new@twg.example").exists(), "all or nothing"
    assert post(kofi, "seat-new", ghana.code, **seat_form(ghana, since="2999")).status_code == 302


def test_an_invitation_to_an_ended_or_excluded_seat_is_refused_in_words(ghana: Twg, kofi: Person) -> None:
    ended = f.seat_of(f.seat(ghana, "member", since="2008", until="2009"))
    f.adopt(ghana.terms.get())
    CategoryRule.objects.filter(category="civil_society").update(modality="excluded")
    excluded = f.seat_of(f.seat(ghana, "member", institution=f.institution(category="civil_society")))
    for seat in (ended, excluded):
        answer = browser(kofi).post(reverse("seat-invite", args=[seat.pk]), follow=True)
        assert "nothing to invite to" in answer.content.decode()
    assert not OutboxRow.objects.filter(kind="invitation").exists()


def test_a_stale_seat_form_gives_back_what_was_typed_in_the_words_of_the_form(ghana: Twg, kofi: Person) -> None:
    office = f.institution("Census Office")
    answer = post(kofi, "seat-new", ghana.code, **seat_form(ghana, version=1, role="observer", institution=office.pk))
    assert answer.status_code == 409
    text = answer.content.decode()
    for word in ("New@twg.example", "Observer", "Census Office", "Seat given"):
        assert word in text
    assert not Person.objects.filter(email="new@twg.example").exists()


def test_a_seat_ended_on_a_stale_page_stays(ghana: Twg, kofi: Person) -> None:
    seat = f.seat_of(f.seat(ghana, "member"))
    answer = post(kofi, "seat-end", seat.pk, until="2009-06", note="Moved on.", version=1)
    assert answer.status_code == 409
    assert "Moved on." in answer.content.decode()
    seat.refresh_from_db()
    assert seat.until == ""


def test_a_seat_does_not_end_before_it_began_and_the_form_says_so(ghana: Twg, kofi: Person) -> None:
    seat = f.seat_of(f.seat(ghana, "member", since="2009-06"))
    version = Twg.objects.get(pk=ghana.pk).version
    answer = post(kofi, "seat-end", seat.pk, until="2009-05", note="x", version=version)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])


def test_seats_of_a_twg_that_one_does_not_see_do_not_exist(ghana: Twg, kofi: Person) -> None:
    stranger, member = f.seat(f.twg("ML"), "secretariat"), f.seat(ghana, "member")
    pk = f.seat_of(kofi).pk
    for person, status in ((stranger, 404), (member, 403)):
        assert browser(person).get(reverse("seat-end", args=[pk])).status_code == status
        assert post(person, "seat-invite", pk).status_code == status
    assert browser(kofi).get(reverse("seat-invite", args=[pk])).status_code == 405


def test_an_administrator_gives_seats_and_changes_nothing_else(ghana: Twg) -> None:
    admin = browser(f.administrator())
    assert admin.get(reverse("seat-new", args=[ghana.code])).status_code == 200
    for name in ("twg-edit", "twg-parent", "twg-link", "twg-fact", "terms-new"):
        assert admin.get(reverse(name, args=[ghana.code])).status_code == 403


def test_a_convener_from_another_country_stays_on_the_form(ghana: Twg, kofi: Person) -> None:
    abroad = f.institution("Regional office", country="SN")
    Twg.objects.filter(pk=ghana.pk).update(convener=abroad)
    answer = post(
        kofi, "twg-edit", ghana.code, names_en="T", time_zone="UTC", convener=abroad.pk, version=ghana.version
    )
    assert answer.status_code == 302
    ghana.refresh_from_db()
    assert ghana.convener == abroad


def test_a_committees_member_finds_the_way_up_and_nothing_inside(ghana: Twg, kofi: Person) -> None:
    body = services.link_body(
        ghana, {"code": "ngos", "names": {"en": "NGO committee"}, "kind": "committee"}, actor=None
    )
    member = browser(f.seat(body, "member"))
    assert reverse("twg", args=[ghana.code]) in member.get(reverse("twg", args=[body.code])).content.decode()
    assert "Kofi Secretariat" not in member.get(reverse("twg", args=[ghana.code])).content.decode()
