"""What the profiles room puts on the home page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.flow import Act, unmet_reason
from workflow.engine.inbox import Item, coming, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access
from workflow.groups.models import BodyKind, Twg
from workflow.writing.progress import Unwritten, sections_of, unwritten

from . import selectors
from .flow import EditionFlow
from .models import Edition, Profile, Stage
from .selectors import Row


@waiting("profiles")
def waiting_editions(person: Any) -> Wanted[Iterable[Item]] | None:
    """The next step of each profile, for those who hold a seat in its TWG and may take it.

    IOM may take some steps too, but they wait for the TWG: whoever follows ten countries would drown in them.
    """
    own = access.seats(person).present
    if not own:
        return None
    places = {seat.twg_id for seat in own}
    kept = {seat.twg_id for seat in own if seat.role in ("chair", "secretariat")}
    rows = [row for row in selectors.standing_editions(person) if row.edition.profile.twg_id in places]

    def made(found: Found) -> Iterator[Item]:
        for row in rows:
            if row.edition.is_open:
                yield from _steps(row, person)
            elif row.edition.profile.twg_id in kept or _keeps_up_to_date(row, person):
                yield from _overdue(row)
        yield from _not_begun(found)

    return Wanted(_listings(kept - {row.edition.profile.twg_id for row in rows}), made)


def _keeps_up_to_date(row: Row, person: Any) -> bool:
    """Whether the person's institution has taken the profile over (S02)."""
    profile = row.edition.profile
    return access.seats(person).speaks_for(profile.updated_by_id, profile.twg)


def _steps(row: Row, person: Any) -> Iterator[Item]:
    flow = EditionFlow(row.edition, Act(actor=person, offering=True))
    for transition in flow.outgoing():
        if transition.custom["kind"] == "forward" and transition.has_perm(flow, person):
            yield _step(row, transition, unmet_reason(transition, flow))


def _step(row: Row, transition: Any, missing: Any) -> Item:
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


@waiting("texts")
def waiting_texts(person: Any) -> Wanted[Iterable[Item]] | None:
    """What whoever drafts has to write: the first part with empty sections of each edition that is being drafted."""
    if not access.seats(person).present:
        return None
    rows = [row for row in selectors.standing_editions(person) if access.drafter(row.edition, person)]
    editions = {row.edition.pk: row.edition for row in rows if row.edition.stage == Stage.DRAFTING}
    if not editions:
        return None
    return Wanted(
        {"sections": sections_of("edition", editions)}, lambda found: _unwritten(editions, unwritten(found["sections"]))
    )


def _unwritten(editions: Mapping[int, Edition], left: Mapping[int, Unwritten]) -> Iterator[Item]:
    for pk, edition in editions.items():
        if pk not in left:
            yield Item(
                title=str(edition),
                detail=_("Its text is not begun yet: it opens with the template's sections."),
                action=_("Begin the text"),
                url=f"{reverse('edition', args=[pk])}#parts",
            )
        elif left[pk].parts:
            yield _to_write(str(edition), left[pk])


def _to_write(edition: str, left: Unwritten) -> Item:
    letter, count = next(iter(left.parts.items()))
    total = sum(left.parts.values())
    title = ngettext(
        "Part %(letter)s has %(count)d section to write", "Part %(letter)s has %(count)d sections to write", count
    )
    more = ngettext("%(count)d empty section in all", "%(count)d empty sections in all", total) % {"count": total}
    return Item(
        title=title % {"letter": letter, "count": count},
        detail=f"{edition} · {more}" if total > count else edition,
        action=_("Write"),
        url=f"{reverse('text', args=[left.text])}#part-{letter}",
    )


def _overdue(row: Row) -> Iterator[Item]:
    """A published profile whose next edition should be under way (S02)."""
    profile = row.edition.profile
    fresh = selectors.freshness(profile, row.edition)
    if fresh.overdue_days:
        yield Item(
            title=profile.title,
            detail=_("The next edition is due, and none is under way."),
            action=_("Open a new edition"),
            url=reverse("edition-new", args=[profile.code]),
            due=fresh.due,
        )


def _listings(twgs: set[int]) -> dict[str, Listing]:
    """Of TWGs whose profile stands nowhere: what they are called, and their profiles if they have any."""
    if not twgs:
        return {}
    own = Twg.objects.filter(pk__in=twgs, kind=BodyKind.TWG)
    return {
        "twgs": Listing(own.filter(profiles=None), "code", "names"),
        "profiles": Listing(Profile.objects.filter(twg__in=own), "code", "names"),
    }


def _not_begun(found: Found) -> Iterator[Item]:
    """TWGs with no profile yet, and profiles with no edition: the first things that a new TWG does (S48)."""
    for profile in found.get("profiles", ()):
        yield Item(
            title=profile.title,
            detail=_("No edition of this profile is under way."),
            action=_("Open an edition"),
            url=reverse("edition-new", args=[profile.code]),
        )
    for twg in found.get("twgs", ()):
        yield Item(
            title=twg.name,
            detail=_("This TWG has no profile yet."),
            action=_("Open the profile"),
            url=reverse("profile-new", args=[twg.code]),
        )


@coming("profiles")
def coming_editions(person: Any) -> Wanted[Iterable[Item]] | None:
    """When the next edition of a published profile is due, unless it is under way already (S02)."""
    own = access.seats(person)
    if not own.present and not own.projects:
        return None
    return Wanted({}, lambda found: _next_editions(person))


def _next_editions(person: Any) -> Iterator[Item]:
    kept = {seat.twg_id for seat in access.seats(person).present if seat.role in ("chair", "secretariat")}
    for row in selectors.standing_editions(person):
        profile = row.edition.profile
        if row.edition.stage != Stage.PUBLISHED or not access.inside(person, profile.twg):
            continue
        fresh = selectors.freshness(profile, row.edition)
        # Once overdue it waits for those who keep the TWG: then it is on their other list.
        theirs = profile.twg_id in kept or _keeps_up_to_date(row, person)
        if fresh.due and not (fresh.overdue_days and theirs):
            yield Item(
                title=_("Next edition of %(profile)s") % {"profile": profile},
                action=_("Open the profile"),
                url=reverse("profile", args=[profile.code]),
                due=fresh.due,
            )
