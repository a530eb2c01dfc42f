"""On the pages of a TWG: its parent institution (S45), linked bodies (S20, S24), facts, and what a stale page gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.groups.models import Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def client(ghana: Twg) -> Client:
    return browser(f.seat(ghana, "secretariat", "Ghana's secretariat"))


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, twg: Twg, name: str, **fields: Any) -> Any:
    twg.refresh_from_db()
    return client.post(reverse(name, args=[twg.code]), {"version": twg.version, **fields})


def about(client: Client, twg: Twg) -> str:
    page = client.get(reverse("twg", args=[twg.code])).content.decode()
    return page[page.index('id="about"') : page.index("Time there")]


def test_a_probable_parent_becomes_a_decided_one_and_what_held_before_stays(client: Client, ghana: Twg) -> None:
    presidency, interior, bureau = (f.institution(n) for n in ("Presidency", "Interior", "Migration Bureau"))
    send(client, ghana, "twg-parent", status="decided", institution=presidency.pk, since="2008-11")
    send(client, ghana, "twg-parent", status="probable", institution=interior.pk, under=bureau.pk, source="S45")
    page = about(client, ghana)
    assert "Before that" not in page
    assert "Presidency" in page
    assert "under Migration Bureau" in page
    assert "Probable" in page
    assert "S45" in page

    answer = send(client, ghana, "twg-parent", status="decided", institution=interior.pk, since="2010-02")
    assert (answer.status_code, answer["Location"]) == (302, reverse("twg", args=[ghana.code]))
    now, before = about(client, ghana).split("Before that")
    assert "Interior" in now
    assert "Presidency" not in now
    assert "Presidency" in before
    assert "February 2010" in before


def test_a_parent_left_open_is_shown_as_open(client: Client, ghana: Twg) -> None:
    assert send(client, ghana, "twg-parent", status="open").status_code == 302
    assert "Open" in about(client, ghana)


@pytest.mark.parametrize(("field", "value"), [("institution", ""), ("since", "soon"), ("status", "maybe")])
def test_a_parent_that_makes_no_sense_is_refused_on_its_field(
    client: Client, ghana: Twg, field: str, value: str
) -> None:
    sent = {"status": "decided", "institution": f.institution().pk, "note": "Kept words", field: value}
    answer = send(client, ghana, "twg-parent", **sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Kept words" in answer.content.decode()
    assert not ghana.parents.exists()


def test_only_institutions_of_the_country_and_international_ones_are_offered(client: Client, ghana: Twg) -> None:
    here, agency, abroad = f.institution(), f.institution("ILO", country=""), f.institution(country="ML")
    form = client.get(reverse("twg-parent", args=[ghana.code])).context["form"]
    assert set(form.fields["institution"].queryset) == {here, agency}
    assert send(client, ghana, "twg-parent", status="decided", institution=abroad.pk).status_code == 422


def test_a_committee_is_linked_with_its_mandate(client: Client, ghana: Twg) -> None:
    answer = send(
        client, ghana, "twg-link", kind="committee", names_en="Civil-society committee", mandates_en="Brings NGOs in"
    )
    assert answer.status_code == 302
    body = ghana.linked_bodies.get()
    assert (body.kind, body.place) == ("committee", "Ghana")
    page = client.get(reverse("twg", args=[ghana.code])).content.decode()
    assert reverse("twg", args=[body.code]) in page
    assert "Brings NGOs in" in page
    inner = client.get(reverse("twg", args=[body.code])).content.decode()
    assert reverse("twg", args=[ghana.code]) in inner


def test_two_expert_groups_have_mandates_of_their_own(client: Client, ghana: Twg) -> None:
    for name in ("Strategy", "Action plan"):
        send(client, ghana, "twg-link", kind="expert_group", names_en=name, mandates_en=f"Drafts the {name}")
    assert {b.mandate for b in ghana.linked_bodies.all()} == {"Drafts the Strategy", "Drafts the Action plan"}


def test_a_body_needs_a_name_in_some_language(client: Client, ghana: Twg) -> None:
    answer = send(client, ghana, "twg-link", kind="committee", mandates_fr="Un mandat")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["names_en"]
    assert "Un mandat" in answer.content.decode()
    assert send(client, ghana, "twg-link", kind="twg", names_en="Another TWG").status_code == 422
    assert not ghana.linked_bodies.exists()


def test_a_fact_is_shown_with_its_topic_date_confidence_and_source(client: Client, ghana: Twg) -> None:
    answer = send(
        client, ghana, "twg-fact", topic="data_plan", statements_en="A consultant will be hired.", when="2009-06",
        confidence="probable", source="S23",
    )  # fmt: skip
    assert answer.status_code == 302
    page = client.get(reverse("twg", args=[ghana.code])).content.decode()
    row = page[page.index("A consultant will be hired.") :].split("</tr>")[0]
    for told in ("Data plan", "June 2009", "Probable", "S23"):
        assert told in row


@pytest.mark.parametrize("missing", ["topic", "statements_en", "confidence"])
def test_a_fact_says_something_about_something(client: Client, ghana: Twg, missing: str) -> None:
    sent = {"topic": "data", "statements_en": "A statement.", "confidence": "stated", missing: ""}
    answer = send(client, ghana, "twg-fact", **sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]


def test_the_twg_itself_is_changed_on_its_page(client: Client, ghana: Twg) -> None:
    ministry = f.institution("Ministry of Interior")
    answer = send(
        client, ghana, "twg-edit", names_en="Ghana's TWG", names_fr="GTT du Ghana", time_zone="Africa/Accra",
        convener=ministry.pk, languages=["en", "fr"], cadence_from="2", cadence_to="3", mandates_en="Prepares it.",
    )  # fmt: skip
    assert answer.status_code == 302
    page = client.get(reverse("twg", args=[ghana.code])).content.decode()
    for told in ("Ghana&#x27;s TWG", "Ministry of Interior", "English, French", "every 2 to 3 months", "Prepares it."):
        assert told in page


CHANGES: list[tuple[str, dict[str, str]]] = [
    ("twg-edit", {"names_en": "My careful name", "time_zone": "Africa/Accra"}),
    ("twg-link", {"kind": "committee", "names_en": "My careful name"}),
    ("twg-fact", {"topic": "My careful name", "statements_en": "x", "confidence": "stated"}),
    ("twg-parent", {"status": "open", "note": "My careful name"}),
]


@pytest.mark.parametrize(("name", "fields"), CHANGES)
def test_a_stale_form_says_who_was_faster_and_gives_back_what_was_typed(
    client: Client, ghana: Twg, name: str, fields: dict[str, str]
) -> None:
    stale = {"version": ghana.version, **fields}
    faster = browser(f.seat(ghana, "chair", "Ghana's chair"))
    send(faster, ghana, "twg-fact", topic="data", statements_en="A statement.", confidence="stated")
    answer = client.post(reverse(name, args=[ghana.code]), stale)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My careful name" in page
    ghana.refresh_from_db()
    assert "My careful name" not in (ghana.name, *ghana.linked_bodies.values_list("code", flat=True))


@pytest.mark.parametrize(("name", "fields"), CHANGES)
def test_a_form_without_a_version_is_no_form_of_ours(
    client: Client, ghana: Twg, name: str, fields: dict[str, str]
) -> None:
    assert client.post(reverse(name, args=[ghana.code]), fields).status_code == 400


@pytest.mark.parametrize(("name", "fields"), CHANGES)
@pytest.mark.parametrize(("who", "status"), [
    ("member", 403), ("observer", 403), ("consultant", 403), ("administrator", 403), ("Mali", 404), ("nobody", 404),
])  # fmt: skip
def test_changing_is_for_those_who_run_the_twg(
    ghana: Twg, name: str, fields: dict[str, str], who: str, status: int
) -> None:
    mali = f.twg("ML")
    person = {
        "administrator": lambda: f.administrator(),
        "Mali": lambda: f.seat(mali, "secretariat"),
        "nobody": lambda: f.person(),
    }.get(who, lambda: f.seat(ghana, who))()
    url, client = reverse(name, args=[ghana.code]), browser(person)
    assert client.get(url).status_code == status
    ghana.refresh_from_db()
    assert client.post(url, {"version": ghana.version, **fields}).status_code == status
    if status == 403 and who != "administrator":
        assert url not in client.get(reverse("twg", args=[ghana.code])).content.decode()
