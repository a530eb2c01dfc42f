"""Links that let one person answer one asking for their institution, signed in or not (S21).

Bound to the hand-over, the person's address and the number of the asking: once it is answered, or another institution
is named, the link does no more. Opening it changes nothing: mail scanners may follow it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workflow.groups.bearers import bound_to
from workflow.groups.models import Person

from .flow import taker
from .models import Handover, HandoverState

SALT = "palabre.handover"


@dataclass(frozen=True)
class Opened:
    """Whom a link lets answer. `over` says that this asking is answered, or taken back."""

    handover: Handover
    person: Person
    over: bool


def link_for(handover: Handover, person: Person) -> str:
    """The signed link of one person for what is asked now."""
    token = signing.dumps([handover.pk, person.pk, bound_to(person, SALT), handover.asked], salt=SALT, compress=True)
    return settings.SITE_URL + reverse("handover-by-link", args=[token])


def read(token: str) -> Opened | None:
    """What a link opens; None when it is forged, or its bearer does not speak for the institution any more."""
    try:
        handover_id, person_id, bound, number = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    handover = Handover.objects.with_all().filter(pk=handover_id).first()
    if person is None or bound_to(person, SALT) != bound or handover is None or not taker(handover, person):
        return None
    over = handover.state != HandoverState.ASKED or handover.asked != number or handover.is_over
    return Opened(handover, person, over)
