"""The project's page: funders, dates, its TWGs, and what ends with it (S04)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from . import access, twg_selectors
from .models import Project


@login_required
@require_GET
def project_page(request: HttpRequest, code: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.all().visible_to(request.user), code=code)
    inside = project.pk in access.seats(request.user).projects or access.seats(request.user).administrator
    twgs = [(twg, twg_selectors.cadence(twg)) for twg in twg_selectors.list_of(request.user).filter(project=project)]
    context = {
        "project": project,
        "funders": project.funders.select_related("institution"),
        "rows": twgs,
        "facts": project.facts.all(),
        "seats": project.seats.select_related("person") if inside else [],
        "inside": inside,
    }
    return render(request, "workflow/groups/project.html", context)
