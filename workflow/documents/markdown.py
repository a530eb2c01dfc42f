"""Markdown as people write it, as HTML that is safe to show (S10, S13)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from . import tokens as streams
from .page import Figure, Finder, Page
from .tokens import plain

__all__ = ["Figure", "Finder", "Measures", "measure", "render", "to_text"]

FIRST_LEVEL = 3  # of the text's headings: a page has its title as h1 and its panels as h2
WORD_BREAK = re.compile(r"[^\S\u00a0\u202f]+")  # the spaces that French typography ties to a word break none


@dataclass(frozen=True)
class Measures:
    """What a page of progress counts. `figures`: the numbers that the text names, in order, each once."""

    words: int
    tables: int
    tables_without_source: int
    figures: tuple[int, ...]


# What may stand in a text's HTML: nothing else leaves `render`, whatever the parser makes of its input.
TAGS = set(
    "a blockquote br caption code div em figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre section span strong "
    "sup table tbody td th thead tr ul".split()
)
ATTRIBUTES = {
    "a": {"href", "rel", "id", "aria-label"},
    "div": {"tabindex", "role", "aria-label"},
    "figure": {"id"},
    "img": {"src", "alt", "loading"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"aria-label"},
    "th": {"scope"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
CLASSES = {
    "div": {"scroll"},
    "p": {"source", "missing"},
    "section": {"footnotes"},
    "span": {"source", "missing"},
    "table": {"table"},
    "td": {"num"},
    "th": {"num"},
}


def render(body: str, *, figure: Finder | None = None, prefix: str = "", level: int = FIRST_LEVEL) -> SafeString:
    """The text as HTML.

    `figure` finds a picture by its number; without it, or where it answers None, a notice stands in its place.
    `prefix` makes ids unique on a page with several texts. `level` is that of the text's highest headings, 1 to 6.
    """
    env: dict[str, Any] = {}
    stream = streams.read(body, env)
    shown = {token.meta["number"] for token in stream if token.type == "figure"}
    page = Page(figure, prefix or "text", level, shown)
    html = page.render(stream, streams.OPTIONS, env)
    return mark_safe(  # noqa: S308
        nh3.clean(
            html, tags=TAGS, attributes=ATTRIBUTES, allowed_classes=CLASSES, link_rel=None,
            url_schemes={"http", "https", "mailto"},
        )
    )  # fmt: skip


def measure(body: str) -> Measures:
    """Count a text's words without its marks, its tables and those without a source, and the figures that it names."""
    stream = streams.read(body)
    tables = [token for token in stream if token.type == "table_open"]
    numbers = [token.meta["number"] for token in stream if token.type == "figure"]
    for token in stream:
        children = token.children or []
        numbers += [streams.figure_number(c.attrs.get("src")) for c in children if c.type == "image"]
    return Measures(
        words=_count_words(_text(stream)),
        tables=len(tables),
        tables_without_source=sum(not table.meta["sourced"] for table in tables),
        figures=tuple(dict.fromkeys(n for n in numbers if n is not None)),
    )


def _count_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in WORD_BREAK.split(text))


def to_text(body: str) -> str:
    """The text's words alone: a blank line between paragraphs, cells apart by tabs; for search and mail."""
    return _text(streams.read(body))


def _text(stream: Sequence[Token]) -> str:
    pieces: list[str] = []
    for token in stream:
        if token.type == "inline":
            pieces.append(plain(token))
        elif token.type in ("fence", "code_block"):
            pieces.append(token.content.rstrip("\n") + "\n\n")
        elif token.type == "figure":
            pieces.append(token.meta["caption"] + "\n\n")
        elif token.type == "table_open" and token.meta["caption"]:
            pieces.append(plain(token.meta["caption"]) + "\n")
        elif token.type in ("td_close", "th_close"):
            pieces.append("\t")
        elif token.type == "tr_close":
            pieces.append("\n")
        elif token.type in ("paragraph_close", "heading_close", "source_close", "table_close"):
            pieces.append("\n" if token.hidden else "\n\n")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            pieces.append("\n")
    return re.sub(r"\t*\n(?:[\t ]*\n)+", "\n\n", "".join(pieces)).replace("\t\n", "\n").strip()
