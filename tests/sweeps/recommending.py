"""Secrets of recommendations: issued in the open, behind closed doors, and by the region (S21, S22, S31)."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.register import services
from recommendations.register.flow import RecommendationFlow
from recommendations.register.models import Recommendation, ReportFile
from workflow.engine import services as engine

from .minuting import CLOSED
from .world import INSIDE, World

# What Ghana makes of the region's is read by the region, too; the region's by Ghana.
OF_THE_REGION = INSIDE | {"regional secretariat"}


def plant(world: World) -> None:
    twg = world.objects["twg"]
    shown = _issued(world, "shown", INSIDE, twg)
    hidden = _issued(world, "behindclosed", CLOSED, twg, meeting=world.objects["closed meeting"])
    world.objects |= {"recommendation": shown, "closed recommendation": hidden}
    _reported(world, shown, "shown", INSIDE)
    _reported(world, hidden, "hidden", CLOSED)
    world.objects["progress file"] = ReportFile.objects.get(report__recommendation=shown)
    world.objects["closed progress file"] = ReportFile.objects.get(report__recommendation=hidden)
    theirs = _issued(world, "regions", OF_THE_REGION, world.objects["regional"])
    [item] = services.cascade(theirs, [twg], actor=None)
    _press(item, "accept", world, note=world.plant("whatghanasays", known_to=OF_THE_REGION))
    twin = _issued(world, "twin", INSIDE, twg)
    _press(twin, "merge", world, twin=shown.pk)


def _issued(world: World, word: str, known_to: set[str], twg: Any, **fields: Any) -> Recommendation:
    told = {
        "ground": "data",
        "texts": {"en": world.plant(f"recommended{word}", known_to=known_to)},
        "rationales": {"en": world.plant(f"rationale{word}", known_to=known_to)},
        "lead": world.objects["institution"] if twg.country else None,
    }
    made = services.draft(twg, told | fields, actor=None)
    _press(made, "issue", world)
    return made


def _reported(world: World, subject: Recommendation, word: str, known_to: set[str]) -> None:
    _press(subject, "accept", world, note=world.plant(f"accepted{word}", known_to=known_to), rhythm="3")
    name, words = (world.plant(f"{what}{word}", known_to=known_to) for what in ("progressfile", "progress"))
    upload = SimpleUploadedFile(f"{name}.csv", b"year,posts\n2009,4\n")
    engine.perform(
        RecommendationFlow(subject), "report", actor=world.people["member"],
        data={"percent": "40", "note": words}, files={"evidence": upload},
    )  # fmt: skip


def _press(subject: Recommendation, step: str, world: World, **answers: Any) -> None:
    actor = world.people["secretariat"] if subject.twg.country else None
    engine.perform(RecommendationFlow(subject), step, actor=actor, data=answers)
