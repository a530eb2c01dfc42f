"""An open page follows what others do, without taking anything from who is typing."""

from __future__ import annotations

from typing import Any

from .conftest import Enter, Site, click, slow_scripts

FORM = """document.querySelector("[data-live] .panel").insertAdjacentHTML(
    "beforeend", "<form method=post><textarea name=note aria-label=Note></textarea></form>")"""


def press(page: Any, url: str) -> None:
    """Open a transition's form and press its button."""
    page.goto(url)
    click(page, page.locator("main form .form-foot button"))


def stage(page: Any) -> str:
    return str(page.locator("header.head .badge").first.inner_text())


def test_the_chair_sees_what_the_secretariat_did_without_asking_again(site: Site, enter: Enter) -> None:
    chair, secretariat = enter("chair"), enter("secretariat")
    chair.goto(site.edition("live"), wait_until="networkidle")
    chair.evaluate("window.stayed = true")
    assert "Drafting" in stage(chair)
    press(secretariat, site.act("live", "submit_draft"))
    chair.locator("header.head .badge", has_text="Comment").wait_for()
    assert chair.evaluate("window.stayed") is True
    chair.locator("#live-words", has_text="This page has changed.").wait_for(state="attached")


def test_what_somebody_typed_before_the_scripts_came_is_not_taken_either(site: Site, enter: Enter) -> None:
    chair, secretariat = enter("chair"), enter("secretariat")
    with slow_scripts(chair):
        chair.goto(site.edition("live early"), wait_until="commit")
        chair.locator("footer").wait_for()
        chair.evaluate(FORM)
        chair.locator("[data-live] textarea").fill("A long thought, half")
        chair.locator("[data-live] textarea").blur()
    chair.wait_for_load_state("networkidle")
    press(secretariat, site.act("live early", "submit_draft"))
    chair.get_by_role("button", name="Show what is new").wait_for()
    assert chair.locator("[data-live] textarea").input_value() == "A long thought, half"


def test_what_somebody_is_typing_is_not_taken_from_under_them(site: Site, enter: Enter) -> None:
    chair, secretariat = enter("chair"), enter("secretariat")
    chair.goto(site.edition("live form"), wait_until="networkidle")
    chair.evaluate(FORM)
    chair.locator("[data-live] textarea").fill("A long thought, half")
    press(secretariat, site.act("live form", "submit_draft"))
    chair.get_by_role("button", name="Show what is new").wait_for()
    chair.locator("[data-live] textarea").press_sequentially(" written")
    assert chair.locator("[data-live] textarea").input_value() == "A long thought, half written"
    assert "Drafting" in stage(chair)
    chair.get_by_role("button", name="Show what is new").click()
    chair.locator("header.head .badge", has_text="Comment").wait_for()
