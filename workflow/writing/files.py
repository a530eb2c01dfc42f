"""Pages of figures and attachments, and the files themselves, under their readers' rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import figures, papers, selectors, services
from .models import Draft, Enclosure, Text
from .storing import given

ON_A_PAGE = 50


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
@require_GET
def text_files(request: HttpRequest, pk: int) -> HttpResponse:
    """A text's figures and attachments, with what to write where a figure belongs."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    page = Paginator(Enclosure.objects.filter(text=text, withdrawn_at=None), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "text": text,
        "page_obj": page,
        "may_change": services.may_write(text, request.user) and not text.paper.closed(text.about),
        "crumbs": selectors.crumbs_to_text(text, request.user),
    }
    return render(request, "workflow/writing/files.html", context)


@login_required
@FORM
def enclosure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a figure or an attachment to a text."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    require(text.paper.writers, text.about, request.user)
    form = EnclosureForm(request.POST or None, request.FILES or None)
    back = reverse("text-files", args=[text.pk])

    def save() -> None:
        told = dict(form.cleaned_data)
        kind, upload = told.pop("kind"), told.pop("file")
        figures.add(text, upload, told, actor=request.user, kind=kind)

    said = _("Added. Its mark in the list is what to write where a figure belongs.")
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
    back = reverse("text-files", args=[found.text_id])

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
    back = reverse("text-files", args=[found.text_id])

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
    """The stored bytes: a figure is shown, whatever else there is is downloaded."""
    return given(request, found, attached=found.kind != Enclosure.Kind.FIGURE)
