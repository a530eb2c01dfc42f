"""The institution directory: who reads it, who keeps it, how one finds one's way in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.engine.history import events_of
from workflow.groups import codes
from workflow.groups.models import CategoryRule, Institution, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def client(ghana: Twg) -> Client:
    """Ghana's secretariat."""
    return browser(f.seat(ghana, "secretariat", "Kofi"))


def form(**fields: Any) -> dict[str, Any]:
    return {"names_en": "Immigration Service", "category": "law_enforcement", "country": "GH", **fields}


def names(answer: Any) -> list[str]:
    return [str(i) for i in answer.context["page_obj"]]


# -- reading ---------------------------------------------------------------------------------------------------


def test_institutions_are_found_by_country_category_and_words(client: Client) -> None:
    f.institution("Ministère de l'Intérieur", country="ML", acronym="MATCL")
    f.institution("Ghana Statistical Service", category="statistics")
    f.institution("IOM", category="international_agency", country="")
    assert names(client.get("/institutions/?country=ML")) == ["Ministère de l'Intérieur"]
    assert names(client.get("/institutions/?country=int")) == ["IOM"]
    assert names(client.get("/institutions/?category=statistics")) == ["Ghana Statistical Service"]
    assert names(client.get("/institutions/?q=INTERIEUR+ministere")) == ["Ministère de l'Intérieur"]
    assert names(client.get("/institutions/?q=matcl&country=ML")) == ["Ministère de l'Intérieur"]
    assert names(client.get("/institutions/?q=nowhere")) == []


@pytest.mark.parametrize("query", ["country=XX", "category=ministries", "page=99", "page=x", "q=" + "x" * 101])
def test_a_filter_that_makes_no_sense_is_no_filter(client: Client, query: str) -> None:
    f.institution("IOM", country="")
    answer = client.get(f"/institutions/?{query}")
    assert answer.status_code == 200
    assert names(answer) == ["IOM"]


def test_a_filter_that_finds_nothing_says_what_to_do(client: Client) -> None:
    assert "No institution found" in client.get("/institutions/?q=nowhere").content.decode()
    assert "The directory is empty" in client.get("/institutions/").content.decode()


def test_fifty_institutions_stand_on_a_page_and_the_pager_keeps_the_filter(client: Client) -> None:
    for n in range(51):
        f.institution(f"Ministry {n:02}", country="ML")
    first = client.get("/institutions/?country=ML")
    assert len(names(first)) == 50
    assert "51 institutions" in first.content.decode()
    assert "?country=ML&amp;page=2" in first.content.decode()
    assert len(names(client.get("/institutions/?country=ML&page=2"))) == 1


def test_without_a_seat_one_reads_nothing_not_even_which_countries_there_are(ghana: Twg) -> None:
    institution = f.institution("Ministry of Secrets", country="ML")
    seatless = browser(f.person())
    page = seatless.get("/institutions/").content.decode()
    assert "Ministry of Secrets" not in page
    assert "Mali" not in page
    for name in ("institution", "institution-edit"):
        assert seatless.get(reverse(name, args=[institution.code])).status_code == 404
    for extension in ("csv", "xlsx"):
        assert b"Secrets" not in seatless.get(f"/institutions/export.{extension}").content
    assert browser(None).get("/institutions/").status_code == 302
    assert browser(None).get("/institutions/export.csv").status_code == 302


def test_an_excluded_seat_opens_no_directory_and_an_administrators_account_does(ghana: Twg) -> None:
    f.adopt(ghana.terms.get())
    ngo = f.seat(ghana, "member", institution=f.institution(category="civil_society"))
    CategoryRule.objects.filter(category="civil_society").update(modality="excluded")
    assert names(browser(ngo).get("/institutions/")) == []
    assert len(names(browser(f.administrator()).get("/institutions/"))) == 1


def test_the_export_is_what_the_filter_shows(client: Client) -> None:
    f.institution("Ministère", country="ML")
    f.institution("IOM", category="international_agency", country="")
    answer = client.get("/institutions/export.csv?country=ML")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="palabre-institutions.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "code,name_en,name_fr,name_pt,acronym,category,country,website"
    assert ["Ministère" in line for line in lines[1:]] == [True]
    assert client.get("/institutions/export.pdf").status_code == 404


# -- one institution -------------------------------------------------------------------------------------------


def test_an_institutions_page_shows_its_seats_to_those_inside_and_people_to_members(ghana: Twg) -> None:
    interior = f.institution("Interior")
    f.seat(ghana, "member", "Ama Owusu", institution=interior)
    mali = f.twg("ML", names={"en": "TWG of Mali"})
    f.seat(mali, "member", "Moussa", institution=interior)
    url = reverse("institution", args=[interior.code])
    member = browser(f.seat(ghana, "member")).get(url).content.decode()
    assert "Ama Owusu" in member
    assert "Moussa" not in member
    assert "TWG of Mali" not in member
    observer = browser(f.seat(ghana, "observer")).get(url).content.decode()
    assert ghana.name in observer
    assert "Ama Owusu" not in observer


def test_what_an_institution_convenes_is_shown_to_those_inside(ghana: Twg) -> None:
    interior = f.institution("Interior")
    Twg.objects.filter(pk=ghana.pk).update(convener=interior)
    url = reverse("institution", args=[interior.code])
    assert "Convenes" in browser(f.seat(ghana, "member")).get(url).content.decode()
    assert "Convenes" not in browser(f.seat(f.twg("ML"), "member")).get(url).content.decode()


