"""What the stories of the policy register are made of."""

from __future__ import annotations

from typing import Any

from tests import factories as f
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.frameworks import services
from workflow.frameworks.flow import EntryFlow
from workflow.frameworks.models import Entry, Framework, PolicyActor
from workflow.groups.models import Institution, Twg
from workflow.writing import services as writing
from workflow.writing.models import TextSection

ACT = {"en": "Immigration Act", "fr": "Loi sur l'immigration"}


def framework(twg: Twg, *, actor: Any = None, **fields: Any) -> Framework:
    told = {"kind": "law", "names": ACT, "reference": "Act 573", "in_force": "2000-02"} | fields
    return services.record_framework(twg, told, actor=actor)


def actor(twg: Twg, institution: Institution | None = None, **fields: Any) -> PolicyActor:
    told = {"roles": {"en": "Issues residence permits"}} | fields
    return services.record_actor(twg, {"institution": institution or f.institution(), **told}, actor=None)


def press(entry: Entry, step: str, *, by: Any = None, version: int | None = None, **answers: Any) -> Event:
    return engine.perform(EntryFlow(entry), step, actor=by, version=version, data=answers, note=answers.get("note", ""))


def part_e(twg: Twg, language: str = "en") -> TextSection:
    """The first section of Part E of an edition that is being drafted."""
    text = writing.open_text(f.edition(twg, stage="drafting"), actor=None)
    text.language = language
    type(text).objects.filter(pk=text.pk).update(language=language)
    found = TextSection.objects.filter(text=text, part="E").order_by("position").first()
    assert found is not None
    return found
