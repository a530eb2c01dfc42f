"""Signing in: a code by mail, a second step for those who want one, and nobody who has no seat."""

from __future__ import annotations

import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.history import events_of
from workflow.engine.models import OutboxRow
from workflow.groups import invitations, sign_in_codes
from workflow.groups.accounts import AccountAdapter
from workflow.groups.models import Person

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LOGIN, CONFIRM = "/accounts/login/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _mail_in_files(settings: Any) -> None:
    settings.EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"


@pytest.fixture
def awa() -> Person:
    return f.seat(f.twg("GH"), "secretariat", "Awa", institution=f.institution())


def deliver() -> None:
    """The worker looks, twice."""
    for _look in range(2):
        for row in OutboxRow.objects.filter(kind="code", status="waiting"):
            outbox.deliver.call(row.pk)


def mails(settings: Any) -> list[Any]:
    """What lies in the mail box once the worker has looked, the oldest first."""
    deliver()
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def code_in(message: Any) -> str:
    found = re.search(r"^[A-Z0-9-]{6,9}$", message.get_content(), re.M)
    assert found, message.get_content()
    return found[0]


def ask(client: Client, address: str, **fields: str) -> Any:
    return client.post(LOGIN, {"email": address, **fields}, follow=True)


def enter(client: Client, code: str, **fields: str) -> Any:
    return client.post(CONFIRM, {"code": code, **fields}, follow=True)


def signed_in(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


# -- a code by mail -----------------------------------------------------------------------------------


def test_awa_asks_for_a_code_gets_it_by_mail_and_is_in(awa: Person, settings: Any) -> None:
    client = Client()
    page = ask(client, awa.email)
    assert page.request["PATH_INFO"] == CONFIRM
    assert f"If {awa.email} holds a seat, a code is on its way there." in text(page)
    (mail,) = mails(settings)
    assert mail["To"] == awa.email
    code = code_in(mail)
    assert code in mail["Subject"], "it can be read without opening the mail"
    page = enter(client, code)
    assert signed_in(client) == str(awa.pk)
    assert page.request["PATH_INFO"] == "/"


def test_capital_letters_and_blanks_in_an_address_make_no_difference(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, f" {awa.email.upper()} ")
    enter(client, f" {code_in(mails(settings)[0]).lower()} ")
    assert signed_in(client) == str(awa.pk)
    assert mails(settings)[0]["To"] == awa.email, "the mail goes where the seat is, not where it was asked for"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(awa: Person, settings: Any) -> None:
    known, unknown = ask(Client(), awa.email), ask(Client(), "nobody@twg.example")
    assert len(mails(settings)) == 1

    def bare(page: Any, address: str) -> str:
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text(page).replace(address, "…"))

    assert bare(known, awa.email) == bare(unknown, "nobody@twg.example")
    assert [r[1] for r in known.redirect_chain] == [r[1] for r in unknown.redirect_chain]


def test_a_guess_for_an_unknown_address_is_answered_like_a_wrong_code(awa: Person) -> None:
    known, unknown = Client(), Client()
    ask(known, awa.email)
    ask(unknown, "nobody@twg.example")
    first, second = enter(known, "AAAAAA"), enter(unknown, "AAAAAA")
    assert first.status_code == second.status_code
    assert first.context["verify_form"].errors == second.context["verify_form"].errors != {}


def test_after_three_wrong_codes_one_begins_again(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, awa.email)
    code = code_in(mails(settings)[0])
    for _guess in range(3):
        page = enter(client, "AAAAAA")
    assert page.request["PATH_INFO"].startswith("/accounts/login/")
    enter(client, code)
    assert not signed_in(client), "the right code came too late"


def test_a_code_is_valid_for_fifteen_minutes(awa: Person, settings: Any, time_machine_at: Any) -> None:
    client = Client()
    time_machine_at("2009-04-15 09:00:00Z")
    ask(client, awa.email)
    code = code_in(mails(settings)[0])
    time_machine_at("2009-04-15 09:15:01Z")
    enter(client, code)
    assert not signed_in(client)


def test_a_code_works_in_the_browser_that_asked_for_it_and_once(awa: Person, settings: Any) -> None:
    client, thief = Client(), Client()
    ask(client, awa.email)
    code = code_in(mails(settings)[0])
    enter(thief, code)
    ask(thief, awa.email)
    enter(thief, code)
    assert not signed_in(thief)
    enter(client, code)
    client.logout()
    enter(client, code)
    assert not signed_in(client)


def test_whoever_mistyped_the_address_begins_again(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, "awo@twg.example")
    page = client.get(LOGIN)
    assert "Give the e-mail address" in text(page)
    ask(client, awa.email)
    enter(client, code_in(mails(settings)[0]))
    assert signed_in(client) == str(awa.pk)


