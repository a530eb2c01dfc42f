"""A day in the life of the secretariat, on her phone: from finding a date to approved minutes (S17-S19, S31)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.serving import served

from .conftest import PHONE, Complaints, Enter, click
from .looking import axe_complaints, overflow

SOON = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
ITEMS = ("Opening", "Part C after the comments", "Data plan")


@dataclass
class Meeting:
    """A running server with a TWG that is about to meet; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    emails: dict[str, str]
    twg: str
    meetings: str


@pytest.fixture(scope="module")
def about_to_meet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meeting]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.meeting:main") as running:
        yield Meeting(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(about_to_meet: Meeting) -> Meeting:
    return about_to_meet


def phone(enter: Enter, who: str, complaints: Complaints) -> Any:
    """Somebody's phone, on a line that takes its time."""
    page = enter(who, viewport=PHONE, has_touch=True, is_mobile=True)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 120, "downloadThroughput": 400_000, "uploadThroughput": 200_000,
    })  # fmt: skip
    complaints.listen(page)
    return page


def press(page: Any, name: str) -> None:
    click(page, page.get_by_role("main").get_by_role("button", name=name, exact=True))


def follow(page: Any, name: str) -> None:
    click(page, page.get_by_role("main").get_by_role("link", name=name, exact=True).first)


def write(page: Any, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"main [name={name}]").fill(text)


def said(page: Any, words: str) -> None:
    page.get_by_text(words).first.wait_for()


def look(page: Any, name: str) -> None:
    """The page fits its window and can be used by everybody; with PALABRE_SCREENSHOTS it is kept as a picture."""
    page.wait_for_load_state("networkidle")
    if pictures := os.environ.get("PALABRE_SCREENSHOTS"):
        page.screenshot(path=f"{pictures}/meeting-{name}.png", full_page=True)
    assert not overflow(page), name
    assert axe_complaints(page) == [], name


def mailed(page: Any, site: Meeting, who: str, words: str) -> str:
    """The newest mail to somebody whose subject has these words, as the demonstration's mail box shows it."""
    letter = page.locator("details.panel", has=page.locator("summary", has_text=site.emails[who])).filter(
        has=page.locator("summary", has_text=words)
    )  # fmt: skip
    for _turn in range(60):
        page.goto(f"{site.url}/demo/mail/", wait_until="domcontentloaded")
        if letter.count():
            return str(letter.first.text_content())
        page.wait_for_timeout(500)
    raise AssertionError(f"no mail with “{words}” came to {who}")


def link_in(letter: str) -> str:
    found = re.search(r"https?://\S+/invited/[^/\s]+/", letter)
    assert found, letter
    return found[0]


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_a_day_in_the_life_of_the_secretariat(site: Meeting, enter: Enter) -> None:
    complaints = Complaints()
    keeper, box = phone(enter, "secretariat", complaints), enter("anonymous")
    meeting = plans(keeper, site)
    asks_for_a_date(keeper)
    answers_by_the_link(enter, box, site, complaints)
    sets_and_moves_the_date(keeper, meeting, box, site)
    prints_the_agenda(keeper, meeting)
    opens_and_they_sign_in(keeper, meeting, enter, site, complaints)
    minutes = writes_the_minutes(keeper, meeting)
    circulates_and_approves(keeper, minutes, meeting, box, site)
    one_reads_it_in_a_calendar_and_stops(phone(enter, "interior", complaints), site)
    assert complaints.found == []


