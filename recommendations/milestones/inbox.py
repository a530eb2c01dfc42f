"""What waits for a person in the milestones room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf, inbox

from . import selectors
from .models import MilestoneState


@inbox.waiting("milestones")
def waiting(person: Any) -> Iterator[inbox.Item]:
    """Steps under way and promises whose day has come (S42), for the TWG's secretariat; steps said to be achieved, for
    those who may verify them.
    """
    today = timezone.localdate()
    for row in selectors.waiting(person):
        moment = edtf.parse(row.date) if row.date else None
        if row.kind == "milestone":
            yield _step(row, due=moment.last if moment and row.state != MilestoneState.ACHIEVED else None)
        elif moment and moment.first and moment.first <= today:
            yield inbox.Item(
                title=row.title,
                detail=_("Holder: %(who)s") % {"who": row.who or _("open")},
                action=_("Say whether it is kept"),
                url=reverse("hosting", args=[row.pk]),
            )


def _step(row: selectors.Waiting, *, due: Any) -> inbox.Item:
    return inbox.Item(
        title=row.title,
        detail=_("Responsible: %(who)s") % {"who": row.who or _("open")},
        action=_("Verify it") if row.state == MilestoneState.ACHIEVED else _("Say how it stands"),
        url=reverse("milestone", args=[row.pk]),
        due=due,
    )
