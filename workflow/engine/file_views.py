"""The page of a file that is being made, and the file itself: for whoever ordered it, and nobody else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from . import file_jobs
from .models import FileJob


def _mine(request: HttpRequest, pk: int) -> FileJob:
    job = get_object_or_404(FileJob, pk=pk, person=request.user.pk)
    if not file_jobs.may_have(job, request.user):
        raise Http404
    return job


@login_required
@require_GET
def file_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the page looks again by itself where scripts run."""
    return render(request, "workflow/engine/file_job.html", {"job": _mine(request, pk)})


@login_required
@require_GET
def file_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, once it is ready."""
    job = _mine(request, pk)
    if job.state != FileJob.State.READY:
        raise Http404
    try:
        content = job.file.open("rb")
    except FileNotFoundError as error:  # it may be ordered again
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=job.name, content_type=job.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
