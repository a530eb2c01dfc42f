"""`make check`: what can be said about the project without running it. Ends non-zero if anything is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PYTHON = sys.executable

# What a server where people vote is started with: without these `check --deploy` has nothing to judge.
AS_DEPLOYED = {
    "PALABRE_URL": "https://palabre.example",
    "SECRET_KEY": "".join(chr(33 + (7 * n) % 90) for n in range(64)),
    "ALLOWED_HOSTS": "palabre.example",
    "PALABRE_DEBUG": "0",
    "PALABRE_DEMO": "0",
    "PALABRE_TESTING": "0",
}
AS_TESTED = {"PALABRE_TESTING": "1"}


@dataclass(frozen=True)
class Step:
    """One command and the environment it needs."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def tool(name: str) -> str:
    return str(BIN / name)


STEPS = [
    Step("types", [tool("mypy"), "config", "recommendations", "meetings", "workflow"], AS_TESTED),
    Step("lint", [tool("ruff"), "check", "."]),
    Step("layout", [tool("ruff"), "format", "--check", "."]),
    Step("floors", [tool("lint-imports"), "--no-logo"]),
    Step("templates", [tool("djlint"), "--lint", "--quiet", "workflow", "recommendations", "meetings"]),
    Step("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], AS_TESTED),
    Step("deployment", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], AS_DEPLOYED),
    Step("translations", [PYTHON, "-m", "tests.checks.translations"], AS_TESTED),
    Step("packages", [PYTHON, "-m", "pip", "check", "--disable-pip-version-check"]),
]


def run(step: Step) -> bool:
    """Run one step; print its name and time, and its words if it fails."""
    start = time.monotonic()
    done = subprocess.run(
        step.command, cwd=ROOT, env={**os.environ, **step.environment}, text=True, capture_output=True, check=False
    )
    fine = done.returncode == 0
    aloud = fine and "NOT TRANSLATED" in done.stdout
    words = f"\n{done.stdout}{'' if fine else done.stderr}" if aloud or not fine else ""
    print(f"{'ok    ' if fine else 'FAILED'} {step.name} ({time.monotonic() - start:.1f} s){words}", flush=True)
    return fine


def main(names: list[str]) -> int:
    """Run all steps, or those named; two at a time."""
    wanted = [s for s in STEPS if not names or s.name in names]
    unknown = set(names) - {s.name for s in STEPS}
    if unknown:
        print(f"There is no check named {', '.join(sorted(unknown))}.")
        return 2
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, wanted))
    print(f"{results.count(True)} of {len(results)} checks passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
