"""Forms of milestones and hosting commitments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import FuzzyDateField, StyledForm
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import Confidence, Institution, Twg
from workflow.groups.twg_forms import institutions_near, offer

from .models import MilestoneKind


class OfTwgForm(NamesMixin, StyledForm):
    """`offered` are choices of institutions near the TWG; `kept` is what the services take."""

    offered: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.offered:
            field: Any = self.fields[name]
            offer(field, institutions_near(twg))


class MilestoneForm(OfTwgForm):
    named = {"titles": (_("Title"), True), "evidence": (_("Evidence"), False)}
    long = ("evidence",)
    offered = ("responsible", "counterpart")
    kept = (
        "kind", "titles", "evidence", "responsible", "counterpart", "linked_body", "when", "confidence", "source",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=MilestoneKind.choices)
    responsible = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Responsible institution"), required=False, empty_label=_("Open")
    )
    counterpart = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Counterpart"), required=False, empty_label=_("Open")
    )
    linked_body = forms.ModelChoiceField(
        Twg.objects.none(), label=_("Linked body at work on it"), required=False, empty_label=_("None")
    )
    when = FuzzyDateField(label=_("Expected"), required=False)
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, twg=twg, **kwargs)
        field: Any = self.fields["linked_body"]
        field.queryset = Twg.objects.filter(linked_to=twg)


class HostingForm(OfTwgForm):
    named = {"statements": (_("What is promised"), True)}
    long = ("statements",)
    offered = ("holder",)
    kept = ("statements", "holder", "starts", "ends", "confidence", "source")

    holder = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Holder"), required=False, empty_label=_("Open")
    )
    starts = FuzzyDateField(label=_("From"), required=False)
    ends = FuzzyDateField(label=_("Until"), required=False)
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
