"""A real server with its worker, a real Chromium, and everybody already signed in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.serving import served

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = 30_000  # ms: a machine that is busy is no fault


# Files in the order in which the two processes of `make browser` take them: the longest first, so that none is left
# with a long one at the end, and last those that share a server with the first.
TURNS = (
    "test_every_page",
    "test_meetings",
    "test_ghana",
    "test_writing",
    "test_french_round_trip",
    "test_docs",
    "test_commenting",
    "test_ballots",
    "test_requests",
    "test_planning",
    "test_longer_words",
    "test_whole_life",
    "test_acting",
    "test_live",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    name = item.path.stem
    return TURNS.index(name) if name in TURNS else len(TURNS)


@dataclass
class Site:
    """The running server: `people` gives each one's session, `editions` the edition of each story."""

    url: str
    people: dict[str, str]
    addresses: list[str]
    shipped: list[str]
    editions: dict[str, int]

    def edition(self, story: str) -> str:
        return f"{self.url}/editions/{self.editions[story]}/"

    def act(self, story: str, transition: str) -> str:
        return f"{self.url}/do/edition/{self.editions[story]}/{transition}/"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("var"), "tests.browser.filling:main") as running:
        yield Site(url=running.url, **json.loads(running.filled))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Playwright's browser; the executable is CHROMIUM, or the system's."""
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "Chromium is not installed: install it, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What a browser's console says against a page."""

    found: list[str] = field(default_factory=list)

    def listen(self, page: Any) -> None:
        page.on("console", lambda m: self.found.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))


@contextmanager
def slow_scripts(page: Any) -> Iterator[None]:
    """No script of the page that is opened comes before the block ends."""
    held: list[Any] = []
    page.route("**/*.js", lambda route: held.append(route))
    yield
    assert held, "the page has asked for its scripts"
    for route in held:
        route.continue_()
    page.unroute("**/*.js")


def click(page: Any, target: Any) -> None:
    """Press what leads to another page, and wait until that page stands whole: what is read at once is that one."""
    with page.expect_navigation():
        target.click(no_wait_after=True)


Enter = Callable[..., Any]


@pytest.fixture
def enter(site: Site, chromium: Any) -> Iterator[Enter]:
    """`enter("secretariat")` opens a page in a browser of their own; options are Playwright's for a context."""
    contexts: list[Any] = []

    def as_(who: str, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if who != "anonymous":
            context.add_cookies([{"name": "sessionid", "value": site.people[who], "url": site.url}])
        return context.new_page()

    yield as_
    for context in contexts:
        context.close()
