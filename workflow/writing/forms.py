"""Forms of the writing room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm

from .bodies import BODY_LIMIT, NOTE_LIMIT, clean_body


class KeptInput(forms.TextInput):
    """A hidden field that the browser keeps with what is typed, as it keeps text fields (palabre.js)."""

    is_hidden = True

    def __init__(self) -> None:
        super().__init__(attrs={"hidden": True})


class SectionForm(StyledForm):
    """A section's text and what changed in it."""

    body = forms.CharField(
        label=_("Text"), required=False, strip=False, max_length=BODY_LIMIT + 10_000,
        widget=forms.Textarea(attrs={"rows": 22, "class": "writing", "spellcheck": "true"}),
        help_text=_("Markdown: a line starting with ## is a heading, **bold**, *italic*, - a list, | a table |. "
                    "Under a table write its source: “Source: INSTAT, 2008”."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What changed"), required=False, max_length=NOTE_LIMIT,
        help_text=_("One line for those who read the history, for example: figures of the 2008 survey."),
    )  # fmt: skip
    # What is put back later from the browser is still known to be written on this revision.
    base = forms.IntegerField(widget=KeptInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if language:
            self.fields["body"].widget.attrs["lang"] = language

    def clean_body(self) -> str:
        try:
            return clean_body(self.cleaned_data.get("body") or "")
        except ValidationError as error:
            raise ValidationError(error.message_dict["body"]) from error


class RestoreForm(StyledForm):
    """Why an earlier revision is taken back."""

    note = forms.CharField(label=_("What changed"), required=False, max_length=NOTE_LIMIT)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class DraftForm(StyledForm):
    """A name for the draft that is taken."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What it is for, such as: for the March round.")
    )


class CompareForm(forms.Form):
    """Which two revisions, or which two drafts, are laid side by side; `before` 0 is the empty page."""

    before = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    after = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    def numbers(self) -> tuple[int, int] | None:
        if not self.is_valid():
            return None
        return self.cleaned_data["before"], self.cleaned_data["after"]
