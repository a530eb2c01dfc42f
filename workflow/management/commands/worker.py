"""The worker: delivers the outbox through django-tasks, and brings back what a killed worker left behind."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from workflow.engine import clock

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Deliver mail and other work that follows transactions. Run one or several; stop with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do all that is due, then end")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks (default 0.5)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,  # it returns when nothing is ready, so that the clock can tick between two looks
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(16),
        )
        worker.configure_signals()
        while worker.running:
            try:
                clock.tick()
                worker.run()
            except OperationalError as error:
                # The database is restarting or another writer holds it: wait and look again, nothing is lost.
                log.warning("the database did not answer: %s", error)
                close_old_connections()
            if options["once"]:
                break
            time.sleep(options["interval"])
