"""Palabre in French: the words of the field, the marks of French print, and pages, mail and histories that keep them.

That no page has English left in it is the language sweep's to prove (tests/sweeps/test_languages.py).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.groups import invitations
from workflow.groups import services as groups
from workflow.groups.models import Modality, Person, Role, Twg
from workflow.profiles.models import TRACK, Edition, Stage

from . import catalogue

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
FORMS = [
    form
    for message in catalogue.read(settings.BASE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po", "fr")
    if message.id
    for form in catalogue.forms(message)
]


def test_the_catalogue_is_french_as_printed() -> None:
    """Marks of two parts have an unbreakable space before them, quotation marks have theirs inside."""
    wrong = [
        form
        for form in FORMS
        if re.search(r" [:;?!»%]|«(?!\u00a0)|(?<![\u00a0(])[;?!»]|[\"']", re.sub(r"<[^>]*>|%\(\w+\)[sd]", "", form))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_catalogue_says_vous() -> None:
    assert not [form for form in FORMS if re.search(r"\b(tu|toi|ton|tes|TWG)\b", form)]


@pytest.mark.parametrize(
    ("count", "days", "months"),
    [(0, "0 jour", "0 mois"), (1, "1 jour", "1 mois"), (2, "2 jours", "2 mois"), (12, "12 jours", "12 mois")],
)
def test_nothing_and_one_are_singular(count: int, days: str, months: str) -> None:
    with translation.override("fr"):
        assert Template("{% days count %}").render(Context({"count": count})) == days
        assert ngettext("%(count)s month", "%(count)s months", count) % {"count": count} == months


def test_stages_and_roles_bear_the_names_that_ministries_use() -> None:
    with translation.override("fr"):
        stages = [str(stage.label) for stage in (*TRACK, Stage.WITHDRAWN)]
        assert stages == [
            "Canevas", "Rédaction", "Commentaires", "Validation", "Atelier de politique", "Passation", 
            "Publiée", "Retirée",
        ]  # fmt: skip
        assert [str(role.label) for role in Role] == [
            "Présidence", "Secrétariat", "Membre", "Suppléance", "Observateur", "Consultant",
        ]  # fmt: skip
        assert [str(modality.label) for modality in Modality] == ["membre", "observateur", "invité", "exclu"]


# -- pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def mali() -> Twg:
    return f.twg("ML", names={"en": "Mali TWG", "fr": "GTT du Mali"}, languages=["fr"], cadence_from=2, cadence_to=3)


@pytest.fixture
def awa(mali: Twg) -> Person:
    somebody = f.person("Awa Traoré", language="fr", time_zone="Africa/Bamako")
    groups.give_seat(mali, somebody, {"role": "secretariat"}, actor=None)
    return somebody


@pytest.fixture
def edition(mali: Twg) -> Edition:
    return f.edition(f.profile(mali, names={"fr": "Profil du Mali"}), stage="handover")


def read(person: Person, address: str, *args: Any) -> str:
    client = Client()
    client.force_login(person)
    text = client.get(reverse(address, args=args)).content.decode()
    assert '<html lang="fr"' in text
    return text


def all_of(words: tuple[str, ...], text: str) -> bool:
    return not [word for word in words if word.replace("~", NBSP) not in text]


def test_home_and_the_edition_are_read_in_french(awa: Person, edition: Edition) -> None:
    home = read(awa, "home")
    assert all_of(("Ce qui vous attend", "Où en est chaque profil", "Voir ce qui manque", "Rechercher"), home)
    page = read(awa, "edition", edition.pk)
    assert all_of(("Profil du Mali, édition 2009", "Actions possibles", "Publier", "Passation", "Retirer cette"), page)


def test_the_page_of_the_twg_is_read_in_french(awa: Person, mali: Twg) -> None:
    groups.record_fact(mali, {"topic": "data_plan", "statements": {"fr": "Une équipe."}, "when": "2009-04"}, actor=None)
    page = read(awa, "twg", mali.code)
    told = ("Termes de référence, version 1", "50~% des institutions votantes", "tous les 2 à 3 mois", "Rôles votants")
    assert all_of((*told, "Plan de données", "avril 2009", "Attesté", "Secrétariat et consultants"), page)
    assert "TWG" not in re.sub(r"<[^>]*>", "", page)


def test_what_is_wrong_with_a_form_is_said_in_french(awa: Person, mali: Twg) -> None:
    client = Client()
    client.force_login(awa)
    sent = {"email": "nobody", "role": "member", "version": mali.version}
    page = client.post(reverse("seat-new", args=[mali.code]), sent).content.decode()
    assert all_of(("Merci de revoir ces points", "Adresse e-mail~: ", "Attribuer le siège"), page)


def test_a_history_says_roles_topics_and_ways_of_taking_part_in_words(awa: Person, mali: Twg) -> None:
    groups.record_fact(mali, {"topic": "civil_society", "statements": {"en": "A", "fr": "Des ONG."}}, actor=None)
    groups.record_fact(mali, {"topic": "our own words", "statements": {"en": "In English."}}, actor=None)
    page = read(awa, "history", "twg", mali.pk)
    assert all_of(("<dd>Secrétariat</dd>", "<dd>Société civile</dd>", "<dd>Des ONG.</dd>"), page)
    assert all_of(("<dd>Our own words</dd>", "<dd>In English.</dd>"), page), "what was typed is shown as it was typed"
    assert "<dd>secretariat</dd>" not in page
    terms = read(awa, "history", "terms", mali.terms.get().pk)
    ways = "Membres votants~: Gouvernement, Office de statistique, Forces de l’ordre et frontières · Membres sans droit"
    assert all_of((ways, "<dd>Comme dans le projet Afrique de l’Ouest et du Centre</dd>"), terms)


# -- mail ---------------------------------------------------------------------------------------------------


def deliver(*kinds: str) -> None:
    for kind in kinds:
        for row in OutboxRow.objects.filter(kind=kind, status="waiting"):
            outbox.deliver.func(row.pk)


def test_mail_is_in_french(awa: Person, edition: Edition, time_machine_at: Any) -> None:
    OutboxRow.objects.update(status="done")
    time_machine_at("2009-06-01 14:30:00Z")
    f.bring(edition, "published")
    invitations.invite(awa, edition.twg, actor=None)
    deliver("notice", "mail", "invitation")
    told = {m.subject: m.body for m in mail.outbox if awa.email in m.to}
    moved = told["Profil du Mali, édition 2009 : étape « Publiée »"]
    assert all_of(("Bonjour Awa Traoré,", "passage de «~Passation~» à «~Publiée~»", "le 1er juin 2009 à 14:30"), moved)
    invited = told["Invitation : GTT du Mali"]
    assert all_of(("un siège dans le groupe «~GTT du Mali~»", "jusqu’au 15 juin 2009", "Aucun mot de passe"), invited)
