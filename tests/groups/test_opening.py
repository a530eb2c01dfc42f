"""Opening a TWG on its page: a country and a preset are enough (S48), and nothing of it is code."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.groups import selectors_places
from workflow.groups.models import Person, Region, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat() -> Person:
    return f.seat(f.twg("GH"), "secretariat", "Ghana's secretariat")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def open_twg(person: Person, **fields: Any) -> Any:
    return browser(person).post(reverse("twg-new"), {"preset": "usual", **fields})


def test_a_country_and_a_preset_are_enough(secretariat: Person) -> None:
    answer = open_twg(secretariat, country="TG")
    assert (answer.status_code, answer["Location"]) == (302, "/twgs/togo/")
    togo = Twg.objects.get(code="togo")
    assert togo.names == {"fr": "Groupe technique de travail sur la migration, Togo"}
    assert (togo.time_zone, togo.languages) == ("Africa/Lome", ["fr"])
    assert togo.terms.get().state == "draft"
    assert [(m.person, m.role) for m in togo.memberships.all()] == [(secretariat, "secretariat")]


def test_the_page_after_opening_says_what_to_do_first(secretariat: Person) -> None:
    open_twg(secretariat, country="TG")
    page = browser(secretariat).get("/twgs/togo/").content.decode()
    draft = Twg.objects.get(code="togo").terms.get()
    steps = page[page.index("What to do first") : page.index("About this group")]
    for url in ("/twgs/togo/seats/new/", f"/terms/{draft.pk}/", "/twgs/togo/profiles/new/"):
        assert url in steps


def test_what_is_filled_in_wins_over_what_the_country_suggests(secretariat: Person) -> None:
    open_twg(
        secretariat, country="TG", names_en="Migration group", time_zone="Africa/Accra", languages=["en", "fr"],
        cadence_from="1", cadence_to="6",
    )  # fmt: skip
    togo = Twg.objects.get(code="togo")
    assert (togo.names, togo.time_zone, togo.languages) == ({"en": "Migration group"}, "Africa/Accra", ["en", "fr"])
    assert (togo.cadence_from, togo.cadence_to) == (1, 6)


def test_a_second_twg_of_a_country_gets_an_address_of_its_own(secretariat: Person) -> None:
    assert open_twg(secretariat, country="CI")["Location"] == "/twgs/cote-divoire/"
    assert open_twg(secretariat, country="CI")["Location"] == "/twgs/cote-divoire-2/"


def test_the_address_is_the_same_whatever_the_openers_language(secretariat: Person) -> None:
    secretariat.language = "fr"
    secretariat.save()
    assert open_twg(secretariat, country="DE")["Location"] == "/twgs/germany/"


def test_a_region_names_the_zone_in_which_it_meets(secretariat: Person) -> None:
    region: Region = f.region("eccas", "CM,TD", acronym="ECCAS")
    answer = open_twg(secretariat, region=str(region.pk), preset="regional")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["time_zone"]
    answer = open_twg(secretariat, region=str(region.pk), preset="regional", time_zone="Africa/Libreville")
    assert answer["Location"] == "/twgs/eccas/"
    assert Twg.objects.get(code="eccas").names == {"en": "Technical Working Group on Migration, ECCAS"}


@pytest.mark.parametrize("place", [{}, {"country": "TG", "region": "yes"}])
def test_a_twg_is_of_one_country_or_of_one_region(secretariat: Person, place: dict[str, str]) -> None:
    region = f.region()
    answer = open_twg(secretariat, **{k: str(region.pk) if v == "yes" else v for k, v in place.items()})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["country"]
    assert Twg.objects.count() == 1


@pytest.mark.parametrize(("field", "value"), [
    ("preset", "whim"), ("preset", ""), ("time_zone", "Atlantis/Harbour"), ("cadence_to", "1"), ("cadence_from", "0"),
    ("languages", "tlh"), ("country", "QQ"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(secretariat: Person, field: str, value: str) -> None:
    sent = {"country": "TG", "names_fr": "Groupe du Togo", "cadence_from": "2", "cadence_to": "3", field: value}
    answer = open_twg(secretariat, **sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    page = answer.content.decode()
    assert "Groupe du Togo" in page
    assert f'href="#id_{field}' in page
    assert not Twg.objects.filter(country="TG").exists()


def test_a_country_that_has_its_twg_in_the_project_is_told_so_in_words() -> None:
    project = f.project()
    f.twg("TG", of=project)
    answer = open_twg(f.monitor(project), country="TG", project=str(project.pk))
    assert answer.status_code == 422
    assert "This country already has a TWG in this project." in answer.content.decode()


def test_countries_whose_twg_one_sees_are_marked_and_others_are_not(secretariat: Person) -> None:
    f.twg("ML")
    page = browser(secretariat).get(reverse("twg-new")).content.decode()
    assert '<option value="GH">Ghana (has a TWG)</option>' in page
    assert '<option value="ML">Mali</option>' in page


def test_only_projects_that_one_sees_are_offered_and_the_only_one_is_chosen() -> None:
    mine, other = f.project("Mine"), f.project("Secret project")
    form = browser(f.monitor(mine)).get(reverse("twg-new")).context["form"]
    assert form["project"].value() == mine.pk
    assert other not in form.fields["project"].queryset
    assert open_twg(f.monitor(mine), country="TG", project=str(other.pk)).status_code == 422


def test_a_link_with_a_country_fills_the_form_in(secretariat: Person) -> None:
    form = browser(secretariat).get(reverse("twg-new") + "?country=cm").context["form"]
    assert form.initial["names_en"] == "Technical Working Group on Migration, Cameroon"
    assert form.initial["time_zone"] == "Africa/Douala"
    assert form.initial["languages"] == ["en", "fr"]
    assert browser(secretariat).get(reverse("twg-new") + "?country=%00%27").status_code == 200


def test_every_countrys_suggestion_is_one_that_the_form_takes(secretariat: Person) -> None:
    zones = selectors_places._zones_by_country()
    assert {selectors_places.zone_of(c) for c in ("GH", "ML", "CV", "CD")} == {
        "Africa/Accra", "Africa/Bamako", "Atlantic/Cape_Verde", "Africa/Kinshasa",
    }  # fmt: skip
    assert len(zones) > 200
    assert selectors_places.zone_of("QQ") == "UTC"


@pytest.mark.parametrize("role", ["member", "observer", "consultant", "chair"])
def test_opening_is_for_those_who_keep_a_twg_somewhere(role: str) -> None:
    somebody = f.seat(f.twg("GH"), role)
    assert browser(somebody).get(reverse("twg-new")).status_code == 403
    assert open_twg(somebody, country="TG").status_code == 403
    assert "/twgs/new/" not in browser(somebody).get(reverse("twgs")).content.decode()
    assert not Twg.objects.filter(country="TG").exists()
