"""Secrets of the floors above the ground floor's: each floor plants its own here."""

from __future__ import annotations

from recommendations.milestones import services as milestones
from workflow.groups.models import Region

from . import asking, balloting, commenting, handing, inventorying, minuting, planning, recommending, teaching, writing
from .world import INSIDE, World


def plant(world: World) -> None:
    world.objects["region"] = Region.objects.get(twgs=world.objects["regional"])
    writing.plant(world)
    asking.plant(world)
    commenting.plant(world)
    balloting.plant(world)
    handing.plant(world)
    minuting.plant(world)
    teaching.plant(world)
    _milestones(world)
    inventorying.plant(world)
    planning.plant(world)
    recommending.plant(world)


def _milestones(world: World) -> None:
    twg = world.objects["twg"]
    world.objects["milestone"] = milestones.record_milestone(
        twg,
        {
            "kind": "hosting",
            "titles": {"en": world.plant("milestone", known_to=INSIDE)},
            "evidence": {"en": world.plant("evidence", known_to=INSIDE)},
        },
        actor=None,
    )
    world.objects["hosting"] = milestones.record_hosting(
        twg, {"statements": {"en": world.plant("hosting", known_to=INSIDE)}}, actor=None
    )
