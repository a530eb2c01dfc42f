"""Pages of figures and attachments, and the files themselves, under their readers' rights."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import figures, papers, selectors
from .models import Enclosure, Text


class EnclosureForm(StyledForm):
    """A picture or a file with what is said of it."""

    kind = forms.ChoiceField(label=gettext_lazy("It is"), choices=Enclosure.Kind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A figure is PNG or JPEG; an attachment also PDF, Word, Excel or CSV. 10 MB at most."),
    )
    caption = forms.CharField(label=gettext_lazy("Caption"), max_length=300)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    year = forms.CharField(label=gettext_lazy("Year"), max_length=20, required=False)


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

    said = _("Added. Write ![caption](figure:number) where the figure belongs.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Add a figure or a file"), button=_("Add"), back=back, lead=str(text)
    )


@login_required
@FORM
def enclosure_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Enclosure.objects.all().visible_to(request.user).select_related("text"), pk=pk)
    require(found.text.paper.writers, found.text.about, request.user)
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
    readable = papers.readable(request.user, "text__") | (papers.public("text__") & Q(kind=Enclosure.Kind.FIGURE))
    found = get_object_or_404(Enclosure.objects.filter(readable), pk=pk)
    response = FileResponse(
        found.file.open("rb"),
        content_type=found.content_type,
        filename=found.name,
        as_attachment=found.kind != Enclosure.Kind.FIGURE,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response
