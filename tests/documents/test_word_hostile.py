"""A Word file from a stranger: it is read, or refused with a sentence; it runs nothing, fetches nothing, and ends."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import cell_grid, word_in, zips
from workflow.documents.markdown import render

from . import making as m
from .effort import Unpacked, steps
from .making import NAMESPACES, R, cell, docx, p, picture, relations, t, table, with_pictures
from .test_markdown_hostile import ATTACKS, assert_harmless


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_named: Any) -> None:
        raise AssertionError("a Word file reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def refused(data: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        word_in.read(data)
    return caught.value


def escaped(text: str) -> str:
    kept = "".join(c for c in text if c in "\t\n" or ord(c) >= 32)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@pytest.mark.parametrize("attack", ATTACKS)
def test_scripts_in_a_document_are_words(attack: str) -> None:
    words = escaped(attack)
    link = relations(("rId1", f"{R}/hyperlink", words, "External"), ("rId2", f"{R}/image", "media/a.png", ""))
    body = (
        p(t(words)) + p(t(words, "<w:b/>")) + p(f'<w:hyperlink r:id="rId1">{t(words)}</w:hyperlink>')
        + table([cell(p(t(words))), "b"], ["c", "d"]) + p(picture("rId2", words)) + p(t(words),
        style="Heading1") + p("x")
    )  # fmt: skip
    read = word_in.read(docx(body, {"word/_rels/document.xml.rels": link, "word/media/a.png": m.png()}))
    for block in read.blocks:
        assert_harmless(render(block.markdown, prefix="s1"))
        assert_harmless(render(f"## {block.title}", prefix="s1"))  # as the writing room puts a heading into a text


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK", b"not a zip", m.png(), m.PDF, m.xlsx(), docx()[:100], docx("<w:p>"),
        docx(more={"word/document.xml": None}), docx(more={"word/document.xml": "<a/>"}),
        docx(more={"word/styles.xml": "<w:styles"}), docx(more={"_rels/.rels": "nothing"}),
        docx(p('<w:r><w:footnoteReference w:id="9"/></w:r>')), docx(table([cell("a", '<w:gridSpan w:val="many"/>')])),
        docx(more={"word/vbaProject.bin": b"x"}),
    ],
)  # fmt: skip
def test_what_is_no_sound_word_file_is_refused_with_a_sentence(data: bytes) -> None:
    (sentence,) = refused(data).messages
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert "Error" not in sentence


@given(st.data())
def test_a_file_bent_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    sound = with_pictures(p("x", picture("rId1")) + table(["a", "b"]), ("a.png", m.png()))
    at = data.draw(st.integers(0, len(sound) - 1))
    bent = sound[:at] + data.draw(st.binary(max_size=6)) + sound[at + data.draw(st.integers(0, 6)) :]
    try:
        blocks = len(word_in.read(bent).blocks)
    except ValidationError as error:
        blocks = -len(error.messages)
    assert blocks in (-1, 0, 1)


TAGS = st.sampled_from(["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:hyperlink", "w:sdt", "w:sdtContent", "w:ins",
"w:del",
                        "w:pPr", "w:numPr", "w:pict", "mc:AlternateContent", "mc:Fallback", "w:drawing", "v:textbox",
                        "w:sym",
                        "w:fldChar", "w:footnoteReference", "w:br", "w:bookmarkStart", "w:vMerge", "w:tcPr",
                        "w:object"])  # fmt: skip
TREES = st.recursive(
    st.just("x"),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=3)).map(lambda n: f"<{n[0]}>{''.join(n[1])}</{n[0]}>"),
    max_leaves=15,
)


@given(st.lists(TREES, max_size=4).map("".join))
def test_elements_in_any_order_are_read_or_refused(body: str) -> None:
    try:
        read = word_in.read(docx(body))
    except ValidationError as error:
        assert_harmless("".join(error.messages))
    else:
        for block in read.blocks:
            assert_harmless(render(block.markdown))


def test_a_style_map_that_the_file_brings_along_is_not_followed() -> None:
    more = {"mammoth/style-map": "p => script > iframe[src='https://evil.example']:fresh"}
    assert word_in.read(docx(p("x"), more)).blocks[0].markdown == "x"


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "media/none.png", "http://evil.example/x"]
)
def test_a_picture_outside_the_archive_is_not_read(target: str) -> None:
    more = {"word/_rels/document.xml.rels": relations(("rId1", f"{R}/image", target, ""))}
    read = word_in.read(docx(p("a", picture("rId1")), more))
    assert (read.images, read.blocks[0].markdown) == ([], "a")
    assert [loss.count for loss in read.lost] == [1]


def test_a_linked_picture_is_refused_before_anything_looks_at_it() -> None:
    more = {"word/_rels/document.xml.rels": relations(("rId1", f"{R}/image", "https://evil.example/x.png", "External"))}
    assert refused(docx(p(picture("rId1").replace("r:embed", "r:link")), more)).code == "external"


# -- bombs that only a reader of Word would set off --------------------------------------------------------


def quick(data: bytes, most: int = 200_000) -> word_in.Imported | ValidationError:
    """What becomes of a file, in no more steps than an honest one of some pages takes."""
    result: list[word_in.Imported | ValidationError] = []

    def read() -> None:
        try:
            result.append(word_in.read(data))
        except ValidationError as error:
            result.append(error)

    assert steps(read) < most
    return result[0]


def test_a_cell_a_million_columns_wide() -> None:
    read = quick(docx(table([cell("a", '<w:gridSpan w:val="1000000"/>'), "b"], ["c", "d"])))
    assert isinstance(read, word_in.Imported)
    assert len(read.blocks[0].markdown) < 2_000


def test_a_cell_a_billion_columns_wide() -> None:
    assert quick(docx(table([cell("a", '<w:gridSpan w:val="1000000000"/>'), "b"], ["c", "d"])))


def test_more_cells_than_a_page_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_grid, "MOST_CELLS", 500)
    row = [cell("", '<w:gridSpan w:val="60"/>')]
    read = quick(docx(table(*([row] * 20))))
    assert isinstance(read, word_in.Imported)
    assert {loss.what: loss.count for loss in read.lost}["Cells beyond what a table can hold"] == 20 - 500 // 60


def test_a_document_of_more_elements_than_can_be_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_in, "MOST_ELEMENTS", 1_000)
    error = quick(docx("<w:p/>" * (word_in.MOST_ELEMENTS + 1)))
    assert isinstance(error, ValidationError)
    assert error.messages == ["This document is too long to be read at once: send it in parts."]


def test_tables_in_tables_in_tables() -> None:
    body = table(["a", "b"])
    for _level in range(40):
        body = table([cell(body + p("x")), "b"])
    assert quick(docx(body))
    for _level in range(40):
        body = table([cell(body + p("x")), "b"])
    assert getattr(quick(docx(body)), "code", "") in ("too-large", "damaged")


def test_more_pictures_than_can_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_in, "MOST_PICTURES", 2)
    pictures = [(f"{n}.png", m.png(grey=n)) for n in range(3)]
    error = refused(with_pictures("".join(p(picture(f"rId{n}")) for n in (1, 2, 3)), *pictures))
    assert error.messages == ["This document has more pictures than can be taken at once."]


def test_styles_based_on_each_other_round_and_round() -> None:
    known = m.styles(m.style("A", "a", '<w:basedOn w:val="B"/>'), m.style("B", "b", '<w:basedOn w:val="A"/>'))
    assert word_in.read(docx(p("x", style="A"), known)).blocks[0].markdown == "x"


def test_entities_are_refused_before_a_library_expands_them() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><w:document {NAMESPACES}><w:body>{p("&l9;")}</w:body></w:document>'
    assert getattr(quick(docx(more={"word/document.xml": body}), 5_000), "code", "") == "entities"


def test_a_zip_bomb_is_refused_by_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MOST_UNPACKED", 1_000_000)
    bomb = docx(more={"word/media/a.png": b"\0" * (zips.MOST_UNPACKED + 1)})
    unpacked = Unpacked(monkeypatch)
    assert getattr(quick(bomb), "code", "") == "too-large"
    assert unpacked.bytes == 0
