"""The demonstration's own pages: everybody's way in, and the mail box. Without PALABRE_DEMO they don't exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import NoReverseMatch, include, path, reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from config.urls import urlpatterns as without_demo
from tests import factories as f
from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.groups import demo, invitations
from workflow.groups.models import Person, Twg

urlpatterns = [*without_demo, path("demo/", include("workflow.groups.demo_urls"))]
handler429 = "workflow.engine.refusals.too_many"

pytestmark = pytest.mark.django_db
in_demo = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _demo(request: pytest.FixtureRequest, settings: Any) -> None:
    if request.node.get_closest_marker("urls"):
        settings.DEMO = True
        settings.EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"


@pytest.fixture
def ghana() -> Twg:
    project = f.project()
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    f.seat(ghana, "secretariat", "Kofi")
    f.seat(ghana, "chair", "Ama")
    f.seat(ghana, "consultant", "Yaw")
    f.seat(ghana, "member", "Esi", institution=f.institution())
    f.seat(ghana, "observer", "Adwoa", institution=f.institution(category="civil_society"))
    f.seat(mali, "secretariat", "Awa")
    f.seat(f.regional_twg(project), "secretariat", "Bintou")
    f.monitor(project, "Ines")
    f.administrator("Root")
    return ghana


EVERYBODY = ["Kofi", "Ama", "Yaw", "Esi", "Adwoa", "Awa", "Bintou", "Ines", "Root"]


def signed_in(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def link(person: Person) -> str:
    return demo.link_for(person).removeprefix(now.SITE_URL)


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


@pytest.mark.parametrize("url", ["/demo/mail/", "/demo/enter/x/", "/demo/as/"])
def test_where_people_really_vote_there_is_no_such_page(url: str, ghana: Twg) -> None:
    assert Client().get(url).status_code == 404
    assert Client().post(url).status_code == 404


def test_where_people_really_vote_the_sign_in_page_offers_nobody(ghana: Twg) -> None:
    page = text(Client().get("/accounts/login/"))
    assert "demonstration" not in page
    with pytest.raises(NoReverseMatch):
        reverse("mailbox")


@in_demo
def test_the_sign_in_page_offers_one_person_of_each_kind(ghana: Twg) -> None:
    assert [person.name for _label, person in demo.people()] == EVERYBODY
    page = text(Client().get("/accounts/login/"))
    for label, _person in demo.people():
        assert f"{escape(label)}</button>" in page


@in_demo
def test_an_empty_database_offers_nobody_and_the_page_stands() -> None:
    assert demo.people() == []
    assert Client().get("/accounts/login/").status_code == 200


@in_demo
def test_one_button_makes_a_visitor_the_secretariat_and_another_the_chair(ghana: Twg) -> None:
    client = Client()
    for _label, person in demo.people():
        assert client.post("/demo/as/", {"person": person.pk})["Location"] == "/"
        assert signed_in(client) == str(person.pk)
        assert client.get("/").status_code == 200


@in_demo
@pytest.mark.parametrize("wanted", ["", "x", "0", "999999"])
def test_nobody_comes_in_as_somebody_who_is_not_offered(ghana: Twg, wanted: str) -> None:
    assert Client().post("/demo/as/", {"person": wanted}).status_code == 404


@in_demo
def test_whoever_is_not_offered_is_not_let_in(ghana: Twg) -> None:
    second = f.seat(ghana, "member", institution=f.institution())
    client = Client()
    assert client.post("/demo/as/", {"person": second.pk}).status_code == 404
    assert signed_in(client) == ""


@in_demo
def test_the_button_needs_its_token_against_forgery(ghana: Twg) -> None:
    pk = demo.people()[0][1].pk
    assert Client(enforce_csrf_checks=True).post("/demo/as/", {"person": pk}).status_code == 403
    assert Client().get("/demo/as/").status_code == 405


@in_demo
def test_a_link_from_the_terminal_lets_in_once(ghana: Twg) -> None:
    kofi = Person.objects.get(name="Kofi")
    url, client = link(kofi), Client()
    assert client.get(url)["Location"] == "/"
    assert signed_in(client) == str(kofi.pk)
    late = Client()
    page = late.get(url)
    assert page.status_code == 410
    assert "works once" in text(page)
    assert signed_in(late) == ""


@in_demo
def test_a_new_start_prints_a_link_that_works_again(ghana: Twg) -> None:
    kofi = Person.objects.get(name="Kofi")
    Client().get(link(kofi))
    kofi.refresh_from_db()
    assert Client().get(link(kofi)).status_code == 302


@in_demo
@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsIiJd:1abcde:AAAA", "é"])
def test_a_forged_link_lets_nobody_in(ghana: Twg, token: str) -> None:
    assert Client().get(f"/demo/enter/{token}/").status_code == 410


@in_demo
def test_an_invitations_token_is_no_way_in_here(ghana: Twg) -> None:
    kofi = Person.objects.get(name="Kofi")
    token = invitations.link_for(kofi, ghana).rstrip("/").rpartition("/")[2]
    assert Client().get(f"/demo/enter/{token}/").status_code == 410


@in_demo
def test_somebody_kept_out_has_no_link_either(ghana: Twg) -> None:
    kofi = Person.objects.get(name="Kofi")
    url = link(kofi)
    Person.objects.filter(pk=kofi.pk).update(is_active=False)
    assert Client().get(url).status_code == 410


# -- the mail box -------------------------------------------------------------------------------------


def send(subject: str, body: str, to: str = "awa@twg.example") -> None:
    backend = get_connection("workflow.engine.mailbox.FileMailbox")
    EmailMessage(subject, body, to=[to], connection=backend).send()


@in_demo
def test_an_empty_mail_box_says_how_mail_comes_into_it() -> None:
    assert "No mail yet" in text(Client().get("/demo/mail/"))


@in_demo
def test_a_code_is_found_in_the_mail_box(ghana: Twg) -> None:
    kofi = Person.objects.get(name="Kofi")
    client = Client()
    client.post("/accounts/login/", {"email": kofi.email})
    outbox.deliver.call(OutboxRow.objects.get(kind="code").pk)
    (mail,) = client.get("/demo/mail/").context["mails"]
    assert mail.to == kofi.email
    client.post("/accounts/login/code/confirm/", {"code": mail.subject.split()[-1]})
    assert signed_in(client) == str(kofi.pk)


@in_demo
def test_the_newest_mail_is_first_and_every_word_is_readable() -> None:
    send("Réunion du GTT — première", "Où ? À Lomé, c'est décidé.")
    send("Second", "http://127.0.0.1:8000/accounts/invitations/abc:def/ opens it")
    page = Client().get("/demo/mail/")
    assert [mail.subject for mail in page.context["mails"]] == ["Second", "Réunion du GTT — première"]
    assert "Où ? À Lomé, c&#x27;est décidé." in text(page)
    assert '<a href="http://127.0.0.1:8000/accounts/invitations/abc:def/"' in text(page)
    assert "no-store" in page["Cache-Control"]


@in_demo
def test_a_mail_brings_no_script_into_the_page() -> None:
    send("<script>alert(1)</script>", "<img src=x onerror=alert(1)> javascript:alert(1)")
    page = text(Client().get("/demo/mail/"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


@in_demo
@pytest.mark.parametrize(("content", "subject", "said"), [
    (b"", "", ""),
    (b"Subject: =?nonsense?B?!!?=\n\nwords", "=?nonsense?B?!!?=", "words"),
    (b"Subject: =?x-unknown?Q?a?=\n\n", "=?x-unknown?Q?a?=", ""),
    (b"Subject: a\nContent-Type: text/plain; charset=x-unknown\n\nwords\xff", "a", "words\ufffd"),
    (b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>a</b>\n--x--", "", ""),
    (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x--", "", "first"),
    (b"Content-Transfer-Encoding: base64\n\n!!!", "", ""),
])  # fmt: skip
def test_a_file_that_is_no_good_mail_does_not_close_the_mail_box(
    settings: Any, content: bytes, subject: str, said: str
) -> None:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir()
    (folder / "x.eml").write_bytes(content)
    (mail,) = Client().get("/demo/mail/").context["mails"]
    assert (mail.subject, mail.text) == (subject, said)


@in_demo
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda t: f"Subject: {t}\n\n{t}".encode()))
@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_lies_there_is_shown(settings: Any, content: bytes) -> None:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(exist_ok=True)
    (folder / "x.eml").write_bytes(content)
    assert Client().get("/demo/mail/").status_code == 200
