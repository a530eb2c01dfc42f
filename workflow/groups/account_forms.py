"""Forms around accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm

from .models import ApiToken


class TokenForm(StyledForm):
    label = forms.CharField(label=_("What it is for"), max_length=100)
    scope = forms.ChoiceField(
        label=_("It may"), choices=ApiToken.Scope.choices, widget=forms.RadioSelect, initial="read"
    )
    days = forms.IntegerField(label=_("Valid for, in days"), min_value=1, max_value=366, initial=90)
