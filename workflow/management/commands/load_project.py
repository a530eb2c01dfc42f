"""Load a project file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.projects import loading, reading


class Command(BaseCommand):
    requires_migrations_checks = True  # an empty database is told before it fails
    help = "Load a project file (docs/project-format.md): all of it or nothing, and each thing once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="try everything, change nothing")

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        try:
            report = loading.load(reading.read(file), check=check)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except reading.ProjectFileError as error:
            for problem in error.problems:
                self.stderr.write(f"{file}:{problem}")
            count = len(error.problems)
            said = ngettext(
                "%(count)s mistake; nothing was changed.", "%(count)s mistakes; nothing was changed.", count
            )
            raise CommandError(said % {"count": count}) from error
        for difference in report.differences:
            self.stdout.write(f"{file}:{difference}")
        said = _("%(file)s: %(new)s would be new, %(known)s already there.") if check else _(
            "%(file)s: %(new)s new, %(known)s already there."
        )  # fmt: skip
        self.stdout.write(said % {"file": file.name, "new": report.new, "known": report.known})
