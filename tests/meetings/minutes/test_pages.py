"""The pages of minutes: one page while the meeting lasts, readable with scripts off, constant in their questions."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from meetings.minutes.flow import ActionFlow
from meetings.minutes.models import ActionItem, Addendum, Decision, Minutes
from meetings.scheduling.models import MeetingState
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from workflow.engine import services as engine
from workflow.engine.models import Pulse
from workflow.writing.models import Scratch

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


# -- prepared and read ------------------------------------------------------------------------------------


def test_the_secretariat_prepares_them_with_one_press(house: m.House) -> None:
    meeting = m.meeting(house, state=MeetingState.IN_SESSION)
    assert "Prepare the minutes from the agenda" in page(house.secretariat, "meeting-minutes", meeting.pk)
    answer = send(house.secretariat, "minutes-prepare", meeting.pk)
    made = Minutes.objects.get()
    assert answer.headers["Location"] == reverse("minutes", args=[made.pk])
    told = page(house.secretariat, "minutes", made.pk)
    for title in ("1. Opening", "2. Sources of data", "3. Any other business"):
        assert title in told
    assert browser(house.secretariat).get(reverse("meeting-minutes", args=[meeting.pk])).status_code == 302


def test_a_member_waits_until_they_are_begun(house: m.House) -> None:
    meeting = m.meeting(house)
    assert "The secretariat has not begun them." in page(house.director, "meeting-minutes", meeting.pk)
    assert send(house.director, "minutes-prepare", meeting.pk).status_code == 403


def test_a_stranger_finds_nothing(house: m.House) -> None:
    made = m.minutes(house)
    stranger = f.person("A stranger")
    assert browser(stranger).get(reverse("minutes", args=[made.pk])).status_code == 404
    assert browser(stranger).get(reverse("meeting-minutes", args=[made.meeting_id])).status_code == 404
    assert browser(stranger).get(reverse("action-items", args=[house.twg.code])).status_code == 404


def test_what_is_typed_is_kept_while_one_types(house: m.House) -> None:
    section = m.sections(m.minutes(house, state=MeetingState.IN_SESSION))[0]
    answer = send(house.secretariat, "section-scratch", section.pk, body="The chair op", base=0)
    assert answer.status_code == 200
    assert Scratch.objects.get().body == "The chair op"
    assert "The chair op" in page(house.secretariat, "section-edit", section.pk)


def test_what_is_written_is_read_among_the_other_items_and_nobody_is_asked_for_data_in_it(house: m.House) -> None:
    made = m.minutes(house, state=MeetingState.IN_SESSION)
    section = m.sections(made)[0]
    answer = send(house.secretariat, "section-edit", section.pk, body="The chair opened.", base=0)
    assert answer.headers["Location"] == f"{reverse('minutes', args=[made.pk])}#section-{section.pk}"
    assert f'id="section-{section.pk}"' in page(house.secretariat, "minutes", made.pk)
    assert "Ask for data" not in page(house.secretariat, "section", section.pk)


def test_where_nothing_is_to_be_done_nothing_is_filtered(house: m.House) -> None:
    empty = page(house.secretariat, "action-items", house.twg.code)
    assert "Nothing is to be done yet" in empty
    assert 'class="filters"' not in empty
    m.give(m.minutes(house), institution=house.ministry)
    assert 'class="filters"' in page(house.secretariat, "action-items", house.twg.code)


def test_a_stale_editor_shows_both_texts(house: m.House) -> None:
    made = m.minutes(house)
    m.write(made, "The chair opened.", actor=house.secretariat)
    section = m.sections(made)[0]
    answer = send(house.chair, "section-edit", section.pk, body="The minister opened.", base=0)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "The chair opened." in told
    assert "The minister opened." in told


def test_the_page_tells_what_was_said_decided_and_is_to_be_done_and_who_was_there(house: m.House) -> None:
    made = m.minutes(house)
    m.write(made, "The **census** was shown.")
    m.decide(made)
    m.give(made, institution=house.ministry, person=house.director)
    m.decide(made, "Under no item.", item=None)
    told = page(house.director, "minutes", made.pk)
    for words in ("<strong>census</strong>", "The census is used.", "Send the census tables.", "The director",
                  "Under no item of the agenda", "Abidjan", "Ministry of the Interior"):  # fmt: skip
        assert words in told


def test_only_those_who_write_find_the_buttons(house: m.House) -> None:
    made = m.minutes(house)
    button = reverse("meeting-decision-new", args=[made.pk])
    assert button in page(house.secretariat, "minutes", made.pk)
    assert button not in page(house.director, "minutes", made.pk)
    assert browser(house.director).get(button).status_code == 403


# -- taken down -------------------------------------------------------------------------------------------


def test_a_decision_is_taken_down_under_its_item(house: m.House) -> None:
    made = m.minutes(house)
    item = made.items.get(position=2)
    form = reverse("meeting-decision-new", args=[made.pk]) + f"?item={item.pk}"
    assert f'href="{form}"' in page(house.secretariat, "minutes", made.pk)
    assert (
        f'<option value="{item.pk}" selected>Sources of data' in browser(house.secretariat).get(form).content.decode()
    )
    answer = send(house.secretariat, "meeting-decision-new", made.pk, item=item.pk, what="The census is used.")
    assert answer.status_code == 302
    assert Decision.objects.get().item == item


def test_an_action_item_for_nobody_is_refused_on_its_field_and_nothing_is_lost(house: m.House) -> None:
    made = m.minutes(house)
    answer = send(house.secretariat, "action-item-new", made.pk, what="Send the tables.", due="2009-05-01")
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "Say which institution or which person it is for." in told
    assert "Send the tables." in told
    assert "2009-05-01" in told
    assert not ActionItem.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("due", "tomorrow"), ("item", "999999"), ("institution", "x"), ("person", "0"), ("what", ""), ("what", "a\x00b"),
     ("what", "x" * 2001)],
)  # fmt: skip
def test_bad_input_is_refused_with_a_message(house: m.House, field: str, value: str) -> None:
    made = m.minutes(house)
    told = {"what": "Send the tables.", "institution": house.ministry.pk, field: value}
    assert send(house.secretariat, "action-item-new", made.pk, **told).status_code == 422


def test_a_stale_form_says_who_was_faster_and_gives_back_what_was_typed(house: m.House) -> None:
    decided = m.decide(m.minutes(house))
    fields = {"item": decided.item_id, "what": "The census of 1998.", "version": decided.version}
    assert send(house.chair, "meeting-decision-edit", decided.pk, **fields).status_code == 302
    fields["what"] = "The census of 2006."
    answer = send(house.secretariat, "meeting-decision-edit", decided.pk, **fields)
    assert answer.status_code == 409
    assert "The census of 2006." in answer.content.decode()
    assert "The chair" in answer.content.decode()


def test_whoever_owes_it_says_on_its_page_that_it_is_done(house: m.House) -> None:
    given = m.give(m.minutes(house), institution=house.ministry)
    assert "It is done" in page(house.director, "action-item", given.pk)
    address = reverse("act", args=["action_item", given.pk, "finish"])
    answer = browser(house.director).post(address, {"version": given.version, "note": "Sent."})
    assert answer.status_code == 302
    assert "Sent." in page(house.director, "action-item", given.pk)


def test_observers_read_no_names(house: m.House) -> None:
    given = m.give(m.minutes(house), institution=house.ministry, person=house.director)
    for name, key in (("action-item", given.pk), ("minutes", given.minutes_id), ("action-items", house.twg.code)):
        assert "The director" in page(house.secretariat, name, key)
        assert "The director" not in page(house.observer, name, key)


# -- circulated, approved, corrected ----------------------------------------------------------------------


def test_they_are_circulated_from_their_page(house: m.House) -> None:
    made = m.minutes(house)
    m.write(made)
    address = reverse("act", args=["minutes", made.pk, "circulate"])
    assert "Silence approves" in browser(house.secretariat).get(address).content.decode()
    made.refresh_from_db()
    answer = browser(house.secretariat).post(
        address, {"version": made.version, "deadline": "2999-01-01T12:00", "by_silence": "on"}
    )
    assert answer.status_code == 302
    told = page(house.director, "minutes", made.pk)
    assert "The comment round" in told
    assert "Silence approves the minutes." in told


@pytest.mark.parametrize("deadline", ["", "soon", "1999-01-01T12:00"])
def test_a_wrong_deadline_is_refused_on_the_page(house: m.House, deadline: str) -> None:
    made = m.minutes(house)
    m.write(made)
    made.refresh_from_db()
    address = reverse("act", args=["minutes", made.pk, "circulate"])
    answer = browser(house.secretariat).post(address, {"version": made.version, "deadline": deadline})
    assert answer.status_code == 422


def test_an_addendum_is_signed_on_its_page(house: m.House) -> None:
    made = m.approved(house)
    assert "Add an addendum" in page(house.secretariat, "minutes", made.pk)
    fields = {"words": "It was 2007.", "version": made.version}
    assert send(house.secretariat, "addendum-new", made.pk, **fields).status_code == 302
    assert Addendum.objects.get().words == "It was 2007."
    told = page(house.director, "minutes", made.pk)
    assert "It was 2007." in told
    assert "The secretariat" in told
    assert send(house.secretariat, "addendum-new", made.pk, words="", version=made.version).status_code == 422
    assert send(house.secretariat, "addendum-new", made.pk, words="Late.", version=made.version).status_code == 409


def test_before_approval_an_addendum_is_refused_with_its_reason(house: m.House) -> None:
    made = m.minutes(house)
    answer = send(house.secretariat, "addendum-new", made.pk, words="It was 2007.", version=made.version)
    assert answer.status_code == 409
    assert "not approved yet" in answer.content.decode()


def test_whoever_has_the_page_open_sees_what_is_written_and_decided(house: m.House, settings: Any) -> None:
    settings.REDIS_URL = ""  # what is told then is written down, and can be counted
    made = m.minutes(house)
    section = m.write(made)
    told = page(house.director, "minutes", made.pk)
    assert f'data-live="text:{section.text_id}"' in told
    assert f'data-live="minutes:{made.pk}"' in told
    Pulse.objects.all().delete()
    given = m.give(made, institution=house.ministry)
    engine.perform(ActionFlow(given), "finish", actor=house.director)
    pulses = Pulse.objects.filter(subject_kind="minutes", subject_id=made.pk)
    assert pulses.count() == 2
