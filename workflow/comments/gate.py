"""The answer to the edition's gate `comments_answered`: may it leave the stage of comments (S13)?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.engine.gates import Answer
from workflow.engine.together import how_many
from workflow.writing.models import Draft

from .flow import waiting_words
from .models import Discussion, Remark, Round, RoundQuerySet, RoundState


@dataclass(frozen=True)
class Unfinished(Answer):
    """Closed, and told to each reader by the rounds that they know of: a closed discussion leaves no trace here."""

    rounds: tuple[Round, ...] = field(default=())

    def told_to(self, person: Any) -> Answer:
        hidden = any(round_.discussion != Discussion.TWG for round_ in self.rounds)
        if person is None or not hidden:
            return self
        known = Round.objects.all().visible_to(person).filter(pk__in=[r.pk for r in self.rounds])
        seen = set(known.values_list("pk", flat=True))
        # A closed answer counts as false: it is asked for by name.
        told = _kept_back([round_ for round_ in self.rounds if round_.pk in seen], self.where)
        return Answer(False, gettext_lazy("Not every comment has its answer yet.")) if told is None else told


def _rounds(edition: Any) -> RoundQuerySet:
    drafts = Draft.objects.filter(text__subject_kind="edition", text__subject_id=edition.pk)
    return Round.objects.filter(draft__in=drafts).exclude(state=RoundState.CANCELLED).order_by("pk")


def hold_rounds(edition: Any) -> None:
    """Hold the rounds that the answer rests on: a comment reopened meanwhile waits, and finds the edition gone on."""
    list(_rounds(edition).select_for_update().values("pk"))


def comments_answered(edition: Any) -> Answer:
    """Open once a round on this text is answered, none is under way, and no comment lacks a disposition."""
    rounds = _rounds(edition)
    waiting = how_many(Remark.objects.filter(round=OuterRef("pk")).unanswered())
    closed = _kept_back(list(rounds.annotate(waiting=waiting)), reverse("edition", args=[edition.pk]))
    return Answer(True) if closed is None else closed


def _kept_back(rounds: list[Any], edition_url: str) -> Answer | None:
    """Why these rounds, with the comments `waiting` in each, keep the edition back; None when they don't."""
    told = tuple(rounds)
    if not rounds:
        return Unfinished(False, _("No comment round has been held on this edition."), edition_url, rounds=told)
    waiting = sum(round_.waiting for round_ in rounds)
    if waiting:
        where = next(r for r in reversed(rounds) if r.state != RoundState.PLANNED)
        return Unfinished(False, waiting_words(waiting), reverse("round", args=[where.pk]), rounds=told)
    for one in rounds:
        if one.state != RoundState.ANSWERED:
            state = {"round": one.name, "state": one.get_state_display()}
            reason = _("The round “%(round)s” is not finished: %(state)s.") % state
            return Unfinished(False, reason, reverse("round", args=[one.pk]), rounds=told)
    return None
