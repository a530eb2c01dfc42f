"""A meeting as a file, for whoever wants it in their calendar by hand."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from meetings.calendar import content

from . import entries
from .views import meeting_or_404


@login_required
@require_GET
def meeting_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting, with the reader as its only attendee: a file that is passed on tells of nobody else."""
    found = meeting_or_404(request, pk)
    if found.starts_at is None:
        raise Http404
    made = entries.entry(found, summary=found.title, description=found.description)
    name = f"meeting-{found.pk}.ics"
    answer = HttpResponse(content.publish([made]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
