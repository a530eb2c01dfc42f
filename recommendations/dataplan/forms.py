"""Forms of data plans, actions, commitments and outputs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.minutes.models import Decision, DecisionState
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from recommendations.register.models import Recommendation
from workflow.engine.forms import FuzzyDateField, StyledForm
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import Confidence, Institution, Twg
from workflow.groups.twg_forms import grouped, institutions_near, offer

from . import selectors
from .models import ActionKind, DataAction, DataActionState, DataPlan
from .models.action import CURRENCY, MOST_DIGITS, PLACES

OPEN = _("Open")
SEVERAL = ("contributors", "data_sources", "gaps", "publications")


class KeptForm(NamesMixin, StyledForm):
    """`kept` is what the services take of the answers."""

    kept: tuple[str, ...] = ()


class PlanForm(KeptForm):
    named = {"titles": (_("Title"), True), "summaries": (_("What it is about"), False)}
    long = ("summaries",)
    kept = ("titles", "summaries", "confidence", "source")

    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices, initial="stated")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)


def _institution(label: Any, empty: Any = OPEN, **options: Any) -> forms.ModelChoiceField[Institution]:
    return forms.ModelChoiceField(
        Institution.objects.none(), label=label, required=False, empty_label=empty, **options
    )  # fmt: skip


def _several(model: Any, label: Any, **options: Any) -> forms.ModelMultipleChoiceField[Any]:
    return forms.ModelMultipleChoiceField(
        model.objects.none(), label=label, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


def _amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=MOST_DIGITS, decimal_places=PLACES, min_value=0, **options
    )


class CurrencyField(forms.CharField):
    """Three letters (ISO 4217), whichever way they are typed."""

    default_validators = [CURRENCY]

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Currency"), required=False, max_length=3,
                         help_text=_("Three letters, such as XOF, GHS or EUR."), **options)  # fmt: skip

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class ActionForm(KeptForm):
    """What is done, by whom, when, for how much, and what it has to do with other things (S23-S27)."""

    named = {
        "titles": (_("What is done"), True),
        "descriptions": (_("Description"), False),
        "others": (_("Others who contribute"), False),
        "expert_roles": (_("Expert, by role"), False),
    }
    long = ("descriptions",)
    folds = (
        (_("Who else takes part"),
         ("contributors", "others", "expert_name", "expert_roles", "expert_institution", "task_force")),
        (_("What it costs"), ("cost", "currency")),
        (_("What it comes from, and what it is for"),
         ("decision", "recommendation", "data_sources", "gaps", "publications", "confidence", "source")),
    )  # fmt: skip
    kept = (
        "kind", "titles", "descriptions", "lead", "contributors", "others", "expert_name", "expert_roles",
        "expert_institution", "task_force", "starts", "due", "cost", "currency", "decision", "recommendation",
        "data_sources", "gaps", "publications", "confidence", "source",
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=ActionKind.choices)
    lead = _institution(_("Lead institution"))
    contributors = _several(Institution, _("Contributing institutions"))
    expert_name = forms.CharField(
        label=_("Expert's name"), max_length=200, required=False, help_text=_("Empty where nobody is named.")
    )
    expert_institution = _institution(_("Expert's institution"), _("None"))
    task_force = forms.ModelChoiceField(
        Twg.objects.none(), label=_("Task force"), required=False, empty_label=_("None")
    )
    starts = FuzzyDateField(label=pgettext_lazy("action", "Start"), required=False)
    due = FuzzyDateField(label=_("Due"), required=False)
    needs = _several(
        DataAction, _("Needs first"), help_text=_("What has to be finished before this one can be. Never in a circle.")
    )
    cost = _amount(_("Estimated cost"))
    currency = CurrencyField()
    decision = forms.ModelChoiceField(
        Decision.objects.none(), label=_("Decided at a meeting"), required=False, empty_label=_("None")
    )
    recommendation = forms.ModelChoiceField(
        Recommendation.objects.none(), label=_("Answers the recommendation"), required=False, empty_label=_("None")
    )
    data_sources = _several(DataSource, _("Data sources it concerns"))
    gaps = _several(DataGap, _("Data gaps it closes"))
    publications = _several(SupportingPublication, _("Supporting publications"))
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices, initial="stated")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, person: Any, action: DataAction | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.spread("titles", "kind", "descriptions", "lead", "starts", "due", "needs"))
        fields: dict[str, Any] = self.fields
        near = institutions_near(twg)
        for name in ("lead", "expert_institution"):
            offer(fields[name], near)
        fields["contributors"].queryset = near
        fields["contributors"].choices = grouped(near)
        fields["task_force"].queryset = Twg.objects.filter(linked_to=twg)
        others = selectors.actions(person).filter(twg=twg).exclude(pk=action.pk if action else 0)
        fields["needs"].queryset = others.order_by(*selectors.SOONEST)
        decided = (
            Decision.objects.all().visible_to(person).filter(minutes__meeting__twg=twg, state=DecisionState.STANDS)
        )
        fields["decision"].queryset = decided.order_by("-pk")
        asked = Recommendation.objects.all().visible_to(person).filter(twg=twg)
        fields["recommendation"].queryset = asked.order_by("number", "pk")
        fields["data_sources"].queryset = DataSource.objects.all().visible_to(person).filter(twg=twg)
        fields["gaps"].queryset = DataGap.objects.all().visible_to(person).filter(twg=twg)
        fields["publications"].queryset = SupportingPublication.objects.all().visible_to(person)
        for name in ("needs", "data_sources", "gaps", "publications"):
            fields[name].choices = list(fields[name].choices)  # where there is none, the page leaves the question out


def initial_of(action: DataAction, person: Any) -> dict[str, Any]:
    """What the form about an action starts with."""
    rest = {name: getattr(action, name) for name in ActionForm.kept if name not in (*ActionForm.named, *SEVERAL)}
    several = {name: list(getattr(action, name).values_list("pk", flat=True)) for name in SEVERAL}
    needs = list(selectors.needs_of(action, person).values_list("pk", flat=True))
    return {**rest, **several, "needs": needs}


class CommitmentForm(KeptForm):
    """Whose money, how much as far as anybody has said, and of which fiscal year (S26)."""

    named = {"statements": (_("What was said"), False)}
    long = ("statements",)
    kept = ("institution", "payer", "statements", "amount", "currency", "fiscal_year", "confidence", "source")

    institution = _institution(_("Institution that pays"))
    payer = forms.CharField(
        label=_("or somebody else"), max_length=200, required=False,
        help_text=_("A source that is no institution of the directory."),
    )  # fmt: skip
    amount = _amount(_("Amount"), help_text=_("Empty while nobody has said how much: no number is made up."))
    currency = CurrencyField()
    fiscal_year = forms.CharField(
        label=_("Fiscal year"),
        max_length=40,
        required=False,
        help_text=_("2010 or 2009/2010; empty where nobody knows."),
    )
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices, initial="stated")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        offer(field, institutions_near(twg))


class OutputForm(KeptForm):
    """What a task force is to deliver (S24)."""

    named = {"titles": (_("What is delivered"), True)}
    kept = ("titles", "action", "due", "url", "confidence", "source")

    action = forms.ModelChoiceField(
        DataAction.objects.none(), label=_("Action"), required=False, empty_label=_("None in particular")
    )
    due = FuzzyDateField(label=_("Due"), required=False)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices, initial="stated")
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    def __init__(self, *args: Any, body: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["action"]
        field.queryset = selectors.actions(person).filter(twg=body.linked_to_id)


class ActionFilter(StyledForm):
    """Which of a plan's actions are listed."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *DataActionState.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ActionKind.choices])
    stuck = forms.BooleanField(label=_("Late or blocked ones only"), required=False)

    def found(self, among: Any, plan: DataPlan) -> Any:
        """The actions that pass; a filter that makes no sense is no filter."""
        wanted = self.cleaned_data if self.is_valid() else {}
        for name in ("state", "kind"):
            if wanted.get(name):
                among = among.filter(**{name: wanted[name]})
        return selectors.stuck(among, plan.twg) if wanted.get("stuck") else among
