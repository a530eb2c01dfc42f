"""Objections made in a ballot become comments on the draft that was voted on; each waits for an answer (S13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from workflow.engine import services as engine
from workflow.engine.services import Telling
from workflow.groups.models import Institution, Twg
from workflow.writing.models import Draft

from . import remarks, services
from .flow import RoundFlow
from .models import MOST_WRITTEN, RemarkKind, Round, Weight

QUIET = Telling(quiet=True)


@dataclass(frozen=True)
class Objection:
    """What an institution had against the draft; `must` where it objected, and did not only have reservations."""

    institution: Institution
    words: str
    must: bool


@transaction.atomic
def keep(twg: Twg, draft: Draft, name: str, objections: Iterable[Objection]) -> Round | None:
    """A round of its own, closed at once, that holds the objections as open comments; None when there are none."""
    said = list(objections)
    if not said:
        return None
    fields = {"name": name[:120], "deadline": timezone.now() + timedelta(days=1), "everybody": False}
    round_ = services.plan_round(twg, draft, fields, [o.institution for o in said], actor=None, telling=QUIET)
    engine.perform(RoundFlow(round_), "open_round", actor=None, telling=QUIET)
    for one in said:
        for words in _pieces(one.words):
            weight = Weight.MUST if one.must else Weight.SHOULD
            remarks.remark(
                round_, words, actor=None, institution=one.institution, telling=QUIET,
                fields={"kind": RemarkKind.POLICY, "weight": weight},
            )  # fmt: skip
    engine.perform(RoundFlow(round_), "close", actor=None, telling=QUIET)
    return round_


def _pieces(words: str) -> list[str]:
    """A reason longer than a comment may be is kept whole, in several."""
    return [words[start : start + MOST_WRITTEN] for start in range(0, len(words), MOST_WRITTEN)]
