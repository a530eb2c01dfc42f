"""Pages on which two revisions of a section, or two drafts of a text, are compared word by word (S13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from workflow.documents import diff

from . import reading, selectors
from .forms import CompareForm
from .models import Draft, DraftSection, Revision, TextSection

WAYS = ("inline", "sides")


@dataclass(frozen=True)
class Compared:
    """One section's differences: as running text, or side by side. `was` is its title before, if it had another."""

    title: str
    inline: str = ""
    sides: tuple[tuple[SafeString, SafeString], ...] = ()
    was: str = ""


def compared(title: str, old: str, new: str, *, way: str = WAYS[0], was: str = "") -> Compared:
    """The differences of two texts, shown in one of two ways."""
    lines = diff.fold(diff.compare(old, new))
    if way == "sides":
        return Compared(title, sides=tuple(diff.sides(lines)), was=was)
    return Compared(title, inline=diff.inline(lines), was=was)


def _way(request: HttpRequest) -> str:
    way = request.GET.get("way", WAYS[0])
    return way if way in WAYS else WAYS[0]


def _numbers(request: HttpRequest, last: int) -> tuple[int, int]:
    """`before` and `after` of the address, the newest step unless it says otherwise; 404 for what is no number."""
    numbers = CompareForm({"before": max(last - 1, 0), "after": last} | request.GET.dict()).numbers()
    if numbers is None or max(numbers) > last:
        raise Http404
    return numbers


# -- two revisions of a section ---------------------------------------------------------------------------


@login_required
@require_GET
def section_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two revisions of a section: `before` and `after` by their numbers, 0 for the empty page."""
    section: TextSection = get_object_or_404(selectors.sections(request.user), pk=pk)
    before, after = _numbers(request, section.number)
    found = {r.number: r for r in Revision.objects.filter(section=section, number__in=(before, after))}
    selectors.hide_names(found.values(), request.user)
    old, new = (found[number].body if number in found else "" for number in (before, after))
    context = {
        "title": str(section),
        "language": section.text.language,
        "last": section.number,
        "revisions": [found[number] for number in (before, after) if number in found],
        "before": before,
        "after": after,
        "way": _way(request),
        "sections": [compared("", old, new, way=_way(request))] if old != new else [],
        "crumbs": selectors.crumbs_to_section(section, request.user),
    }
    return render(request, "workflow/writing/compare.html", context)


# -- two drafts of a text ---------------------------------------------------------------------------------


@login_required
@require_GET
def draft_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft against another one of the same text, the one before it unless `before` says otherwise."""
    seen = Draft.objects.all().visible_to(request.user).select_related("text__twg__region")
    draft: Draft = get_object_or_404(seen, pk=pk)
    known = {other.number: other for other in draft.text.drafts.all()}
    asked = {"before": draft.number - 1, "after": draft.number} | request.GET.dict()
    numbers = CompareForm(asked).numbers()
    if numbers is None or numbers[1] not in known or (numbers[0] and numbers[0] not in known):
        raise Http404
    before, after = numbers
    steps = changed_sections(known.get(before), known[after])
    page = reading.page_of([step.line for step in steps], request.GET.get("page"))
    shown = {line.pk for line in page.lines}
    context = {
        "title": str(draft.text),
        "language": draft.text.language,
        "drafts": list(known.values()),
        "before": before,
        "after": after,
        "way": _way(request),
        "page": page,
        "count": len(steps),
        "sections": compare_sections((s for s in steps if s.line.pk in shown), way=_way(request)),
        "crumbs": [
            *selectors.crumbs_to_text(draft.text, request.user), (str(draft), reverse("draft", args=[pk]))
        ],
    }  # fmt: skip
    return render(request, "workflow/writing/compare.html", context)


@dataclass(frozen=True)
class Step:
    """One section that differs between two drafts: as it was and as it became, None where it was not there."""

    old: DraftSection | None
    new: DraftSection | None

    @property
    def line(self) -> DraftSection:
        """The newest of the two."""
        return self.new or self.old  # type: ignore[return-value]  # one of them is there

    @property
    def differs(self) -> bool:
        if self.old is None or self.new is None:
            return self.line.revision_id is not None
        told = [(line.revision_id, line.place, line.titles) for line in (self.old, self.new)]
        return told[0] != told[1]


def changed_sections(before: Draft | None, after: Draft) -> list[Step]:
    """The sections that differ between two drafts; no text is read for it."""
    old = {line.section_id: line for line in reading.lines_of(before)} if before else {}
    new = {line.section_id: line for line in reading.lines_of(after)}
    steps = [Step(old.get(key), new.get(key)) for key in {**old, **new}]
    return sorted((step for step in steps if step.differs), key=lambda step: step.line.position)


def compare_sections(steps: Iterable[Step], *, way: str = WAYS[0]) -> list[Compared]:
    """What differs in these sections, word by word: one query, however many there are."""
    listed = list(steps)
    texts = reading.bodies(line for step in listed for line in (step.old, step.new))
    return [_compare(step, texts, way) for step in listed]


def _compare(step: Step, texts: Mapping[int, str], way: str) -> Compared:
    old, new = (texts.get(line.revision_id or 0, "") if line else "" for line in (step.old, step.new))
    was = str(step.old) if step.old and step.new and str(step.old) != str(step.new) else ""
    return compared(str(step.line), old, new, way=way, was=was)