def plans(keeper: Any, site: Meeting) -> str:
    """From home to a meeting with its people and its agenda."""
    keeper.goto(site.url, wait_until="networkidle")
    keeper.get_by_text("Menu", exact=True).click()
    keeper.locator("details.menu.narrow").get_by_role("link", name="Meetings", exact=True).click()
    keeper.get_by_role("heading", name="Meetings", level=1).wait_for()
    look(keeper, "all")
    keeper.goto(site.url + site.twg, wait_until="networkidle")
    keeper.locator("section", has=keeper.locator("#meetings")).get_by_role("link", name="Plan a meeting").click()
    write(keeper, titles_en="Third meeting", place="Accra, Ministry of Interior, room 12")
    look(keeper, "plan")
    press(keeper, "Plan it")
    said(keeper, "Now choose who is invited")
    look(keeper, "people")
    keeper.locator("summary", has_text="Key institutions").click()
    keeper.get_by_role("group", name="Key institutions").get_by_label("Ministry 0").check()
    press(keeper, "Save the list")
    said(keeper, "The list is saved.")
    meeting = str(keeper.url)
    follow(keeper, "Agenda")
    write(keeper, **{f"title_{number}": title for number, title in enumerate(ITEMS, 1)})
    look(keeper, "agenda")
    press(keeper, "Save the agenda")
    said(keeper, "The agenda is saved.")
    return meeting


def asks_for_a_date(keeper: Any) -> None:
    follow(keeper, "Dates to choose from")
    for number, days in enumerate((20, 21), 1):
        first = SOON + timedelta(days=days)
        write(keeper, **{f"starts_{number}": at(first), f"ends_{number}": at(first + timedelta(hours=3))})
    press(keeper, "Save the dates")
    said(keeper, "The dates are saved.")
    follow(keeper, "Ask which date suits")
    press(keeper, "Ask which date suits")
    keeper.get_by_role("heading", name="Which date suits", exact=True).wait_for()


def answers_by_the_link(enter: Enter, box: Any, site: Meeting, complaints: Complaints) -> None:
    """One has no objection to any date; of another, whose institution is key, only the second suits."""
    labour = phone(enter, "anonymous", complaints)
    labour.goto(link_in(mailed(box, site, "labour", "date")), wait_until="networkidle")
    look(labour, "answer-poll")
    press(labour, "All of them suit me")
    said(labour, "your answer is recorded")
    interior = phone(enter, "anonymous", complaints)
    interior.goto(link_in(mailed(box, site, "interior", "date")), wait_until="networkidle")
    days = interior.locator("form.form fieldset")
    days.nth(0).get_by_label("no", exact=True).check()
    days.nth(1).get_by_label("yes", exact=True).check()
    press(interior, "Send the answer")
    said(interior, "your answer is recorded")


def sets_and_moves_the_date(keeper: Any, meeting: str, box: Any, site: Meeting) -> None:
    keeper.goto(meeting, wait_until="networkidle")
    best = keeper.get_by_role("row").filter(has_text="suits best")
    best.wait_for()
    look(keeper, "poll")
    follow(keeper, "Set the date")
    assert keeper.locator("[name=starts_at]").input_value().startswith(at(SOON + timedelta(days=21))[:13]), (
        "it is filled in"
    )
    press(keeper, "Set the date")
    keeper.locator("header.head .badge", has_text="Scheduled").wait_for()
    assert "Third meeting" in mailed(box, site, "statistics", "Third meeting")
    follow(keeper, "Move to another date")
    moved_to = SOON + timedelta(days=22)
    write(keeper, note="The minister is back a day later.", starts_at=at(moved_to),
          ends_at=at(moved_to + timedelta(hours=3)))  # fmt: skip
    press(keeper, "Move to another date")
    keeper.locator("header.head .badge", has_text="Scheduled").wait_for()
    moved = mailed(box, site, "statistics", "Changed: Third meeting")
    assert "The minister is back a day later." in moved
    answering = link_in(moved)
    box.goto(answering, wait_until="networkidle")
    look(box, "answer")
    press(box, "I come")
    said(box, "your answer is recorded")
    keeper.get_by_text("1 come, 0 perhaps").wait_for()
    look(keeper, "scheduled")


def prints_the_agenda(keeper: Any, meeting: str) -> None:
    follow(keeper, "To print")
    keeper.get_by_role("row").filter(has_text="Data plan").wait_for()
    look(keeper, "print")
    keeper.emulate_media(media="print")
    assert keeper.get_by_role("navigation").count() == 0 or not keeper.locator("nav.wide").is_visible()
    keeper.emulate_media(media="screen")
    keeper.goto(meeting, wait_until="networkidle")


