"""Every page, as the people who read most of them, on a phone and on a screen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .conftest import DESK, PHONE, Complaints, Enter, Site

FIRST_VISIT = 60_000  # bytes over the wire, with all that the page needs
LATER_PAGE = 15_000
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Between them they reach every page; the sweep in tests/sweeps goes through all kinds of people.
READERS = ["anonymous", "secretariat", "observer", "monitor", "administrator"]


MAIN = re.compile(r"<main.*</main>", re.DOTALL)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
_judged: set[str] = set()


def pages(site: Site, page: Any, addresses: list[str]) -> dict[str, str]:
    """The addresses that this reader gets as a page, each with its content; a part that a page reads again is none."""
    found = {}
    for address in addresses:
        answer = page.request.get(site.url + address, max_redirects=0)
        html = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status == 200 and html and "<html" in answer.text():
            content = MAIN.search(answer.text())
            found[address] = CSRF.sub("", content[0] if content else answer.text())
    return found


def not_yet_judged(contents: dict[str, str]) -> list[str]:
    """Two readers of the same words need one judgement; the frame around them is judged with the first page."""
    fresh = [address for address, content in contents.items() if content not in _judged]
    _judged.update(contents.values())
    return fresh or list(contents)[:1]


def axe_complaints(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    return [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} times)"
        for v in results.response["violations"]
    ]


def overflow(page: Any) -> str:
    """What sticks out to the side, if the page can be scrolled there; empty when nothing does."""
    return str(
        page.evaluate(
            """() => {
                const wide = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= wide) return "";
                const out = [...document.querySelectorAll("main *, header *, footer *")]
                    .filter((e) => e.getBoundingClientRect().right > wide + 1);
                const culprit = (out.at(-1)?.outerHTML || "").slice(0, 160);
                return `${document.documentElement.scrollWidth} px wide: ${culprit}`;
            }"""
        )
    )


class Wire:
    """Counts the bytes that a page costs, as they go over the network: headers, compressed bodies, static files."""

    def __init__(self, page: Any) -> None:
        self.bytes = 0
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def of(self, page: Any, url: str) -> int:
        self.bytes = 0
        page.goto(url, wait_until="networkidle")
        return self.bytes


def faults(site: Site, page: Any, addresses: list[str]) -> list[str]:
    """Visit each address; what is wrong with it on a screen and on a phone, over the wire and in the console."""
    wrong: list[str] = []
    wire, console = Wire(page), Complaints()
    console.listen(page)
    for turn, address in enumerate(addresses):
        page.set_viewport_size(DESK)
        wire.bytes = 0
        page.goto(site.url + address, wait_until="load")
        if address != addresses[0] and wire.bytes > LATER_PAGE:
            wrong.append(f"{address} costs {wire.bytes} bytes")
        wrong += [f"{address} says {said}" for said in console.found]
        for name, size in (("screen", DESK), ("phone", PHONE)):
            page.set_viewport_size(size)
            wrong += [f"{address} on a {name}: {wide}" for wide in [overflow(page)] if wide]
            # Judging takes longest: pages are judged on a screen and on a phone in turns.
            if (name == "phone") == bool(turn % 2):
                wrong += [f"{address} on a {name}: {fault}" for fault in axe_complaints(page)]
        console.found.clear()
    return wrong


@pytest.mark.parametrize("who", READERS)
def test_every_page_is_accessible_light_and_quiet(site: Site, enter: Enter, who: str) -> None:
    page = enter(who)
    addresses = pages(site, page, site.addresses)
    assert len(addresses) > 5
    wrong = faults(site, page, not_yet_judged(addresses))
    assert not wrong, "\n".join(wrong)


def test_the_shipped_project_s_pages_are_accessible_light_and_quiet(site: Site, enter: Enter) -> None:
    page = enter("shipped IOM monitor")
    addresses = pages(site, page, site.shipped)
    assert len(addresses) > 25
    wrong = faults(site, page, not_yet_judged(addresses))
    assert not wrong, "\n".join(wrong)


def test_at_night_the_colours_still_stand_out(site: Site, enter: Enter) -> None:
    page = enter("shipped Secretariat, Ghana", color_scheme="dark")
    wrong = []
    for address in list(pages(site, page, site.shipped))[:12]:
        page.goto(site.url + address)
        wrong += [f"{address}: {fault}" for fault in axe_complaints(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "address", ["/", "/overview/", "/institutions/", "/twgs/", "/accounts/login/"], ids=lambda a: str(a)
)
@pytest.mark.parametrize("who", ["anonymous", "shipped IOM monitor", "shipped Secretariat, Ghana"])
def test_a_first_visit_stays_under_60_kb(site: Site, enter: Enter, who: str, address: str) -> None:
    page = enter(who)
    cost = Wire(page).of(page, site.url + address)
    assert 1_000 < cost < FIRST_VISIT


def test_the_measures_see_what_they_measure(site: Site, enter: Enter) -> None:
    """None of the tests above can pass by being blind."""
    page = enter("anonymous", viewport=PHONE)
    wire, console = Wire(page), Complaints()
    console.listen(page)
    first, later = (wire.of(page, site.url + "/accounts/login/") for _ in range(2))
    assert first > later + 5_000 > 5_500
    assert not overflow(page)
    page.evaluate("document.querySelector('h1').style.minWidth = '3000px'")
    assert "<h1" in overflow(page)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/nothing-here.png>')")
    page.wait_for_load_state("networkidle")
    assert any(fault.startswith("image-alt") for fault in axe_complaints(page))
    assert any("404" in said for said in console.found)
