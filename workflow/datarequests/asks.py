"""What the transitions of a data request ask for: the answer itself, and a new day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.documents import uploads
from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import DayInput

from . import answers, rules


class AnswerForm(asks.AskForm):
    """Words, a file, or both (S11). The words travel as the act's note, so that history holds them under its hash."""

    note = forms.CharField(
        label=_("Answer"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the institution gives: figures, where they come from, what they leave out."),
    )  # fmt: skip
    data_file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, Word, Excel, CSV, PNG or JPEG; 10 MB at most.")
    )

    def clean_data_file(self) -> Any:
        upload = self.cleaned_data.get("data_file")
        self.checked = uploads.check(upload, answers.KINDS) if upload else None
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("note", "").strip() and not cleaned.get("data_file"):
            self.add_error("note", _("Write an answer, send a file, or both."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        """Keep the answer; the event carries its number and, of a file, the name and the hash."""
        told = self.cleaned_data
        answer = answers.keep(
            self.subject, words=told["note"].strip(), upload=told.get("data_file"), checked=self.checked, by=act.actor
        )
        return {"number": answer.number, "file": answer.name, "sha256": answer.sha256}


class DueForm(asks.AskForm):
    """By when, for a request that is asked again."""

    due = forms.DateField(label=_("By"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = max(self.subject.due, self.subject.today + rules.USUAL_TIME)

    def clean_due(self) -> Any:
        due = self.cleaned_data["due"]
        if due < self.subject.today:
            raise forms.ValidationError(_("This day has passed."))
        return due

    def record(self, act: Act) -> dict[str, Any]:
        return {"due": self.cleaned_data["due"]}


def register() -> None:
    asks.register("data_answer", AnswerForm)
    asks.register("data_due", DueForm)
