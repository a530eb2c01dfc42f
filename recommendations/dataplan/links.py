"""Links that open one action for one person, signed in or not: they say how it goes with one press, and nothing else.

Opening one changes nothing: mail scanners may follow it. It is bound to the action, the person and their address, and
opens nothing once the person may not report on the action any more.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.groups.bearers import bound_to
from workflow.groups.models import Person

from . import selectors
from .flow import REPORTING, ActionFlow
from .models import DataAction, DataActionState

SALT = "palabre.data_action"
AS_PLANNED, DONE = "as_planned", "done"


class Opened(NamedTuple):
    """What a link opens, and for whom."""

    action: DataAction
    person: Person


def link_for(action: DataAction, person: Person) -> str:
    token = signing.dumps([action.pk, person.pk, bound_to(person, SALT)], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("data-action-by-link", args=[token])


def read(token: str) -> Opened | None:
    """None when the link is forged, or its bearer may not report on the action any more (S31)."""
    try:
        action_id, person_id, bound = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person: Any = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or bound_to(person, SALT) != bound:
        return None
    action = selectors.actions(person).filter(pk=action_id).first()
    if action is None or not REPORTING(action, person):
        return None
    return Opened(action, person)


def answers(action: DataAction) -> list[str]:
    """What can be said with one press."""
    if action.is_over:
        return []
    return [DONE] if action.state == DataActionState.BLOCKED else [AS_PLANNED, DONE]


def say(opened: Opened, answer: str) -> None:
    """One press. Raises Unmet when it can't be said any more."""
    action, person = opened
    if answer not in answers(action):
        raise Unmet(_("This can't be said of it any more: look at how it stands."))
    if answer == DONE:
        engine.perform(ActionFlow(action), "finish", actor=person, version=action.version)
        return
    data = {"percent": min(action.percent, 99), "note": _("It goes on as planned.")}
    engine.perform(ActionFlow(action), "report", actor=person, data=data, version=action.version)
