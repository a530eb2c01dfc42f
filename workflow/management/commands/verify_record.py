"""`manage.py verify_record FILE [--key KEY]`: prove a ballot's record without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.ballots import record


class Command(BaseCommand):
    """Checks the signature, and counts the votes again by the rule that the record names."""

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
        wrong = record.problems(document, options["key"])
        if wrong:
            raise CommandError("This record does not hold:\n" + "\n".join(f"- {one}" for one in wrong))
        content = document["record"]
        voted = sum(1 for elector in content["electorate"] if elector["vote"])
        self.stdout.write(f"Ballot {content['ballot']} of {content['twg']}: {content['question']}")
        self.stdout.write(f"{voted} votes counted again: {content['outcome']}, as the record says.")
        self.stdout.write(f"Signed by {document['key'] if not options['key'] else options['key']}.")
