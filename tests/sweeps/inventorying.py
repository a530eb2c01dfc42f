"""Secrets of the data inventory: what is known of sources and gaps, for the inside and for the region's secretariat."""

from __future__ import annotations

from recommendations.inventory import services
from recommendations.inventory.flow import GapFlow, SourceFlow
from recommendations.inventory.models import DataGap, DataSource
from workflow.engine import services as engine

from .world import INSIDE, SEATED, World

# Who compares countries reads their inventories, too; their history is the inside's alone.
ACROSS = INSIDE | {"regional secretariat"}
OF_THE_PROJECT = SEATED - {"other monitor", "other secretariat"}


def plant(world: World) -> None:
    source = world.objects["data_source"] = _source(world)
    world.objects["data_gap"] = _gap(world, source)
    world.objects["supporting_publication"] = services.record_publication(
        world.objects["project"],
        {"titles": {"en": world.plant("publication", known_to=OF_THE_PROJECT)}, "when": "2009"},
        actor=None,
    )
    confirmed = world.plant("confirmednote", known_to=INSIDE)
    engine.perform(SourceFlow(source), "confirm", actor=world.people["secretariat"], note=confirmed)
    engine.perform(GapFlow(world.objects["data_gap"]), "agree", actor=world.people["chair"])


def _source(world: World) -> DataSource:
    return services.record_source(
        world.objects["twg"],
        {
            "kind": "census",
            "names": {"en": world.plant("datasourcename", known_to=ACROSS)},
            "custodian": world.objects["institution"],
            "users": [world.objects["institution"]],
            "coverages": {"en": world.plant("datacoverage", known_to=ACROSS)},
            "quality": "fair",
            "quality_notes": {"en": world.plant("dataquality", known_to=ACROSS)},
            "access_notes": {"en": world.plant("dataaccess", known_to=ACROSS)},
            "sections": ["A"],
            "questions": ["birth_country"],
            "source": world.plant("datasourceknown", known_to=ACROSS),
        },
        actor=None,
    )


def _gap(world: World, source: DataSource) -> DataGap:
    return services.record_gap(
        world.objects["twg"],
        {
            "section": "A",
            "data_source": source,
            "titles": {"en": world.plant("datagaptitle", known_to=ACROSS)},
            "severity": "high",
            "improvements": {"en": world.plant("datagapimprovement", known_to=ACROSS)},
        },
        actor=None,
    )
