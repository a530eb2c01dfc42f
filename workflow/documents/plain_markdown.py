"""Text written as Markdown that reads back as the very same text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby

from markdown_it.token import Token

from . import tokens as streams

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
SPECIAL = re.compile(r"[\\`*\[<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
LINE_START = re.compile(r"(?:[#>+=~:]|-(?=\s|-|$))")
ORDERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
NOTE = re.compile(r"\[\^([^\]]+)\]")
SPACE = re.compile(r"[ \t\r\n\f\v]+")
SCHEMES = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])", re.IGNORECASE)
UNSAFE_IN_URL = re.compile(r"[\s<>()\[\]\\\"'`|*_]")


@dataclass(frozen=True)
class Run:
    """Words of one look. `raw` is Markdown already: a picture, a note's mark; `br` a break."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    raw: bool = False
    br: bool = False


def escape(text: str) -> str:
    """One line of text; only what Markdown would take for a mark is escaped."""
    return _start(_marked(text, "", cell=False))


def _start(told: str) -> str:
    if ORDERED.match(told):
        return ORDERED.sub(r"\1\\\2", told, count=1)
    return "\\" + told if LINE_START.match(told) else told


def safe_url(url: str) -> str:
    """The address, if it leads to a page or a mail box, so that it ends no link early; "" otherwise."""
    url = url.strip().partition('"')[0]  # behind a quotation mark Word keeps its own notes
    if not SCHEMES.match(url) or any(ord(c) < 32 for c in url):
        return ""
    return UNSAFE_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def inline(runs: list[Run], *, cell: bool = False) -> str:
    """A paragraph from its runs. Where emphasis would not read back as meant, the words stand without it."""
    tidy = _tidied(runs, cell)
    if not any(run.raw or run.text.strip() for run in tidy):
        return ""
    want = "".join(" " if run.br else run.text for run in tidy if not run.raw)
    rich = _written(tidy, cell)
    notes = [note for run in tidy if run.raw for note in NOTE.findall(run.text)]
    if _reads_as(rich, want, notes):
        return rich
    simple = _written([Run(run.text, raw=run.raw, br=run.br) for run in tidy], cell)
    if _reads_as(simple, want, notes):
        return simple
    return "".join(_every_mark(run) for run in tidy)


def _every_mark(run: Run) -> str:
    if run.br:
        return " "
    return run.text if run.raw else PUNCTUATION.sub(r"\\\1", run.text)


def _tidied(runs: list[Run], cell: bool) -> list[Run]:
    """Single spaces, none at the ends, none at the ends of what is emphasised; no break first or last."""
    made: list[Run] = []
    for run in runs:
        if run.raw or (run.br and not cell):
            made.append(run)
        else:
            made += _with_bare_edges(run, " " if run.br else SPACE.sub(" ", run.text))
    made = _joined(made)
    while made and _blank(made[0]):
        made = made[1:]
    while made and _blank(made[-1]):
        made = made[:-1]
    if made and not made[0].raw:
        made[0] = replace(made[0], text=made[0].text.lstrip(" "))
    if made and not made[-1].raw:
        made[-1] = replace(made[-1], text=made[-1].text.rstrip(" "))
    return made


def _with_bare_edges(run: Run, text: str) -> list[Run]:
    if not (run.bold or run.italic or run.href) or text.strip(" \u00a0\u202f") == "":
        return [Run(text)]
    inner = text.strip(" \u00a0\u202f")
    start = text.index(inner)
    parts = [Run(text[:start]), replace(run, text=inner), Run(text[start + len(inner) :])]
    return [part for part in parts if part.text]


def _blank(run: Run) -> bool:
    return run.br or (not run.raw and not run.text.strip(" "))


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one look become one; spaces that meet become one; none around a break."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last is None or run.raw or run.br or last.raw:
            made.append(run)
            continue
        text = run.text.lstrip(" ") if last.br or last.text.endswith(" ") else run.text
        if not text:
            continue
        if not last.br and (last.bold, last.italic, last.href) == (run.bold, run.italic, run.href):
            made[-1] = replace(last, text=last.text + text)
        else:
            made.append(replace(run, text=text))
    return made


def _written(runs: list[Run], cell: bool) -> str:
    """Lines of runs; links outside, then bold, then italic."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.br:
            lines.append([])
        else:
            lines[-1].append(run)
    return "\\\n".join(_line(line, cell) for line in lines)


def _line(runs: list[Run], cell: bool) -> str:
    if runs and not runs[0].raw:  # only a line's first words can be taken for a list, a heading or a quotation
        begun = _marked(runs[0].text, runs[0].href, cell)
        plain = not (runs[0].bold or runs[0].italic or runs[0].href)
        runs = [Run(_start(begun) if plain else begun, runs[0].bold, runs[0].italic, runs[0].href, raw=True), *runs[1:]]
    told = [run if run.raw else Run(_marked(run.text, run.href, cell), run.bold, run.italic, run.href) for run in runs]
    return "".join(_linked(href, list(group)) for href, group in groupby(told, key=lambda run: run.href))


def _marked(text: str, href: str, cell: bool) -> str:
    told = SPECIAL.sub(lambda found: "\\" + found[0], text)
    told = told.replace("]", "\\]") if href else told
    return told.replace("|", "\\|") if cell else told


def _linked(href: str, runs: list[Run]) -> str:
    inner = "".join(_bolded(bold, list(group)) for bold, group in groupby(runs, key=lambda run: run.bold))
    return f"[{inner}]({href})" if href else inner


def _bolded(bold: bool, runs: list[Run]) -> str:
    groups = groupby(runs, key=lambda run: run.italic)
    inner = "".join(_wrapped("*" if italic else "", "".join(run.text for run in group)) for italic, group in groups)
    return _wrapped("**" if bold else "", inner)


def _wrapped(mark: str, text: str) -> str:
    return f"{mark}{text}{mark}"


def _reads_as(written: str, want: str, notes: list[str]) -> bool:
    """Whether a reader of the Markdown sees one paragraph with these words."""
    env = {"footnotes": {"refs": {f":{note}": -1 for note in notes}, "list": {}}}
    found = streams.parsed(written, env)
    if [token.type for token in found[:3]] != ["paragraph_open", "inline", "paragraph_close"]:
        return False
    if len(found) > 3 and found[3].type != "footnote_block_open":
        return False
    return SPACE.sub(" ", _without_images(found[1])) == SPACE.sub(" ", want)


def _without_images(inline_token: Token) -> str:
    inline_token.children = [child for child in inline_token.children or [] if child.type != "image"]
    return streams.plain(inline_token)
