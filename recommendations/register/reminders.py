"""Reports are asked for at the rhythm set, by mail with one-press answers; what is late is told to those who keep it.

Each is one row of the outbox, whose key names the recommendation and the day, so that it is sent once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from workflow.engine import clock, history, outbox, reminding
from workflow.engine.models import OutboxRow

from . import asked, rules
from .models import OPEN, UNDER_WAY, Recommendation

FOLDER = "recommendations/mail"
ASK, LATE = "report_asked", "overdue"
A_DAY = timedelta(days=1)  # zones in which the day has come already


@clock.at_tick("progress reports asked for")
def ask(now: datetime) -> int:
    """Put a row into the outbox for each report that is owed and each recommendation that is late; returns how many."""
    return reminding.remind("progress_asked", _wanted(now))


def _wanted(now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    latest = (now + A_DAY).date()
    columns = ("pk", "twg__time_zone")
    owed = Recommendation.objects.filter(state__in=UNDER_WAY, report_due__lte=latest).order_by()
    for pk, zone, day in owed.values_list(*columns, "report_due"):
        if rules.today_in(zone) >= day:
            yield f"progress:{pk}:{day}:{ASK}", {"recommendation": pk, "day": day.isoformat(), "which": ASK}
    # Told once, in the weeks after the day: what a project file brings from years ago is no news.
    late = Recommendation.objects.filter(
        state__in=OPEN, due__lt=latest, due__gte=latest - rules.NEWS, cascade=None
    ).order_by()  # fmt: skip
    for pk, zone, day in late.values_list(*columns, "due"):
        if rules.days_late(day, rules.today_in(zone)):
            yield f"progress:{pk}:{day}:{LATE}", {"recommendation": pk, "day": day.isoformat(), "which": LATE}


@outbox.handler("progress_asked")
def expand(row: OutboxRow) -> None:
    """One mail for each who can answer; of what is late, for those who keep it, too. What was done meanwhile is not."""
    told = row.payload
    column, states = ("report_due", UNDER_WAY) if told["which"] == ASK else ("due", OPEN)
    found = Recommendation.objects.filter(pk=told["recommendation"], state__in=states, **{column: told["day"]})
    recommendation = found.select_related("twg").first()
    event = history.events_of(recommendation).last() if recommendation else None
    if recommendation is None or event is None:
        raise outbox.Dropped("it is answered, or has another day by now")
    people = {person.pk for person in asked.leading(recommendation)}
    if told["which"] == LATE:
        people |= {person.pk for person in asked.keeping(recommendation)}
    about = {"event": event.pk, "internal": True, "template": f"{FOLDER}/{told['which']}"}
    outbox.put_many("mail", [(f"mail:{row.key}:{pk}", {**about, "person": pk}) for pk in sorted(people)])
