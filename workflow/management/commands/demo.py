"""`make demo`: the West and Central Africa project, served with its worker, and how to come in as everybody."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from workflow.groups import demo, services
from workflow.groups.models import Person, Project

PROJECT = Path(settings.BASE_DIR) / "workflow" / "projects" / "wca.yaml"
WAIT = 15  # seconds for a process to answer or to end


class Command(BaseCommand):
    help = "Prepare the database once, then serve it with its worker. Ctrl-C stops both; the data stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="only prepare, don't serve")

    def handle(self, *args: Any, port: int, prepare: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for demonstrations only: set PALABRE_DEMO=1.")
        if not prepare and _in_use(port):
            raise CommandError(f"Port {port} is in use: stop what runs there, or choose another with --port.")
        self.prepare()
        if not prepare:
            self.serve(port)

    def prepare(self) -> None:
        """Migrate, load the project into an empty database, gather static files. Quick when all is there."""
        call_command("migrate", verbosity=0)
        if not Project.objects.exists():
            self.stdout.write("Loading the West and Central Africa project…")
            call_command("load_project", PROJECT, stdout=self.stdout)
        if not Person.objects.filter(is_administrator=True).exists():
            services.person_for(
                "administrator@palabre.example", name="Administrator", actor=None, is_administrator=True
            )
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)

    def serve(self, port: int) -> None:
        """Server and worker as two processes; a worker that dies is started again, a server that dies ends it all."""
        if "PALABRE_URL" not in os.environ:
            settings.SITE_URL = f"http://127.0.0.1:{port}"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        server = self._start("-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port),
                             "--log-level", "warning", "--timeout-graceful-shutdown", "3")  # fmt: skip
        processes = [server]
        try:
            processes.append(self._start("manage.py", "worker"))
            self._wait_for(server, port)
            self.welcome()
            while server.poll() is None:
                if processes[1].poll() is not None:
                    self.stderr.write("The worker has ended; starting it again.")
                    processes[1] = self._start("manage.py", "worker")
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping. The data stays.")
        finally:
            _stop(processes)
        if server.returncode not in (0, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP):
            raise CommandError(f"The server has ended with {server.returncode}.")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PALABRE_URL": settings.SITE_URL}
        return subprocess.Popen([sys.executable, *command], cwd=settings.BASE_DIR, env=environment)

    def _wait_for(self, server: subprocess.Popen[bytes], port: int) -> None:
        until = time.monotonic() + WAIT
        while not _in_use(port):
            if server.poll() is not None or time.monotonic() > until:
                raise CommandError("The server did not start; its messages are above.")
            time.sleep(0.1)

    def welcome(self) -> None:
        out = self.stdout.write
        out("")
        out(f"Palabre is at {settings.SITE_URL}/")
        out("")
        out("Come in with one of these links; each works once, and the sign-in page offers the same people:")
        known = demo.people()
        width = max(len(str(label)) for label, _person in known)
        for label, person in known:
            out(f"  {label!s:<{width}}  {demo.link_for(person)}")
        out("")
        out(f"Mail that Palabre sends, codes included: {settings.SITE_URL}{reverse('mailbox')}")
        out("Ctrl-C stops it; the data stays, and `make demo` starts it again.")
        self.stdout.flush()


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ctrl-C reaches all three at once, and a second signal would cut the worker off: so first a moment's patience."""
    for patience, number in ((1, signal.SIGTERM), (WAIT, signal.SIGKILL), (WAIT, None)):
        until = time.monotonic() + patience
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
        for process in processes:
            if number and process.poll() is None:
                process.send_signal(number)
