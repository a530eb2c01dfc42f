"""Content lines are cut, escaped and quoted as the standard says, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.calendar import lines

from .making import HOSTILE


def unfolded(raw: bytes) -> bytes:
    assert raw.endswith(b"\r\n")
    return raw[:-2].replace(b"\r\n ", b"")


# -- folding -----------------------------------------------------------------------------------------------


def test_a_line_of_75_octets_is_one_line_and_one_more_is_two() -> None:
    assert lines.folded(["a" * 75]) == b"a" * 75 + b"\r\n"
    assert lines.folded(["a" * 76]) == b"a" * 75 + b"\r\n a\r\n"


def test_the_space_that_continues_a_line_counts() -> None:
    assert lines.folded(["a" * 150]) == b"a" * 75 + b"\r\n " + b"a" * 74 + b"\r\n a\r\n"


@pytest.mark.parametrize("character", ["é", "€", "😀"])
@pytest.mark.parametrize("before", [71, 72, 73, 74, 75])
def test_no_character_is_torn(character: str, before: int) -> None:
    line = "a" * before + character * 60
    raw = lines.folded([line])
    assert unfolded(raw).decode() == line
    for part in raw.split(b"\r\n"):
        part.decode()


def test_no_escaped_sign_is_torn() -> None:
    first, second = lines.folded(["a" * 74 + "\\nb"]).split(b"\r\n")[:2]
    assert (first, second) == (b"a" * 74, b" \\nb")


@given(st.lists(HOSTILE.map(lambda typed: f"SUMMARY:{lines.text(typed)}"), min_size=1, max_size=5))
def test_folding_loses_nothing_and_no_line_is_longer_than_75_octets(texts: list[str]) -> None:
    raw = lines.folded(texts)
    assert all(len(part) <= 75 for part in raw.split(b"\r\n"))
    assert unfolded(raw).replace(b"\r\n", b"\n").decode() == "\n".join(texts)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), min_size=100, max_size=400))
def test_lines_are_filled_as_far_as_characters_allow(text: str) -> None:
    """Four octets are the longest character: a line that has room for one more is cut too early."""
    *full, _last, _end = lines.folded([text]).split(b"\r\n")
    assert all(len(part) > 75 - 4 for part in full)


# -- texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a, b; c\\d", "a\\, b\\; c\\\\d"),
        ("one\r\ntwo\rthree\nfour", "one\\ntwo\\nthree\\nfour"),
        ("tab\tstays: colon stays", "tab\tstays: colon stays"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("a\u2028b\x85c\x0bd", "a\\nb\\nc\\nd"),
        ("half \ud83d of one", "half \ufffd of one"),
        ("\\n", "\\\\n"),
    ],
)
def test_a_text_is_escaped_and_holds_nothing_that_no_program_reads(typed: str, sent: str) -> None:
    assert lines.text(typed) == sent


@given(HOSTILE)
def test_what_was_escaped_says_the_same_again(typed: str) -> None:
    sent = lines.text(typed)
    assert not set(sent) & set(map(chr, [*range(9), *range(10, 32), *range(127, 160)]))
    assert lines.untold(sent) == lines.clean(typed)
    sent.encode()


def test_titles_are_one_line() -> None:
    assert lines.one_line("  Third\r\n meeting\t(Accra) ") == "Third meeting (Accra)"


# -- parameters and addresses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Kofi", "Kofi"),
        ("Ama Mensah", '"Ama Mensah"'),
        ("Mensah, Ama; director: GIS", '"Mensah, Ama; director: GIS"'),
        ('Ama "the boss"', "\"Ama 'the boss'\""),
        ("caret^n", '"caret^^n"'),
        ("two\r\nlines", '"two lines"'),
        ("", '""'),
    ],
)
def test_a_parameter_is_quoted_where_it_must_be(name: str, sent: str) -> None:
    assert lines.parameter(name) == sent


@given(HOSTILE)
def test_a_parameter_can_not_leave_its_quotes(name: str) -> None:
    sent = lines.parameter(name)
    inside = sent[1:-1] if sent.startswith('"') else sent
    assert '"' not in inside
    assert sent.startswith('"') or not set(sent) & set(",;: ")
    assert "\n" not in sent


@pytest.mark.parametrize(
    ("link", "sent"),
    [
        ("https://palabre.example/m/1?a=1,2;b#c", "https://palabre.example/m/1?a=1,2;b#c"),
        ("https://palabre.example/réunion une", "https://palabre.example/r%C3%A9union%20une"),
        ("https://palabre.example/%20", "https://palabre.example/%20"),
        ('https://x.example/"\r\nEND:VEVENT', "https://x.example/%22%20END:VEVENT"),
    ],
)
def test_a_link_is_no_text_and_keeps_its_commas(link: str, sent: str) -> None:
    assert lines.uri(link) == sent


# -- times -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "sent"),
    [
        (timedelta(weeks=4), "P4W"),
        (timedelta(days=8), "P8D"),
        (timedelta(days=-1), "-P1D"),
        (timedelta(hours=1), "PT1H"),
        (timedelta(days=1, minutes=5), "P1DT5M"),
        (timedelta(seconds=-90), "-PT1M30S"),
        (timedelta(0), "PT0S"),
    ],
)
def test_a_duration_is_either_weeks_or_days_and_hours(of: timedelta, sent: str) -> None:
    assert lines.duration(of) == sent


def test_a_moment_is_told_in_utc() -> None:
    assert lines.utc(datetime(2009, 4, 15, 11, tzinfo=timezone(timedelta(hours=2)))) == "20090415T090000Z"
    assert lines.utc(datetime(2009, 4, 15, 9, tzinfo=UTC)) == "20090415T090000Z"
