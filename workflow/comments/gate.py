"""The answer to the edition's gate `comments_answered`: may it leave the stage of comments (S13)?"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.gates import Answer
from workflow.writing.models import Draft

from .models import UNANSWERED, Remark, Round, RoundState


def comments_answered(edition: Any) -> Answer:
    """Open once a round on this text is answered, none is under way, and no comment lacks a disposition."""
    drafts = Draft.objects.filter(text__subject_kind="edition", text__subject_id=edition.pk)
    rounds = list(Round.objects.filter(draft__in=drafts).exclude(state=RoundState.CANCELLED).order_by("pk"))
    where = reverse("edition", args=[edition.pk])
    if not rounds:
        return Answer(False, _("No comment round has been held on this edition."), where)
    waiting = Remark.objects.filter(round__in=rounds, level=0, state__in=UNANSWERED).count()
    if waiting:
        words = ngettext("%(count)d comment has no answer yet.", "%(count)d comments have no answer yet.", waiting)
        return Answer(False, words % {"count": waiting}, reverse("round-matrix", args=[rounds[-1].pk]))
    for one in rounds:
        if one.state != RoundState.ANSWERED:
            state = {"round": one.name, "state": one.get_state_display()}
            return Answer(False, _("The round “%(round)s” is not finished: %(state)s.") % state,
                          reverse("round", args=[one.pk]))  # fmt: skip
    return Answer(True)
