"""Two people on one section: the later one's page holds what both wrote, and nothing is lost in silence (S13)."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.documents import diff
from workflow.documents.diff import Merge, words

from .effort import steps

LINES = st.lists(
    st.lists(st.sampled_from(["le", "taux", "net", "de", "12", "x.", "|", "-", "é"]), max_size=6).map(" ".join),
    max_size=9,
).map("\n".join)


def merged(base: str, mine: str, theirs: str) -> Merge:
    return diff.merge(base, mine, theirs, mine_label="Yours", theirs_label="Ama Mensah")


@given(LINES, LINES)
def test_who_changed_nothing_takes_the_others_text(base: str, changed: str) -> None:
    assert merged(base, base, changed) == Merge(changed, 0)
    assert merged(base, changed, base) == Merge(changed, 0)


@given(LINES, LINES)
def test_two_who_wrote_the_same_have_nothing_to_settle(base: str, both: str) -> None:
    assert merged(base, both, both) == Merge(both, 0)


@given(LINES, LINES, LINES)
def test_every_word_that_somebody_added_survives(base: str, mine: str, theirs: str) -> None:
    kept = set(words(merged(base, mine, theirs).text))
    for text in (mine, theirs):
        assert {word for word in set(words(text)) - set(words(base)) if not word.isspace()} <= kept


@given(LINES, LINES, LINES, st.data())
def test_a_line_that_somebody_wrote_anew_survives_whole(base: str, mine: str, theirs: str, data: Any) -> None:
    """A line of words that the others don't have at all can't be taken apart."""
    new = "tout nouveau " + data.draw(st.text(alphabet="zyw", min_size=3, max_size=5))
    lines = mine.split("\n")
    at = data.draw(st.integers(0, len(lines)))
    assume(new not in base + theirs)
    result = merged(base, "\n".join([*lines[:at], new, *lines[at:]]), theirs)
    assert all(word in result.text for word in new.split())


@given(LINES, LINES, LINES)
def test_who_of_the_two_is_later_changes_no_count(base: str, mine: str, theirs: str) -> None:
    assert (merged(base, mine, theirs).conflicts == 0) == (merged(base, theirs, mine).conflicts == 0)


@given(LINES, LINES, LINES)
def test_marks_stand_in_the_text_just_as_often_as_there_are_conflicts(base: str, mine: str, theirs: str) -> None:
    result = merged(base, mine, theirs)
    for mark in ("=== Yours ===", "=== Ama Mensah ===", "=== end of the two wordings ==="):
        assert result.text.split("\n").count(mark) == result.conflicts
    assert diff.unsettled(result.text) == diff.unsettled(result.text.replace("\n", "\r\n")) == result.conflicts


BASE = "Intro.\n\nThe rate was 3 % in 2007.\n\nReturns grow.\n\nEnd."


def test_changes_in_different_paragraphs_fit_together() -> None:
    mine, theirs = BASE.replace("Intro", "Introduction"), BASE.replace("End.", "The end.\n\nAnnex.")
    assert merged(BASE, mine, theirs) == Merge(
        "Introduction.\n\nThe rate was 3 % in 2007.\n\nReturns grow.\n\nThe end.\n\nAnnex.", 0
    )


def test_changes_to_different_words_of_one_paragraph_fit_together() -> None:
    mine, theirs = BASE.replace("3 %", "4 %"), BASE.replace("2007", "2008")
    assert merged(BASE, mine, theirs) == Merge(BASE.replace("3 %", "4 %").replace("2007", "2008"), 0)


def test_rows_of_a_table_that_two_people_fill_in_fit_together() -> None:
    base = "| a | b |\n|---|---|\n| Kayes | ? |\n| Gao | ? |"
    mine, theirs = base.replace("Kayes | ?", "Kayes | 12"), base.replace("Gao | ?", "Gao | 15")
    assert merged(base, mine, theirs) == Merge("| a | b |\n|---|---|\n| Kayes | 12 |\n| Gao | 15 |", 0)


def test_one_word_in_two_wordings_shows_both_under_their_names() -> None:
    result = merged(BASE, BASE.replace("3 %", "4 %"), BASE.replace("3 %", "5 %"))
    assert result.conflicts == 1
    assert result.text == (
        "Intro.\n\n=== Yours ===\n\nThe rate was 4 % in 2007.\n\n=== Ama Mensah ===\n\nThe rate was 5 % in 2007.\n\n"
        "=== end of the two wordings ===\n\nReturns grow.\n\nEnd."
    )


def test_words_side_by_side_in_two_wordings_make_no_sentence_that_nobody_wrote() -> None:
    result = merged("net rate", "gross rate", "net figure")
    assert result.conflicts == 1
    assert "gross figure" not in result.text


def test_a_number_is_never_made_of_two_peoples_halves() -> None:
    result = merged("There are 12 300 returns.", "There are 12 900 returns.", "There are 13 300 returns.")
    assert result.conflicts == 1
    assert "13 900" not in result.text


def test_a_paragraph_that_one_deleted_and_the_other_changed_is_both() -> None:
    result = merged(BASE, BASE.replace("Returns grow.\n\n", ""), BASE.replace("Returns grow.", "Returns shrink."))
    assert result.conflicts == 1
    assert "Returns shrink." in result.text
    assert "=== Yours ===\n\n(removed)" in result.text


def test_a_paragraph_that_both_wrote_anew_is_not_mixed_word_by_word() -> None:
    base = "The TWG meets in Bamako every two months, says its terms."
    mine = "In Bamako the group has met ten times, and its terms are new."
    theirs = "Meetings, every one in Dakar, are held as the secretariat says."
    assert merged(base, mine, theirs).conflicts == 1


def test_both_wrote_on_an_empty_page() -> None:
    result = merged("", "Mine.", "Theirs.")
    assert (result.conflicts, "Mine." in result.text, "Theirs." in result.text) == (1, True, True)
    assert result.text.startswith("=== Yours ===\n")


def test_a_name_of_several_lines_stays_on_one() -> None:
    result = diff.merge("a", "b", "c", mine_label="Yours", theirs_label="Ama\n# Mensah ")
    assert "=== Ama # Mensah ===" in result.text.split("\n")


def test_long_texts_are_merged_whole() -> None:
    base = "\n".join(f"Line {n} of the text, with words." for n in range(1_000))
    result = merged(base, base.replace("7 of", "seven of"), base.replace("words", "terms"))
    assert result.conflicts == 0
    assert "Line 17 of" not in result.text
    assert "words" not in result.text


def test_texts_that_say_the_same_over_and_over_are_merged_without_getting_lost_in_them() -> None:
    """Four times the text is about four times the work; weighing all pairs would be sixteen."""
    few, many = (steps(lambda n=n: merged("a b\n" * n, "b a\n" * n, "a\n" * n)) for n in (500, 2_000))
    assert many < few * 6
