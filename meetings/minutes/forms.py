"""Forms of the minutes room: a decision, an action item, an addendum, and the filter of a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import AgendaItem
from workflow.engine.forms import StyledForm
from workflow.groups.models import Institution, Person
from workflow.groups.twg_forms import offer

from . import owing, selectors
from .models import ActionState, Minutes, Row


class RowForm(StyledForm):
    """Under which item of the agenda, and what."""

    kept: tuple[str, ...] = ("item", "what")

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Agenda item"), required=False, empty_label=_("None in particular")
    )
    what = forms.CharField(label=_("What"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: Any = self.fields["item"]
        items.queryset = minutes.items


class DecisionForm(RowForm):
    """What the TWG decided."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].label = _("What was decided")


class ActionForm(RowForm):
    """What is to be done, by whom, by when."""

    kept = ("item", "what", "institution", "person", "due")

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), required=False, empty_label=_("None in particular")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Person"), required=False, empty_label=_("Nobody in particular"),
        help_text=_("Where nobody is named, all who sit for the institution are asked."),
    )  # fmt: skip
    due = forms.DateField(label=_("By"), required=False)

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, minutes=minutes, **kwargs)
        self.fields["what"].label = _("What is to be done")
        fields: dict[str, Any] = self.fields
        offer(fields["institution"], owing.institutions(minutes))
        fields["person"].queryset = owing.people(minutes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = cleaned.get("institution") or cleaned.get("person")
        if not asked and not {"institution", "person"} & set(self.errors):
            self.add_error("institution", _("Say which institution or which person it is for."))
        return cleaned


class AddendumForm(StyledForm):
    """A correction of what is approved."""

    words = forms.CharField(
        label=_("Correction"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It stands below the minutes, with your name and the day. They themselves stay as they are."),
    )  # fmt: skip


class ActionFilter(StyledForm):
    """Which of a TWG's action items are listed."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ActionState.choices])
    overdue = forms.BooleanField(label=_("Late ones only"), required=False)

    def found(self, among: Any) -> Any:
        """The action items that pass; a filter that makes no sense is no filter."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("state"):
            among = among.filter(state=wanted["state"])
        return selectors.overdue(among) if wanted.get("overdue") else among


def initial_of(row: Row, form: type[RowForm]) -> dict[str, Any]:
    """What a form about a row starts with."""
    return {name: getattr(row, name) for name in form.kept}
