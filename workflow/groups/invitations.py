"""Invitations: a mail with a link that signs a person in, once, within fourteen days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from workflow.engine import outbox
from workflow.engine import services as engine
from workflow.engine.history import events_of
from workflow.engine.models import OutboxRow
from workflow.engine.notices import letter

from . import access
from .models import Person, Twg
from .seats import Seat
from .services import SEAT_GIVERS, require

LASTS = timedelta(days=14)
SALT = "palabre.invitation"


def invite(person: Person, twg: Twg, *, actor: Any) -> None:
    """Send the person a link to the TWG in which they hold a seat. Each invitation is an event of theirs.

    Raises ValidationError when their seat opens nothing today, since the link would not work.
    """
    require(SEAT_GIVERS, twg, actor)
    access.forget(person)
    if _seat(person, twg.pk) is None:
        raise ValidationError(
            {"invite": _("There is nothing to invite to yet: this seat opens no page of the TWG today.")}
        )
    with transaction.atomic():
        with engine.change(person, "invited", actor=actor) as change:
            change.data["twg"] = twg.pk
        outbox.put(
            "invitation",
            {"person": person.pk, "twg": twg.pk, "by": str(actor or "Palabre")},
            key=f"invitation:{person.pk}:{person.version}",
        )


def link_for(person: Person, twg: Twg) -> str:
    """The signed link: bound to the address and to the last sign-in, so that the first sign-in uses it up."""
    token = signing.dumps([person.pk, twg.pk, _bound_to(person)], salt=SALT)
    return settings.SITE_URL + reverse("invitation", args=[token])


def _bound_to(person: Person) -> str:
    return f"{person.email}|{person.last_login.isoformat() if person.last_login else ''}"


def read(token: str) -> tuple[Person, Twg] | None:
    """Whom a link invites to which TWG; None when it is forged, used, too old, or the seat has ended."""
    try:
        person_id, twg_id, bound = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or _bound_to(person) != bound or _seat(person, twg_id) is None:
        return None
    return person, Twg.objects.get(pk=twg_id)


def inviter(person: Person, twg: Twg) -> str:
    """Who invited the person to the TWG last; empty when nobody is named."""
    invited = events_of(person).filter(name="invited", data__twg=twg.pk).select_related("actor").last()
    return str(invited.actor) if invited and invited.actor else ""


def _seat(person: Person, twg_id: int) -> Seat | None:
    """A seat of today that opens the TWG's page; none for somebody kept out or excluded by the terms."""
    return next((seat for seat in access.seats(person).present if seat.twg_id == twg_id), None)


@outbox.handler("invitation")
def deliver(row: OutboxRow) -> outbox.Parcel:
    """One invitation, if the seat is still held."""
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    twg = Twg.objects.filter(pk=row.payload["twg"]).first()
    seat = _seat(person, twg.pk) if person and twg else None
    if person is None or twg is None or seat is None:
        raise outbox.Dropped("the seat has ended")
    with translation.override(person.language):
        context = {
            "person": person,
            "twg": twg,
            "by": row.payload["by"],
            "institution": seat.institution_name,
            "url": link_for(person, twg),
            "until": timezone.now() + LASTS,
        }
        words = ("workflow/mail/invitation.subject.txt", "workflow/mail/invitation.txt")
        return letter(person, *words, context, message_key=row.key)
