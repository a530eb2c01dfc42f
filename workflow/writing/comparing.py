"""Pages on which two revisions of a section, or two drafts of a text, are compared word by word (S13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.documents import diff

from . import selectors
from .forms import CompareForm
from .models import Draft, DraftSection, Revision, TextSection

WAYS = ("inline", "sides")


@dataclass(frozen=True)
class Compared:
    """One section's differences: as running text, and side by side."""

    title: str
    same: bool
    inline: SafeString
    sides: list[tuple[SafeString, SafeString]]


def compared(title: str, old: str, new: str, *, side_by_side: bool) -> Compared:
    if old == new:
        return Compared(title, True, SafeString(""), [])
    lines = diff.fold(diff.compare(old, new))
    return Compared(
        title, False, SafeString("") if side_by_side else diff.inline(lines), diff.sides(lines) if side_by_side else []
    )


def _way(request: HttpRequest) -> str:
    way = request.GET.get("way", WAYS[0])
    return way if way in WAYS else WAYS[0]


@login_required
@require_GET
def section_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two revisions of a section: `before` and `after` by their numbers, 0 for the empty page."""
    section: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    asked = {"before": max(section.number - 1, 0), "after": max(section.number, 1)} | request.GET.dict()
    numbers = CompareForm(asked).numbers()
    if numbers is None:
        raise Http404
    before, after = numbers
    bodies = dict(Revision.objects.filter(section=section, number__in=numbers).values_list("number", "body"))
    if after not in bodies or (before and before not in bodies):
        raise Http404
    revisions = selectors.revision_lines(section, request.user)
    way = _way(request)
    context = {
        "title": str(section),
        "choices": [(r.number, _label(r)) for r in revisions],
        "from_nothing": True,
        "before": before,
        "after": after,
        "way": way,
        "sections": [compared("", bodies.get(before, ""), bodies[after], side_by_side=way == "sides")],
        "crumbs": [*selectors.crumbs_of(section.text, request.user), (str(section), reverse("section", args=[pk]))],
    }
    return render(request, "workflow/writing/compare.html", context)


def _label(revision: Revision) -> str:
    told = {"number": revision.number, "author": revision.author_name, "note": revision.note}
    if revision.note:
        return _("Revision %(number)d, %(author)s: %(note)s") % told
    return _("Revision %(number)d, %(author)s") % told


@login_required
@require_GET
def draft_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft against another one of the same text, the one before it unless `before` says otherwise."""
    draft: Draft = get_object_or_404(Draft.objects.all().visible_to(request.user).select_related("text__twg"), pk=pk)
    known = {d.number: d for d in Draft.objects.filter(text=draft.text)}
    asked = {"before": draft.number - 1, "after": draft.number} | request.GET.dict()
    numbers = CompareForm(asked).numbers()
    if numbers is None or numbers[1] not in known or (numbers[0] and numbers[0] not in known):
        raise Http404
    before, after = numbers
    way = _way(request)
    context = {
        "title": str(draft.text),
        "choices": [(d.number, str(d)) for d in known.values()],
        "from_nothing": True,
        "before": before,
        "after": after,
        "way": way,
        "sections": sections_compared(known.get(before), known[after], side_by_side=way == "sides"),
        "crumbs": [*selectors.crumbs_of(draft.text, request.user), (str(draft), reverse("draft", args=[pk]))],
    }
    return render(request, "workflow/writing/compare.html", context)


def sections_compared(before: Draft | None, after: Draft, *, side_by_side: bool = False) -> list[Compared]:
    """Every section that either draft has; two queries, however many there are."""
    old = _bodies(before) if before else {}
    new = _bodies(after)
    order: dict[int, Any] = {**old, **new}
    return [
        compared(str(order[key]), old[key].body if key in old else "", new[key].body if key in new else "",
                 side_by_side=side_by_side)
        for key in sorted(order, key=lambda key: order[key].position)
    ]  # fmt: skip


def _bodies(draft: Draft) -> dict[int, DraftSection]:
    return {line.section_id: line for line in DraftSection.objects.filter(draft=draft).select_related("revision")}
