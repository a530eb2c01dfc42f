"""What this room writes into events as codes, in the reader's words: roles, topics, ways of taking part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext

from workflow.engine import details, edtf

from .models import CategoryRule, Confidence, ParentStatus, ProjectSeat, Role
from .presets import PRESETS
from .topics import topic
from .twg_selectors import participation


def _ways(rules: Mapping[str, Sequence[Any]]) -> str:
    """ "Members who vote: Government · Observers: Research institute"."""
    told = participation([CategoryRule(category=c, modality=m, votes=v) for c, (m, v) in rules.items()])
    return " · ".join(f"{way}{pgettext('after a label', ':')} {categories}" for way, categories in told)


def _preset(key: str) -> str | Promise:
    return PRESETS[key].label if key in PRESETS else key


def register() -> None:
    roles = {**dict(Role.choices), **dict(ProjectSeat.Role.choices)}
    details.reads("role", lambda code: roles.get(code, code))
    details.reads("confidence", lambda code: dict(Confidence.choices).get(code, code))
    details.reads("status", lambda code: dict(ParentStatus.choices).get(code, code))
    details.reads("topic", topic)
    details.reads("until", edtf.display)
    details.reads("preset", _preset)
    details.reads("participation", _ways)
