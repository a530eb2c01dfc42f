"""What a ministry gets when it asks for Word: real headings, notes, contents, sources, its own language (S13)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from workflow.documents import uploads, word_out
from workflow.documents.book import Book, BookFigure, BookPart, BookSection

from .books import BODY, book
from .effort import steps
from .making import jpeg, png, png_header

pytestmark = pytest.mark.usefixtures("french_words")
ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs kinsoku "
    "suppressAutoHyphens wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap "
    "outlineLvl divId cnfStyle rPr sectPr pPrChange"
).split()


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def written(body: str, **more: Any) -> Any:
    return opened(word_out.write(book(body, **more)))


def lines(document: Any) -> list[tuple[str, str]]:
    return [(p.style.name, p.text) for p in document.paragraphs if p.text]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_parts_and_sections_are_headings_that_word_knows() -> None:
    told = [line for line in lines(opened(word_out.write(book()))) if line[0].startswith("Heading")]
    assert told == [
        ("Heading 1", "A. Contexte"), ("Heading 2", "A.1 Aperçu historique"), ("Heading 3", "Emploi"),
        ("Heading 4", "Manques"),
        ("Heading 2", "A.2 Sources"), ("Heading 1", "B. Émigrés"), ("Heading 2", "B.1 Qui part ?"),
    ]  # fmt: skip


def test_the_cover_says_what_it_is_and_that_it_is_a_draft() -> None:
    assert lines(opened(word_out.write(book())))[:5] == [
        ("Draft Mark", "PROJET"), ("Title", "Profil migratoire du Mali"), ("Subtitle", "GTT du Mali"),
        ("Cover Text", "Pays\u00a0: Mali"), ("Cover Text", "Version 2, pour le tour de mars"),
    ]  # fmt: skip


def test_what_is_published_bears_no_mark() -> None:
    data = word_out.write(book(draft=False, note=""))
    assert "Projet" not in part(data, "word/header1.xml")
    assert "PROJET" not in part(data, "word/document.xml")
    assert "Profil migratoire du Mali" in part(data, "word/header1.xml")


def test_the_contents_are_words_own_field_filled_in_and_leading_on() -> None:
    data = word_out.write(book())
    entries = [line for line in lines(opened(data)) if line[0].startswith("toc")]
    assert entries == [
        ("toc 1", "A. Contexte"), ("toc 2", "A.1 Aperçu historique"), ("toc 2", "A.2 Sources"), ("toc 1", "B. Émigrés"),
        ("toc 2", "B.1 Qui part ?"),
    ]  # fmt: skip
    assert ("TOC Heading", "Table des matières") in lines(opened(data))
    xml = part(data, "word/document.xml")
    assert xml.count('TOC \\o "1-2" \\h \\z \\u') == 1
    anchors = [piece.split('"')[0] for piece in xml.split('w:anchor="')[1:]]
    assert len(set(anchors)) == 6
    for anchor in anchors:
        assert f'w:name="{anchor}"' in xml


def test_fields_open_and_close_in_turn() -> None:
    data = word_out.write(book())
    for name in ("word/document.xml", "word/footer1.xml"):
        xml = part(data, name)
        kinds = [piece.split('"')[0] for piece in xml.split('w:fldCharType="')[1:]]
        assert kinds == ["begin", "separate", "end"] * (len(kinds) // 3) != []


def test_every_page_says_its_number_and_how_many_there_are() -> None:
    footer = part(word_out.write(book()), "word/footer1.xml")
    assert footer.index("Page ") < footer.index(" PAGE ") < footer.index(" sur ") < footer.index(" NUMPAGES ")


def test_the_document_says_its_language_and_its_title() -> None:
    data = word_out.write(book())
    told = opened(data).core_properties
    assert (told.title, told.language, told.author) == ("Profil migratoire du Mali", "fr-FR", "Palabre")
    assert '<w:lang w:val="fr-FR"' in part(data, "word/styles.xml")
    assert 'w:val="en-US"' not in part(data, "word/styles.xml")


def test_figures_stand_with_caption_source_and_a_text_for_those_who_do_not_see() -> None:
    data = word_out.write(book())
    told = lines(opened(data))
    at = told.index(("Caption", "Figure 3\u00a0: Retours volontaires"))
    assert told[at + 1] == ("Source", "Source\u00a0: Direction nationale, 2008")
    assert 'descr="Des barres qui montent"' in part(data, "word/document.xml")
    assert len(opened(data).inline_shapes) == 2
    assert opened(data).inline_shapes[0].width <= 156 * 36_000


def test_a_missing_figure_is_told_in_its_place() -> None:
    assert ("Normal", "[La figure 9 manque.]") in lines(opened(word_out.write(book())))


@pytest.mark.parametrize(
    "data", [b"", b"no picture", png_header(0, 4), png()[:40], jpeg(), jpeg()[:30], png_header(90_000, 90_000)]
)
def test_a_picture_that_can_not_be_drawn_spoils_no_document(data: bytes) -> None:
    broken = BookFigure(data, "c", "s", "2008", "a")
    document = written("![](figure:3)", figure=lambda _number: broken)
    assert ("Normal", "[La figure 3 manque.]") in lines(document) or len(document.inline_shapes) == 1


def test_the_looks_to_choose_from_are_few() -> None:
    names = [style.name for style in opened(word_out.write(book())).styles if style.type == WD_STYLE_TYPE.TABLE]
    assert names == ["Normal Table", "Table Grid", "Palabre Table"]


def test_tables_are_tables_with_a_heading_that_comes_again() -> None:
    document = opened(word_out.write(book()))
    first, second = document.tables
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["Pays", "2008", "Note"], ["Gabon", "14 000", "a & b"], ["France", "100 000", "INSEE"]
    ]  # fmt: skip
    assert first.style.name == "Palabre Table"
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert first.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    told = lines(document)
    assert ("Caption", "Tableau 1 : Maliens à l'étranger") in told
    assert ("Source", "Source : INSTAT, 2008") in told
    assert second.rows[1].cells[1].text == "y"


def test_notes_are_words_own_footnotes() -> None:
    data = word_out.write(book())
    xml = part(data, "word/footnotes.xml")
    assert xml.count("<w:footnote ") == 2 + 3  # two separators; the note called twice stands twice
    assert xml.count("Suite de la note.") == 2
    assert "https://example.org" in part(data, "word/_rels/footnotes.xml.rels")
    marks = [piece.split('"')[0] for piece in part(data, "word/document.xml").split('<w:footnoteReference w:id="')[1:]]
    assert marks == ["1", "2", "3"]


def test_a_document_without_notes_has_none() -> None:
    with zipfile.ZipFile(io.BytesIO(word_out.write(book("x")))) as archive:
        assert "word/footnotes.xml" not in archive.namelist()


def test_lists_keep_levels_and_count_from_where_they_begin() -> None:
    document = written("3. a\n4. b\n\nx\n\n1. c\n\n- d\n    1. e\n\n    f")
    listed = [(p.text, p._p.pPr.numPr) for p in document.paragraphs if p.style.name == "List Paragraph"]
    assert [(text, numbers.ilvl.val if numbers is not None else None) for text, numbers in listed] == [
        ("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 1), ("f", None)
    ]  # fmt: skip
    numbers = [found.numId.val for _text, found in listed if found is not None]
    assert numbers[0] == numbers[1] != numbers[2]
    assert len(set(numbers)) == 4
    root = document.part.numbering_part.element
    starts = {n.get(qn("w:numId")): s for n in root.findall(qn("w:num")) for s in n.xpath(".//w:startOverride/@w:val")}
    assert (starts[str(numbers[0])], starts[str(numbers[2])]) == ("3", "1")


def test_links_lead_out_and_to_figures() -> None:
    data = word_out.write(book())
    assert 'Target="https://iom.int/a?b=1&amp;c=2" TargetMode="External"' in part(data, "word/_rels/document.xml.rels")
    xml = part(data, "word/document.xml")
    assert xml.count('w:anchor="figure_1_3"') == 2
    assert 'w:name="figure_1_3"' in xml


def test_emphasis_code_and_quotations_have_their_look() -> None:
    document = written("a **b** *c* ***d*** `e`\n\n> f\n\n    g\n\n---\n")
    runs = {run.text: run for p in document.paragraphs for run in p.runs}
    assert (runs["b"].bold, runs["c"].italic, runs["d"].bold, runs["d"].italic) == (True, True, True, True)
    assert runs["e"].style.name == "Code Char"
    assert ("Quote", "f") in lines(document)
    assert ("Code", "g") in lines(document)


# -- whatever is in a text --------------------------------------------------------------------------------

WORDS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from(list("*_[]()<>#|`!\n\n-1.\\&\x00\x0b\ufffe")),
    max_size=60,
)


def assert_sound(data: bytes) -> Any:
    """It opens, its parts say in Word's order what they say, and it would be taken back."""
    document = opened(data)
    for properties in document.element.iter(qn("w:pPr")):
        names = [ORDER.index(child.tag.rpartition("}")[2]) for child in properties]
        assert names == sorted(names)
    ids = [mark.get(qn("w:id")) for mark in document.element.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))
    for cell in document.element.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")
    assert uploads.check_bytes(data, ["docx"]) == "docx"
    return document


