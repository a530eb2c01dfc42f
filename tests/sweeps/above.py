"""Secrets of the floors above the ground floor's: each floor plants its own here."""

from __future__ import annotations

from workflow.groups.models import Region

from .world import World


def plant(world: World) -> None:
    world.objects["region"] = Region.objects.get(twgs=world.objects["regional"])
