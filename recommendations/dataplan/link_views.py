"""The page behind the link in a mail: how an action goes, said with one press, signed in or not (S14)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from workflow.groups.bearers import private, serve
from workflow.groups.form_tools import FORM

from . import links
from .views import FOLDER


@never_cache
@FORM
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """It signs nobody in, and looking changes nothing."""
    opened = links.read(token)
    if opened is None:
        return private(render(request, f"{FOLDER}/link_over.html", status=410))
    serve(opened.person)
    if request.method == "POST":
        links.say(opened, request.POST.get("answer", ""))
        messages.success(request, _("Thank you: your answer is recorded."))
        return private(redirect(request.path))
    context = {"subject": opened.action, "person_asked": opened.person, "answers": links.answers(opened.action)}
    return private(render(request, f"{FOLDER}/by_link.html", context))
