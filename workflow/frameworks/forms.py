"""Forms of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import FuzzyDateField, StyledForm
from workflow.groups import words
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import Confidence, Institution, Twg
from workflow.groups.twg_forms import grouped, institutions_near, offer

from .models import EntryQuerySet, EntryState, FrameworkKind


class FrameworkForm(NamesMixin, StyledForm):
    """A law, policy or agreement."""

    named = {"names": (_("Title"), True), "summaries": (_("What it says"), False)}
    long = ("summaries",)
    kept = (
        "kind", "names", "reference", "adopted", "in_force", "url", "summaries", "responsible", "confidence", "source",
        "ended",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=FrameworkKind.choices)
    reference = forms.CharField(
        label=_("Reference"), max_length=120, required=False, help_text=_("Its number or where it is published.")
    )
    adopted = FuzzyDateField(label=_("Adopted or signed"), required=False)
    in_force = FuzzyDateField(label=_("In force since"), required=False)
    ended = FuzzyDateField(label=_("Ended"), required=False)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    responsible = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=_("Responsible institutions"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, ended: bool = False, **kwargs: Any) -> None:
        """`ended` says that it has: then its end can be set right."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        near = _that_answer(twg, self.initial.get("responsible", ()))
        fields["responsible"].queryset = near
        fields["responsible"].choices = grouped(near)
        if not ended:
            del self.fields["ended"]
        titles = [name for name in fields if name.startswith("names_")]
        summaries = [name for name in fields if name.startswith("summaries_")]
        self.order_fields([*titles, "kind", "reference", "adopted", "in_force", "ended", "url", *summaries])


def _that_answer(twg: Twg, chosen: Iterable[int]) -> QuerySet[Institution]:
    """The institutions that may answer for a framework: a country's and the international ones, a region's own alone.

    Those that were chosen before are always among them.
    """
    near: QuerySet[Institution] = institutions_near(twg)
    return near if twg.country else near.filter(Q(country="") | Q(pk__in=list(chosen)))


class ActorForm(NamesMixin, StyledForm):
    """An institution and what it does."""

    named = {"roles": (_("What it does on migration"), True)}
    long = ("roles",)
    kept = ("roles", "since", "confidence", "source", "institution", "ended")

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"), empty_label=_("Choose"))
    since = FuzzyDateField(label=_("Since"), required=False)
    ended = FuzzyDateField(label=_("Until"), required=False)
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, new: bool, ended: bool = False, **kwargs: Any) -> None:
        """The institution is chosen for a `new` entry and stays."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if new:
            offer(fields["institution"], institutions_near(twg))
            self.order_fields(["institution"])
        else:
            del self.fields["institution"]
        if not ended:
            del self.fields["ended"]


class EntryFilter(StyledForm):
    """What is listed: without what was withdrawn unless it is asked for."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *EntryState.choices])
    q = forms.CharField(label=_("Words"), required=False, max_length=100)

    def found(self, among: EntryQuerySet) -> EntryQuerySet:
        """The entries that pass; a filter that makes no sense is no filter."""
        wanted = self.cleaned_data if self.is_valid() else {}
        among = among.filter(state=wanted["state"]) if wanted.get("state") else among.standing()
        for word in words.fold(wanted.get("q", "")).split():
            among = self.holding(among, word)
        return among

    def holding(self, among: EntryQuerySet, word: str) -> EntryQuerySet:
        return among.filter(folded__contains=word)


class FrameworkFilter(EntryFilter):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *FrameworkKind.choices])
    field_order = ("kind", "state", "q")

    def found(self, among: EntryQuerySet) -> EntryQuerySet:
        found = super().found(among)
        kind = self.cleaned_data.get("kind") if self.is_valid() else ""
        return found.filter(kind=kind) if kind else found


class ActorFilter(EntryFilter):
    def holding(self, among: EntryQuerySet, word: str) -> EntryQuerySet:
        return among.filter(Q(folded__contains=word) | Q(institution__folded__contains=word))
