"""Pages of recommendations: the lists, one of them, its files, and the files that lists become."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.documents import pdf_out
from workflow.engine import kinds, readers, together
from workflow.engine.selectors import actions
from workflow.groups import access, crumbs, panels
from workflow.groups.models import Twg
from workflow.writing import storing
from workflow.writing.pace import at_a_pace

from . import exporting, issuing, selectors
from .flow import KEEPERS
from .forms import RecommendationFilter
from .models import Recommendation

ON_A_PAGE = 30


# -- lists ------------------------------------------------------------------------------------------------


@login_required
@require_GET
def recommendations(request: HttpRequest) -> HttpResponse:
    """Across TWGs: what was recommended, what became of it, country by country (S21, S22)."""
    form = RecommendationFilter(request.GET or None, person=request.user)
    places = selectors.by_twg(form.found())
    context = _listed(request, form, selectors.together(places)) | {"places": places}
    return render(request, "recommendations/register/recommendations.html", context)


@login_required
@require_GET
def twg_recommendations(request: HttpRequest, code: str) -> HttpResponse:
    """A TWG's recommendations, what is open first, the soonest due first."""
    twg = get_object_or_404(selectors.twgs(request.user), code=code)
    form = RecommendationFilter(request.GET or None, person=request.user, twg=twg)
    context = _listed(request, form, selectors.standing(form.found())) | {
        "twg": twg,
        "may_draft": KEEPERS(twg, request.user),
        "crumbs": crumbs_to(twg, request.user)[:1],
    }
    return render(request, "recommendations/register/recommendations.html", context)


def _listed(request: HttpRequest, form: RecommendationFilter, standing: selectors.Standing) -> dict[str, Any]:
    paginator = Paginator(selectors.listed(form.found()), ON_A_PAGE)
    paginator.count = standing.listed  # counted with the rest
    return {
        "form": form,
        "standing": standing,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": request.GET.urlencode(),
        "no_pdf": pdf_out.available(),
    }


@login_required
@require_GET
@at_a_pace("export")
def recommendations_export(request: HttpRequest, ending: str) -> HttpResponse:
    """The filtered list as Excel, CSV, Word or PDF; a long one is made by the worker."""
    form = RecommendationFilter(request.GET or None, person=request.user)
    total = form.found().count()
    if total > exporting.AT_ONCE[ending]:
        return redirect("file-job", exporting.later(request.user, form.params(), ending).pk)
    made = exporting.make(form, ending, total)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# -- one of them ------------------------------------------------------------------------------------------


def find(request: HttpRequest, pk: int) -> Recommendation:
    """The recommendation, for those who read it; 404 for all others."""
    found: Recommendation = get_object_or_404(
        selectors.recommendations(request.user).select_related("edition__profile", "section__part", "twg__linked_to"),
        pk=pk,
    )
    return found


@login_required
@require_GET
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is recommended to whom and why, what was answered, how far it is, and what it has to do with others."""
    subject, person = find(request, pk), request.user
    inside = access.inside(person, subject.twg)
    wanted = {"page": selectors.page_of(subject, person, history=inside)}
    found = together.answers(wanted | panels.wanted(subject, person, "recommendation"))
    read = found["page"]
    may_keep = KEEPERS(subject, person)
    context = {
        **read,
        "subject": subject,
        "panels": panels.shown(found, "recommendation"),
        "inside": inside,
        "opens_twg": access.opens(person, subject.twg),
        "names": access.may_read_addresses(person, subject.twg),
        "actions": actions(subject, person) if inside else [],
        "may_keep": may_keep,
        "may_cascade": may_keep and issuing.can_be_handed_on(subject),
        "standing": selectors.handed_on(read["cascade"]),
        "meeting_url": _meeting_url(subject, person),
        "events": readers.last_lines(read, person) if inside else [],
        "crumbs": crumbs_to(subject.twg, person),
    }
    return render(request, "recommendations/register/recommendation.html", context)


def _meeting_url(subject: Recommendation, person: Any) -> str:
    """The page of the meeting that issued it, for those who may open it: a country may not open its region's."""
    kind = kinds.get("meeting")
    if subject.meeting is None or kind is None:
        return ""
    return kind.url(subject.meeting) if kind.visible_to(person).filter(pk=subject.meeting_id).exists() else ""


def crumbs_to(twg: Twg, person: Any) -> list[tuple[str, str]]:
    """The TWG, for those who may open its page, and its list."""
    return [*crumbs.to_twg(twg, person), (_("Recommendations"), reverse("recommendations") + f"?twg={twg.code}")]


@login_required
@require_GET
def progress_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that shows progress, to be downloaded by those who read the recommendation."""
    found = selectors.report_file(request.user, pk)
    if found is None:
        raise Http404
    return storing.given(request, found, attached=True)
