"""Two ministries and the consultant on one section: words selected in the text, comments and answers seen live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.serving import served

from .conftest import PHONE, Complaints, Enter, slow_scripts
from .looking import ADVICE, axe_complaints


@dataclass
class Commented:
    """A running server with one open round; a `Site` as far as `enter` asks."""

    url: str
    people: dict[str, str]
    section: str
    answering: str
    round: str
    remark: str
    mine: str
    matrix: str


@pytest.fixture(scope="module")
def commented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commented]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.commenting:main") as running:
        yield Commented(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(commented: Commented) -> Commented:
    return commented


SELECT = """([first, last]) => {
    const text = document.querySelector("[data-quotable]").firstElementChild.firstChild;
    const start = text.data.indexOf(first), end = text.data.indexOf(last) + last.length;
    getSelection().setBaseAndExtent(text, start, text, end);
}"""


def open_section(enter: Enter, site: Commented, who: str, **options: Any) -> Any:
    page = enter(who, **options)
    page.goto(site.url + site.section, wait_until="networkidle")
    return page


def test_selecting_words_fills_the_quote_and_a_comment_and_its_answer_are_seen_live(
    site: Commented, enter: Enter
) -> None:
    complaints = Complaints()
    interior, labour = open_section(enter, site, "interior"), open_section(enter, site, "labour")
    for page in (interior, labour):
        complaints.listen(page)
        page.evaluate("window.stayed = true")
    assert interior.locator("#quote-it").is_hidden()
    interior.evaluate(SELECT, ["14,000", "Libya"])
    interior.locator("#quote-it").click()
    assert interior.locator("[name=quote]").input_value() == "14,000 returns from Libya"
    assert interior.locator("[name=before]").input_value().endswith("Ghana counted ")
    assert interior.locator("[name=after]").input_value().startswith(" in 2007")
    assert interior.evaluate("document.activeElement.name") == "comment"
    interior.keyboard.type("The register says 14,500.")
    interior.get_by_role("button", name="Comment", exact=True).click()
    interior.locator(".remark", has_text="The register says 14,500.").wait_for()

    seen = labour.locator("#threads .remark", has_text="The register says 14,500.")
    seen.wait_for()
    assert labour.evaluate("window.stayed") is True, "the page was not loaded anew"
    assert seen.locator(".quoted").inner_text() == "14,000 returns from Libya"
    seen.locator(".quoted").click()
    assert labour.evaluate("[...CSS.highlights.get('quoted')].map(String)") == ["14,000 returns from Libya"]

    consultant = enter("consultant")
    complaints.listen(consultant)
    consultant.goto(site.url + site.answering)
    consultant.get_by_label("accepted in part").check()
    consultant.get_by_label("Answer", exact=False).locator("visible=true").last.wait_for()
    consultant.locator("[name=answer]").fill("14,500 with those of 2008.")
    consultant.get_by_role("button", name="Answer, and show the next one").click()
    consultant.get_by_text("Every comment has its answer").wait_for()
    labour.locator(".remark .answer", has_text="14,500 with those of 2008.").wait_for()
    assert labour.evaluate("window.stayed") is True
    assert complaints.found == []


def test_words_selected_before_a_slow_line_brought_the_scripts_can_be_quoted(site: Commented, enter: Enter) -> None:
    page = enter("labour")
    with slow_scripts(page):
        page.goto(site.url + site.section, wait_until="commit")
        page.locator("#quote-it").wait_for(state="attached")
        page.evaluate(SELECT, ["14,000", "Libya"])
    page.locator("#quote-it").click()
    assert page.locator("[name=quote]").input_value() == "14,000 returns from Libya"
    assert page.locator("[name=after]").input_value().startswith(" in 2007")


def test_a_reply_appears_on_an_open_page_without_taking_what_somebody_types(site: Commented, enter: Enter) -> None:
    labour = open_section(enter, site, "labour")
    unfold(labour)
    labour.locator("[name=comment]").fill("A long thought, half")
    interior = open_section(enter, site, "interior")
    unfold(interior)
    interior.locator("[name=comment]").fill("Say who issues permits.")
    interior.get_by_role("button", name="Comment", exact=True).click()
    remark = interior.locator(".remark", has_text="Say who issues permits.")
    remark.wait_for()
    labour.locator(".remark", has_text="Say who issues permits.").wait_for()
    remark.get_by_role("link", name="Reply").click()
    interior.locator("[name=comment]").fill("And under which law.")
    interior.get_by_role("button", name="Reply", exact=True).click()
    labour.locator(".reply", has_text="And under which law.").wait_for()
    assert labour.locator("[name=comment]").input_value() == "A long thought, half"


def unfold(page: Any) -> None:
    """The form: it is open by itself as long as nobody has commented, and then folded away."""
    if page.locator("#comment-here[open]").count() == 0:
        page.locator("#comment-here summary").click()


def test_without_scripts_words_are_copied_into_the_field(site: Commented, enter: Enter) -> None:
    page = open_section(enter, site, "labour", java_script_enabled=False)
    unfold(page)
    page.locator("[name=quote]").fill("residence permits")
    page.locator("[name=comment]").fill("Without scripts.")
    page.get_by_role("button", name="Comment", exact=True).click()
    shown = page.locator(".remark", has_text="Without scripts.")
    assert shown.locator(".quoted").inner_text() == "residence permits"


def test_a_member_on_a_phone_comments_and_accepts_an_answer(site: Commented, enter: Enter) -> None:
    page = enter("labour", viewport=PHONE, has_touch=True)
    page.goto(site.url + site.round)
    page.get_by_role("link", name="Choose a section and comment").tap()
    page.locator(f"a[href='{site.section}']").tap()
    page.wait_for_url(site.url + site.section)
    page.wait_for_load_state("networkidle")
    unfold(page)
    page.locator("[name=comment]").fill("From the road.")
    page.get_by_role("button", name="Comment", exact=True).tap()
    page.locator(".remark", has_text="From the road.").wait_for()
    page.goto(site.url + site.mine)
    page.locator(".remark", has_text="Which law is this?").get_by_role("button", name="Accept the answer").tap()
    page.get_by_text("Settled").first.wait_for()
    page.goto(site.url + site.remark)
    page.get_by_text("Settled").first.wait_for()


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit(site: Commented, enter: Enter, options: dict[str, Any]) -> None:
    read = [site.section, site.round, site.remark, site.matrix, site.mine]
    for who, path in (*(("labour", path) for path in read), ("consultant", site.answering)):
        page = enter(who, **options)
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((d) => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe_complaints(page, ADVICE) == []
