"""Pages of the register, as each kind of person finds them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups.models import Person, Project, Twg

from .making import ACT, actor, framework, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def region(project: Project) -> Twg:
    return f.regional_twg(project, countries="GH,ML")


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant")


def page(person: Person | None, name: str, *args: Any, **query: Any) -> str:
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def status(person: Person | None, name: str, *args: Any) -> int:
    return browser(person).get(reverse(name, args=args)).status_code


def listed(person: Person, twg: Twg, name: str = "frameworks", **query: Any) -> list[str]:
    answer = browser(person).get(reverse(name, args=[twg.code]), query)
    return [str(entry) for entry in answer.context["page_obj"]]


# -- the lists -----------------------------------------------------------------------------------------------


def test_a_countrys_list_has_its_own_by_kind_and_then_its_regions(ghana: Twg, region: Twg, consultant: Person) -> None:
    framework(region, names={"en": "Common Approach"}, kind="regional")
    framework(ghana, names={"en": "Labour agreement"}, kind="bilateral")
    framework(ghana, names={"en": "Constitution"}, kind="constitution")
    framework(f.twg("SN"), names={"en": "Of Senegal"})
    assert listed(consultant, ghana) == ["Constitution", "Labour agreement", "Common Approach"]
    assert "of the region:" in page(consultant, "frameworks", ghana.code)
    assert listed(consultant, region) == ["Common Approach"], "a country reads its region's register"
    assert status(consultant, "framework-new", region.code) == 403


def test_the_list_is_filtered_by_kind_state_and_words(ghana: Twg, consultant: Person) -> None:
    framework(ghana, names={"fr": "Loi sur les réfugiés"}, reference="2009-12")
    press(framework(ghana, names={"en": "Aliens Act"}), "end", note="Repealed.", ended_on="2000")
    press(framework(ghana, names={"en": "Mistake"}), "withdraw", note="Wrong.")
    framework(ghana, names={"en": "Policy"}, kind="policy")
    assert listed(consultant, ghana) == ["Loi sur les réfugiés", "Aliens Act", "Policy"], "withdrawn ones are not shown"
    assert listed(consultant, ghana, kind="policy") == ["Policy"]
    assert listed(consultant, ghana, state="ended") == ["Aliens Act"]
    assert listed(consultant, ghana, state="withdrawn") == ["Mistake"]
    assert listed(consultant, ghana, q="REFUGIES loi") == ["Loi sur les réfugiés"]
    assert listed(consultant, ghana, q="2009-12") == ["Loi sur les réfugiés"]
    assert len(listed(consultant, ghana, kind="nonsense")) == 3


def test_actors_are_listed_by_name_and_found_by_institution_and_role(ghana: Twg, consultant: Person) -> None:
    actor(ghana, f.institution("Statistical Service"), roles={"en": "Counts", "fr": "Dénombre"})
    actor(ghana, f.institution("Immigration Service"))
    assert listed(consultant, ghana, "actors") == ["Immigration Service", "Statistical Service"]
    assert listed(consultant, ghana, "actors", q="denombre") == ["Statistical Service"]
    assert listed(consultant, ghana, "actors", q="immigration") == ["Immigration Service"]


def test_an_empty_register_says_what_to_do_first(ghana: Twg, consultant: Person) -> None:
    for name, words in (("frameworks", "No framework yet"), ("actors", "No actor yet")):
        assert words in page(consultant, name, ghana.code)
        assert reverse(f"{name[:-1]}-new", args=[ghana.code]) in page(consultant, name, ghana.code)
        assert reverse(f"{name[:-1]}-new", args=[ghana.code]) not in page(f.seat(ghana, "member"), name, ghana.code)


def test_the_lists_cost_the_same_with_few_entries_or_many(ghana: Twg, region: Twg, project: Project) -> None:
    reader = browser(f.monitor(project))
    service = f.institution("Immigration Service")
    urls = [
        reverse("frameworks", args=[ghana.code]), reverse("actors", args=[ghana.code]),
        reverse("twg", args=[ghana.code]), reverse("institution", args=[service.code]),
        reverse("frameworks-export", args=[ghana.code, "csv"]), reverse("actors-export", args=[ghana.code, "csv"]),
        "/api/v1/frameworks/", "/api/v1/actors/", f"{reverse('search')}?q=act",
    ]  # fmt: skip

    def grow(times: int) -> None:
        for _ in range(times):
            framework(ghana, responsible=[service, f.institution()])
            framework(region, responsible=[service])
            actor(ghana)
            actor(region)

    grow(2)
    few = [questions(reader, url) for url in urls]
    grow(4)
    assert [questions(reader, url) for url in urls] == few
    assert max(few[:2]) < 8


# -- one entry -----------------------------------------------------------------------------------------------


def test_a_frameworks_page_says_all_that_is_known(ghana: Twg, consultant: Person) -> None:
    act = framework(
        ghana, responsible=[f.institution("Immigration Service")], url="https://law.example/573?a=1&b=2",
        summaries={"en": "Who may enter and stay."}, adopted="2000", source="Gazette", confidence="probable",
    )  # fmt: skip
    found = page(consultant, "framework", act.pk)
    for words in ("Immigration Act", "Act 573", "February 2000", "Immigration Service", "Who may enter and stay.",
                  "https://law.example/573?a=1&amp;b=2", "Gazette", "Probable", "immigration-act"):  # fmt: skip
        assert words in found
    assert reverse("act", args=["framework", act.pk, "end"]) in found
    member = page(f.seat(ghana, "member"), "framework", act.pk)
    assert "This is for the chair, the secretariat, the consultant or IOM." in member
    assert reverse("framework-edit", args=[act.pk]) not in member


def test_a_country_reads_the_regions_entry_and_not_its_history(ghana: Twg, region: Twg) -> None:
    approach = framework(region, names={"en": "Common Approach"})
    member = f.seat(ghana, "member")
    found = page(member, "framework", approach.pk)
    assert "Common Approach" in found
    assert "What can happen next" not in found
    assert "All of it" not in found
    assert status(member, "history", "framework", approach.pk) == 404
    assert status(member, "act", "framework", approach.pk, "end") == 404
    assert status(f.seat(region, "secretariat"), "history", "framework", approach.pk) == 200


def test_what_one_cannot_see_is_not_there(ghana: Twg, project: Project) -> None:
    act, service = framework(ghana), actor(ghana)
    outsiders = [f.seat(f.twg("ML", of=project), "secretariat"), f.monitor(f.project()), f.person(), f.administrator()]
    for person in outsiders:
        for name, entry in (("framework", act), ("actor", service)):
            assert status(person, name, entry.pk) == 404
            assert status(person, f"{name}-edit", entry.pk) == 404
            assert status(person, "history", name, entry.pk) == 404
            assert status(person, f"{name}s", ghana.code) == 404
            assert status(person, f"{name}s-import", ghana.code) == 404
            assert status(person, f"{name}s-export", ghana.code, "csv") == 404
    assert status(None, "framework", act.pk) == 302


def test_panels_show_the_register_where_it_matters(ghana: Twg, consultant: Person) -> None:
    service = f.institution("Immigration Service")
    framework(ghana, responsible=[service])
    actor(ghana, service, roles={"en": "Issues permits"})
    twg = page(consultant, "twg", ghana.code)
    for words in ("Policy register", "Immigration Act", "1 framework", "1 actor"):
        assert words in twg
    institution = page(consultant, "institution", service.code)
    assert "Issues permits" in institution
    assert "Immigration Act" in institution
    for person in (f.administrator(), f.seat(f.twg("SN"), "chair")):
        assert "Immigration Act" not in page(person, "institution", service.code)


# -- entering and changing -----------------------------------------------------------------------------------


def test_a_framework_is_entered_in_two_languages(ghana: Twg, consultant: Person) -> None:
    service = f.institution("Immigration Service")
    fields = {
        "kind": "law", "names_en": "Immigration Act", "names_fr": "Loi", "reference": "Act 573", "adopted": "2000",
        "in_force": "2000-02", "url": "law.example/573", "responsible": [service.pk], "confidence": "stated",
    }  # fmt: skip
    answer = browser(consultant).post(reverse("framework-new", args=[ghana.code]), fields)
    act = Framework.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("framework", args=[act.pk]))
    assert (act.names, act.url) == ({"en": "Immigration Act", "fr": "Loi"}, "https://law.example/573")
    assert list(act.responsible.all()) == [service]


def test_what_is_wrong_stands_at_its_field(ghana: Twg, consultant: Person) -> None:
    stranger = f.institution("Ministry of Mali", country="ML")
    fields = {"kind": "rumour", "adopted": "soon", "url": "javascript:alert(1)", "responsible": [stranger.pk],
              "confidence": "stated"}  # fmt: skip
    answer = browser(consultant).post(reverse("framework-new", args=[ghana.code]), fields)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "adopted", "url", "responsible", "names_en"}
    assert not Framework.objects.exists()


def test_the_form_shows_what_is_there_and_saves_what_changed(ghana: Twg, consultant: Person) -> None:
    service = f.institution("Immigration Service")
    act = framework(ghana, responsible=[service])
    client, url = browser(consultant), reverse("framework-edit", args=[act.pk])
    shown = client.get(url).content.decode()
    assert 'value="Act 573"' in shown
    assert 'name="ended"' not in shown, "its end comes with the step"
    fields = {"kind": "law", "names_en": "Immigration Act", "reference": "Act 574", "confidence": "stated"}
    assert client.post(url, fields | {"version": act.version}).status_code == 302
    act.refresh_from_db()
    assert (act.reference, act.responsible.count(), act.in_force) == ("Act 574", 0, "")
    assert client.post(url, fields).status_code == 400


def test_the_end_of_what_has_ended_can_be_set_right(ghana: Twg, consultant: Person) -> None:
    bureau = actor(ghana)
    press(bureau, "end", note="Dissolved.")
    client, url = browser(consultant), reverse("actor-edit", args=[bureau.pk])
    assert 'name="ended"' in client.get(url).content.decode()
    fields = {"roles_en": "Coordinated", "ended": "2009", "confidence": "stated", "version": bureau.version}
    assert client.post(url, fields).status_code == 302
    assert PolicyActor.objects.get().ended == "2009"


def test_a_stale_change_gives_back_what_was_typed(ghana: Twg, consultant: Person) -> None:
    bureau = actor(ghana)
    fields = {"roles_en": "My long words", "confidence": "stated", "version": bureau.version}
    press(bureau, "end", note="Dissolved.")
    answer = browser(consultant).post(reverse("actor-edit", args=[bureau.pk]), fields)
    assert answer.status_code == 409
    assert "My long words" in answer.content.decode()


def test_an_institution_twice_is_refused_above_the_form(ghana: Twg, consultant: Person) -> None:
    service = f.institution("Immigration Service")
    actor(ghana, service)
    fields = {"institution": service.pk, "roles_en": "Again", "confidence": "stated"}
    answer = browser(consultant).post(reverse("actor-new", args=[ghana.code]), fields)
    assert answer.status_code == 422
    assert "in the register already" in answer.content.decode()


def test_members_are_told_whose_it_is(ghana: Twg) -> None:
    member = f.seat(ghana, "member")
    entries = (("framework", framework(ghana)), ("actor", actor(ghana)))
    for name, entry in entries:
        for address, arg in ((f"{name}-new", ghana.code), (f"{name}-edit", entry.pk), (f"{name}s-import", ghana.code)):
            assert status(member, address, arg) == 403


def test_a_title_is_shown_as_text(ghana: Twg, consultant: Person) -> None:
    act = framework(ghana, names={"en": "<script>alert(1)</script>"}, summaries=ACT)
    for name, arg in (("framework", act.pk), ("frameworks", ghana.code), ("twg", ghana.code)):
        assert "<script>alert(1)" not in page(consultant, name, arg)


def test_a_regions_form_offers_international_institutions_and_not_every_ministry(region: Twg) -> None:
    department = f.institution("Free Movement Department", category="international_agency", country="")
    f.institution("Ministry of Ghana")
    shown = page(f.seat(region, "secretariat"), "framework-new", region.code)
    assert "Free Movement Department" in shown
    assert "Ministry of Ghana" not in shown
    chosen = framework(region, responsible=[department, f.institution("Chosen before")])
    assert "Chosen before" in page(f.seat(region, "consultant"), "framework-edit", chosen.pk)
