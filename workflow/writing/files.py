"""Pages of figures and attachments, and the files themselves, under their readers' rights."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from workflow.engine import export
from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import figures, papers, selectors
from .models import Draft, Enclosure, Text

log = logging.getLogger(__name__)

CHUNK = 64 * 1024  # bytes


class DescribeForm(StyledForm):
    """What is said of a figure or a file."""

    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=300)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, required=False,
        help_text=gettext_lazy("Whose figures these are, such as: INSTAT, household survey. A figure must have one."),
    )  # fmt: skip
    year = forms.CharField(label=gettext_lazy("Year"), max_length=20, required=False)


class EnclosureForm(DescribeForm):
    """A picture or a file with what is said of it."""

    kind = forms.ChoiceField(label=gettext_lazy("It is"), choices=Enclosure.Kind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=400,
        help_text=gettext_lazy("A figure is PNG or JPEG; an attachment also PDF, Word, Excel or CSV. 10 MB at most."),
    )  # fmt: skip
    field_order = ("kind", "file", "caption", "source", "year")


class WithdrawForm(StyledForm):
    note = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


@login_required
@FORM
def enclosure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a figure or an attachment to a text."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    require(text.paper.writers, text.about, request.user)
    form = EnclosureForm(request.POST or None, request.FILES or None)
    back = reverse("text", args=[text.pk])

    def save() -> None:
        told = dict(form.cleaned_data)
        kind, upload = told.pop("kind"), told.pop("file")
        figures.add(text, upload, told, actor=request.user, kind=kind)

    said = _("Added. Under “Figures and files” stands what to write where a figure belongs.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Add a figure or a file"), button=_("Add"), back=back, lead=str(text),
        draft=f"enclosure-new-{text.pk}",
    )  # fmt: skip


def _to_change(request: HttpRequest, pk: int) -> Enclosure:
    """The enclosure, for those who write its text (403 for other readers, 404 for all else)."""
    found: Enclosure = get_object_or_404(
        Enclosure.objects.all().visible_to(request.user).select_related("text__twg__region"), pk=pk
    )
    require(found.text.paper.writers, found.text.about, request.user)
    return found


@login_required
@FORM
def enclosure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Caption, source and year; what came with a Word file gets its source here."""
    found = _to_change(request, pk)
    form = DescribeForm(request.POST or None, initial={name: getattr(found, name) for name in figures.TOLD})
    back = reverse("text", args=[found.text_id])

    def save() -> None:
        figures.describe(found, form.cleaned_data, actor=request.user)

    return save_form(request, form, save, back=back, said=_("Saved.")) or show_form(
        request, form, title=_("Caption and source"), button=_("Save"), back=back, lead=found.name,
        draft=f"enclosure-{found.pk}",
    )  # fmt: skip


@login_required
@FORM
def enclosure_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a figure or a file off the list, with a reason."""
    found = _to_change(request, pk)
    if found.withdrawn_at:
        raise Http404
    form = WithdrawForm(request.POST or None)
    back = reverse("text", args=[found.text_id])

    def save() -> None:
        figures.withdraw(found, actor=request.user, note=form.cleaned_data["note"])

    return save_form(request, form, save, back=back, said=_("Withdrawn.")) or show_form(
        request, form, title=_("Withdraw the file"), button=_("Withdraw"), back=back, lead=found.caption, danger=True
    )


@require_GET
def enclosure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file: a figure is shown, an attachment downloaded. Figures of what is published are everybody's."""
    return sent(request, readable(request.user, pk))


def readable(person: Any, pk: int) -> Enclosure:
    """The enclosure if the person reads its text, or its figure in the draft that everybody reads; else 404."""
    inside = papers.readable(person, "text__")
    if found := Enclosure.objects.filter(inside, pk=pk).first():
        return found
    shown = get_object_or_404(Enclosure, papers.public("text__"), pk=pk, kind=Enclosure.Kind.FIGURE)
    draft = Draft.objects.filter(selectors.published(), text=shown.text_id).first()
    if draft is None or shown.number not in {figure["number"] for figure in draft.figures}:
        raise Http404
    return shown


def sent(request: HttpRequest, found: Enclosure) -> HttpResponseBase:
    """The stored bytes, under headers that let a browser run nothing of them."""
    etag = f'"{found.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        chunks, size = found.file.open("rb").chunks(CHUNK), found.file.size
    except FileNotFoundError as error:
        log.error("the file of enclosure %s is not in the storage: %s", found.pk, found.file.name)
        raise Http404 from error
    response = export.streamed(request, chunks, found.name, found.content_type)
    attached = found.kind != Enclosure.Kind.FIGURE
    response["Content-Disposition"] = content_disposition_header(attached, found.name) or "attachment"
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    return response
