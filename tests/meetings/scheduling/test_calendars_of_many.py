"""A region's calendar and the public's, and the days until which something waits: nobody reads what is not theirs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.scheduling import planning, subscriptions
from tests.ballots import voting
from tests.comments import making as comments
from tests.groups.reading import browser, questions
from tests.meetings.minutes import making as minutes

from . import making as m

pytestmark = pytest.mark.django_db


def entries(path: str, **options: Any) -> list[Any]:
    """All that stands in it, which both parsers read alike."""
    answer = browser(None).get(path, **options)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    [other] = vobject.readComponents(answer.content.decode(), validate=True)
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(found) == len(other.contents.get("vevent", []))
    return found


def titles(path: str, **options: Any) -> list[str]:
    return [str(one["SUMMARY"]) for one in entries(path, **options)]


def address(person: Any, **of: Any) -> str:
    return reverse("calendar-feed", args=[subscriptions.make(person, **of)[1]])


# -- a region's -----------------------------------------------------------------------------------------------


def test_a_regions_calendar_holds_what_its_reader_may_know_of_all_its_twgs() -> None:
    ecowas = m.f.region("west", "GH,TG")
    ghana, togo, mali = m.house(), m.f.twg("TG"), m.f.twg("ML")
    regional = m.f.twg("", region=ecowas, preset="regional")
    member = ghana.members[0]
    for twg in (togo, mali, regional):
        m.f.groups.give_seat(twg, member, {"role": "member", "institution": ghana.institutions[0]}, actor=None)
    m.scheduled(ghana, titles={"en": "Ghana's"})
    for twg, title in ((togo, "Togo's"), (mali, "Mali's"), (regional, "The region's")):
        _meets(twg, title)
    found = {"Ghana's", "Togo's", "The region's"}
    assert set(titles(address(member, region=ecowas))) == found
    assert set(titles(address(ghana.members[1], region=ecowas))) == {"Ghana's"}, "no more than they read anyway"
    assert titles(address(m.f.person(), region=ecowas)) == []


def _meets(twg: Any, title: str, **fields: Any) -> Any:
    starts = timezone.now() + timedelta(days=9)
    told = {"titles": {"en": title}, "starts_at": starts, "ends_at": starts + timedelta(hours=2), **fields}
    return m.engine.create(m.Meeting(twg=twg, **told), actor=None, begins="scheduled")


def test_a_region_is_offered_to_those_who_read_a_twg_of_it() -> None:
    house = m.house()
    west = m.f.region("west", "GH,TG", acronym="WEST")
    m.f.region("east", "KE,UG", acronym="EAST")
    page = browser(house.members[0]).get(reverse("calendar-links")).text
    assert 'value="region:west"' in page
    assert "EAST" not in page
    member = browser(house.members[0])
    assert "Palabre: WEST" in _feed_of(member.post(reverse("calendar-links"), {"of": f"region:{west.code}"}).text)
    assert member.post(reverse("calendar-links"), {"of": "region:east"}).status_code == 404
    assert member.post(reverse("calendar-links"), {"of": "twg:nowhere"}).status_code == 404
    assert "west" not in browser(m.f.person()).get(reverse("calendar-links")).text


def _feed_of(page: str) -> str:
    path = page.partition('<p class="hash">')[2].partition("</p>")[0].partition("8000")[2]
    return browser(None).get(path).content.decode()


# -- the days ---------------------------------------------------------------------------------------------------


def test_a_twgs_calendar_has_the_days_of_comments_and_actions() -> None:
    house = minutes.house("GH")
    told = minutes.minutes(house)
    minutes.give(told, "Send the census tables.", institution=house.ministry, due=date(2031, 5, 6))
    minutes.give(told, "Some day.", institution=house.ministry, due=None)
    round_ = comments.opened(house.twg)
    found = {str(one["SUMMARY"]): one for one in entries(address(house.director, twg=house.twg))}
    assert found["To be done: Send the census tables."]["DTSTART"].dt == date(2031, 5, 6)
    assert found[f"Comments close: {round_}"]["DTSTART"].dt == timezone.localtime(round_.deadline).date()
    assert "To be done: Some day." not in found
    assert {str(one["TRANSP"]) for title, one in found.items() if ": " in title} == {"TRANSPARENT"}
    assert browser(None).get(address(m.f.person(), twg=house.twg)).status_code == 404


def test_a_twgs_calendar_has_the_day_on_which_a_vote_closes() -> None:
    house = voting.house()
    ballot = voting.opened(house)
    found = {str(one["SUMMARY"]): one for one in entries(address(house.members[0], twg=house.twg))}
    assert found[f"The vote closes: {ballot}"]["DTSTART"].dt == timezone.localtime(ballot.deadline).date()


def test_what_was_decided_behind_closed_doors_waits_in_nobody_elses_calendar() -> None:
    house = minutes.house("GH")
    main = minutes.minutes(house, closed_items=(2,))
    minutes.give(minutes.beside(main), "Zyxsecret.", institution=house.ministry, due=date(2031, 5, 6))
    assert "To be done: Zyxsecret." in titles(address(house.secretariat, twg=house.twg))
    assert titles(address(house.activist, twg=house.twg)) == ["Third meeting"]


def test_ones_own_calendar_has_the_actions_that_one_owes_on_the_day_of_ones_own_zone() -> None:
    house = minutes.house("GH")
    minutes.give(minutes.minutes(house), "Send the census tables.", institution=house.ministry, due=date(2031, 5, 6))
    found = {str(one["SUMMARY"]): one for one in entries(address(house.director))}
    assert found["Send the census tables."]["DTSTART"].dt == date(2031, 5, 6)
    assert "Send the census tables." not in titles(address(house.activist))


# -- the public's -----------------------------------------------------------------------------------------------


def public(house: m.House, title: str = "Launch", **fields: Any) -> Any:
    return m.scheduled(house, titles={"en": title, "fr": "Lancement"}, public=True, **fields)


def test_the_public_reads_what_is_announced_and_of_that_no_more_than_when_and_where() -> None:
    house = m.house()
    meeting = public(
        house, descriptions={"en": "Zyxinside"}, video_url="https://meet.example/zyx", form="hybrid", dial_in="Zyxdial"
    )
    m.scheduled(house, titles={"en": "Zyxmembers"}, days=30)
    for path in (reverse("public-calendar-feed"), reverse("public-calendar")):
        answer = browser(None).get(path)
        assert (answer.status_code, b"Launch" in answer.content) == (200, True)
        told = answer.content.replace(b"\r\n ", b"").lower()
        for hidden in (b"zyx", meeting.uid.encode(), house.members[0].email.encode(), b"attendee", b"valarm"):
            assert hidden not in told
    [entry] = entries(reverse("public-calendar-feed"))
    assert (str(entry["LOCATION"]), entry["DTSTART"].dt) == ("Accra", meeting.starts_at)


def test_a_closed_meeting_is_never_public_and_one_that_is_closed_leaves() -> None:
    house = m.house(closed_sessions=True)
    shut = {"closed": True, "closed_reason": "Sovereignty."}
    with pytest.raises(ValidationError, match="not announced to the public"):
        public(house, **shut)
    meeting = public(house)
    with pytest.raises(ValidationError, match="not announced to the public"):
        planning.change(meeting, shut, actor=house.secretariat)
    planning.change(meeting, {**shut, "public": False}, actor=house.secretariat)
    assert titles(reverse("public-calendar-feed")) == []
    assert "Launch" not in browser(None).get(reverse("public-calendar")).text


def test_the_public_sees_a_cancelled_meeting_as_cancelled() -> None:
    house = m.house()
    m.press(public(house), "cancel", note="Zyxreason.")
    [entry] = entries(reverse("public-calendar-feed"))
    assert (str(entry["STATUS"]), "Zyx" in entry.to_ical().decode()) == ("CANCELLED", False)


def test_the_public_calendar_is_in_ones_language_and_of_ones_region() -> None:
    house = m.house()
    m.f.region("west", "GH,TG", acronym="WEST")
    m.f.region("east", "KE", acronym="EAST")
    public(house)
    feed = reverse("public-calendar-feed")
    assert titles(f"{feed}?language=fr&region=west") == titles(f"{feed}?language=fr") == ["Lancement"]
    assert titles(f"{feed}?region=east") == []
    assert titles(f"{feed}?language=xx") == ["Launch"]
    assert browser(None).get(f"{feed}?region=nowhere").status_code == 404
    page = browser(None).get(reverse("public-calendar") + "?region=west").text
    assert "public.ics?language=en&amp;region=west" in page
    assert 'href="webcal://' in page
    assert "Launch" not in browser(None).get(reverse("public-calendar") + "?region=east").text


def test_the_public_calendar_is_not_sent_twice_either() -> None:
    public(m.house())
    first = browser(None).get(reverse("public-calendar-feed"))
    assert "public" in first["Cache-Control"]
    for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = browser(None).get(reverse("public-calendar-feed"), headers=asked)
        assert (again.status_code, again.content) == (304, b"")


def test_the_secretariat_announces_a_meeting_by_its_form() -> None:
    house = m.house()
    meeting = m.scheduled(house)
    asked = {"titles_en": "Launch", "kind": "launch", "form": "in_person", "place": "Accra", "public": "on",
             "version": m.Meeting.objects.get().version}  # fmt: skip
    answer = browser(house.secretariat).post(reverse("meeting-edit", args=[meeting.pk]), asked, follow=True)
    assert "Announced to the public" in answer.text
    assert titles(reverse("public-calendar-feed")) == ["Launch"]


def test_longer_calendars_ask_no_more_questions() -> None:
    house, west = m.house(1), m.f.region("west", "GH,TG")
    public(house)
    paths = [reverse("public-calendar-feed"), reverse("public-calendar"), address(house.members[0], region=west)]
    few = [questions(browser(None), path) for path in paths]
    for days in (30, 40, 50):
        public(house, days=days)
    assert [questions(browser(None), path) for path in paths] == few
    assert max(few) <= 9
