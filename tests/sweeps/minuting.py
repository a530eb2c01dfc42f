"""Secrets of minutes: what was said, decided and is to be done in the open, and behind closed doors (S31)."""

from __future__ import annotations

from typing import Any

from meetings.attendance.models import Attendance
from meetings.minutes import services
from meetings.minutes.flow import ActionFlow, DecisionFlow
from meetings.minutes.models import Minutes
from meetings.scheduling import subscriptions
from meetings.scheduling.models import AgendaItem, Meeting
from tests.meetings.minutes import making as m
from workflow.engine import services as engine
from workflow.groups.models import Twg

from .world import FULL, INSIDE, World

# Chair, secretariat and those who sit for government: nobody else learns of a closed session. Not the consultant,
# who is the project's although a ministry gives them a desk; IOM and administrators neither.
CLOSED = {"chair", "secretariat", "member", "alternate"}


def plant(world: World) -> None:
    twg = world.objects["twg"]
    open_ = _meeting(world, twg, "met", INSIDE, closed_items=(2,))
    AgendaItem.objects.filter(meeting=open_, closed=True).update(
        titles={"en": world.plant("agendaclosed", known_to=CLOSED)}
    )
    shut = _meeting(world, twg, "metclosed", CLOSED, closed=True, closed_reason="Sovereignty")
    main = services.prepare(open_, actor=world.people["secretariat"])
    beside, hidden = m.beside(main), services.prepare(shut, actor=world.people["secretariat"])
    world.objects["calendar link"] = subscriptions.make(world.people["secretariat"])[0]  # type: ignore[arg-type]
    world.objects |= {"meeting": open_, "closed meeting": shut}
    for minutes, which, known_to in ((main, "", INSIDE), (beside, "closed", CLOSED), (hidden, "inside", CLOSED)):
        _tell(world, minutes, which, known_to)
    for minutes in (beside, hidden):
        m.circulate(minutes, actor=world.people["secretariat"])
    # Who came: names and ranks are for those who read them of the TWG's seats, too.
    Attendance.objects.create(meeting=open_, name=world.plant("walkin", known_to=FULL))
    Attendance.objects.create(
        meeting=shut, name=world.plant("walkinclosed", known_to=CLOSED),
        institution_names={"en": world.plant("camefromclosed", known_to=CLOSED)},
    )  # fmt: skip
    # A line that is not confirmed waits in the inbox of those who run the meeting, by the meeting's title.
    Attendance.objects.create(meeting=shut, name="A guest", confirmed=False)
    shut.invitations.filter(person=world.people["member"]).update(
        replaced_by=world.plant("sentclosed", known_to=CLOSED), reply="delegated"
    )
    AgendaItem.objects.filter(meeting=open_, closed=True).update(
        presenter=world.plant("presenterclosed", known_to=CLOSED)
    )
    Meeting.objects.filter(pk=open_.pk).update(place=world.plant("place", known_to=INSIDE))
    Meeting.objects.filter(pk=shut.pk).update(
        descriptions={"en": world.plant("aboutclosed", known_to=CLOSED)},
        dial_in=world.plant("dialclosed", known_to=CLOSED),
        place=world.plant("placeclosed", known_to=CLOSED),
        closed_reason=world.plant("whyclosed", known_to=CLOSED),
    )
    m.after(hidden, lambda: m.press(hidden, "approve", actor=world.people["chair"]))
    services.add_addendum(hidden, world.plant("addendum", known_to=CLOSED), actor=world.people["chair"])


def _meeting(world: World, twg: Twg, word: str, known_to: set[str], **fields: Any) -> Meeting:
    people = [person for who in ("chair", "secretariat", "member") if (person := world.people[who])]
    return m.meet(twg, people, titles={"en": world.plant(word, known_to=known_to)}, **fields)


def _tell(world: World, minutes: Minutes, which: str, known_to: set[str]) -> None:
    """Something said, decided and given to do, with the reasons that were noted about it."""

    def secret(word: str) -> str:
        return world.plant(f"{word}{which}", known_to=known_to)

    m.write(minutes, secret("said"))
    decided = m.decide(minutes, secret("decided"))
    engine.perform(DecisionFlow(decided), "withdraw", actor=world.people["chair"], note=secret("whynot"))
    given = m.give(minutes, secret("todo"), institution=world.objects["institution"])
    engine.perform(ActionFlow(given), "drop", actor=world.people["chair"], note=secret("whydropped"))
    m.give(minutes, secret("owed"), institution=world.objects["institution"])
    for name, subject in (("minutes", minutes), ("meeting_decision", decided), ("action_item", given)):
        world.objects[f"{which} {name}".strip()] = subject
