"""What a Word file's paragraph styles mean, in whatever language the styles are named."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass, field

from . import zips

HEADING = re.compile(r"(?:heading|titre|titulo|cabecalho|ueberschrift|uberschrift)\s*([1-9])\Z")
TITLE = re.compile(r"(?:title|titre|titulo|titre du document|titulo do documento)\Z")
CONTENTS = re.compile(
    r"(?:(?:toc|tm|sumario|indice|contents?|table des matieres)\s*[0-9]|(?:toc|contents) heading|"
    r"en-tete de table des matieres|titulo do indice|cabecalho do sumario)\Z"
)
CAPTION = re.compile(r"(?:caption|legende|legenda|figure|illustration|drawing)\Z")
MOST_STEPS = 20  # from a style to the one it is based on


@dataclass
class _Style:
    name: str = ""
    based_on: str = ""
    outline: int | None = None


@dataclass
class Styles:
    """Paragraph styles by their ids."""

    known: dict[str, _Style] = field(default_factory=dict)

    def level(self, style_id: str | None, name: str | None) -> int | None:
        """1 to 6 for a heading's style, by its name, its place in the outline, or the style that it is based on."""
        return self._level(style_id or "", folded(name or ""), MOST_STEPS)

    def _level(self, style_id: str, name: str, steps: int) -> int | None:
        if found := HEADING.match(name):
            return min(int(found[1]), 6)
        if TITLE.match(name):
            return 1
        style = self.known.get(style_id)
        if style is None or not steps:
            return None
        if style.outline is not None:
            return min(style.outline + 1, 6) if style.outline < 9 else None
        above = self.known.get(style.based_on)
        return self._level(style.based_on, folded(above.name), steps - 1) if above else None


def is_contents(name: str | None) -> bool:
    """Whether a style is that of a table of contents."""
    return bool(CONTENTS.match(folded(name or "")))


def is_caption(name: str | None) -> bool:
    """Whether a style is that of a figure's or a table's caption."""
    return bool(CAPTION.match(folded(name or "")))


def folded(text: str) -> str:
    """Lower case, without accents, single spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def read(archive: zipfile.ZipFile) -> Styles:
    """The styles of a document."""
    styles = Styles()
    if "word/styles.xml" not in archive.namelist():
        return styles
    current: list[_Style] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        told = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if local == "style":
            current[:] = [_Style()]
            if told.get("type") == "paragraph":
                styles.known.setdefault(told.get("styleId", ""), current[0])
        elif not current:
            return
        elif local == "name":
            current[0].name = told.get("val", "")
        elif local == "basedOn":
            current[0].based_on = told.get("val", "")
        elif local == "outlineLvl" and told.get("val", "").isdecimal():
            current[0].outline = int(told["val"])

    zips.walk(zips.read(archive, "word/styles.xml"), start)
    return styles
