"""What Outlook, Google, Apple and Thunderbird send is read; whatever else strangers send is refused, and soon."""

from __future__ import annotations

import base64
import quopri
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.calendar import replies
from meetings.calendar.replies import Answer, Unreadable

AMA, DEPUTY = "ama.mensah@interior.example", "deputy@interior.example"
ACCEPTS = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{AMA}"
SECOND = 1.0  # of the processor's time, for whatever is sent


def calendar(*lines: str, attendee: str = ACCEPTS, method: str = "REPLY", head: tuple[str, ...] = ()) -> bytes:
    """The least that an answer consists of; `lines` are more of its event, `head` more of its calendar."""
    return "\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Some//Calendar//EN", f"METHOD:{method}", *head, "BEGIN:VEVENT",
        "UID:1@palabre", "DTSTAMP:20300301T080000Z", "SEQUENCE:3", attendee, *lines, "END:VEVENT", "END:VCALENDAR", "",
    ]).encode()  # fmt: skip


def mail(body: bytes, *headers: str, sender: str = f"Ama Mensah <{AMA}>", kind: str = "text/calendar") -> bytes:
    head = [f"From: {sender}", "Subject: Accepted", "MIME-Version: 1.0", f"Content-Type: {kind}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def multipart(*parts: bytes, sender: str = AMA) -> bytes:
    """Each part with headers of its own."""
    return mail(
        b"--b\r\n" + b"\r\n--b\r\n".join(parts) + b"\r\n--b--", sender=sender, kind="multipart/mixed; boundary=b"
    )


def read(raw: bytes) -> Answer | None:
    """None for what is refused. No other exception comes out, and it is done within a second."""
    found: Answer | None = None
    reason, began = "", time.process_time()
    try:
        found = replies.read(raw)
    except Unreadable as refused:
        reason = str(refused.reason)
    assert time.process_time() - began < SECOND
    assert found or reason
    return found


def accepted(raw: bytes) -> Answer:
    found = read(raw)
    assert found is not None
    assert (found.uid, found.attendee, found.partstat) == ("1@palabre", AMA, "ACCEPTED")
    return found


# -- what the programs send ------------------------------------------------------------------------------


def outlook() -> bytes:
    """Exchange: a table of the zone from 1601 on, the organizer's text in another language, base64."""
    zone = [
        "BEGIN:VTIMEZONE", "TZID:Greenwich Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    told = calendar(
        "COMMENT;LANGUAGE=fr-FR:Je viens\\, avec deux\r\n  collègues.\\n", "SUMMARY;LANGUAGE=fr-FR:Accepté: réunion",
        "DTSTART;TZID=Greenwich Standard Time:20300405T090000", "DTEND;TZID=Greenwich Standard Time:20300405T120000",
        "CLASS:PUBLIC", "PRIORITY:5", "TRANSP:OPAQUE", "STATUS:CONFIRMED", "X-MICROSOFT-CDO-APPT-SEQUENCE:3",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
        attendee=f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Mensah, Ama:MAILTO:{AMA.upper()}", head=tuple(zone),
    )  # fmt: skip
    return multipart(
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nJe viens",
        b'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(told),
        sender=f'"Mensah, Ama" <{AMA}>',
    )


def google() -> bytes:
    """A part among the alternatives, and the same once more as a file."""
    who = f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Ama Mensah\r\n ;X-NUM-GUESTS=0:mailto:{AMA}"
    told = calendar("DTSTART:20300405T090000Z", "DTEND:20300405T120000Z", "SUMMARY:Meeting", attendee=who)
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Ama Mensah <{AMA}>", "twg@palabre.example", "Accepted: Meeting"
    made.set_content("Ama Mensah has accepted this invitation.")
    made.add_alternative("<p>Ama Mensah has accepted this invitation.</p>", subtype="html")
    made.add_alternative(told.decode(), subtype="calendar", params={"method": "REPLY"})
    made.add_attachment(told, maintype="application", subtype="ics", filename="invite.ics")
    return made.as_bytes()


def apple() -> bytes:
    """Quoted-printable, the address quoted, no text beside it."""
    who = (
        f'ATTENDEE;CN="Ama Mensah";CUTYPE=INDIVIDUAL;EMAIL="{AMA}";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:{AMA}'
    )
    told = calendar("CREATED:20300301T075959Z", "TRANSP:OPAQUE", attendee=who, head=("CALSCALE:GREGORIAN",))
    return mail(
        quopri.encodestring(told), "Content-Transfer-Encoding: quoted-printable",
        kind="text/calendar; charset=utf-8; method=REPLY",
    )  # fmt: skip


def thunderbird() -> bytes:
    """A zone by its name with its table, line ends of Unix, the file alone."""
    table = ("BEGIN:VTIMEZONE", "TZID:Africa/Accra", "BEGIN:STANDARD", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000",
             "TZNAME:GMT", "DTSTART:19700101T000000", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
    told = calendar(
        "DTSTART;TZID=Africa/Accra:20300405T090000", "X-MOZ-GENERATION:1", head=table,
        attendee=f"ATTENDEE;CN=Ama Mensah;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:{AMA}",
    ).replace(b"\r\n", b"\n")  # fmt: skip
    return multipart(
        b"Content-Type: text/plain\r\n\r\nAma Mensah has accepted.",
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=invite.ICS\r\n\r\n"
        + told,
    )


SAMPLES = {made.__name__: made() for made in (outlook, google, apple, thunderbird)} | {"a bare file": calendar()}


@pytest.mark.parametrize("raw", SAMPLES.values(), ids=SAMPLES)
def test_what_the_common_calendars_send_is_read(raw: bytes) -> None:
    found = accepted(raw)
    assert (found.method, found.sequence, found.stamp) == ("REPLY", 3, datetime(2030, 3, 1, 8, tzinfo=UTC))
    assert found.sender == ("" if raw == SAMPLES["a bare file"] else AMA)
    assert (found.proposed_starts, found.delegated_to, found.delegated_from) == (None, "", "")


def test_names_and_comments_come_unescaped_and_in_their_own_letters() -> None:
    found = accepted(outlook())
    assert (found.name, found.comment) == ("Mensah, Ama", "Je viens, avec deux collègues.")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("CN=Zoé".encode("latin-1"), "text/calendar; charset=iso-8859-1"),
        ("CN=Zoé".encode("cp1252"), "text/calendar; charset=windows-1252"),
        ("CN=Zoé".encode(), "text/calendar; charset=us-ascii"),
        ("CN=Zoé".encode(), "text/calendar; charset=no-such"),
        ("CN=Zoé".encode(), "text/calendar"),
    ],
)
def test_a_charset_that_is_declared_or_declared_wrongly_does_not_hurt(body: bytes, kind: str) -> None:
    told = calendar(attendee=f"ATTENDEE;PARTSTAT=ACCEPTED;NAME:mailto:{AMA}").replace(b"NAME", body)
    assert accepted(mail(told, kind=kind)).name == "Zoé"


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


