"""The mail around an answer: which part of it is the answer, in which letters, and who sent it."""

from __future__ import annotations

import pytest

from meetings.calendar import replies
from meetings.calendar.replies import Answer, Unreadable

AMA = "ama@interior.example"
REPLY = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", "UID:1@palabre", "DTSTAMP:20300301T080000Z",
    f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoé:mailto:{AMA}", "END:VEVENT", "END:VCALENDAR", "",
])  # fmt: skip


def mail(*parts: tuple[str, bytes], sender: str = f"From: {AMA}", kind: str = "multipart/mixed") -> bytes:
    """Each part is its header lines and its octets."""
    inside = b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts)
    return f"{sender}\r\nContent-Type: {kind}; boundary=b\r\n\r\n".encode() + inside + b"--b--\r\n"


def refused(raw: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        by_hand(raw)
    return str(caught.value.reason)


def by_hand(raw: bytes) -> Answer:
    return replies.read(raw, by_hand=True)


CALENDAR = ("Content-Type: text/calendar; charset=utf-8; method=REPLY", REPLY.encode())


# -- the part ----------------------------------------------------------------------------------------------


def test_the_part_among_the_alternatives_counts_before_a_file() -> None:
    other = REPLY.replace("ACCEPTED", "DECLINED").encode()
    file = ('Content-Type: application/ics; name="invite.ics"', other)
    assert replies.read(mail(file, CALENDAR)).partstat == "ACCEPTED"
    assert replies.read(mail(file)).partstat == "DECLINED"


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=answer.ics",
        'Content-Type: application/octet-stream; name="ANSWER.ICS"',
        "Content-Type: application/ics",
    ],
)
def test_a_file_that_calls_itself_a_calendar_is_one(head: str) -> None:
    assert replies.read(mail((head, REPLY.encode()))).attendee == AMA


def test_what_a_mail_forwards_is_not_its_own() -> None:
    inside = mail(CALENDAR).replace(b"--b", b"--c").replace(b"=b", b"=c")
    forwarded = ("Content-Type: message/rfc822", inside)
    assert replies.read(inside).attendee == AMA
    assert "no calendar" in refused(mail(("Content-Type: text/plain", b"See below."), forwarded))


def test_a_mail_that_came_back_is_no_answer() -> None:
    assert "report" in refused(mail(CALENDAR, kind="multipart/report; report-type=delivery-status"))


def test_what_only_outlook_reads_is_told_apart_from_nothing() -> None:
    assert "winmail.dat" in refused(mail(("Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22")))


@pytest.mark.parametrize(
    "octets",
    [
        REPLY.encode("utf-8-sig"), REPLY.encode("utf-16"), ("\ufeff" + REPLY).encode("utf-16-be"),
        b"\r\n " + REPLY.encode(),
    ],
    ids=["utf-8", "utf-16", "utf-16-be", "space before"],
)  # fmt: skip
def test_a_bare_file_is_read_in_any_unicode_with_its_mark(octets: bytes) -> None:
    found = by_hand(octets)
    assert (found.name, found.sender) == ("Zoé", "")


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\xef\xbb\xbf", f"From: {AMA}\r\n\r\n".encode()])
def test_a_mail_is_no_file_however_it_begins(before: bytes) -> None:
    """An answer without a sender would be everybody's to give."""
    with pytest.raises(Unreadable):
        replies.read(before + REPLY.encode())


def test_a_mail_whose_words_are_a_calendar_is_its_senders() -> None:
    head = "From: evil@example.org\r\nContent-Type: text/calendar\r\n\r\n"
    for read in (replies.read, by_hand):
        assert read(head.encode() + REPLY.encode()).sender == "evil@example.org"


def test_a_part_in_utf_16_is_read_as_it_says() -> None:
    part = ("Content-Type: text/calendar; charset=utf-16le", REPLY.encode("utf-16-le"))
    assert replies.read(mail(part)).name == "Zoé"


# -- the sender --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sender",
    [
        f"From: {AMA}", f"From: <{AMA.upper()}>", f'From: "Mensah, Ama" <{AMA}>', f"From: Ama Mensah <{AMA}> (Accra)",
        f'From: "evil@example.org" <{AMA}>', f"From: =?utf-8?q?evil=40example=2Eorg?= <{AMA}>",
        f"from:\r\n {AMA}", f"From: (evil@example.org) {AMA}",
    ],
)  # fmt: skip
def test_the_sender_is_the_address_and_not_what_it_calls_itself(sender: str) -> None:
    assert replies.read(mail(CALENDAR, sender=sender)).sender == AMA


@pytest.mark.parametrize(
    "sender",
    [
        "X-From: nobody", "From:", "From: Ama", f"From: {AMA}, evil@example.org", f"From: <{AMA}> <evil@example.org>",
        f"From: {AMA}\r\nFrom: evil@example.org", f"From: {'(' * 5000}{AMA}", f"From: ((evil) {AMA}",
        f"From: {AMA} <evil@example.org> <", "From: \xff\xfe",
    ],
)  # fmt: skip
def test_a_mail_of_nobody_or_of_several_is_nobodys_answer(sender: str) -> None:
    """Otherwise whoever can make a From unreadable could answer for everybody."""
    try:
        assert replies.read(mail(CALENDAR, sender=sender)).sender == "evil@example.org"
    except Unreadable as error:
        assert "who sent it" in str(error.reason)  # noqa: PT017 - either is right: never Ama


