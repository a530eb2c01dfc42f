"""The project's page: funders, dates, its TWGs, and what ends with it (S04)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from workflow.engine import together

from . import twg_selectors
from .models import Project


@login_required
@require_safe
def project_page(request: HttpRequest, code: str) -> HttpResponse:
    """The project to those who work in it; who holds IOM's seats only to those who may read their names."""
    person = request.user
    project = get_object_or_404(Project.objects.all().visible_to(person), code=code)
    found = together.read(**twg_selectors.project_listings(project, person))
    context = {
        "project": project,
        "funders": found["funders"],
        "rows": twg_selectors.listed(twg_selectors.list_of(person).filter(project=project)),
        "facts": twg_selectors.facts(found["facts"]),
        "seats": found["seats"],
        "named": {readable.pk for readable in found["named"]},
        "carried": len(found["carried"]),
    }
    return render(request, "workflow/groups/project.html", context)
