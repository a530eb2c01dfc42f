"""Pages of editions, profiles and templates, as each kind of person finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from workflow.groups.models import Person, Twg
from workflow.profiles import services
from workflow.profiles.models import Edition, TemplateVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", of=f.project(), names={"en": "TWG Ghana"})


def as_(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def page(person: Person | None, name: str, *args: Any) -> str:
    response = as_(person).get(reverse(name, args=args))
    assert response.status_code == 200
    return words(response.content.decode())


def words(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def status(person: Person | None, name: str, *args: Any) -> int:
    return as_(person).get(reverse(name, args=args)).status_code


# -- an edition ---------------------------------------------------------------------------------------------


def test_the_secretariat_finds_the_button_and_the_consultant_the_reason_why_not(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    url = reverse("act", args=["edition", edition.pk, "request_endorsement"])
    assert f'href="{url}"' in page(f.seat(ghana, "secretariat"), "edition", edition.pk)
    consultant = page(f.seat(ghana, "consultant"), "edition", edition.pk)
    assert url not in consultant
    assert "This is for the chair or the secretariat." in consultant


def test_what_does_not_hold_yet_is_said(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="handover")
    assert "Name the government body that owns the profile first." in page(
        f.seat(ghana, "secretariat"), "edition", edition.pk
    )


def test_what_is_missing_for_publication_is_one_link_away_and_so_is_the_edition_after_it(ghana: Twg) -> None:
    secretariat, observer = f.seat(ghana, "secretariat"), f.seat(ghana, "observer")
    edition = f.edition(ghana, stage="handover")
    to_edit = f'href="{reverse("profile-edit", args=[edition.profile.code])}"'
    assert to_edit in page(secretariat, "edition", edition.pk)
    assert to_edit not in page(observer, "edition", edition.pk)
    assert "Open a new edition" not in page(secretariat, "edition", edition.pk)
    f.bring(edition, "published")
    assert to_edit not in page(secretariat, "edition", edition.pk)
    assert "Open a new edition" in page(secretariat, "edition", edition.pk)
    assert "Open a new edition" not in page(observer, "edition", edition.pk)


def test_the_page_names_parts_in_the_readers_language_and_a_lone_homonymous_section_only_once(ghana: Twg) -> None:
    parts: list[Mapping[str, Any]] = [
        {"letter": "A", "titles": {"en": "Patterns", "fr": "Tendances"}, "sections": [
            {"titles": {"en": "Patterns", "fr": "Tendances"}}]},
        {"letter": "B", "titles": {"en": "Context"}, "sections": [
            {"titles": {"en": "Labour"}}, {"titles": {"en": "Trade"}}]},
    ]  # fmt: skip
    template = services.create_template({"code": "t", "number": 9, "names": {"en": "T"}}, parts, actor=None)
    edition = f.edition(ghana, template=template)
    member = f.seat(ghana, "member")
    english = page(member, "edition", edition.pk)
    assert english.count("Patterns") == 1
    assert english.index("Context") < english.index("Labour") < english.index("Trade")
    client = as_(member)
    client.cookies["django_language"] = "fr"
    assert "Tendances" in client.get(reverse("edition", args=[edition.pk])).content.decode()


def test_the_last_events_come_first_and_the_rest_is_a_link_away(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="workshop")
    f.perform(edition, "return_to_drafting", note="Part E names no law.")
    text = page(f.seat(ghana, "member"), "edition", edition.pk)
    assert text.count('id="event-') == 5
    assert text.index('id="event-6"') < text.index('id="event-2"')
    assert "Part E names no law." in text
    assert reverse("history", args=["edition", edition.pk]) in text


def test_the_page_follows_the_edition_live(ghana: Twg) -> None:
    edition = f.edition(ghana)
    assert f'data-live="edition:{edition.pk}"' in page(f.seat(ghana, "member"), "edition", edition.pk)


def test_an_edition_says_what_it_follows_and_why_nobody_updates_it(ghana: Twg) -> None:
    first = f.edition(ghana, stage="published")
    second = f.edition(first.profile, label="2011")
    keeper = f.seat(ghana, "secretariat")
    assert "The ministry decides next month." in page(keeper, "edition", first.pk)
    assert f'<a href="{reverse("edition", args=[first.pk])}">2009</a>' in page(keeper, "edition", second.pk)


def test_the_public_reads_a_published_edition_and_nothing_of_the_inside(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="endorsement", source="S38, page 4")
    f.perform(edition, "return_to_drafting", note="A secret reason.")
    f.bring(edition, "published")
    text = page(None, "edition", edition.pk)
    for shown in ("Published", "December 2009", str(edition.profile.owner), "Part A"):
        assert shown in text
    for hidden in (
        "TWG Ghana", "What can happen next", "A secret reason.", "The ministry decides next month.", "S38",
        'class="track"', 'class="history"', "Withdraw", "Template</b>",
    ):  # fmt: skip
        assert hidden not in text


def test_who_may_not_see_an_edition_does_not_learn_that_it_exists(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    for outsider in (None, f.person(), f.seat(f.twg("ML"), "secretariat"), f.monitor(f.project("Another"))):
        assert status(outsider, "edition", edition.pk) == 404
        assert status(outsider, "profile", edition.profile.code) == 404


def test_a_regional_body_follows_stages_without_reading_the_inside(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    f.perform(edition, "return_to_drafting", note="A secret reason.")
    text = page(f.seat(f.regional_twg(), "secretariat"), "edition", edition.pk)
    assert 'class="track"' in text
    assert "A secret reason." not in text
    assert "What can happen next" not in text


def test_an_observer_reads_along_and_is_told_why_there_is_no_button(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    text = page(f.seat(ghana, "observer"), "edition", edition.pk)
    assert "What can happen next" in text
    assert "/do/edition/" not in text


# -- a profile ----------------------------------------------------------------------------------------------


def test_a_profile_lists_its_editions_and_is_overdue_after_its_months(ghana: Twg, time_machine_at: Any) -> None:
    edition = f.edition(ghana, stage="published")
    services.change_profile(edition.profile, {"update_months": 24}, actor=None)
    secretariat = f.seat(ghana, "secretariat")
    time_machine_at("2011-12-30 12:00:00Z")
    assert "days late" not in page(secretariat, "profile", edition.profile.code)
    time_machine_at("2012-01-10 12:00:00Z")
    assert "10 days late" in page(secretariat, "profile", edition.profile.code)


def test_an_owner_that_is_open_is_shown_as_open(ghana: Twg) -> None:
    assert "Open</span>" in page(f.seat(ghana, "member"), "profile", f.profile(ghana).code)


def test_a_new_edition_waits_until_the_open_one_is_closed(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    secretariat = f.seat(ghana, "secretariat")
    url = reverse("edition-new", args=[edition.profile.code])
    text = page(secretariat, "profile", edition.profile.code)
    assert "Edition 2009 is still open: publish or withdraw it first." in text
    assert url not in text
    f.bring(edition, "withdrawn")
    assert url in page(secretariat, "profile", edition.profile.code)


def test_the_public_sees_a_profile_once_an_edition_is_out_and_only_that_edition(ghana: Twg) -> None:
    first = f.edition(ghana, stage="published")
    f.edition(first.profile, label="2011 in the making", stage="drafting")
    text = page(None, "profile", first.profile.code)
    assert reverse("edition", args=[first.pk]) in text
    assert "2011 in the making" not in text
    assert "Open a new edition" not in text


def test_a_profile_without_an_edition_says_what_to_do_first(ghana: Twg) -> None:
    assert "No edition yet" in page(f.seat(ghana, "secretariat"), "profile", f.profile(ghana).code)


# -- a template (S07, S47) ----------------------------------------------------------------------------------


def part(letter: str, title: str, *sections: str, guidance: str = "") -> dict[str, Any]:
    told = {"guidance": {"en": guidance}} if guidance else {}
    return {"letter": letter, "titles": {"en": title}, "sections": [{"titles": {"en": s}, **told} for s in sections]}


def version(number: int, *parts: dict[str, Any]) -> TemplateVersion:
    fields = {"code": f"v{number}", "number": number, "names": {"en": f"Version {number}"}}
    return services.create_template(fields, list(parts), actor=None)


def test_a_template_shows_parts_sections_and_guidance(ghana: Twg) -> None:
    version(1, part("A", "Patterns", "Emigration", "Immigration", guidance="Use the census."))
    text = page(f.seat(ghana, "member"), "template", "v1")
    assert text.index("A. Patterns") < text.index("Emigration") < text.index("Immigration")
    assert "Use the census." in text
    assert "Since version" not in text


def test_a_new_version_says_what_it_changed(ghana: Twg) -> None:
    version(1, part("A", "Patterns", "History", "Emigration"), part("B", "Context", "Trade"), part("D", "Drivers"))
    version(
        2, part("A", "Patterns", "Diaspora", "History", "Leaving"), part("B", "Setting", "Trade"), part("E", "Laws")
    )
    text = page(f.seat(ghana, "member"), "template", "v2")
    changes = re.findall(r"<li><b>([^<]+)</b>: ([^<(]+)", text[text.index("Since version 1") :])
    assert [(a, b.strip()) for a, b in changes] == [
        ("A.1 added", "Diaspora"), ("A.3 added", "Leaving"), ("A.2 removed", "Emigration"),
        ("B renamed", "Setting"), ("D removed", "Drivers"), ("E added", "Laws"),
    ]  # fmt: skip
    assert "before: Context" in text


def test_a_version_that_changes_nothing_says_so(ghana: Twg) -> None:
    version(1, part("A", "Patterns", "History"))
    version(2, part("A", "Patterns", "History"))
    assert "No part and no section differs." in page(f.seat(ghana, "member"), "template", "v2")


def test_a_template_lists_only_those_of_its_editions_that_the_reader_sees(ghana: Twg) -> None:
    template = version(1, part("A", "Patterns"))
    ours = f.edition(ghana, template=template)
    theirs = f.edition(f.twg("ML"), template=template)
    text = page(f.seat(ghana, "member"), "template", "v1")
    assert reverse("edition", args=[ours.pk]) in text
    assert reverse("edition", args=[theirs.pk]) not in text


def test_templates_are_for_those_who_hold_a_seat(ghana: Twg) -> None:
    version(1, part("A", "Patterns"))
    assert status(None, "template", "v1") == 404
    assert status(f.person(), "template", "v1") == 404


# -- what pages cost ----------------------------------------------------------------------------------------


def queries(person: Person, name: str, *args: Any) -> int:
    client = as_(person)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(seen)


def test_an_editions_page_costs_the_same_however_long_its_history(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    chair, member = f.seat(ghana, "chair"), f.seat(ghana, "member")

    def again(times: int) -> Edition:
        for _time in range(times):
            f.perform(edition, "return_to_drafting", actor=chair, note="Again.")
            f.perform(edition, "submit_draft")
        return edition

    again(1)
    few = queries(member, "edition", edition.pk)
    again(20)
    assert queries(member, "edition", edition.pk) == few < 12  # two of them are the session and the reader


def test_a_profiles_page_costs_the_same_with_one_edition_or_ten(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="published")
    member = f.seat(ghana, "member")
    few = queries(member, "profile", edition.profile.code)
    for year in range(2010, 2019):
        f.bring(f.edition(edition.profile, label=str(year)), "withdrawn")
    assert queries(member, "profile", edition.profile.code) == few < 8
