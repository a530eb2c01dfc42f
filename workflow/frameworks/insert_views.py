"""The button that puts the register's table into a section of Part E."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workflow.engine import refusals
from workflow.engine.errors import Conflict, Unmet
from workflow.groups.form_tools import attempt, typed
from workflow.groups.services import require
from workflow.writing import at_work, editing
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
        return editing.section_edit(request, pk=pk)  # shows it with its mistakes, and saves nothing
    told = form.cleaned_data
    try:
        inserting.insert(section, what, actor=request.user, **told)
        messages.success(request, _("The table is in the text below. Save it, or go on writing."))
    except ValidationError as error:
        attempt(form, lambda: at_work.keep_scratch(section, request.user, **told))
        messages.error(request, " ".join(error.messages))
    except Unmet as error:  # the text was closed while it was typed: give back what can't be kept
        return refusals.page(request, Conflict(section, [], error.reason), kept=typed(form))
    return redirect("section-edit", section.pk)
