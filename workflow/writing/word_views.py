"""Pages on which a Word file is brought in, looked at and taken over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from workflow.documents.markdown import render as as_html
from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import FORM, attempt, save_form, show_form, status_of
from workflow.groups.services import require

from . import selectors, word_import
from .errors import Diverged
from .models import Text, TextSection, WordFile
from .pace import at_a_pace

EXCERPT = 400  # characters of each part that the preview shows


class WordForm(StyledForm):
    file = forms.FileField(
        label=gettext_lazy("Word file"), max_length=400,
        help_text=gettext_lazy("A .docx file, 10 MB at most. You see where each part goes before anything is kept."),
    )  # fmt: skip


@login_required
@FORM
@at_a_pace("upload", methods=("POST",))
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


def _own(request: HttpRequest, pk: int) -> WordFile:
    """The file, for who brought it and still may write."""
    seen = WordFile.objects.all().visible_to(request.user).select_related("text__twg__region")
    found: WordFile = get_object_or_404(seen, pk=pk, brought_by=request.user)
    require(found.text.paper.writers, found.text.about, request.user)
    return found


@login_required
@FORM
def word_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file holds, where each part would go, and what could not be kept; then taken over in one go."""
    found = _own(request, pk)
    imported = word_import.read(found)
    blocks = word_import.preview(found, imported)
    form = TargetsForm(request.POST or None, blocks=blocks, text=found.text)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            count = attempt(form, lambda: _take_over(request, found, form))
        except Diverged as error:
            form, status = _look_again(request, blocks, error), 409
        else:
            if count is not None:
                said = ngettext("%(count)d section is written.", "%(count)d sections are written.", count)
                messages.success(request, said % {"count": count})
                return redirect("text", found.text_id)
    context = {
        "file": found,
        "text": found.text,
        "form": form,
        "rows": [(block, block.markdown[:EXCERPT], form[f"block_{block.index}"]) for block in blocks],
        "lost": imported.lost,
        "pictures": len(imported.images),
        "whole": _whole(request, blocks),
        "crumbs": selectors.crumbs_to_text(found.text, request.user),
    }
    return render(request, "workflow/writing/word_file.html", context, status=status or status_of(form))


def _take_over(request: HttpRequest, found: WordFile, form: TargetsForm) -> int:
    told = form.cleaned_data
    return word_import.take_over(found, form.targets(), form.numbers(), way=told["way"], actor=request.user)


def _look_again(request: HttpRequest, blocks: list[word_import.Block], error: Diverged) -> TargetsForm:
    """The same choices on the sections as they are now, saying which one somebody has revised meanwhile."""
    text = error.section.text
    data = request.POST.copy()
    data["seen"] = _numbers(text.sections.standing().defer("body"))
    form = TargetsForm(data, blocks=blocks, text=text)
    form.add_error(
        None,
        _("%(section)s was revised since you looked. Nothing is written: look at it, then take the file over again.")
        % {"section": error.section},
    )
    return form


def _whole(request: HttpRequest, blocks: list[word_import.Block]) -> Any:
    """One part of the file to be read in full: `?part=3`."""
    wanted = request.GET.get("part", "")
    if not wanted:
        return None
    block = next((block for block in blocks if str(block.index) == wanted), None)
    if block is None:
        raise Http404
    return block, "" if block.excess else as_html(block.markdown, prefix="whole")


@login_required
@require_POST
def word_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file up: nothing of it was written."""
    found = _own(request, pk)
    word_import.forget(found)
    messages.success(request, _("The file is given up: nothing of it was written."))
    return redirect("text", found.text_id)


def _numbers(sections: Iterable[TextSection]) -> str:
    """The revision at which each section stands, as the form carries it: `12:3 13:0`."""
    return " ".join(f"{section.pk}:{section.number}" for section in sections)


class TargetsForm(StyledForm):
    """Which section each block goes to; none for what is left out."""

    way = forms.ChoiceField(
        label=gettext_lazy("What stands in a section already"), initial=word_import.REPLACE,
        choices=[(word_import.REPLACE, gettext_lazy("is replaced; the revision stays readable")),
                 (word_import.APPEND, gettext_lazy("stays, and the file's text follows it"))],
    )  # fmt: skip
    seen = forms.RegexField(r"^([0-9]{1,18}:[0-9]{1,9} ?)*$", widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, blocks: list[word_import.Block], text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = list(text.sections.standing().defer("body").order_by("position"))
        self.fields["seen"].initial = _numbers(sections)
        choices = [("", gettext_lazy("Leave it out")), *((str(s.pk), str(s)) for s in sections)]
        for block in blocks:
            self.fields[f"block_{block.index}"] = forms.ChoiceField(
                label=gettext_lazy("Goes to"), choices=choices, required=False,
                initial=str(block.section) if block.section and block.markdown.strip() else "",
            )  # fmt: skip

    def targets(self) -> dict[int, int]:
        """The section's id by the block's index."""
        return {
            int(name.removeprefix("block_")): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("block_") and value
        }

    def numbers(self) -> dict[int, int]:
        """The revision's number by the section's id, as they were when the page was drawn."""
        pairs = (pair.split(":") for pair in self.cleaned_data["seen"].split())
        return {int(pk): int(number) for pk, number in pairs}
