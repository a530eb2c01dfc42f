"""Forms of the institution directory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from workflow.engine.forms import StyledForm

from . import words
from .form_tools import NamesMixin
from .models import Category, Institution


def country_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *countries]


class DirectoryFilter(StyledForm):
    country = forms.ChoiceField(label=_("Country"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)

    def __init__(self, *args: Any, among: QuerySet[Institution], **kwargs: Any) -> None:
        """`among` is what the reader may see: only its countries are offered."""
        super().__init__(*args, **kwargs)
        self.among = among
        fields: dict[str, Any] = self.fields
        present = {str(code) for code in among.order_by().values_list("country", flat=True).distinct()}
        fields["country"].choices = [
            ("", _("All")), ("int", _("International")), *((c, name) for c, name in countries if c in present),
        ]  # fmt: skip
        fields["category"].choices = [("", _("All")), *Category.choices]

    def found(self) -> QuerySet[Institution]:
        """The institutions that pass; a filter that makes no sense is no filter."""
        institutions = self.among
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("country"):
            institutions = institutions.filter(country="" if wanted["country"] == "int" else wanted["country"])
        if wanted.get("category"):
            institutions = institutions.filter(category=wanted["category"])
        for word in words.fold(wanted.get("q", "")).split():
            institutions = institutions.filter(folded__contains=word)
        return institutions


class InstitutionForm(NamesMixin, StyledForm):
    kept = ("names", "acronym", "category", "country", "website")
    acronym = forms.CharField(label=_("Acronym"), max_length=30, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    country = forms.ChoiceField(label=_("Country"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["country"]
        field.choices = country_choices(_("International"))
