"""Mali's 2009 edition in French: from a Word file to an answered matrix, and the line cut in the middle of a save.

Requirements S07, S10, S13: what the consultant drafts, the TWG comments on, and every comment gets its answer.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils.translation import gettext, override, pgettext

from tests.journeys.test_french_profile_by_word import file_of_the_consultant
from tests.serving import served

from .conftest import Complaints, Enter, click
from .test_writing import body, faults

FIXED = "quatre millions et demi de personnes"
ASKED = "La BCEAO donne 128 milliards."
ANSWER = "Le tableau suit le rapport annuel de 2008."


@dataclass
class Mali:
    """A running server with an edition that nobody has written on; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    text: str
    section: str
    submit: str


@pytest.fixture(scope="module")
def mali(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mali]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.french:main") as running:
        yield Mali(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(mali: Mali) -> Mali:
    return mali


def said(english: str, context: str = "") -> str:
    """What a French reader sees for it."""
    with override("fr"):
        return pgettext(context, english) if context else gettext(english)


def press(page: Any, name: str, context: str = "") -> None:
    click(page, page.locator("main").get_by_role("button", name=said(name, context), exact=True).first)


def follow(page: Any, name: str) -> None:
    click(page, page.locator("main").get_by_role("link", name=said(name), exact=True).first)


def test_from_a_word_draft_to_an_answered_matrix_in_french(site: Mali, enter: Enter) -> None:
    assert said("Take it over") != "Take it over", "the French words are at hand"
    complaints = Complaints()
    pages = {who: enter(who, locale="fr-FR") for who in ("consultant", "secretariat", "ministry")}
    for page in pages.values():
        complaints.listen(page)
    bring_the_word_file(pages["consultant"], site)
    assert complaints.found == []
    save_with_the_line_cut(pages["consultant"], site)
    complaints.found.clear()  # the browser says itself that the line was cut
    draft = take_a_draft(pages["consultant"], site)
    round_ = open_a_round(pages["secretariat"], site, draft)
    comment(pages["ministry"], round_)
    answer(pages["consultant"], round_)
    finish(pages["secretariat"], round_)
    read_the_matrix(pages["ministry"], round_)
    assert complaints.found == []


def bring_the_word_file(page: Any, site: Mali) -> None:
    page.goto(site.url + site.text)
    assert page.locator("html").get_attribute("lang") == "fr"
    follow(page, "Bring a Word file in")
    page.locator("[name=file]").set_input_files(
        {"name": "profil mali.docx", "mimeType": "application/msword", "buffer": file_of_the_consultant()}
    )
    press(page, "Read the file")
    page.wait_for_url("**/word/*/")
    assert faults(page) == []
    press(page, "Take it over")
    page.wait_for_url(site.url + site.text)
    page.goto(site.url + site.section)
    assert page.locator(".text table").get_by_text("126").is_visible()


def save_with_the_line_cut(page: Any, site: Mali) -> None:
    edit = f"{site.url}{site.section}edit/"
    page.goto(edit, wait_until="networkidle")
    page.context.set_offline(True)
    body(page).fill(body(page).input_value().replace("quatre millions de personnes", FIXED))
    with page.expect_event("requestfailed", lambda sent: sent.method == "POST" and sent.is_navigation_request()):
        page.get_by_role("button", name=said("Save"), exact=True).click(no_wait_after=True)
    page.context.set_offline(False)
    page.goto(edit, wait_until="networkidle")
    page.get_by_role("button", name=said("Put it back"), exact=True).click()
    assert FIXED in body(page).input_value()
    press(page, "Save")
    page.wait_for_url(site.url + site.section)
    assert FIXED in page.locator(".text").inner_text()


def take_a_draft(page: Any, site: Mali) -> str:
    page.goto(site.url + site.text)
    follow(page, "Take a draft")
    page.locator("main [name=name]").fill("pour la consultation de mars")
    press(page, "Take the draft")
    page.wait_for_url("**/drafts/*/")
    draft = str(page.url)
    page.goto(site.url + site.submit)
    click(page, page.locator("main form[method=post] button").first)
    page.wait_for_url("**/editions/*/")
    return draft


def open_a_round(page: Any, site: Mali, draft: str) -> str:
    page.goto(f"{draft}rounds/new/")
    page.locator("main [name=name]").fill("Consultation de mars")
    assert page.locator("[name=deadline]").input_value(), "a deadline is suggested"
    assert faults(page) == []
    click(page, page.locator("main form[method=post] .form-foot button").first)
    page.wait_for_url("**/rounds/*/")
    round_ = str(page.url)
    page.goto(f"{site.url}/do/round/{round_.rstrip('/').rsplit('/', 1)[1]}/open_round/")
    click(page, page.locator("main form[method=post] button").first)
    page.wait_for_url(round_)
    return round_


def comment(page: Any, round_: str) -> None:
    page.goto(round_)
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((d) => { d.open = true; })")
    page.locator("section[aria-labelledby=sections] a[href*='/sections/']", has_text="Transferts de fonds").click()
    page.wait_for_url("**/sections/*/")
    page.locator("[name=comment]").fill(ASKED)
    press(page, "Comment", "button")
    page.locator(".remark", has_text=ASKED).wait_for()
    assert faults(page) == []


def answer(page: Any, round_: str) -> None:
    page.goto(f"{round_}answering/")
    page.locator("[name=disposition][value=not_accepted]").check()
    page.locator("[name=answer]").fill(ANSWER)
    press(page, "Answer, and show the next one")
    page.get_by_text(said("Every comment has its answer"), exact=False).first.wait_for()


def finish(page: Any, round_: str) -> None:
    for step in ("close", "finish"):
        page.goto(round_.replace("/rounds/", "/do/round/") + f"{step}/")
        click(page, page.locator("main form[method=post] button").first)
        page.wait_for_url(round_)


def read_the_matrix(page: Any, round_: str) -> None:
    page.goto(f"{round_}matrix/")
    row = page.locator(".matrix tbody tr")
    assert row.count() == 1
    for told in ("Ministère des Maliens de l’Extérieur", ASKED, ANSWER):
        assert row.get_by_text(told).first.is_visible()
    assert faults(page) == []
    with page.expect_download() as got:
        page.get_by_role("link", name="Excel", exact=True).click()
    with zipfile.ZipFile(io.BytesIO(got.value.path().read_bytes())) as book:
        told = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert ASKED in told
    assert ANSWER in told
