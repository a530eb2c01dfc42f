"""Ghana's edition of 2009, as the TWG of the shipped project votes on it: returned once, endorsed the second time.

By hand in browsers at once: the secretariat, the consultant, and three of the nine institutions that vote (S08, S13,
S16, S40).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.serving import ROOT, Served, served

from .conftest import PHONE, Complaints, Enter, click
from .test_writing import faults

OBJECTION = "Part B must say how many of our nationals came back from Libya."
BETTER = "Emigration from Ghana has grown; 14,000 came back from Libya in 2007 (source: Immigration Service)."


@dataclass
class Ghana:
    """A running server with the project; a `Site` as far as `enter` asks."""

    url: str
    served: Served
    people: dict[str, str]
    twg: str
    edition: int
    text: str
    section: str

    def act(self, step: str, kind: str = "edition", pk: int | str = "") -> str:
        return f"{self.url}/do/{kind}/{pk or self.edition}/{step}/"


@pytest.fixture(scope="module")
def ghana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ghana]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.ghana:main") as running:
        yield Ghana(url=running.url, served=running, **json.loads(running.filled))


@pytest.fixture
def site(ghana: Ghana) -> Ghana:
    return ghana


def six_others_vote(site: Ghana, said: str) -> None:
    script = "import django; django.setup(); from tests.browser.ghana import others; others()"
    environment = site.served.environment | {"SAID": said}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def press(page: Any, name: str) -> None:
    click(page, page.locator("main").get_by_role("button", name=name, exact=True))


def do(page: Any, address: str, **answers: str) -> None:
    """A step of a workflow, with what it asks."""
    page.goto(address)
    for name, answer in answers.items():
        page.locator(f"[name={name}]").fill(answer)
    click(page, page.locator("main form .form-foot button"))


def put_to_the_vote(page: Any, site: Ghana, question: str) -> str:
    """The secretariat prepares a ballot on the last draft and opens it. Its address."""
    page.goto(f"{site.url}/twgs/{site.twg}/ballots/new/")
    page.locator("[name=about]").select_option(index=0)
    page.locator("[name=question]").fill(question)
    press(page, "Prepare it")
    page.wait_for_url("**/ballots/*/")
    ballot = str(page.url)
    assert faults(page) == []
    do(page, site.act("open_ballot", "ballot", ballot.rstrip("/").rsplit("/", 1)[1]))
    page.get_by_text("0 of 9 have voted").wait_for()
    return ballot


def vote(page: Any, ballot: str, answer: str, words: str = "") -> None:
    page.goto(ballot)
    click(page, page.get_by_role("link", name="Vote", exact=True))
    page.get_by_label(answer, exact=True).check()
    if words:
        page.locator("[name=words]").fill(words)
    press(page, "Vote")
    page.get_by_text("Your institution's vote is recorded.").wait_for()


def test_returned_once_and_endorsed_the_second_time(site: Ghana, enter: Enter) -> None:
    complaints = Complaints()
    keeper, consultant = enter("secretariat"), enter("consultant")
    members = {who: enter(who, viewport=PHONE) for who in ("interior", "labour", "statistics")}
    for page in (keeper, consultant, *members.values()):
        complaints.listen(page)

    first = put_to_the_vote(keeper, site, "Does the TWG endorse Ghana's profile of 2009?")
    six_others_vote(site, "object")
    keeper.get_by_text("6 of 9 have voted").wait_for()
    vote(members["statistics"], first, "Endorse")
    vote(members["labour"], first, "Endorse with reservations", "Part D is thin.")
    vote(members["interior"], first, "Object", OBJECTION)
    keeper.get_by_text("2 for and 7 against", exact=False).wait_for()
    assert faults(keeper) == []
    keeper.goto(f"{site.url}/editions/{site.edition}/")
    assert "Drafting" in keeper.locator("header.head .badge").first.inner_text(), "it went back"

    objections = answer_the_objections(consultant, keeper)
    draft_anew(consultant, site)
    do(consultant, site.act("submit_draft"))
    do(keeper, site.act("finish", "round", objections.rstrip("/").rsplit("/", 1)[1]))
    do(keeper, site.act("request_endorsement"))

    second = put_to_the_vote(keeper, site, "Does the TWG endorse Draft 2?")
    assert first != second
    six_others_vote(site, "endorse")
    for who, page in members.items():
        vote(page, second, "Endorse" if who != "labour" else "Abstain")
    keeper.get_by_text("8 for and 0 against", exact=False).wait_for()
    with keeper.expect_download() as got:
        keeper.get_by_role("link", name="Signed record (PDF)").click()
    assert got.value.path().read_bytes().startswith(b"%PDF-")
    keeper.goto(f"{site.url}/editions/{site.edition}/")
    assert "workshop" in keeper.locator("header.head .badge").first.inner_text().lower()
    assert complaints.found == []


def answer_the_objections(consultant: Any, keeper: Any) -> str:
    """They stand as comments that wait for an answer; the six that say the same get the same. The round's address."""
    click(keeper, keeper.get_by_role("link", name="Objections of the ballot", exact=False).first)
    round_ = str(keeper.url)
    consultant.goto(f"{round_}answering/")
    for left in (3, 2, 1):
        consultant.locator("[name=disposition][value=accepted]").check()
        consultant.locator("[name=answer]").fill(f"Done in Draft 2 ({left}).")
        press(consultant, "Answer, and show the next one")
    consultant.get_by_text("Every comment has its answer", exact=False).first.wait_for()
    keeper.goto(round_)
    assert faults(keeper) == []
    return round_


def draft_anew(consultant: Any, site: Ghana) -> None:
    consultant.goto(f"{site.url}{site.section}edit/", wait_until="networkidle")
    consultant.locator("textarea[name=body]").fill(BETTER)
    press(consultant, "Save")
    consultant.wait_for_url(site.url + site.section)
    consultant.goto(site.url + site.text)
    click(consultant, consultant.get_by_role("link", name="Take a draft"))
    consultant.locator("main [name=name]").fill("after the objections")
    press(consultant, "Take the draft")
    consultant.wait_for_url("**/drafts/*/")
