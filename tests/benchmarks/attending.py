"""A meeting with 500 people: its page beside its bare reading, and 500 phones that sign in at once (S18)."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

PEOPLE = 500
PHONES_AT_ONCE = 20  # connections in hand; a server has no more workers than that
TURNS = 7
FLOOR = Template(
    "<table>{% for row in rows %}<tr><th>{{ row.0 }}</th><td>{{ row.1 }}</td><td>{{ row.2 }}</td><td>{{ row.3 }}</td>"
    "</tr>{% endfor %}</table>"
)
SQL = """
    SELECT a.name, i.names, a.rank, a.arrived_at FROM meetings_invitation v
    JOIN workflow_person p ON p.id = v.person_id LEFT JOIN workflow_institution i ON i.id = v.institution_id
    LEFT JOIN meetings_attendance a ON a.meeting_id = v.meeting_id AND a.person_id = v.person_id
    WHERE v.meeting_id = %s AND v.removed_at IS NULL
"""


def _house(people: int = PEOPLE) -> tuple[Any, Any, list[Any]]:
    """A meeting in session to which so many are invited, of forty institutions."""
    from meetings.scheduling.models import Invitation, Meeting
    from tests import factories as f
    from workflow.engine import services as engine
    from workflow.groups.models import Membership, Person

    twg = f.twg("GH")
    keeper = f.seat(twg, "secretariat", "The secretariat")
    institutions = [f.institution(f"Institution {n}") for n in range(40)]
    begins = timezone.now() - timedelta(minutes=5)
    meeting = engine.create(
        Meeting(twg=twg, titles={"en": "Regional workshop"}, starts_at=begins, ends_at=begins + timedelta(hours=3)),
        actor=None, begins="in_session",
    )  # fmt: skip
    crowd = Person.objects.bulk_create(
        Person(email=f"phone{twg.pk}-{n}@twg.example", name=f"Person {n}") for n in range(people)
    )
    Membership.objects.bulk_create(
        Membership(twg=twg, person=person, role="member", institution=institutions[n % 40], rank="director")
        for n, person in enumerate(crowd)
    )
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, person=person, institution=institutions[n % 40], role="member")
        for n, person in enumerate(crowd)
    )
    return meeting, keeper, list(crowd)


def signing_in() -> dict[str, Any]:
    """500 phones through the service, in threads with connections of their own; nobody is lost, nobody twice.

    Beside the same rows (attendance, event, the meeting's number and hash) written bare, one after the other.
    """
    from meetings.attendance.models import Attendance
    from meetings.attendance.services import sign_in
    from meetings.scheduling.models import Meeting
    from workflow.engine.models import Event
    from workflow.groups.models import Person

    meeting, _keeper, crowd = _house()
    waiting = [person.pk for person in crowd]
    lock, wrong = threading.Lock(), list[str]()

    def phones() -> None:
        try:
            while True:
                with lock:
                    if not waiting:
                        return
                    pk = waiting.pop()
                try:
                    sign_in(Meeting.objects.get(pk=meeting.pk), actor=Person.objects.get(pk=pk))
                except Exception as error:  # noqa: BLE001 - counted: nothing may be lost
                    wrong.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    start = time.perf_counter()
    _all([phones] * PHONES_AT_ONCE)
    took = time.perf_counter() - start
    assert not wrong, wrong[:3]
    assert Attendance.objects.filter(meeting=meeting, came=True).count() == PEOPLE, "somebody was lost"
    told = Event.objects.filter(subject_kind="meeting", subject_id=meeting.pk, name="signed_in")
    assert sorted(told.values_list("sequence", flat=True)) == list(range(2, PEOPLE + 2)), "an event was lost"
    floor = _bare(meeting)
    return {"people": PEOPLE, "seconds": round(took, 1), "floor": round(floor, 1), "times": round(took / floor, 2)}


def _all(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _bare(meeting: Any) -> float:
    """The same rows in as many transactions that do nothing else: seconds."""
    from meetings.attendance.models import Attendance
    from meetings.scheduling.models import Meeting
    from workflow.engine.models import Event

    row = Attendance.objects.filter(meeting=meeting).first()
    event = Event.objects.filter(subject_kind="meeting", subject_id=meeting.pk, name="signed_in").first()
    told = _columns(row), _columns(event)
    start = time.perf_counter()
    for number in range(PEOPLE):
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=meeting.pk)
            Attendance.objects.create(**told[0] | {"person_id": None, "name": f"Bare {number}"})
            Event.objects.create(
                **told[1] | {"subject_kind": "floor-phone", "subject_id": number, "external_key": None}
            )
            Meeting.objects.filter(pk=meeting.pk).update(version=number, head="0" * 64)
    return time.perf_counter() - start


def _columns(row: Any) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}


def page() -> dict[str, Any]:
    """The list of who came, with 500 in it, beside one statement and a bare template of the same rows."""
    from meetings.attendance.services import record_several

    meeting, keeper, crowd = _house()
    record_several(meeting, crowd, actor=keeper)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(keeper)
    path = reverse("attendance", args=[meeting.pk])
    sizes = list[int]()

    def ours() -> None:
        answer = client.get(path)
        assert answer.status_code == 200
        sizes.append(len(answer.content))

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(SQL, [meeting.pk])
            FLOOR.render(Context({"rows": cursor.fetchall()}))

    took, floor = _median(ours), _median(bare)
    return {
        "people": PEOPLE, "milliseconds": round(1000 * took), "floor": round(1000 * floor, 1),
        "times": round(took / floor, 1), "bytes": sizes[-1],
    }  # fmt: skip


def _median(work: Callable[[], None]) -> float:
    work()
    times = list[float]()
    for _turn in range(TURNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
