"""Clearance: an institution's comments are read within it first, then submitted as one voice (S13)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine.errors import NotPermitted
from workflow.groups import access
from workflow.groups.models import Institution, Twg

from . import speaking
from .models import Clearance


def is_on(twg_id: int, institution_id: int | None) -> bool:
    """Whether the institution clears its comments in this TWG first. Only those who speak for it may be told."""
    return Clearance.objects.filter(twg=twg_id, institution=institution_id, on=True).exists()


def switch(twg: Twg, institution: Institution, *, on: bool, actor: Any) -> Clearance:
    """Switched by the institution's focal point, for all rounds of the TWG.

    What is inside already stays there when it is switched off, until it is submitted or withdrawn.
    """
    access.forget(actor)
    if actor is not None and institution.pk not in speaking.cleared_by(actor, twg.pk):
        raise NotPermitted(_("This is for the institution's focal point."))
    made, _new = Clearance.objects.update_or_create(
        twg=twg, institution=institution, defaults={"on": on, "set_by": actor, "set_at": timezone.now()}
    )
    return made
