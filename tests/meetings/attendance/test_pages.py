"""The roster and its files, the room's screen, the sheet to sign: what is on them, and for whom."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from meetings.attendance import codes, places, qr, services
from meetings.attendance.models import Attendance
from meetings.attendance.services import Stranger
from tests import factories as f
from tests.groups.reading import browser, questions
from workflow.documents import pdf_out
from workflow.engine import inbox
from workflow.groups import panels
from workflow.groups.models import Person

from . import making as m

pytestmark = pytest.mark.django_db


def observer_of(of: m.House) -> Person:
    return f.seat(of.twg, "observer", institution=f.institution(category="international_agency"))


def rows_of(person: Person, name: str, *args: Any) -> list[dict[str, str]]:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


# -- the roster -------------------------------------------------------------------------------------------


def test_a_member_reads_who_came_for_whom_and_in_which_rank() -> None:
    of = m.house(2)
    meeting = m.meeting(of, state="held")
    services.record_several(meeting, of.members[:1], actor=of.secretariat)
    text = m.page(of.members[1], "attendance", meeting.pk)
    for said in ("Member 0", "Ministry 0", "Director", "in the room", "no answer yet"):
        assert said in text
    assert "1 of 2 voting institutions are present; the quorum of 1 is reached." in text
    assert 'data-live="meeting:' in text
    assert 'type="checkbox"' not in text


def test_an_observer_reads_institutions_and_counts_and_no_names() -> None:
    of = m.house(2)
    meeting, observer = m.meeting(of, state="held"), observer_of(of)
    services.record_several(meeting, of.members, actor=of.secretariat)
    m.invite(meeting, observer)
    text = m.page(observer, "attendance", meeting.pk)
    assert "Ministry 0" in text
    assert "Member 0" not in text
    assert ">Director<" not in text
    rows = rows_of(observer, "attendance-file", meeting.pk, "csv")
    assert {row["name"] for row in rows} == {"", str(observer)}, "one's own line is one's own"
    assert {row["rank"] for row in rows} == {""}
    assert "Member 0" not in str(rows)


def test_who_is_invited_without_a_seat_reads_the_list_without_names() -> None:
    of = m.house(1)
    guest = f.person("A guest")
    meeting = m.meeting(of, of.members[0], guest, state="held")
    text = m.page(guest, "attendance", meeting.pk)
    assert "Ministry 0" in text
    assert "Member 0" not in text
    assert "Correct my attendance" in text


def test_a_meeting_that_one_may_not_read_is_not_there() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    row = Attendance.objects.create(meeting=meeting, name="A")
    for person in (m.stranger_of(of), f.administrator()):
        for name, *more in (
            ("attendance",), ("attendance-screen",), ("attendance-sheet",), ("attendance-mine",), ("walk-in-new",),
            ("attendance-file", "csv"), ("attendance-of", of.members[0].pk), ("walk-in", row.pk),
            ("attendance-strike", row.pk), ("attendance-import",),
        ):  # fmt: skip
            m.page(person, name, meeting.pk, *more, status=404)


def test_a_closed_meeting_is_there_for_government_chair_and_secretariat_alone() -> None:
    of = m.house(1)
    ngo = f.seat(of.twg, "member", institution=f.institution(category="civil_society"))
    monitor = f.monitor(f.project())
    meeting = m.meeting(of, *of.members, ngo, closed=True, state="held")
    services.record_several(meeting, of.members, actor=of.secretariat)
    for person in (of.members[0], of.secretariat, of.chair):
        assert "Member 0" in m.page(person, "attendance", meeting.pk)
    for outsider in (ngo, monitor, observer_of(of)):
        m.page(outsider, "attendance", meeting.pk, status=404)
        m.page(outsider, "attendance-mine", meeting.pk, status=404)
        assert not Attendance.objects.all().visible_to(outsider).exists()


def test_only_who_runs_it_opens_the_screen_and_the_sheet() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    for name in ("attendance-screen", "attendance-sheet", "attendance-import", "walk-in-new"):
        m.page(of.members[0], name, meeting.pk, status=403)
        m.page(of.secretariat, name, meeting.pk)
        m.page(of.chair, name, meeting.pk)


def test_nobody_invited_says_what_to_do_first() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    meeting.invitations.all().delete()
    assert "Nobody is invited yet" in m.page(of.secretariat, "attendance", meeting.pk)


def test_a_longer_list_asks_no_more_questions() -> None:
    of = m.house(3)
    meeting = m.meeting(of)
    services.record_several(meeting, of.members, actor=of.secretariat)
    client, url = browser(of.secretariat), reverse("attendance", args=[meeting.pk])
    few = questions(client, url)
    for n in range(12):
        seat = f.seat(of.twg, "member", f"More {n}", institution=f.institution())
        m.invite(meeting, seat)
        services.record_several(meeting, [seat], actor=of.secretariat)
        services.sign_in_stranger(meeting, Stranger(f"Guest {n}", "Elsewhere"))
    assert questions(client, url) == few
    sheet = reverse("attendance-sheet", args=[meeting.pk])
    assert questions(client, sheet) <= few


# -- files ------------------------------------------------------------------------------------------------


def test_the_file_holds_the_list_and_runs_no_formula() -> None:
    of = m.house(1)
    meeting = m.meeting(of, starts_at=m.MORNING, state="held")
    services.record(meeting, of.members[0], {"arrived_at": m.MORNING}, actor=of.secretariat)
    services.record_walk_in(meeting, {"name": "=cmd|' /C calc'!A0", "institution_names": {"en": "@SUM(1)"}},
                            actor=of.secretariat)  # fmt: skip
    rows = rows_of(of.secretariat, "attendance-file", meeting.pk, "csv")
    member = next(row for row in rows if row["name"] == "Member 0")
    assert (member["arrived"], member["came"], member["rank"]) == ("2009-04-15 09:00", "yes", "director")
    hostile = next(row for row in rows if "cmd" in row["name"])
    assert hostile["name"].startswith("'=")
    assert hostile["institution"].startswith("'@")
    answer = browser(of.members[0]).get(reverse("attendance-file", args=[meeting.pk, "xlsx"]))
    assert answer.content[:2] == b"PK"


# -- screen and sheet -------------------------------------------------------------------------------------


def test_the_screen_shows_the_code_its_qr_the_count_and_the_quorum() -> None:
    of = m.house(4)
    meeting = m.meeting(of)
    services.sign_in(meeting, actor=of.members[0])
    text = m.page(of.secretariat, "attendance-screen", meeting.pk)
    assert codes.digits(meeting) in text
    assert "<svg" in text
    assert "1 of 4 voting institutions are present; the quorum is 2." in text
    assert 'http-equiv="refresh"' in text, "without scripts the next code comes too"
    services.sign_in(meeting, actor=of.members[1])
    assert "the quorum of 2 is reached" in m.page(of.secretariat, "attendance-screen", meeting.pk)


def test_the_screen_counts_who_has_left_no_more() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    row = services.sign_in(meeting, actor=of.members[0])
    services.record(meeting, of.members[0], {"left_at": row.arrived_at}, actor=of.secretariat)
    text = m.page(of.secretariat, "attendance-screen", meeting.pk)
    assert "0 of 2 voting institutions are present" in text
    assert "1 of 2 voting institutions are present" in m.page(of.secretariat, "attendance", meeting.pk)


def test_there_is_no_screen_when_nobody_signs_in() -> None:
    of = m.house(1)
    m.page(of.secretariat, "attendance-screen", m.meeting(of, state="held").pk, status=409)


def test_the_sheet_has_a_row_for_everybody_invited_and_empty_ones() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    services.sign_in_stranger(meeting, Stranger("A stranger", "Elsewhere"))
    text = m.page(of.secretariat, "attendance-sheet", meeting.pk)
    assert text.count("<tr>") == 1 + 2 + 12
    assert "Member 1" in text
    assert "A stranger" not in text
    assert f"/here/{meeting.pk}/" in text


def test_a_qr_code_is_a_drawing_that_holds_no_text_of_its_own() -> None:
    drawn = qr.svg("https://x.example/<script>", "A <name>")
    assert "<script>" not in drawn
    assert "A &lt;name&gt;" in drawn
    assert "<svg" in drawn


# -- quorum -----------------------------------------------------------------------------------------------


def test_observers_consultants_and_the_unconfirmed_make_no_quorum() -> None:
    of = m.house(3)
    meeting = m.meeting(of, state="in_session")
    consultant = f.seat(of.twg, "consultant", institution=of.institutions[0])
    services.sign_in(meeting, actor=consultant)
    services.sign_in_stranger(meeting, Stranger("A clerk", "Ministry 1"))
    assert "0 of 3 voting institutions are present" in m.page(of.secretariat, "attendance", meeting.pk)
    services.confirm(Attendance.objects.get(person=None), actor=of.secretariat)
    assert "1 of 3 voting institutions are present" in m.page(of.secretariat, "attendance", meeting.pk)


def test_without_adopted_terms_no_quorum_is_said() -> None:
    ghana = f.twg("GH")
    keeper = f.seat(ghana, "secretariat")
    of = m.House(ghana, keeper, keeper, [], [])
    meeting = m.meeting(of, keeper)
    assert "No terms of reference in force" in m.page(keeper, "attendance", meeting.pk)


def test_rules_say_when_the_list_is_written() -> None:
    of = m.house(1)
    for state, writes in (("polling", False), ("scheduled", True), ("held", True), ("approved", False)):
        meeting = m.meeting(of, state=state)
        assert (meeting.state in places.LISTED) is writes
        assert ("Bring in a list" in m.page(of.secretariat, "attendance", meeting.pk)) is writes


# -- panels -----------------------------------------------------------------------------------------------


def test_the_meetings_page_shows_the_panel() -> None:
    of = m.house(1)
    meeting = m.meeting(of)
    services.sign_in(meeting, actor=of.members[0])
    text = m.page(of.members[0], "meeting", meeting.pk)
    assert "1 person came." in text
    assert reverse("attendance", args=[meeting.pk]) in text


def drawn(meeting: Any, person: Person) -> str:
    shown = [p for p in panels.panels_of(meeting, person, "meeting") if "attendance" in p.template]
    return " ".join("".join(render_to_string(p.template, {"panel": p.context}) for p in shown).split())


def test_the_meetings_page_tells_how_many_came() -> None:
    of = m.house(2)
    meeting = m.meeting(of)
    services.sign_in(meeting, actor=of.members[0])
    services.sign_in_stranger(meeting, Stranger("Kofi", "Customs"))
    assert "1 person came." in drawn(meeting, of.members[1])
    assert "to be confirmed" not in drawn(meeting, of.members[1])
    assert "1 waits to be confirmed." in drawn(meeting, of.secretariat)
    assert "Correct my attendance" in drawn(meeting, of.members[0])
    assert drawn(m.meeting(of, state="polling"), of.secretariat) == ""


def test_the_twgs_page_leads_to_who_takes_part_for_those_inside() -> None:
    of = m.house(1)
    where = reverse("participation", args=[of.twg.code])
    assert where in m.page(of.members[0], "twg", of.twg.code)
    assert where not in m.page(f.administrator(), "twg", of.twg.code)


def test_the_history_says_what_was_written_in_words_and_names_nobody_to_observers() -> None:
    of = m.house(1)
    meeting, observer = m.meeting(of, state="held"), observer_of(of)
    services.record(meeting, of.members[0], {"rank": "minister"}, actor=of.secretariat)
    services.record_walk_in(meeting, {"name": "Kofi Annan"}, actor=of.secretariat)
    text = m.page(of.secretariat, "history", "meeting", meeting.pk)
    for said in ("Attendance written down", "rank: changed", "Member 0"):
        assert said in text, said
    seen = m.page(observer, "history", "meeting", meeting.pk)
    assert "Attendance written down" in seen
    assert "Member 0" not in seen
    assert "Kofi" not in text + seen


@pytest.mark.skipif(bool(pdf_out.available()), reason="Pango is not on this machine: see docs/deployment.md")
def test_the_sheet_to_sign_as_a_pdf_with_its_qr_code() -> None:
    of = m.house(2)
    meeting = m.meeting(of, titles={"en": "Second | meeting"})
    answer = browser(of.secretariat).get(reverse("attendance-sheet-pdf", args=[meeting.pk]))
    assert answer["Content-Type"] == "application/pdf"
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    for said in ("Attendance sheet", "Second | meeting", "Member 0", "Ministry 1", "Signature", f"/here/{meeting.pk}/"):
        assert said in text, said
    assert any(page.images for page in read.pages)
    assert browser(of.members[0]).get(reverse("attendance-sheet-pdf", args=[meeting.pk])).status_code == 403
    assert browser(m.stranger_of(of)).get(reverse("attendance-sheet-pdf", args=[meeting.pk])).status_code == 404


# -- while a meeting lasts --------------------------------------------------------------------------------


def waits_for(person: Person) -> list[tuple[str, str]]:
    return [(str(item.action), item.url) for item in inbox.of(person).waiting if "terms" not in item.url]


def test_while_a_meeting_lasts_home_leads_to_the_list_and_to_signing_in() -> None:
    house = m.house()
    meeting = m.meeting(house)
    here, roster = reverse("here", args=[meeting.pk]), reverse("attendance", args=[meeting.pk])
    assert ("Sign in", here) in waits_for(house.members[0])
    assert ("Keep the list", roster) in waits_for(house.secretariat)
    assert here in m.page(house.members[0], "meeting", meeting.pk)
    services.record_several(meeting, house.members[:1], actor=house.secretariat)
    assert ("Sign in", here) not in waits_for(house.members[0])
    assert here not in m.page(house.members[0], "meeting", meeting.pk)
    assert ("Sign in", here) in waits_for(house.members[1])
    assert waits_for(f.person("A stranger")) == []


def test_a_meeting_that_is_over_and_was_never_closed_waits_for_who_runs_it() -> None:
    house = m.house()
    soon = m.meeting(house, state="scheduled", starts_at=timezone.now() + timedelta(hours=1))
    assert ("Open the session", reverse("act", args=["meeting", soon.pk, "begin"])) in waits_for(house.chair)
    assert ("Sign in", reverse("here", args=[soon.pk])) in waits_for(house.members[0])
    past = m.meeting(house, state="scheduled", starts_at=timezone.now() - timedelta(days=2))
    later = m.meeting(house, state="scheduled", starts_at=timezone.now() + timedelta(days=2))
    found = waits_for(house.secretariat)
    assert ("Say whether it was held", reverse("meeting", args=[past.pk])) in found
    assert not [url for _action, url in found if f"/{later.pk}/" in url]
    assert ("Sign in", reverse("here", args=[past.pk])) not in waits_for(house.members[0])


def test_of_a_closed_session_nobody_else_is_told_that_it_lasts() -> None:
    house = m.house(closed_sessions=True)
    society = f.seat(house.twg, "member", institution=f.institution("Women's league", category="civil_society"))
    m.meeting(house, house.members[0], society, closed=True)
    assert [action for action, _url in waits_for(house.members[0])] == ["Sign in"]
    assert waits_for(society) == []