def test_a_new_code_ends_the_one_before(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, awa.email)
    ask(client, awa.email)
    first, second = (code_in(mail) for mail in mails(settings))
    enter(client, first)
    assert not signed_in(client)
    enter(client, second)
    assert signed_in(client) == str(awa.pk)


def test_somebody_kept_out_gets_no_code(awa: Person, settings: Any) -> None:
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    page = ask(Client(), awa.email)
    assert f"If {awa.email} holds a seat" in text(page)
    assert mails(settings) == []


def test_somebody_kept_out_meanwhile_does_not_come_in(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, awa.email)
    code = code_in(mails(settings)[0])
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    page = enter(client, code)
    assert not signed_in(client)
    assert "This account is closed" in text(page)


def test_somebody_kept_out_while_signed_in_is_out_at_once(awa: Person) -> None:
    client = Client()
    client.force_login(awa)
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_the_mail_is_in_the_language_of_whoever_gets_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = []
    original = sign_in_codes.letter

    def spy(*args: Any, **kwargs: Any) -> Any:
        spoken.append(translation.get_language())
        return original(*args, **kwargs)

    monkeypatch.setattr(sign_in_codes, "letter", spy)
    ask(Client(headers={"accept-language": "fr"}), f.person("Awa", language="pt").email)
    deliver()
    assert spoken == ["pt"]


