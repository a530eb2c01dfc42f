"""The answer to the edition's gate `handover_accepted`: may it be published (S21)?

Nothing is held here: who changes a hand-over holds its edition, and publishing holds that already (flow.py).
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.gates import Answer
from workflow.profiles.models import Edition

from .models import Handover, HandoverItem, HandoverState


def handover_accepted(edition: Edition) -> Answer:
    """Open once an institution has accepted, the checklist is done, and the record of it is signed."""
    handover = Handover.objects.with_all().filter(edition=edition).first()
    if handover is None:
        return Answer(False, _("The hand-over has not begun."), reverse("edition", args=[edition.pk]))
    if handover.state == HandoverState.SIGNED:
        return Answer(True)
    return Answer(False, _why_not(handover), reverse("handover", args=[handover.pk]))


def _why_not(handover: Handover) -> str:
    told = {"institution": handover.institution or ""}
    if handover.state == HandoverState.ASKED:
        return _("%(institution)s is asked to take the profile over and has not answered yet.") % told
    if handover.state == HandoverState.DECLINED:
        return _("%(institution)s has declined the hand-over: name another institution.") % told
    if handover.state == HandoverState.CONDITIONAL:
        return _("%(institution)s has accepted with conditions that are not met yet.") % told
    if handover.state == HandoverState.PREPARED:
        if handover.institution is None:
            return _("No update institution is named yet.")
        return _("%(institution)s has not been asked to take the profile over yet.") % told
    left = HandoverItem.objects.filter(handover=handover).missing().count()
    if left:
        said = ngettext("%(count)d line of the checklist is open.", "%(count)d lines of the checklist are open.", left)
        return said % {"count": left}
    return _("The hand-over record is not signed yet.")
