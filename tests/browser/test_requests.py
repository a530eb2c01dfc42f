"""The consultant asks two institutions for data; one answers from a phone with a file, and it is seen to come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.serving import served

from .conftest import PHONE, Complaints, Enter, click
from .looking import judged

WHAT = "Residence permits by nationality, 2004 to 2008"


@dataclass
class Asking:
    """A running server with a TWG that has asked nothing yet; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    requests: str
    ask: str
    section: str
    asked: list[str]


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.requesting:main") as running:
        yield Asking(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(asking: Asking) -> Asking:
    return asking


def test_what_the_consultant_asks_an_officer_answers_from_a_phone(site: Asking, enter: Enter) -> None:
    complaints = Complaints()
    consultant, officer = enter("consultant"), enter("officer", viewport=PHONE)
    for page in (consultant, officer):
        complaints.listen(page)

    consultant.goto(site.url + site.ask)
    assert judged(consultant) == []
    consultant.locator("[name=what]").fill(WHAT)
    consultant.locator("[name=why]").fill("Part C describes who stays.")
    consultant.locator("[name=due]").fill("2999-06-01")
    consultant.locator("[name=section]").select_option(site.section)
    for institution in site.asked:
        consultant.locator(f"[name=institutions][value='{institution}']").check()
    click(consultant, consultant.locator("main form .form-foot button"))
    consultant.goto(site.url + site.requests)
    assert consultant.get_by_role("link", name=WHAT).count() == 2
    assert judged(consultant) == []
    click(consultant, consultant.locator("tr", has_text="Immigration").get_by_role("link", name=WHAT))
    consultant.wait_for_load_state("networkidle")

    officer.goto(site.url)
    click(officer, officer.get_by_role("link", name=WHAT).first)  # what waits leads to where it is done
    assert judged(officer) == []
    officer.locator("[name=note]").fill("12,431 permits; the yearly figures are in the file.")
    officer.locator("[name=data_file]").set_input_files(
        {"name": "permits.csv", "mimeType": "text/csv", "buffer": b"year,permits\n2008,12431\n"}
    )
    officer.locator("main form .form-foot button").click()
    officer.locator("#answers ~ ol, #answers + ol").get_by_role("link", name="permits.csv").wait_for()

    consultant.get_by_text("12,431 permits; the yearly figures").first.wait_for()  # not asked for again
    with consultant.expect_download() as fetched:
        consultant.get_by_role("link", name="permits.csv").click()
    assert fetched.value.path().read_bytes() == b"year,permits\n2008,12431\n"
    click(consultant, consultant.locator("a[href$='/receive/']").first)
    click(consultant, consultant.locator("main form .form-foot button"))
    consultant.locator(".badge", has_text="Received").first.wait_for()
    assert judged(consultant) == []
    assert complaints.found == []
