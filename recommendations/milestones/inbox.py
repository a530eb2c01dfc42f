"""What waits for a person in the milestones room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import edtf, inbox
from workflow.engine.together import Found, Wanted

from . import selectors
from .models import Hosting, Milestone


@inbox.waiting("milestones")
def waiting(person: Any) -> Wanted[Iterable[inbox.Item]] | None:
    """Steps under way and promises whose day has come (S42), for the TWG's secretariat; steps said to be achieved, for
    those who may verify them.
    """
    listings = selectors.waiting(person)
    return Wanted(listings, _items) if listings else None


def _items(found: Found) -> Iterator[inbox.Item]:
    for step in found.get("steps", ()):
        yield _step(step, _("Say how it stands"), due=edtf.parse(step.when).last if step.when else None)
    for step in found.get("achieved", ()):
        yield _step(step, _("Verify it"))
    for promise in found.get("promises", ()):
        first = edtf.parse(promise.starts).first
        if first and first <= timezone.localdate():
            yield _promise(promise)


def _step(step: Milestone, action: Any, due: date | None = None) -> inbox.Item:
    return inbox.Item(
        title=step.title,
        detail=_("Responsible: %(who)s") % {"who": step.responsible or _("open")},
        action=action,
        url=reverse("milestone", args=[step.pk]),
        due=due,
    )


def _promise(promise: Hosting) -> inbox.Item:
    return inbox.Item(
        title=promise.statement,
        detail=_("Holder: %(who)s") % {"who": promise.holder or _("open")},
        action=_("Say whether it is kept"),
        url=reverse("hosting", args=[promise.pk]),
    )
