"""Making a transition as people do: without scripts, without a mouse, on a bad line, twice, too late."""

from __future__ import annotations

from typing import Any

from .conftest import PHONE, Enter, Site, click, slow_scripts

REASON = "Part C lacks the remittances of 2008; the ministry sends them next week."


def events(page: Any, site: Site, story: str, label: str) -> int:
    """How often the history tells of an action."""
    page.goto(f"{site.url}/history/edition/{site.editions[story]}/")
    return int(page.locator("#history").get_by_text(label, exact=True).count())


def submit(page: Any) -> Any:
    return page.locator("main form .form-foot button")


def test_with_scripts_off_an_edition_goes_its_way_on_a_phone(site: Site, enter: Enter) -> None:
    page = enter("secretariat", java_script_enabled=False, viewport=PHONE)
    page.goto(site.edition("scripts off"))
    for action, answers in (
        ("Start drafting", {"decision_body": "The TWG's second meeting", "decision_date": "2009-02"}),
        ("Submit the draft for comment", {"note": "Parts A to F."}),
        ("Return to drafting", {"note": REASON}),
        ("Submit the draft for comment", {}),
        ("Ask for endorsement", {"decision_body": "The TWG's third meeting"}),
    ):
        click(page, page.get_by_role("link", name=action, exact=True))
        for name, text in answers.items():
            page.locator(f"[name={name}]").fill(text)
        click(page, submit(page))
        assert page.url == site.edition("scripts off")
        assert action in page.locator("#messages").inner_text()
    assert "Endorsement" in page.locator("header.head .badge").first.inner_text()


def test_with_scripts_off_a_form_without_its_reason_says_what_is_missing(site: Site, enter: Enter) -> None:
    page = enter("secretariat", java_script_enabled=False)
    page.goto(site.act("draft", "return_to_drafting"))
    page.locator("[name=note]").fill("   ")
    submit(page).click()
    page.locator(".error-summary").wait_for()
    assert page.locator("[name=note]").get_attribute("aria-invalid") == "true"


def test_by_keyboard_alone_from_the_top_of_the_page_to_the_action_done(site: Site, enter: Enter) -> None:
    page = enter("secretariat")
    page.goto(site.edition("keyboard"), wait_until="networkidle")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "Submit the draft for comment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/edition/**")
    tab_to(page, "Submit the draft for comment")
    page.keyboard.press("Enter")
    page.wait_for_url(site.edition("keyboard"))
    assert "Comment" in page.locator("header.head .badge").first.inner_text()


def tab_to(page: Any, words: str) -> None:
    """Press Tab until what bears these words has the focus, and shows it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == words:
            style = page.evaluate(
                "(({ outlineStyle, boxShadow }) => [outlineStyle, boxShadow])(getComputedStyle(document.activeElement))"
            )
            assert style != ["none", "none"], "the focus can't be seen"
            return
    raise AssertionError(f"Tab does not reach {words!r}")


def test_what_was_typed_survives_a_reload(site: Site, enter: Enter) -> None:
    page = enter("secretariat")
    page.goto(site.act("draft", "return_to_drafting"))
    page.locator("[name=note]").fill(REASON)
    page.reload()
    assert page.locator("[name=note]").input_value() == ""
    page.get_by_role("button", name="Put it back").click()
    assert page.locator("[name=note]").input_value() == REASON


def test_what_was_typed_before_a_slow_line_brought_the_scripts_survives_a_reload(site: Site, enter: Enter) -> None:
    page = enter("secretariat")
    with slow_scripts(page):
        page.goto(site.act("draft", "return_to_drafting"), wait_until="commit")
        page.locator("[name=note]").fill(REASON)
    page.wait_for_load_state()
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    assert page.locator("[name=note]").input_value() == REASON


def test_what_was_typed_survives_a_dropped_line_and_is_forgotten_once_sent(site: Site, enter: Enter) -> None:
    page = enter("secretariat")
    page.goto(site.act("dropped line", "return_to_drafting"))
    page.locator("[name=note]").fill(REASON)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        submit(page).click(no_wait_after=True)
    page.context.set_offline(False)
    page.goto(site.act("dropped line", "return_to_drafting"))
    page.get_by_role("button", name="Put it back").click()
    assert page.locator("[name=note]").input_value() == REASON
    submit(page).click()
    page.wait_for_url(site.edition("dropped line"))
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_two_quick_presses_are_one(site: Site, enter: Enter) -> None:
    page = enter("secretariat")
    page.goto(site.act("double click", "submit_draft"))
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    submit(page).dblclick()
    page.wait_for_url(site.edition("double click"))
    assert len(sent) == 1
    assert events(page, site, "double click", "Submit the draft for comment") == 1


def test_who_comes_too_late_reads_who_was_faster_and_keeps_their_text(site: Site, enter: Enter) -> None:
    secretariat, chair = enter("secretariat"), enter("chair")
    secretariat.goto(site.act("faster", "return_to_drafting"))
    secretariat.locator("[name=note]").fill(REASON)
    chair.goto(site.act("faster", "withdraw"))
    chair.locator("[name=note]").fill("The funds ended.")
    submit(chair).click()
    chair.wait_for_url(site.edition("faster"))
    with secretariat.expect_response(lambda r: r.request.method == "POST") as answered:
        submit(secretariat).click()
    assert answered.value.status == 409
    secretariat.get_by_text("Somebody was faster").wait_for()
    words = secretariat.locator("main").inner_text()
    for told in ("Somebody was faster", "The chair", "Withdraw this edition", "The funds ended.", REASON):
        assert told in words
    click(secretariat, secretariat.locator("main").get_by_role("link", name="as it is now"))
    assert "Withdrawn" in secretariat.locator("header.head").inner_text()
