"""HTML that mammoth made of a Word file, written as Markdown: paragraphs, lists, tables, notes, pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import cell_grid, word_losses
from .html_tree import Node
from .plain_markdown import Run, escape, inline, safe_url

NOTE = re.compile(r"#(foot|end)note-(-?\d{1,9})\Z")
BACK = re.compile(r"#(?:foot|end)note-ref-")  # mammoth's arrow from a note to its place
PICTURE = re.compile(r"figure:#(\d{1,6})\Z")
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
FIGURE_LABEL = re.compile(
    r"(?:figure|fig\.?|figura|graphique|gr[aá]fico|carte|mapa)\s*\d{1,3}(?:\.\d{1,3})?\s*[:.–—-]\s*(?=\S)",
    re.IGNORECASE,
)
YEAR = r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?"
PICTURE_SOURCE = re.compile(rf"(?:sources?|fontes?)\s*:\s*(\S.{{0,250}}?)[,;\s]+\(?({YEAR})\)?\s*\.?", re.IGNORECASE)
LOOSE = "loose"
BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table")


class Told(NamedTuple):
    """What a file says right below a picture."""

    caption: str = ""
    source: str = ""
    year: str = ""


class Writer:
    """Writes nodes of one file. `seal` keeps its notes apart from those of a text that it is added to.

    `told` is what the file says of each picture that stands alone.
    """

    def __init__(self, tree: Node, alt: Callable[[int], str], lost: Counter[str], seal: str) -> None:
        self._alt, self._lost, self._seal = alt, lost, seal
        self._notes: dict[str, Node] = {}
        self.body: list[Node] = []
        for node in _as_blocks(tree):
            if not self._take_notes(node):
                self.body.append(node)
        self._used: dict[str, None] = {}
        self._taken: set[int] = set()  # paragraphs that went into a picture's caption or source
        self.told: dict[int, Told] = {}

    def _take_notes(self, node: Node) -> bool:
        """Mammoth puts all notes into a last list."""
        items = node.elements if node.tag == "ol" else []
        keys = [self._key("#" + item.attributes.get("id", "")) for item in items]
        if not items or not all(keys):
            return False
        self._notes |= dict(zip(keys, items, strict=True))
        return True

    def _key(self, href: str) -> str:
        found = NOTE.match(href)
        return f"{'e' if found[1] == 'end' else ''}{found[2]}-{self._seal}" if found else ""

    def markdown(self, nodes: list[Node]) -> str:
        """Blocks with an empty line between them, and the notes that they call below."""
        self._used = {}
        pieces = list(self._blocks(nodes))
        written: set[str] = set()
        while rest := [key for key in self._used if key not in written]:
            for key in rest:
                written.add(key)
                pieces.append(self._note(key))
        return "\n\n".join(pieces)

    def notes_of(self, heading: Node) -> list[Node]:
        """The notes called in a heading, which a block's title can't hold: they begin its text."""
        marks = [
            node for node in heading.all("sup") if any(self._key(a.attributes.get("href", "")) for a in node.all("a"))
        ]
        return [Node("p", {}, list(marks))] if marks else []

    def _note(self, key: str) -> str:
        item = self._notes[key]
        blocks = list(self._blocks(item.elements))
        body = "\n\n".join(blocks).replace("\n", "\n    ")
        return f"[^{key}]: {re.sub(r'(?m)^ +$', '', body)}"

    # -- blocks

    def _blocks(self, nodes: list[Node]) -> Iterator[str]:
        for at, node in enumerate(nodes):
            if id(node) not in self._taken:
                yield from filter(None, self._block(node, nodes[at + 1 : at + 3]))

    def _block(self, node: Node, following: list[Node]) -> Iterator[str]:
        if node.tag in ("ul", "ol"):
            yield self._list(node)
        elif node.tag == "table":
            yield from self._table(node)
        elif re.fullmatch(r"h[1-6]", node.tag):
            told = inline(self._runs(node, bold=None)).replace("\\\n", " ")
            yield f"{'#' * int(node.tag[1])} {told}" if told else ""
        elif (number := _only_picture(node)) is not None:
            yield self._picture(number, self._told_of(number, following))
        else:
            yield inline(self._runs(node))

    def _told_of(self, number: int, following: list[Node]) -> str:
        """A caption and a source right below a picture are the figure's own; returns the caption without its number."""
        caption = source = year = ""
        if following and following[0].attributes.get("class") == "caption" and following[0].text.strip():
            caption = " ".join(following[0].text.split())
            caption = FIGURE_LABEL.sub("", caption, count=1) if FIGURE_LABEL.match(caption) else caption
            self._taken.add(id(following[0]))
            following = following[1:]
        found = PICTURE_SOURCE.fullmatch(" ".join(following[0].text.split())) if following else None
        if found and following[0].tag == "p":
            source, year = found[1], found[2]
            self._taken.add(id(following[0]))
        self.told.setdefault(number, Told(caption, source, year))
        return caption

    def _list(self, node: Node) -> str:
        lines = []
        for number, item in enumerate(node.elements, start=1):
            mark = f"{number}. " if node.tag == "ol" else "- "
            lead = [child for child in item.children if isinstance(child, str) or child.tag not in BLOCKS]
            inner = [child for child in item.elements if child.tag in BLOCKS]
            first = inline(self._runs(Node("p", {}, lead))) if lead else ""
            pieces = [piece for piece in (first, *self._blocks(inner)) if piece]
            tight = all(child.tag in ("ul", "ol") for child in inner)
            body = ("\n" if tight else "\n\n").join(pieces)
            lines.append(mark + body.replace("\n", "\n" + " " * len(mark)))
        return re.sub(r"(?m)^ +$", "", "\n".join(lines))

    # -- tables

    def _table(self, node: Node) -> Iterator[str]:
        rows = list(_own_rows(node))
        self._lost[word_losses.NESTED] += sum(1 for _inner in node.all("table"))
        if len(rows) == 1 and len(rows[0].elements) == 1:  # a frame around a text
            yield from self._blocks(_as_blocks(rows[0].elements[0]))
            return
        grid = cell_grid.grid(rows, self._cell, self._lost)
        if grid:
            yield cell_grid.written(grid)

    def _cell(self, cell: Node) -> str:
        pieces = [inline(self._runs(block), cell=True) for block in _flat(cell)]
        return "; ".join(piece for piece in pieces if piece)

    # -- runs

    def _runs(self, node: Node, bold: bool | None = False, italic: bool = False, href: str = "") -> list[Run]:
        """The runs below a node; `bold` None where nothing is to be emphasised, as in a heading."""
        found: list[Run] = []
        for child in node.children:
            if isinstance(child, str):
                found.append(Run(child, bold=bool(bold), italic=italic and bold is not None, href=href))
            else:
                found += self._run(child, bold, italic, href)
        return found

    def _run(self, node: Node, bold: bool | None, italic: bool, href: str) -> list[Run]:
        if node.tag == "br":
            return [Run("", br=True)]
        if node.tag == "img":
            found = PICTURE.match(node.attributes.get("src", ""))
            return [Run(self._picture(int(found[1]), ""), raw=True)] if found else []
        if node.tag == "input":
            return [Run("☑" if "checked" in node.attributes else "☐")]
        if node.tag in ("sup", "sub"):
            return self._shifted(node, bold, italic, href)
        if node.tag == "a":
            return self._link(node, bold, italic, href)
        self._lost[word_losses.STRUCK] += node.tag == "s"
        bold = True if node.tag == "strong" and bold is not None else bold
        return self._runs(node, bold, italic or node.tag == "em", href)

    def _shifted(self, node: Node, bold: bool | None, italic: bool, href: str) -> list[Run]:
        keys = [self._key(link.attributes.get("href", "")) for link in node.all("a")]
        keys = [key for key in keys if key in self._notes]
        if keys:
            self._used |= dict.fromkeys(keys)
            return [Run("".join(f"[^{key}]" for key in keys), raw=True)]
        table = RAISED if node.tag == "sup" else LOWERED
        text = node.text
        if text and all(ord(c) in table for c in text):
            return [Run(text.translate(table), bool(bold), italic, href)]
        return self._runs(node, bold, italic, href)

    def _link(self, node: Node, bold: bool | None, italic: bool, href: str) -> list[Run]:
        wanted = node.attributes.get("href", "")
        if BACK.match(wanted):
            return []
        url = safe_url(wanted)
        if wanted and not url and not wanted.startswith("#"):
            self._lost[word_losses.LINKS] += 1
        return self._runs(node, bold, italic, href or url)

    def _picture(self, number: int, caption: str) -> str:
        alt = escape(caption or self._alt(number)).replace("]", "\\]")
        return f"![{alt}](figure:#{number})"


