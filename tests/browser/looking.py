"""What a browser can tell of a page: who could not read it, what sticks out of it, and what it costs."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from .conftest import DESK, PHONE, Complaints, Site

LATER_PAGE = 15_000  # bytes over the wire, once the static files are there
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = (("screen", DESK), ("phone", PHONE))
ADVICE = {"runOnly": [*WCAG, "best-practice"]}

MAIN = re.compile(r"<main.*</main>", re.DOTALL)
ALIKE = re.compile(r"[\w-]*\d+")  # what names one object among others of its kind
OF_A_KIND = 2  # a third says the same in the same places
TAG = re.compile(r"<([a-z][a-z0-9-]*)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r'([a-z][a-z-]*)(?:="([^"]*)")?')
SHAPING = {"class", "role", "type", "hidden", "open", "lang", "dir"}  # attributes whose values change what is seen
# Words without a place to break, and words from the right: a page with them is unlike the same page without.
UNLIKE = re.compile(r"\w{40}|[\u0600-\u06ff]{3}")


def kind(address: str) -> str:
    return ALIKE.sub("#", address)


def pages(site: Site, page: Any, who: str, addresses: list[str], most: int = OF_A_KIND) -> dict[str, str]:
    """The addresses that this reader gets as a page, each with its content; of each kind the first few.

    A part that a page reads again is no page. Asked once for each reader and not by each test.
    """
    known = _asked(site.url, who)
    if not known:
        had: Counter[str] = Counter()
        for address in addresses:
            if had[kind(address)] < most and (content := _content(page, site.url + address)):
                had[kind(address)] += 1
                known[address] = content
    return known


@cache
def _asked(url: str, who: str) -> dict[str, str]:
    """What was found for this reader so far."""
    return {}


def _content(page: Any, url: str) -> str:
    answer = page.request.get(url, max_redirects=0)
    if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
        return ""
    text = answer.text()
    if "<html" not in text:
        return ""
    content = MAIN.search(text)
    return content[0] if content else text


def skeleton(content: str) -> frozenset[object]:
    """A page without its words: which element follows which, so that a list of three is like one of five."""
    elements = [(name, *sorted(_shape(attributes))) for name, attributes in TAG.findall(content)]
    return frozenset([*pairwise(elements), bool(UNLIKE.search(TAG.sub(" ", content)))])


def _shape(attributes: str) -> set[str]:
    return {f"{name}={value}" if name in SHAPING else name for name, value in ATTRIBUTE.findall(attributes)}


def axe_complaints(page: Any, rules: dict[str, object] | None = None) -> list[str]:
    """What axe finds by WCAG's rules, or by others."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": WCAG, "resultTypes": ["violations"], "preload": False, **(rules or {})}
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} times)" for v in found]


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


def judged(page: Any) -> list[str]:
    """What axe and the width of the window find wrong with the page that stands open."""
    return [*axe_complaints(page), *filter(None, [overflow(page)])]


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


def faults(site: Site, page: Any, visited: list[str], judged: list[str]) -> list[str]:
    """Visit each address; what is wrong with it on a screen and on a phone, over the wire and in the console.

    Some are judged by axe besides, which takes longest: on a screen and on a phone in turns. A page is opened in the
    size in which the one before was left.
    """
    wrong: list[str] = []
    wire, console = Wire(page), Complaints()
    console.listen(page)
    for turn, address in enumerate(visited):
        wire.bytes = 0
        page.goto(site.url + address, wait_until="load")
        if turn and wire.bytes > LATER_PAGE:
            wrong.append(f"{address} costs {wire.bytes} bytes")
        wrong += [f"{address} says {said}" for said in console.found]
        for name, size in SIZES[:: -1 if turn % 2 else 1]:
            page.set_viewport_size(size)
            wrong += [f"{address} on a {name}: {wide}" for wide in [overflow(page)] if wide]
        if address in judged:
            wrong += [f"{address} on a {name}: {fault}" for fault in axe_complaints(page)]
        console.found.clear()
    return wrong
