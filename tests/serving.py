"""Server and worker in processes of their own, as they run where people work, on a database filled for the purpose."""

from __future__ import annotations

import os
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


@dataclass(frozen=True)
class Served:
    """A running site: where, what the filling printed, and the environment in which commands meet its database."""

    url: str
    filled: str
    environment: dict[str, str]


@contextmanager
def served(var: Path, fill: str) -> Iterator[Served]:
    """Serve the demonstration from the folder `var`; `fill` is the function (module:name) that fills its database.

    Static files are compressed and named by their content, and nothing is in debugging mode: what is measured is what
    people get.
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
    module, name = fill.split(":")
    script = f"import django; django.setup(); from {module} import {name}; {name}()"
    filled = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert filled.returncode == 0, filled.stderr
    uvicorn = ["-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning"]
    with (
        _running(uvicorn, environment, var / "server.log") as server,
        _running(["manage.py", "worker"], environment, var / "worker.log"),
    ):
        _wait(port, server, var / "server.log")
        yield Served(url, filled.stdout, environment)


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
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text()}")
