"""Writing in a real browser: nothing is lost, two people merge, drafts are compared, files come and go (S10, S13)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.documents.making import docx, p, png, style, styles, table
from tests.serving import served

from .conftest import DESK, PHONE, Complaints, Enter, click, slow_scripts
from .looking import axe_complaints, overflow


@dataclass
class Written:
    """A running server with texts that are being written; a `Site` as far as `enter` asks. Each story has a section."""

    url: str
    people: dict[str, str]
    text: str
    sections: dict[str, str]
    template: str

    def section(self, place: str) -> str:
        return self.url + self.sections[place]

    def edit(self, place: str) -> str:
        return f"{self.section(place)}edit/"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.writing:main") as running:
        yield Written(url=running.url, **json.loads(running.filled))


@pytest.fixture
def site(written: Written) -> Written:
    return written


def body(page: Any) -> Any:
    return page.locator("textarea[name=body]")


def press(page: Any, name: str) -> None:
    click(page, page.get_by_role("button", name=name, exact=True))


def open_editor(page: Any, site: Written, place: str) -> None:
    page.goto(site.edit(place), wait_until="networkidle")


def faults(page: Any) -> list[str]:
    """What is wrong with the page as it stands, on a screen and on a phone, with all that folds away opened."""
    found = []
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((d) => { d.open = true; })")
    for name, size in (("phone", PHONE), ("screen", DESK)):
        page.set_viewport_size(size)
        found += [f"{page.url} on a {name}: {wide}" for wide in [overflow(page)] if wide]
    return found + [f"{page.url}: {fault}" for fault in axe_complaints(page)]


def left_in_browser(page: Any) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"))


# -- nothing is lost --------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_found_on_another_computer_and_others_see_who_is_at_work(
    site: Written, enter: Enter
) -> None:
    complaints = Complaints()
    ama, reader = enter("consultant"), enter("member")
    for page in (ama, reader):
        complaints.listen(page)
    reader.goto(site.section("A.2"), wait_until="networkidle")
    reader.evaluate("window.stayed = true")
    open_editor(ama, site, "A.2")
    reader.locator(".notice", has_text="Ama Mensah is editing A.2.").wait_for()
    body(ama).press_sequentially("Half a thought")
    ama.locator("#kept", has_text="Kept as you typed; not saved yet.").wait_for()
    body(ama).press_sequentially(", and the last words before the lid is closed.")
    ama.close(run_before_unload=True)
    reader.locator(".notice", has_text="is editing").wait_for(state="detached")
    assert reader.evaluate("window.stayed") is True, "the page was not loaded anew"
    assert "Half a thought" not in reader.locator("main").inner_text(), "it is the writer's alone"

    elsewhere = enter("consultant")
    complaints.listen(elsewhere)
    elsewhere.goto(site.url)
    click(elsewhere, elsewhere.get_by_role("link", name="Go on writing"))
    assert body(elsewhere).input_value() == "Half a thought, and the last words before the lid is closed."
    assert "You left this text unsaved" in elsewhere.locator("main").inner_text()
    assert faults(elsewhere) == []
    press(elsewhere, "Show as it will be read")
    elsewhere.locator("#preview").wait_for()
    assert faults(elsewhere) == []
    press(elsewhere, "Save")
    elsewhere.wait_for_url(site.section("A.2"))
    assert left_in_browser(elsewhere) == []
    reader.locator(".text", has_text="Half a thought").wait_for()
    assert complaints.found == []


def test_what_is_typed_before_a_slow_line_brings_the_scripts_is_kept_at_once(site: Written, enter: Enter) -> None:
    page = enter("secretariat")
    with slow_scripts(page):
        page.goto(site.edit("B.1"), wait_until="commit")
        body(page).fill("Typed before any script came.")
        page.locator("[name=note]").fill("On a hill.")
    page.locator("#kept", has_text="Kept as you typed").wait_for()
    elsewhere = enter("secretariat")
    open_editor(elsewhere, site, "B.1")
    assert body(elsewhere).input_value() == "Typed before any script came."
    assert elsewhere.locator("[name=note]").input_value() == "On a hill."
    press(elsewhere, "Give up what I typed")
    elsewhere.wait_for_url(site.section("B.1"))


def test_the_line_drops_while_one_types_and_saves_and_nothing_is_lost(site: Written, enter: Enter) -> None:
    page = enter("consultant")
    open_editor(page, site, "B.2")
    page.context.set_offline(True)
    body(page).press_sequentially("Typed in the dark.")
    page.locator("#kept", has_text="No connection: kept in this browser.").wait_for()
    page.locator("[name=note]").fill("On a bus.")
    with page.expect_event(
        "requestfailed", lambda request: request.method == "POST" and request.is_navigation_request()
    ):
        page.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    page.context.set_offline(False)
    open_editor(page, site, "B.2")
    assert body(page).input_value() == "", "the server has never heard of it"
    page.get_by_role("button", name="Put it back").click()
    assert body(page).input_value() == "Typed in the dark."
    assert page.locator("[name=note]").input_value() == "On a bus."
    # Put back, it goes to the server by itself once the line is there; cut once more, it comes back with the line.
    page.context.set_offline(True)
    body(page).press("End")
    body(page).press_sequentially(" And more.")
    page.locator("#kept", has_text="No connection").wait_for()
    page.context.set_offline(False)
    page.locator("#kept", has_text="Kept as you typed").wait_for()
    press(page, "Save")
    page.wait_for_url(site.section("B.2"))
    assert "Typed in the dark. And more." in page.locator(".text").inner_text()
    assert "On a bus." in page.locator(".history").inner_text()
    assert left_in_browser(page) == []


def test_who_was_signed_out_while_typing_finds_the_text_after_signing_in(site: Written, enter: Enter) -> None:
    page = enter("secretariat")
    open_editor(page, site, "C.2")
    session = next(cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    page.context.clear_cookies(name="sessionid")
    body(page).press_sequentially("Typed after the session had ended.")
    page.locator("#kept", has_text="It could not be kept on the server; it is kept in this browser.").wait_for()
    press(page, "Save")
    page.wait_for_url("**/accounts/login/**")
    page.context.add_cookies([{"name": "sessionid", "value": session["value"], "url": site.url}])
    open_editor(page, site, "C.2")
    page.get_by_role("button", name="Put it back").click()
    assert body(page).input_value() == "Typed after the session had ended."
    press(page, "Save")
    page.wait_for_url(site.section("C.2"))
    assert left_in_browser(page) == []


def test_with_scripts_off_one_writes_looks_first_saves_and_merges(site: Written, enter: Enter) -> None:
    ama, kofi = (enter(who, java_script_enabled=False, viewport=PHONE) for who in ("consultant", "secretariat"))
    for page in (ama, kofi):
        page.goto(site.edit("D.2"))
    body(ama).fill("**Written** without scripts.")
    press(ama, "Show as it will be read")
    assert ama.locator("#preview strong").inner_text() == "Written"
    press(ama, "Save")
    ama.wait_for_url(site.section("D.2"))
    body(kofi).fill("Written by Kofi.")
    press(kofi, "Save")
    assert "Ama Mensah has saved revision 1 meanwhile" in kofi.locator("#meanwhile").inner_text()
    merged = body(kofi).input_value()
    assert "**Written** without scripts." in merged
    assert "Written by Kofi." in merged
    press(kofi, "Save")
    assert "still shows both wordings" in kofi.locator(".error-summary").inner_text()
    assert body(kofi).input_value() == merged
    body(kofi).fill("**Written** by both.")
    press(kofi, "Save")
    kofi.wait_for_url(site.section("D.2"))
    assert kofi.locator(".text").inner_text().strip() == "Written by both."


# -- two people -------------------------------------------------------------------------------------------


def test_of_two_on_one_section_the_later_sees_both_texts_merges_and_saves(site: Written, enter: Enter) -> None:
    complaints = Complaints()
    ama, kofi = enter("consultant"), enter("secretariat")
    for page in (ama, kofi):
        complaints.listen(page)
        open_editor(page, site, "C.1")
    kofi.locator("#section-now", has_text="Ama Mensah is editing C.1 too.").wait_for()
    before = body(kofi).input_value()
    body(kofi).fill(before.replace("three reasons", "five reasons") + "\n\nA new last line.")
    body(ama).fill(before.replace("three reasons", "four reasons"))
    ama.locator("[name=note]").fill("After the survey")
    press(ama, "Save")
    ama.wait_for_url(site.section("C.1"))
    kofi.locator("#section-now", has_text="Somebody has saved a newer revision").wait_for()
    assert "five reasons" in body(kofi).input_value(), "nothing is taken from under who types"
    assert faults(kofi) == []
    with kofi.expect_response(lambda r: r.request.method == "POST" and r.url == site.edit("C.1")) as answered:
        press(kofi, "Save")
    assert answered.value.status == 409
    told = kofi.locator("[data-refused]").inner_text()
    assert "Ama Mensah has saved revision 2 meanwhile" in told
    assert "1 place shows both wordings" in told
    assert faults(kofi) == []
    merged = body(kofi).input_value()
    for wording in ("five reasons", "four reasons", "A new last line."):
        assert wording in merged
    # The lid is closed in the middle of it: the merge waits as it was left.
    body(kofi).press("Control+End")
    body(kofi).press_sequentially(" Looked at.")
    kofi.locator("#kept", has_text="Kept as you typed").wait_for()
    open_editor(kofi, site, "C.1")
    assert body(kofi).input_value() == f"{merged} Looked at."
    start, end = merged.index("=== Yours"), merged.index("=== end of the two wordings ===")
    settled = merged[:start] + "Ghanaians leave for several reasons.[^1]" + merged[end + 31 :]
    body(kofi).fill(settled)
    press(kofi, "Save")
    kofi.wait_for_url(site.section("C.1"))
    shown = kofi.locator(".text").inner_text()
    assert "several reasons" in shown
    assert "===" not in shown
    assert "Revision 3" in kofi.locator(".history").inner_text()
    assert [said for said in complaints.found if "409" not in said] == []


# -- drafts, files ----------------------------------------------------------------------------------------


def test_named_drafts_are_taken_compared_both_ways_and_taken_along(site: Written, enter: Enter) -> None:
    complaints = Complaints()
    page = enter("consultant")
    complaints.listen(page)

    def take(name: str) -> None:
        page.goto(site.url + site.text)
        page.get_by_role("link", name="Take a draft").click()
        page.get_by_label("Name", exact=False).fill(name)
        press(page, "Take the draft")
        page.wait_for_url("**/drafts/*/")

    take("for the March round")
    open_editor(page, site, "E.1")
    body(page).fill(body(page).input_value().replace("three reasons", "four reasons").replace("58,730", "58,731"))
    press(page, "Save")
    page.wait_for_url(site.section("E.1"))
    take("for the May round")
    assert faults(page) == []
    draft = page.url
    click(page, page.locator("aside").get_by_role("link", name="Draft 1, for the March round"))
    page.wait_for_url("**before=1*")
    assert [added.split() for added in page.locator("ins").all_inner_texts()] == [
        ["added:", "four"],
        ["added:", "58,731"],
    ]
    assert page.locator("del").all_inner_texts()[0].split() == ["removed:", "three"]
    assert faults(page) == []
    page.get_by_label("Shown").select_option("side by side")
    press(page, "Compare")
    page.locator(".sides").wait_for()
    row = page.locator(".sides tr", has_text="Ghanaians leave for").locator("td").all_inner_texts()
    assert ["three" in row[0], "four" in row[0], "three" in row[1], "four" in row[1]] == [True, False, False, True]
    assert faults(page) == []
    page.goto(draft)
    for ending, begins in (("Word", b"PK"), ("PDF", b"%PDF-")):
        with page.expect_download() as got:
            page.get_by_role("link", name=ending, exact=True).click()
        assert got.value.path().read_bytes().startswith(begins)
        assert (
            got.value.suggested_filename
            == f"profile-of-ghana-edition-2009-2.{ {'Word': 'docx', 'PDF': 'pdf'}[ending] }"
        )
    page.goto(site.url + site.text)
    assert faults(page) == []
    assert complaints.found == []


def test_a_figure_is_added_and_shown_where_its_mark_stands(site: Written, enter: Enter) -> None:
    page = enter("consultant")
    page.goto(site.url + site.text)
    click(page, page.get_by_role("link", name="Figures and files"))
    click(page, page.get_by_role("link", name="Add a figure or a file"))
    assert faults(page) == []
    file = {"name": "chart.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    page.locator("[name=caption]").fill("Remittances by year")
    page.locator("[name=file]").set_input_files(file)
    press(page, "Add")
    assert "none of what can be sent here" in page.locator(".error-summary").inner_text()
    assert page.locator("[name=caption]").input_value() == "Remittances by year"
    page.locator("[name=file]").set_input_files({**file, "buffer": png(300, 100)})
    page.locator("[name=source]").fill("Bank of Ghana")
    page.locator("[name=year]").fill("2008")
    press(page, "Add")
    mark = page.locator("tr", has_text="Remittances by year").locator("code").inner_text()
    assert faults(page) == []
    open_editor(page, site, "F.2")
    body(page).fill(f"As the figure shows:\n\n{mark}")
    press(page, "Save")
    page.wait_for_url(site.section("F.2"))
    figure = page.locator("figure", has_text="Remittances by year")
    assert "Source: Bank of Ghana, 2008" in figure.inner_text()
    figure.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure img').naturalWidth === 300")
    assert faults(page) == []


def test_a_word_file_is_looked_at_and_taken_over_with_a_report_of_what_was_lost(site: Written, enter: Enter) -> None:
    known = styles(style("Heading1", "heading 1"), style("Heading2", "heading 2"))
    file = docx(
        p("Foreword.") + p("E.2 Section E2 on labour migration", style="Heading1") + p("Some words of it. " * 40)
        + p("Remittances", style="Heading2") + table(["Year", "Sum"], ["2008", "126"])
        + p("Source: Bank of Ghana, 2008")
        + p("Annex", style="Heading1") + p("A chart:", "<w:r><w:object/></w:r>"),
        known,
    )  # fmt: skip
    page = enter("consultant")
    page.goto(site.url + site.text)
    click(page, page.get_by_role("link", name="Bring a Word file in"))
    page.locator("[name=file]").set_input_files({"name": "draft.docx", "mimeType": "text/plain", "buffer": file})
    press(page, "Read the file")
    page.wait_for_url("**/word/*/")
    preview = page.url
    assert "1" in page.locator("section", has_text="What can't be kept").last.inner_text()
    chosen = page.locator("main select[name^=block_]").evaluate_all("all => all.map((s) => s.selectedOptions[0].text)")
    ours = "E.2 Section E2 on labour migration"
    assert chosen == ["Leave it out", ours, ours, ours]
    assert page.locator(".panel", has_text="Annex").get_by_text("names no section").is_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Read all of it").click()
    page.get_by_text("Some words of it.").first.wait_for()
    page.goto(preview)
    page.locator("main select[name^=block_]").last.select_option("Leave it out")
    press(page, "Take it over")
    page.wait_for_url(site.url + site.text)
    assert "1 section is written." in page.locator("#messages").inner_text()
    page.goto(site.section("E.2"))
    text = page.locator(".text")
    assert text.locator("table").get_by_text("126").is_visible()
    assert text.get_by_role("heading", name="Remittances").is_visible()
    assert "imported from Word" in page.locator(".history").inner_text()
    assert "Annex" not in text.inner_text()


def test_the_template_is_drafted_in_the_same_way(site: Written, enter: Enter) -> None:
    page = enter("keeper")
    page.goto(site.url + site.template)
    press(page, "Begin the text")
    page.wait_for_url("**/texts/*/")
    text = page.url
    click(page, page.get_by_role("link", name="A.1 Section A1 on labour migration"))
    assert "Use the census." in page.locator(".text").inner_text()
    page.get_by_role("link", name="Write").click()
    body(page).fill("Use the **census**, and the survey of 2008.")
    press(page, "Save")
    page.locator(".notice-success").wait_for()
    page.goto(text)
    page.get_by_role("link", name="Take a draft").click()
    page.get_by_label("Name", exact=False).fill("for the TWGs")
    press(page, "Take the draft")
    page.wait_for_url("**/drafts/*/")
    assert "the survey of 2008" in page.locator("main").inner_text()
    with page.expect_download() as got:
        page.get_by_role("link", name="Word", exact=True).click()
    with zipfile.ZipFile(io.BytesIO(got.value.path().read_bytes())) as made:
        assert "the survey of 2008" in made.read("word/document.xml").decode()
    assert faults(page) == []
