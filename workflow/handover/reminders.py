"""Reminders by mail: before an update institution's answer is due, and when its day has passed (S21).

And, once for each day that is set, when the next edition of a profile that was handed over is due (S02).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from workflow.engine import clock, outbox, reminding
from workflow.engine.models import OutboxRow
from workflow.groups.seated import holders, seats_in, speaking_for
from workflow.profiles.models import Edition, Profile

from . import rules
from .models import Handover, HandoverState


@clock.at_tick("hand-overs reminded")
def remind(now: datetime) -> int:
    """Put each reminder that is called for into the outbox; returns how many."""
    return reminding.remind("handover_reminder", _answers(now.date())) + reminding.remind(
        "next_edition_reminder", _editions(now.date())
    )


def _answers(today: date) -> Iterator[tuple[str, dict[str, object]]]:
    near = Handover.objects.filter(state=HandoverState.ASKED, reply_by__lte=today + rules.REMIND_BEFORE).order_by()
    for pk, reply_by in near.values_list("pk", "reply_by"):
        if reply_by and (which := rules.reminder(reply_by, today)):
            yield f"handover:{pk}:{reply_by}:{which}", {"handover": pk, "by": reply_by.isoformat(), "which": which}


def _editions(today: date) -> Iterator[tuple[str, dict[str, object]]]:
    """Profiles whose next edition is due, and none is under way."""
    open_ones = Edition.objects.all().open().values("profile")
    due = Profile.objects.filter(next_due__lte=today, next_due__gt=today - timedelta(days=365)).order_by()
    for pk, day in due.exclude(pk__in=open_ones).values_list("pk", "next_due"):
        if day:
            yield f"next-edition:{pk}:{day}", {"profile": pk, "due": day.isoformat()}


@outbox.handler("handover_reminder")
def expand(row: OutboxRow) -> None:
    """One mail for each who can answer; of a late one, for each who waits, too."""
    pk, reply_by, which = row.payload["handover"], row.payload["by"], row.payload["which"]
    asked = Handover.objects.with_all().filter(pk=pk, state=HandoverState.ASKED, reply_by=reply_by).first()
    if asked is None:
        raise outbox.Dropped("it is answered, or asked anew by now")
    told = {person.pk: f"handover_{which}" for person in speaking_for(asked.edition.update_institution_id, asked.twg)}
    if which == rules.OVER:
        keeping = holders(seats_in(asked.twg, ("chair", "secretariat")))
        told = {person.pk: "handover_late_keeper" for person in keeping} | told
    reminding.expand(row, asked, told.items())


@outbox.handler("next_edition_reminder")
def expand_next(row: OutboxRow) -> None:
    """One mail for each of the update institution's people and those who keep the TWG, if it is due still."""
    pk, day = row.payload["profile"], row.payload["due"]
    profile = Profile.objects.filter(pk=pk, next_due=day).select_related("twg").first()
    if profile is None or Edition.objects.filter(profile=profile).open().exists():
        raise outbox.Dropped("it is under way, or has another day by now")
    keeping = holders(seats_in(profile.twg, ("chair", "secretariat")))
    people = speaking_for(profile.updated_by_id, profile.twg) | keeping
    reminding.expand(row, profile, [(person.pk, "next_edition_due") for person in people.distinct()])
