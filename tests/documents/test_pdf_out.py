"""What a ministry prints: a PDF with tags, language, bookmarks, contents with pages, and its own pictures (S13)."""

from __future__ import annotations

import importlib
import io
import re
import socket
import sys
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from workflow.documents import pdf_out, uploads
from workflow.documents.book import BookFigure, BookPart, BookSection

from .books import FIGURE, book
from .making import jpeg, png, png_header
from .test_markdown_hostile import ATTACKS

needs_pango = pytest.mark.skipif(
    bool(pdf_out.available()), reason="Pango is not on this machine: see docs/deployment.md"
)
pytestmark = pytest.mark.usefixtures("french_words")


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def words(reader: PdfReader) -> list[str]:
    """The text of every page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@cache
def printed() -> bytes:
    """The sample, set once for all tests: they all have the same words of French."""
    return pdf_out.write(book())


@pytest.fixture
def pages() -> list[str]:
    return words(read(printed()))


def outline(entries: Any) -> list[Any]:
    return [outline(entry) if isinstance(entry, list) else entry.title for entry in entries]


def tags(reader: PdfReader) -> set[str]:
    """The structure's elements, by their names."""
    found: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found.add(str(node.get("/S", "")))
            waiting += [node["/K"]] if "/K" in node else []
    return found


@needs_pango
def test_the_file_says_its_title_its_language_and_that_it_is_tagged() -> None:
    reader = read(printed())
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Profil migratoire du Mali"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


@needs_pango
def test_its_tags_tell_headings_lists_tables_figures_and_links_apart() -> None:
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Figure", "/Link"} <= tags(
        read(printed())
    )


@needs_pango
def test_bookmarks_follow_parts_and_sections() -> None:
    assert outline(read(printed()).outline) == [
        "Table des matières",
        "A. Contexte", ["A.1 Aperçu historique", ["Emploi", ["Manques"]], "A.2 Sources"],
        "B. Émigrés", ["B.1 Qui part ?"],
    ]  # fmt: skip


@needs_pango
def test_the_cover_says_what_it_is_and_bears_no_page_number(pages: list[str]) -> None:
    assert pages[0] == ("PROJET Profil migratoire du Mali GTT du Mali Pays : Mali Version 2, pour le tour de mars")


@needs_pango
def test_the_contents_name_the_page_of_every_section(pages: list[str]) -> None:
    assert "Table des matières" in pages[1]
    entries = dict(re.findall(r"([AB]\.[12]? ?[^.]*?) ?(?:\. ?){3,}(\d+)", pages[1]))
    assert len(entries) == 5
    for title, page in entries.items():
        assert title.strip() in pages[int(page) - 1]


@needs_pango
def test_every_other_page_has_a_head_and_a_foot(pages: list[str]) -> None:
    assert len(pages) >= 4
    for number, page in enumerate(pages[1:], start=2):
        assert "Profil migratoire du Mali" in page
        assert "Projet · Version 2, pour le tour de mars" in page
        assert f"Page {number} sur {len(pages)}" in page


@needs_pango
def test_what_is_published_bears_no_mark() -> None:
    told = words(read(pdf_out.write(book(draft=False, note=""))))
    assert not any("rojet" in page.lower() for page in told)


@needs_pango
def test_figures_tables_and_notes_stand_with_their_sources(pages: list[str]) -> None:
    told = " ".join(pages)
    assert "Figure 3 : Retours volontaires Source : Direction nationale, 2008" in told
    assert "Tableau 1 : Maliens à l'étranger Pays 2008 Note" in told
    assert "Source : INSTAT, 2008" in told
    assert "La figure 9 manque." in told
    assert "Suite de la note." in told


@needs_pango
def test_a_table_longer_than_a_page_repeats_its_heading() -> None:
    body = "| Cercle | Ménages |\n|---|---|\n" + "".join(f"| Lieu {n} | {n} |\n" for n in range(90)) + "\nSource : RGPH"
    told = words(read(pdf_out.write(book(body))))
    holding = [page for page in told if "Lieu " in page]
    assert len(holding) >= 2
    assert all("Cercle Ménages" in page for page in holding)
    assert "Lieu 89" in next(page for page in told if "Source : RGPH" in page)


