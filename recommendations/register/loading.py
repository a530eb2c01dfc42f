"""How a project file's recommendations are loaded: issued, answered, and handed on from a region to its TWGs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from meetings.scheduling.models import Meeting
from workflow.engine import services as engine
from workflow.groups import words
from workflow.groups.models import Twg
from workflow.projects.loading import Loading
from workflow.projects.shapes import HandedOn, ProjectFile
from workflow.projects.shapes import Recommendation as Record

from . import services
from .flow import RecommendationFlow
from .models import Recommendation

# The step that leads to each state from an issued recommendation, replayed so that the history has it.
ANSWERS = {"accepted": "accept", "partly": "accept_partly", "declined": "decline"}


def load(loading: Loading, project: ProjectFile) -> None:
    """S21, S22: what the source tells, and nothing of what it does not."""
    loading.each(project.recommendations, lambda record: _recommendation(loading, record))


def _recommendation(loading: Loading, record: Record) -> None:
    twg, key = loading.twg(record.twg), f"recommendation/{record.key}"
    fields = _addressed(loading, record) | {
        "ground": record.ground,
        "texts": dict(record.text),
        "rationales": dict(record.rationale),
        "priority": record.priority,
        "meeting": loading.get(Meeting, f"meeting/{record.meeting}") if record.meeting else None,
        "edition": loading.edition(record.edition),
    }
    compared = {name: value for name, value in fields.items() if name != "supporting"}
    made = loading.once(
        Recommendation, key, compared,
        lambda telling: services.draft(twg, fields, actor=None, telling=telling), record,
    )  # fmt: skip
    issued = {"issued_on": record.issued or ""}
    loading.step(f"{key}/issue", record, partial(_step, made, "issue", issued), occurred=record.issued)
    _answer(loading, f"{key}/answer", record, made, twg)
    if record.handed_on:
        _hand_on(loading, key, record, made)


def _addressed(loading: Loading, record: Record | HandedOn) -> dict[str, Any]:
    return {
        "lead": loading.institution(record.lead),
        "supporting": [found for key in record.supporting if (found := loading.institution(key))],
        "confidence": record.confidence,
        "source": loading.sources(record),
    }


def _answer(loading: Loading, key: str, record: Record | HandedOn, made: Recommendation, twg: Twg) -> None:
    """In the first of the TWG's languages in which the file gives it: a government answers in one."""
    if record.state not in ANSWERS:
        return
    note = _in_its_language(record.answer, twg)
    loading.step(key, record, partial(_step, made, ANSWERS[record.state], {"note": note}), note=note)


def _in_its_language(texts: Mapping[str, str], twg: Twg) -> str:
    return next((texts[code] for code in twg.languages if texts.get(code)), "") or words.in_language(texts, "en")


def _step(made: Recommendation, step: str, data: Mapping[str, Any], telling: engine.Telling) -> None:
    engine.perform(RecommendationFlow(made), step, actor=None, data=data, telling=telling)


def _hand_on(loading: Loading, key: str, record: Record, parent: Recommendation) -> None:
    """One event at the region, and an item for each TWG (S22)."""
    names = [str(loading.twg(item.twg)) for item in record.handed_on]
    loading.step(f"{key}/handed-on", record, partial(_tell, parent, names))
    loading.each(record.handed_on, lambda item: _item(loading, key, item, parent))


def _tell(parent: Recommendation, names: list[str], telling: engine.Telling) -> None:
    with services.tell_cascade(parent, actor=None, telling=telling) as change:
        change.data["twgs"] = names


def _item(loading: Loading, key: str, item: HandedOn, parent: Recommendation) -> None:
    twg, fields = loading.twg(item.twg), _addressed(loading, item)
    compared = {name: value for name, value in fields.items() if name != "supporting"}
    made = loading.once(
        Recommendation, f"{key}/{item.twg}", compared,
        lambda telling: services.hand_on(parent, twg, fields, actor=None, telling=telling), item,
    )  # fmt: skip
    _answer(loading, f"{key}/{item.twg}/answer", item, made, twg)
