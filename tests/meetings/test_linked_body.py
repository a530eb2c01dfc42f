"""Mali's committee of civil society meets with the same tools as the TWG that it is linked to (S20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.attendance.models import Attendance
from meetings.minutes import services as minutes
from meetings.scheduling import planning
from meetings.scheduling.models import Invitation, Meeting, MeetingState
from tests import factories as f
from tests.groups.reading import browser
from tests.meetings.minutes import making as m
from tests.meetings.scheduling.making import deliver, press
from workflow.comments.models import Round
from workflow.groups import services as groups
from workflow.groups.models import Person, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def mali() -> m.House:
    return m.house("ML")


@pytest.fixture
def committee(mali: m.House) -> Twg:
    names = {"en": "Committee of civil society", "fr": "Comité de la société civile"}
    return groups.link_body(mali.twg, {"code": "mali-ngos", "names": names, "kind": "committee"}, actor=None)


@pytest.fixture
def ngos(committee: Twg) -> list[Person]:
    """A secretary of its own, and two associations."""
    keeper = f.seat(committee, "secretariat", "The committee's secretary")
    fields = {"category": "civil_society", "country": "ML"}
    both = [f.institution(name, **fields) for name in ("HCME", "Women's league")]
    return [keeper, *(f.seat(committee, "member", f"Of {one}", institution=one) for one in both)]


def test_the_committee_meets_from_the_invitation_to_its_own_approved_minutes(
    mali: m.House, committee: Twg, ngos: list[Person]
) -> None:
    keeper, first, second = ngos
    client = browser(keeper)

    # Planned and invited: those who sit in the committee, and nobody else of the TWG.
    fields = {"titles_en": "The committee's first meeting", "kind": "regular", "form": "in_person", "place": "Bamako"}
    assert client.post(reverse("meeting-new", args=[committee.code]), fields).status_code == 302
    meeting = Meeting.objects.get()
    seats = [str(seat.pk) for seat in planning.usual(committee)]
    assert client.post(reverse("meeting-people", args=[meeting.pk]), {"people": seats}).status_code == 302
    assert {i.person for i in Invitation.objects.all()} == set(ngos)
    starts = timezone.now() + timedelta(days=20)
    press(meeting, "schedule", starts_at=starts, ends_at=starts + timedelta(hours=2), actor=keeper)
    deliver()
    assert {letter.to[0] for letter in mail.outbox} == {person.email for person in ngos}

    # It is held; its list of who came is its own.
    press(meeting, "begin", actor=keeper)
    ticked = {"people": [first.pk, second.pk], "way": "room"}
    assert client.post(reverse("attendance", args=[meeting.pk]), ticked).status_code == 302
    assert {row.person for row in Attendance.objects.all()} == {first, second}
    press(meeting, "end", actor=keeper)
    over_time = client.get(reverse("participation", args=[committee.code])).content.decode()
    assert "HCME" in over_time
    assert "HCME" not in browser(mali.director).get(reverse("participation", args=[mali.twg.code])).content.decode()

    # Its minutes are commented on by its own institutions.
    meeting.refresh_from_db()
    main = minutes.prepare(meeting, actor=keeper)
    m.write(main, "The associations chose their speaker.", actor=keeper)
    m.circulate(main, actor=keeper)
    asked = {str(asked.institution) for asked in Round.objects.get().asked.all()}
    assert asked == {"HCME", "Women's league"}
    m.after(main)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.APPROVED


def test_the_twgs_members_read_it_and_others_do_not(mali: m.House, committee: Twg, ngos: list[Person]) -> None:
    meeting = m.meet(committee, ngos)
    main = minutes.prepare(meeting, actor=ngos[0])
    m.write(main)
    for name, pk in (("meeting", meeting.pk), ("attendance", meeting.pk), ("minutes", main.pk)):
        assert browser(ngos[1]).get(reverse(name, args=[pk])).status_code == 200
        assert browser(mali.director).get(reverse(name, args=[pk])).status_code == 200, name
        assert browser(m.house("GH").director).get(reverse(name, args=[pk])).status_code == 404
    # The other way round the committee's members learn nothing of the TWG's own meetings.
    own = m.meeting(mali)
    assert browser(ngos[1]).get(reverse("meeting", args=[own.pk])).status_code == 404
