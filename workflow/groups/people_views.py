"""A person's page, and one's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from workflow.engine.forms import StyledForm
from workflow.engine.forms_version import stated_version

from . import access, services
from .form_tools import FORM, save_form, show_form
from .models import Membership, Person, Project, ProjectSeat
from .twg_forms import zones


class MeForm(StyledForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["time_zone"]
        field.choices = [("UTC", "UTC"), *zones()]
        if person.time_zone not in dict(field.choices):
            field.choices = [(person.time_zone, person.time_zone), *field.choices]


@login_required
@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody with whom one shares a TWG: their address and the seats that one may know of."""
    shown = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = {
        "shown": shown,
        "seats": _seats(shown, request.user),
        "project_seats": _project_seats(shown, request.user),
        "administrates": access.seats(request.user).administrator and shown != request.user,
    }
    return render(request, "workflow/groups/person.html", context)


def _seats(shown: Person, reader: Any) -> QuerySet[Membership]:
    """Their seats in the TWGs that the reader may read from the inside; one's own where one may open the TWG."""
    seats = Membership.objects.active().filter(person=shown).select_related("twg__region", "institution")
    own = shown == reader or access.seats(reader).administrator
    return seats.filter(access.sees(reader, "twg__") if own else access.sees_inside(reader, "twg__"))


def _project_seats(shown: Person, reader: Any) -> QuerySet[ProjectSeat]:
    """Their IOM seats of today, in the projects that the reader knows of."""
    today = timezone.now().date()
    held = ProjectSeat.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), person=shown, starts_on__lte=today)
    return held.filter(project__in=Project.objects.all().visible_to(reader)).select_related("project")


@login_required
@require_POST
def person_access(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator lets somebody in or keeps them out."""
    if not access.seats(request.user).administrator:
        raise Http404
    shown = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    active = request.POST.get("active") == "yes"
    services.set_active(shown, active, actor=request.user, version=stated_version(request))
    messages.success(
        request, _("This person may sign in again.") if active else _("This person may no longer sign in.")
    )
    return redirect("person", shown.pk)


@login_required
@FORM
def me(request: HttpRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    person = get_object_or_404(Person, pk=request.user.pk)
    initial = {name: getattr(person, name) for name in ("name", "language", "time_zone")}
    form = MeForm(request.POST or None, person=person, initial=initial)

    def save() -> None:
        services.change_person(person, form.cleaned_data, actor=person, version=stated_version(request))

    answer = save_form(request, form, save, back=reverse("me"), said=_("Saved."))
    if answer is None:
        seats = {"seats": _seats(person, person), "project_seats": _project_seats(person, person)}
        return show_form(request, form, "workflow/groups/me.html", version=person.version, **seats)
    if isinstance(answer, HttpResponseRedirect):
        # The language chosen on this browser before would otherwise win over the one just saved.
        answer.delete_cookie(
            settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN
        )
    return answer
