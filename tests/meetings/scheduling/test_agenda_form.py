"""The form of an agenda: rows with places, what each item is about, and what others may not know (S17, S31)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from meetings.scheduling import agendas
from meetings.scheduling.models import AgendaItem, Meeting
from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.groups.models import TermsOfReference
from workflow.profiles.models import Edition

from . import making as m

pytestmark = pytest.mark.django_db
TITLES = ("Opening", "Part C", "Data plan")


def a_meeting(house: m.House, **of: Any) -> Meeting:
    meeting = m.planned(house)
    agendas.set_agenda(meeting, [{"titles": {"en": title, "fr": f"{title} !"}, **of} for title in TITLES], actor=None)
    meeting.refresh_from_db()
    return meeting


def address(meeting: Meeting) -> str:
    return reverse("meeting-agenda", args=[meeting.pk])


def as_shown(person: Any, meeting: Meeting) -> dict[str, str]:
    """What a browser would send if the person pressed at once."""
    text = browser(person).get(address(meeting)).text
    fields = {}
    for tag in re.findall(r"<input[^>]*>", text):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") != "checkbox" or re.search(r"\schecked", tag):
            fields[told.get("name", "")] = told.get("value", "on" if told.get("type") == "checkbox" else "")
    for name, inside in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', text, re.DOTALL):
        fields[name] = (re.findall(r'value="([^"]*)" selected', inside) or [""])[0]
    fields.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in fields.items() if re.fullmatch(r"\w+_\d+|version|seen", name)}


def send(person: Any, meeting: Meeting, **changed: Any) -> Any:
    return browser(person).post(address(meeting), as_shown(person, meeting) | changed, follow=True)


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in AgendaItem.objects.filter(meeting=meeting)]


def test_who_saves_without_a_change_changes_nothing() -> None:
    house = m.house()
    meeting = a_meeting(house, presenter="Ama", minutes=25)
    before = list(AgendaItem.objects.values())
    assert "The agenda is saved." in send(house.secretariat, meeting).text
    assert list(AgendaItem.objects.values()) == before
    assert Meeting.objects.get(pk=meeting.pk).version == meeting.version, "nothing is told of nothing"


@pytest.mark.parametrize(("moved", "order"), [
    ({"order_3": 1}, ["Data plan", "Opening", "Part C"]),
    ({"order_1": 2}, ["Part C", "Opening", "Data plan"]),
    ({"order_1": 9}, ["Part C", "Data plan", "Opening"]),
    ({"order_1": 2, "order_2": 1}, ["Part C", "Opening", "Data plan"]),
    ({"order_2": ""}, ["Opening", "Part C", "Data plan"]),
    ({"title_4": "Any other business", "order_4": 2}, ["Opening", "Any other business", "Part C", "Data plan"]),
    ({"title_2": ""}, ["Opening", "Data plan"]),
])  # fmt: skip
def test_an_item_takes_another_place_by_another_number(moved: dict[str, Any], order: list[str]) -> None:
    house = m.house()
    meeting = a_meeting(house)
    assert "The agenda is saved." in send(house.secretariat, meeting, **moved).text
    assert titles(meeting) == order
    opening = AgendaItem.objects.get(titles__en="Opening")
    assert opening.titles == {"en": "Opening", "fr": "Opening !"}, "what it is called in French moves along"


def test_an_item_is_about_an_edition_and_the_page_leads_there() -> None:
    house = m.house()
    edition = f.edition(house.twg, stage="workshop")
    other = f.edition(f.twg("ML"), stage="drafting")
    meeting = a_meeting(house)
    page = browser(house.secretariat).get(address(meeting)).text
    assert f'value="edition:{edition.pk}"' in page
    assert f'value="edition:{other.pk}"' not in page
    send(house.secretariat, meeting, about_2=f"edition:{edition.pk}")
    item = AgendaItem.objects.get(titles__en="Part C")
    assert (item.about_kind, item.about_id) == ("edition", edition.pk)
    assert reverse("edition", args=[edition.pk]) in browser(house.members[0]).get(f"/meetings/{meeting.pk}/").text
    assert as_shown(house.secretariat, meeting)["about_2"] == f"edition:{edition.pk}"
    refused = send(house.secretariat, meeting, about_2=f"edition:{other.pk}")
    assert refused.status_code == 422
    assert "What item 2 is about" in refused.text


def test_an_item_about_something_older_than_what_is_offered_keeps_it() -> None:
    house = m.house()
    first, *_others = [f.edition(house.twg, label=str(year)) for year in range(2000, 2008)]
    meeting = a_meeting(house, about_kind="edition", about_id=first.pk)
    assert Edition.objects.count() == 8
    send(house.secretariat, meeting, presenter_1="Ama")
    assert set(AgendaItem.objects.values_list("about_id", "presenter")) == {(first.pk, "Ama"), (first.pk, "")}


def test_a_mistake_is_told_at_its_row() -> None:
    house = m.house()
    meeting = a_meeting(house)
    refused = send(house.secretariat, meeting, minutes_2="0")
    assert refused.status_code == 422
    assert 'href="#id_minutes_2"' in refused.text
    assert 'id="id_minutes_2_error"' in refused.text
    assert titles(meeting) == list(TITLES)


# -- what others may not know ---------------------------------------------------------------------------------


def test_of_two_who_change_closed_items_the_later_reads_it_on_the_page() -> None:
    house = m.house(closed_sessions=True)
    meeting = a_meeting(house)
    stale = as_shown(house.chair, meeting) | {"title_4": "Borders", "closed_4": "on"}
    assert "The agenda is saved." in send(house.secretariat, meeting, title_4="Zanzibar", closed_4="on").text
    answer = browser(house.chair).post(address(meeting), stale)
    assert answer.status_code == 409
    assert "dealt with in closed session" in answer.text
    assert "Borders" in answer.text, "what was typed is given back"
    assert titles(meeting) == [*TITLES, "Zanzibar"]


def test_what_is_closed_stays_closed_when_the_terms_do_not_let_sessions_be_closed_any_more() -> None:
    house = m.house(closed_sessions=True)
    meeting = a_meeting(house)
    send(house.secretariat, meeting, title_4="Zanzibar", closed_4="on")
    TermsOfReference.objects.filter(twg=house.twg).update(closed_sessions=False)
    assert "closed_4" not in browser(house.secretariat).get(address(meeting)).text
    assert "The agenda is saved." in send(house.secretariat, meeting, presenter_1="Ama").text
    assert AgendaItem.objects.get(titles__en="Zanzibar").closed
    assert "Zanzibar" not in browser(house.observer).get(f"/meetings/{meeting.pk}/").text


# -- how heavy it is ------------------------------------------------------------------------------------------


def test_a_long_agenda_asks_no_more_questions_and_stays_light() -> None:
    house = m.house()
    for year in range(2000, 2006):
        f.edition(house.twg, label=str(year))
    meeting = a_meeting(house)
    few = questions(browser(house.secretariat), address(meeting))
    agendas.set_agenda(meeting, [{"titles": {"en": f"Item {number}"}} for number in range(30)], actor=None)
    client = browser(house.secretariat)
    assert questions(client, address(meeting)) == few
    page = client.get(address(meeting), headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 15_000
