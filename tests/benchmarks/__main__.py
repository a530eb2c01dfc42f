"""`make bench`: run the measurements on both databases and write the table of docs/performance.md."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import calendars

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def measure(url: str) -> dict[str, Any]:
    environment = {"TEST_DATABASE_NAME": "test_palabre_bench", **os.environ}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.measure"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def table(results: list[dict[str, Any]]) -> str:
    lines = [
        "| database | transitions per second | the same rows, bare | ratio |",
        "|---|---|---|---|",
    ]
    for result in results:
        t = result["transitions"]
        lines.append(f"| {NAMES[result['database']]} | {t['rate']} | {t['floor']} | {t['ratio']:.2f} |")
    lines += ["", "| database | votes per second | the same rows, bare | ratio |", "|---|---|---|---|"]
    for result in results:
        t = result["votes"]
        lines.append(f"| {NAMES[result['database']]} | {t['rate']} | {t['floor']} | {t['ratio']:.2f} |")
    lines += [
        "",
        "| page | database | milliseconds | bare page of the same bytes | times | queries | bytes |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for name, page in result["pages"].items():
            lines.append(
                f"| {name} | {NAMES[result['database']]} | {page['milliseconds']} | {page['floor']} "
                f"| {page['times']:.2f} | {page['queries']} | {page['bytes']} |"
            )
    lines += ["", "| database | events verified | per second | megabytes at most |", "|---|---|---|---|"]
    for result in results:
        v = result["verification"]
        lines.append(f"| {NAMES[result['database']]} | {v['events']} | {v['rate']} | {v['megabytes']} |")
    lines += [
        "",
        "| database | ms to the open page's socket | ms to the page read again | the longest |",
        "|---|---|---|---|",
    ]
    for result in results:
        seen = result["live"]
        lines.append(f"| {NAMES[result['database']]} | {seen['told']} | {seen['shown']} | {seen['worst']} |")
    lines += ["", "| database | pages that watch a ballot | ms until 95 % know | bare channels |", "|---|---|---|---|"]
    for result in results:
        seen = result["tally"]
        lines.append(f"| {NAMES[result['database']]} | {seen['sockets']} | {seen['p95']} | {seen['floor']} |")
    lines += [
        "",
        "| database | people at once | comments per second | the same rows, bare | ratio | longest wait, seconds |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        c = result["comments"]
        lines.append(
            f"| {NAMES[result['database']]} | {c['people']} | {c['rate']} | {c['floor']} "
            f"| {c['ratio']:.2f} | {c['longest']} |"
        )
    lines += ["", "| database | phones signing in | seconds | the same rows, bare | times |", "|---|---|---|---|---|"]
    for result in results:
        p = result["phones"]
        lines.append(
            f"| {NAMES[result['database']]} | {p['people']} | {p['seconds']} | {p['floor']} | {p['times']:.2f} |"
        )
    lines += [
        "",
        "| page | database | milliseconds | bare SQL and template | times | bytes |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        p = result["attendees"]
        lines.append(
            f"| who came, {p['people']} people | {NAMES[result['database']]} | {p['milliseconds']} | {p['floor']} "
            f"| {p['times']:.1f} | {p['bytes']} |"
        )
    lines += calendars.table([(NAMES[result["database"]], result["feeds"]) for result in results])
    return "\n".join(lines)


def main() -> None:
    results = [measure("")]
    postgresql = os.environ.get("POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    if postgresql != "none":
        results.append(measure(postgresql))
    drawn = table(results)
    print(drawn)
    text = PAGE.read_text()
    PAGE.write_text(re.sub(r"(<!-- bench -->\n).*(<!-- /bench -->)", rf"\g<1>{drawn}\n\g<2>", text, flags=re.S))


if __name__ == "__main__":
    main()
