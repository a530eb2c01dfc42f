"""A person's page, and one's own settings: who reads whom, and what saving changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.engine.history import events_of
from workflow.groups import services
from workflow.groups.models import CategoryRule, Person, ProjectSeat

pytestmark = pytest.mark.django_db


def mine(person: Person, **fields: Any) -> dict[str, Any]:
    """What the settings form sends."""
    known = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    return {**known, "version": person.version, **fields}


def test_a_person_changes_their_name_language_and_zone() -> None:
    awa = f.person("Awa")
    answer = browser(awa).post("/me/", mine(awa, name="Awa Diop", language="fr", time_zone="Africa/Dakar"))
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    awa.refresh_from_db()
    assert (awa.name, awa.language, awa.time_zone) == ("Awa Diop", "fr", "Africa/Dakar")
    assert events_of(awa).last().name == "changed"


def test_the_language_saved_wins_over_the_one_chosen_on_this_browser_before() -> None:
    awa = f.person("Awa")
    client = browser(awa)
    client.post(reverse("set_language"), {"language": "pt", "next": "/me/"})
    assert client.get("/me/")["Content-Language"] == "pt"
    answer = client.post("/me/", mine(awa, language="fr"))
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert client.get("/me/")["Content-Language"] == "fr"


def test_the_settings_show_a_zone_that_the_list_lacks_and_keep_it() -> None:
    awa = f.person("Awa", time_zone="EST")
    assert b'<option value="EST" selected>' in browser(awa).get("/me/").content
    assert browser(awa).post("/me/", mine(awa, name="A.")).status_code == 302
    awa.refresh_from_db()
    assert awa.time_zone == "EST"


@pytest.mark.parametrize(
    ("field", "value"), [("language", "xx"), ("time_zone", "Atlantis/Harbour"), ("name", "x" * 201)]
)
def test_settings_that_make_no_sense_are_refused_on_their_field(field: str, value: str) -> None:
    awa = f.person("Awa")
    answer = browser(awa).post("/me/", mine(awa, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    awa.refresh_from_db()
    assert awa.version == 1


def test_settings_saved_on_a_stale_page_are_given_back_with_who_was_faster() -> None:
    awa = f.person("Awa")
    client = browser(awa)
    client.post("/me/", mine(awa, name="First"))
    answer = client.post("/me/", mine(awa, name="Second"))
    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    awa.refresh_from_db()
    assert awa.name == "First"


def test_settings_without_a_version_are_no_form_of_ours() -> None:
    awa = f.person("Awa")
    answer = browser(awa).post("/me/", {"name": "A", "language": "en", "time_zone": "UTC"})
    assert answer.status_code == 400


def test_colleagues_read_each_others_address_and_the_seats_they_share() -> None:
    ghana, mali = f.twg("GH"), f.twg("ML")
    awa, kofi = f.seat(ghana, "member", "Awa"), f.seat(ghana, "secretariat", "Kofi")
    services.give_seat(mali, awa, {"role": "consultant"}, actor=None)
    page = browser(kofi).get(reverse("person", args=[awa.pk])).content.decode()
    assert awa.email in page
    assert ghana.name in page
    assert mali.name not in page


def test_an_observer_reads_nobody_but_themselves() -> None:
    ghana = f.twg("GH")
    awa, watcher = f.seat(ghana, "member"), f.seat(ghana, "observer")
    assert browser(watcher).get(reverse("person", args=[awa.pk])).status_code == 404
    assert browser(watcher).get(reverse("person", args=[watcher.pk])).status_code == 200


def test_a_stranger_finds_nobody_and_an_anonymous_reader_is_sent_to_sign_in() -> None:
    awa = f.seat(f.twg("GH"), "member")
    assert browser(f.person()).get(reverse("person", args=[awa.pk])).status_code == 404
    answer = browser(None).get(reverse("person", args=[awa.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert browser(None).get("/me/").status_code == 302


def test_a_member_reads_the_seat_of_the_iom_monitor_of_their_project_and_of_no_other() -> None:
    profiles, other = f.project("Profiles"), f.project("Another project")
    awa, monitor = f.seat(f.twg("GH", of=profiles), "member"), f.monitor(profiles)
    ProjectSeat.objects.create(project=other, person=monitor, role="monitor")
    page = browser(awa).get(reverse("person", args=[monitor.pk])).content.decode()
    assert "Profiles" in page
    assert "Another project" not in page


def test_whom_the_terms_exclude_is_told_of_no_seat() -> None:
    ghana = f.twg("GH")
    f.adopt(ghana.terms.get())
    CategoryRule.objects.filter(category="civil_society").update(modality="excluded")
    ngo = f.seat(ghana, "member", "An NGO", institution=f.institution(category="civil_society"))
    own = reverse("person", args=[ngo.pk])
    for page in (browser(ngo).get("/me/"), browser(ngo).get(own), browser(ngo).post("/me/", {"name": "x"})):
        assert ghana.name not in page.content.decode()


def test_an_iom_seat_that_has_ended_is_no_longer_shown() -> None:
    project = f.project("Profiles")
    monitor = f.monitor(project)
    ProjectSeat.objects.update(starts_on="2009-01-01", ends_on="2010-01-31")
    assert "Profiles" not in browser(monitor).get("/me/").content.decode()


def test_an_administrator_keeps_somebody_out_at_once_and_lets_them_in_again() -> None:
    admin, awa = f.administrator(), f.seat(f.twg("GH"), "member")
    hers, his = browser(awa), browser(admin)
    assert hers.get("/me/").status_code == 200
    answer = his.post(reverse("person-access", args=[awa.pk]), {"active": "no", "version": awa.version})
    assert answer.status_code == 302
    assert hers.get("/me/").status_code == 302
    awa.refresh_from_db()
    assert "may not sign in" in his.get(reverse("person", args=[awa.pk])).content.decode()
    his.post(reverse("person-access", args=[awa.pk]), {"active": "yes", "version": awa.version})
    awa.refresh_from_db()
    assert awa.is_active
    assert [e.name for e in events_of(awa)] == ["created", "kept_out", "let_in"]


def test_an_administrator_is_not_shut_out_by_themselves() -> None:
    admin = f.administrator()
    url = reverse("person-access", args=[admin.pk])
    assert url not in browser(admin).get(reverse("person", args=[admin.pk])).content.decode()
    assert browser(admin).post(url, {"active": "no", "version": admin.version}).status_code == 403
    admin.refresh_from_db()
    assert admin.is_active


def test_who_may_sign_in_is_no_business_of_a_secretariat() -> None:
    ghana = f.twg("GH")
    kofi, awa = f.seat(ghana, "secretariat"), f.seat(ghana, "member")
    url = reverse("person-access", args=[awa.pk])
    assert url not in browser(kofi).get(reverse("person", args=[awa.pk])).content.decode()
    assert browser(kofi).post(url, {"active": "no", "version": awa.version}).status_code == 404
    assert browser(kofi).get(url).status_code == 405


def test_an_administrator_on_a_stale_page_is_told_who_was_faster() -> None:
    admin, awa = f.administrator(), f.person("Awa")
    url = reverse("person-access", args=[awa.pk])
    browser(admin).post(url, {"active": "no", "version": awa.version})
    assert browser(admin).post(url, {"active": "yes", "version": awa.version}).status_code == 409
    awa.refresh_from_db()
    assert not awa.is_active
