"""Load a project file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.projects import loading, reading


class Command(BaseCommand):
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
            raise CommandError(f"{len(error.problems)} mistakes; nothing was changed.") from error
        for difference in report.differences:
            self.stdout.write(f"{file}:{difference}")
        would = "would be new" if check else "new"
        self.stdout.write(f"{file.name}: {report.new} {would}, {report.known} already there.")
