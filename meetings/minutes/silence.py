"""Approval by silence: the deadline belongs to the database, and any process that ticks carries it out.

Whoever comments in the round breaks the silence, and so does a text that was changed after it was circulated; the
chair then approves the minutes, at the next meeting.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from workflow.comments.models import Remark, Round, RoundState
from workflow.engine import clock
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Unmet
from workflow.writing import services as writing
from workflow.writing.hooks import language_of_twg

from .flow import MinutesFlow
from .models import Minutes, MinutesQuerySet, MinutesState

AT_ONCE = 100
HELD = (RoundState.OPEN, RoundState.CLOSED, RoundState.ANSWERED)


def due(now: datetime) -> MinutesQuerySet:
    """Circulated minutes whose deadline has passed without a comment, in any of the TWGs that met."""
    others = Minutes.other_rounds.through.objects.filter(minutes=OuterRef(OuterRef("pk"))).values("round")
    here = Q(round=OuterRef("round")) | Q(round__in=others)
    said = Remark.objects.filter(here).comments().exclude(state="withdrawn")
    still_open = Round.objects.filter(pk__in=others, state=RoundState.OPEN, deadline__gt=now)
    return Minutes.objects.with_all().filter(
        ~Exists(said),
        ~Exists(still_open),
        state=MinutesState.CIRCULATED,
        by_silence=True,
        round__state__in=HELD,
        round__deadline__lte=now,
    )


@clock.at_tick("minutes approved by silence")
def approve_due(now: datetime) -> int:
    """Approve what nobody has commented on; harmless when somebody is faster."""
    return sum(_approve(minutes) for minutes in due(now).order_by("pk")[:AT_ONCE])


def _approve(minutes: Minutes) -> bool:
    text = writing.text_of(minutes)
    if text is None or not writing.settled(text):
        return False  # written on since it was circulated
    with translation.override(language_of_twg(minutes)):
        note = _("Nobody commented by the deadline.")
    try:
        engine.perform(MinutesFlow(minutes), "approve", actor=None, note=note, version=minutes.version)
    except (Conflict, Unmet):
        return False  # approved by hand, taken back, commented on or changed in this very moment
    return True