def _only_picture(node: Node) -> int | None:
    """The number of the one picture that a paragraph consists of."""
    found = [PICTURE.match(image.attributes.get("src", "")) for image in node.all("img")]
    shown = [match for match in found if match]
    return int(shown[0][1]) if len(shown) == 1 and not node.text.strip() else None


def _own_rows(table: Node) -> Iterator[Node]:
    for child in table.elements:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody"):
            yield from _own_rows(child)


def _as_blocks(parent: Node) -> list[Node]:
    """The blocks below a node; words and pictures that stand loose between them become paragraphs."""
    made: list[Node] = []
    for child in parent.children:
        if isinstance(child, Node) and child.tag in BLOCKS:
            made.append(child)
        elif made and made[-1].tag == LOOSE:
            made[-1].children.append(child)
        else:
            made.append(Node(LOOSE, {}, [child]))
    return made


def _flat(node: Node) -> Iterator[Node]:
    """The paragraphs in a cell, those of lists and inner tables among them."""
    loose: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node) and (child.tag in BLOCKS or child.tag in ("li", "tr", "td", "th", "thead", "tbody")):
            if loose:
                yield Node("p", {}, loose)
                loose = []
            yield from [child] if child.tag in BLOCKS[:7] else _flat(child)
        else:
            loose.append(child)
    if loose:
        yield Node("p", {}, loose)
