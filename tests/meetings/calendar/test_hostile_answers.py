"""Whatever else strangers send is refused with a reason, within a second, and crashes nothing."""

from __future__ import annotations

import logging

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar import letters, replies
from meetings.calendar.replies import Unreadable

from .answers import ACCEPTS, AMA, DEPUTY, SAMPLES, calendar, mail, read


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "zlib", "unicode_escape", "utf-7", "undefined", "a\x00b", "\xff"]
)
def test_a_charset_that_is_a_trap_is_not_stepped_into(charset: str) -> None:
    raw = mail(calendar(f"X-A:{'é' * 100_000}"), kind=f"text/calendar; charset={charset}")
    read(raw)
    read(mail(b"--b\r\n\r\n--b--", kind=f"multipart/mixed; boundary*={charset}''%62"))


@pytest.mark.parametrize("boundary", ["boundary*=x''b; boundary*0=b", "boundary*0=b; boundary*1=c; boundary*=''b"])
def test_a_boundary_in_pieces_that_contradict_each_other_is_read_or_refused(boundary: str) -> None:
    read(mail(b"--b\r\n\r\n--b--", kind=f"multipart/mixed; {boundary}"))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-uuencode", "8bit", "no-such", "\xff"])
def test_a_broken_transfer_encoding_is_read_or_refused(encoding: str) -> None:
    for body in (b"AAAAA", b"=\xff=Z=" * 100, b"begin 666 x\r\n\xff", calendar(), b""):
        read(mail(body, f"Content-Transfer-Encoding: {encoding}"))


# -- what is no answer, and what is more than one ------------------------------------------------------------