@limits(max_examples=5, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_any_text_makes_a_sound_document(title: str, note: str, body: str) -> None:
    parts = [BookPart(title, note, [BookSection(note, title, body)])]
    made = Book(title, note, [(title, note)], "fr", parts, lambda _n: None, note, True)
    assert_sound(word_out.write(made))


@pytest.mark.parametrize("body", [
    "- ", "1. ", "- > a\n  > - b", "> - a\n>   1. b\n>\n>      c", "- | a |\n  |---|\n  | b |", "- ![](figure:3)",
    "- ```\n  x\n  ```",
    "[^1]\n\n[^1]: [^2]\n[^2]: [^1]", "[^1]\n\n[^1]: - a\n    - b\n\n        | a |\n        |---|",
    "| a[^1] |\n|---|\n| ![](figure:3) |\n\n[^1]: b",
    "[![](figure:3)](https://a.example)", "# [a](https://x.example) ![](figure:3) `b`",
    "**a [b** c](https://x.example)", "|a|\n|-|",
    "1. a\n\n   b\n\n   ![](figure:3)\n2. c", "99999999. x", "- # a", BODY * 3,
])  # fmt: skip
def test_unusual_nestings_make_sound_documents(body: str) -> None:
    document = assert_sound(word_out.write(book(body)))
    assert lines(document)


def test_a_book_without_parts_is_a_cover_and_an_empty_list() -> None:
    document = assert_sound(word_out.write(book(parts=[])))
    assert [style for style, _text in lines(document)][-1] == "TOC Heading"


# -- the matrix -------------------------------------------------------------------------------------------


def test_a_wide_table_lies_on_its_side_and_repeats_its_heading() -> None:
    rows = [
        ["1", "Ministère de l'Intérieur", "Le chiffre est faux ;\nprière de vérifier <b> & \x00"],
        ["2", "HCME", ""],
    ]
    document = assert_sound(word_out.table("Matrice", ["N°", "Institution", "Commentaire"], rows, "fr"))
    (section,) = document.sections
    assert section.page_width > section.page_height
    (made,) = document.tables
    assert [cell.text for cell in made.rows[1].cells] == [
        "1", "Ministère de l'Intérieur", "Le chiffre est faux ;\nprière de vérifier <b> & "
    ]  # fmt: skip
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    widths = [int(column.get(qn("w:w"))) for column in made._tbl.tblGrid]
    assert widths[0] < widths[1] < widths[2]
    assert sum(widths) <= word_out.TABLE_WIDTH
    assert document.core_properties.language == "fr-FR"


def test_a_table_without_rows_is_its_heading() -> None:
    assert len(assert_sound(word_out.table("x", ["a", "b"], [], "en")).tables[0].rows) == 1


def test_a_matrix_of_thousands_of_comments_grows_as_its_comments_do() -> None:
    """Word's tables grow slowly, row by row, where each row is looked for from the first."""
    row = ["12", "Ministère de l'Intérieur", "C.2", "Un commentaire. " * 8, "accepté", "Corrigé. " * 8, "7"]
    few, many = (steps(lambda n=n: word_out.table("Matrice", list("abcdefg"), [row] * n, "fr")) for n in (50, 200))
    assert many < few * 5
