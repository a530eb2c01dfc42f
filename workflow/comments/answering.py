"""Answers to comments: one for several that say the same, and the next one that waits (S13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from workflow.engine import services as engine

from .flow import RemarkFlow
from .models import Remark, RemarkQuerySet, Round

MOST_ALIKE = 50


@transaction.atomic
def answer_alike(
    remark: Remark,
    others: Iterable[Remark],
    answers: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
) -> list[Remark]:
    """The same answer to a comment and to others of its round that say the same; all of them, or none.

    Raises what the transition raises, ValidationError for one that says something else.
    """
    told = [remark, *others]
    strangers = [str(other.number) for other in told if (other.round_id, other.same) != (remark.round_id, remark.same)]
    if strangers:
        message = _("These comments say something else: %(numbers)s.")
        raise ValidationError({"alike": message % {"numbers": ", ".join(strangers)}})
    for other in sorted(told, key=lambda one: one.pk):  # one order, whoever answers what beside
        given = dict(answers)
        if other.section_id != remark.section_id:
            given.pop("revision", None)  # a revision is of one section
        engine.perform(
            RemarkFlow(other), "answer", actor=actor, data=given, version=version if other is remark else None
        )
    return told


def in_order(found: RemarkQuerySet) -> RemarkQuerySet:
    """Comments as a reader of the text meets them: on the draft as a whole first, then by section."""
    return found.annotate(position=Coalesce("section__position", Value(0))).order_by("position", "number")


def next_unanswered(round_: Round, after: int = 0) -> Remark | None:
    """The next comment without an answer behind the one numbered `after`; from the beginning after the last."""
    waiting = in_order(Remark.objects.filter(round=round_).unanswered().with_all())
    here = in_order(Remark.objects.filter(round=round_, number=after)).first()
    if here is not None:
        behind = Q(position__gt=here.position) | Q(position=here.position, number__gt=here.number)
        return waiting.filter(behind).first() or waiting.first()
    return waiting.first()


def alike(remark: Remark, person: Any) -> list[Remark]:
    """Other comments of the round in the same words, without an answer yet or with one, as the person reads them."""
    same = Remark.objects.all().visible_to(person).filter(round=remark.round_id, same=remark.same).comments()
    return list(in_order(same.exclude(pk=remark.pk).exclude(state="withdrawn").with_all())[:MOST_ALIKE])
