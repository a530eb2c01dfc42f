"""Opening profiles and editions on pages: who may, what is refused, what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.engine import history
from workflow.groups.models import Person, Twg
from workflow.profiles import forms, services
from workflow.profiles.models import Edition, Profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", of=f.project(), names={"en": "TWG Ghana"})


@pytest.fixture
def secretariat(ghana: Twg) -> Person:
    return f.seat(ghana, "secretariat")


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_secretariat_opens_its_profile_under_the_usual_title(ghana: Twg, secretariat: Person) -> None:
    client, url = as_(secretariat), reverse("profile-new", args=[ghana.code])
    shown = client.get(url).content.decode()
    assert 'value="National Migration Profile, Ghana"' in shown
    sent = client.post(url, {"names_en": "National Migration Profile, Ghana", "update_months": "24"})
    profile = Profile.objects.get()
    assert sent.headers["Location"] == reverse("profile", args=[profile.code])
    assert (profile.twg, profile.title, profile.update_months) == (ghana, "National Migration Profile, Ghana", 24)
    assert history.events_of(profile).get().actor == secretariat


def test_a_region_gets_the_title_of_an_overview() -> None:
    body = f.regional_twg()
    assert forms.suggested(body)["names_en"] == f"Regional Overview of Migration Profiles, {body.place}"


def test_no_title_is_suggested_in_a_language_that_has_no_words_for_it(ghana: Twg, monkeypatch: Any) -> None:
    monkeypatch.setattr(forms, "NATIONAL", "Words in one language, %(place)s")
    assert list(forms.suggested(ghana)) == ["names_en"]


def test_a_profile_without_a_title_is_refused_and_the_rest_is_kept(ghana: Twg, secretariat: Person) -> None:
    answer = as_(secretariat).post(reverse("profile-new", args=[ghana.code]), {"names_en": " ", "update_months": "36"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Give it in at least one language." in text
    assert 'value="36"' in text
    assert not Profile.objects.exists()


@pytest.mark.parametrize("months", ["0", "-1", "241", "two", "9" * 30])
def test_a_rhythm_that_is_none_is_refused(ghana: Twg, secretariat: Person, months: str) -> None:
    answer = as_(secretariat).post(
        reverse("profile-new", args=[ghana.code]), {"names_en": "Profile", "update_months": months}
    )
    assert answer.status_code == 422


def test_only_government_bodies_of_the_country_are_offered_as_owners(ghana: Twg, secretariat: Person) -> None:
    ours = f.institution("Ministry of the Interior")
    f.institution("An NGO", category="civil_society")
    f.institution("Ministry of another country", country="ML")
    shown = as_(secretariat).get(reverse("profile-new", args=[ghana.code])).content.decode()
    assert ours.name in shown
    assert "An NGO" not in shown
    assert "Ministry of another country" not in shown


def test_an_ngo_cannot_be_smuggled_in_as_owner(ghana: Twg, secretariat: Person) -> None:
    ngo = f.institution("An NGO", category="civil_society")
    sent = {"names_en": "Profile", "owner": str(ngo.pk)}
    assert as_(secretariat).post(reverse("profile-new", args=[ghana.code]), sent).status_code == 422


def test_the_owner_is_named_later(ghana: Twg, secretariat: Person) -> None:
    profile, owner = f.profile(ghana), f.institution("Ministry of the Interior")
    sent = {"names_en": "The profile", "owner": str(owner.pk), "version": str(profile.version)}
    as_(secretariat).post(reverse("profile-edit", args=[profile.code]), sent)
    profile.refresh_from_db()
    assert (profile.owner, profile.title) == (owner, "The profile")
    last = history.events_of(profile).last()
    assert last is not None
    assert last.data["changed"]["owner_id"] == [None, owner.pk]


def test_a_stale_form_changes_nothing_and_gives_back_what_was_typed(ghana: Twg, secretariat: Person) -> None:
    profile = f.profile(ghana)
    stale = profile.version
    services.change_profile(profile, {"update_months": 12}, actor=f.seat(ghana, "chair", "The chair of Ghana"))
    sent = {"names_en": "What I typed", "version": str(stale)}
    answer = as_(secretariat).post(reverse("profile-edit", args=[profile.code]), sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The chair of Ghana" in text
    assert "What I typed" in text
    profile.refresh_from_db()
    assert profile.title != "What I typed"


def test_a_form_without_its_version_is_refused(ghana: Twg, secretariat: Person) -> None:
    profile = f.profile(ghana)
    answer = as_(secretariat).post(reverse("profile-edit", args=[profile.code]), {"names_en": "X"})
    assert answer.status_code == 400


def test_the_first_edition_is_bound_to_a_template(ghana: Twg, secretariat: Person) -> None:
    profile, template = f.profile(ghana), f.template()
    sent = {"label": "2009", "template": str(template.pk), "version": str(profile.version)}
    answer = as_(secretariat).post(reverse("edition-new", args=[profile.code]), sent)
    edition = Edition.objects.get()
    assert answer.headers["Location"] == reverse("edition", args=[edition.pk])
    assert (edition.label, edition.template, edition.stage) == ("2009", template, "template")


def test_a_second_open_edition_is_refused_with_the_reason(ghana: Twg, secretariat: Person) -> None:
    edition = f.edition(ghana, stage="comment")
    profile = Profile.objects.get()
    sent = {"label": "2010", "template": str(edition.template_id), "version": str(profile.version)}
    answer = as_(secretariat).post(reverse("edition-new", args=[profile.code]), sent)
    assert answer.status_code == 422
    assert "Edition 2009 is still open" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_a_label_is_given_once(ghana: Twg, secretariat: Person) -> None:
    edition = f.edition(ghana, stage="withdrawn")
    profile = Profile.objects.get()
    sent = {"label": " 2009 ", "template": str(edition.template_id), "version": str(profile.version)}
    answer = as_(secretariat).post(reverse("edition-new", args=[profile.code]), sent)
    assert answer.status_code == 422
    assert "already has an edition of that name" in answer.content.decode()


NEEDS = ("profile-new", "profile-edit", "edition-new")


def urls(profile: Profile) -> list[str]:
    return [reverse(name, args=[profile.twg.code if name == "profile-new" else profile.code]) for name in NEEDS]


@pytest.mark.parametrize("role", ["member", "observer", "consultant"])
def test_others_of_the_twg_are_told_that_it_is_not_theirs(ghana: Twg, role: str) -> None:
    client = as_(f.seat(ghana, role))
    for url in urls(f.profile(ghana)):
        assert client.get(url).status_code == 403
        assert client.post(url, {"label": "2009", "version": "1"}).status_code == 403
    assert not Edition.objects.exists()


def test_another_countrys_secretariat_does_not_find_it(ghana: Twg) -> None:
    client = as_(f.seat(f.twg("ML"), "secretariat"))
    for url in urls(f.profile(ghana)):
        assert client.get(url).status_code == 404
        assert client.post(url, {"label": "2009", "version": "1"}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(ghana: Twg) -> None:
    for url in urls(f.profile(ghana)):
        assert Client().get(url).headers["Location"].startswith(reverse("account_login"))
