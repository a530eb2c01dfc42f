"""The register in Part E: a writer inserts its table, and learns when the register has moved on (S29)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from tests import factories as f
from tests.groups.reading import browser
from workflow.documents.markdown import measure, render
from workflow.engine import together
from workflow.engine.errors import NotPermitted
from workflow.frameworks import inserting, services, tables
from workflow.frameworks.models import Insertion
from workflow.groups import services as groups
from workflow.groups.models import Person, Project, Twg
from workflow.writing import services as writing
from workflow.writing.models import Scratch, TextSection

from .making import actor, framework, part_e, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana(project: Project, time_machine_at: Any) -> Twg:
    time_machine_at("2009-05-03 12:00:00Z")
    return f.twg("GH", of=project, names={"en": "TWG of Ghana", "fr": "GTT du Ghana"})


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant")


@pytest.fixture
def section(ghana: Twg, consultant: Person) -> TextSection:
    return part_e(ghana)


# -- the table -----------------------------------------------------------------------------------------------


def test_the_frameworks_are_a_table_under_which_stands_its_source(ghana: Twg, project: Project) -> None:
    service = f.institution("Immigration Service")
    framework(ghana, responsible=[service], url="https://law.example/573")
    framework(f.regional_twg(project, countries="GH"), names={"en": "Common Approach"}, kind="regional", reference="")
    told = tables.table(ghana, "frameworks", "en").split("\n")
    assert told == [
        "| Framework | Kind | In force since | Responsible institutions |",
        "| --- | --- | --- | --- |",
        "| [Immigration Act](<https://law.example/573>), Act 573 | Law | February 2000 | Immigration Service |",
        "| Common Approach | Regional instrument | February 2000 |  |",
        "",
        "Source: policy register of TWG of Ghana, as of 3 May 2009.",
    ]


def test_the_actors_are_a_table_with_what_each_does(ghana: Twg) -> None:
    actor(ghana, f.institution("National Migration Bureau", acronym="NMB"), since="2006")
    told = tables.table(ghana, "actors", "en")
    assert "| National Migration Bureau (NMB) | Issues residence permits | 2006 |" in told


def test_what_ended_says_when_and_what_was_withdrawn_is_not_there(ghana: Twg) -> None:
    press(framework(ghana, names={"en": "Aliens Act"}), "end", note="Repealed.", ended_on="2000-02")
    press(framework(ghana, names={"en": "Nobody knows when"}), "end", note="Repealed.")
    press(framework(ghana, names={"en": "Mistake"}), "withdraw", note="Wrong.")
    told = tables.table(ghana, "frameworks", "en")
    assert "Aliens Act, Act 573 | Law | February 2000 | February 2000 |" in told
    assert "Nobody knows when, Act 573 | Law | February 2000 | yes |" in told
    assert "Mistake" not in told


def test_the_table_is_in_the_texts_language_whoever_inserts_it(ghana: Twg) -> None:
    framework(ghana, in_force="2000-02")
    with translation.override("pt"):
        told = tables.table(ghana, "frameworks", "fr")
    assert "Loi sur l'immigration, Act 573" in told
    assert "février 2000" in told
    assert "GTT du Ghana" in told


def test_a_table_that_is_rendered_is_a_table_with_a_source(ghana: Twg) -> None:
    framework(ghana, url="https://law.example/573?a=1&b=2")
    told = tables.table(ghana, "frameworks", "en")
    assert measure(told).tables == 1
    assert measure(told).tables_without_source == 0
    html = render(told)
    assert '<a href="https://law.example/573?a=1&amp;b=2"' in html
    assert "<table" in html


@pytest.mark.parametrize("title", [
    "A | B", "# Head", "*bold* _it_", "[x](javascript:alert(1))", "![x](figure:1)", "<script>alert(1)</script>",
    "a\nb", "`code`", "~~gone~~", "x[^1]", "a\\|b", "&lt;b&gt;", "| --- |",
])  # fmt: skip
def test_whatever_a_title_holds_it_is_shown_as_it_is(ghana: Twg, title: str) -> None:
    from django.utils.html import escape

    framework(ghana, names={"en": title}, reference="")
    told = tables.table(ghana, "frameworks", "en")
    html = render(told)
    assert measure(told).tables == 1
    assert len(told.split("\n")) == 5, "one row"
    assert escape(" ".join(title.split())) in html.replace("&quot;", '"').replace("&#x27;", "'") or title in html
    assert "<script" not in html
    assert "javascript:" not in html.replace(escape(title), "")


@pytest.mark.parametrize("url", ["https://a.example/x)y", "https://a.example/<b>", "https://a.example/a|b"])
def test_no_address_breaks_out_of_its_link(url: str) -> None:
    html = render(f"| A |\n| --- |\n| {tables.link('Act', url)} |\n")
    assert html.count("<a ") == 1
    assert html.count("<td") == 1
    assert "<b>" not in html


def test_a_table_stays_the_same_to_the_letter_while_the_register_does(ghana: Twg, time_machine_at: Any) -> None:
    framework(ghana)
    first = tables.table(ghana, "frameworks", "en")
    time_machine_at("2009-09-01 12:00:00Z")
    assert tables.table(ghana, "frameworks", "en") == first
    actor(ghana)
    assert "as of 1 September 2009" in tables.table(ghana, "frameworks", "en")


# -- putting it into the text --------------------------------------------------------------------------------


def insert(section: TextSection, person: Any, what: str = "frameworks", body: str = "") -> str:
    return inserting.insert(section, what, actor=person, body=body, base=section.number)


def offers(section: TextSection, body: str) -> dict[str, inserting.Offer]:
    return {offer.what: offer for offer in inserting.offers(section, body)}


def test_the_table_goes_to_the_end_of_what_is_being_typed_and_is_not_saved(
    ghana: Twg, section: TextSection, consultant: Person
) -> None:
    framework(ghana)
    told = insert(section, consultant, body="Three laws govern migration.\r\n")
    assert told.startswith("Three laws govern migration.\n\n| Framework |")
    assert Scratch.objects.get().body == told.rstrip()
    section.refresh_from_db()
    assert (section.body, section.number) == ("", 0)


def test_it_is_saved_with_the_text_and_counted_as_sourced(ghana: Twg, section: TextSection, consultant: Person) -> None:
    framework(ghana)
    told = insert(section, consultant)
    writing.save(section, told, actor=consultant, base=0)
    section.refresh_from_db()
    assert section.unsourced_tables == 0
    assert "Immigration Act" in browser(consultant).get(reverse("section", args=[section.pk])).content.decode()


def test_an_empty_register_and_another_part_take_no_table(ghana: Twg, section: TextSection, consultant: Person) -> None:
    with pytest.raises(ValidationError, match="holds nothing of this kind yet"):
        insert(section, consultant)
    framework(ghana)
    elsewhere = TextSection.objects.get(text=section.text, part="A")
    with pytest.raises(ValidationError, match="Part E"):
        insert(elsewhere, consultant)
    assert inserting.offers(elsewhere, "") == []
    assert not Insertion.objects.exists()


@pytest.mark.parametrize("role", ["chair", "member", "observer"])
def test_only_who_writes_the_text_inserts(ghana: Twg, section: TextSection, role: str) -> None:
    framework(ghana)
    with pytest.raises(NotPermitted):
        insert(section, f.seat(ghana, role))
    assert not Insertion.objects.exists()


# -- the register moves on -----------------------------------------------------------------------------------


def test_the_page_says_what_changed_since_the_table_was_inserted(
    ghana: Twg, section: TextSection, consultant: Person, time_machine_at: Any
) -> None:
    act = framework(ghana)
    told = insert(section, consultant, body="Before.")
    assert offers(section, told)["frameworks"].changes == ""
    time_machine_at("2009-06-10 12:00:00Z")
    services.change_framework(act, {"reference": "Act 574"}, actor=None)
    offer = offers(section, told)["frameworks"]
    assert offer.untouched
    assert "574" in offer.changes
    assert "<ins" in offer.changes


def test_an_untouched_table_is_replaced_in_its_place(ghana: Twg, section: TextSection, consultant: Person) -> None:
    act = framework(ghana)
    told = insert(section, consultant, body="Before.") + "\nAfter."
    services.change_framework(act, {"reference": "Act 574"}, actor=None)
    again = insert(section, consultant, body=told)
    assert again.count("| Framework |") == 1
    assert "Act 574" in again
    assert "Act 573" not in again
    assert again.startswith("Before.")
    assert again.endswith("After.")


def test_a_table_that_somebody_worked_on_is_left_and_the_new_one_goes_to_the_end(
    ghana: Twg, section: TextSection, consultant: Person
) -> None:
    act = framework(ghana)
    framework(ghana, names={"en": "Labour Act"})
    told = insert(section, consultant).replace("Source: policy register", "Source: the policy register")
    services.change_framework(act, {"reference": "Act 574"}, actor=None)
    assert not offers(section, told)["frameworks"].untouched
    again = insert(section, consultant, body=told)
    assert again.count("| Framework |") == 2
    assert again.startswith(told.rstrip())


def test_a_table_that_was_taken_out_again_is_offered_anew(ghana: Twg, section: TextSection, consultant: Person) -> None:
    act = framework(ghana)
    insert(section, consultant)
    services.change_framework(act, {"reference": "Act 574"}, actor=None)
    offer = offers(section, "Only words.")["frameworks"]
    assert (offer.inserted, offer.changes) == (None, "")


# -- on the pages --------------------------------------------------------------------------------------------


def editor(person: Person, section: TextSection) -> str:
    answer = browser(person).get(reverse("section-edit", args=[section.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_button_keeps_what_was_typed_and_the_editor_shows_it_with_the_table(
    ghana: Twg, section: TextSection, consultant: Person
) -> None:
    framework(ghana)
    assert 'form="writing"' in editor(consultant, section)
    client, url = browser(consultant), reverse("section-register", args=[section.pk])
    fields = {"body": "Typed a moment ago.", "note": "The laws", "base": 0, "register": "frameworks"}
    answer = client.post(url, fields)
    assert (answer.status_code, answer["Location"]) == (302, reverse("section-edit", args=[section.pk]))
    shown = client.get(answer["Location"]).content.decode()
    for words in ("Typed a moment ago.", "| Immigration Act, Act 573 |", "The laws", "The table is in the text below."):
        assert words in shown
    assert "the table in the text is what the register says" in shown


def test_a_refused_insertion_loses_nothing_either(ghana: Twg, section: TextSection, consultant: Person) -> None:
    client, url = browser(consultant), reverse("section-register", args=[section.pk])
    fields = {"body": "Typed a moment ago.", "note": "", "base": 0, "register": "frameworks"}
    shown = client.post(url, fields, follow=True).content.decode()
    assert "holds nothing of this kind yet" in shown
    assert "Typed a moment ago." in shown
    wrong = client.post(url, fields | {"base": "x"})
    assert wrong.status_code == 422
    assert "Typed a moment ago." in wrong.content.decode()
    section.refresh_from_db()
    assert section.number == 0
    assert client.post(url, fields | {"register": "everything"}).status_code == 400


def test_a_text_that_was_closed_meanwhile_gives_back_what_was_typed(
    ghana: Twg, section: TextSection, consultant: Person
) -> None:
    framework(ghana)
    writing.save(section, "What stood there.", actor=None, base=0)
    edition = section.text.about
    f.perform(edition, "submit_draft")
    f.perform(edition, "request_endorsement")
    fields = {"body": "Typed a moment ago.", "note": "", "base": 1, "register": "frameworks"}
    answer = browser(consultant).post(reverse("section-register", args=[section.pk]), fields)
    assert answer.status_code == 409
    assert "Typed a moment ago." in answer.content.decode()


def test_whoever_does_not_write_sees_no_button_and_presses_none(ghana: Twg, section: TextSection) -> None:
    framework(ghana)
    url = reverse("section-register", args=[section.pk])
    fields = {"body": "", "note": "", "base": 0, "register": "frameworks"}
    assert browser(f.seat(ghana, "member")).post(url, fields).status_code == 403
    assert browser(f.seat(f.twg("ML"), "consultant")).post(url, fields).status_code == 404
    assert browser(None).post(url, fields).status_code == 302
    assert browser(f.seat(ghana, "consultant")).get(url).status_code == 405


def test_a_writer_who_reads_the_section_learns_that_the_register_has_moved_on(
    ghana: Twg, section: TextSection, consultant: Person
) -> None:
    act = framework(ghana)
    writing.save(section, insert(section, consultant), actor=consultant, base=0)
    page = reverse("section", args=[section.pk])
    assert "has moved on" not in browser(consultant).get(page).content.decode()
    services.change_framework(act, {"reference": "Act 574"}, actor=None)
    assert "The policy register has moved on" in browser(consultant).get(page).content.decode()
    assert "has moved on" not in browser(f.seat(ghana, "member")).get(page).content.decode()
    assert "Put the new table in its place" in editor(consultant, section)


def test_both_tables_are_read_with_one_question(ghana: Twg, django_assert_num_queries: Any) -> None:
    for number in range(4):
        framework(ghana, names={"en": f"Act {number}"}, responsible=[f.institution(), f.institution()])
        actor(ghana)
    alone = {what: tables.table(ghana, what, "en") for what in ("frameworks", "actors")}
    with django_assert_num_queries(1):
        assert together.answer(tables.tables(ghana, alone, "en")) == alone


def test_a_table_that_was_put_in_anew_is_not_said_to_be_left_behind(
    ghana: Twg, consultant: Person, section: TextSection, time_machine_at: Any
) -> None:
    def put(base: int) -> None:
        section.refresh_from_db()
        body = inserting.insert(section, "frameworks", actor=consultant, body=section.body, base=base)
        writing.save(section, body, actor=consultant, base=base)
        section.refresh_from_db()

    framework(ghana)
    put(0)
    time_machine_at("2009-05-04 12:00:00Z")
    framework(ghana, names={"en": "Labour Act"})
    assert [offer.what for offer in together.answer(inserting.moved_on(section))] == ["frameworks"]
    time_machine_at("2009-05-05 12:00:00Z")
    put(1)
    assert together.answer(inserting.moved_on(section)) == []


def test_an_institution_that_is_called_otherwise_leaves_the_table_behind(
    ghana: Twg, consultant: Person, section: TextSection, time_machine_at: Any
) -> None:
    service = f.institution("Immigration Service")
    framework(ghana, responsible=[service])
    body = inserting.insert(section, "frameworks", actor=consultant, body="", base=0)
    writing.save(section, body, actor=consultant, base=0)
    time_machine_at("2009-05-04 12:00:00Z")
    section.refresh_from_db()
    assert together.answer(inserting.moved_on(section)) == []
    groups.change_institution(service, {"names": {"en": "Immigration Authority"}}, actor=None)
    [offer] = together.answer(inserting.moved_on(section))
    assert "Authority" in offer.changes