# -- delegates and counter-proposals -----------------------------------------------------------------------


def test_a_delegate_and_who_delegated_to_them_are_told_apart() -> None:
    gives = read(calendar(attendee=f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="MAILTO:{DEPUTY}":mailto:{AMA}'))
    comes = read(calendar(attendee=f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:{AMA}":mailto:{DEPUTY}'))
    assert gives is not None
    assert (gives.attendee, gives.partstat, gives.delegated_to, gives.delegated_from) == (AMA, "DELEGATED", DEPUTY, "")
    assert comes is not None
    assert (comes.attendee, comes.partstat, comes.delegated_to, comes.delegated_from) == (DEPUTY, "ACCEPTED", "", AMA)


@pytest.mark.parametrize("address", ["a%00b@interior.example", "a%1Bb@interior.example"])
def test_an_address_with_a_control_character_is_none(address: str) -> None:
    assert read(calendar(attendee=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{address}")) is None
    assert read(calendar(attendee=f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{address}":mailto:{AMA}')) is None


def counter(starts: str, ends: str, *zone: str) -> tuple[datetime | None, datetime | None] | None:
    found = read(calendar(starts, ends, method="counter", attendee=ACCEPTS.replace("ACCEPTED", "TENTATIVE"), head=zone))
    return (found.proposed_starts, found.proposed_ends) if found else None


OWN = ("BEGIN:VTIMEZONE", "TZID:Our own", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100",
       "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "BEGIN:STANDARD",
       "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
       "END:STANDARD", "END:VTIMEZONE")  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "table", "month", "hour"),
    [
        ("Z", (), 7, 9), ("Africa/Lagos", (), 7, 8), ("W. Europe Standard Time", (), 7, 7),
        ("/example.org/Africa/Lagos", (), 7, 8), ("Our own", OWN, 7, 7),
        ("Our own", OWN, 1, 8), ("Our own", OWN, 12, 8),
    ],
)  # fmt: skip
def test_a_proposed_time_is_that_of_its_zone_by_name_or_by_its_own_table(
    zone: str, table: tuple[str, ...], month: int, hour: int
) -> None:
    told = ("", "Z") if zone == "Z" else (f";TZID={zone}", "")
    starts, ends = (
        f"{name}{told[0]}:2030{month:02d}05T{at}0000{told[1]}" for name, at in (("DTSTART", "09"), ("DTEND", "11"))
    )
    expected = datetime(2030, month, 5, hour, tzinfo=UTC)
    assert counter(starts, ends, *table) == (expected, expected.replace(hour=hour + 2))


@pytest.mark.parametrize(
    "starts",
    ["DTSTART:20300405T090000", "DTSTART;TZID=Our own:20300405T090000", "DTSTART;TZID=../../etc/passwd:20300405T090000",
     "DTSTART:20300230T090000Z", "DTSTART:tomorrow", "DTSTART:00000000T000000Z"],
)  # fmt: skip
def test_a_proposed_time_that_may_be_any_moment_is_refused(starts: str) -> None:
    assert counter(starts, starts.replace("DTSTART", "DTEND")) is None


def test_what_one_stranger_calls_a_zone_is_not_remembered_for_the_next() -> None:
    line = "DTSTART;TZID=Our own:20300705T090000"
    assert counter(line, "DTEND;TZID=Our own:20300705T110000", *OWN)
    assert counter(line, "DTEND;TZID=Our own:20300705T110000") is None


def test_no_recurrence_rule_is_expanded() -> None:
    table = tuple(line.replace("YEARLY", "SECONDLY") for line in OWN)
    assert counter("DTSTART;TZID=Our own:20300705T090000", "DTEND;TZID=Our own:20300705T110000", *table) is None
    accepted(
        calendar("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY", "RDATE:" + ",".join(["20300101T000000Z"] * 900))
    )


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
