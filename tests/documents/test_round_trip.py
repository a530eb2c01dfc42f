"""What goes out as Word comes back in as it was: a ministry works on the file and sends it on (S13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from workflow.documents import word_in, word_out
from workflow.documents.markdown import measure, to_text

from .books import BODY, book

BOOK = book(BODY.replace("![](figure:9)", "Rien."))
TITLES = [["A", "Contexte"], ["A.1", "Aperçu historique"], ["A.2", "Sources"], ["B", "Émigrés"], ["B.1", "Qui part ?"]]


@pytest.fixture(scope="module")
def back() -> word_in.Imported:
    return word_in.read(word_out.write(BOOK))


def test_every_section_is_found_again(back: word_in.Imported) -> None:
    assert [(block.level, block.title) for block in back.blocks] == [
        (0, ""), (1, "Profil migratoire du Mali"), (1, "A. Contexte"), (2, "A.1 Aperçu historique"), (3, "Emploi"),
        (2, "A.2 Sources"),
        (1, "B. Émigrés"), (2, "B.1 Qui part ?"),
    ]  # fmt: skip
    assert word_in.match(back.blocks, TITLES) == [None, None, 0, 1, None, 2, 3, 4]


def test_words_lists_tables_notes_and_links_are_as_they_were(back: word_in.Imported) -> None:
    told = back.blocks[3].markdown + "\n\n" + back.blocks[4].markdown
    assert "Le Mali est un pays de **départ**, de *transit* et de retour[^" in told
    assert "[note](https://iom.int/a?b=1&c=2)" in told
    assert "- la Côte d'Ivoire ;\n- le Gabon :\n  - Libreville,\n  - Port-Gentil." in told
    assert (
        "| Pays | 2008 | Note |\n| --- | --- | --- |\n| Gabon | 14 000 | a & b |\n| France | 100 000 | *INSEE* |"
        in told
    )
    assert "Tableau 1 : Maliens à l'étranger" in told
    assert "INSTAT, *Enquête*, 2007.\n\n    Suite de la note." in told
    assert measure(told).tables_without_source == 1


def test_figures_come_back_with_their_captions(back: word_in.Imported) -> None:
    (picture,) = back.images  # shown twice, it is one
    assert (picture.number, picture.alt, picture.caption) == (1, "Des barres qui montent", "Retours volontaires")
    assert (picture.source, picture.year) == ("Direction nationale", "2008")
    assert back.blocks[4].markdown.count("![Retours volontaires](figure:#1)") == 1
    assert "Direction nationale" not in back.blocks[4].markdown


def test_of_what_is_lost_there_is_little_and_it_is_told(back: word_in.Imported) -> None:
    assert {loss.what: loss.count for loss in back.lost} == {
        "Headers and footers": 2,
        "Table of contents: it is made anew when the text is printed": 1,
    }


LINES = st.lists(
    st.lists(st.sampled_from(["mot", "**gras**", "*ital*", "é", "12", "x_y", "a*b", "(c)", "« d »",
    "[e](https://a.example)"]), min_size=1, max_size=6),
    min_size=1, max_size=4,
)  # fmt: skip


@limits(max_examples=3, deadline=None)
@given(LINES)
def test_any_paragraphs_come_back_word_for_word(paragraphs: list[list[str]]) -> None:
    body = "\n\n".join(" ".join(words) for words in paragraphs)
    read = word_in.read(word_out.write(book(body)))
    block = next(block for block in read.blocks if block.title.startswith("A.1"))
    assert to_text(block.markdown) == to_text(body)
