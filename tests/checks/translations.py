"""Every text of the source has a translation: `python -m tests.checks.translations` (needs gettext's xgettext).

The texts are gathered into a copy, so that the check changes nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import catalogue

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("fr", "pt")
SOURCE = ("config", "recommendations", "meetings", "workflow")
MOST_SHOWN = 40  # lines for each language


def gathered(into: Path) -> None:
    """Copy the source and run makemessages there."""
    for name in SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", into)
    for language in LANGUAGES:
        (into / "locale" / language).mkdir(parents=True)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--no-location", *(f"-l{code}" for code in LANGUAGES)],
        cwd=into,
        env={**os.environ, "PALABRE_TESTING": "1", "PALABRE_VAR": str(into / "var"), "PYTHONPATH": str(into)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def problems(language: str, copy: Path) -> list[str]:
    place = Path("locale") / language / "LC_MESSAGES" / "django.po"
    if not (ROOT / place).is_file():
        return [f"{place} is not there"]
    wanted, kept = catalogue.read(copy / place, language), catalogue.read(ROOT / place, language)
    return list(catalogue.missing(wanted, kept))


def main() -> int:
    if not shutil.which("xgettext"):
        print("xgettext is not installed: install gettext to check translations")
        return 1
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        gathered(copy)
        for language in LANGUAGES:
            if not (ROOT / "locale" / language).is_dir():
                # Said aloud on every run until the catalogue comes; from then on every gap in it fails.
                print(f"{language}: NOT TRANSLATED, there is no catalogue")
                continue
            found = problems(language, copy)
            wrong += len(found)
            print(f"{language}: {len(found)} to mend")
            print("\n".join(f"  {line}" for line in found[:MOST_SHOWN]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
