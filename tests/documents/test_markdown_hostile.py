"""Nothing that somebody types becomes a script, a style, a request or an endless computation (S10)."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import bounds
from workflow.documents.markdown import ATTRIBUTES, CLASSES, TAGS, Figure, measure, render, to_text

from .effort import steps

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>', "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))", "[x](\x01javascript:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))", '![x](figure:3 "onerror=alert(1)")', '![" onerror="alert(1)](figure:3)',
    '[a](https://x.example/"onmouseover="alert(1))', "<https://x.example/\"onclick=a>",
    '[x](https://x.example "title\\" onclick=\\"alert(1)")', "[x]: javascript:alert(1)\n\n[x]",
    "<style>*{display:none}</style>", "<a href='javascript:alert(1)'>x</a>", "<iframe src=//evil.example></iframe>",
    "<base href=//evil.example>", "<form action=//evil.example><input name=password>",
    "<math><mtext><table><mglyph><style><!--</style><img onerror=x>", "# <img src=x onerror=alert(1)>",
    "[^<script>]\n\n[^<script>]: x", "| <script> | a |\n|---|---|\n| b | <svg onload=x> |", "```<script>\nx\n```",
    "`<script>`", "~~~\n</code></pre><script>alert(1)</script>\n~~~", "&lt;script&gt;", "&#60;script&#62;",
    "<!-- --><script>alert(1)</script>", "<![CDATA[<script>]]>", "<?php x ?>", "{{ secret }} {% load x %}",
    "<a\x00b>", "Source: <script>\n", "|a|\n|-|\n|b|\nSource: <img src=x onerror=y>",
    "Table 1: <script>x</script>\n\n|a|\n|-|\n|b|", "\u202eevil", "<p style='position:fixed'>x</p>",
    "<div class=notice-error id=main>x</div>", "<x-y z>", "<meta http-equiv=refresh>",
]  # fmt: skip


def hostile(number: int) -> Figure | None:
    """A figure whose every word is an attack: what other people typed as its caption."""
    return Figure("/f/3", '"><script>alert(1)</script>', "<img src=x onerror=a>", '" onload="a', "' onerror='a")


class Seen(HTMLParser):
    """Every tag and attribute in a piece of HTML, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    """Only tags, attributes, classes and addresses that are meant to be there."""
    for tag, attributes in Seen(html).found:
        assert tag in TAGS
        assert set(attributes) - {"class"} <= ATTRIBUTES.get(tag, set())
        assert set((attributes.get("class") or "").split()) <= CLASSES.get(tag, set())
        url = urlsplit(attributes.get("href") or "")
        assert url.scheme in ("http", "https", "mailto") or (attributes.get("href") or "#").startswith("#")
        assert attributes.get("src", "/f/3") == "/f/3"
    # What a browser makes of it can't differ: cleaning it once more changes nothing.
    again = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, allowed_classes=CLASSES, link_rel=None)
    assert again == html


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "frame", ["{}", "> {}", "- {}\n- b", "# {}", "**{}**", "a ![{}](figure:3) b", "[^1]\n\n[^1]: {}"]
)
def test_an_attack_is_shown_and_does_nothing(attack: str, frame: str) -> None:
    assert_harmless(render(frame.replace("{}", attack), figure=hostile, prefix="s1"))


MARKS = st.sampled_from([
    "*", "**", "_", "`", "```", "~~~", "[", "]", "(", ")", "<", ">", "!", "#", "-", "1.", "|", "\n", "\n\n", "|-|-|",
    "\\", "&", ";", '"', "'", "^", "[^1]", "[^1]: ", ":", " ", "    ", "\t", "figure:3", "![](figure:3)",
    "http://a.b", "a", "é", "javascript:", "<script>", "</td>", "Source: x", "Table 1: y", "\x00", "\u202e",
    "\ud7ff", "on=", "=", "---", "===", "+",
])  # fmt: skip


@given(st.lists(MARKS, max_size=40).map("".join))
def test_no_heap_of_marks_becomes_anything_else(body: str) -> None:
    assert_harmless(render(body, figure=hostile, prefix="s1"))


