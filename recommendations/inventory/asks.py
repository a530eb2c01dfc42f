"""What the end of a gap asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks


class ClosingForm(asks.AskForm):
    """What closed it. It travels as the act's note, so that history tells it."""

    title = _("What closed it")
    note = forms.CharField(
        label=_("What closed it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("Which data is there now, from which source, since when."),
    )  # fmt: skip


def register() -> None:
    asks.register("gap_closing", ClosingForm)
