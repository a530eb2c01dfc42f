"""Reading the documents: their links, and the commands that they tell people to run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of shell commands."""

    document: str
    text: str

    @property
    def first(self) -> str:
        return self.text.strip().splitlines()[0]


def documents() -> list[Path]:
    return sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.is_file())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path) -> list[Block]:
    return [Block(name(path), m[2]) for m in FENCE.finditer(path.read_text()) if m[1] in ("sh", "bash", "shell")]


def prose(path: Path) -> str:
    """A document without its blocks, in which brackets are not links."""
    return FENCE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = (re.sub(r"[`*]", "", h).lower() for h in HEADING.findall(prose(path)))
    return {re.sub(r"[^\w\- ]", "", h).replace(" ", "-") for h in headings}


def broken_links(path: Path) -> list[str]:
    """Links to files or headings that are not there."""
    broken = []
    for target in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue  # elsewhere
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in anchors(place)):
            broken.append(target)
    return broken
