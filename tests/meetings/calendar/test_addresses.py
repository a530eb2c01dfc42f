"""Addresses go out as URIs and come back as the address of the same person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.calendar.addresses import mailto, normal


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ama@interior.example", "mailto:ama@interior.example"),
        ("ama.mensah+twg@interior.example", "mailto:ama.mensah+twg@interior.example"),
        ("o'neill@labour.example", "mailto:o'neill@labour.example"),
        ("réunion@ministère.example", "mailto:r%C3%A9union@xn--ministre-60a.example"),
        ("a,b;c%d@x.example", "mailto:a%2Cb%3Bc%25d@x.example"),
        ("a@x.example\r\nATTENDEE:b@x.example", "mailto:a%40x.example%20ATTENDEE%3Ab@x.example"),
    ],
)
def test_an_address_goes_out_as_a_uri_that_is_no_more_than_one(typed: str, sent: str) -> None:
    assert mailto(typed) == sent


@pytest.mark.parametrize(
    "written",
    [
        "ama@interior.example", "mailto:ama@interior.example", "MAILTO:Ama@Interior.Example",
        " mailto: ama@interior.example ", "mailto:ama%40interior.example", "mailto:ama@interior.example?subject=hello",
    ],
)  # fmt: skip
def test_however_programs_write_an_address_it_is_one(written: str) -> None:
    assert normal(written) == "ama@interior.example"


@pytest.mark.parametrize(
    "written",
    ["", "ama", "mailto:", "@", "a@b@c.example", "https://x.example/", "/o=Exchange/cn=ama", "a b@x.example",
     "a\x07@x.example", "x" * 300 + "@y"],
)  # fmt: skip
def test_what_is_no_address_is_none(written: str) -> None:
    assert normal(written) == ""


def test_a_domain_is_the_same_however_it_is_spelt() -> None:
    assert normal("a@ministère.example") == normal("a@MINISTÈRE.example") == normal("a@xn--ministre-60a.example")
    assert normal("a@" + "é" * 80 + ".example").startswith("a@é"), "no domain of the DNS, and no crash"


@given(st.emails(), st.text(st.characters()))
def test_every_address_comes_back_and_nothing_crashes(email: str, noise: str) -> None:
    # Slashes and braces in a domain are no domain of the DNS; Hypothesis does not make any.
    assert normal(mailto(email)) == normal(email) == email.lower()
    assert normal(noise) == "" or "@" in normal(noise)
    assert mailto(noise).startswith("mailto:")
