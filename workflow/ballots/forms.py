"""Forms with which ballots and themes are prepared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import BallotRule, Category, Institution, Twg
from workflow.writing.models import Draft

from . import electorate, subjects, themes
from .models import Ballot, Secrecy, Theme

REMINDERS = [(1, _("one day before")), (2, _("two days before")), (3, _("three days before")), (7, _("a week before"))]


class Basics(StyledForm):
    """What every ballot says: a question, until when, the quorum, and whether votes are hidden."""

    kept = (
        "question", "explanation", "deadline", "rule", "quorum_percent", "quorum_categories", "secrecy", "winners",
        "reminder_days",
    )  # fmt: skip

    question = forms.CharField(label=_("Question"), max_length=300)
    explanation = forms.CharField(
        label=_("Explanation"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    deadline = forms.DateTimeField(label=_("Deadline"), help_text=_("In your time zone."))
    quorum_percent = forms.IntegerField(
        label=_("Quorum, in per cent of voting institutions"), min_value=1, max_value=100
    )
    quorum_institutions = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=_("Institutions that must take part"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    quorum_categories = forms.MultipleChoiceField(
        label=_("Categories of which one must take part"), required=False, widget=forms.CheckboxSelectMultiple
    )
    secrecy = forms.ChoiceField(label=_("Votes are"), choices=Secrecy.choices, initial=Secrecy.ROLL_CALL)
    reminder_days = forms.TypedMultipleChoiceField(
        label=_("Reminders to those who have not voted"), choices=REMINDERS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, twg: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = electorate.terms_of(twg)
        voting = electorate.voting_institutions(twg, terms) if terms else []
        institutions: Any = self.fields["quorum_institutions"]
        institutions.queryset = Institution.objects.filter(pk__in=[i.pk for i in voting])
        categories: Any = self.fields["quorum_categories"]
        present = {i.category for i in voting}
        categories.choices = [c for c in Category.choices if c[0] in present]


class BallotDetails(Basics):
    """A question about a named draft, and the rule by which it is decided."""

    about = forms.ChoiceField(label=_("What is voted on"))
    rule = forms.ChoiceField(
        label=_("Rule"), choices=BallotRule.choices,
        help_text=_("With the silence procedure no quorum is needed: whoever says nothing agrees."),
    )  # fmt: skip
    field_order = ("about", "question", "explanation", "deadline", "rule")

    def __init__(self, *args: Any, twg: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, twg=twg, person=person, **kwargs)
        self.drafts = {f"{d.text.subject_kind}:{d.text.subject_id}:{d.pk}": d for d in subjects.drafts(twg, person)}
        about: Any = self.fields["about"]
        about.choices = [(key, subjects.label(draft)) for key, draft in self.drafts.items()]

    @property
    def values(self) -> dict[str, Any]:
        draft: Draft = self.drafts[self.cleaned_data["about"]]
        about = {"about_kind": draft.text.subject_kind, "about_id": draft.text.subject_id, "draft": draft}
        return super().values | about


class ThemesQuestion(Basics):
    """A question about research themes: institutions rank them, and the first ones are chosen (S34)."""

    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(), label=_("Themes to choose from"), widget=forms.CheckboxSelectMultiple
    )
    winners = forms.IntegerField(label=_("How many are chosen"), min_value=1, max_value=20, initial=3)
    field_order = ("question", "explanation", "themes", "winners", "deadline")

    def __init__(self, *args: Any, twg: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, twg=twg, person=person, **kwargs)
        field: Any = self.fields["themes"]
        field.queryset = themes.proposed(twg)
        field.initial = [theme.pk for theme in field.queryset]


def initial_of(ballot: Ballot) -> dict[str, Any]:
    """A ballot in preparation, as its form shows it."""
    return {
        **{name: getattr(ballot, name) for name in Basics.kept},
        "about": f"{ballot.about_kind}:{ballot.about_id}:{ballot.draft_id}",
        "themes": [theme.pk for theme in themes.behind(ballot).values()],
        "quorum_institutions": list(ballot.quorum_institutions.values_list("pk", flat=True)),
    }


class ThemeForm(NamesMixin, StyledForm):
    """A research theme: its title, why it matters, and whose proposal it is."""

    named = {"names": (_("Title"), True), "reasons": (_("Why it matters"), False)}
    long = ("reasons",)
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Proposed by"), required=False, empty_label=_("the TWG"),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        """`offered` are the institutions among which those who run the TWG choose; None for everybody else."""
        super().__init__(*args, **kwargs)
        if offered is None:
            del self.fields["institution"]
        else:
            field: Any = self.fields["institution"]
            field.queryset = offered

    @property
    def values(self) -> dict[str, Any]:
        told = {"titles": self.cleaned_data["names"], "reasons": self.cleaned_data["reasons"]}
        return told | ({"institution": self.cleaned_data["institution"]} if "institution" in self.fields else {})
