"""What the transitions of milestones and hosting commitments ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import FuzzyDateField


class EvidenceForm(asks.AskForm):
    """S41: no step counts as achieved without evidence."""

    title = _("How one knows")
    evidence_text = forms.CharField(
        label=_("Evidence"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What shows it, with its reference: a decree, a letter, minutes."),
    )
    achieved_on = FuzzyDateField(label=_("Achieved"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recorded = self.subject.evidence_text
        self.fields["evidence_text"].initial = recorded
        self.fields["evidence_text"].required = not recorded

    def record(self, act: Act) -> dict[str, Any]:
        return {
            "evidence": self.cleaned_data["evidence_text"] or self.subject.evidence_text,
            "achieved_on": self.cleaned_data["achieved_on"],
        }


class HostingEndForm(asks.AskForm):
    """When a promise that was kept came to its end."""

    title = _("End")
    ended_on = FuzzyDateField(label=_("Until"), required=False)

    def clean_ended_on(self) -> str:
        return self.cleaned_data["ended_on"] or timezone.localdate().isoformat()

    def record(self, act: Act) -> dict[str, Any]:
        return {"ends": self.cleaned_data["ended_on"]}


def register() -> None:
    asks.register("milestone_evidence", EvidenceForm)
    asks.register("hosting_end", HostingEndForm)
