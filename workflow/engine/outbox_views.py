"""For administrators: what could not be delivered, what is late, and a button to try again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from . import outbox
from .models import OutboxRow

Status = OutboxRow.Status
LATE = timedelta(minutes=1)
SHOWN = 50


def _administrators_only(request: HttpRequest) -> None:
    if not getattr(request.user, "is_administrator", False):
        raise Http404


def failed_outbox(request: HttpRequest) -> HttpResponse:
    """Rows that failed for good, and those that are late or being tried again. No mail's text is shown."""
    _administrators_only(request)
    now = timezone.now()
    waiting = Q(status=Status.WAITING)
    late = waiting & Q(due__lt=now - LATE) | Q(status=Status.SENDING, lease_until__lt=now)
    again = waiting & Q(attempts__gt=0)
    counts = OutboxRow.objects.aggregate(
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        late=Count("pk", filter=late),
        waiting=Count("pk", filter=waiting),
        done=Count("pk", filter=Q(status=Status.DONE)),
        dropped=Count("pk", filter=Q(status=Status.DROPPED)),
    )
    failed = OutboxRow.objects.filter(status=Status.FAILED).order_by("-pk")
    context = {
        "page_obj": Paginator(failed, SHOWN).get_page(request.GET.get("page")),
        "trying": OutboxRow.objects.filter(late | again).order_by("due")[:SHOWN],
        "figures": [
            (_("failed"), counts["failed"]),
            (_("late"), counts["late"]),
            (_("waiting"), counts["waiting"]),
            (_("delivered"), counts["done"]),
            (_("no longer needed"), counts["dropped"]),
        ],
    }
    return render(request, "workflow/engine/outbox.html", context)


def outbox_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed row again."""
    _administrators_only(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if outbox.retry(get_object_or_404(OutboxRow, pk=pk)):
        messages.success(request, _("It will be tried again at once."))
    else:
        messages.warning(request, _("It is not failed any more: nothing was changed."))
    return redirect("failed-outbox")
