"""Pages of courses, trainings, those who take part, and certificates; the last are everybody's (S33)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from meetings.scheduling.crumbs import to_meeting
from meetings.scheduling.models import Meeting
from workflow.engine import history, readers
from workflow.engine.selectors import actions
from workflow.groups import access
from workflow.groups.form_tools import FORM, attempt, edit_page, initial_names, save_form, show_form, status_of
from workflow.groups.services import require
from workflow.writing.hooks import language_of_twg
from workflow.writing.pace import at_a_pace

from . import certifying, selectors, services
from .flow import OVER, RUNNERS
from .forms import CodeForm, CompletedForm, CourseForm, EnrolForm, TeachForm
from .models import Course, Participation, Training

EVENTS_ON_A_PAGE = 5


# -- courses ----------------------------------------------------------------------------------------------


@login_required
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The common catalogue."""
    if not access.holds_any_seat(request.user):
        raise Http404
    context = {"courses": selectors.courses(request.user), "may_keep": access.keeper(None, request.user)}
    return render(request, "meetings/trainings/courses.html", context)


@login_required
@require_GET
def course(request: HttpRequest, code: str) -> HttpResponse:
    """What is taught, and where it was."""
    found = get_object_or_404(selectors.courses(request.user), code=code)
    context = {
        "course": found,
        "trainings": selectors.of_course(found, request.user),
        "may_keep": access.keeper(found, request.user),
        "crumbs": [(_("Courses"), reverse("courses"))],
    }
    return render(request, "meetings/trainings/course.html", context)


@login_required
@FORM
def course_new(request: HttpRequest) -> HttpResponse:
    require(access.keeper, None, request.user)
    form = CourseForm(request.POST or None)

    def save() -> str:
        return reverse("course", args=[services.record_course(form.values, actor=request.user).code])

    back = reverse("courses")
    return save_form(request, form, save, back=back, said=_("Recorded.")) or show_form(
        request, form, title=_("Record a course"), button=_("Record"), back=back, draft="course-new"
    )


@login_required
@FORM
def course_edit(request: HttpRequest, code: str) -> HttpResponse:
    found: Course = get_object_or_404(selectors.courses(request.user), code=code)
    require(access.keeper, found, request.user)
    named = initial_names(titles=found.titles, descriptions=found.descriptions)
    form = CourseForm(request.POST or None, initial={"code": found.code, "hours": found.hours, **named})
    return edit_page(request, found, form, services.change_course, title=_("Change the course"))


# -- trainings --------------------------------------------------------------------------------------------


def _training(request: HttpRequest, pk: int) -> Training:
    """The training of a meeting, for those who run it (403 for other readers, 404 for all else)."""
    found: Training = get_object_or_404(selectors.trainings(request.user), meeting=pk)
    require(RUNNERS, found, request.user)
    return found


@login_required
@require_GET
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """What a training teaches, and who takes part."""
    meeting: Meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    found = getattr(meeting, "training", None)
    runs = bool(RUNNERS(meeting, request.user))
    context = {
        "meeting": meeting,
        "training": found,
        "people": list(selectors.participations(request.user).filter(training=found)) if found else [],
        "names": access.fully(request.user, meeting.twg),
        "may_run": runs,
        "over": meeting.state in OVER,
        "crumbs": to_meeting(meeting),
    }
    return render(request, "meetings/trainings/training.html", context)


@login_required
@FORM
def training_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which course it teaches."""
    meeting: Meeting = get_object_or_404(selectors.meetings(request.user), pk=pk)
    require(RUNNERS, meeting, request.user)
    found = getattr(meeting, "training", None)
    form = TeachForm(request.POST or None, initial={"course": found.course_id if found else None})
    back = reverse("training", args=[meeting.pk])

    def save() -> None:
        services.teach(meeting, form.cleaned_data["course"], actor=request.user)

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Say which course it teaches"), button=_("Save"), back=back, lead=meeting.title
    )


@login_required
@FORM
def training_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody more takes part."""
    found = _training(request, pk)
    form = EnrolForm(request.POST or None, training=found)
    back = reverse("training", args=[pk])

    def save() -> None:
        told = form.cleaned_data
        if told["person"]:
            services.enrol(found, told["person"], actor=request.user)
        else:
            services.enrol_by_name(found, told["name"], told["institution"], actor=request.user)

    return save_form(request, form, save, back=back, said=_("Enrolled.")) or show_form(
        request, form, title=_("Enrol somebody"), button=_("Enrol"), back=back, lead=str(found),
        draft=f"enrol-{found.pk}",
    )  # fmt: skip


@login_required
@FORM
def training_completed(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has completed the course: several at once."""
    found = _training(request, pk)
    ends = found.meeting.ends_at
    form = CompletedForm(request.POST or None, training=found, initial={"completed_on": ends.date() if ends else None})
    back = reverse("training", args=[pk])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        count = attempt(form, lambda: services.complete(told["who"], told["completed_on"], actor=request.user))
        if count is not None:
            said = ngettext("%(count)d certificate is issued.", "%(count)d certificates are issued.", count)
            messages.success(request, said % {"count": count})
            return redirect(back)
    context = {"title": _("Say who has completed it"), "button": _("Save"), "back": back, "lead": str(found)}
    return render(request, "workflow/groups/form.html", {"form": form, **context}, status=status_of(form))


# -- who takes part ---------------------------------------------------------------------------------------


@login_required
@require_GET
def participation(request: HttpRequest, pk: int) -> HttpResponse:
    """How far somebody is, and the certificate."""
    one: Participation = get_object_or_404(selectors.participations(request.user), pk=pk)
    events = list(history.events_of(one).order_by("-sequence")[:EVENTS_ON_A_PAGE])
    certificate = certifying.current(one)
    context = {
        "subject": one,
        "training": one.training,
        "certificate": certificate,
        "address": certifying.address(certificate) if certificate else "",
        "actions": actions(one, request.user),
        "events": readers.lines_for(events, request.user),
        "crumbs": [(str(one.training), reverse("training", args=[one.training.meeting_id]))],
    }
    return render(request, "meetings/trainings/participation.html", context)


@login_required
@require_GET
@at_a_pace("export")
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as PDF, in the TWG's language."""
    one: Participation = get_object_or_404(selectors.participations(request.user), pk=pk)
    certificate = certifying.current(one)
    if certificate is None:
        raise Http404
    language = language_of_twg(one)
    with translation.override(language):
        answer = HttpResponse(certifying.pdf(certificate, language), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{certificate.code}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@at_a_pace("export")
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Where a stranger types the code of a certificate."""
    form = CodeForm(request.GET or None)
    if request.GET and form.is_valid():
        code = certifying.spelled(form.cleaned_data["code"])
        if certifying.check(code) is not None:
            return redirect("certificate", code)
        form.add_error("code", _("There is no certificate with this code."))
    return render(request, "meetings/trainings/check.html", {"form": form}, status=status_of(form))


@require_GET
@at_a_pace("export")
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What was certified, and whether it still holds: for everybody who has the code."""
    checked = certifying.check(code)
    if checked is None:
        raise Http404
    answer = render(request, "meetings/trainings/certificate.html", {"checked": checked})
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "private, no-store"
    return answer
