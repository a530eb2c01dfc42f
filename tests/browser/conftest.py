"""A real server with its worker, a real Chromium, and everybody already signed in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.serving import served

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


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


Enter = Callable[..., Any]


@pytest.fixture
def enter(site: Site, chromium: Any) -> Iterator[Enter]:
    """`enter("secretariat")` opens a page in a browser of their own; options are Playwright's for a context."""
    contexts: list[Any] = []

    def as_(who: str, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": DESK, "locale": "en-GB", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        if who != "anonymous":
            context.add_cookies([{"name": "sessionid", "value": site.people[who], "url": site.url}])
        return context.new_page()

    yield as_
    for context in contexts:
        context.close()
