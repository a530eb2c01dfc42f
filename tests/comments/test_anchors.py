"""Words that a comment is about are found again in a text that goes on being written, or are said to be gone."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from workflow.comments.anchors import Place, Searched, anchored, smooth

TEXT = (
    "Ghana counted 14,000 returns from Libya in 2007, most of them young men from the north. "
    "The Ministry of Interior issues residence permits; the Service of Immigration keeps the register. "
    "In 2008 the census office counted 14,000 households with somebody abroad, most of them in Accra."
)


def locate(text: str, quote: str, before: str = "", after: str = "") -> Place | None:
    return Searched(text).locate(quote, before, after)


def found(text: str, quote: str, before: str = "", after: str = "") -> Place:
    place = locate(text, quote, before, after)
    assert place is not None
    return place


def test_the_same_words_are_found_where_they_stand() -> None:
    place = found(TEXT, "residence permits")
    assert (place.words, place.exact) == ("residence permits", True)
    assert place.before.endswith("The Ministry of Interior issues ")
    assert place.after.startswith("; the Service of Immigration")


def test_spaces_and_letters_of_another_make_do_not_matter() -> None:
    assert found("Les chiffres\u00a0de  l'enque\u0302te", "chiffres\nde l'enquête").exact


def test_of_several_places_the_one_with_the_same_surroundings_is_meant() -> None:
    first = found(TEXT, "14,000", "Ghana counted ", " returns from Libya")
    second = found(TEXT, "14,000", "the census office counted ", " households")
    assert first.start < second.start
    assert second.before.endswith("the census office counted ")


def test_a_section_rewritten_around_them_does_not_hide_them() -> None:
    later = "A new first paragraph, quite long.\n\n" + TEXT.replace("most of them young men from the north", "by air")
    assert found(later, "residence permits", "The Ministry of Interior issues ", "; the Service").exact


def test_words_that_were_changed_a_little_are_found_with_what_became_of_them() -> None:
    later = TEXT.replace("14,000 returns from Libya", "14,500 registered returns from Libya")
    place = found(later, "counted 14,000 returns from Libya in 2007", "Ghana ", ", most of them")
    assert not place.exact
    assert place.words == "counted 14,500 registered returns from Libya in 2007"


def test_words_that_are_gone_are_said_to_be_gone() -> None:
    later = TEXT.split(". ", 1)[1]
    assert locate(later, "returns from Libya in 2007, most of them young men from the north") is None
    assert locate("", "returns") is None
    assert locate(TEXT, "  ") is None


def test_a_single_word_that_stands_elsewhere_is_not_taken_for_the_one_that_is_gone() -> None:
    quote, before, after = "decree", "The president signed the ", " of 12 March on permits."
    later = "Nothing is left of it. Another decree regulates fishing in the lagoon."
    assert locate(later, quote, before, after) is None
    assert found(later, quote).exact, "without surroundings any place will do"


def test_a_comments_anchor_is_what_stands_in_the_text_and_not_what_was_sent() -> None:
    told = anchored("## Returns\n\n**Ghana** counted *14,000* returns.", "Ghana   counted 14,000")
    assert told == {"quote": "Ghana counted 14,000", "before": "Returns ", "after": " returns."}
    with pytest.raises(ValidationError, match="do not stand in this section"):
        anchored("Another text.", "Ghana counted 14,000")
    with pytest.raises(ValidationError, match="at most 1000 characters"):
        anchored("x" * 2000, "x" * 1001)


def test_words_in_a_table_and_a_list_are_found() -> None:
    body = "| Year | Returns |\n|---|---|\n| 2007 | 14,000 |\n\n- first point\n- second point"
    assert anchored(body, "2007\t14,000")["quote"] == "2007 14,000"
    assert anchored(body, "first point\nsecond point")["quote"] == "first point second point"


# -- for any text -----------------------------------------------------------------------------------------

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no mistake
words = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=60)
texts = st.text(st.sampled_from("ab cd.,\n\u00a0é’"), max_size=200)


@patient
@given(words, st.data())
def test_whatever_is_quoted_from_a_text_is_found_in_it_exactly(told: list[str], data: st.DataObject) -> None:
    text = " ".join(told)
    start = data.draw(st.integers(0, len(told) - 1))
    end = data.draw(st.integers(start + 1, len(told)))
    quote = " ".join(told[start:end])
    before, after = " ".join(told[:start]), " ".join(told[end:])
    place = found(text, quote, before[-80:], after[:80])
    assert (place.words, place.exact) == (quote, True)


@patient
@given(texts, texts, texts, texts)
def test_a_place_is_always_a_stretch_of_the_text(text: str, quote: str, before: str, after: str) -> None:
    place = locate(text, quote, before, after)
    if place is None:
        return
    assert 0 <= place.start < place.end <= len(place.text)
    assert place.text == smooth(text)
    assert len(place.before) <= 80
    assert len(place.after) <= 80
    assert place.text.startswith(place.before + place.words + place.after, place.start - len(place.before))
    if place.exact:
        assert place.words == smooth(quote)


@patient
@given(words, words, words)
def test_text_added_before_and_behind_changes_nothing(told: list[str], front: list[str], back: list[str]) -> None:
    assume(len(told) >= 6)
    quote = " ".join(told)
    later = " ".join([*front, *told, *back])
    place = found(later, quote, "", "")
    assert place.words == quote


@patient
@given(st.lists(st.sampled_from([f"word{n}" for n in range(200)]), min_size=12, max_size=40, unique=True), st.data())
def test_one_word_replaced_in_a_sentence_leaves_it_findable(told: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(told) - 2))
    later = ["Before", *told[:at], "changed", *told[at + 1 :], "behind"]
    place = found(" ".join(later), " ".join(told))
    assert not place.exact
    assert place.words == " ".join(later[1:-1])


@patient
@given(st.lists(st.sampled_from("abcdefghij"), min_size=5, max_size=40))
def test_a_text_of_other_words_holds_nothing(told: list[str]) -> None:
    assert locate(" ".join(word.upper() + "x" for word in told), " ".join(told)) is None


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(["a ", "a b ", "word ", "x"]))
def test_hostile_texts_do_not_cost_the_square_of_their_length(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    locate(text, (unit * 1000)[:990] + " q", unit * 20, unit * 20)
    locate(text, "nothing of this is there", unit * 20, unit * 20)
    assert time.process_time() - began < 30  # seconds of work; the square would take hours