@given(st.lists(MARKS, max_size=40).map("".join))
def test_whatever_is_typed_can_be_measured_and_read(body: str) -> None:
    told = measure(body)
    assert 0 <= told.tables_without_source <= told.tables
    assert told.words >= 0
    assert to_text(body).strip() == to_text(body)


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=9), max_size=20))
def test_plain_words_are_neither_lost_nor_made(words: list[str]) -> None:
    body = " ".join(words)
    # Digits that a dot or a bracket would follow are a list's; there is none here.
    assert to_text(body).split() == body.split()
    assert measure(body).words == len(words)


# -- work -------------------------------------------------------------------------------------------------

HEAPS = {
    "brackets": "[", "pictures": "![", "links": "[a](", "angles": "[x](<", "stars": "*", "emphasis": "a*b_",
    "mixed": "*[_![`<", "quotes": "> ", "lists": "- ", "ticks": "`` ` ", "tags": "<http://a", "entities": "&#",
    "notes": "[^1] ", "open notes": "[^x", "open notes on lines": "[^x\n", "definitions": "[a]: b\n",
    "open definitions": "[a]:", "titles": '[x](y "', "tables": "|a|b|\n|-|-|\n|1|\n\n", "cells": "|a",
    "rows": "|a|b|\n", "headings": "# a\n", "empty lines": "\n", "sources": "|a|\n|-|\n|Source: x|\n\n",
    "numbers": "1 ", "nested": "- - - - a\n", "escapes": "\\|",
}  # fmt: skip
HEADS = {"notes": "[^1]: a\n\n", "open notes": "[^1]: a\n\n", "rows": "|a|b|\n|-|-|\n", "numbers": "|a|b|\n|-|-|\n|x|"}
FEW, MANY = 500, 2_000  # characters


def heap(name: str, size: int) -> str:
    piece = HEAPS[name]
    return HEADS.get(name, "") + (piece * (size // len(piece) + 1))[:size]


def work(body: str) -> int:
    """What it takes to keep a text and to show it."""
    return steps(lambda: (render(body, figure=hostile, prefix="s1"), measure(body)))


HONEST = "- Un *tiers* des **retours**[^1] : [IOM](https://iom.int), 14 000 | voir `C.2`\n\n[^1]: Source\n\n"


@pytest.fixture(scope="module")
def most_work() -> int:
    """What an honest text takes that is as long as any may be: work grows with the text, so a piece tells of all."""
    piece = (HONEST * (MANY // len(HONEST) + 1))[:MANY]
    return work(piece) * (bounds.MOST_CHARACTERS // MANY)


@pytest.mark.parametrize("name", HEAPS)
def test_four_times_a_heap_is_four_times_the_work_and_what_may_be_kept_of_it_is_no_burden(
    name: str, most_work: int
) -> None:
    much = work(heap(name, MANY))
    assert much < work(heap(name, FEW)) * 5, "quadratic work would be sixteen times as much"
    size = bounds.MOST_CHARACTERS
    while bounds.excess(heap(name, size)):
        size //= 2
    assert much * (size // MANY) < most_work * 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("x" * 200_001, "This section has 200001 characters; 200000 is the most."),
        ("x\n" * 10_000, "This section has 10001 lines; 10000 is the most: add a long table as a file."),
        ("![" * 5_001, "This section has 5001 opening brackets; 5000 is the most."),
        ("a*b_" * 12_501, "This section has 25002 signs of Markdown; 25000 is the most: add a long table as a file."),
    ],
    ids=["characters", "lines", "brackets", "signs"],
)
def test_a_heap_is_refused_with_what_it_has_too_much_of(body: str, told: str) -> None:
    assert bounds.excess(body) == told


def test_the_longest_of_honest_texts_is_kept() -> None:
    paragraph = "Le nombre de **Maliens** vivant à l’étranger est estimé à quatre millions[^12], selon [l’OIM](https://iom.int).\n\n"
    table = "| Pays | 2007 | 2008 |\n|---|---|---|\n" + "| Gabon | 14 000 | 15 000 |\n" * 1_000
    assert bounds.excess(paragraph * 1_500 + table) == ""
