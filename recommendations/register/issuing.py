"""What happens to a recommendation when it is issued, taken up again, or gives way to another."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.groups.models import Region, Twg

from . import rules
from .models import Recommendation, RecommendationState, is_open

GONE = (RecommendationState.SUPERSEDED, RecommendationState.LAPSED)
MOST_READ = 5000  # of those that may be similar, the newest
MOST_OFFERED = 200
SHORT = 4  # letters of a word that says nothing about what is recommended


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


def day_of(meeting: Meeting | None) -> str:
    """The day of a meeting where it took place, or the date as far as it is known; "" for none."""
    if meeting is None:
        return ""
    if meeting.starts_at:
        return meeting.starts_at.astimezone(ZoneInfo(meeting.zone)).date().isoformat()
    return meeting.when


def ask_again(recommendation: Recommendation) -> None:
    """Reports are owed from now on."""
    recommendation.report_due = rules.next_report(recommendation.today, recommendation.rhythm)


# -- giving way -------------------------------------------------------------------------------------------


def others(recommendation: Recommendation) -> QuerySet[Recommendation]:
    """The TWG's others that stand, to be pointed at. An open one never points at one of a closed session (S31)."""
    found = Recommendation.objects.filter(twg=recommendation.twg_id, number__isnull=False).exclude(state__in=GONE)
    found = found.exclude(pk=recommendation.pk).order_by("closed", "number")
    return found if recommendation.is_closed else found.filter(is_open())


def label_of(recommendation: Recommendation) -> str:
    """“R3: Set up …”."""
    return f"{recommendation.reference}: {recommendation}"


def give_way(recommendation: Recommendation, to: Recommendation, *, merged: bool) -> None:
    """Point to the one that takes its place; both are held, so that two don't give way to each other."""
    engine.hold(f"recommendations of {recommendation.twg_id}")
    successor = Recommendation.objects.get(pk=to.pk)
    if successor.state in GONE:
        raise Unmet(_("That one has lapsed or has given way itself: choose one that stands."))
    recommendation.superseded_by, recommendation.merged = successor, merged
    recommendation.report_due = None


# -- others that it has to do with ------------------------------------------------------------------------


def nearest(recommendation: Recommendation, among: QuerySet[Recommendation]) -> list[Recommendation]:
    """Those that share most words with it first; what it repeats in no word is not offered."""
    mine = _telling_words(recommendation.folded)
    scored = []
    for one in among.order_by("-pk")[:MOST_READ]:
        shared = len(mine & _telling_words(one.folded))
        if shared:
            scored.append((-shared, one.pk, one))
    return [one for _score, _pk, one in sorted(scored, key=lambda pair: pair[:2])[:MOST_OFFERED]]


def _telling_words(folded: str) -> set[str]:
    return {word.strip(".,;:()«»\"'") for word in folded.split() if len(word) > SHORT}


def concerned(recommendation: Recommendation) -> QuerySet[Twg]:
    """The TWGs that one of a region's can be handed on to: of its countries, of its project, invited to its meeting;
    without those that have it already."""
    region, project = recommendation.twg.region, recommendation.twg.project_id
    wanted = Q(country__in=_countries(region)) if region else Q(pk__in=[])
    if project is not None:
        wanted |= Q(project=project)
    if recommendation.meeting_id:
        wanted |= Q(pk__in=Meeting.objects.filter(pk=recommendation.meeting_id).values("with_twgs"))
    have = Recommendation.objects.filter(cascaded_from=recommendation.pk).values("twg")
    found = Twg.objects.filter(wanted, linked_to=None).exclude(country="").exclude(pk__in=have)
    return found.select_related("region")


def can_be_handed_on(recommendation: Recommendation) -> bool:
    """Whether a region's recommendation has a country left to go to."""
    handed = recommendation.twg.region_id and recommendation.number and not recommendation.is_closed
    return bool(handed) and concerned(recommendation).exists()


def _countries(region: Region) -> list[str]:
    return [str(country) for country in region.countries]