def test_a_dead_mail_server_tells_nobody_which_addresses_are_known(awa: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 9
    assert ask(Client(), awa.email).status_code == ask(Client(), "nobody@twg.example").status_code == 200
    deliver()
    row = OutboxRow.objects.get(kind="code")
    assert (row.status, row.attempts) == ("waiting", 2)
    settings.EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"
    assert len(mails(settings)) == 1, "it is sent when the server is back"


def test_a_code_that_has_ended_is_not_sent_any_more(awa: Person, settings: Any, time_machine_at: Any) -> None:
    time_machine_at("2009-04-15 09:00:00Z")
    ask(Client(), awa.email)
    time_machine_at("2009-04-15 09:15:01Z")
    assert mails(settings) == []
    assert OutboxRow.objects.get(kind="code").last_error == "the code has ended"


def test_whoever_is_kept_out_before_the_mail_leaves_gets_no_code(awa: Person, settings: Any) -> None:
    ask(Client(), awa.email)
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    assert mails(settings) == []


def test_a_code_that_was_sent_is_kept_nowhere_in_the_outbox(awa: Person, settings: Any) -> None:
    ask(Client(), awa.email)
    code = code_in(mails(settings)[0])
    assert code not in str(list(OutboxRow.objects.values()))


def test_no_other_mail_of_the_library_leaves(awa: Person) -> None:
    with pytest.raises(ValueError, match="no such mail"):
        AccountAdapter().send_mail("account/email/password_reset_key", awa.email, {})


def test_one_comes_back_to_the_page_one_wanted(awa: Person, settings: Any) -> None:
    client = Client()
    page = client.get("/me/", follow=True)
    assert page.request["PATH_INFO"] == LOGIN
    assert 'name="next" value="/me/"' in text(page)
    ask(client, awa.email, next="/me/")
    page = enter(client, code_in(mails(settings)[0]), next="/me/")
    assert page.request["PATH_INFO"] == "/me/"


def test_nobody_is_sent_to_another_site(awa: Person, settings: Any) -> None:
    client = Client()
    ask(client, awa.email, next="https://elsewhere.example/")
    page = enter(client, code_in(mails(settings)[0]), next="https://elsewhere.example/")
    assert page.request["PATH_INFO"] == "/"


def test_the_fourth_code_within_a_minute_is_refused(awa: Person, settings: Any) -> None:
    answers = [ask(Client(), awa.email).status_code for _time in range(4)]
    assert answers == [200, 200, 200, 429]
    assert len(mails(settings)) == 3
    page = ask(Client(), awa.email)
    assert "Wait a few minutes, then try again." in text(page)


def test_one_machine_does_not_try_address_after_address(settings: Any) -> None:
    answers = [ask(Client(), f"guess{n}@twg.example").status_code for n in range(21)]
    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("address", ["", "awa", "a@b", "x" * 250 + "@twg.example"])
def test_what_is_no_address_is_refused_on_its_field(address: str) -> None:
    page = ask(Client(), address)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["email"]


def test_signing_out_needs_a_button_and_leads_home(awa: Person) -> None:
    client = Client()
    client.force_login(awa)
    assert "Do you want to sign out" in text(client.get("/accounts/logout/"))
    assert signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not signed_in(client)


@pytest.mark.parametrize("name", [
    "account_signup", "account_change_password", "account_set_password", "account_reset_password", "account_email",
    "socialaccount_signup", "socialaccount_connections",
])  # fmt: skip
def test_there_is_no_page_for_passwords_sign_up_or_addresses(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


# -- a second step ------------------------------------------------------------------------------------


# The page after setting up leans on what is noted at commit.
for_real = pytest.mark.django_db(transaction=True)


def digits(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Turn the second step on as a person would; returns the key and the recovery codes."""
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert secret in text(page)
    assert 'src="data:image/svg+xml;base64,' in text(page)
    answer = client.post("/accounts/2fa/totp/activate/", {"code": digits(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    page = client.get(answer["Location"])
    assert page.status_code == 200, "no second code is asked for"
    return secret, list(page.context["unused_codes"])


def as_awa(awa: Person, settings: Any) -> Client:
    client = Client()
    ask(client, awa.email)
    enter(client, code_in(mails(settings)[-1]))
    return client


@for_real
def test_awa_turns_the_second_step_on_and_is_asked_for_it(awa: Person, settings: Any) -> None:
    client = as_awa(awa, settings)
    assert "Set it up" in text(client.get("/accounts/2fa/"))
    _secret, codes = set_up(client)
    assert len(codes) == 10
    assert "An authenticator app is set up" in text(client.get("/accounts/2fa/"))
    later = Client()
    ask(later, awa.email)
    page = enter(later, code_in(mails(settings)[-1]))
    assert page.request["PATH_INFO"] == "/accounts/2fa/authenticate/"
    assert not signed_in(later)
    later.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(later)
    assert later.get(LOGIN)["Location"] == "/accounts/2fa/authenticate/"
    later.post("/accounts/2fa/authenticate/", {"code": codes[0]}, follow=True)
    assert signed_in(later) == str(awa.pk)


@for_real
def test_a_recovery_code_works_once(awa: Person, settings: Any) -> None:
    codes = set_up(as_awa(awa, settings))[1]
    for expected in (str(awa.pk), ""):
        later = Client()
        ask(later, awa.email)
        enter(later, code_in(mails(settings)[-1]))
        later.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(later) == expected


@for_real
def test_an_invitation_does_not_go_around_the_second_step(awa: Person, settings: Any) -> None:
    set_up(as_awa(awa, settings))
    awa.refresh_from_db()
    client = Client()
    url = invitations.link_for(awa, f.seat_of(awa).twg).removeprefix(settings.SITE_URL)
    assert client.post(url)["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


@for_real
def test_turning_it_off_or_seeing_the_codes_asks_who_one_is(awa: Person, settings: Any) -> None:
    codes = set_up(as_awa(awa, settings))[1]
    client = Client()
    client.force_login(awa)
    for url in (
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
    ):
        page = client.get(url, follow=True)
        assert page.request["PATH_INFO"] == "/accounts/2fa/reauthenticate/", url
        assert codes[1] not in text(page)
    page = client.post(
        "/accounts/2fa/reauthenticate/", {"code": codes[0], "next": "/accounts/2fa/recovery-codes/"}, follow=True
    )
    assert codes[1] in text(page)
    download = client.get("/accounts/2fa/recovery-codes/download/")
    assert download.content.decode().split() == codes[1:]
    assert "The codes that you have now stop working." in text(client.get("/accounts/2fa/recovery-codes/generate/"))
    client.post("/accounts/2fa/recovery-codes/generate/")
    fresh = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert not set(fresh) & set(codes)
    assert "whoever reads your mail" in text(client.get("/accounts/2fa/totp/deactivate/"))
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert signed_in(as_awa(awa, settings)) == str(awa.pk)


@for_real
def test_whoever_has_lost_phone_and_codes_is_let_in_again_from_the_machine(awa: Person, settings: Any) -> None:
    set_up(as_awa(awa, settings))
    call_command("administrator", awa.email, "--forget-second-step")
    assert signed_in(as_awa(awa, settings)) == str(awa.pk)
    last = events_of(awa).last()
    assert last is not None
    assert last.note == "The second step of signing in was turned off."
    awa.refresh_from_db()
    assert not awa.is_administrator
    call_command("administrator", awa.email, "--forget-second-step")
    assert events_of(awa).last() == last, "there was nothing left to forget"
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("administrator", "x@twg.example", "--forget-second-step")


# -- the first administrator --------------------------------------------------------------------------


def test_the_first_administrator_is_made_at_the_machine_and_signs_in_by_code(settings: Any) -> None:
    call_command("administrator", "Ama@Ministry.example", "--name", "Ama")
    ama = Person.objects.get()
    assert (ama.email, ama.name, ama.is_administrator) == ("ama@ministry.example", "Ama", True)
    assert signed_in(as_awa(ama, settings)) == str(ama.pk)


def test_somebody_who_is_there_already_becomes_one_and_it_is_in_their_history(awa: Person) -> None:
    call_command("administrator", awa.email)
    awa.refresh_from_db()
    assert (awa.name, awa.is_administrator) == ("Awa", True)
    count = events_of(awa).count()
    call_command("administrator", awa.email)
    assert events_of(awa).count() == count, "once is enough"


def test_what_is_no_address_makes_no_administrator() -> None:
    with pytest.raises(CommandError, match="valid email"):
        call_command("administrator", "ama")
    assert not Person.objects.exists()


# -- a ministry's own log-in --------------------------------------------------------------------------


class Ministry(BaseHTTPRequestHandler):
    """A provider of OpenID Connect that vouches for whomever the test names."""

    vouched: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        about = {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
        }
        self._answer(self.vouched if self.path == "/userinfo" else about)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"access_token": "x", "token_type": "Bearer"})

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Not a word."""


@pytest.fixture
def ministry(settings: Any) -> Iterator[type[Ministry]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ministry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {
        "provider_id": "ministry",
        "name": "Ministry of Interior",
        "client_id": "palabre",
        "secret": "x",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_address[1]}"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    yield Ministry
    server.shutdown()
    server.server_close()


def through(client: Client, ministry: type[Ministry], query: str = "", **vouched: Any) -> Any:
    """Press the button, log in at the ministry, come back."""
    ministry.vouched = {"sub": "77", **vouched}
    away = client.get(f"/accounts/oidc/ministry/login/{query}")
    assert away.status_code == 302, away.content
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = {"code": "c", "state": asked["state"][0]}
    return client.get("/accounts/oidc/ministry/login/callback/", back, follow=True)


def test_a_ministrys_log_in_opens_the_seat_of_its_verified_address(awa: Person, ministry: type[Ministry]) -> None:
    assert "Sign in with Ministry of Interior" in text(Client().get(LOGIN))
    for _time in ("the first time", "and again"):
        client = Client()
        through(client, ministry, email=awa.email.upper(), email_verified=True)
        assert signed_in(client) == str(awa.pk)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("vouched", [
    {"email": "AWA", "email_verified": False}, {"email": "AWA"}, {}, {"email": "x@twg.example", "email_verified": True},
])  # fmt: skip
def test_it_opens_nothing_for_an_address_that_is_not_verified_or_has_no_seat(
    awa: Person, ministry: type[Ministry], vouched: dict[str, Any]
) -> None:
    client = Client()
    if vouched.get("email") == "AWA":
        vouched = {**vouched, "email": awa.email}
    page = through(client, ministry, **vouched)
    assert "No seat for this address" in text(page)
    assert not signed_in(client)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_it_opens_nothing_for_somebody_kept_out(awa: Person, ministry: type[Ministry]) -> None:
    Person.objects.filter(pk=awa.pk).update(is_active=False)
    client = Client()
    page = through(client, ministry, email=awa.email, email_verified=True)
    assert "This account is closed" in text(page)
    assert not signed_in(client)


def test_nobody_ties_a_strangers_log_in_to_whoever_is_signed_in(awa: Person, ministry: type[Ministry]) -> None:
    client = Client()
    client.force_login(awa)
    page = through(client, ministry, "?process=connect", email="stranger@ministry.example", email_verified=True)
    assert page.status_code == 401
    assert "That did not work" in text(page)
    assert not SocialAccount.objects.exists()


@for_real
def test_a_ministrys_log_in_does_not_go_around_the_second_step(
    awa: Person, ministry: type[Ministry], settings: Any
) -> None:
    set_up(as_awa(awa, settings))
    client = Client()
    page = through(client, ministry, email=awa.email, email_verified=True)
    assert page.request["PATH_INFO"] == "/accounts/2fa/authenticate/"
    assert not signed_in(client)


def test_whoever_turns_back_or_brings_a_forged_answer_is_told_so(ministry: type[Ministry]) -> None:
    client = Client()
    away = client.get("/accounts/oidc/ministry/login/")
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    callback = "/accounts/oidc/ministry/login/callback/"
    page = client.get(callback, {"error": "access_denied", "state": state}, follow=True)
    assert "You have turned back" in text(page)
    page = client.get(callback, {"code": "c", "state": "forged"}, follow=True)
    assert page.status_code == 401
    assert "That did not work" in text(page)


def test_without_a_ministry_there_is_no_such_way_in() -> None:
    assert "Sign in with" not in text(Client().get(LOGIN))
    assert Client().get("/accounts/oidc/ministry/login/").status_code == 404
