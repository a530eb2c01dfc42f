"""What the end of an entry asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import FuzzyDateField

from .models import check_order


class EndForm(asks.AskForm):
    """When it ended, as far as it is known."""

    ended_on = FuzzyDateField(label=_("Ended"), required=False)

    def clean_ended_on(self) -> str:
        ended: str = self.cleaned_data["ended_on"]
        try:
            check_order(getattr(self.subject, self.subject.begins), ended)
        except ValidationError as error:
            raise forms.ValidationError(error.message_dict["ended"]) from error
        return ended

    def record(self, act: Act) -> dict[str, Any]:
        return {"ended": self.cleaned_data["ended_on"]}


def register() -> None:
    asks.register("entry_end", EndForm)
