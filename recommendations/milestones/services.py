"""All that writes milestones and hosting commitments; states are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.engine import services as engine
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.models import Twg
from workflow.groups.services import require

from .flow import KEEPERS
from .models import Hosting, Milestone


def record_milestone(twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Milestone:
    """A step towards sustainability, proposed (S41)."""
    require(KEEPERS, twg, actor)
    milestone: Milestone = engine.create(Milestone(twg=twg, **fields), actor=actor, telling=telling)
    return milestone


def record_hosting(twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Hosting:
    """A promise to convene and host the TWG's meetings (S42)."""
    require(KEEPERS, twg, actor)
    hosting: Hosting = engine.create(Hosting(twg=twg, **fields), actor=actor, telling=telling)
    return hosting


def change_milestone(
    milestone: Milestone, fields: Mapping[str, Any], *, actor: Any, version: int | None = None
) -> None:
    """Its words, institutions, date and evidence."""
    _change(milestone, fields, actor, version)


def change_hosting(hosting: Hosting, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Its holder, words and date."""
    _change(hosting, fields, actor, version)


def _change(subject: Milestone | Hosting, fields: Mapping[str, Any], actor: Any, version: int | None) -> None:
    require(KEEPERS, subject, actor)
    with engine.change(subject, "changed", actor=actor, version=version) as change:
        change.assign(fields)
