"""Palabre in Portuguese: European, in the spelling of 1990, formal, and in mail as on pages.

That no page has English left in it is the language sweep's to prove (tests/sweeps/test_languages.py).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.utils import translation
from django.utils.translation import ngettext

from tests import factories as f
from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.groups import invitations, selectors_places, twg_selectors
from workflow.groups import services as groups
from workflow.groups.models import Twg

from . import catalogue

FORMS = [
    form
    for message in catalogue.read(settings.BASE_DIR / "locale" / "pt" / "LC_MESSAGES" / "django.po", "pt")
    if message.id
    for form in catalogue.forms(message)
]
BRAZILIAN = (
    r"(?i)usuári|arquiv|salvar|\btela|equipe\b|senha|deletar|gerenci|registr|contat[eao]|\bvocês?\b|\b(tu|teu|tua)\b"
)
BEFORE_1990 = r"(?i)acç|[^s]ecç|\bact[aou]|direct|project|object|respect|efect|excep|adopt|óptim"
MONTHS = r"(Janeir|Fevereir|Març|Abril|Mai|Junh|Julh|Agost|Setembr|Outubr|Novembr|Dezembr)o?\b"


def found(pattern: str, forms: list[str] = FORMS) -> list[str]:
    return [form for form in forms if re.search(pattern, catalogue.PLACE.sub("x", form))]


@pytest.mark.parametrize(("pattern", "example"), [(BRAZILIAN, "Salvar"), (BEFORE_1990, "Direcção"), (MONTHS, "Junho")])
def test_it_is_european_and_spelt_as_agreed_in_1990(pattern: str, example: str) -> None:
    assert found(pattern, [example]), "the pattern finds what it is for"
    assert found(pattern) == []


def test_it_uses_the_words_of_the_field_and_marks_of_portuguese_print() -> None:
    assert found(r"\b(TWG|IOM|ECOWAS|ateliê|workshop)") == []
    assert found(r"[“”\"]", [form for form in FORMS if "<a href" not in form]) == []
    assert found(r" [:;?!]|«\s|\s»") == []


def test_nothing_is_plural_and_one_is_not() -> None:
    with translation.override("pt"):
        told = [ngettext("%(count)d day", "%(count)d days", count) % {"count": count} for count in (0, 1, 2)]
    assert told == ["0 dias", "1 dia", "2 dias"]


@pytest.mark.parametrize(("least", "most", "told"), [
    (1, 1, "todos os meses"), (3, 3, "a intervalos de 3 meses"), (2, 3, "a intervalos de 2 a 3 meses"),
])  # fmt: skip
def test_the_rhythm_of_meetings_is_said_as_people_say_it(least: int, most: int, told: str) -> None:
    with translation.override("pt"):
        assert twg_selectors.cadence(Twg(cadence_from=least, cadence_to=most)) == told


def test_a_new_twg_of_cape_verde_is_called_and_works_in_portuguese() -> None:
    languages = selectors_places.languages_of("CV")
    assert languages == ["pt"]
    assert selectors_places.names_for("CV", languages)["pt"] == "Grupo técnico de trabalho sobre a migração, Cabo Verde"


@pytest.mark.django_db
def test_mail_to_cape_verde_is_in_portuguese(time_machine_at: Any) -> None:
    praia = f.twg("CV", names={"en": "Cape Verde TWG", "pt": "GTT de Cabo Verde"}, languages=["pt"])
    chair = f.seat(praia, "chair", "João Évora")
    ana = f.person("Ana Tavares", language="pt", time_zone="Atlantic/Cape_Verde")
    office = groups.create_institution(
        {"code": "ine", "names": {"pt": "INE"}, "category": "statistics", "country": "CV"}, actor=None
    )
    groups.give_seat(praia, ana, {"role": "member", "institution": office}, actor=None)
    edition = f.edition(f.profile(praia, names={"pt": "Perfil de Cabo Verde"}), stage="handover")
    OutboxRow.objects.update(status="done")
    time_machine_at("2009-06-01 14:30:00Z")
    f.perform(edition, "withdraw", actor=chair, note="Nova eleição.")
    invitations.invite(ana, praia, actor=None)
    for row in OutboxRow.objects.filter(status="waiting", kind="notice"):
        outbox.deliver.func(row.pk)
    for row in OutboxRow.objects.filter(status="waiting"):
        outbox.deliver.func(row.pk)
    told = {m.subject: m.body for m in mail.outbox if ana.email in m.to}
    moved = told["Perfil de Cabo Verde, edição 2009: agora em «Retirada»"]
    assert "Perfil de Cabo Verde, edição 2009: passou de «Transferência» para «Retirada»." in moved
    assert "Autor: João Évora, em 1 de junho de 2009, 13:30 (Atlantic/Cape_Verde)." in moved
    invited = told["Convite: GTT de Cabo Verde"]
    assert "um lugar em «GTT de Cabo Verde», em representação de «INE»." in invited
    assert "até 15 de junho de 2009." in invited
