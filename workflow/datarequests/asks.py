"""What the transitions of a data request ask for: the answer itself, and a new day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import DayInput
from workflow.writing.sending import WordsOrFileForm

from . import answers, rules
from .models import ELSEWHERE


class AnswerForm(WordsOrFileForm):
    """Words, a file, or both (S11)."""

    file_field = "data_file"

    note = forms.CharField(
        label=_("Answer"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the institution gives: figures, where they come from, what they leave out."),
    )  # fmt: skip
    data_file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, Word, Excel, CSV, PNG or JPEG; 10 MB at most.")
    )

    def record(self, act: Act) -> dict[str, Any]:
        """Keep the answer; the event carries its number and, of a file, the name and the hash."""
        whence = self.whence()
        answer = answers.keep(
            self.subject, words=self.words, put_file=lambda row: self.put_file(row, act), by=act.actor, whence=whence
        )
        return {"number": answer.number, "file": answer.name, "sha256": answer.sha256, **whence}

    def whence(self) -> dict[str, Any]:
        """Where the answer came from, if not from here."""
        return {}


class RecordedForm(AnswerForm):
    """An answer that came on paper or by mail, taken down by the secretariat (S11): who gave it, when, and the file."""

    way = forms.ChoiceField(
        label=_("How it came"), choices=[(way.value, way.label) for way in ELSEWHERE], widget=forms.RadioSelect
    )
    given_by = forms.CharField(
        label=_("Who gave it"),
        max_length=200,
        help_text=_("The name and the office under which it was signed or sent."),
    )
    given_on = forms.DateField(label=_("When"), widget=DayInput(), help_text=_("The day on the letter or the mail."))
    field_order = ("way", "given_by", "given_on", "note", "data_file")

    def clean_given_on(self) -> Any:
        given = self.cleaned_data["given_on"]
        if given > self.subject.today:
            raise forms.ValidationError(_("This day is still to come."))
        return given

    def whence(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("way", "given_by", "given_on")}


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


class LaterForm(DueForm):
    """A later day for a request that is still being asked."""

    def clean_due(self) -> Any:
        due = super().clean_due()
        if due <= self.subject.due:
            raise forms.ValidationError(_("Give a later day than the one by which it is asked now."))
        return due


def register() -> None:
    asks.register("data_answer", AnswerForm)
    asks.register("data_recorded", RecordedForm)
    asks.register("data_later", LaterForm)
    asks.register("data_due", DueForm)
