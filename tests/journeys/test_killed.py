"""Kill -9, again and again, in mid-transition and in mid-delivery: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HITS = 3  # how often each process must have died in the middle of something
PATIENCE = 60  # seconds until the test gives up; it needs ten
STEPS = {"drafting": ("submit_draft", {}), "comment": ("return_to_drafting", {"note": "Part C is not done."})}


def fill() -> None:
    """In a process of its own: three editions in drafting, a TWG of five, and a token for its secretariat."""
    from tests import factories as f
    from workflow.groups import tokens

    twg = f.twg("GH")
    kofi = f.seat(twg, "secretariat", "Kofi")
    others = [f.seat(twg, role) for role in ("chair", "consultant", "member", "observer")]
    editions = [f.edition(twg, stage="drafting", label=str(year)) for year in (2009, 2010, 2011)]
    secret = tokens.make_token(kofi, label="test", scope="write", days=1)[1]
    told = {"secret": secret, "editions": [e.pk for e in editions], "others": [p.pk for p in others]}
    print(json.dumps(told))  # noqa: T201


class Site:
    """Palabre on a database of its own, with a server and a worker that can be killed and started again."""

    def __init__(self, var: Path, filling: str = "tests.journeys.test_killed") -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        own = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PALABRE_TESTING", "PALABRE_DEMO", "PALABRE_DEBUG")
        self.environment = {k: v for k, v in os.environ.items() if k not in own} | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "for-this-test-alone-0123456789-0123456789-0123456789",
            "PALABRE_VAR": str(var),
            "API_RATE": "1000000/min",
            "PYTHONWARNINGS": "ignore",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.run("manage.py", "migrate", "-v0")
        script = f"import django; django.setup(); from {filling} import fill; fill()"
        self.told = json.loads(self.run("-c", script).stdout)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.var / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        command = ("-m", "uvicorn", "config.asgi:application", "--port", str(self.port), "--log-level", "warning")
        process = self.start(*command)
        until(lambda: self.answers() or process.poll() is not None)
        assert process.poll() is None, (self.var / "log").read_text()
        return process

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.var / "palabre.sqlite3", timeout=20)) as database, database:
            return database.execute(sql).fetchall()


def until(so: Callable[[], Any]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < give_up, "it took too long"
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


class Secretariat(threading.Thread):
    """Moves one edition to and fro without pause, and remembers what it was told: answers, and calls without one."""

    def __init__(self, site: Site, edition: int) -> None:
        super().__init__(daemon=True)
        self.site, self.edition = site, edition
        self.enough = threading.Event()
        self.told: list[dict[str, Any]] = []
        self.unanswered = 0
        self.refused: list[Any] = []

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                now = self.call("GET", "actions/")
                step, answers = STEPS[now["state"]]
            except OSError:
                time.sleep(0.05)  # the server is down: nothing was asked of it yet
                continue
            try:
                self.told.append(self.call("POST", f"actions/{step}/", {"version": now["version"], **answers})["event"])
            except OSError:
                self.unanswered += 1

    def call(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.site.told['secret']}", "Content-Type": "application/json"}
        try:
            connection.request(method, f"/api/v1/editions/{self.edition}/{path}", json.dumps(body or {}), headers)
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError from error
        finally:
            connection.close()
        if answer.status != 200:
            self.refused.append((answer.status, content))
            self.enough.set()
            raise ConnectionError
        return json.loads(content)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    for process in site.processes:
        if process.poll() is None:
            kill(process)


def test_killed_at_any_moment_state_history_and_mail_agree(site: Site) -> None:
    hands = [Secretariat(site, edition) for edition in site.told["editions"]]
    server, worker = site.serve(), site.start("manage.py", "worker", "--interval", "0.02")
    for hand in hands:
        hand.start()

    in_delivery = 0
    give_up = time.monotonic() + PATIENCE
    while sum(hand.unanswered for hand in hands) < HITS or in_delivery < HITS:
        assert time.monotonic() < give_up, (in_delivery, [hand.unanswered for hand in hands])
        if in_delivery < HITS:
            until(lambda: sending(site))
            kill(worker)
            in_delivery += bool(sending(site))
            later(site)
            worker = site.start("manage.py", "worker", "--interval", "0.02")
        if sum(hand.unanswered for hand in hands) < HITS:
            until_one_more_is_told(hands)
            time.sleep(random.random() / 20)
            kill(server)
            server = site.serve()

    for hand in hands:
        hand.enough.set()
    for hand in hands:
        hand.join()
    assert [hand.refused for hand in hands] == [[], [], []]
    kill(server)
    kill(worker)
    later(site)
    site.run("manage.py", "worker", "--once")

    assert "Every chain holds." in site.run("manage.py", "verify_history").stdout
    for hand in hands:
        everything_told_has_happened_once(site, hand)
    every_mail_is_there_once(site)


def until_one_more_is_told(hands: list[Secretariat]) -> None:
    before = sum(len(hand.told) for hand in hands)
    until(lambda: sum(len(hand.told) for hand in hands) > before)


def sending(site: Site) -> int:
    return int(site.ask("SELECT count(*) FROM workflow_outboxrow WHERE status = 'sending'")[0][0])


def later(site: Site) -> None:
    """Ten minutes pass for what a killed worker had in hand: its leases are over."""
    past = "datetime('now', '-10 minutes')"
    site.ask(f"UPDATE workflow_outboxrow SET lease_until = {past} WHERE status = 'sending'")
    site.ask(f"UPDATE workflow_outboxrow SET due = {past} WHERE status = 'waiting'")


def everything_told_has_happened_once(site: Site, hand: Secretariat) -> None:
    """What was answered is in history, word for word; beyond that, at most what was never answered."""
    rows = site.ask(
        "SELECT hash, from_state, to_state FROM workflow_event WHERE subject_kind = 'edition' "
        f"AND subject_id = {hand.edition} AND from_state != '' AND actor_id IS NOT NULL ORDER BY sequence"
    )
    hashes = [row[0] for row in rows]
    told = [event["hash"] for event in hand.told]
    assert len(set(told)) == len(told) > 0
    assert [h for h in hashes if h in set(told)] == told
    assert len(told) <= len(hashes) <= len(told) + hand.unanswered
    assert [row[1] for row in rows[1:]] == [row[2] for row in rows[:-1]], "each step began where the last one ended"
    [(stage, version)] = site.ask(f"SELECT stage, version FROM workflow_edition WHERE id = {hand.edition}")
    assert stage == rows[-1][2]
    assert [(version,)] == site.ask(
        f"SELECT max(sequence) FROM workflow_event WHERE subject_kind = 'edition' AND subject_id = {hand.edition}"
    )


def every_mail_is_there_once(site: Site) -> None:
    """Each step of the secretariat was told to the four others, each in one file."""
    steps = site.ask("SELECT id FROM workflow_event WHERE subject_kind = 'edition' AND actor_id IS NOT NULL")
    expected = sorted(f"mail.{event}.{person}" for (event,) in steps for person in site.told["others"])
    own = {f"mail.{event}." for (event,) in steps}
    files = [file.name.partition("_")[0] for file in (site.var / "mail").glob("*.eml")]
    assert sorted(name for name in files if name.rpartition(".")[0] + "." in own) == expected
    open_rows = "SELECT kind, last_error FROM workflow_outboxrow WHERE status != 'done'"
    assert set(site.ask(open_rows)) <= {("notice", "this event is not told by mail")}
