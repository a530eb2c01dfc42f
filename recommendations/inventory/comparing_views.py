"""Pages across countries: what each has sources for, where data is missing, and what helps (S28, S39)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.views.decorators.http import require_GET

from . import comparing, selectors
from .comparing import WAYS, Comparison
from .filters import GapsFilter
from .models import GapQuerySet
from .places import PLACE

ON_A_PAGE = 30


def compared(request: HttpRequest) -> Comparison:
    """What the address asks for; by section unless it names another way that there is."""
    way, part = request.GET.get("by", ""), request.GET.get("part", "")
    way = way if way in dict(WAYS) else "section"
    return comparing.compare(request.user, way, part if way == "section" and _is_part(part) else "")


def _is_part(part: str) -> bool:
    return bool(PLACE.fullmatch(part)) and "." not in part


@login_required
@require_GET
def comparison(request: HttpRequest) -> HttpResponse:
    """Sources and gaps of every country that the person follows, side by side (S39)."""
    context = {"comparison": compared(request), "ways": WAYS}
    return render(request, "recommendations/inventory/comparison.html", context)


def gaps_across(request: HttpRequest) -> tuple[GapsFilter, GapQuerySet]:
    """The filter, and the gaps of every country that pass it."""
    parts = [(letter, format_lazy("{}. {}", letter, title)) for letter, title in comparing.parts_for(request.user)]
    form = GapsFilter(request.GET or None, parts=parts)
    return form, selectors.by_weight(form.found(selectors.gaps(request.user)))


@login_required
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """The gaps of every country that the person follows, the gravest first."""
    form, found = gaps_across(request)
    context = {
        "form": form,
        "page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "recommendations/inventory/gaps_across.html", context)
