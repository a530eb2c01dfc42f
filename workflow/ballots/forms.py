"""Forms of ballots and votes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.models import BallotRule, Category, Institution, Twg
from workflow.writing.models import Draft

from . import electorate, subjects
from .models import Ballot, BallotForm, Option, Secrecy, VoteChoice, Way

REMINDERS = [(1, _("one day before")), (2, _("two days before")), (3, _("three days before")), (7, _("a week before"))]


class BallotDetails(StyledForm):
    """A question, what it is about, by which rule it is decided, and until when."""

    about = forms.ChoiceField(label=_("What is voted on"))
    question = forms.CharField(label=_("Question"), max_length=300)
    explanation = forms.CharField(
        label=_("Explanation"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    deadline = forms.DateTimeField(label=_("Deadline"), help_text=_("In your time zone."))
    rule = forms.ChoiceField(label=_("Rule"), choices=BallotRule.choices)
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
    secrecy = forms.ChoiceField(label=_("Votes are"), choices=Secrecy.choices)
    reminder_days = forms.TypedMultipleChoiceField(
        label=_("Reminders to those who have not voted"), choices=REMINDERS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, twg: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {f"{d.text.subject_kind}:{d.text.subject_id}:{d.pk}": d for d in subjects.drafts(twg, person)}
        about: Any = self.fields["about"]
        about.choices = [(key, subjects.label(draft)) for key, draft in self.drafts.items()]
        terms = electorate.terms_of(twg)
        voting = electorate.voting_institutions(twg, terms) if terms else []
        institutions: Any = self.fields["quorum_institutions"]
        institutions.queryset = Institution.objects.filter(pk__in=[i.pk for i in voting])
        categories: Any = self.fields["quorum_categories"]
        present = {i.category for i in voting}
        categories.choices = [c for c in Category.choices if c[0] in present]

    @property
    def values(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        draft: Draft = self.drafts[told.pop("about")]
        told.pop("quorum_institutions")
        return {**told, "about_kind": draft.text.subject_kind, "about_id": draft.text.subject_id, "draft": draft}


def initial_of(ballot: Ballot) -> dict[str, Any]:
    """A ballot in preparation, as its form shows it."""
    names = ("question", "explanation", "deadline", "rule", "quorum_percent", "quorum_categories", "secrecy",
             "reminder_days")  # fmt: skip
    return {
        **{name: getattr(ballot, name) for name in names},
        "about": f"{ballot.about_kind}:{ballot.about_id}:{ballot.draft_id}",
        "quorum_institutions": list(ballot.quorum_institutions.values_list("pk", flat=True)),
    }


class VoteForm(StyledForm):
    """An institution's vote. `number` says how many votes of it the person had before them."""

    choice = forms.ChoiceField(
        label=_("Your institution's vote"), widget=forms.RadioSelect,
        choices=[c for c in VoteChoice.choices if c[0] != VoteChoice.RANKED],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Reservations, or the reason for the objection"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def said(self) -> tuple[str, str, tuple[int, ...]]:
        return self.cleaned_data["choice"], self.cleaned_data["words"], ()


class RankingForm(StyledForm):
    """A place for each option that the institution ranks."""

    choice = forms.CharField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, options: list[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [("", _("not ranked")), *((str(n), str(n)) for n in range(1, len(options) + 1))]
        self.options = options
        for option in options:
            self.fields[f"option_{option.number}"] = forms.ChoiceField(
                label=str(option), choices=places, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get(f"option_{o.number}") for o in self.options]
        used = [place for place in given if place]
        for option, place in zip(self.options, given, strict=True):
            if place and used.count(place) > 1:
                self.add_error(f"option_{option.number}", _("Two options can't have the same place."))
        return cleaned

    def said(self) -> tuple[str, str, tuple[int, ...]]:
        places = {o.number: int(self.cleaned_data[f"option_{o.number}"] or 0) for o in self.options}
        ranked = tuple(sorted((n for n, place in places.items() if place), key=lambda n: places[n]))
        return (VoteChoice.RANKED if ranked else VoteChoice.ABSTAIN), "", ranked


def vote_form(ballot: Ballot, data: Any = None, **kwargs: Any) -> VoteForm | RankingForm:
    """The form that the ballot asks with."""
    if ballot.form == BallotForm.RANKING:
        return RankingForm(data, options=list(ballot.options.all()), **kwargs)
    return VoteForm(data, **kwargs)


class RecordForm(StyledForm):
    """What a vote on paper or in the room needs besides the vote."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"))
    way = forms.ChoiceField(label=_("Given"), choices=[(Way.PAPER, Way.PAPER.label), (Way.ROOM, Way.ROOM.label)])
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=_("The signed page, or the page of the minutes: PDF, Word or a photograph, 10 MB at most."),
    )


class ReasonForm(StyledForm):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class ExtendForm(ReasonForm):
    deadline = forms.DateTimeField(label=_("New deadline"), help_text=_("In your time zone."))
    field_order = ("deadline", "note")


class RepeatForm(StyledForm):
    deadline = forms.DateTimeField(label=_("Deadline"), help_text=_("In your time zone."))
