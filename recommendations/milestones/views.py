"""Pages of milestones and hosting commitments, and the table across countries: will it last?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workflow.engine import history, kinds, readers
from workflow.engine.forms_version import stated_version
from workflow.engine.selectors import actions
from workflow.groups.form_tools import attempt, initial_names, show_form
from workflow.groups.models import Twg
from workflow.groups.services import require

from . import services
from .flow import KEEPERS
from .forms import HostingForm, MilestoneForm
from .models import Hosting, Milestone

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _with_all(model: Any, person: Any) -> Any:
    related = ("responsible", "counterpart", "linked_body") if model is Milestone else ("holder",)
    return model.objects.all().visible_to(person).select_related("twg__region", "twg__linked_to", *related)


@login_required
@require_GET
def milestones(request: HttpRequest) -> HttpResponse:
    """Across countries: which steps are taken, which promises stand, and where there is none."""
    steps = list(_with_all(Milestone, request.user))
    promises = list(_with_all(Hosting, request.user))
    known = {s.twg_id for s in [*steps, *promises]}
    silent = Twg.objects.internal_to(request.user).filter(linked_to=None).exclude(pk__in=known).select_related("region")
    context = {"steps": steps, "promises": promises, "silent": silent}
    return render(request, "recommendations/milestones/milestones.html", context)


@login_required
@require_GET
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(_with_all(Milestone, request.user), pk=pk), "milestone")


@login_required
@require_GET
def hosting(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(_with_all(Hosting, request.user), pk=pk), "hosting")


def _page(request: HttpRequest, subject: Any, name: str) -> HttpResponse:
    events = list(history.events_of(subject).order_by("-sequence")[:5])
    context = {
        "subject": subject,
        "kind_name": name,
        "actions": actions(subject, request.user),
        "may_edit": KEEPERS(subject, request.user),
        "edit_url": reverse(f"{name}-edit", args=[subject.pk]),
        "events": readers.lines_for(events, request.user),
        "crumbs": [(subject.twg.name, reverse("twg", args=[subject.twg.code]))],
    }
    return render(request, f"recommendations/milestones/{name}.html", context)


@login_required
@FORM
def milestone_new(request: HttpRequest, code: str) -> HttpResponse:
    return _new(request, code, MilestoneForm, services.record_milestone, _("Record a milestone"))


@login_required
@FORM
def hosting_new(request: HttpRequest, code: str) -> HttpResponse:
    return _new(request, code, HostingForm, services.record_hosting, _("Record a promise to host"))


def _new(request: HttpRequest, code: str, form_class: Any, service: Any, title: str) -> HttpResponse:
    twg = get_object_or_404(Twg.objects.visible_to(request.user).select_related("linked_to", "region"), code=code)
    require(KEEPERS, twg, request.user)
    form = form_class(request.POST or None, twg=twg, initial={"confidence": "stated"})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: service(twg, form.values, actor=request.user))
        if made:
            messages.success(request, _("Recorded."))
            return redirect(kinds.of(made).url(made))
    back = reverse("twg", args=[twg.code])
    return show_form(
        request, form, title=title, button=_("Record"), back=back, lead=twg.name, draft=f"{title}-{twg.pk}"
    )


@login_required
@FORM
def milestone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(_with_all(Milestone, request.user), pk=pk)
    initial = initial_names(titles=subject.titles, evidence=subject.evidence)
    return _edit(request, subject, MilestoneForm, initial, services.change_milestone)


@login_required
@FORM
def hosting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(_with_all(Hosting, request.user), pk=pk)
    return _edit(request, subject, HostingForm, initial_names(statements=subject.statements), services.change_hosting)


def _edit(request: HttpRequest, subject: Any, form_class: Any, initial: dict[str, Any], service: Any) -> HttpResponse:
    require(KEEPERS, subject, request.user)
    initial |= {name: getattr(subject, name) for name in form_class.kept if name not in form_class.named}
    form = form_class(request.POST or None, twg=subject.twg, initial=initial)
    back = kinds.of(subject).url(subject)
    if request.method == "POST" and form.is_valid():
        version = stated_version(request)

        def save() -> bool:
            service(subject, form.values, actor=request.user, version=version)
            return True

        if attempt(form, save):
            messages.success(request, _("Saved."))
            return redirect(back)
    return show_form(
        request, form, title=_("Change"), button=_("Save"), back=back, lead=str(subject), version=subject.version,
        draft=f"{kinds.of(subject).name}-{subject.pk}",
    )  # fmt: skip
