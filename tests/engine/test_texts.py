"""Signs that nobody sees do not get in, by whatever door; names of every other kind do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests import factories as f
from workflow.engine import texts
from workflow.engine.errors import Incomplete
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, Twg

pytestmark = pytest.mark.django_db

TURNED = "Ministry \u202eyrtsiniM"
STORY = "Line one\n\tand two"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\u2028"])
def test_what_nobody_sees_is_no_text(sign: str) -> None:
    with pytest.raises(ValidationError, match="can't be shown"):
        texts.validate(f"Gha{sign}na")


@pytest.mark.parametrize(
    "text", ["", STORY, "وزارة الداخلية \u200f(الرباط)", "N'Djaména – Ŋgaoundéré", "<b>&amp;", "字" * 300]
)
def test_words_of_any_language_are(text: str) -> None:
    texts.validate(text)


def test_an_institutions_name_with_an_override_is_refused_on_its_field() -> None:
    ministry = f.institution("Ministry of Interior")
    with pytest.raises(ValidationError) as refused:
        groups.change_institution(ministry, {"names": {"en": TURNED}}, actor=None)
    assert list(refused.value.message_dict) == ["names"]
    with pytest.raises(ValidationError) as refused:
        f.institution("Ministry", acronym="M\u202eI")
    assert list(refused.value.message_dict) == ["acronym"]


def test_a_persons_own_name_is_refused_on_the_page_and_nothing_is_changed() -> None:
    awa = f.person("Awa")
    client = Client()
    client.force_login(awa)
    typed = {"name": TURNED, "language": "en", "time_zone": "UTC", "version": awa.version}
    answer = client.post(reverse("me"), typed)
    assert answer.status_code == 422
    assert "can&#x27;t be shown" in answer.content.decode()
    assert Person.objects.get(pk=awa.pk).name == "Awa"


@pytest.mark.parametrize("answers", [{"note": TURNED}, {"note": "Why not", "decision_body": TURNED}])
def test_neither_a_reason_nor_a_decision_holds_one(answers: dict[str, Any]) -> None:
    edition = f.edition(f.twg("GH"), stage="comment")
    step = "request_endorsement" if "decision_body" in answers else "return_to_drafting"
    with pytest.raises(Incomplete) as refused:
        f.perform(edition, step, **answers)
    assert set(refused.value.fields) == {"decision_body" if "decision_body" in answers else "note"}


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% csrf_token %}",
    "W" * 300,
    "وزارة الداخلية والجماعات المحلية",
)


@pytest.fixture
def secretariat() -> Client:
    ghana = f.twg("GH", names={"en": HOSTILE[0]})
    client = Client()
    client.force_login(f.seat(ghana, "secretariat", HOSTILE[1]))
    for name in HOSTILE:
        f.seat(ghana, "member", name[:200], institution=f.institution(name, acronym=name[:20]))
    return client


def test_hostile_names_are_shown_as_they_are_written_and_do_nothing(secretariat: Client) -> None:
    twg = Twg.objects.get()
    institution = Institution.objects.order_by("pk").first()
    assert institution is not None
    pages = [
        reverse("twg", args=[twg.code]),
        reverse("directory"),
        reverse("home"),
        reverse("institution", args=[institution.code]),
        reverse("history", args=["twg", twg.pk]),
        f"{reverse('search')}?q=%3Cscript%3E",
    ]
    for page in pages:
        html = secretariat.get(page).content.decode()
        assert "<script>alert" not in html
        assert "onerror=alert(1)>" not in html.replace("onerror=alert(1)&gt;", "")
        assert ">49<" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in secretariat.get(pages[0]).content.decode()