@needs_pango
def test_a_short_table_is_not_broken() -> None:
    rows = "".join(f"| Lieu {n} | {n} |\n" for n in range(12))
    # One table after as many lines as bring it to each place of a page.
    body = "\n\n".join(
        "\n\n".join(["Ligne."] * lines) + f"\n\n| Cercle | N{lines} |\n|---|---|\n" + rows for lines in range(1, 8)
    )
    told = words(read(pdf_out.write(book(body))))
    for lines in range(1, 8):
        [page] = [page for page in told if f"N{lines}\n" in page or f"N{lines} " in page]
        assert page.count("Lieu 0 ") == page.count("Lieu 11 ") > 0


@needs_pango
@pytest.mark.parametrize("make", [png, jpeg])
def test_pictures_are_the_books_own(make: Any) -> None:
    shown = BookFigure(make(400, 300), "c", "s", "2008", "a")
    assert uploads.check_bytes(pdf_out.write(book("![](figure:3)", figure=lambda _n: shown)), ["pdf"]) == "pdf"


@needs_pango
def test_a_figure_is_read_once_however_often_it_is_shown() -> None:
    asked: list[int] = []

    def find(number: int) -> BookFigure:
        asked.append(number)
        return FIGURE

    pdf_out.write(book("![](figure:3)\n\n![](figure:3)\n\n![](figure:4)", figure=find))
    assert asked == [3, 4]


# -- hostile ----------------------------------------------------------------------------------------------


@needs_pango
def test_pictures_that_can_not_be_drawn_spoil_no_document() -> None:
    broken = [b"", b"no picture", png_header(0, 4), png_header(90_000, 90_000), png()[:60], jpeg()[:30]]
    figures = [BookFigure(data, "c", "s", "2008", "a") for data in broken]
    body = "\n\n".join(f"vor ![](figure:{number}) nach" for number in range(len(figures)))
    told = " ".join(words(read(pdf_out.write(book(body, figure=lambda number: figures[number])))))
    assert (told.count("vor"), told.count("nach")) == (6, 6)


@needs_pango
def test_nothing_is_fetched_from_the_network_or_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_named: Any) -> None:
        raise AssertionError("a PDF reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    fetch = pdf_out._fetcher({"3": FIGURE, "4": None})
    for url in ["http://evil.example/x.png", "file:///etc/passwd", f"{pdf_out.PICTURES}4", f"{pdf_out.PICTURES}9",
    f"{pdf_out.PICTURES}3/../4",
                "data:text/css,*{}", f"{pdf_out.PICTURES}3?x", "ftp://x.example/y"]:  # fmt: skip
        with pytest.raises(ValueError, match="not in this book"):
            fetch(url)
    assert fetch(f"{pdf_out.PICTURES}3").read() == FIGURE.data
    told = " ".join(words(read(pdf_out.write(book("\n\n".join(ATTACKS))))))
    assert "alert(1)" in told


@needs_pango
def test_titles_and_notes_are_words_and_no_html_or_style() -> None:
    nasty = '"} </title><img src=x> @page { size: 1cm } \\22 <b> \x00&amp;'
    parts = [BookPart("A", nasty, [BookSection("A.1", nasty, "x")])]
    reader = read(pdf_out.write(book(title=nasty, note=nasty, subtitle=nasty, cover=[(nasty, nasty)], parts=parts)))
    assert "</title><img src=x> @page { size: 1cm }" in words(reader)[0]
    assert round(float(reader.pages[0].mediabox.width)) == 595
    assert "/H1" in tags(reader)


@needs_pango
def test_a_book_without_parts_is_a_cover() -> None:
    assert len(read(pdf_out.write(book(parts=[]))).pages) == 1


@needs_pango
def test_labels_go_into_the_style_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_out, "_", lambda _text: '%(pages)s" } * { color: red } "%(page)s')
    assert pdf_out._page_of().count('"') == 2
    assert " counter(page) } }" in pdf_out._page_of()


# -- a machine without Pango ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError("cannot load library 'libpango-1.0-0'"), None])
def test_without_its_library_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, error: OSError | None) -> None:
    if error is None:  # the package itself is missing
        monkeypatch.setitem(sys.modules, "weasyprint", None)
    else:
        import builtins

        real = builtins.__import__

        def missing(name: str, *args: Any, **named: Any) -> Any:
            if name == "weasyprint":
                raise error
            return real(name, *args, **named)

        monkeypatch.setattr(builtins, "__import__", missing)
    assert "Pango" in pdf_out.available()


def test_the_house_starts_without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can't be loaded on some machines is loaded when a PDF is asked for, not before."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert importlib.reload(pdf_out).available()
