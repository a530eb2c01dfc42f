"""Pages of the institution directory."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.engine import together
from workflow.engine.together import Found, Listing, Wanted

from . import access, codes, panels, services, spreadsheet
from .directory_forms import DirectoryFilter, InstitutionForm
from .form_tools import FORM, edit_page, initial_names, save_form, show_form
from .models import Institution, Membership
from .services import require

ON_A_PAGE = 50
PAGE = "institution"


@login_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All institutions, by country and category."""
    form = DirectoryFilter(request.GET or None, among=Institution.objects.all().visible_to(request.user))
    page = Paginator(form.found(), ON_A_PAGE).get_page(request.GET.get("page"))
    filtered = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page_obj": page, "filtered": filtered, "may_keep": access.keeper(None, request.user)}
    return render(request, "workflow/groups/directory.html", context)


@login_required
@require_safe
def institution_export(request: HttpRequest, form: str) -> HttpResponse:
    """The filtered directory as a spreadsheet that the import reads back."""
    visible = Institution.objects.all().visible_to(request.user)
    found = DirectoryFilter(request.GET or None, among=visible).found()
    content, content_type = spreadsheet.WRITERS[form](found)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="palabre-institutions.{form}"'
    return response


@login_required
@require_safe
def institution_page(request: HttpRequest, code: str) -> HttpResponse:
    """One institution: its names, where it sits, what it owns and convenes; people where one may read them."""
    person = request.user
    institution = get_object_or_404(Institution.objects.all().visible_to(person), code=code)
    found = together.answers({"own": _of_institution(institution, person)} | panels.wanted(institution, person, PAGE))
    context = {
        "institution": institution,
        "may_keep": access.institution_keeper(institution, person),
        "panels": panels.shown(found, PAGE),
        "crumbs": [(_("Directory"), reverse("directory"))],
        **found["own"],
    }
    return render(request, "workflow/groups/institution.html", context)


def _of_institution(institution: Institution, person: Any) -> Wanted[dict[str, Any]]:
    """Its seats of today in the TWGs that the person reads from the inside, and those of these that it convenes."""
    seats = Membership.objects.active().filter(access.sees_inside(person, "twg__"), institution=institution)
    twg = [f"twg__{column}" for column in ("code", "names", "linked_to", "project")]
    listings = {
        "seats": Listing(seats.order_by("twg__code", "id"), "role", *twg, "person__name", "person__email"),
        "convenes": Listing(institution.convenes.filter(access.sees_inside(person)), "code", "names"),
    }

    def made(found: Found) -> dict[str, Any]:
        seats = [(seat, access.may_read_addresses(person, seat.twg)) for seat in found["seats"]]
        return {"seats": seats, "convenes": found["convenes"]}

    return Wanted(listings, made)


@login_required
@FORM
def institution_new(request: HttpRequest) -> HttpResponse:
    """One more institution, with a code made from its name."""
    require(access.keeper, None, request.user)
    back = reverse("directory")
    form = InstitutionForm(request.POST or None, initial={"country": request.GET.get("country", "")})

    def save() -> str:
        fields = form.values
        fields["code"] = codes.free(Institution, fields["names"], prefix=fields["country"])
        institution = services.create_institution(fields, actor=request.user)
        return reverse("institution", args=[institution.code])

    said = _("The institution is in the directory.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Enter an institution"), button=_("Enter it"), back=back, draft="institution-new"
    )


@login_required
@FORM
def institution_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Names, acronym, category, country and website; the code stays."""
    institution = get_object_or_404(Institution.objects.all().visible_to(request.user), code=code)
    require(access.institution_keeper, institution, request.user)
    initial = initial_names(names=institution.names) | {
        name: getattr(institution, name) for name in ("acronym", "category", "website")
    }
    form = InstitutionForm(request.POST or None, initial=initial | {"country": str(institution.country)})
    return edit_page(request, institution, form, services.change_institution, title=_("Change the institution"))
