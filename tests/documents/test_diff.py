"""What changed between two texts, told so that one sees it at a glance (S13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import diff
from workflow.documents.diff import Line

from .effort import steps

DE = '<del><span class="hidden">removed: </span>{}</del>'
IN = '<ins><span class="hidden">added: </span>{}</ins>'

# Few words and many line ends: much that is alike, in confusing order.
TEXTS = st.lists(
    st.sampled_from(["a", "b", "le", "mot", " ", " ", "\n", "\n\n", ".", "é", "<b>", "¶"]), max_size=60
).map("".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_from_their_differences(old: str, new: str) -> None:
    lines = diff.compare(old, new)
    assert "\n".join(line.old for line in lines if line.old is not None) == old
    assert "\n".join(line.new for line in lines if line.new is not None) == new
    for line in lines:
        if line.kind == "changed":
            assert "".join(text for kind, text in line.pieces if kind != "added") == line.old
            assert "".join(text for kind, text in line.pieces if kind != "removed") == line.new
        assert (line.kind == "same") == (line.old == line.new)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(line.kind == "same" for line in diff.compare(text, text))
    assert "<ins>" not in diff.inline(diff.compare(text, text))


@given(TEXTS, TEXTS)
def test_every_difference_is_shown_and_nothing_typed_becomes_html(old: str, new: str) -> None:
    lines = diff.fold(diff.compare(old, new))
    shown = diff.inline(lines)
    assert "<b>" not in shown
    assert ("<ins>" in shown or "<del>" in shown) == (old != new)
    assert len(diff.sides(lines)) == shown.count("<p>")


def test_only_the_words_that_changed_are_marked() -> None:
    shown = diff.inline(diff.compare("The rate was 3,5 % in 2007.", "The rate was 4,1 % in 2008."))
    told = f"The rate was {DE.format('3,5')}{IN.format('4,1')} % in {DE.format('2007')}{IN.format('2008')}."
    assert shown == f"<p>{told}</p>"


def test_side_by_side_each_side_has_its_own_words() -> None:
    assert diff.sides(diff.compare("a b c d", "a x c d")) == [(f"a {DE.format('b')} c d", f"a {IN.format('x')} c d")]


def test_a_change_of_several_words_is_one_change() -> None:
    assert diff.pieces("one two three four", "one deux trois four") == [
        ("same", "one "), ("removed", "two three"), ("added", "deux trois"), ("same", " four")
    ]  # fmt: skip


def test_a_word_is_whole_with_its_apostrophe_its_hyphen_and_its_accents() -> None:
    assert diff.words("l'après-midi, 1.200,5\u00a0e\u0301t") == [
        "l'après-midi",
        ",",
        " ",
        "1.200,5",
        "\u00a0",
        "e\u0301t",
    ]


def test_a_paragraph_rewritten_is_shown_as_one_out_and_one_in() -> None:
    old, new = "Migrants leave for Gabon and France.", "Recensement général de la population, 2009"
    assert [line.kind for line in diff.compare(old, new)] == ["removed", "added"]


def test_a_paragraph_put_between_two_leaves_both_alone() -> None:
    lines = diff.compare("one\n\ntwo", "one\n\nnew words\n\ntwo")
    assert [line.kind for line in lines if line.kind != "same"] == ["added", "added"]
    assert diff.inline(lines) == f"<p>one</p>\n<p>{IN.format('new words')}</p>\n<p>two</p>"


def test_lines_that_moved_apart_still_find_their_partners() -> None:
    old = "Kayes counts 1,200 returns.\nGao counts 300 returns."
    new = "Ségou is new here, without figures.\nKayes counts 1,250 returns.\nGao counts 310 returns."
    assert [line.kind for line in diff.compare(old, new)] == ["added", "changed", "changed"]


def test_an_empty_line_is_told_where_it_is_all_that_changed() -> None:
    assert diff.inline(diff.compare("a\nb", "a\n\nb")) == f"<p>a</p>\n<p>{IN.format('¶')}</p>\n<p>b</p>"


def test_a_space_that_became_a_tied_one_is_a_difference() -> None:
    assert diff.inline(diff.compare("10 %", "10\u00a0%")) == f"<p>10{DE.format(' ')}{IN.format(chr(160))}%</p>"


def test_from_the_empty_page_all_is_new() -> None:
    assert diff.inline(diff.compare("", "a\n\nb")) == f"<p>{IN.format('a')}</p>\n<p>{IN.format('b')}</p>"
    assert diff.inline(diff.compare("a", "")) == f"<p>{DE.format('a')}</p>"
    assert diff.inline(diff.compare("", "")) == ""


def test_what_did_not_change_is_folded_away_but_for_its_edges() -> None:
    old = "\n".join(f"line {n}" for n in range(20))
    lines = diff.fold(diff.compare(old, old.replace("line 10", "line X10")))
    assert [line.kind for line in lines] == ["skipped", "same", "same", "changed", "same", "same", "skipped"]
    assert (lines[0].count, lines[-1].count) == (8, 7)
    assert '<span class="quiet small">… 8 lines unchanged …</span>' in diff.inline(lines)
    assert diff.sides(lines)[0][0] == diff.sides(lines)[0][1] != ""


def test_a_fold_is_worth_three_lines_with_words() -> None:
    added = [Line("added", None, "b")]
    some = [Line("same", "a", "a"), Line("same", "", "")]
    assert [line.kind for line in diff.fold(some * 2 + added)] == ["same"] * 4 + ["added"]
    folded = diff.fold(some * 4 + added)
    assert (folded[0].kind, folded[0].count) == ("skipped", 3)
    assert diff.fold(added + some * 2 + added) == added + some * 2 + added


@pytest.mark.parametrize("number", ["12 300", "1\u00a0200\u00a0000", "12\u202f300,5"])
def test_a_number_is_one_word_with_its_groups_of_three(number: str) -> None:
    assert diff.words(f"a {number} b") == ["a", " ", number, " ", "b"]
    assert diff.pieces(f"x {number} y", "x 12 900 y") == [
        ("same", "x "),
        ("removed", number),
        ("added", "12 900"),
        ("same", " y"),
    ]


CONFUSING = {
    "one word over and over": lambda n: ("a " * n, "a " * (n - 9) + "b"),
    "empty lines": lambda n: ("\n" * n, "\n" * (n - 9) + "x"),
    "two halves changed round": lambda n: ("a\n" * n + "b\n" * n, "b\n" * n + "a\n" * n),
    "every other line": lambda n: ("1\n2\n" * n, "1\nx\n" * n),
    "one line becomes many": lambda n: ("mot " * 20 + "\n", ("mot " * 20 + "autre ") * (n // 20)),
    "no word at all": lambda n: ("ab" * n, "ba" * n),
    "signs alone": lambda n: (". " * n, "! " * n),
    "backwards": lambda n: ("\n".join(map(str, range(n))), "\n".join(map(str, range(n, 0, -1)))),
    "pairs changed round": lambda n: ("ab ba \n" * n, "ba ab \n" * n),
}


@pytest.mark.parametrize("name", CONFUSING)
def test_long_and_confusing_texts_are_compared_without_getting_lost_in_them(name: str) -> None:
    """Four times the text is four times the work, or a little more for sorting; weighing all pairs would be sixteen."""
    work = {}
    for size in (300, 1_200):
        old, new = CONFUSING[name](size)
        work[size] = steps(lambda old=old, new=new: diff.inline(diff.fold(diff.compare(old, new))))
    assert work[1_200] < 6 * work[300] + 5_000
    assert "\n".join(line.new for line in diff.compare(old, new) if line.new is not None) == new