def opens_and_they_sign_in(keeper: Any, meeting: str, enter: Enter, site: Meeting, complaints: Complaints) -> None:
    """The room's screen shows the code; each signs in on a phone of their own; the quorum is reached."""
    follow(keeper, "Open the session")
    press(keeper, "Open the session")
    keeper.locator("header.head .badge", has_text="In session").wait_for()
    screen = enter("secretariat")
    screen.goto(f"{meeting}attendance/screen/", wait_until="networkidle")
    screen.locator(".code-digits").wait_for()
    look(screen, "screen")
    for who in ("interior", "labour"):
        theirs = phone(enter, who, complaints)
        theirs.goto(meeting.replace("/meetings/", "/here/"), wait_until="networkidle")
        theirs.get_by_label("Code on the screen", exact=False).fill(screen.locator(".code-digits").inner_text())
        press(theirs, "Go on")
        theirs.get_by_role("button", name=re.compile("I am here: .*room")).click()
        said(theirs, "You are on the list")
    screen.locator(".badge", has_text="quorum").wait_for()
    assert screen.locator(".screen-count").inner_text() == "2"


def writes_the_minutes(keeper: Any, meeting: str) -> str:
    keeper.goto(meeting, wait_until="networkidle")
    press(keeper, "Prepare the minutes from the agenda")
    said(keeper, "The minutes follow the agenda.")
    minutes = str(keeper.url)
    look(keeper, "minutes")
    keeper.get_by_role("link", name=re.compile(f"Write.*{ITEMS[1]}")).click()
    keeper.locator("textarea[name=body]").press_sequentially("The TWG read Part C.")
    keeper.locator("#kept", has_text="Kept as you typed").wait_for()
    keeper.locator("textarea[name=body]").press_sequentially(" It agreed.")
    press(keeper, "Save")
    said(keeper, "The TWG read Part C. It agreed.")
    keeper.goto(minutes, wait_until="networkidle")
    keeper.get_by_role("link", name=re.compile(f"Take down an action item.*{ITEMS[2]}")).click()
    write(keeper, what="Draft the data plan.")
    keeper.locator("[name=institution]").select_option(label="Ministry 1")
    keeper.locator(".form-foot button.button").click()
    said(keeper, "Draft the data plan.")
    return minutes


def circulates_and_approves(keeper: Any, minutes: str, meeting: str, box: Any, site: Meeting) -> None:
    keeper.goto(meeting, wait_until="networkidle")
    follow(keeper, "It was held")
    press(keeper, "It was held")
    keeper.locator("header.head .badge", has_text="Held").wait_for()
    keeper.goto(minutes, wait_until="networkidle")
    follow(keeper, "Circulate the minutes")
    press(keeper, "Circulate the minutes")
    keeper.locator("header.head .badge", has_text="Circulated").wait_for()
    look(keeper, "circulated")
    follow(keeper, "The comment round")
    follow(keeper, "Close the round")
    press(keeper, "Close the round")
    keeper.locator("header.head .badge", has_text="Closed").wait_for()
    keeper.goto(minutes, wait_until="networkidle")
    follow(keeper, "Approve the minutes")
    press(keeper, "Approve the minutes")
    keeper.locator("header.head .badge", has_text="Approved").wait_for()
    keeper.goto(meeting, wait_until="networkidle")
    keeper.locator("header.head .badge", has_text="Minutes approved").wait_for()
    look(keeper, "approved")
    assert mailed(box, site, "statistics", "Minutes")


def one_reads_it_in_a_calendar_and_stops(page: Any, site: Meeting) -> None:
    """A calendar program reads the address until its person revokes it."""
    page.goto(f"{site.url}/meetings/", wait_until="networkidle")
    follow(page, "In my calendar")
    press(page, "Make the address")
    address = page.locator(".hash")
    address.wait_for()
    look(page, "calendar")
    feed = str(address.inner_text()).strip()
    read = page.request.get(feed)
    assert read.ok
    assert "SUMMARY:Third meeting" in read.text()
    press(page, "Revoke")
    said(page, "Revoked")
    assert page.request.get(feed).status == 404
