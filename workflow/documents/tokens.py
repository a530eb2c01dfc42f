"""Markdown as a stream of tokens with what a profile needs beyond CommonMark: figures, captions, sources, ranks (S09).

CommonMark with tables and footnotes; no HTML. Beside markdown-it's own tokens the stream holds

- `figure`: a picture by its number (`meta`: number, caption), standing on its own;
- `figure_ref`: the place in a sentence where a picture was named (`meta`: number);
- `table_open` with `meta`: caption (an inline token or None), sourced (bool), numeric (columns that hold figures);
- `source_open` and `source_close` around the line that says where a table comes from;
- `heading_open` with `meta`: rank, 1 for the highest heading of the text, and no rank skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s])", re.IGNORECASE)
FIGURE = re.compile(r"figure:#?([0-9]{1,6})\Z", re.IGNORECASE)
# Word and typists put a space, of whatever width, before a French colon.
SOURCE = re.compile(r"[*_(\s]*(?:sources?|fontes?)\s*[:：]\s*[*_\s]*\w", re.IGNORECASE)
CAPTION = re.compile(r"[*_\s]*(?:table|tableau|tabela|quadro)\s+[\w.]{1,8}\s*[:：.–—-]\s*[*_\s]*\w", re.IGNORECASE)
NUMBER = re.compile(r"[-+−~≈<>]?\s*[\d.,\s’']*\d[\d.,\s’']*\s*(?:%|‰)?\Z")
EMPTY_CELLS = ("", "-", "–", "—", "...", "…", "n/a", "nd", "n.d.", "..")
FOOTNOTE = re.compile(r"\[\^([^\s\]]{1,80})\]")

Tokens = list[Token]


def _valid_link(url: str) -> bool:
    """Only what leads to a page or a mail box; `figure:3` is resolved by ourselves."""
    return bool(LINK.match(url) or FIGURE.match(url))


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's rule looks for the closing bracket to the end of the paragraph, once for each opening one."""
    notes = state.env.get("footnotes", {})
    found = FOOTNOTE.match(state.src, state.pos, state.posMax)
    if not found or f":{found[1]}" not in notes.get("refs", {}):
        return False
    if not silent:
        listed = notes.setdefault("list", {})
        number = notes["refs"][f":{found[1]}"]
        if number < 0:
            number = notes["refs"][f":{found[1]}"] = len(listed)
            listed[number] = {"label": found[1], "count": 0}
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": number, "subId": listed[number]["count"], "label": found[1]}
        listed[number]["count"] += 1
    state.pos = found.end()
    return True


