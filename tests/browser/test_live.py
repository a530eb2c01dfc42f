"""An open page follows what others do, without taking anything from who is typing."""

from __future__ import annotations

from typing import Any

from .conftest import Enter, Site


def press(page: Any, url: str) -> None:
    """Open a transition's form and press its button; returns when the server has done it."""
    page.goto(url)
    with page.expect_response(lambda r: r.request.method == "POST") as answered:
        page.locator("main form .form-foot button").click(no_wait_after=True)
    assert answered.value.status == 302


def stage(page: Any) -> str:
    return str(page.locator("header.head .badge").first.inner_text())


def test_the_chair_sees_what_the_secretariat_did_without_asking_again(site: Site, enter: Enter) -> None:
    chair, secretariat = enter("chair"), enter("secretariat")
    chair.goto(site.edition("live"), wait_until="networkidle")
    chair.evaluate("window.stayed = true")
    assert "Drafting" in stage(chair)
    press(secretariat, site.act("live", "submit_draft"))
    chair.locator("header.head .badge", has_text="Comment").wait_for(timeout=10_000)
    assert chair.evaluate("window.stayed") is True
    chair.locator("#live-words", has_text="This page has changed.").wait_for(state="attached")


def test_what_somebody_is_typing_is_not_taken_from_under_them(site: Site, enter: Enter) -> None:
    chair, secretariat = enter("chair"), enter("secretariat")
    chair.goto(site.edition("live form"), wait_until="networkidle")
    chair.evaluate(
        """document.querySelector("[data-live] .panel").insertAdjacentHTML(
            "beforeend", "<form method=post><textarea name=note aria-label=Note></textarea></form>")"""
    )
    chair.locator("[data-live] textarea").fill("A long thought, half")
    press(secretariat, site.act("live form", "submit_draft"))
    chair.get_by_role("button", name="Show what is new").wait_for(timeout=10_000)
    chair.locator("[data-live] textarea").press_sequentially(" written")
    assert chair.locator("[data-live] textarea").input_value() == "A long thought, half written"
    assert "Drafting" in stage(chair)
    chair.get_by_role("button", name="Show what is new").click()
    chair.locator("header.head .badge", has_text="Comment").wait_for(timeout=10_000)
