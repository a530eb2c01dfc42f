"""What happens to a recommendation when it is issued, taken up again, or gives way to another."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet

from . import rules
from .models import Recommendation, RecommendationState


def issue(recommendation: Recommendation, issued_on: str) -> None:
    """Number and date it; one that was issued before keeps its number. Called inside the transition."""
    recommendation.issued_on = issued_on or recommendation.issued_on or recommendation.today.isoformat()
    if recommendation.number is None:
        recommendation.number = next_number(recommendation)


def next_number(recommendation: Recommendation) -> int:
    """The TWG's next number, held until the transaction ends: two that are issued at once don't get the same."""
    engine.hold(f"recommendations of {recommendation.twg_id}")
    same = Recommendation.objects.filter(twg=recommendation.twg_id, closed=recommendation.closed)
    return int(same.aggregate(last=Max("number"))["last"] or 0) + 1


def ask_again(recommendation: Recommendation) -> None:
    """Reports are owed from now on."""
    recommendation.report_due = rules.next_report(recommendation.today, recommendation.rhythm)


def give_way(recommendation: Recommendation, to: Recommendation, *, merged: bool) -> None:
    """Point to the one that takes its place, which is held so that the two don't give way to each other."""
    first, last = sorted((recommendation.pk, to.pk))
    engine.hold(f"recommendations {first} and {last}")
    successor = Recommendation.objects.get(pk=to.pk)
    if successor.state in (RecommendationState.SUPERSEDED, RecommendationState.LAPSED):
        raise Unmet(_("That one has lapsed or has given way itself: choose one that stands."))
    recommendation.superseded_by, recommendation.merged = successor, merged
    recommendation.report_due = None
