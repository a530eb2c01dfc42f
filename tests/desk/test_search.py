"""Search over all that the reader may see, in every language, without minding accents."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import factories as f
from workflow.desk.selectors import MOST_IN_A_GROUP, MOST_WORDS, search
from workflow.groups.models import Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ivory_coast() -> Twg:
    names = {"en": "Working group on migration", "fr": "Groupe de travail sur la migration"}
    return f.twg("CI", of=f.project("Profils"), names=names)


def found(question: str, person: Any) -> dict[str, list[str]]:
    return {str(group.label): [result.title for result in group.results] for group in search(question, person)}


def page(person: Person | None, **query: str) -> Any:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client.get(reverse("search"), query)


def test_accents_and_capitals_make_no_difference(ivory_coast: Twg) -> None:
    f.institution("Ministère de l'Intérieur", country="CI")
    member = f.seat(ivory_coast, "member", "Aïssata Koné")
    assert found("MINISTERE interieur", member) == {"Institutions": ["Ministère de l'Intérieur"]}
    assert found("aissata kone", member) == {"People": ["Aïssata Koné"]}


def test_a_name_is_found_in_a_language_other_than_the_readers(ivory_coast: Twg) -> None:
    assert found("groupe travail", f.seat(ivory_coast, "member"))["TWGs"] == ["Working group on migration"]


def test_a_country_is_found_by_its_name_in_the_readers_language(ivory_coast: Twg) -> None:
    member = f.seat(ivory_coast, "member")
    mali = f.twg("MR", names={"en": "Group of Mauritania"})
    keeper = f.seat(mali, "member")
    assert "TWGs" in found("cote d'ivoire", member)
    with translation.override("fr"):
        assert "GTT" in found("mauritanie", keeper)
    assert "TWGs" not in found("mauritanie", keeper)


def test_every_word_must_be_there(ivory_coast: Twg) -> None:
    member = f.seat(ivory_coast, "member")
    assert found("migration cheese", member) == {}


def test_an_acronym_a_label_and_a_project_are_found(ivory_coast: Twg) -> None:
    f.institution("National statistics office", acronym="ONStat", country="CI")
    edition = f.edition(ivory_coast, label="2009bis")
    monitor = f.monitor(ivory_coast.project)  # type: ignore[arg-type]
    assert found("onstat", monitor) == {"Institutions": ["National statistics office"]}
    assert found("2009bis", monitor) == {"Editions": [str(edition)]}
    assert found("profils", monitor)["Projects"] == ["Profils"]


def test_nobody_finds_what_they_may_not_see(ivory_coast: Twg) -> None:
    f.institution("Hidden ministry", country="CI")
    f.seat(ivory_coast, "member", "Hidden colleague")
    f.edition(f.profile(ivory_coast, names={"en": "Hidden profile"}), stage="comment")
    assert found("hidden", AnonymousUser()) == {}
    assert found("hidden", f.person()) == {}
    assert set(found("hidden", f.seat(f.twg("ML"), "member"))) == {"Institutions"}
    assert set(found("hidden", f.seat(ivory_coast, "secretariat"))) == {
        "Institutions",
        "People",
        "Profiles",
        "Editions",
    }


def test_the_public_finds_what_is_published(ivory_coast: Twg) -> None:
    edition = f.edition(f.profile(ivory_coast, names={"en": "Profile of 2009"}), stage="published")
    assert found("profile", AnonymousUser()) == {"Profiles": ["Profile of 2009"], "Editions": [str(edition)]}
    assert reverse("edition", args=[edition.pk]) in page(None, q="profile").content.decode()


def test_a_long_list_is_cut_and_says_how_much_is_left(ivory_coast: Twg) -> None:
    for number in range(MOST_IN_A_GROUP + 3):
        f.institution(f"Office number {number}")
    text = page(f.seat(ivory_coast, "member"), q="office number").content.decode()
    assert text.count("Office number") == MOST_IN_A_GROUP
    assert "and 3 more" in text


def test_numbers_of_the_database_are_no_names(ivory_coast: Twg) -> None:
    edition = f.edition(f.profile(ivory_coast, names={"en": "The profile"}), label="first")
    member = f.seat(ivory_coast, "member")
    assert found("first", member) == {"Editions": [str(edition)]}
    assert "Editions" not in found(str(edition.pk), member)


@pytest.mark.parametrize("question", ["", "   ", "´", "%00"])
def test_an_empty_question_gets_help_or_nothing(ivory_coast: Twg, question: str) -> None:
    response = page(f.seat(ivory_coast, "member"), q=question)
    assert response.status_code == 200
    assert "What are you looking for?" in response.content.decode() or "Nothing found" in response.content.decode()


def test_a_page_pasted_as_a_question_is_cut(ivory_coast: Twg) -> None:
    response = page(f.seat(ivory_coast, "member"), q="Z" * 2_000)
    assert response.headers["Location"] == f"{reverse('search')}?q={'Z' * MOST_WORDS}"


def test_a_question_is_shown_as_text(ivory_coast: Twg) -> None:
    text = page(f.seat(ivory_coast, "member"), q="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text
