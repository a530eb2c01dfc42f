"""`manage.py verify_record FILE [--key KEY]`: prove a signed record (a ballot's, a hand-over's) without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.engine import records


class Command(BaseCommand):
    """Checks the signature, and what the record says against itself: votes are counted again."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the record, as downloaded (JSON)")
        parser.add_argument("--key", help="the public key that you trust, in base64; the record's own if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} can't be read: {error}") from error
        wrong = records.problems(document, options["key"])
        if wrong:
            raise CommandError("This record does not hold:\n" + "\n".join(f"- {one}" for one in wrong))
        for line in records.told(document):
            self.stdout.write(line)
        self.stdout.write(f"Signed by {document['key'] if not options['key'] else options['key']}.")
