"""What the transitions of actions and outputs ask for: how far it is, when it was done or delivered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import FuzzyDateField

from .models.action import MOST_REPORTED


class ProgressForm(asks.AskForm):
    """S14: how far an action is. The words travel as the act's note."""

    title = _("Progress")
    percent = forms.IntegerField(label=_("Progress, in per cent"), min_value=0, max_value=99,
                                 help_text=_("0 to 99; what is complete is said to be done."))  # fmt: skip
    note = forms.CharField(
        label=_("What was done, what comes next"), max_length=MOST_REPORTED, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("percent", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].initial = min(self.subject.percent, 99)


class DoneForm(asks.AskForm):
    """When an action was done, as far as it is known, and what there is now."""

    title = pgettext_lazy("action", "Done")
    done_on = FuzzyDateField(label=pgettext_lazy("action", "Done"), required=False)
    note = forms.CharField(
        label=_("What there is now"), max_length=MOST_REPORTED, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def record(self, act: Act) -> dict[str, Any]:
        return {"done_on": self.cleaned_data["done_on"]}


class DeliveredForm(asks.AskForm):
    """When a task force delivered something, and where it is."""

    title = _("Delivery")
    delivered_on = FuzzyDateField(label=_("Delivered"), required=False)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    def record(self, act: Act) -> dict[str, Any]:
        return {"delivered_on": self.cleaned_data["delivered_on"]}


def register() -> None:
    asks.register("data_progress", ProgressForm)
    asks.register("data_done", DoneForm)
    asks.register("output_delivered", DeliveredForm)
