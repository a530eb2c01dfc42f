"""An invitation's mail is built as calendars look for it, and what was typed adds no header to it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as outgoing
from hypothesis import given, settings

from meetings.calendar import content, replies
from meetings.calendar.mime import mailbox, message

from . import making as m

TEXT, HTML = "Vous êtes invitée.\n", "<p>Vous êtes invitée.</p>"


def sent(**fields: Any) -> EmailMessage:
    """The mail as it arrives: written to octets and parsed again."""
    usual: dict[str, Any] = {
        "subject": "Third meeting", "text": TEXT, "html": HTML, "calendar": content.request(m.event()),
        "method": "REQUEST", "from_": mailbox("twg@palabre.example", "Palabre"),
        "to": mailbox("ama@interior.example", "Mensah, Ama"),
    }  # fmt: skip
    made: EmailMessage = message_from_bytes(message(**usual | fields).message().as_bytes(), policy=policy.default)
    return made


def shape(mail: Any) -> Any:
    if not mail.is_multipart():
        return mail.get_content_type()
    return mail.get_content_type(), [shape(part) for part in mail.iter_parts()]


def part(mail: EmailMessage, kind: str) -> EmailMessage:
    [found] = [one for one in mail.walk() if one.get_content_type() == kind]
    return found  # type: ignore[return-value]


def test_the_calendar_is_the_last_alternative_and_a_file_beside_them() -> None:
    assert shape(sent()) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )


def test_without_a_calendar_it_is_a_letter() -> None:
    assert shape(sent(calendar=b"", method="")) == ("multipart/alternative", ["text/plain", "text/html"])


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_part_names_its_method_and_its_letters(method: str) -> None:
    raw = content.request(m.event()) if method == "REQUEST" else content.cancel(m.event())
    found = part(sent(calendar=raw, method=method), "text/calendar")
    assert dict(found["Content-Type"].params) == {"charset": "utf-8", "method": method}


def test_the_part_can_not_name_another_method_than_the_calendars_own() -> None:
    with pytest.raises(ValueError, match="RFC 6047"):
        sent(method="CANCEL")


def test_the_calendar_arrives_to_the_octet_twice() -> None:
    """In base64: 8-bit text is wrapped and its line ends are changed on the way."""
    raw = content.request(m.event(summary="Réunion — " * 30, description="ligne\n" * 100))
    mail = sent(calendar=raw)
    for kind in ("text/calendar", "application/ics"):
        found = part(mail, kind)
        assert (found["Content-Transfer-Encoding"], found.get_payload(decode=True)) == ("base64", raw)


def test_the_file_has_a_name_that_programs_open() -> None:
    found = part(sent(), "application/ics")
    assert (found.get_filename(), found.get_content_disposition()) == ("invite.ics", "attachment")
    assert found["Content-Type"].params["name"] == "invite.ics"


def test_the_words_arrive_in_their_own_letters() -> None:
    mail = sent(subject="Réunion du GTT")
    assert mail["Subject"] == "Réunion du GTT"
    assert part(mail, "text/plain").get_content() == TEXT
    assert part(mail, "text/html").get_content().strip() == HTML


@pytest.mark.parametrize("length", [1, 3, 12])
def test_a_long_subject_begins_beside_its_name(length: int) -> None:
    subject = "Réunion du GTT" + ", à Accra" * length
    assert sent(subject=subject)["Subject"] == subject


def test_a_repeated_delivery_is_the_same_message() -> None:
    first, second = (sent(key="meeting:7:invitation:2:31") for _time in range(2))
    assert first["Message-ID"] == second["Message-ID"] == "<meeting.7.invitation.2.31@palabre.example>"
    assert sent()["Message-ID"] != sent()["Message-ID"]


def test_answers_go_where_they_are_read_and_robots_are_asked_for_none() -> None:
    mail = sent(reply_to="answers@palabre.example", headers={"X-Meeting": "7"})
    assert (mail["Reply-To"], mail["Auto-Submitted"], mail["X-Meeting"]) == (
        "answers@palabre.example",
        "auto-generated",
        "7",
    )


def test_it_goes_to_one_or_to_several() -> None:
    both = sent(to=[mailbox("a@x.example", "A"), mailbox("b@x.example")])
    assert [one.addr_spec for one in both["To"].addresses] == ["a@x.example", "b@x.example"]


def test_it_is_sent_as_other_mail_is() -> None:
    raw = content.request(m.event())
    assert (
        message("Third meeting", TEXT, HTML, raw, "REQUEST", "twg@palabre.example", "ama@interior.example").send() == 1
    )
    assert outgoing.outbox[0].message().get_content_type() == "multipart/mixed"


# -- whatever anybody typed --------------------------------------------------------------------------------


def test_a_name_is_one_persons_whatever_is_in_it() -> None:
    mail = sent(to=mailbox("ama@interior.example", 'Mensah, "Ama" <evil@example.org>,\r\nBcc: evil@example.org'))
    [to] = mail["To"].addresses
    assert to.addr_spec == "ama@interior.example"
    assert mail["Bcc"] is None


@settings(max_examples=100, deadline=None)
@given(m.HOSTILE, m.HOSTILE)
def test_what_was_typed_adds_no_header_and_no_part(title: str, name: str) -> None:
    raw = content.request(m.event(summary=title))
    mail = sent(
        subject=f"Meeting: {title}", text=f"{title}\n", html=f"<p>{title}</p>", calendar=raw,
        to=mailbox("ama@interior.example", name), key=f"meeting:{title}", headers={"X-Title": title},
    )  # fmt: skip
    assert set(mail.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Title",
    }  # fmt: skip
    assert shape(mail) == shape(sent())
    assert [one.addr_spec for one in mail["To"].addresses] == ["ama@interior.example"]
    assert part(mail, "text/calendar").get_payload(decode=True) == raw


def test_what_we_write_as_an_answer_we_read_as_one() -> None:
    """The whole way round: a reply made by this room, sent by it, read by it."""
    came = m.Attendee("Ama@Interior.example", "Mensah, Ama", partstat="ACCEPTED")
    mail = message(
        "Accepted", TEXT, HTML, content.reply(m.event(), came, "With two others, at 9; thanks"), "REPLY",
        mailbox("ama@interior.example", "Ama"), "twg@palabre.example",
    )  # fmt: skip
    found = replies.read(mail.message().as_bytes())
    assert (found.uid, found.sequence, found.attendee, found.partstat) == (
        "1@palabre", 2, "ama@interior.example", "ACCEPTED",
    )  # fmt: skip
    assert (found.comment, found.name, found.sender) == (
        "With two others, at 9; thanks", "Mensah, Ama", "ama@interior.example",
    )  # fmt: skip
    assert found.stamp == m.STAMP
