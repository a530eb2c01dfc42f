"""Forms by which a template's outline is changed, part by part and section by section (S47)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import NamesMixin

from .outline import TEMPLATE_LANGUAGE, PartLine


class VersionForm(NamesMixin, StyledForm):
    """A template's names and where it comes from."""

    kept = ("names", "source")

    source = forms.CharField(label=_("Source"), max_length=200, required=False)


class PartForm(NamesMixin, StyledForm):
    """A part of the outline."""

    kept = ("letter", "titles")

    named = {"titles": (_("Title"), True)}
    letter = forms.RegexField(
        r"^[A-Z][A-Z0-9]?$", label=_("Letter"), max_length=2, help_text=_("Parts stand in the order of their letters."),
        error_messages={"invalid": _("A capital letter, such as G.")},
    )  # fmt: skip
    field_order = ("letter",)


class SectionForm(NamesMixin, StyledForm):
    """A section of the outline. Where the template's text is drafted, its guidance is written there."""

    named = {"titles": (_("Title"), True), "guidance": (_("What the author is asked for"), False)}
    long = ("guidance",)
    part = forms.ChoiceField(label=_("Part"))
    number = forms.IntegerField(label=_("Place in the part"), min_value=1, max_value=200)
    field_order = ("part", "number")

    def __init__(self, *args: Any, parts: list[PartLine], drafted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["part"]
        choice.choices = [(str(part.pk), f"{part.letter}. {part.title}") for part in parts]
        if drafted:
            del self.fields[f"guidance_{TEMPLATE_LANGUAGE}"]


class RemoveForm(StyledForm):
    """Nothing is asked: the page says what goes."""

    sure = forms.CharField(widget=forms.HiddenInput, initial="yes")
