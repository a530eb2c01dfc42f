"""What somebody tries who means ill: another's session, another's site, another's name for this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.groups import invitations
from workflow.groups.models import Person, Twg

pytestmark = pytest.mark.django_db

ELSEWHERE = ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "///evil.example"]


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def awa(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat", "Awa")


# -- another's session ----------------------------------------------------------------------------------


def planted(client: Client) -> str:
    """A session that somebody else knows the key of, in this browser."""
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return str(session.session_key)


def by_code(client: Client, person: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"
    client.post(reverse("account_login"), {"email": person.email})
    for row in OutboxRow.objects.filter(kind="code"):
        outbox.deliver.call(row.pk)
    (mail,) = Path(settings.MAIL_DIR).glob("*.eml")
    code = re.search(r"^[A-Z0-9-]{6,9}\r?$", mail.read_text(), re.M)
    assert code
    client.post(reverse("account_confirm_login_code"), {"code": code[0].strip()})


def by_invitation(client: Client, person: Person, settings: Any) -> None:
    link = invitations.link_for(person, Twg.objects.get())
    client.post(link.removeprefix(settings.SITE_URL))


@pytest.mark.parametrize("way", [by_code, by_invitation])
def test_a_session_known_to_somebody_else_does_not_become_mine(way: Any, awa: Person, settings: Any) -> None:
    client = Client()
    known = planted(client)
    way(client, awa, settings)
    mine = client.session.session_key
    assert client.session[SESSION_KEY] == str(awa.pk)
    assert mine != known
    assert not Session.objects.filter(session_key=known).exists()


def test_the_cookie_of_a_session_is_not_for_scripts_nor_for_other_sites(awa: Person, settings: Any) -> None:
    client = Client()
    by_invitation(client, awa, settings)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


# -- another's site -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_language_leads_nowhere_else(target: str) -> None:
    answer = Client().post(reverse("set_language"), {"language": "fr", "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_every_answer_carries_the_policy_that_lets_in_our_own_files_alone(awa: Person) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(awa)
    for path in ("/", "/nothing/", "/twgs/", "/api/v1/twgs/", "/api/v1/docs/", "/institutions/export.csv"):
        policy = client.get(path)["Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == rules["form-action"] == rules["connect-src"] == "'self'"
        assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"
        assert "unsafe" not in policy


def test_a_machine_under_a_foreign_name_is_refused(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["palabre.example"]
    assert Client(headers={"host": "palabre.example"}).get("/").status_code == 200
    refused = Client(headers={"host": "evil.example"}).get("/accounts/login/")
    assert refused.status_code == 400
    assert b"evil.example" not in refused.content


def test_a_proxys_header_does_not_rename_this_machine(awa: Person) -> None:
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    assert b"evil.example" not in Client(headers=headers).get("/accounts/login/").content


# -- who only looks -------------------------------------------------------------------------------------


def test_whoever_asks_for_the_head_of_a_page_gets_it(awa: Person, ghana: Twg) -> None:
    """Scanners of mail, monitors and caches ask so."""
    client = Client()
    client.force_login(awa)
    names = ("home", "overview", "twgs", "directory", "search", "me", "milestones")
    for path in [*(reverse(name) for name in names), reverse("twg", args=[ghana.code])]:
        answer = client.head(path)
        assert (path, answer.status_code, answer.content) == (path, 200, b"")


def test_a_mail_scanner_uses_no_invitation_up(awa: Person, ghana: Twg, settings: Any) -> None:
    path = invitations.link_for(awa, ghana).removeprefix(settings.SITE_URL)
    for _look in range(3):
        scanner = Client()
        assert (scanner.get(path).status_code, scanner.head(path).status_code) == (200, 200)
        assert SESSION_KEY not in scanner.session
    client = Client()
    assert client.post(path).status_code == 302
    assert client.session[SESSION_KEY] == str(awa.pk)
