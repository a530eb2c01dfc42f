"""Forms of the writing room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm

from .services import BODY_LIMIT, clean_body


class SectionForm(StyledForm):
    """A section's text and what changed in it."""

    body = forms.CharField(
        label=_("Text"), required=False, strip=False, max_length=BODY_LIMIT + 10_000,
        widget=forms.Textarea(attrs={"rows": 22, "class": "writing", "spellcheck": "true"}),
        help_text=_("Markdown: a line starting with ## is a heading, **bold**, *italic*, - a list, | a table |. "
                    "Under a table write its source: “Source: INSTAT, 2008”."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What changed"), required=False, max_length=300,
        help_text=_("One line for those who read the history, for example: figures of the 2008 survey."),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_body(self) -> str:
        try:
            return clean_body(self.cleaned_data.get("body") or "")
        except ValidationError as error:
            raise ValidationError(error.message_dict["body"]) from error


class DraftForm(StyledForm):
    """A name for the draft that is taken."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What it is for, such as: for the March round.")
    )


class CompareForm(forms.Form):
    """Which two revisions, or which two drafts, are laid side by side; `before` 0 is the empty page."""

    before = forms.IntegerField(min_value=0)
    after = forms.IntegerField(min_value=1)

    def numbers(self) -> tuple[int, int] | None:
        if not self.is_valid():
            return None
        return self.cleaned_data["before"], self.cleaned_data["after"]


