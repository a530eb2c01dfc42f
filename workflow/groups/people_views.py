"""A person's page, and one's own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from workflow.engine.forms import StyledForm
from workflow.engine.forms_version import stated_version

from . import access, services
from .form_tools import attempt
from .models import Membership, Person
from .twg_forms import zones
from .twg_views import FORM


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
@require_GET
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody with whom one shares a TWG: their address and the seats that one may know of."""
    shown = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = {
        "shown": shown,
        "seats": _seats(shown, request.user),
        "project_seats": shown.project_seats.filter(project__in=access.seats(request.user).projects).select_related(
            "project"
        ),
        "administrates": access.seats(request.user).administrator and shown != request.user,
    }
    return render(request, "workflow/groups/person.html", context)


def _seats(shown: Person, reader: Any) -> Any:
    """Their seats in the TWGs that the reader may read from the inside; one's own all."""
    seats = Membership.objects.active().filter(person=shown).select_related("twg__region", "institution")
    own = shown == reader or access.seats(reader).administrator
    return seats if own else seats.filter(access.sees_inside(reader, "twg__"))


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
    person: Any = request.user
    initial = {name: getattr(person, name) for name in ("name", "language", "time_zone")}
    form = MeForm(request.POST or None, person=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = stated_version(request)

        def save() -> bool:
            services.change_person(person, form.cleaned_data, actor=person, version=version)
            return True

        if attempt(form, save):
            messages.success(request, _("Saved."))
            return redirect("me")
    context = {
        "form": form,
        "seats": _seats(person, person),
        "projects": person.project_seats.select_related("project"),
    }
    return render(request, "workflow/groups/me.html", context, status=422 if form.errors else 200)
