"""From the mail to the receipt on a phone; the secretariat opens and looks on; pages fit and can be used by all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.serving import served

from .conftest import PHONE, Complaints, Enter, click
from .looking import ADVICE, axe_complaints


@dataclass
class Voting:
    """A running server with ballots; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    links: dict[str, str]
    by_link: str
    themes: str
    ended: str
    ballots: str
    new: str
    theme_list: str
    prepared: str


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voting]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.balloting:main") as running:
        yield Voting(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(voting: Voting) -> Voting:
    return voting


def open_at(enter: Enter, site: Voting, who: str, path: str, **options: Any) -> Any:
    page = enter(who, **options)
    page.goto(site.url + path, wait_until="networkidle")
    return page


def test_from_the_link_in_a_mail_to_the_receipt_on_a_phone(site: Voting, enter: Enter) -> None:
    complaints = Complaints()
    keeper = open_at(enter, site, "secretariat", site.by_link)
    keeper.get_by_text("0 of 3 have voted").wait_for()
    keeper.evaluate("window.stayed = true")
    phone = open_at(enter, site, "anonymous", site.links["interior"], viewport=PHONE)
    complaints.listen(phone)
    phone.get_by_text("You vote for Ministry 0").wait_for()
    phone.get_by_role("link", name="What changed since draft 1").click()
    assert phone.locator("ins").first.inner_text()
    phone.get_by_role("link", name="Back to the vote").click()
    phone.get_by_role("link", name="Draft 2").click()
    phone.get_by_text("Emigration has doubled since 2005.").wait_for()
    phone.get_by_role("link", name="Back to the vote").click()
    phone.get_by_label("Endorse with reservations").check()
    phone.get_by_label("Reservations, or the reason for the objection", exact=False).fill(
        "Name the ministry in Part F."
    )
    phone.get_by_role("button", name="Vote").click()
    phone.get_by_text("Your institution's vote is recorded.").wait_for()
    assert len(phone.locator(".hash").first.inner_text()) == 64
    phone.get_by_text("A link votes once.").wait_for()
    keeper.get_by_text("1 of 3 have voted").wait_for()
    assert keeper.evaluate("window.stayed") is True, "the page was not loaded anew"
    assert "Name the ministry" not in keeper.content(), "hidden is hidden"
    keeper.get_by_text("Votes are hidden until the ballot closes").wait_for()
    assert complaints.found == []


def test_without_scripts_the_link_votes_as_well(site: Voting, enter: Enter) -> None:
    phone = open_at(enter, site, "anonymous", site.links["labour"], viewport=PHONE, java_script_enabled=False)
    phone.get_by_role("radio", name="Object").check()
    phone.get_by_role("button", name="Vote").click()
    phone.get_by_role("link", name="Give the reason", exact=False).wait_for()
    assert phone.get_by_role("radio", name="Object").is_checked()
    phone.get_by_label("Reservations, or the reason for the objection", exact=False).fill("The figures are not ours.")
    phone.get_by_role("button", name="Vote").click()
    phone.get_by_text("The figures are not ours.").wait_for()


def test_the_secretariat_opens_a_ballot_and_a_member_finds_it_at_home(site: Voting, enter: Enter) -> None:
    keeper = open_at(enter, site, "secretariat", site.prepared, viewport=PHONE)
    keeper.get_by_role("link", name="Open the ballot").click()
    keeper.get_by_role("button", name="Open the ballot").click()
    keeper.get_by_text("0 of 3 have voted").wait_for()
    member = open_at(enter, site, "interior", "/", viewport=PHONE)
    member.get_by_text("Does the TWG endorse the draft of May?").wait_for()


def test_themes_are_ranked_on_a_phone(site: Voting, enter: Enter) -> None:
    phone = open_at(enter, site, "interior", site.themes, viewport=PHONE)
    phone.get_by_role("link", name="Vote", exact=True).click()
    phone.get_by_label("Brain drain in health").select_option("1")
    phone.get_by_label("Remittances").select_option("2")
    phone.get_by_role("button", name="Vote").click()
    phone.get_by_text("1. Brain drain in health; 2. Remittances").first.wait_for()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_pages_are_accessible_and_fit(site: Voting, enter: Enter, size: str) -> None:
    options = {"viewport": PHONE} if size == "phone" else {}
    shown = {
        "vote": ("statistics", f"{site.by_link}"), "ended": ("interior", site.ended), "list": ("chair", site.ballots),
        "new": ("secretariat", site.new), "themes": ("interior", site.theme_list), "ranking": ("chair", site.themes),
        "link": ("anonymous", site.links["interior"]),
    }  # fmt: skip
    pictures = os.environ.get("PALABRE_SCREENSHOTS")
    for name, (who, path) in shown.items():
        page = open_at(enter, site, who, path, **options)
        judge(page, f"{name} {size}")
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{size}.png", full_page=True)
        if name in ("vote", "ranking") and page.get_by_role("link", name="Vote", exact=True).count():
            click(page, page.get_by_role("link", name="Vote", exact=True))
            judge(page, f"{name} paper {size}")
            if pictures:
                page.screenshot(path=f"{pictures}/{name}-paper-{size}.png", full_page=True)


def judge(page: Any, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than its window"
    assert axe_complaints(page, ADVICE) == [], name