def test_an_institution_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/institutions/nothing/").status_code == 404
    assert client.get("/institutions/nothing/edit/").status_code == 404


# -- keeping ---------------------------------------------------------------------------------------------------


def test_a_secretariat_enters_an_institution_and_it_gets_a_code(client: Client) -> None:
    answer = client.post("/institutions/new/", form(names_fr="Service de l'immigration", acronym="GIS"))
    made = Institution.objects.get()
    assert answer["Location"] == f"/institutions/{made.code}/"
    assert made.code == "gh-immigration-service"
    assert made.names == {"en": "Immigration Service", "fr": "Service de l'immigration"}
    assert "Law enforcement" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(("fields", "field"), [
    ({"names_en": " "}, "names_en"),
    ({"names_fr": "x" * 301}, "names_fr"),
    ({"category": "ministries"}, "category"),
    ({"country": "XX"}, "country"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"acronym": "x" * 31}, "acronym"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_entered(
    client: Client, fields: dict[str, str], field: str
) -> None:
    answer = client.post("/institutions/new/", form(**fields))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Institution.objects.exists()


def test_an_institution_keeps_its_code_when_its_name_changes(client: Client) -> None:
    interior = f.institution("Interior", acronym="MI")
    url = reverse("institution-edit", args=[interior.code])
    assert 'value="MI"' in client.get(url).content.decode()
    answer = client.post(url, form(names_en="Home Affairs", version=interior.version, website="home.example"))
    assert answer["Location"] == reverse("institution", args=[interior.code])
    interior.refresh_from_db()
    assert (interior.name, interior.acronym, interior.website) == ("Home Affairs", "", "https://home.example")
    assert events_of(interior).last().data["changed"]["names"][1] == {"en": "Home Affairs"}


def test_two_who_edit_at_once_and_the_second_keeps_what_they_typed(client: Client) -> None:
    interior = f.institution("Interior")
    url = reverse("institution-edit", args=[interior.code])
    client.post(url, form(names_en="First", version=interior.version))
    answer = client.post(url, form(names_en="Second", category="research", version=interior.version))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Second" in page
    assert "Research institute" in page, "a choice is given back in words"
    interior.refresh_from_db()
    assert interior.name == "First"
    assert client.post(url, form(names_en="Third")).status_code == 400, "a form without its version is none of ours"


def test_a_member_reads_the_directory_and_changes_nothing(ghana: Twg) -> None:
    interior, member = f.institution("Interior"), browser(f.seat(ghana, "member"))
    edit = reverse("institution-edit", args=[interior.code])
    pages = member.get("/institutions/").content.decode() + member.get(edit[:-5]).content.decode()
    assert "/institutions/new/" not in pages
    assert edit not in pages
    for url in ("/institutions/new/", edit):
        assert member.get(url).status_code == 403
        assert member.post(url, form()).status_code == 403


def test_another_countrys_institution_is_read_and_seated_and_not_changed(client: Client) -> None:
    theirs = f.institution("Ministère de l'Intérieur", country="ML")
    edit = reverse("institution-edit", args=[theirs.code])
    page = client.get(reverse("institution", args=[theirs.code]))
    assert page.status_code == 200
    assert edit not in page.text
    assert client.get(edit).status_code == 403
    stale = client.post(edit, form(names_en="Ours", version=theirs.version))
    assert stale.status_code == 403
    assert "This is for the secretariat of Mali, IOM or an administrator." in stale.text
    theirs.refresh_from_db()
    assert (theirs.name, theirs.version) == ("Ministère de l'Intérieur", 1)
    keeper = browser(f.seat(f.twg("ML"), "secretariat"))
    assert edit in keeper.get(reverse("institution", args=[theirs.code])).text
    assert keeper.post(edit, form(names_fr="Intérieur", country="ML", version=theirs.version)).status_code == 302


@pytest.mark.parametrize(("name", "code"), [
    ("Côte d'Ivoire: l'Office", "gh-cote-divoire-loffice"), ("!!!", "gh"), ("x" * 200, "gh-" + "x" * 73),
])  # fmt: skip
def test_codes_are_made_of_names(name: str, code: str) -> None:
    assert codes.free(Institution, {"fr": name}, prefix="GH") == code


def test_a_code_that_is_taken_gets_a_number_and_no_code_is_an_address_of_a_page(ghana: Twg) -> None:
    for n in (1, 2, 3):
        made = codes.free(Institution, {"en": "Interior"})
        assert made == ("interior" if n == 1 else f"interior-{n}")
        Institution.objects.create(code=made, names={"en": "Interior"}, category="government")
    assert codes.free(Institution, {"en": "New"}) == "new-2"
    assert codes.free(Institution, {"en": "Import"}) == "import-2"
    assert codes.free(Twg, {"en": "New"}) == "new-2"
    assert codes.free(Institution, {"en": "中"}) == "x"


# -- cost ------------------------------------------------------------------------------------------------------


def test_the_directory_asks_as_much_for_fifty_as_for_one(ghana: Twg, client: Client) -> None:
    interior = f.institution("Interior")
    url = reverse("institution", args=[interior.code])
    f.seat(ghana, "member", institution=interior)
    one, page = questions(client, "/institutions/"), questions(client, url)
    for n in range(49):
        f.institution(f"Ministry {n}", country="GH ML NE".split()[n % 3])
        f.seat(ghana, "member", institution=interior)
    assert questions(client, "/institutions/") == one <= 5
    # Its panels ask three: what it was asked for, what it does, what it answers for.
    assert questions(client, url) == page <= 5 + 3
