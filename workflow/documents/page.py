"""Tokens of Markdown written as HTML, as pages and PDF files show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from . import tokens as streams
from .labels import figure_title, missing, source_line
from .tokens import plain


@dataclass(frozen=True)
class Figure:
    """A picture that a text shows by its number, with where it comes from."""

    url: str
    caption: str
    source: str
    year: str
    alt: str


Finder = Callable[[int], Figure | None]


class Page(RendererHTML):
    """Renders one text. Rules are methods named as the tokens are."""

    def __init__(self, figure: Finder | None, prefix: str, level: int, shown: set[int | None]) -> None:
        super().__init__()
        self._find, self._prefix, self._level, self._shown = figure, prefix, level, shown
        self._ids: dict[str, int] = {}
        self._column = 0
        self._tables = 0
        self._table: dict[str, Any] = {}
        self._end_tag = ""

    def _unique(self, slug: str) -> str:
        """Ids of figures and notes have two dashes behind the prefix, so that no heading's words make the same."""
        count = self._ids[slug] = self._ids.get(slug, 0) + 1
        return f"{self._prefix}-{slug}" + (f"--{count}" if count > 1 else "")

    # -- headings and links

    def heading_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        number = min(self._level + tokens[at].meta["rank"] - 1, 6)
        self._end_tag = f"</h{number}>\n"
        slug = slugify(plain(tokens[at + 1]))[:60].strip("-") or "part"
        return format_html('<h{} id="{}">', number, self._unique(slug))

    def heading_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return self._end_tag

    def link_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        url = str(tokens[at].attrs.get("href", ""))
        number = streams.figure_number(url)
        if number is not None:
            return format_html('<a href="#{}">', self._figure_id(number)) if number in self._shown else "<a>"
        rel = "" if url.lower().startswith("mailto:") else ' rel="noopener nofollow"'
        return f'<a href="{escape(url)}"{rel}>'

    # -- figures

    def _figure_id(self, number: int | None) -> str:
        return f"{self._prefix}--figure-{number}"

    def figure(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        number, caption = tokens[at].meta["number"], tokens[at].meta["caption"]
        found = self._find(number) if self._find and number is not None else None
        if found is None:
            return format_html('<p class="missing">{}</p>\n', missing(number))
        # Shown twice, a figure is linked where it stands first.
        where = self._figure_id(number)
        first = where not in self._ids
        self._ids[where] = 1
        told = caption or found.caption
        return format_html(
            '<figure{}><img src="{}" alt="{}" loading="lazy"><figcaption>{}{}</figcaption></figure>\n',
            format_html(' id="{}"', where) if first else "", found.url, found.alt or told,
            figure_title(number or 0, told), _source_span(found.source, found.year),
        )  # fmt: skip

    def figure_ref(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        number = tokens[at].meta["number"]
        if number is None:
            return format_html('<span class="missing">{}</span>', missing(None))
        return format_html('<a href="#{}">{}</a>', self._figure_id(number), figure_title(number, ""))

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        """A picture where no figure can stand: in a heading or a cell."""
        number = streams.figure_number(tokens[at].attrs.get("src", ""))
        found = self._find(number) if self._find and number is not None else None
        if found is None:
            return format_html('<span class="missing">{}</span>', missing(number))
        return format_html('<img src="{}" alt="{}" loading="lazy">', found.url, found.alt or found.caption)

    # -- tables

    def table_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        self._tables += 1
        self._table = tokens[at].meta
        caption = self._table["caption"]
        label = plain(caption) or _("Table %(number)s") % {"number": self._tables}
        shown = f"<caption>{self.renderInline(caption.children, options, env)}</caption>" if caption else ""
        start = format_html('<div class="scroll" role="region" tabindex="0" aria-label="{}">', label)
        return f'{start}<table class="table">{shown}\n'

    def table_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def tr_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        self._column = 0
        return "<tr>"

    def th_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return self._cell(tokens[at], "th", ' scope="col"' if plain(tokens[at + 1]).strip() else "")

    def td_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        """The first cell of a row heads it, unless it is empty or stands alone."""
        alone = tokens[at + 2].type == "td_close" and tokens[at + 3].type == "tr_close"
        heads = self._column == 0 and not alone and bool(plain(tokens[at + 1]).strip())
        return self._cell(tokens[at], "th" if heads else "td", ' scope="row"' if heads else "")

    def _cell(self, token: Token, tag: str, scope: str) -> str:
        aligned = "right" in str(token.attrs.get("style", "")) or self._column in self._table["numeric"]
        self._column += 1
        self._end_tag = f"</{tag}>"
        return f"<{tag}{scope}" + (' class="num">' if aligned else ">")

    def td_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return self._end_tag

    th_close = td_close

    def source_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return '<p class="source">'

    def source_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</p>\n"

    # -- code and footnotes

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"

    def _note(self, token: Token) -> str:
        sub = token.meta.get("subId", 0)
        return f"{self._prefix}--note-{token.meta['id'] + 1}" + (f"-{sub + 1}" if sub else "")

    def footnote_ref(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        number = tokens[at].meta["id"] + 1
        note = f"{self._prefix}--note-{number}"
        # Two marks side by side would be read as one number.
        apart = ", " if at and tokens[at - 1].type == "footnote_ref" else ""
        return f'<sup>{apart}<a href="#{escape(note)}" id="{escape(self._note(tokens[at]))}-ref">{number}</a></sup>'

    def footnote_block_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return format_html('<section class="footnotes" aria-label="{}"><ol>\n', _("Notes"))

    def footnote_block_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return format_html('<li id="{}--note-{}">', self._prefix, tokens[at].meta["id"] + 1)

    def footnote_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        # The arrow with the mark that keeps telephones from drawing it as a picture.
        return format_html(
            ' <a href="#{}-ref" aria-label="{}">↩\ufe0e</a>', self._note(tokens[at]), _("Back to the text")
        )


def _source_span(source: str, year: str) -> str:
    told = source_line(source, year)
    return format_html(' <span class="source">{}</span>', told) if told else ""
