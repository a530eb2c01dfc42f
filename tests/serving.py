"""Server and worker in processes of their own, as they run where people work, on a database filled for the purpose."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PALABRE_DEBUG")
# What an empty database and the static files are made from, besides the packages.
SOURCES = ("config", "workflow", "meetings", "recommendations")
KINDS = (".py", ".js", ".css", ".svg")


@dataclass(frozen=True)
class Served:
    """A running site: where, what the filling printed, and the environment in which commands meet its database."""

    url: str
    filled: str
    environment: dict[str, str]


@contextmanager
def served(var: Path, fill: str) -> Iterator[Served]:
    """Serve the demonstration from the folder `var`; `fill` is the function (module:name) that fills its database.

    It finds an empty database, with all its tables. Static files are compressed and named by their content, and nothing
    is in debugging mode: what is measured is what people get.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if k not in NOT_OURS} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PALABRE_VAR": str(var),
        "PALABRE_URL": url,
        "PALABRE_TESTING": "0",
        "PALABRE_DEMO": "1",
    }
    _begin(var, environment)
    module, name = fill.split(":")
    filled = _run(f"from {module} import {name}; {name}()", environment)
    uvicorn = ["-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning"]
    with (
        _running(uvicorn, environment, var / "server.log") as server,
        _running(["manage.py", "worker"], environment, var / "worker.log"),
    ):
        _wait(port, server, var / "server.log")
        yield Served(url, filled, environment)


def _begin(var: Path, environment: dict[str, str]) -> None:
    """Lay an empty database and the static files into the folder: made once for all sites, until their sources change.

    To make them takes longer than most stories. The lock is for processes that test side by side.
    """
    shelf = Path(os.environ.get("PALABRE_VAR") or ROOT / "var") / "served"
    shelf.mkdir(parents=True, exist_ok=True)
    ready = shelf / _sources()
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in shelf.glob("*/"):
                shutil.rmtree(old)
            making = shelf / "making"
            commands = "c('migrate', verbosity=0); c('collectstatic', interactive=False, verbosity=0)"
            _run(
                f"from django.core.management import call_command as c; {commands}",
                environment | {"PALABRE_VAR": str(making)},
            )
            making.rename(ready)
        shutil.copytree(ready, var, dirs_exist_ok=True)


def _sources() -> str:
    """A name for everything from which they are made: it changes with any of it."""
    read = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    files = [file for folder in SOURCES for file in (ROOT / folder).rglob("*") if file.suffix in KINDS]
    for file in sorted(files):
        read.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return read.hexdigest()[:16]


def _run(script: str, environment: dict[str, str]) -> str:
    """Run Python with Django set up, in a process of its own: what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {script}"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


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
    for _ in range(1200):  # a busy machine is no fault: two minutes
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text()}")
