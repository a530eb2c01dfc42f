"""Secrets of attendance: who came to a meeting without an account, and who to one behind closed doors (S31)."""

from __future__ import annotations

from meetings.attendance import services
from meetings.attendance.models import Attendance

from .minuting import CLOSED
from .world import FULL, INSIDE, World


def plant(world: World) -> None:
    """In the meetings that the minutes are of."""
    meeting, keeper = world.objects["meeting"], world.people["secretariat"]
    came = {
        "name": world.plant("walkin", known_to=FULL),
        "institution_names": {"en": world.plant("walkinfrom", known_to=INSIDE)},
    }
    services.record_walk_in(meeting, came, actor=keeper)
    struck = services.record_walk_in(meeting, {"name": world.plant("struck", known_to=FULL)}, actor=keeper)
    services.strike(struck, actor=keeper, note=world.plant("whystruck", known_to=INSIDE))
    Attendance.objects.create(
        meeting=world.objects["closed meeting"],
        name=world.plant("walkinclosed", known_to=CLOSED),
        institution_names={"en": world.plant("walkinclosedfrom", known_to=CLOSED)},
        rank="minister",
    )
