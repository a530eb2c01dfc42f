"""What waits for a person in the data requests room (S11): answers to give, answers to read, answers that are late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access
from workflow.groups.access import collector

from .flow import spokesperson
from .models import DataRequest, RequestState

# What an item says of a request, and what tells whether it is late.
SHOWN = (
    "what", "state", "due", "institution__code", "institution__names", "section__text__drafted_by",
    *(f"twg__{column}" for column in ("code", "names", "time_zone", "linked_to")),
)  # fmt: skip


@waiting("requests")
def waiting_requests(person: Any) -> Wanted[Iterable[Item]] | None:
    """What an institution is asked is one thing to do for each request. What came and what is late is one line for
    each TWG: whoever keeps many requests would drown in them.
    """
    wanted = _wanted(person)
    if not wanted:
        return None
    rows = DataRequest.objects.filter(reduce(or_, wanted)).order_by("due", "pk")
    return Wanted({"requests": Listing(rows, *SHOWN)}, lambda found: _items(found, person))


def _items(found: Found, person: Any) -> Iterator[Item]:
    rows: list[DataRequest] = found["requests"]
    yield from (_to_answer(row) for row in rows if row.state == RequestState.ASKED and spokesperson(row, person))
    yield from _to_read(r for r in rows if r.state == RequestState.ANSWERED and collector(r, person))
    kept = {s.twg_id for s in access.seats(person).present if s.role == "secretariat"}
    yield from _late(r for r in rows if r.days_late and _at(r, kept))


def _wanted(person: Any) -> list[Q]:
    wanted: list[Q] = []
    own = access.seats(person)
    for seat in own.present:
        here = Q(twg=seat.twg_id) | Q(twg__linked_to=seat.twg_id)
        if seat in own.speaking:
            mine = Q(state=RequestState.ASKED, institution=seat.institution_id)
            drafted = Q(state=RequestState.ANSWERED, section__text__drafted_by=seat.institution_id)
            wanted.append(here & (mine | drafted))
        if seat.role == "secretariat":
            # A day of grace for the zones in which it is over already; days_late is exact.
            wanted.append(here & Q(state=RequestState.ASKED, due__lte=timezone.now().date()))
        if seat.drafts:
            wanted.append(here & Q(state=RequestState.ANSWERED))
    return wanted


def _at(request: DataRequest, twgs: set[int]) -> bool:
    return request.twg_id in twgs or request.twg.linked_to_id in twgs


def _to_answer(request: DataRequest) -> Item:
    return Item(
        title=request.what,
        detail=_("%(twg)s asks %(institution)s.") % {"twg": request.twg, "institution": request.institution},
        action=pgettext("button", "Answer"),
        url=reverse("act", args=["request", request.pk, "answer"]),
        due=request.due,
    )


def _to_read(found: Iterable[DataRequest]) -> Iterator[Item]:
    for twg, requests in _by_twg(found):
        count = len(requests)
        said = ngettext("%(count)d answer to a data request", "%(count)d answers to data requests", count)
        url = reverse("data-requests", args=[twg.code]) + f"?state={RequestState.ANSWERED}"
        yield Item(
            title=said % {"count": count},
            detail=str(twg),
            action=_("Read and accept"),
            url=reverse("data-request", args=[requests[0].pk]) if count == 1 else url,
        )


def _late(found: Iterable[DataRequest]) -> Iterator[Item]:
    for twg, requests in _by_twg(found):
        count = len(requests)
        said = ngettext("%(count)d data request is late", "%(count)d data requests are late", count)
        yield Item(
            title=said % {"count": count},
            detail=str(twg),
            action=_("See which"),
            url=reverse("data-requests", args=[twg.code]) + "?overdue=on",
            due=requests[0].due,
        )


def _by_twg(found: Iterable[DataRequest]) -> Iterable[tuple[Any, list[DataRequest]]]:
    groups: dict[int, list[DataRequest]] = {}
    for request in found:
        groups.setdefault(request.twg_id, []).append(request)
    return [(requests[0].twg, requests) for requests in groups.values()]
