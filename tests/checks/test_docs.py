"""What the documents say still works: their links lead somewhere, and their commands run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pictures
from tests.serving import ROOT, Served, served

from .documents import Block, anchors, blocks, broken_links, documents, name

# Blocks that are not run here, by document and first line, and why.
NOT_RUN: dict[tuple[str, str], str] = {}
# First words of blocks that are not run in any document, and why.
NEVER_RUN = {
    "make": "the suite itself, or a server that never ends; .ci/run makes these targets",
    "git": "needs the network",
    ".ci/run": "it runs this test",
    "sudo": "changes the machine",
    "apt-get": "changes the machine",
    "docker": "needs a container engine",
    "systemctl": "needs a machine with systemd",
    "uvicorn": "a server that never ends; tests/serving.py starts it",
}


def not_run(block: Block) -> str:
    """Why a block is not run; empty when it is."""
    return NOT_RUN.get((block.document, block.first)) or NEVER_RUN.get(block.first.split()[0], "")


def to_run(path: Path) -> list[Block]:
    return [block for block in blocks(path) if not not_run(block)]


@pytest.mark.parametrize("path", documents(), ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_every_picture_is_shown_light_and_made_by_make_pictures() -> None:
    made = {f"{picture.name}.png" for picture in pictures.pictures(1)}
    kept = {file.name: file.stat().st_size for file in pictures.FOLDER.iterdir()}
    shown = {name for path in documents() for name in re.findall(r"pictures/([\w-]+\.png)\)", path.read_text())}
    assert set(kept) == made == shown
    assert max(kept.values()) < pictures.MOST


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `two`\n[a](other.md) [b](#one-two) [c](#three) [d](https://palabre.example/)\n")
    assert anchors(page) == {"one-two"}
    assert broken_links(page) == ["other.md", "#three"]


def test_what_is_not_run_is_still_written_in_a_document() -> None:
    written = {(block.document, block.first) for path in documents() for block in blocks(path)}
    assert set(NOT_RUN) <= written


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("var"), "tests.checks.filling:main") as running:
        yield running


@pytest.mark.commands
@pytest.mark.parametrize("path", [p for p in documents() if to_run(p)], ids=name)
def test_the_commands_of_a_document_run_one_after_the_other(path: Path, site: Served, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed"
    for entry in ROOT.iterdir():  # as in the project's folder, but what a command writes is not left there
        (tmp_path / entry.name).symlink_to(entry)
    script = "\n".join(block.text for block in to_run(path))
    here = site.environment | {
        "SITE": site.url,
        "TOKEN": site.filled.strip(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script], cwd=tmp_path, env=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
