"""The project's page: funders, dates, its TWGs, and what ends with it (S04)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from . import twg_selectors
from .models import Person, Project


@login_required
@require_GET
def project_page(request: HttpRequest, code: str) -> HttpResponse:
    """The project to those who work in it; who holds IOM's seats only to those who may read their names."""
    person = request.user
    project = get_object_or_404(Project.objects.all().visible_to(person), code=code)
    seats = list(twg_selectors.iom_seats(project))
    readable = Person.objects.visible_to(person)
    context = {
        "project": project,
        "funders": project.funders.select_related("institution"),
        "rows": twg_selectors.listed(twg_selectors.list_of(person).filter(project=project)),
        "facts": twg_selectors.facts_of(project),
        "seats": seats,
        "named": set(readable.filter(pk__in=[s.person_id for s in seats]).values_list("pk", flat=True)),
        "carried": project.twgs.filter(linked_to=None).count(),
    }
    return render(request, "workflow/groups/project.html", context)
