"""API tokens: shown once, kept as a hash, with a scope and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests import factories as f
from workflow.groups import tokens
from workflow.groups.models import ApiToken, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def awa() -> Person:
    return f.seat(f.twg("GH"), "secretariat", "Awa")


@pytest.fixture
def client(awa: Person) -> Client:
    client = Client()
    client.force_login(awa)
    return client


def with_token(secret: str, method: str = "get", **data: Any) -> int:
    call = getattr(Client(), method)
    status: int = call("/api/v1/twgs/", headers={"authorization": f"Bearer {secret}"}, **data).status_code
    return status


def make(client: Client, **fields: Any) -> Any:
    return client.post("/accounts/tokens/", {"label": "Statistics", "scope": "read", "days": 90, **fields})


def test_a_token_is_shown_once_and_kept_as_a_hash(client: Client, awa: Person) -> None:
    answer = make(client)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get("/accounts/tokens/").content.decode()
    token = awa.tokens.get()
    assert (token.hash, token.prefix) == (ApiToken.hash_of(secret), secret[:8])
    assert secret not in str(ApiToken.objects.values())
    assert "no-store" in answer["Cache-Control"]


def test_a_token_opens_the_api_and_its_use_is_seen(client: Client, awa: Person) -> None:
    secret = make(client).context["secret"]
    assert b">never<" in client.get("/accounts/tokens/").content
    assert with_token(secret) == 200
    assert awa.tokens.get().last_used_at is not None
    assert b">never<" not in client.get("/accounts/tokens/").content


def test_last_use_is_not_written_at_every_call(awa: Person, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    token, secret = tokens.make_token(awa, label="x", scope="read", days=30)
    for moment in ("09:00:10", "09:00:40", "09:01:30"):
        time_machine_at(f"2009-04-01 {moment}Z")
        assert with_token(secret) == 200
    token.refresh_from_db()
    assert token.last_used_at.strftime("%H:%M:%S") == "09:01:30"


def test_a_reading_token_only_reads(awa: Person) -> None:
    secret = tokens.make_token(awa, label="x", scope="read", days=1)[1]
    assert with_token(secret) == 200
    assert with_token(secret, "post") == 403


def test_a_writing_token_does_what_its_person_may(awa: Person) -> None:
    secret = tokens.make_token(awa, label="x", scope="write", days=1)[1]
    assert with_token(secret, "post") == 422, "it may act, and says nothing to act on"


def test_a_revoked_token_opens_nothing_and_stays_listed(client: Client, awa: Person) -> None:
    secret = make(client).context["secret"]
    token = awa.tokens.get()
    answer = client.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert answer["Location"] == "/accounts/tokens/"
    assert with_token(secret) == 401
    assert b"revoked" in client.get("/accounts/tokens/").content
    first = ApiToken.objects.get().revoked_at
    client.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert ApiToken.objects.get().revoked_at == first


def test_a_token_ends_on_its_day(awa: Person, time_machine_at: Any) -> None:
    time_machine_at("2009-04-01 09:00:00Z")
    secret = tokens.make_token(awa, label="x", scope="read", days=1)[1]
    time_machine_at("2009-04-02 08:59:00Z")
    assert with_token(secret) == 200
    time_machine_at("2009-04-02 09:01:00Z")
    assert with_token(secret) == 401


def test_a_token_of_somebody_kept_out_opens_nothing(awa: Person) -> None:
    secret = tokens.make_token(awa, label="x", scope="read", days=1)[1]
    Person.objects.update(is_active=False)
    assert with_token(secret) == 401


@pytest.mark.parametrize("secret", ["", "pal_", "pal_" + "x" * 43, "é"])
def test_an_unknown_token_is_refused(secret: str) -> None:
    assert with_token(secret) == 401


@pytest.mark.parametrize(("field", "value"), [
    ("days", "0"), ("days", "367"), ("days", "soon"), ("label", ""), ("label", "x" * 101), ("scope", "everything"),
])  # fmt: skip
def test_a_token_that_makes_no_sense_is_refused_on_its_field(client: Client, field: str, value: str) -> None:
    answer = make(client, **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


def test_a_twenty_first_token_waits_until_one_is_revoked(client: Client, awa: Person) -> None:
    for n in range(20):
        tokens.make_token(awa, label=f"token {n}", scope="read", days=1)
    answer = make(client)
    assert answer.status_code == 422
    assert b"twenty valid tokens" in answer.content
    tokens.revoke(ApiToken.objects.filter(person=awa)[0])
    assert make(client).status_code == 200


def test_tokens_that_ended_do_not_count(client: Client, awa: Person) -> None:
    for n in range(20):
        tokens.make_token(awa, label=f"token {n}", scope="read", days=1)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert make(client).status_code == 200


def test_the_service_refuses_what_the_form_would_have(awa: Person) -> None:
    for fields in (
        {"days": 0, "scope": "read"},
        {"days": 1, "scope": "all"},
        {"days": 1, "scope": "read", "label": ""},
    ):
        with pytest.raises(ValidationError):
            tokens.make_token(awa, **{"label": "x", **fields})


def test_nobody_sees_or_revokes_anothers_token(client: Client) -> None:
    other, _secret = tokens.make_token(f.person(), label="Not hers", scope="read", days=1)
    assert b"Not hers" not in client.get("/accounts/tokens/").content
    assert client.post(f"/accounts/tokens/{other.pk}/revoke/").status_code == 404
    assert client.get(f"/accounts/tokens/{other.pk}/revoke/").status_code == 405
    other.refresh_from_db()
    assert other.is_valid


def test_tokens_are_for_those_signed_in() -> None:
    assert Client().get("/accounts/tokens/").status_code == 302
