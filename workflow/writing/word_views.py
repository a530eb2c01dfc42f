"""Pages on which a Word file is brought in, looked at and taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflow.engine.errors import Conflict
from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, save_form, show_form
from workflow.groups.services import require

from . import selectors, word_import
from .errors import Diverged
from .models import Text, TextSection, WordFile


class WordForm(StyledForm):
    file = forms.FileField(
        label=gettext_lazy("Word file"),
        help_text=gettext_lazy("A .docx file, 10 MB at most. You will see where each part goes before anything is kept."),
    )


@login_required
@FORM
def text_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a Word file in; nothing is kept of it in the text yet."""
    text: Text = get_object_or_404(selectors.texts(request.user), pk=pk)
    require(text.paper.writers, text.about, request.user)
    form = WordForm(request.POST or None, request.FILES or None)
    back = reverse("text", args=[text.pk])

    def save() -> str:
        brought = word_import.bring(text, form.cleaned_data["file"], actor=request.user)
        return reverse("word-file", args=[brought.pk])

    said = _("The file is read. Look where each part goes, then take it over.")
    return save_form(request, form, save, back=back, said=said) or show_form(
        request, form, title=_("Bring a Word file in"), button=_("Read the file"), back=back, lead=str(text)
    )


@login_required
@FORM
def word_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file holds, where each part would go, and what could not be kept; then taken over in one go."""
    found: WordFile = get_object_or_404(
        WordFile.objects.all().visible_to(request.user).select_related("text__twg"), pk=pk, brought_by=request.user
    )
    if found.taken_at:
        raise Http404
    imported = word_import.read(found)
    blocks = word_import.preview(found, imported)
    form = TargetsForm(request.POST or None, blocks=blocks, text=found.text)
    if request.method == "POST" and form.is_valid():
        try:
            count = word_import.take_over(found, form.targets(), way=form.cleaned_data["way"], actor=request.user)
        except Diverged as error:
            raise Conflict(error.section, []) from error
        said = ngettext("%(count)d section is written.", "%(count)d sections are written.", count)
        messages.success(request, said % {"count": count})
        return redirect("text", found.text_id)
    context = {
        "file": found,
        "text": found.text,
        "form": form,
        "rows": [(block, form[f"block_{block.index}"]) for block in blocks],
        "lost": imported.lost,
        "pictures": len(imported.images),
        "crumbs": [*selectors.crumbs_of(found.text, request.user), (_("Text"), reverse("text", args=[found.text_id]))],
    }
    return render(request, "workflow/writing/word_file.html", context, status=422 if form.errors else 200)


class TargetsForm(StyledForm):
    """Which section each block goes to; none for what is left out."""

    way = forms.ChoiceField(
        label=gettext_lazy("What stands in a section already"), initial=word_import.REPLACE,
        choices=[(word_import.REPLACE, gettext_lazy("is replaced; the revision stays readable")),
                 (word_import.APPEND, gettext_lazy("stays, and the file's text follows it"))],
    )  # fmt: skip

    def __init__(self, *args: Any, blocks: list[word_import.Preview], text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = TextSection.objects.filter(text=text).defer("body").order_by("position")
        choices = [("", gettext_lazy("Leave it out")), *((str(s.pk), str(s)) for s in sections)]
        for block in blocks:
            self.fields[f"block_{block.index}"] = forms.ChoiceField(
                label=block.title or gettext_lazy("Before the first heading"), choices=choices, required=False,
                initial=str(block.section) if block.section and block.markdown.strip() else "",
            )  # fmt: skip

    def targets(self) -> dict[int, int]:
        return {
            int(name.removeprefix("block_")): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("block_") and value
        }
