"""`manage.py demo`, as `make demo` runs it: one command, everybody's way in, and the data is there the next time."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PALABRE_TESTING", "PALABRE_DEBUG", "PALABRE_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """One run of the command, and what it has said so far."""

    def __init__(self, var: Path, port: int, **more: str) -> None:
        self.log = var / "said"
        self.site = f"http://127.0.0.1:{port}"
        environment = {k: v for k, v in os.environ.items() if k not in OWN}
        environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PALABRE_VAR": str(var), "PALABRE_DEMO": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(port)],
                cwd=ROOT, env=environment | more, stdout=log, stderr=log,
            )  # fmt: skip

    def said(self) -> str:
        return self.log.read_text()

    def until(self, so: Callable[[], object]) -> None:
        for _look in range(3600):  # a busy machine takes its time
            if so():
                return
            time.sleep(0.05)
        raise AssertionError(self.said())

    def ready(self) -> Demo:
        self.until(lambda: "Ctrl-C stops it" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def ended(self) -> tuple[int, str]:
        return self.process.wait(60), self.said()

    def links(self) -> dict[str, str]:
        return dict(re.findall(r"^  (\S.*?) +(http://\S+/demo/enter/\S+)$", self.said(), re.M))

    def workers(self) -> list[int]:
        """Process ids of the workers that this run has started."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended meanwhile
            if int(parent) == self.process.pid and b"worker" in command:
                found.append(int(folder.name))
        return found


class Visitor:
    """A browser that keeps its cookies."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, url: str) -> tuple[int, str]:
        try:
            with self.opener.open(url, timeout=30) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()


@pytest.fixture
def running() -> Iterator[list[Demo]]:
    demos: list[Demo] = []
    yield demos
    for demo in demos:
        if demo.process.poll() is None:
            demo.stop()


def test_one_command_shows_it_all_and_a_second_start_keeps_it(tmp_path: Path, running: list[Demo]) -> None:
    port = free_port()
    demo = Demo(tmp_path, port)
    running.append(demo)
    demo.ready()
    assert "Loading the West and Central Africa project" in demo.said()
    links = demo.links()
    assert list(links) == [
        "Secretariat, Ghana", "Chair, Ghana", "Consultant, Ghana", "A ministry's member, Ghana",
        "Civil-society observer, Ghana", "Secretariat, Mali", "Secretariat of the region", "IOM monitor",
        "Administrator",
    ]  # fmt: skip
    assert all(link.startswith(demo.site) for link in links.values())

    ghana = Visitor()
    status, page = ghana.get(links["Secretariat, Ghana"])
    assert (status, "Sign out" in page) == (200, True)
    assert Visitor().get(links["Secretariat, Ghana"])[0] == 410
    styles = re.search(r'href="(/static/palabre/palabre[^"]*\.css)"', page)
    assert styles, page
    assert Visitor().get(demo.site + styles[1])[0] == 200
    assert Visitor().get(f"{demo.site}/demo/mail/")[0] == 200

    [worker] = demo.workers()
    os.kill(worker, signal.SIGKILL)
    demo.until(lambda: demo.workers() not in ([], [worker]))
    assert "The worker has ended; starting it again." in demo.said()

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    status, said = Demo(elsewhere, port).ended()
    assert status == 1
    assert f"Port {port} is in use" in said

    assert demo.stop(signal.SIGINT) == 0
    with pytest.raises(urllib.error.URLError):
        Visitor().get(demo.site)

    began = time.monotonic()
    again = Demo(tmp_path, port)
    running.append(again)
    again.ready()
    assert time.monotonic() - began < 30
    assert "Loading" not in again.said()
    assert "Sign out" in ghana.get(f"{again.site}/me/")[1], "whoever was signed in still is"
    assert set(again.links()) == set(links)
    assert again.stop() == 0


def test_where_people_really_vote_it_refuses(tmp_path: Path) -> None:
    status, said = Demo(tmp_path, free_port(), PALABRE_DEMO="0", SECRET_KEY="x" * 50).ended()
    assert status == 1
    assert "set PALABRE_DEMO=1" in said
    assert not (tmp_path / "palabre.sqlite3").exists()


def test_without_a_secret_nothing_starts_where_people_really_vote(tmp_path: Path) -> None:
    status, said = Demo(tmp_path, free_port(), PALABRE_DEMO="0").ended()
    assert status == 1
    assert "Set SECRET_KEY to a long random string" in said
