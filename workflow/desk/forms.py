"""The overview's filter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.models import Project
from workflow.profiles.models import TRACK


class OverviewFilter(StyledForm):
    project = forms.ModelChoiceField(
        Project.objects.none(), to_field_name="code", label=_("Project"), required=False, empty_label=_("All")
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    late = forms.BooleanField(label=_("Late ones only"), required=False)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.all().visible_to(person)
        stage: Any = self.fields["stage"]
        stage.choices = [("", _("All")), *((s.value, s.label) for s in TRACK)]

    def keeps(self, row: Any) -> bool:
        """Whether a row of the overview passes the filter; a filter that makes no sense is no filter."""
        wanted = self.cleaned_data if self.is_valid() else {}
        return (
            (not wanted.get("project") or row.edition.twg.project_id == wanted["project"].pk)
            and (not wanted.get("stage") or row.edition.stage == wanted["stage"])
            and (not wanted.get("late") or bool(row.late))
        )
