"""The secretariat plans an action that waits for another, with money for it; a phone shows both in time (S14, S26)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.serving import served

from .conftest import PHONE, Complaints, Enter
from .looking import judged

FIRST, SECOND = "Map what the surveys ask", "Ask the same in all surveys"


@dataclass
class Planning:
    """A running server with a data plan; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    plan: str
    lead: str


@pytest.fixture(scope="module")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planning]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.planning:main") as running:
        yield Planning(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(planning: Planning) -> Planning:
    return planning


def plan_it(page: Any, site: Planning) -> None:
    page.locator("[name=titles_en]").fill(SECOND)
    page.locator("[name=kind]").select_option("survey")
    page.locator("[name=lead]").select_option(site.lead)
    page.locator("[name=starts]").fill("2999-04-01")
    page.locator("[name=due]").fill("2999-06-30")
    page.get_by_label(FIRST).check()
    page.get_by_text("What it costs", exact=True).click()  # folded: asked rarely
    page.locator("[name=cost]").fill("2500000")
    page.locator("[name=currency]").fill("xof")
    page.locator("main form .form-foot button").click()
    page.locator("h1", has_text=SECOND).wait_for()


def test_an_action_is_planned_at_a_desk_and_seen_in_time_on_a_phone(site: Planning, enter: Enter) -> None:
    complaints = Complaints()
    desk, phone = enter("secretariat"), enter("officer", viewport=PHONE)
    for page in (desk, phone):
        complaints.listen(page)

    desk.goto(site.url + site.plan)
    assert judged(desk) == []
    desk.locator("a[href$='/actions/new/']").first.click()
    desk.locator("[name=titles_en]").wait_for()
    plan_it(desk, site)
    desk.get_by_role("link", name="Record a budget commitment").click()
    desk.locator("[name=payer]").fill("A donor")
    desk.locator("[name=amount]").fill("1000000")
    desk.locator("[name=currency]").fill("XOF")
    desk.locator("main form .form-foot button").click()
    desk.locator("dd", has_text="1,000,000").wait_for()
    desk.get_by_role("link", name=SECOND).first.click()
    desk.locator("section", has_text="What depends on what").get_by_role("link", name=FIRST).wait_for()
    assert judged(desk) == []

    phone.goto(f"{site.url}{site.plan}schedule/")
    bars, lines = phone.locator(".gantt .rail"), phone.locator(".gantt line.needs")
    bars.nth(1).wait_for()
    assert (bars.count(), lines.count()) == (2, 2)
    assert bars.nth(1).bounding_box()["x"] > bars.nth(0).bounding_box()["x"]
    phone.locator("#slip-action").select_option(label=FIRST)
    phone.locator("#slip-days").fill("45")
    phone.get_by_role("button", name="See what slips").click()
    slips = phone.locator("table", has=phone.get_by_text("What would be later"))
    slips.get_by_role("link", name=SECOND).wait_for()
    assert "45 days" in slips.locator("tr", has_text=SECOND).inner_text()
    assert judged(phone) == []
    assert complaints.found == []
