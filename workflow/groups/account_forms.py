"""Forms around accounts."""

from __future__ import annotations

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
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


class AddressForm(RequestLoginCodeForm):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """The person's own address, not the one typed: databases hold letters for alike that mail servers do not."""
        typed: str = super().clean_email()
        return str(self._user.email) if self._user else typed.lower()


class CodeForm(ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
