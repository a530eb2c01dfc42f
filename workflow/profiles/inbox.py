"""What the profiles room puts on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.engine.flow import Act, unmet_reason
from workflow.engine.inbox import Item, coming, waiting
from workflow.groups import access

from . import selectors
from .flow import EditionFlow
from .models import Edition, Profile, Stage


@waiting("profiles")
def waiting_editions(person: Any) -> Iterator[Item]:
    """The step forward of each open edition, for those who hold a seat in its TWG and may take it.

    IOM may take some steps too, but they wait for the TWG: whoever follows ten countries would drown in them.
    """
    places = {seat.twg_id for seat in access.seats(person).present}
    if not places:
        return
    for row in selectors.rows(selectors.editions().filter(profile__twg__in=places).open()):
        edition = row.edition
        flow = EditionFlow(edition, Act(actor=person, offering=True))
        for transition in flow.outgoing():
            if transition.custom["kind"] == "forward" and transition.has_perm(flow, person):
                yield _item(row, transition, unmet_reason(transition, flow))


def _item(row: selectors.Row, transition: Any, missing: Any) -> Item:
    edition, visit = row.edition, row.standing.current
    exact = visit is not None and visit.since is not None and not visit.told
    if missing:
        action, url = _("See what is missing"), reverse("edition", args=[edition.pk])
    else:
        action, url = transition.label, reverse("act", args=["edition", edition.pk, transition.slug])
    return Item(
        title=str(edition),
        detail=missing or transition.custom["help"],
        action=action,
        url=url,
        since=visit.since.date() if exact and visit and visit.since else None,
    )


@coming("profiles")
def coming_editions(person: Any) -> Iterator[Item]:
    """When the next edition of a published profile is due (S02)."""
    if not access.holds_any_seat(person):
        return
    published = (
        Edition.objects.filter(stage=Stage.PUBLISHED, profile__in=Profile.objects.all().internal_to(person))
        .exclude(profile__update_months=None)
        .select_related("profile__twg")
        .order_by("profile", F("pk").desc())
    )
    seen: set[int] = set()
    for edition in published:
        if edition.profile_id in seen:
            continue
        seen.add(edition.profile_id)
        fresh = selectors.freshness(edition.profile, edition)
        if fresh.due:
            yield Item(
                title=_("Next edition of %(profile)s") % {"profile": edition.profile},
                action=_("Open the profile"),
                url=reverse("profile", args=[edition.profile.code]),
                due=fresh.due,
            )
