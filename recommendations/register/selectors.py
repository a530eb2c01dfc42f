"""What the pages of recommendations read, in a constant number of queries; and what other rooms ask of them."""

from __future__ import annotations

from typing import Any

from meetings.scheduling.models import MeetingKind
from workflow.profiles.models import Edition

from .models import Ground, Recommendation


def issued_at(edition: Edition, person: Any = None) -> dict[str, bool]:
    """For the policy workshop's gate (S21): whether its workshop issued recommendations on policy, and on data.

    Counted are those that have been issued (also when they lapsed later) at a policy workshop of this edition. With a
    `person`, only those that they may know of: a page must not tell of what a closed session has issued (S31).
    """
    found = Recommendation.objects.all() if person is None else Recommendation.objects.all().visible_to(person)
    issued = found.filter(
        edition=edition, number__isnull=False, cascaded_from=None, meeting__kind=MeetingKind.POLICY_WORKSHOP
    )
    grounds = set(issued.order_by().values_list("ground", flat=True).distinct())
    return {ground.value: ground.value in grounds for ground in Ground}