def parser() -> MarkdownIt:
    """The one dialect of all texts."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin, inline=False)
    made.inline.ruler.at("footnote_ref", _footnote_ref)
    made.disable(["html_block", "html_inline"])
    made.validateLink = _valid_link  # type: ignore[method-assign]
    return made


_parser = parser()
OPTIONS = _parser.options


def parsed(body: str, env: MutableMapping[str, Any]) -> Tokens:
    """What markdown-it makes of a text, before figures and sources are told apart."""
    return _parser.parse(body, env)


def read(body: str, env: MutableMapping[str, Any] | None = None) -> Tokens:
    """The tokens of a text. `env` collects its footnotes."""
    tokens = list(_with_figures(parsed(body, env if env is not None else {})))
    tokens = _with_tables(tokens)
    _rank(tokens)
    return tokens


def figure_number(url: Any) -> int | None:
    """The number that `figure:3` names."""
    found = FIGURE.match(str(url))
    return int(found[1]) if found else None


def plain(inline: Token | None) -> str:
    """The words of an inline token, without marks."""
    return "".join(_plain_pieces(inline.children or [])) if inline else ""


def _plain_pieces(children: Tokens) -> Iterator[str]:
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.type == "image":
            yield from _plain_pieces(child.children or [])
        elif child.type in ("text", "text_special", "code_inline"):
            yield child.content


# -- figures ----------------------------------------------------------------------------------------------


def _with_figures(tokens: Tokens) -> Iterator[Token]:
    """A picture that stands alone becomes a figure; one within a sentence is named there and follows it."""
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        inside = tokens[at + 1].children or [] if token.type == "paragraph_open" else []
        images = [child for child in inside if child.type == "image"]
        if not images:
            yield token
            continue
        figures = [_figure(image, token.level) for image in images]
        if any(map(_says_something, inside)):
            tokens[at + 1].children = [_reference(child) if child.type == "image" else child for child in inside]
            yield from (token, tokens[at + 1], tokens[at + 2])
        yield from figures
        skip = 2


def _says_something(child: Token) -> bool:
    return child.type == "footnote_ref" or (
        child.type in ("text", "text_special", "code_inline") and bool(child.content.strip())
    )


def _figure(image: Token, level: int) -> Token:
    number = figure_number(image.attrs.get("src", ""))
    caption = "".join(_plain_pieces(image.children or [])).strip()
    return Token("figure", "figure", 0, level=level, block=True, meta={"number": number, "caption": caption})


def _reference(image: Token) -> Token:
    number = figure_number(image.attrs.get("src", ""))
    return Token("figure_ref", "a", 0, level=image.level, meta={"number": number})


# -- tables -----------------------------------------------------------------------------------------------


def _with_tables(tokens: Tokens) -> Tokens:
    made: Tokens = []
    at = 0
    while at < len(tokens):
        if tokens[at].type != "table_open":
            made.append(tokens[at])
            at += 1
            continue
        end = _closing(tokens, at)
        caption = _taken_caption(made)
        table, source = _split_source(tokens[at : end + 1])
        at = end + 1
        if source is None and _is_paragraph(tokens, at, SOURCE):
            source, at = tokens[at + 1], at + 3
        numeric = _numeric_columns(table)
        table[0].meta = {"caption": caption, "sourced": source is not None, "numeric": numeric}
        made += table
        if source is not None:
            level = table[0].level
            made += [
                Token("source_open", "p", 1, level=level, block=True), source,
                Token("source_close", "p", -1, level=level, block=True),
            ]  # fmt: skip
    return made


def _closing(tokens: Tokens, at: int) -> int:
    return next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")


def _is_paragraph(tokens: Tokens, at: int, pattern: re.Pattern[str]) -> bool:
    here = tokens[at : at + 2]
    return len(here) == 2 and here[0].type == "paragraph_open" and bool(pattern.match(here[1].content))


def _taken_caption(made: Tokens) -> Token | None:
    """“Table 3: …” right above a table is its caption."""
    if len(made) >= 3 and _is_paragraph(made, len(made) - 3, CAPTION):
        caption = made[-2]
        del made[-3:]
        return caption
    return None


def _split_source(table: Tokens) -> tuple[Tokens, Token | None]:
    """A source written right under the last row, with no empty line between, is read as a row by Markdown."""
    start = max((i for i, token in enumerate(table) if token.type == "tr_open"), default=0)
    cells = [token for token in table[start:] if token.type == "inline"]
    in_body = any(token.type == "tbody_open" for token in table[:start])
    if not in_body or not cells or not SOURCE.match(cells[0].content) or any(c.content for c in cells[1:]):
        return table, None
    end = next(i for i in range(start, len(table)) if table[i].type == "tr_close")
    rest = table[:start] + table[end + 1 :]
    if table[start - 1].type == "tbody_open":  # it was the only row
        rest = [token for token in rest if not token.type.startswith("tbody")]
    return rest, cells[0]


def _numeric_columns(table: Tokens) -> frozenset[int]:
    """The columns whose cells below the heading all hold figures: they are set flush right."""
    cells: dict[int, list[str]] = {}
    column = 0
    for at, token in enumerate(table):
        if token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            cells.setdefault(column, []).append(plain(table[at + 1]).strip())
            column += 1
    return frozenset(c for c, texts in cells.items() if c and _all_numbers(texts))


def _all_numbers(texts: list[str]) -> bool:
    told = [text for text in texts if text.lower() not in EMPTY_CELLS]
    return bool(told) and all(len(text) <= 30 and NUMBER.match(text) for text in told)


# -- headings ---------------------------------------------------------------------------------------------


def _rank(tokens: Tokens) -> None:
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            token.meta = {"rank": len(above)}
