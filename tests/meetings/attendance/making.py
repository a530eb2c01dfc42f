"""What the stories of attendance begin with: a TWG that votes, a meeting, people who are invited to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from meetings.attendance import hooks
from meetings.scheduling.flow import MeetingFlow
from meetings.scheduling.models import Invitation, Meeting, MeetingState
from tests import factories as f
from tests.groups.reading import browser
from workflow.engine import kinds
from workflow.engine import services as engine
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, TermsOfReference, Twg

if kinds.get("meeting") is None:  # until the room below brings its own
    kinds.register(
        kinds.SubjectKind(
            name="meeting",
            model=Meeting,
            label="Meeting",
            visible_to=lambda person: Meeting.objects.all().visible_to(person),
            internal_to=lambda person: Meeting.objects.all().visible_to(person),
            url=lambda meeting: reverse("attendance", args=[meeting.pk]),
            flow=MeetingFlow,
        )
    )
    hooks.name_events()

MORNING = datetime(2009, 4, 15, 9, 0, tzinfo=UTC)


@dataclass
class House:
    """A TWG with its keepers and voting ministries, each with a member."""

    twg: Twg
    chair: Person
    secretariat: Person
    institutions: list[Institution]
    members: list[Person]


def house(size: int = 4, **terms: Any) -> House:
    """A TWG of `size` voting ministries under adopted terms; `terms` change them first."""
    ghana = f.twg("GH", time_zone="Africa/Accra")
    draft = TermsOfReference.objects.get(twg=ghana)
    rules = {r.category: (r.modality, r.votes) for r in draft.rules.all()}
    groups.change_terms(draft, {"quorum_percent": 50, **terms}, rules, actor=None)
    f.adopt(draft)
    ministries = [f.institution(f"Ministry {n}") for n in range(size)]
    members = [
        f.seat(ghana, "member", f"Member {n}", institution=one, rank="director") for n, one in enumerate(ministries)
    ]
    return House(ghana, f.seat(ghana, "chair", "The chair"), f.seat(ghana, "secretariat", "The secretariat"),
                 ministries, members)  # fmt: skip


def meeting(of: House, *people: Person, state: str = "in_session", **fields: Any) -> Meeting:
    """A meeting to which the members are invited, or only `people`; it began half an hour ago unless said otherwise."""
    starts = fields.pop("starts_at", timezone.now() - timedelta(minutes=30))
    if fields.get("closed"):
        fields.setdefault("closed_reason", "Sovereignty.")
    made = Meeting(
        twg=of.twg, starts_at=starts, ends_at=starts + timedelta(hours=3) if starts else None,
        **{"titles": {"en": "Second meeting"}, "zone": "Africa/Accra", **fields},
    )  # fmt: skip
    engine.create(made, actor=None, begins=state)
    for person in people or of.members:
        invite(made, person)
    return made


def invite(to: Meeting, person: Person, **fields: Any) -> Invitation:
    seat = person.memberships.first()
    told = {"institution": seat.institution, "role": seat.role} if seat else {}
    return Invitation.objects.create(meeting=to, person=person, **{**told, **fields})


def stranger_of(of: House) -> Person:
    """A member of another TWG."""
    return f.seat(f.twg("ML"), "member", institution=f.institution(country="ML"))


def move(made: Meeting, state: str) -> Meeting:
    """As the flow would, on its way to a state."""
    Meeting.objects.filter(pk=made.pk).update(state=MeetingState(state))
    made.refresh_from_db()
    return made


# -- pages ------------------------------------------------------------------------------------------------


def page(person: Person | None, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    """A page as its reader finds it, with single spaces."""
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Person | None, where: str, *args: Any, status: int = 200, **fields: Any) -> str:
    """A form sent, followed to where it leads."""
    answer = browser(person).post(reverse(where, args=args), fields, follow=True)
    assert answer.status_code == status, (answer.status_code, answer.content)
    return " ".join(answer.content.decode().split())


def still(page: str) -> str:
    """A page without what differs each time it is opened."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
