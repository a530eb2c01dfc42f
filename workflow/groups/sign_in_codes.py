"""Codes to sign in leave through the outbox: a slow or dead mail server tells nobody which addresses hold a seat."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from workflow.engine import outbox
from workflow.engine.models import OutboxRow
from workflow.engine.notices import letter

from .models import Person

LASTS = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def send(person: Person, code: str) -> None:
    """Have the code sent to the person's address."""
    with transaction.atomic():
        key = f"code:{person.pk}:{secrets.token_hex(6)}"
        outbox.put("code", {"person": person.pk, "code": code}, key=key, new=True)


@outbox.handler("code")
def deliver(row: OutboxRow) -> outbox.Parcel:
    """One code while it is valid, in the person's language; the row forgets it once it is sent."""
    person = Person.objects.filter(pk=row.payload["person"], is_active=True).first()
    if person is None:
        raise outbox.Dropped("the person may no longer sign in")
    if timezone.now() - row.created_at > LASTS:
        raise outbox.Dropped("the code has ended")
    with translation.override(person.language):
        words = ("account/email/login_code_subject.txt", "account/email/login_code_message.txt")
        mail = letter(person, *words, {"code": row.payload["code"]}, message_key=row.key)
    forget = partial(OutboxRow.objects.filter(pk=row.pk).update, payload={"person": person.pk})
    return outbox.Parcel(mail.send, forget)
