"""Answers come by the dozen: whoever commented gets one mail for those of an hour, not one for each (S13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation

from workflow.engine import outbox
from workflow.engine.models import Event, OutboxRow
from workflow.engine.notices import letter

from . import asked, speaking
from .models import Remark, Round

EVERY = timedelta(hours=1)
LISTED = 20


def gather(remark: Remark, event: Event) -> None:
    """Note that the comment was answered: its author and its institution's focal points learn of it within the hour."""
    start = event.at.replace(minute=0, second=0, microsecond=0)
    people = {person.pk for person in asked.focal_points(remark.round.twg_id, [remark.institution_id])}
    if remark.followup and remark.user_id:
        people.add(remark.user_id)
    for person in sorted(people - {event.actor_id}):
        outbox.put(
            "answers", {"round": remark.round_id, "person": person, "from": start.isoformat()},
            key=f"answers:{remark.round_id}:{person}:{start:%Y%m%d%H}", due=start + EVERY,
        )  # fmt: skip


@outbox.handler("answers")
def send(row: OutboxRow) -> outbox.Parcel:
    """One mail with the answers of the hour, if the person may still read them."""
    person = get_user_model().objects.filter(pk=row.payload["person"], is_active=True).first()
    round_ = Round.objects.all().visible_to(person).with_all().filter(pk=row.payload["round"]).first()
    if person is None or round_ is None:
        raise outbox.Dropped("the recipient has left, or may no longer see this")
    start = datetime.fromisoformat(row.payload["from"])
    found = answered(round_, person, start, start + EVERY)
    count = found.count()
    if not count:
        raise outbox.Dropped("nothing that was answered is theirs any more")
    with translation.override(person.language):
        context = {
            "person": person,
            "subject": round_,
            "count": count,
            "remarks": found[:LISTED],
            "more": max(count - LISTED, 0),
            "url": settings.SITE_URL + reverse("round-mine", args=[round_.pk]),
        }
        names = ("workflow/mail/remarks_answered.subject.txt", "workflow/mail/remarks_answered.txt")
        return letter(person, *names, context, message_key=row.key)


def answered(round_: Round, person: Any, start: datetime, end: datetime) -> Any:
    """The comments of the person and of the institutions for which they speak that were answered in a time."""
    mine = speaking.institutions(person, round_.twg_id)
    within = Remark.objects.all().visible_to(person).filter(round=round_, answered_at__gte=start, answered_at__lt=end)
    found = within.comments().filter(institution__in=mine) | within.comments().filter(user=person)
    return found.with_all().order_by("number")
