"""Dates known only in part: kept, shown and ordered as far as they are known."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import date_format

from workflow.engine import edtf


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2009", "year", date(2009, 1, 1), date(2009, 12, 31)),
        ("2009-06", "month", date(2009, 6, 1), date(2009, 6, 30)),
        ("2008-02", "month", date(2008, 2, 1), date(2008, 2, 29)),
        ("2009-06-15", "day", date(2009, 6, 15), date(2009, 6, 15)),
        ("2009-04/2009-05", "interval", date(2009, 4, 1), date(2009, 5, 31)),
        ("2010-01/..", "interval", date(2010, 1, 1), None),
        ("../2009", "interval", None, date(2009, 12, 31)),
        ("9999", "year", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text: str, precision: str, first: date | None, last: date | None) -> None:
    moment = edtf.parse(text)
    assert (moment.precision, moment.first, moment.last) == (precision, first, last)
    assert str(moment) == moment.text == text
    assert len(text) <= edtf.MAX_LENGTH


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2009",
        "2009\n",
        "09",
        "2009-6",
        "2009-13",
        "2009-02-30",
        "0000",
        "2009-00",
        "2009-06-00",
        "2009-04-",
        "open",
        "2009/",
        "/2009",
        "../..",
        "2009-05/2009-04",
        "2008/2009/2010",
        "June 2009",
        "2009~",
        "٢٠٠٩",
        "x" * 5000,
    ],
)
def test_what_is_no_date_is_refused_in_a_short_clear_message(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        edtf.parse(text)
    assert 20 < len(str(refusal.value)) < 200


def test_the_refusal_names_what_was_written_and_what_to_write() -> None:
    with translation.override("en"), pytest.raises(ValueError, match="“June 2009” is not a date: write 2009, 2009-06"):
        edtf.parse("June 2009")
    with translation.override("en"), pytest.raises(ValueError, match="“2009-02-30” is not in the calendar"):
        edtf.parse("2009-02-30")


def test_it_validates_a_column_of_a_model() -> None:
    edtf.validate("2009-06")
    with pytest.raises(ValidationError) as refusal:
        edtf.validate("2009-31")
    assert refusal.value.code == "edtf"


def test_two_sides_of_an_interval_keep_their_own_precision() -> None:
    moment = edtf.parse("2008/2009-05-04")
    assert moment.start == edtf.parse("2008")
    assert moment.end == edtf.parse("2009-05-04")
    assert edtf.parse("2010-01/..").end is None
    assert edtf.parse("2009").start == edtf.parse("2009").end == edtf.parse("2009")


def test_an_interval_within_one_day_month_or_year_is_whole() -> None:
    assert edtf.parse("2009-05/2009-05").first == date(2009, 5, 1)
    assert edtf.parse("2009-06-15/2009").last == date(2009, 12, 31)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2009", "2009"),
        ("2009-06", "June 2009"),
        ("2009-06-15", "15 June 2009"),
        ("2009-04/2009-05", "April to May 2009"),
        ("2008-11/2009-01", "November 2008 to January 2009"),
        ("2009-06-15/2009-06-20", "15 to 20 June 2009"),
        ("2009-04-28/2009-05-02", "28 April to 2 May 2009"),
        ("2008-12-28/2009-01-02", "28 December 2008 to 2 January 2009"),
        ("2008/2009", "2008 to 2009"),
        ("2009/2009-06", "2009 to June 2009"),
        ("2009-05/2009-05", "May 2009"),
        ("2010-01/..", "from January 2010"),
        ("2010-01-04/..", "from 4 January 2010"),
        ("../2009-05", "until May 2009"),
        ("../2009-05-04", "until 4 May 2009"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_english_reader_sees_it_in_words(text: str | None, words: str) -> None:
    assert edtf.display(text, "en") == words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("2009", "fr", "2009"),
        ("2009-06", "fr", "juin 2009"),
        ("2009-06-15", "fr", "15 juin 2009"),
        ("2009-06-01", "fr", "1er juin 2009"),
        ("2009-06-11", "fr", "11 juin 2009"),
        ("2009-06", "pt", "junho de 2009"),
        ("2009-06-01", "pt", "1 de junho de 2009"),
    ],
)
def test_months_have_the_letters_of_each_language(text: str, language: str, words: str) -> None:
    assert edtf.display(text, language) == words


def test_the_active_language_is_the_default_and_is_left_as_it_was() -> None:
    with translation.override("fr"):
        assert edtf.display("2009-06") == "juin 2009"
        assert edtf.display("2009-06", "en") == "June 2009"
        assert translation.get_language() == "fr"


def test_events_are_put_in_order_by_the_first_day_they_can_be() -> None:
    assert edtf.instant("2009-06") == datetime(2009, 6, 1, tzinfo=UTC)
    assert edtf.instant("../2009-06") == datetime(2009, 6, 30, tzinfo=UTC)
    unordered = ["2009-06", "2010-01/..", "2008", "2009-04/2009-05", "2009-06-15"]
    assert sorted(unordered, key=edtf.instant) == ["2008", "2009-04/2009-05", "2009-06", "2009-06-15", "2010-01/.."]


def test_a_day_in_english_is_written_as_in_accra_and_not_as_in_america() -> None:
    moment = datetime(2009, 5, 4, 15, 30, tzinfo=UTC)
    with translation.override("en"):
        told = [date_format(moment, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT", "DATETIME_FORMAT")]
    assert told == ["4 May 2009", "04/05/2009", "4 May 2009, 15:30"]