# -- what is in it -----------------------------------------------------------------------------------------


def changed(*changes: tuple[str, str]) -> bytes:
    told = REPLY
    for old, new in changes:
        told = told.replace(old, new)
    return told.encode()


ATTENDEE = f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoé:mailto:{AMA}"


def test_a_note_that_google_writes_into_the_attendee_is_a_comment() -> None:
    note = ATTENDEE.replace("CN=", 'X-RESPONSE-COMMENT="I come late; sorry";CN=')
    assert by_hand(changed((ATTENDEE, note))).comment == "I come late; sorry"


def test_several_comments_are_one_text_and_a_very_long_one_is_cut() -> None:
    two = by_hand(changed(("END:VEVENT", "COMMENT:One\\nmore\r\nCOMMENT;LANGUAGE=fr:Deux\\, trois\r\nEND:VEVENT")))
    assert two.comment == "One\nmore\nDeux, trois"
    assert len(by_hand(changed(("END:VEVENT", f"COMMENT:{'a' * 9000}\r\nEND:VEVENT"))).comment) == 4000


def test_a_delegate_tells_with_their_answer_who_sent_them() -> None:
    """RFC 5546, 4.2.5: two attendees, of whom one says that the other comes instead."""
    deputy = "deputy@interior.example"
    gave = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{deputy}":mailto:{AMA}'
    comes = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:{AMA}":mailto:{deputy}'
    for both in (f"{gave}\r\n{comes}", f"{comes}\r\n{gave}"):
        found = by_hand(changed((ATTENDEE, both)))
        assert (found.attendee, found.partstat, found.delegated_from) == (deputy, "ACCEPTED", AMA)
    silent = comes.replace("PARTSTAT=ACCEPTED;", "")
    found = by_hand(changed((ATTENDEE, f"{gave}\r\n{silent}")))
    assert (found.attendee, found.partstat, found.delegated_to) == (AMA, "DELEGATED", deputy)
    assert "one person's" in refused(changed((ATTENDEE, f"{ATTENDEE}\r\n{comes}")))


@pytest.mark.parametrize("to", ["", ';DELEGATED-TO="mailto:ama@interior.example"', ';DELEGATED-TO="nobody"'])
def test_who_delegates_says_to_whom_and_not_to_themselves(to: str) -> None:
    assert "but not who" in refused(changed(("PARTSTAT=ACCEPTED", f"PARTSTAT=DELEGATED{to}")))


def test_a_counter_proposal_that_names_everybody_is_its_senders() -> None:
    everybody = f"{ATTENDEE}\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:kofi@labour.example"
    told = changed((ATTENDEE, everybody), ("METHOD:REPLY", "METHOD:COUNTER"))
    part = ("Content-Type: text/calendar; method=COUNTER", told)
    assert replies.read(mail(part, sender="From: kofi@labour.example")).attendee == "kofi@labour.example"
    assert "one person's" in refused(mail(part, sender="From: evil@example.org"))
    assert "one person's" in refused(told)


@pytest.mark.parametrize(
    ("lasting", "hours"), [("", 0), ("DURATION:PT2H", 2), ("DURATION:P1DT1H", 25), ("DURATION:P1W", 168)]
)
def test_a_proposal_may_say_how_long_instead_of_until_when(lasting: str, hours: int) -> None:
    told = changed(
        ("METHOD:REPLY", "METHOD:COUNTER"), ("END:VEVENT", f"DTSTART:20300405T090000Z\r\n{lasting}\r\nEND:VEVENT")
    )
    found = by_hand(told)
    assert found.proposed_starts is not None
    assert found.proposed_ends is not None
    assert (found.proposed_ends - found.proposed_starts).total_seconds() == hours * 3600


@pytest.mark.parametrize("ends", ["DURATION:-PT1H", "DURATION:P9999W", "DURATION:soon", "DTEND:20300404T090000Z"])
def test_a_proposal_that_ends_before_it_begins_or_never_is_refused(ends: str) -> None:
    told = changed(
        ("METHOD:REPLY", "METHOD:COUNTER"), ("END:VEVENT", f"DTSTART:20300405T090000Z\r\n{ends}\r\nEND:VEVENT")
    )
    assert "no time that can be read" in refused(told)


def test_a_counter_proposal_without_another_time_is_one_still() -> None:
    found = by_hand(changed(("METHOD:REPLY", "METHOD:COUNTER")))
    assert (found.method, found.proposed_starts, found.proposed_ends) == ("COUNTER", None, None)


def test_who_writes_for_somebody_is_named() -> None:
    told = changed(("CN=", 'SENT-BY="mailto:Secretary@interior.example";CN='))
    assert by_hand(told).sent_by == "secretary@interior.example"


def test_a_sequence_that_is_not_told_is_the_first_and_a_series_there_is_none() -> None:
    assert by_hand(REPLY.encode()).sequence == 0
    assert "series" in refused(changed(("UID:", "RECURRENCE-ID:20300405T090000Z\r\nUID:")))
    assert "which meeting" in refused(changed(("UID:1@palabre", f"UID:{'x' * 256}")))


@pytest.mark.parametrize("stamp", ["20300301T080000", "20300301", "yesterday", "20301301T080000Z", ""])
def test_a_stamp_that_is_no_moment_is_none(stamp: str) -> None:
    assert by_hand(changed(("20300301T080000Z", stamp))).stamp is None
