"""Forms of courses and trainings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import Institution, Person
from workflow.groups.twg_forms import institutions_near, offer

from . import selectors
from .models import MOST_HOURS, Course, Training


class CourseForm(NamesMixin, StyledForm):
    """What is taught."""

    kept = ("code", "titles", "descriptions", "hours")

    named = {"titles": (_("Title"), True), "descriptions": (_("Description"), False)}
    long = ("descriptions",)

    code = forms.SlugField(label=_("Code"), max_length=80, help_text=_("Letters, digits and hyphens, such as emm."))
    hours = forms.IntegerField(label=_("Hours"), required=False, min_value=1, max_value=MOST_HOURS)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code == "new":
            raise forms.ValidationError(_("This code is taken by a page."))
        return code


class TeachForm(StyledForm):
    """Which course a training teaches."""

    course = forms.ModelChoiceField(Course.objects.order_by("code"), label=_("Course"))


class EnrolForm(StyledForm):
    """Somebody of the TWG, or a name alone."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person"), required=False, empty_label=_("Somebody else")
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, help_text=_("Of somebody else, who has no account.")
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), required=False, empty_label=_("None in particular"),
        help_text=_("Of somebody else; whoever sits in the TWG takes part for the institution of their seat."),
    )  # fmt: skip

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].queryset = selectors.people(training)
        offer(fields["institution"], institutions_near(training.twg))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("person") and not (cleaned.get("name") or "").strip():
            self.add_error("name", _("Choose a person, or give a name."))
        return cleaned


class CompletedForm(StyledForm):
    """Who has completed the course, and when."""

    who = forms.ModelMultipleChoiceField(
        selectors.nobody(), label=_("Who has completed it"), widget=forms.CheckboxSelectMultiple
    )
    completed_on = forms.DateField(label=_("Completed on"))

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        who.queryset = selectors.enrolled(training)


class CodeForm(StyledForm):
    """The code on a certificate."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("As it stands on the certificate."))
