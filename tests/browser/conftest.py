"""A real server with its worker, a real Chromium, and everybody already signed in."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FILL = "import django; django.setup(); from tests.browser import filling; filling.main()"
ROOT = Path(__file__).resolve().parents[2]
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
    """Server and worker as they run where people work: no debugging, static files compressed and named by content."""
    var = tmp_path_factory.mktemp("var")
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "PALABRE_DEBUG")} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PALABRE_VAR": str(var),
        "PALABRE_URL": f"http://127.0.0.1:{port}",
        "PALABRE_TESTING": "0",
        "PALABRE_DEMO": "1",
    }
    filled = subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert filled.returncode == 0, filled.stderr
    uvicorn = ["-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning"]
    with (
        _running(uvicorn, environment, var / "server.log") as server,
        _running(["manage.py", "worker"], environment, var / "worker.log"),
    ):
        _wait(port, server, var / "server.log")
        yield Site(url=f"http://127.0.0.1:{port}", **json.loads(filled.stdout))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=file, stderr=file)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text()}")


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
