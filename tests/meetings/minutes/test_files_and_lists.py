"""Minutes taken along as Word and PDF, and the lists of a TWG: constant in their questions."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from meetings.minutes.models import Minutes
from meetings.scheduling.models import AgendaItem
from tests.groups.reading import browser, questions
from tests.meetings.minutes import making as m
from workflow.documents import pdf_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house()


def page(person: Any, name: str, *args: Any, status: int = 200) -> str:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Any, name: str, pk: int, /, **fields: Any) -> Any:
    return browser(person).post(reverse(name, args=[pk]), fields)


# -- taken along ------------------------------------------------------------------------------------------


def word_of(person: Any, made: Minutes) -> str:
    answer = browser(person).get(reverse("minutes-export", args=[made.pk, "docx"]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()


def test_the_word_file_bears_the_letterhead_the_rows_and_the_attendance_by_rank(house: m.House) -> None:
    made = m.minutes(house)
    m.write(made)
    m.decide(made, "The census | is *used*.")
    m.give(made, institution=house.ministry, person=house.director)
    told = word_of(house.secretariat, made)
    for words in ("TWG of CI", "Abidjan", "The figures were presented.", "The census | is *used*.",
                  "Send the census tables.", "AGEPE"):  # fmt: skip
        assert words in told, words
    assert told.index("Director") < told.index("Technical expert")


def test_observers_take_no_names_along(house: m.House) -> None:
    made = m.minutes(house)
    assert "The director" not in word_of(house.observer, made)


def test_the_addenda_are_in_the_file(house: m.House) -> None:
    made = m.approved(house)
    send(house.chair, "addendum-new", made.pk, words="It was 2007.", version=made.version)
    assert "It was 2007." in word_of(house.director, made)


@pytest.mark.skipif(bool(pdf_out.available()), reason="Pango is missing")
def test_the_pdf_is_one(house: m.House) -> None:
    answer = browser(house.director).get(reverse("minutes-export", args=[m.minutes(house).pk, "pdf"]))
    assert answer.content.startswith(b"%PDF")


# -- lists ------------------------------------------------------------------------------------------------


def test_lists_and_pages_ask_as_many_questions_however_long_they_are(house: m.House) -> None:
    made = m.minutes(house)
    m.decide(made)
    m.give(made, institution=house.ministry)
    client = browser(house.director)
    pages = [reverse("action-items", args=[house.twg.code]), reverse("meeting-decisions", args=[house.twg.code]),
             reverse("minutes", args=[made.pk]), reverse("home"), reverse("twg", args=[house.twg.code])]  # fmt: skip
    before = {address: questions(client, address) for address in pages}
    for number in range(5):
        m.decide(made, f"Decision {number}.")
        m.give(made, f"Action {number}.", institution=house.ministry, person=house.director)
        AgendaItem.objects.create(meeting=made.meeting, position=10 + number, titles={"en": f"Item {number}"})
    send(house.secretariat, "minutes-prepare", made.meeting_id)
    assert {address: questions(client, address) for address in pages} == before


def test_the_list_is_filtered(house: m.House) -> None:
    made = m.minutes(house)
    m.give(made, "Long ago.", institution=house.ministry, due="2009-05-01")
    m.give(made, "Soon.", institution=house.ministry, due="2999-05-01")
    address = reverse("action-items", args=[house.twg.code])
    late = browser(house.director).get(address, {"overdue": "on"}).content.decode()
    assert "Long ago." in late
    assert "Soon." not in late
    assert "No action item found" in browser(house.director).get(address, {"state": "done"}).content.decode()
    assert "Soon." in browser(house.director).get(address, {"state": "nonsense"}).content.decode()
