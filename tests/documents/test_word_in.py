"""A consultant's Word file comes in by its headings, and says what could not be kept (S13)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import word_in
from workflow.documents.markdown import measure, render, to_text
from workflow.documents.word_in import Block

from . import making as m
from .making import HYPERLINK, NAMESPACES, cell, docx, p, picture, relations, style, styles, t, table, with_pictures

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def blocks(body: str, more: dict[str, Any] | None = None) -> list[Block]:
    return word_in.read(docx(body, more)).blocks


def text(body: str, more: dict[str, Any] | None = None) -> str:
    """The Markdown of a document without headings."""
    found = blocks(body, more)
    assert len(found) <= 1
    return found[0].markdown if found else ""


def lost(body: str, more: dict[str, Any] | None = None) -> dict[str, int]:
    return {loss.what: loss.count for loss in word_in.read(docx(body, more)).lost}


# -- headings ---------------------------------------------------------------------------------------------


def test_headings_cut_the_file_into_blocks() -> None:
    body = (
        p("Before") + p("A. Contexte", style="Heading1") + p("x") + p("A.1 Aperçu", style="Heading2") + p("y") + p("z")
    )
    assert blocks(body) == [
        Block(0, "", "Before"), Block(1, "A. Contexte", "x"), Block(2, "A.1 Aperçu", "y\n\nz")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style_id", "name", "level"),
    [
        ("Titre1", "heading 1", 1), ("Titre2", "Titre 2", 2), ("Ttulo3", "Título 3", 3), ("Titulo1", "Titulo 1", 1),
        ("berschrift1", "heading 1", 1), ("Cabealho1", "Cabeçalho 1", 1), ("Heading1", "Heading 1", 1),
        ("Titre", "Title", 1),
        ("T", "Título", 1), ("x", "HEADING 2", 2),
    ],
)  # fmt: skip
def test_heading_styles_are_known_in_the_languages_of_the_region(style_id: str, name: str, level: int) -> None:
    assert blocks(p("C.2", style=style_id), styles(style(style_id, name))) == [Block(level, "C.2", "")]


def test_a_style_of_ones_own_is_a_heading_by_its_outline_or_by_what_it_is_based_on() -> None:
    known = styles(
        style("Own", "Mon style", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        style("Child", "Autre", '<w:basedOn w:val="Own"/>'),
        style("Body", "Corps", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
        style("Loop", "Tour", '<w:basedOn w:val="Loop"/>'),
    )
    found = blocks(p("a", style="Own") + p("b", style="Child") + p("c", style="Body") + p("d", style="Loop"), known)
    assert found == [Block(2, "a", ""), Block(2, "b", "c\n\nd")]


@pytest.mark.parametrize(
    ("line", "level"),
    [("C.2 Emploi des migrants", 2), ("Partie C : Politiques", 1), ("PARTE B", 1), ("D. Synthèse", 1), ("E.1.2. x", 3)],
)
def test_a_bold_line_that_begins_with_a_place_is_a_heading_too(line: str, level: int) -> None:
    assert blocks(p(t(line, BOLD)) + p("x")) == [Block(level, line, "x")]


@pytest.mark.parametrize("line", ["Note importante", "A propos de " + "x" * 170, "3 % de hausse"])
def test_any_other_bold_line_stays_a_line(line: str) -> None:
    assert text(p(t(line, BOLD))).startswith("**")


def test_a_place_that_is_not_all_bold_is_no_heading() -> None:
    assert text(p(t("C.2 ", BOLD), "Emploi")) == "**C.2** Emploi"


def test_deeper_headings_stay_in_the_text() -> None:
    found = blocks(p("a", style="Heading3") + p("b", style="Heading4") + p("c") + p("d", style="Heading6"))
    assert found == [Block(3, "a", "#### b\n\nc\n\n###### d")]


def test_an_empty_heading_begins_nothing() -> None:
    assert blocks(p("a") + p(" ", style="Heading1") + p("b")) == [Block(0, "", "a\n\nb")]


def test_an_empty_document_has_no_blocks() -> None:
    assert word_in.read(docx()) == word_in.Imported([], [], [])


def test_the_table_of_contents_is_left_out_and_told() -> None:
    known = styles(style("TM1", "toc 1"), style("TOC", "TOC Heading"))
    body = p("Sommaire", style="TOC") + p("A. Contexte 3", style="TM1") + p("A. Contexte", style="Heading1") + p("x")
    assert blocks(body, known) == [Block(1, "A. Contexte", "x")]
    assert lost(body, known) == {"Table of contents: it is made anew when the text is printed": 1}


# -- words ------------------------------------------------------------------------------------------------


def test_bold_and_italic_stay_on_the_words_they_are_meant_for() -> None:
    assert (
        text(p("Le ", t("taux ", BOLD), t("net", ITALIC), t(" et", BOLD + ITALIC), "."))
        == "Le **taux** *net* ***et***."
    )


def test_emphasis_that_would_not_read_back_gives_way_to_the_words() -> None:
    assert text(p(t("(a)", BOLD), "b")) == "(a)b"


def test_characters_that_markdown_would_take_for_marks_stay_characters() -> None:
    told = [
        "1. n'est pas une liste",
        "- ni ceci",
        "# ni cela",
        "3 * 4 * 5",
        "[x](y)",
        "&lt;b&gt; &amp;amp;",
        "a_b _c_",
        "| a | b |",
        "> z",
        "+ y",
    ]
    found = text("".join(map(p, told)))
    assert to_text(found).split("\n\n") == [
        line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for line in told
    ]
    assert "<li>" not in render(found)


def test_breaks_tabs_and_raised_figures_are_kept() -> None:
    body = p("a", "<w:r><w:br/></w:r>", "b", "<w:r><w:tab/></w:r>", "c km",
    t("2", '<w:vertAlign w:val="superscript"/>'),
             " CO", t("2", '<w:vertAlign w:val="subscript"/>'),
             t("er", '<w:vertAlign w:val="superscript"/>'))  # fmt: skip
    assert text(body) == "a\\\nb c km² CO₂er"


def test_tied_spaces_are_kept_and_other_spaces_are_one() -> None:
    assert text(p("10\u00a0%   de\n hausse\u202f;")) == "10\u00a0% de hausse\u202f;"


def test_struck_out_words_stay_and_are_told() -> None:
    body = p(t("ancien", "<w:strike/>"), " nouveau")
    assert text(body) == "ancien nouveau"
    assert lost(body) == {"Struck-out words: they stand as plain text": 1}


PIECES = st.lists(
    st.tuples(
        st.text(alphabet=st.sampled_from("ab é1.*_[]()#-+=|~`!^:'\u00a0/"), min_size=1, max_size=12),
        st.sampled_from(["", BOLD, ITALIC, BOLD + ITALIC]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_whatever_a_paragraph_says_is_said_again(paragraphs: list[list[tuple[str, str]]]) -> None:
    body = "".join(p(*(t(words, look) for words, look in pieces)) for pieces in paragraphs)
    found = blocks(body)
    told = " ".join(f"{block.title} {to_text(block.markdown)}" for block in found)
    want = " ".join("".join(words for words, _look in pieces) for pieces in paragraphs)
    assert "".join(told.split()) == "".join(want.split())


# -- lists ------------------------------------------------------------------------------------------------


def numbering(*formats: str) -> dict[str, str]:
    """Lists 1, 2 …, each of one format on three levels."""
    made = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">'
        + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{f}"/></w:lvl>' for level in range(3))
        + "</w:abstractNum>"
        for n, f in enumerate(formats, start=1)
    )
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, len(formats) + 1))
    return {"word/numbering.xml": f"<w:numbering {NAMESPACES}>{made}{nums}</w:numbering>"}


def item(words: str, level: int = 0, number: int = 1) -> str:
    return p(words, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_lists_keep_their_levels_and_their_kind() -> None:
    body = p("x") + item("a") + item("b", 1) + item("c") + p("y") + item("d", 0, 2) + item("e", 0, 2) + item("f", 1, 1)
    assert text(body, numbering("bullet", "decimal")) == "x\n\n- a\n  - b\n- c\n\ny\n\n1. d\n2. e\n   - f"


def test_an_item_that_begins_like_a_list_is_one_item() -> None:
    found = text(item("1. a") + item("- b"), numbering("bullet"))
    assert render(found).count("<li>") == 2


# -- tables -----------------------------------------------------------------------------------------------


def test_a_table_keeps_its_cells_and_its_source() -> None:
    body = table(["Pays", "2008"], ["Gabon", "1|2"]) + p("Source : INSTAT, 2008")
    assert text(body) == "| Pays | 2008 |\n| --- | --- |\n| Gabon | 1\\|2 |\n\nSource : INSTAT, 2008"
    assert measure(text(body)).tables_without_source == 0


def test_merged_cells_keep_their_text_in_their_first_place_and_are_told() -> None:
    down = '<w:vMerge w:val="restart"/>'
    body = table(
        [cell("a", '<w:gridSpan w:val="2"/>'), "b"], [cell("c", down), "d", "e"], [cell("", "<w:vMerge/>"), "f", "g"]
    )
    assert text(body) == "| a |  | b |\n| --- | --- | --- |\n| c | d | e |\n|  | f | g |"
    assert lost(body) == {"Merged cells: their text stands in the first of them": 2}


def test_paragraphs_lists_and_tables_within_a_cell_stand_in_its_line() -> None:
    inner = table(["x", "y"]) + p("z")
    body = table([cell(p("a") + p("b")), cell(inner)], ["c", "d"])
    assert text(body) == "| a; b | x; y; z |\n| --- | --- |\n| c | d |"
    assert lost(body) == {"Tables within tables: their text stands in line": 1}


def test_a_frame_around_a_text_is_the_text() -> None:
    assert text(table([cell(p("a") + p("b"))])) == "a\n\nb"


def test_rows_of_unequal_length_make_a_whole_table() -> None:
    assert text(table(["a"], ["b", "c"])) == "| a |  |\n| --- | --- |\n| b | c |"


# -- notes, links, pictures -------------------------------------------------------------------------------


def notes(kind: str, *words: str) -> dict[str, str]:
    told = "".join(
        f'<w:{kind} w:id="{n}">{w if w.startswith("<") else p(w)}</w:{kind}>' for n, w in enumerate(words, start=2)
    )
    return {f"word/{kind}s.xml": f"<w:{kind}s {NAMESPACES}>{told}</w:{kind}s>"}


def note(number: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_follow_the_block_that_calls_them() -> None:
    body = p("A", style="Heading1") + p("a", note(2)) + p("B", style="Heading1") + p("b", note(3), note(2))
    first, second = blocks(body, notes("footnote", "Un.", p("Deux ", t("gras", BOLD)) + p("suite")))
    mark = first.markdown.split("[^")[1].split("]")[0]
    other = second.markdown.split("[^")[1].split("]")[0]
    assert first.markdown == f"a[^{mark}]\n\n[^{mark}]: Un."
    assert second.markdown == f"b[^{other}][^{mark}]\n\n[^{other}]: Deux **gras**\n\n    suite\n\n[^{mark}]: Un."
    assert render(second.markdown).count("<li") == 2


def test_endnotes_are_notes_too_and_of_another_name() -> None:
    more = notes("footnote", "foot") | notes("endnote", "end")
    shown = render(text(p("a", note(2), note(2, "endnote")), more))
    assert shown.count("<li") == 2


def test_a_note_in_a_heading_begins_the_text_below_it() -> None:
    (block,) = blocks(p("C. Titre", note(2), style="Heading1") + p("x"), notes("footnote", "Voir."))
    assert block.title == "C. Titre"
    assert to_text(block.markdown).endswith("x\n\nVoir.")


def test_notes_of_two_files_added_to_one_text_do_not_mix() -> None:
    one, two = (text(p(word, note(2)), notes("footnote", f"Note of {word}.")) for word in ("a", "b"))
    shown = render(f"{one}\n\n{two}")
    assert "Note of a." in shown
    assert "Note of b." in shown


def linked(url: str, words: str = "ici") -> tuple[str, dict[str, str]]:
    body = p("Voir ", f'<w:hyperlink r:id="rId1">{t(words)}</w:hyperlink>', ".")
    return body, {"word/_rels/document.xml.rels": relations(("rId1", HYPERLINK, url, "External"))}


@pytest.mark.parametrize("url", ["https://iom.int/a", "http://x.example/a_(b)?c=%5Bd%5D&amp;e=f", "mailto:a@b.example"])
def test_links_to_the_web_are_kept(url: str) -> None:
    shown = render(text(*linked(url)))
    assert shown.count("<a href=") == 1
    assert ">ici</a>." in shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///C:/x", "\\\\server\\x", "vbscript:x", "//evil", "figure:3"],
)
def test_other_links_leave_their_words_and_are_told(url: str) -> None:
    assert text(*linked(url)) == "Voir ici."
    assert lost(*linked(url)) == {"Links that lead nowhere on the web: their words stand without the link": 1}


def test_a_link_within_the_document_leaves_its_words_alone() -> None:
    body = p("Voir ", f'<w:hyperlink w:anchor="x">{t("ici")}</w:hyperlink>')
    assert (text(body), lost(body)) == ("Voir ici", {})


def test_pictures_come_out_numbered_each_once() -> None:
    data = with_pictures(
        p(picture("rId1", "Barres ] 2003")) + p("x") + p("Voir ", picture("rId2"), " là") + p(picture("rId1")),
        ("a.png", m.png()), ("b.jpeg", m.jpeg()),
    )  # fmt: skip
    read = word_in.read(data)
    assert [(i.number, i.name, i.data, i.alt) for i in read.images] == [
        (1, "image1.png", m.png(), "Barres ] 2003"), (2, "image2.jpg", m.jpeg(), "")
    ]  # fmt: skip
    assert read.blocks[0].markdown == (
        "![Barres \\] 2003](figure:#1)\n\nx\n\nVoir ![](figure:#2) là\n\n![Barres \\] 2003](figure:#1)"
    )


@pytest.mark.parametrize(
    ("below", "kept", "told"),
    [
        (["Figure 1 : Retours", "Source : INSTAT, 2008"], "", ("Retours", "INSTAT", "2008")),
        (["Fig. 2.1 – Retours", "Sources : INSTAT et OIM (2007-2008)."], "", ("Retours", "INSTAT et OIM", "2007-2008")),
        (["Figures of 2008"], "", ("Figures of 2008", "", "")),
        (["Figure 7"], "", ("Figure 7", "", "")),
        (["Retours", "Source : INSTAT"], "Source : INSTAT", ("Retours", "", "")),
        (["Retours", "Voir 2008"], "Voir 2008", ("Retours", "", "")),
    ],
)
def test_what_stands_below_a_picture_is_the_figures(below: list[str], kept: str, told: tuple[str, str, str]) -> None:
    known = styles(style("Lgende", "caption"))
    body = p(picture("rId1", "alt")) + p(below[0], style="Lgende") + "".join(map(p, below[1:])) + p("x")
    read = word_in.read(with_pictures(body, ("a.png", m.png()), more=known))
    (figure,) = read.images
    assert (figure.caption, figure.source, figure.year, figure.alt) == (*told, "alt")
    assert read.blocks[0].markdown.split("\n\n") == [f"![{told[0]}](figure:#1)", *([kept] if kept else []), "x"]


def test_a_source_right_below_a_picture_needs_no_caption_between() -> None:
    read = word_in.read(with_pictures(p(picture("rId1", "alt")) + p("Fonte: INE, 2009"), ("a.png", m.png())))
    assert [(i.caption, i.source, i.year) for i in read.images] == [("", "INE", "2009")]


def test_a_caption_elsewhere_is_a_paragraph() -> None:
    known = styles(style("Caption", "caption"))
    assert text(p("Tableau 1 : x", style="Caption") + table(["a", "b"]), known).startswith("Tableau 1 : x\n\n| a")


@pytest.mark.parametrize("data", [b"\x01\0\0\0 EMF", b"GIF89a", b"<svg/>", m.png()[:20], b"", b"\xff\xd8\xff"])
def test_pictures_that_no_page_can_show_are_told(data: bytes) -> None:
    read = word_in.read(with_pictures(p("a", picture("rId1")), ("a.emf", data)))
    assert (read.images, read.blocks[0].markdown) == ([], "a")
    assert [(loss.what[:8], loss.count) for loss in read.lost] == [("Pictures", 1)]


# -- what can't be kept -----------------------------------------------------------------------------------


def test_tracked_changes_stand_as_if_accepted_and_are_told() -> None:
    body = p(
        "a ",
        f'<w:ins w:id="1">{t("neuf ")}</w:ins>',
        '<w:del w:id="2"><w:r><w:delText>vieux</w:delText></w:r></w:del>',
        "b",
    )
    assert text(body) == "a neuf b"
    assert lost(body) == {"Tracked changes: the text stands as if all were accepted": 2}


def test_comments_equations_objects_and_charts_are_told() -> None:
    chart = (
        '<w:r><w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/></w:drawing></w:r>'
    )
    body = p(
        "a",
        '<w:r><w:commentReference w:id="1"/></w:r>',
        "<m:oMathPara><m:oMath/></m:oMathPara>",
        "<w:r><w:object/></w:r>",
        chart,
    )
    comments = {
        "word/comments.xml": f'<w:comments {NAMESPACES}><w:comment w:id="1">{p("Secret.")}</w:comment></w:comments>'
    }
    assert text(body, comments) == "a"
    assert lost(body, comments) == {"Comments": 1, "Equations": 1, "Embedded objects": 1, "Charts and diagrams": 1}


def test_text_boxes_stand_in_line_and_count_once() -> None:
    inner = f"<w:txbxContent>{p('encadré')}</w:txbxContent>"
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback>"
        f"<w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert "encadré" in text(p("a", box))
    assert text(p("a", box)).count("encadré") == 1
    assert lost(p("a", box)) == {"Text boxes: their text stands in line": 1}


def test_headers_and_footers_are_told_if_they_say_something() -> None:
    def margin(words: str) -> str:
        return f"<w:hdr {NAMESPACES}>{words}</w:hdr>"

    page = p("<w:r><w:instrText> PAGE </w:instrText></w:r>", "3")
    more = {
        "word/header1.xml": margin(p("Confidentiel")),
        "word/footer1.xml": margin(page),
        "word/footer2.xml": margin(p("-")),
    }
    assert lost(p("a"), more) == {"Headers and footers": 1}


def test_what_is_lost_is_told_in_one_order() -> None:
    link, more = linked("javascript:x")
    body = p(t("x", "<w:strike/>")) + link + p('<w:r><w:commentReference w:id="1"/></w:r>')
    assert [loss.what[:5] for loss in word_in.read(docx(body, more)).lost] == ["Comme", "Links", "Struc"]


def test_relationship_targets_are_the_packages_own() -> None:
    """A document's main part may have another name than usual."""
    data = docx(more={
        "_rels/.rels": relations(("rId1", f"{m.R}/officeDocument", "word/document2.xml", "")),
        "word/document2.xml": f"<w:document {NAMESPACES}><w:body>{p('x')}</w:body></w:document>",
        "word/document.xml": None,
    })  # fmt: skip
    assert word_in.read(data).blocks == [Block(0, "", "x")]
