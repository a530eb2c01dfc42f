"""Reporting by the link in a mail: one press says how far it is, signed in or not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from workflow.engine import services as engine
from workflow.engine.forms import StyledForm
from workflow.groups.bearers import private, serve
from workflow.groups.form_tools import FORM, save_form, status_of

from . import links
from .flow import ByLink

FOLDER = "recommendations/register"


class LinkForm(StyledForm):
    """How far it is, and a few words; who says that all is done says how one knows."""

    percent = forms.IntegerField(label=gettext_lazy("Done, in percent"), min_value=0, max_value=100)
    note = forms.CharField(
        label=gettext_lazy("What was done"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("percent") == 100 and not (cleaned.get("note") or "").strip():
            self.add_error("note", _("Say how one knows that it is implemented."))
        return cleaned


@never_cache
@FORM
def progress_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """For the bearer of a link: it signs nobody in, and looking changes nothing. A link reports once."""
    opened = links.read(token)
    if opened is None:
        return private(render(request, f"{FOLDER}/link_over.html", status=410))
    serve(opened.person)
    if opened.used or opened.over:
        status = 409 if request.method == "POST" else 200
        return private(render(request, f"{FOLDER}/link_used.html", {"subject": opened.recommendation}, status=status))
    return private(_reported(request, opened))


def _reported(request: HttpRequest, opened: links.Opened) -> HttpResponse:
    subject = opened.recommendation
    named = request.GET.get("percent", "")
    wanted = int(named) if named.isdecimal() and int(named[:4]) <= 100 else subject.percent
    form = LinkForm(request.POST or None, initial={"percent": wanted})

    def save() -> None:
        told = form.cleaned_data
        step = "implement" if told["percent"] == 100 else "report"
        engine.perform(
            ByLink(subject), step, actor=opened.person, version=subject.version,
            data={"percent": told["percent"], "note": told["note"]},
        )  # fmt: skip

    saved = save_form(request, form, save, back=request.path, said=_("Thank you: your report is recorded."))
    context = {"subject": subject, "form": form}
    return saved or render(request, f"{FOLDER}/link.html", context, status=status_of(form))
