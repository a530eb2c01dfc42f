"""What the stories of minutes begin with: a TWG that has met, an agenda, its minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from meetings.minutes import services
from meetings.minutes.flow import MinutesFlow
from meetings.minutes.models import ActionItem, Decision, Minutes
from meetings.scheduling.flow import MeetingFlow
from meetings.scheduling.models import AgendaItem, Invitation, Meeting, MeetingState
from tests import factories as f
from workflow.engine import clock, kinds
from workflow.engine import services as engine
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.groups.models import Institution, Person, Twg
from workflow.writing import services as writing
from workflow.writing.models import TextSection


def _know_meetings() -> None:
    """The scheduling room brings its kind of subject; until it is furnished, the tests lend it one."""
    if kinds.get("meeting") is None:
        kinds.register(
            SubjectKind(
                name="meeting", model=Meeting, label="Meeting", flow=MeetingFlow,
                visible_to=lambda person: Meeting.objects.all().visible_to(person),
                internal_to=lambda person: Meeting.objects.all().visible_to(person),
                url=lambda meeting: f"/meetings/{meeting.pk}/",
            )
        )  # fmt: skip


@dataclass
class House:
    """A TWG with its keepers, a ministry and an association, each with a member, and an observer."""

    twg: Twg
    chair: Person
    secretariat: Person
    ministry: Institution
    director: Person  # of the ministry
    association: Institution
    activist: Person  # of the association
    observer: Person

    @property
    def people(self) -> list[Person]:
        return [self.chair, self.secretariat, self.director, self.activist, self.observer]


def house(country: str = "CI", **fields: Any) -> House:
    twg = f.twg(country, names={"en": f"TWG of {country}"}, **fields)
    ministry = f.institution("Ministry of the Interior", country=country)
    association = f.institution("AGEPE", category="civil_society", country=country)
    return House(
        twg, f.seat(twg, "chair", "The chair"), f.seat(twg, "secretariat", "The secretariat"), ministry,
        f.seat(twg, "member", "The director", institution=ministry, rank="director"), association,
        f.seat(twg, "member", "The activist", institution=association, rank="technical_expert"),
        f.seat(twg, "observer", "The observer", institution=f.institution("UNDP", category="international_agency")),
    )  # fmt: skip


AGENDA = ({"en": "Opening"}, {"en": "Sources of data"}, {"en": "Any other business"})


def meeting(of: House, **fields: Any) -> Meeting:
    """A meeting with an agenda of three items, to which everybody is invited."""
    return meet(of.twg, of.people, **fields)


def meet(
    twg: Twg, people: Iterable[Person], *, state: str = MeetingState.HELD, closed_items: tuple[int, ...] = (),
    **fields: Any,
) -> Meeting:  # fmt: skip
    """The same for any TWG; `closed_items` are those of the agenda, by position, that government alone deals with."""
    _know_meetings()
    begins = datetime(2009, 4, 15, 9, tzinfo=UTC)
    told = {"titles": {"en": "Third meeting"}, "starts_at": begins, "ends_at": begins + timedelta(hours=3),
            "place": "Abidjan", **fields}  # fmt: skip
    made: Meeting = engine.create(Meeting(twg=twg, **told), actor=None, begins=state)
    for position, titles in enumerate(AGENDA, start=1):
        AgendaItem.objects.create(meeting=made, position=position, titles=titles, closed=position in closed_items)
    for person in people:
        seat = f.seat_of(person)
        Invitation.objects.create(meeting=made, person=person, institution=seat.institution, role=seat.role)
    return made


def minutes(of: House, meeting_: Meeting | None = None, **fields: Any) -> Minutes:
    """The main minutes of a meeting that was held, prepared from its agenda."""
    return services.prepare(meeting_ or meeting(of, **fields), actor=of.secretariat)


def beside(main: Minutes) -> Minutes:
    """The minutes of the closed session beside them."""
    return Minutes.objects.with_all().get(meeting=main.meeting_id, closed=True)


def sections(of: Minutes) -> list[TextSection]:
    text = writing.text_of(of)
    assert text is not None
    return list(text.sections.standing().order_by("position"))


def write(of: Minutes, words: str = "The figures were presented.", *, at: int = 0, actor: Any = None) -> TextSection:
    section = sections(of)[at]
    writing.save(section, words, actor=actor, base=section.number)
    section.refresh_from_db()
    return section


def decide(of: Minutes, what: str = "The census is used.", **fields: Any) -> Decision:
    return services.decide(of, {"item": of.items.first(), "what": what, **fields}, actor=None)


def give(of: Minutes, what: str = "Send the census tables.", **fields: Any) -> ActionItem:
    told = {"item": of.items.first(), "what": what, "due": timezone.now().date() + timedelta(days=30), **fields}
    return services.give_to_do(of, told, actor=None)


def press(of: Minutes, step: str, *, actor: Any = None, **answers: Any) -> Event:
    event = engine.perform(MinutesFlow(of), step, actor=actor, note=answers.pop("note", ""), data=answers)
    of.refresh_from_db()
    return event


def circulate(of: Minutes, *, actor: Any = None, days: int = 14, by_silence: bool = True) -> Minutes:
    answers = {"deadline": timezone.now() + timedelta(days=days), **({"by_silence": "on"} if by_silence else {})}
    press(of, "circulate", actor=actor, **answers)
    return of


def approved(of: House) -> Minutes:
    """Minutes that were circulated, and approved by the chair once the round was over."""
    made = minutes(of)
    write(made)
    circulate(made, actor=of.secretariat)
    after(made, lambda: press(made, "approve", actor=of.chair))
    return made


def after(of: Minutes, then: Any = None) -> Any:
    """The deadline has passed: what time brings, then what somebody does."""
    assert of.deadline is not None
    with time_machine.travel(of.deadline + timedelta(minutes=1), tick=False):
        done = clock.tick(force=True) if then is None else then()
    of.refresh_from_db()
    return done
