"""Pages of what supports the work on data: the mapping study, the manual (S28)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from workflow.engine import readers, together
from workflow.engine.together import Listing, Wanted
from workflow.groups import access
from workflow.groups.form_tools import FORM, edit_page, initial_names, save_form, show_form
from workflow.groups.services import require

from . import selectors, services
from .forms import PublicationForm
from .models import DataSource
from .publications import SupportingPublication
from .views import EVENTS_ON_A_PAGE

Crumbs = list[tuple[str, str]]


def _crumbs() -> Crumbs:
    return [
        (_("Data across countries"), reverse("data-comparison")),
        (_("Supporting publications"), reverse("supporting-publications")),
    ]


@login_required
@require_GET
def publications(request: HttpRequest) -> HttpResponse:
    """All that supports the work on data."""
    found: QuerySet[SupportingPublication] = selectors.publications(request.user)
    context = {
        "publications": found,
        "may_keep": access.keeper(None, request.user),
        "crumbs": _crumbs()[:1],
    }
    return render(request, "recommendations/inventory/publications.html", context)


@login_required
@require_GET
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, and the sources that it helps with."""
    found = get_object_or_404(selectors.publications(request.user), pk=pk)
    helped: Any = DataSource.objects.all().visible_to(request.user).standing().filter(publications=found)
    listing = Listing(helped.order_by("twg__code", "pk"), "names", "kind", *selectors.PLACE)
    last = readers.last_wanted(found, request.user, EVENTS_ON_A_PAGE)
    read = together.answers({"helped": Wanted({"sources": listing}, lambda f: f["sources"]), "last": last})
    context = {
        "subject": found,
        "helped": read["helped"],
        "events": read["last"],
        "may_edit": access.project_keeper(found, request.user),
        "crumbs": _crumbs(),
    }
    return render(request, "recommendations/inventory/publication.html", context)


@login_required
@FORM
def publication_new(request: HttpRequest) -> HttpResponse:
    require(access.keeper, None, request.user)
    form = PublicationForm(request.POST or None, person=request.user, new=True, initial={"confidence": "stated"})
    back = reverse("supporting-publications")

    def save() -> str:
        made = services.record_publication(form.cleaned_data["project"], form.values, actor=request.user)
        return reverse("supporting-publication", args=[made.pk])

    return save_form(request, form, save, back=back, said=_("Recorded.")) or show_form(
        request, form, title=_("Record a publication"), button=_("Record"), back=back, draft="publication-new",
    )  # fmt: skip


@login_required
@FORM
def publication_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(selectors.publications(request.user), pk=pk)
    require(access.project_keeper, found, request.user)
    rest = [name for name in PublicationForm.kept if name not in PublicationForm.named]
    initial = initial_names(titles=found.titles, summaries=found.summaries) | {n: getattr(found, n) for n in rest}
    form = PublicationForm(request.POST or None, person=request.user, new=False, initial=initial)
    return edit_page(request, found, form, services.change_publication, title=_("Change the publication"))