REFUSED = {
    "nothing": b"",
    "a letter": mail(b"I come.", kind="text/plain"),
    "an invitation": calendar(method="REQUEST"),
    "a cancellation": calendar(method="CANCEL"),
    "no method": calendar().replace(b"METHOD:REPLY\r\n", b""),
    "no UID": calendar().replace(b"UID:1@palabre\r\n", b""),
    "no event": b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
    "two meetings": calendar("END:VEVENT", "BEGIN:VEVENT", "UID:2@palabre", ACCEPTS),
    "nobody's": calendar(attendee="SUMMARY:x"),
    "two people's": calendar(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DEPUTY}"),
    "no address": calendar(attendee="ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"),
    "no whole number": calendar().replace(b"SEQUENCE:3", b"SEQUENCE:" + b"9" * 5000),
    "a mail from nobody": mail(calendar(), sender=""),
    "a mail from two": mail(calendar(), "From: b@example.org"),
    "forwarded": mail(mail(calendar()), kind="message/rfc822"),
    "cut off": calendar()[:-30],
    "ended twice": calendar() + b"END:VCALENDAR\r\n",
    "ended crosswise": calendar().replace(b"END:VEVENT\r\nEND:VCALENDAR", b"END:VCALENDAR\r\nEND:VEVENT"),
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_what_is_not_the_answer_of_one_person_about_one_meeting_is_refused(raw: bytes) -> None:
    assert read(raw) is None


# -- bombs -------------------------------------------------------------------------------------------------


def deep(levels: int, kind: str = "multipart/mixed") -> bytes:
    heads = (f"Content-Type: {kind}; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels))
    return f"From: {AMA}\r\n{''.join(heads)}".encode()


def attendees(line: str) -> bytes:
    """As many of them as there is room for."""
    return calendar(*[line] * (990_000 // (len(line) + 2)))


BOMBS = {
    "a larger file": calendar("X-A:" + "a" * 1_000_000),
    "100,000 properties": calendar(*["X-A:1"] * 100_000),
    "many comments": calendar(*["COMMENT:1"] * 80_000),
    "many people": attendees(f"ATTENDEE;PARTSTAT=ACCEPTED;CN=A:mailto:{AMA}"),
    "many parameters": attendees(f"ATTENDEE{';A=1' * 4900}:mailto:{AMA}"),
    "many values": attendees(f"ATTENDEE;A={',' * 19_000}:mailto:{AMA}"),
    "a huge line": calendar("X-A:" + "a" * 900_000),
    "a huge line in pieces": calendar("COMMENT:" + "\r\n a" * 240_000),
    "many events": calendar(*["END:VEVENT", "BEGIN:VEVENT"] * 30_000),
    "deep components": b"BEGIN:VCALENDAR\r\n" * 50_000,
    "deep multiparts": deep(10_000),
    "multiparts over many lines": deep(19) + b"\r\n" + b"--b18\n" * 49_000,
    "mails within mails": deep(10_000, "message/rfc822"),
    "many parts": deep(1) + b"\r\n--b0\r\nA: b\r\n\r\nx" * 40_000,
    "many headers": b"".join(b"X%d: y\n" % number for number in range(70_000)) + mail(calendar()),
    "quotes in a header": mail(calendar(), kind="text/calendar" + ';a="' * 200_000),
    "brackets in From": mail(calendar(), sender="(" * 900_000),
    "line ends": b"\r" * 1_000_000,
    "base64 of nothing": mail(b"=" * 900_000, "Content-Transfer-Encoding: base64"),
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_what_is_large_or_deep_is_refused_within_a_second(raw: bytes) -> None:
    assert read(raw) is None


# -- anything at all ---------------------------------------------------------------------------------------

WORDS = st.sampled_from([
    b"\r\n", b"\n ", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b'"', b";", b":", b"=", b",", b"\\", b"^n", b"--b",
    b"--b--", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"TZID=", b"DTSTART:", b"PARTSTAT=", b"mailto:", b"From: ",
    b"9" * 400, b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"charset*=x''%00",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600) | st.lists(WORDS, max_size=30).map(b"".join))
def test_no_octets_do_anything_but_be_refused(noise: bytes) -> None:
    assert read(noise) is None


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_an_answer_that_was_damaged_is_read_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(sorted(SAMPLES.values())))
    for _time in range(data.draw(st.integers(1, 4))):
        place, gone = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, 40))
        raw = raw[:place] + data.draw(WORDS | st.binary(max_size=20)) + raw[place + gone :]
    found = read(raw)
    assert found is None or (found.uid and found.attendee.count("@") == 1 and found.partstat.isupper())


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_mail_of_which_a_server_judged_the_sender_is_read_or_refused_too(data: st.DataObject) -> None:
    told = b"Authentication-Results: " + data.draw(st.lists(WORDS, max_size=8).map(b"".join)).replace(b"\n", b" ")
    found = read(told + b"\r\n" + data.draw(st.sampled_from(sorted(SAMPLES.values()))))
    assert found is None or found.sender == AMA


# -- the last net --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mistake", [RuntimeError, RecursionError, KeyError, UnicodeEncodeError("x", "", 0, 1, "x")])
def test_a_mistake_that_nobody_has_foreseen_refuses_one_mail_and_is_logged(
    mistake: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(mail: object) -> object:
        raise mistake

    monkeypatch.setattr(letters, "_calendar_part", stumble)
    with caplog.at_level(logging.ERROR), pytest.raises(Unreadable, match="could not be read"):
        replies.read(SAMPLES["outlook"])
    assert "nobody has foreseen" in caplog.text


def test_what_strangers_call_their_zones_stays_in_no_part_of_the_process() -> None:
    """`icalendar` keeps each VTIMEZONE that it parses; so it is given none."""
    name = "Stranger/Nowhere"
    table = ("BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0700",
             "TZOFFSETTO:+0700", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
    for method in ("REPLY", "COUNTER"):
        found = read(calendar(f"DTSTART;TZID={name}:20300405T090000", method=method, head=table))
        assert found is not None
    assert found.proposed_starts is not None
    assert found.proposed_starts.hour == 2
    assert icalendar.timezone.tzp.timezone(name) is None
    table = tuple(line.replace(name, "Of/This test") for line in table)
    icalendar.Calendar.from_ical(calendar("DTSTART;TZID=Of/This test:20300405T090000", head=table))
    assert icalendar.timezone.tzp.timezone("Of/This test") is not None, "it would have been seen"
