"""Invitations: one mail with one link that opens one seat once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.errors import NotPermitted
from workflow.engine.history import events_of
from workflow.engine.models import OutboxRow
from workflow.groups import invitations, services
from workflow.groups.models import CategoryRule, Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", names={"en": "TWG of Ghana", "fr": "GTT du Ghana"})


@pytest.fixture
def awa(ghana: Twg) -> Person:
    return f.seat(ghana, "member", "Awa", institution=f.institution("Ministry of Interior"))


def deliver() -> list[str]:
    """Deliver what waits, twice, as a worker that was killed after the first time would."""
    for _attempt in (1, 2):
        for row in OutboxRow.objects.filter(kind="invitation"):
            outbox.deliver.call(row.pk)
    return list(OutboxRow.objects.filter(kind="invitation").values_list("status", flat=True))


def path(person: Person, twg: Twg) -> str:
    return invitations.link_for(person, twg).removeprefix(settings.SITE_URL)


def test_the_secretariat_invites_and_exactly_one_mail_leaves(ghana: Twg, awa: Person) -> None:
    kofi = f.seat(ghana, "secretariat", "Kofi")
    invitations.invite(awa, ghana, actor=kofi)
    assert deliver() == ["done"]
    (sent,) = mail.outbox
    assert sent.to == [awa.email]
    assert sent.subject == "You are invited to TWG of Ghana"
    assert "Kofi has given you a seat in TWG of Ghana, for Ministry of Interior." in sent.body
    assert events_of(awa).last().name == "invited"


def test_the_link_in_the_mail_opens_the_seat(ghana: Twg, awa: Person) -> None:
    invitations.invite(awa, ghana, actor=None)
    deliver()
    found = re.search(rf"{re.escape(settings.SITE_URL)}(\S+)", str(mail.outbox[0].body))
    assert found
    client = Client()
    page = client.get(found[1])
    assert page.status_code == 200
    assert "Awa" in page.content.decode()
    answer = client.post(found[1])
    assert answer["Location"] == reverse("twg", args=[ghana.code])
    assert client.get(answer["Location"]).status_code == 200


def test_the_page_says_who_invites(ghana: Twg, awa: Person) -> None:
    assert "You hold a seat in TWG of Ghana." in Client().get(path(awa, ghana)).content.decode()
    mali = f.twg("ML", names={"en": "TWG of Mali"})
    services.give_seat(mali, awa, {"role": "member"}, actor=None)
    invitations.invite(awa, mali, actor=f.seat(mali, "secretariat", "Oumou"))
    invitations.invite(awa, ghana, actor=f.seat(ghana, "secretariat", "Kofi"))
    said = "Kofi invites you to TWG of Ghana, in which you hold a seat."
    assert said in Client().get(path(awa, ghana)).content.decode()


def test_looking_at_the_link_signs_nobody_in_and_uses_nothing_up(ghana: Twg, awa: Person) -> None:
    scanner, url = Client(), path(awa, ghana)
    for _look in range(3):
        assert scanner.get(url).status_code == 200
        assert scanner.head(url).status_code == 200
    assert "_auth_user_id" not in scanner.session
    assert Client().post(url).status_code == 302


def test_the_button_needs_its_token_against_forgery(ghana: Twg, awa: Person) -> None:
    assert Client(enforce_csrf_checks=True).post(path(awa, ghana)).status_code == 403


def test_a_link_works_once(ghana: Twg, awa: Person) -> None:
    url = path(awa, ghana)
    Client().post(url)
    late = Client()
    assert late.get(url).status_code == 410
    assert late.post(url).status_code == 410
    assert "_auth_user_id" not in late.session


def test_any_sign_in_uses_up_every_link_sent_before(ghana: Twg, awa: Person) -> None:
    first, second = path(awa, ghana), path(awa, ghana)
    Client().force_login(awa)
    assert [Client().get(url).status_code for url in (first, second)] == [410, 410]
    awa.refresh_from_db()
    assert Client().get(path(awa, ghana)).status_code == 200, "a link sent after it works again"


def test_a_link_is_not_shared_by_two_people(ghana: Twg, awa: Person) -> None:
    ama = f.seat(ghana, "member", "Ama")
    Client().post(path(awa, ghana))
    assert Client().get(path(ama, ghana)).status_code == 200


@pytest.mark.parametrize("forged", ["x", "a:b:c", "WzEsMSwieCJd:1abcde:AAAA", "%00", "é"])
def test_a_forged_link_is_over(forged: str) -> None:
    assert Client().get(f"/accounts/invitations/{forged}/").status_code == 410


def test_a_link_changed_by_one_letter_is_over(ghana: Twg, awa: Person) -> None:
    url = path(awa, ghana)
    other = url[:-3] + ("A" if url[-3] != "A" else "B") + url[-2:]
    assert Client().post(other).status_code == 410


def test_a_link_is_valid_for_fourteen_days(ghana: Twg, awa: Person, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    url = path(awa, ghana)
    time_machine_at("2009-04-15 08:59:00Z")
    assert Client().get(url).status_code == 200
    time_machine_at("2009-04-15 09:01:00Z")
    assert Client().get(url).status_code == 410


def test_a_link_is_over_when_the_seat_has_ended(ghana: Twg, awa: Person) -> None:
    url = path(awa, ghana)
    services.end_seat(f.seat_of(awa), until="2009", actor=None, note="x")
    page = Client().get(url)
    assert page.status_code == 410
    assert ghana.name not in page.content.decode()


def test_a_link_is_over_when_the_person_is_kept_out_or_has_another_address(ghana: Twg, awa: Person) -> None:
    url = path(awa, ghana)
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    assert Client().post(url).status_code == 410
    Person.objects.filter(pk=awa.pk).update(is_active=True, email="other@twg.example")
    assert Client().post(url).status_code == 410


def test_a_link_is_over_when_the_terms_exclude_the_category(ghana: Twg) -> None:
    f.adopt(ghana.terms.get())
    ngo = f.seat(ghana, "member", institution=f.institution(category="civil_society"))
    url = path(ngo, ghana)
    CategoryRule.objects.filter(category="civil_society").update(modality="excluded")
    assert Client().get(url).status_code == 410
    with pytest.raises(ValidationError, match="opens no page"):
        invitations.invite(ngo, ghana, actor=None)


def test_the_mail_speaks_the_language_of_the_person_and_not_of_who_invites(ghana: Twg) -> None:
    awa = f.person("Awa", language="fr")
    services.give_seat(ghana, awa, {"role": "member"}, actor=None)
    with translation.override("en"):
        invitations.invite(awa, ghana, actor=None)
        deliver()
    assert "GTT du Ghana" in mail.outbox[0].subject


def test_a_seat_that_ended_before_the_mail_left_is_told_to_nobody(ghana: Twg, awa: Person) -> None:
    invitations.invite(awa, ghana, actor=None)
    services.end_seat(f.seat_of(awa), until="2009", actor=None, note="x")
    assert deliver() == ["dropped"]
    assert mail.outbox == []


def test_names_reach_the_mail_as_they_are_written() -> None:
    twg = f.twg("CI", names={"en": "TWG of Côte d'Ivoire & others"})
    invitations.invite(f.seat(twg, "member", "N'Dri <Awa>"), twg, actor=None)
    deliver()
    assert mail.outbox[0].subject == "You are invited to TWG of Côte d'Ivoire & others"
    assert "N'Dri <Awa>," in mail.outbox[0].body


def test_two_invitations_are_two_mails(ghana: Twg, awa: Person) -> None:
    invitations.invite(awa, ghana, actor=None)
    invitations.invite(awa, ghana, actor=None)
    deliver()
    assert len(mail.outbox) == 2


def test_a_member_invites_nobody(ghana: Twg, awa: Person) -> None:
    with pytest.raises(NotPermitted):
        invitations.invite(awa, ghana, actor=f.seat(ghana, "member"))
    assert not OutboxRow.objects.exists()


@pytest.mark.parametrize("fields", [{"since": "2999"}, {"until": "2009"}])
def test_nobody_is_invited_to_a_seat_that_is_not_held_today(ghana: Twg, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="opens no page"):
        invitations.invite(f.seat(ghana, "member", **fields), ghana, actor=None)
    assert not OutboxRow.objects.exists()


def test_whoever_is_signed_in_as_somebody_else_becomes_the_one_invited(ghana: Twg, awa: Person) -> None:
    client = Client()
    client.force_login(f.seat(ghana, "observer"))
    client.post(path(awa, ghana))
    assert client.session["_auth_user_id"] == str(awa.pk)
