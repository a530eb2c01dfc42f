"""Walk every history and say whether anybody has rewritten it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.engine import history


class Command(BaseCommand):
    requires_migrations_checks = True  # an empty database is told before it fails
    help = "Verify the hash chain of every subject; exits with 1 and names the first broken event if one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = history.verify()
        self.stdout.write(f"{verdict.subjects} subjects, {verdict.events} events read.")
        if verdict.broken:
            at = verdict.broken
            where = at.subject if at.sequence is None else f"{at.subject}, event {at.sequence}"
            unguarded = (
                "" if verdict.guarded or at.subject == "database" else " The triggers that protect events are missing."
            )
            raise CommandError(f"History is broken at {where}: {at.why}.{unguarded}")
        self.stdout.write(f"Every chain holds. Digest of all heads: {verdict.digest}")
