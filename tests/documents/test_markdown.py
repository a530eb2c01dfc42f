"""What people write, as it is shown, counted and read aloud (S09, S10)."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from workflow.documents.markdown import Figure, measure, render, to_text


def find(number: int) -> Figure | None:
    """Figure 3 is there, no other."""
    return Figure("/f/3", "Returns by year", "INSTAT", "2008", "Rising bars") if number == 3 else None


def test_paragraphs_emphasis_and_lists_are_shown() -> None:
    shown = render("One **two** *three*\n\n- a\n- b\n\n3. c\n")
    assert "<p>One <strong>two</strong> <em>three</em></p>" in shown
    assert "<ul>\n<li>a</li>\n<li>b</li>\n</ul>" in shown
    assert '<ol start="3">' in shown


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# a\n## b\n### c", [3, 4, 5]),
        ("## a\n### b\n## c", [3, 4, 3]),
        ("#### a\n# b", [3, 3]),
        ("# a\n#### b\n##### c", [3, 4, 5]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", [3, 4, 5, 6, 6, 6]),
    ],
)
def test_headings_begin_below_the_pages_own_and_skip_no_level(body: str, levels: list[int]) -> None:
    shown = render(body)
    assert [int(shown[at + 2]) for at in range(len(shown)) if shown.startswith("<h", at)] == levels
    assert all(f"</h{level}>" in shown for level in levels)


def test_the_page_may_ask_for_another_level() -> None:
    assert render("# a", level=2).startswith("<h2")


def test_ids_bear_the_prefix_and_are_unique_whatever_the_headings_say() -> None:
    body = "# Emploi\n# Emploi\n# Note 1\n# Figure 3\n# !\n\n![](figure:3)\n\nx[^1]\n\n[^1]: y"
    shown = render(body, figure=find, prefix="s7")
    ids = [piece.split('"')[0] for piece in shown.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == 8
    assert all(one.startswith("s7-") for one in ids)


def test_two_texts_on_one_page_share_no_id() -> None:
    body = "# a\n\nb[^1]\n\n[^1]: c"
    first, second = render(body, prefix="s1"), render(body, prefix="s2")
    ids = {part.split('"')[0] for part in first.split(' id="')[1:]}
    assert ids
    assert not ids & {part.split('"')[0] for part in second.split(' id="')[1:]}


# -- links ------------------------------------------------------------------------------------------------


def test_links_lead_to_the_web_or_to_a_mail_box_and_vouch_for_nothing() -> None:
    shown = render("[a](https://iom.int/x?a=1&b=2) <http://b.example> [m](mailto:a@b.example)")
    assert '<a href="https://iom.int/x?a=1&amp;b=2" rel="noopener nofollow">a</a>' in shown
    assert '<a href="http://b.example" rel="noopener nofollow">' in shown
    assert '<a href="mailto:a@b.example">m</a>' in shown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/accounts/logout/", "#next", "vbscript:x",
     "file:///etc/passwd", "ftp://x.example", "https:/x", "java\tscript:x", "&#106;avascript:x", "blob:x", "mailto:"],
)  # fmt: skip
def test_any_other_link_stays_the_words_that_were_typed(url: str) -> None:
    assert "<a" not in render(f"[x]({url})")
    assert "<a" not in render(f"<{url}>")
    assert "<a" not in render(f"[x][1]\n\n[1]: {url}")


# -- figures ----------------------------------------------------------------------------------------------


def test_a_picture_by_its_number_is_a_figure_with_caption_source_and_year() -> None:
    shown = render("![Retours, 2003 à 2008](figure:3)", figure=find, prefix="s1")
    assert '<figure id="s1--figure-3"><img src="/f/3" alt="Rising bars" loading="lazy">' in shown
    assert "<figcaption>Figure 3: Retours, 2003 à 2008 " in shown
    assert '<span class="source">Source: INSTAT, 2008</span>' in shown


def test_without_a_caption_of_its_own_the_figures_is_taken() -> None:
    assert "Figure 3: Returns by year" in render("![](figure:3)", figure=find)


def test_a_figure_named_in_a_sentence_stands_below_it_and_is_linked() -> None:
    shown = render("As ![x](figure:3) shows.", figure=find, prefix="s1")
    assert '<p>As <a href="#s1--figure-3">Figure 3</a> shows.</p>' in shown
    assert shown.index("</p>") < shown.index("<figure")


def test_words_may_link_to_a_figure_of_the_text() -> None:
    shown = render("See [the bars](figure:3) and [those](figure:4).\n\n![](figure:3)", figure=find, prefix="s1")
    assert '<a href="#s1--figure-3">the bars</a>' in shown
    assert "<a>those</a>" in shown


def test_a_figure_shown_twice_has_its_id_once() -> None:
    shown = render("![](figure:3)\n\n![](figure:3)", figure=find)
    assert shown.count("<figure") == 2
    assert shown.count("--figure-3") == 1


@pytest.mark.parametrize("body", ["![a](figure:9)", "![a](figure:3)", "x ![a](figure:9) y"])
def test_a_missing_figure_is_told_in_its_place(body: str) -> None:
    shown = render(body, figure=None if "3" in body else find)
    assert '<p class="missing">Figure' in shown
    assert "is missing: no figure bears this number." in shown
    assert "<img" not in shown


@pytest.mark.parametrize("url", ["https://evil.example/x.png", "mailto:a@b.c"])
def test_a_picture_from_elsewhere_is_never_loaded(url: str) -> None:
    shown = render(f"![a]({url})", figure=find)
    assert "<img" not in shown
    assert "A picture is missing here" in shown
    assert "A picture is missing here" in render(f"b ![a]({url})", figure=find)


def test_a_picture_in_a_cell_stays_in_its_cell() -> None:
    shown = render("| a | b |\n|---|---|\n| x | ![](figure:3) |", figure=find)
    assert '<td><img src="/f/3" alt="Rising bars" loading="lazy"></td>' in shown
    assert "Figure 4 is missing" in render("# ![](figure:4)", figure=find)


# -- tables -----------------------------------------------------------------------------------------------

TABLE = "| Region | 2007 | Note |\n|---|---|---|\n| Kayes | 1 200,5 | x |\n| Gao | – | y |\n"


def test_a_table_scrolls_by_itself_and_says_what_heads_what() -> None:
    shown = render(TABLE)
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Table 1"><table class="table">' in shown
    assert '<th scope="col">Region</th><th scope="col" class="num">2007</th>' in shown
    assert '<th scope="row">Kayes</th><td class="num">1 200,5</td><td>x</td>' in shown


def test_an_empty_corner_heads_nothing() -> None:
    assert "<th></th>" in render("| | a |\n|---|---|\n| | b |\n")
    assert "<td></td><td>b</td>" in render("| | a |\n|---|---|\n| | b |\n")


def test_alignment_survives_without_a_style() -> None:
    shown = render("| a | b |\n|---|--:|\n| c | d |")
    assert '<td class="num">d</td>' in shown
    assert "style" not in shown


@pytest.mark.parametrize(
    "line",
    ["Source: INSTAT, 2008", "Source : INSTAT, 2008", "Sources\u00a0: INSTAT", "source\u202f: INSTAT",
     "Fonte: INE, 2008", "Fontes : INE", "*Source : INSTAT, 2008.*", "**Source:** INSTAT",
     "(Source : INSTAT)", "SOURCE：INSTAT"],
)  # fmt: skip
def test_the_line_below_a_table_says_where_it_comes_from(line: str) -> None:
    for between in ("\n", ""):  # with an empty line between, and right under the last row
        shown = render(TABLE + between + line)
        assert '</table></div>\n<p class="source">' in shown
        assert shown.count("<tr>") == 3
        assert measure(TABLE + between + line).tables_without_source == 0


@pytest.mark.parametrize(
    "line", ["Source:", "Sources of data are many.", "The source: INSTAT", "Resource: x", "Source: —"]
)
def test_another_line_below_a_table_is_no_source(line: str) -> None:
    assert 'class="source"' not in render(f"{TABLE}\n{line}")
    assert measure(f"{TABLE}\n{line}").tables_without_source == 1


def test_a_table_whose_only_row_is_a_source_has_no_rows() -> None:
    shown = render("| a | b |\n|---|---|\nSource: x")
    assert "<tbody>" not in shown
    assert '<p class="source">Source: x</p>' in shown


@pytest.mark.parametrize(
    "line", ["Tableau 3 : Émigrés", "Table 3.1: Émigrés", "**Quadro 2 – Émigrés**", "Tabela 4. Émigrés"]
)
def test_a_numbered_line_above_a_table_is_its_caption(line: str) -> None:
    shown = render(f"{line}\n\n{TABLE}")
    assert "<caption>" in shown
    assert "Émigrés" in shown.split("<caption>")[1].split("</caption>")[0]
    assert "Émigrés" in shown.split('aria-label="')[1].split('"')[0]


def test_the_paragraph_above_a_table_is_else_left_where_it_is() -> None:
    assert "<p>Table of all</p>" in render(f"Table of all\n\n{TABLE}")


# -- notes ------------------------------------------------------------------------------------------------


def test_a_note_leads_there_and_back_from_every_place_that_calls_it() -> None:
    shown = render("a[^x] b[^y] c[^x]\n\n[^x]: One.\n[^y]: Two.", prefix="s1")
    assert '<sup><a href="#s1--note-1" id="s1--note-1-ref">1</a></sup>' in shown
    assert '<sup><a href="#s1--note-1" id="s1--note-1-2-ref">1</a></sup>' in shown
    assert '<section class="footnotes" aria-label="Notes">' in shown
    assert '<li id="s1--note-1"><p>One. <a href="#s1--note-1-ref" aria-label="Back to the text">' in shown
    assert 'href="#s1--note-1-2-ref"' in shown


def test_two_notes_side_by_side_are_not_read_as_one_number() -> None:
    shown = render("End.[^1][^2]\n\n[^1]: a\n[^2]: b")
    assert re.sub(r"<[^>]+>", "", shown).startswith("End.1, 2")


def test_a_note_without_a_text_stays_as_it_was_typed() -> None:
    assert "a[^x]" in render("a[^x]")


# -- measures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", 0), ("Un **deux** *trois*", 3), ("# Un\n\ndeux[^1]\n\n[^1]: trois", 3), ("l'emploi – aujourd'hui", 2),
        ("« deux\u00a0mots »", 1), ("Source\u202f: X", 2), ("12\u202f000 pers.", 2), ("e\u0301te\u0301 हिन्दी", 2),
        ("[deux mots](https://not.counted.example/a)", 2), ("| a | b |\n|---|---|\n| c | d e |", 5), ("***", 0),
        ("`code words`", 2), ("```\na b\n```", 2), ("![two words](figure:3)", 2), ("移民", 1), ("a\nb\\\nc", 3),
    ],
)  # fmt: skip
def test_words_are_counted_without_their_marks(body: str, words: int) -> None:
    assert measure(body).words == words


def test_tables_and_figures_are_counted_where_they_stand() -> None:
    body = (
        f"{TABLE}\nSource: x\n\n{TABLE}\n![a](figure:3) ![](figure:7)\n\n![](figure:3)\n\n|![](figure:8)|\n|---|\n|x|"
    )
    told = measure(body)
    assert (told.tables, told.tables_without_source, told.figures) == (3, 2, (3, 7, 8))


def test_plain_words_keep_paragraphs_and_cells_apart() -> None:
    body = (
        "# Titre\n\nUn **deux**\ntrois[^1]\n\n- a\n- b\n\n| A | B |\n|---|---|\n| c | d |\n\n```\nx\n```\n\n[^1]: Note."
    )
    assert to_text(body) == "Titre\n\nUn deux trois\n\na\nb\n\nA\tB\nc\td\n\nx\n\nNote."


def test_labels_are_in_the_language_that_is_asked_for(french_words: None) -> None:
    with translation.override("fr"):
        shown = render("![Retours](figure:3)\n\n![](figure:9)\n\na[^1]\n\n[^1]: b", figure=find)
    assert "Figure 3&nbsp;: Retours" in shown
    assert "Source&nbsp;: INSTAT, 2008" in shown
    assert "La figure 9 manque" in shown
