"""Whatever anybody types into a title or a name, two parsers that are not ours read it, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings

from meetings.calendar import content, lines
from meetings.calendar.event import Alarm, Attendee, Organizer

from . import making as m

HOUR = timedelta(hours=1)


def test_a_name_can_say_nothing_but_a_name() -> None:
    person = Attendee("ama@interior.example", 'Ama "the boss"\r\nATTENDEE:mailto:evil@example.org;X=1')
    first, second = m.entry(content.request(m.event(attendees=(person,))))
    assert str(first["ATTENDEE"]) == second.attendee.value == "mailto:ama@interior.example"
    assert first["ATTENDEE"].params["CN"] == "Ama 'the boss' ATTENDEE:mailto:evil@example.org;X=1"
    assert list(first["ATTENDEE"].params) == list(second.attendee.params)


@settings(max_examples=150, deadline=None)
@given(m.HOSTILE, m.HOSTILE, m.HOSTILE, m.HOSTILE)
def test_whatever_people_write_both_parsers_read_the_same(title: str, words: str, place: str, name: str) -> None:
    # icalendar undoes backslashes in parameters too, which the standard does not (RFC 5545, 3.2).
    name = name.replace("\\", "/")
    told = m.event(
        summary=title, description=words, location=place, categories=(title, place), uid=f"{title}@palabre",
        attendees=(Attendee("a@example.org", name),), organizer=Organizer("s@example.org", name),
        url=f"https://x.example/{title}", video_url=f"https://y.example/{place}", alarms=(Alarm(HOUR),),
    )  # fmt: skip
    raw = content.request(told)
    assert not set(raw) - {9, 10, 13} & {*range(0x20), 0x7F}
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    first, second = m.entry(raw)
    assert len(m.by_icalendar(raw).walk("VEVENT")) == 1, "nothing that was typed is a component"
    for found, other, typed in (
        (first.get("SUMMARY", ""), second.contents.get("summary"), lines.one_line(title)),
        (first.get("LOCATION", ""), second.contents.get("location"), lines.one_line(place)),
        (first["UID"], second.contents["uid"], lines.clean(f"{title}@palabre")),
    ):
        assert str(found) == (other[0].value if other else "") == typed
    assert str(first["DESCRIPTION"]).startswith(lines.clean(words).strip()[:20].rstrip())
    assert first["ATTENDEE"].params["CN"] == (lines.one_line(name).replace('"', "'") or "a@example.org")
