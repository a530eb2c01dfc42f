"""What waits for a person in the register: recommendations to answer, to report on, to verify, to issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.inbox import Item, waiting
from workflow.engine.models import Event
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from .models import UNDER_WAY, Recommendation, RecommendationState
from .selectors import LINE, overdue

RUNNING = ("chair", "secretariat")
MOST = 20  # of each kind; whoever keeps many has a list to look at


@waiting("recommendations")
def waiting_recommendations(person: Any) -> Wanted[Iterable[Item]] | None:
    """For the lead institution each report that is owed; for who runs the TWG each answer, and what is late as one."""
    own = access.seats(person)
    led = _led_by(own)
    run = {seat.twg_id for seat in own.present if seat.role in RUNNING}
    kept = {seat.twg_id for seat in own.present if seat.role == "secretariat"}
    known = Recommendation.objects.all().visible_to(person)
    listings: dict[str, Listing] = {}
    if led is not None:
        owed = known.filter(led, state__in=UNDER_WAY, report_due__lte=timezone.now().date())
        listings["owed"] = Listing(owed.order_by("report_due", "pk"), *LINE, most=MOST)
    if run or led is not None:
        answered_by = Q(twg__in=run) | (led if led is not None else Q(pk__in=[]))
        unanswered = known.filter(answered_by, state=RecommendationState.ISSUED)
        listings["unanswered"] = Listing(unanswered.order_by("due", "pk"), *LINE, most=MOST)
    if run or own.projects:
        listings["implemented"] = Listing(_to_verify(known, person, run, led), *LINE, most=MOST)
    if kept:
        listings["late"] = Listing(overdue(known.filter(twg__in=kept)).order_by("due", "pk"), *LINE)
        drafts = known.filter(twg__in=kept, state=RecommendationState.DRAFTED)
        listings["drafts"] = Listing(drafts.order_by("pk"), *LINE, most=MOST)
    return Wanted(listings, _items) if listings else None


def _led_by(own: Any) -> Q | None:
    """What the person's institutions are to carry out: `flow.leads`, for a query; None for nothing."""
    led: Q | None = None
    for seat in own.speaking:
        here = Q(twg=seat.twg_id) | Q(twg__linked_to=seat.twg_id)
        one = here & Q(lead=seat.institution_id)
        led = one if led is None else led | one
    return led


def _to_verify(known: Any, person: Any, run: set[int], led: Q | None) -> Any:
    """What others have said to be implemented; whoever said so, or carried it out, does not verify it."""
    said = Event.objects.filter(subject_kind="recommendation", subject_id=OuterRef("pk"), name="implement")
    mine = Q(twg__in=run) | Q(twg__project__in=access.seats(person).projects)
    found = known.filter(mine, state=RecommendationState.IMPLEMENTED)
    found = found.alias(said_by=Subquery(said.order_by("-sequence").values("actor_id")[:1]))
    found = found.filter(~Q(said_by=person.pk) | Q(said_by=None))
    return (found.exclude(led) if led is not None else found).order_by("pk")


def _items(found: Found) -> Iterator[Item]:
    yield from _each(found, "owed", _("Say how far it is"), lambda one: one.report_due, act="report")
    yield from _each(found, "unanswered", _("Accept or decline"), lambda one: None)
    yield from _each(found, "implemented", _("Verify it"), lambda one: None)
    yield from _each(found, "drafts", _("Issue it"), lambda one: None)
    yield from _late(found.get("late", ()))


def _each(found: Found, name: str, action: str, due: Callable[[Any], Any], act: str = "") -> Iterator[Item]:
    for one in found.get(name, ()):
        url = reverse("act", args=["recommendation", one.pk, act]) if act else reverse("recommendation", args=[one.pk])
        yield Item(title=str(one), detail=one.twg.name, action=action, url=url, due=due(one))


def _late(found: Iterable[Recommendation]) -> Iterator[Item]:
    """One line for each TWG."""
    groups: dict[int, list[Recommendation]] = {}
    for one in found:
        groups.setdefault(one.twg_id, []).append(one)
    for late in groups.values():
        said = ngettext("%(count)d recommendation is late", "%(count)d recommendations are late", len(late))
        yield Item(
            title=said % {"count": len(late)},
            detail=late[0].twg.name,
            action=_("See which"),
            url=reverse("twg-recommendations", args=[late[0].twg.code]) + "?late=on",
            due=late[0].due,
        )
