"""What the transitions of a recommendation ask for: a day, the terms of an answer, progress, the one that stays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.documents import uploads
from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import DayInput, FuzzyDateField

from . import issuing, reporting
from .models import Recommendation

MOST_FILES = 5


class IssueForm(asks.AskForm):
    """When it was issued, if not today: at the workshop, as far as that is known."""

    issued_on = FuzzyDateField(label=pgettext_lazy("recommendation", "Issued"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = self.subject.issued_on or issuing.day_of(self.subject.meeting)


class TermsForm(asks.AskForm):
    """By when it is to be done, and how often the lead institution says how far it is."""

    title = _("What is agreed")
    due = forms.DateField(label=_("By"), required=False, widget=DayInput())
    rhythm = forms.IntegerField(
        label=_("Months between reports"), required=False, min_value=1, max_value=36,
        help_text=_("The lead institution is asked by mail how far it is; leave it empty to ask nobody."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = self.subject.due
        self.fields["rhythm"].initial = self.subject.rhythm

    def record(self, act: Act) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files at once; gives pairs of an upload and what was found to be in it."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[tuple[Any, uploads.Checked]]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once, please.") % {"most": MOST_FILES})
        return [(upload, uploads.check(super(EvidenceField, self).clean(upload), reporting.KINDS)) for upload in sent]


class DoneForm(asks.AskForm):
    """The last report. Its words travel as the act's note, so that history holds them under its hash."""

    on = forms.DateField(label=_("As of"), required=False, widget=DayInput(), help_text=_("Today, if left empty."))
    note = forms.CharField(
        label=_("What was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was done, and what shows it: a decree, a report, a budget line."),
    )  # fmt: skip
    evidence = EvidenceField(
        label=_("Files that show it"), required=False,
        help_text=_("PDF, Word, Excel, CSV, PNG or JPEG; 10 MB at most each."),
    )  # fmt: skip

    def clean_on(self) -> Any:
        on = self.cleaned_data.get("on")
        if on and on > self.subject.today:
            raise forms.ValidationError(_("This day is still to come."))
        return on


class ProgressForm(DoneForm):
    """How far it is, on a day."""

    percent = forms.IntegerField(label=_("Done, in percent"), min_value=0, max_value=100)
    field_order = ("percent", "note", "on", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].initial = self.subject.percent
        self.fields["note"].required = False


class OtherForm(asks.AskForm):
    """Another recommendation of the same TWG that stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen: Any = field
            chosen.queryset = issuing.others(self.subject)
            chosen.label_from_instance = issuing.label_of

    def record(self, act: Act) -> dict[str, Any]:
        return {name: chosen.pk for name, chosen in self.cleaned_data.items()}


class SuccessorForm(OtherForm):
    successor = forms.ModelChoiceField(
        Recommendation.objects.none(), label=_("The one that takes its place"), empty_label=_("Choose")
    )


class TwinForm(OtherForm):
    twin = forms.ModelChoiceField(Recommendation.objects.none(), label=_("The one that stays"), empty_label=_("Choose"))


def register() -> None:
    asks.register("recommendation_issue", IssueForm)
    asks.register("recommendation_terms", TermsForm)
    asks.register("progress", ProgressForm)
    asks.register("progress_done", DoneForm)
    asks.register("recommendation_successor", SuccessorForm)
    asks.register("recommendation_twin", TwinForm)
