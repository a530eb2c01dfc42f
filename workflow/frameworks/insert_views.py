"""The button that puts the register's table into a section of Part E."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow.groups.services import require
from workflow.writing import selectors as writing
from workflow.writing.forms import SectionForm

from . import inserting
from .models import Insertion


@login_required
@require_POST
def section_register(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed comes with the button, so that nothing of it is lost; the editor shows it with the table."""
    section = get_object_or_404(writing.sections(request.user), pk=pk)
    require(section.text.paper.writers, section.text.about, request.user)
    what = request.POST.get("register", "")
    if what not in Insertion.What.values:
        raise BadRequest("the form names no table")
    form = SectionForm(request.POST)
    if not form.is_valid():
        for error in (message for errors in form.errors.values() for message in errors):
            messages.error(request, error)
        return redirect("section-edit", section.pk)
    told = form.cleaned_data
    try:
        inserting.insert(
            section, what, actor=request.user, body=told["body"], base=told["base"], note=told.get("note", "")
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The table is in the text below. Save it, or go on writing."))
    return redirect("section-edit", section.pk)
