"""Lists brought in: typed from a signed sheet, or written by a video call; who is whom; all lines or none."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from meetings.attendance import importing, lists, matching, services, times
from meetings.attendance.lists import Entry
from meetings.attendance.matching import DOUBTFUL, MATCHED, UNMATCHED
from meetings.attendance.models import Attendance, Source
from tests import factories as f
from tests.groups.reading import browser
from workflow.groups.sheet_files import UnreadableFile

from . import making as m

pytestmark = pytest.mark.django_db

ZOOM = """Meeting ID,Topic,Start Time,End Time
123,Second meeting,04/15/2009 09:00:00 AM,04/15/2009 12:00:00 PM

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Member 0,{0},04/15/2009 09:01:00 AM,04/15/2009 09:40:00 AM,39,No
Kofi Annan,,04/15/2009 09:05:00 AM,04/15/2009 11:00:00 AM,115,Yes
Member 0,{0},04/15/2009 09:44:00 AM,04/15/2009 11:58:00 AM,134,No
"""
TEAMS = """1. Summary
Meeting title\tSecond meeting
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Member 0\t4/15/09, 9:01:12 AM\t4/15/09, 11:58:00 AM\t2h 56m\t{0}\t{0}\tPresenter
Kofi Annan (Unverified)\t4/15/09, 9:05:00 AM\t4/15/09, 11:00:00 AM\t1h 55m\t\t\tPresenter

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Member 0\t4/15/09, 9:01:12 AM\t4/15/09, 9:40:00 AM\t39m\t{0}\tPresenter
"""
MEET = """First name,Last name,Email,Duration,Time joined,Time exited
Member,0,{0},2 hr,9:01 AM,11:58 AM
Kofi,Annan,,1 hr,9:05 AM,11:00 AM
"""


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2009, 4, 15, hour, minute, second, tzinfo=UTC)


def upload(content: str | bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def held(of: m.House, **fields: Any) -> Any:
    return m.meeting(of, starts_at=m.MORNING, state="held", **fields)


def read(content: str | bytes, meeting: Any, name: str = "list.csv") -> lists.Listed:
    return lists.read(upload(content, name), meeting)


# -- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [ZOOM, TEAMS, MEET])
def test_what_a_video_call_writes_is_read_and_each_is_one_person(shape: str) -> None:
    of = m.house(1)
    found = read(shape.format(of.members[0].email), held(of))
    assert found.problems == []
    member, guest = found.entries
    assert (member.name, member.email) == ("Member 0", of.members[0].email)
    assert member.arrived is not None
    assert member.left is not None
    assert (member.arrived.replace(second=0), member.left) == (at(9, 1), at(11, 58))
    assert guest.name.startswith("Kofi Annan")
    assert (guest.arrived, guest.left) == (at(9, 5), at(11))


def test_teams_writes_in_utf_16() -> None:
    of = m.house(1)
    found = read(TEAMS.format("a@b.example").encode("utf-16"), held(of))
    assert [e.name for e in found.entries] == ["Member 0", "Kofi Annan (Unverified)"]
    assert found.entries[0].lines == (7,)


@pytest.mark.parametrize(
    "headings", ["name,institution,rank,arrived,left", "Nom;Institution;Fonction;Arrivée;Départ",
                 "Nome;Instituição;Cargo;Chegada;Saída"],
)  # fmt: skip
def test_a_typed_sheet_has_its_headings_in_any_language(headings: str) -> None:
    row = "Ama Mensah,Ministry 0,minister,09:15,11:30".replace(",", ";" if ";" in headings else ",")
    found = read(f"{headings}\n{row}\n", held(m.house(1)))
    assert found.entries == [Entry((2,), "Ama Mensah", "", "Ministry 0", "minister", at(9, 15), at(11, 30))]


def test_a_typed_sheet_comes_as_excel_too() -> None:
    book = Workbook()
    book.active.append(["name", "institution", "rank", "arrived", "left"])
    book.active.append(["Ama Mensah", "Ministry 0", "Head of department", at(9, 15).replace(tzinfo=None), "11h30"])
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), held(m.house(1)), "list.xlsx")
    assert found.problems == []
    assert found.entries == [Entry((2,), "Ama Mensah", "", "Ministry 0", "head_of_department", at(9, 15), at(11, 30))]


def test_what_is_wrong_is_said_line_by_line() -> None:
    text = (
        "name,institution,rank,arrived,left\n,Ministry 0,,,\nAma,,pope,,\nYaw,,,soon,\nEsi,,,2010-01-01 09:00,\n"
        "Abena,,,11:00,09:00\nKo\u202efi,,,,\nFine,,,,\n"
    )
    found = read(text, held(m.house(1)))
    told = [(p["where"], p["text"]) for p in found.problems]
    assert [where for where, _text in told] == [f"Line {n}" for n in (2, 3, 4, 5, 6, 7)]
    for said in ("no name", "no rank", "no time", "not on the day", "before they arrived", "can't be shown"):
        assert any(said in text for _where, text in told), said
    assert [e.name for e in found.entries] == ["Fine"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "list.csv", 422),
        (b"%PDF-1.4\n%%EOF", "list.csv", 422),
        (b"<html><script>alert(1)</script>", "list.csv", 422),
        (b"name\nA\x00B", "list.csv", 422),
        (b"PK\x03\x04rubbish", "list.xlsx", 422),
        (b"name,institution\nA,B", "list.xlsx", 422),
        (b"nothing,known\n1,2", "list.csv", 422),
        (b"name,name\n1,2", "list.csv", 422),
        (b"name\n" + b"x" * (6 * 1024 * 1024), "list.csv", 413),
        (("name\n" + "\n".join(f"P {n}" for n in range(700))).encode(), "list.csv", 413),
    ],
)
def test_hostile_and_useless_files_are_refused_with_a_sentence(content: bytes, name: str, status: int) -> None:
    of = m.house(1)
    meeting = held(of)
    with pytest.raises(UnreadableFile) as refusal:
        read(content, meeting, name)
    assert refusal.value.status == status
    answer = browser(of.secretariat).post(
        reverse("attendance-import", args=[meeting.pk]), {"file": upload(content or b" ", name)}
    )
    assert answer.status_code == status
    assert not Attendance.objects.exists()


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(bomb(), held(m.house(1)), "list.xlsx")
    assert refusal.value.status == 413


# -- times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("09:30", at(9, 30)), ("9h30", at(9, 30)), ("9.30", at(9, 30)), ("9:30 PM", at(21, 30)), ("12:00 am", at(0)),
        ("2009-04-15 09:30", at(9, 30)), ("2009-04-15T09:30:05", at(9, 30, 5)), ("15/04/2009 09:30", at(9, 30)),
        ("04/15/2009 09:30:00 AM", at(9, 30)), ("15.04.09 09:30", at(9, 30)), ("4/15/09, 9:30:00 AM", at(9, 30)),
        ("2009-04-15T11:30:00+02:00", at(9, 30)), ("2009-04-15T09:30:00Z", at(9, 30)), ("", None),
    ],
)  # fmt: skip
def test_times_are_read_as_people_and_programs_write_them(text: str, wanted: datetime | None) -> None:
    assert times.read(text, held(m.house(0))) == wanted


@pytest.mark.parametrize("text", ["noon", "25:00", "13:00 PM", "9", "2009-13-45 10:00", "99999999999999", "1/1/1 1:1"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        times.read(text, held(m.house(0)))


def test_a_day_that_could_be_read_both_ways_is_the_meetings() -> None:
    of = m.house(0)
    may = m.meeting(of, state="held", starts_at=datetime(2009, 5, 4, 9, tzinfo=UTC))
    for text in ("04/05/2009 10:00", "05/04/2009 10:00"):
        assert times.read(text, may) == datetime(2009, 5, 4, 10, tzinfo=UTC)


def test_a_meeting_whose_day_nobody_knows_takes_no_times() -> None:
    meeting = m.meeting(m.house(0), state="held", starts_at=None, when="2009-04")
    with pytest.raises(ValueError, match="not known"):
        times.read("09:00", meeting)


# -- who is whom ------------------------------------------------------------------------------------------


def fates(meeting: Any, *entries: Entry) -> list[str]:
    return [match.fate for match in matching.plan(entries, meeting).matches]


def test_an_address_settles_who_somebody_is_and_a_name_does_where_the_institution_agrees() -> None:
    of = m.house(2)
    meeting = held(of)
    found = matching.plan(
        [
            Entry((1,), "Quite another", of.members[0].email),
            Entry((2,), "1, MEMBER", institution="ministry 1"),
        ],
        meeting,
    )
    assert [match.person for match in found.matches] == [p.pk for p in of.members]


def test_names_that_are_alike_are_asked_about() -> None:
    of = m.house(0)
    ama = f.seat(of.twg, "member", "Ama Serwaa Mensah", institution=f.institution("Interior"))
    meeting = held(of)
    m.invite(meeting, ama)
    for name, institution, fate in (
        ("Ama Serwaa Mensah", "", MATCHED),
        ("Ama Serwaa Mensah", "Foreign Affairs", DOUBTFUL),
        ("Mensah, Ama Serwaa (Interior)", "", DOUBTFUL),
        ("Ama Serwaa Mensa", "", DOUBTFUL),
        ("Ama Mensah", "", DOUBTFUL),
        ("Kofi Annan", "", UNMATCHED),
        ("Ama", "", UNMATCHED),
    ):
        assert fates(meeting, Entry((1,), name, institution=institution)) == [fate], name


def test_two_of_one_name_are_asked_about() -> None:
    of = m.house(0)
    meeting = held(of)
    for _n in range(2):
        m.invite(meeting, f.seat(of.twg, "member", "Ama Mensah", institution=f.institution()))
    assert fates(meeting, Entry((1,), "Ama Mensah")) == [DOUBTFUL]


def test_two_lines_that_seem_to_be_one_person_are_asked_about() -> None:
    of = m.house(1)
    meeting = held(of)
    assert fates(meeting, Entry((1,), "Member 0"), Entry((2,), "x", of.members[0].email)) == [DOUBTFUL, DOUBTFUL]


def test_a_preview_comes_back_from_the_session_as_it_was() -> None:
    of = m.house(1)
    found = matching.plan([Entry((2, 5), "Member 0", "", "M", "minister", at(9), None)], held(of))
    assert matching.unpacked(found.packed()) == found.matches


# -- bringing in ------------------------------------------------------------------------------------------


def test_the_secretariat_sees_who_is_whom_chooses_and_brings_in() -> None:
    of = m.house(2)
    meeting = held(of)
    client, url = browser(of.secretariat), reverse("attendance-import", args=[meeting.pk])
    text = (
        f"name,email,institution,arrived,left\nMember 0,{of.members[0].email},,09:05,\n"
        "Membr 1,,,,\nKofi,,Ministry 1,,\n"
    )
    seen = client.post(url, {"file": upload(text)})
    page = seen.content.decode()
    assert seen.status_code == 200
    assert not Attendance.objects.exists(), "a preview writes nothing"
    digest = seen.context["choices"].initial["digest"]
    # The doubtful line is not chosen yet: it is asked for on its field, and nothing is lost.
    said = {"digest": digest, "way": "online", "row-0": of.members[0].pk, "row-1": "", "row-2": "walk-in"}
    refused = client.post(url, said)
    assert refused.status_code == 422
    assert "Say who this is." in refused.content.decode()
    assert not Attendance.objects.exists()
    done = client.post(url, said | {"row-1": of.members[1].pk}, follow=True)
    assert "3 lines brought in." in done.content.decode()
    one, two, three = Attendance.objects.order_by("pk")
    assert (one.person, one.arrived_at, one.way, one.source) == (of.members[0], at(9, 5), "online", Source.LIST)
    assert two.person == of.members[1]
    assert (three.person, three.institution) == (None, of.institutions[1])
    assert "Membr 1" in page


def test_two_lines_are_never_brought_in_as_one_person() -> None:
    of = m.house(1)
    meeting = held(of)
    found = matching.plan([Entry((1,), "Member 0"), Entry((2,), "Kofi")], meeting).matches
    one = str(of.members[0].pk)
    with pytest.raises(ValidationError) as refusal:
        importing.bring_in(meeting, found, {0: one, 1: one}, actor=of.secretariat)
    assert set(refusal.value.message_dict) == {"row-0", "row-1"}
    assert not Attendance.objects.exists()


def test_it_is_all_lines_or_none() -> None:
    of = m.house(1)
    meeting = held(of)
    bad = matching.Match(Entry((2,), "x" * 300), UNMATCHED)
    good = matching.plan([Entry((1,), "Member 0")], meeting).matches
    with pytest.raises(ValidationError) as refusal:
        importing.bring_in(meeting, [*good, bad], {0: str(of.members[0].pk), 1: "walk-in"}, actor=of.secretariat)
    assert "row-1" in refusal.value.message_dict
    assert not Attendance.objects.exists()


def test_a_list_brought_in_twice_changes_nothing_and_overwrites_nothing() -> None:
    of = m.house(1)
    meeting = held(of)
    services.record(meeting, of.members[0], {"arrived_at": at(9, 30)}, actor=of.secretariat)
    found = matching.plan([Entry((1,), "Member 0", arrived=at(9), left=at(11)), Entry((2,), "Kofi")], meeting).matches
    chosen = {0: str(of.members[0].pk), 1: "walk-in"}
    assert importing.bring_in(meeting, found, chosen, actor=of.secretariat) == 2
    row = Attendance.objects.get(person=of.members[0])
    assert (row.arrived_at, row.left_at) == (at(9, 30), at(11))
    assert importing.bring_in(meeting, found, chosen, actor=of.secretariat) == 0
    assert Attendance.objects.count() == 2


def test_lines_left_out_are_left_out() -> None:
    of = m.house(1)
    meeting = held(of)
    found = matching.plan([Entry((1,), "Kofi")], meeting).matches
    assert importing.bring_in(meeting, found, {0: "skip"}, actor=of.secretariat) == 0


def test_a_preview_that_is_gone_is_not_brought_in() -> None:
    of = m.house(1)
    meeting = held(of)
    m.send(of.secretariat, "attendance-import", meeting.pk, status=409, digest="x" * 64)


def test_nothing_is_brought_in_once_the_minutes_are_approved() -> None:
    of = m.house(1)
    m.page(of.secretariat, "attendance-import", m.move(held(of), "approved").pk, status=409)


def test_somebody_chosen_who_is_not_offered_is_refused() -> None:
    of = m.house(1)
    meeting = held(of)
    client, url = browser(of.secretariat), reverse("attendance-import", args=[meeting.pk])
    seen = client.post(url, {"file": upload("name,rank\nKofi,minister\n")})
    said = {"digest": seen.context["choices"].initial["digest"], "way": "room", "row-0": m.stranger_of(of).pk}
    assert client.post(url, said).status_code == 422
    assert not Attendance.objects.exists()
