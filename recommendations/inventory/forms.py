"""Forms of the inventory: a source, a gap, a supporting publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import FuzzyDateField, StyledForm
from workflow.groups.form_tools import NamesMixin, rows_of
from workflow.groups.models import Confidence, Institution, Project, Twg
from workflow.groups.twg_forms import grouped, institutions_near, offer

from . import outlines, places
from .choices import Access, Periodicity, Quality, Question, Severity, SourceKind, SourceState
from .models import DataSource
from .publications import SupportingPublication

Text = str | Promise
UNKNOWN = ("", _("Not known"))


class GroupedForm(NamesMixin, StyledForm):
    """A long form in groups; those after the first are folded until something in them matters."""

    groups: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    kept: tuple[str, ...] = ()

    def folded(self) -> list[tuple[Text, list[Any], bool]]:
        """Each group's title, its rows of fields, and whether it stands open."""
        found = []
        for place, (title, names) in enumerate(self.groups):
            fields = [field for field in self if field.name.rsplit("_", 1)[0] in names or field.name in names]
            found.append((title, rows_of(fields), place == 0 or any(field.errors for field in fields)))
        return found


class SourceForm(GroupedForm):
    """A source of data on migration."""

    named = {
        "names": (_("Name"), True),
        "coverages": (_("Coverage"), False),
        "quality_notes": (_("On its quality"), False),
        "access_notes": (_("Conditions of access"), False),
    }
    long = ("coverages", "quality_notes", "access_notes")
    kept = (
        "kind", "names", "custodian", "users", "coverages", "periodicity", "latest", "quality", "quality_notes",
        "access", "access_notes", "url", "sections", "questions", "publications", "confidence", "source",
    )  # fmt: skip
    groups = (
        (_("What it is"), ("names", "kind", "custodian", "sections", "periodicity", "latest")),
        (_("How good it is and how to get it"), ("quality", "quality_notes", "access", "access_notes", "url")),
        (_("Whom it covers and what it asks"), ("coverages", "questions")),
        (_("Who uses it, and how all this is known"), ("users", "publications", "confidence", "source")),
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind.choices)
    custodian = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Custodian"), required=False, empty_label=_("Open"),
        help_text=_("The institution that produces and keeps the data."),
    )  # fmt: skip
    sections = forms.MultipleChoiceField(
        label=_("Sections that can draw on it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    periodicity = forms.ChoiceField(label=_("Periodicity"), required=False, choices=[UNKNOWN, *Periodicity.choices])
    latest = FuzzyDateField(
        label=_("Latest data"),
        required=False,
        help_text=_("The year of the newest data, or a period such as 2007/2008."),
    )
    quality = forms.ChoiceField(label=_("Quality"), required=False, choices=[("", _("Not assessed")), *Quality.choices])
    access = forms.ChoiceField(label=_("Access"), required=False, choices=[UNKNOWN, *Access.choices])
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    questions = forms.MultipleChoiceField(
        label=_("Questions on migration"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=Question.choices, help_text=_("Only of a census or a survey."),
    )  # fmt: skip
    users = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=_("Users"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The institutions that work with the data."),
    )  # fmt: skip
    publications = forms.ModelMultipleChoiceField(
        SupportingPublication.objects.none(), label=_("Supporting publications"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("How it is known"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        near = institutions_near(twg)
        offer(fields["custodian"], near)
        fields["users"].queryset = near
        fields["users"].choices = grouped(near)
        fields["sections"].choices = outlines.of_twg(twg).choices(self.initial.get("sections", ()))
        if not fields["sections"].choices:
            del self.fields["sections"]  # there is no template to choose from
        shelved = SupportingPublication.objects.filter(Q(project=twg.project_id) | Q(project=None))
        fields["publications"].queryset = shelved
        if not shelved:
            del self.fields["publications"]


def _place_field() -> forms.CharField:
    """Where there is no template to choose from."""
    said = _("A part or a section of the template: C or C.2.")
    return forms.CharField(label=_("Section"), max_length=6, validators=[places.validate], help_text=said)


class GapForm(GroupedForm):
    """What is missing for a section."""

    named = {"titles": (_("What is missing"), True), "improvements": (_("Improvement proposed"), False)}
    long = ("improvements",)
    kept = ("titles", "section", "data_source", "severity", "improvements", "confidence", "source")
    groups = (
        (_("The gap"), ("titles", "section", "data_source", "severity")),
        (_("What would close it"), ("improvements",)),
        (_("How it is known"), ("confidence", "source")),
    )

    section = forms.ChoiceField(label=_("Section"))
    data_source = forms.ModelChoiceField(
        DataSource.objects.none(), label=_("Data source"), required=False, empty_label=_("None: there is no source"),
    )  # fmt: skip
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("How it is known"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        chosen, source = self.initial.get("section"), self.initial.get("data_source")
        choices = outlines.of_twg(twg).choices([chosen] if chosen else [])
        fields["section"].choices = choices
        if not choices:
            fields["section"] = _place_field()
        own = ~Q(state=SourceState.WITHDRAWN)
        if isinstance(source, DataSource):  # one that was withdrawn since stays chosen
            own |= Q(pk=source.pk)
        fields["data_source"].queryset = DataSource.objects.filter(own, twg=twg).order_by("kind", "pk")

    def folded(self) -> list[tuple[Text, list[Any], bool]]:
        """What is proposed is asked at once: a gap is recorded to be closed."""
        return [
            (title, fields, is_open or place == 1) for place, (title, fields, is_open) in enumerate(super().folded())
        ]


class PublicationForm(NamesMixin, StyledForm):
    """What supports the work on data."""

    named = {"titles": (_("Title"), True), "summaries": (_("What it helps with"), False)}
    long = ("summaries",)
    kept = ("titles", "authors", "when", "forthcoming", "url", "summaries", "confidence", "source")

    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("None: for everybody")
    )
    authors = forms.CharField(label=_("Authors"), max_length=200, required=False)
    when = FuzzyDateField(label=_("Published"), required=False)
    forthcoming = forms.BooleanField(label=_("It is still to come"), required=False)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("How it is known"), max_length=200, required=False)

    def __init__(self, *args: Any, person: Any, new: bool, **kwargs: Any) -> None:
        """The project is chosen for a `new` one and stays."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.queryset = Project.objects.all().visible_to(person)
        if not new:
            del self.fields["project"]
