"""What waits for a person in the ballots room: the vote of their institution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import inbox

from . import selectors


@inbox.waiting("ballots")
def waiting(person: Any) -> Iterator[inbox.Item]:
    """Open ballots in which the person's institution has not voted, the soonest deadline first."""
    for ballot, elector in selectors.waiting(person):
        yield inbox.Item(
            title=ballot.question,
            detail=_("For %(institution)s, in %(twg)s") % {"institution": elector.name, "twg": ballot.twg.name},
            action=_("Vote"),
            url=reverse("vote", args=[ballot.pk, elector.institution_id]),
            due=timezone.localtime(ballot.deadline).date(),
        )
