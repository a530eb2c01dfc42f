"""Forms with which institutions vote, and votes on paper are written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.models import Institution

from .models import MOST_WRITTEN, Ballot, BallotForm, Option, VoteChoice, Way


class VoteForm(StyledForm):
    """An institution's vote. `number` says how many votes of it the person had before them."""

    choice = forms.ChoiceField(
        label=_("The institution's vote"), widget=forms.RadioSelect,
        choices=[c for c in VoteChoice.choices if c[0] != VoteChoice.RANKED],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Reservations, or the reason for the objection"), required=False, max_length=MOST_WRITTEN,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Needed for both; they are read with the vote."),
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
        self.fields["abstain"] = forms.BooleanField(
            label=_("The institution abstains"),
            required=False,
            initial=self.initial.get("choice") == VoteChoice.ABSTAIN,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get(f"option_{o.number}") for o in self.options]
        used = [place for place in given if place]
        for option, place in zip(self.options, given, strict=True):
            if place and used.count(place) > 1:
                self.add_error(f"option_{option.number}", _("Two options can't have the same place."))
        if used and cleaned.get("abstain"):
            self.add_error("abstain", _("Whoever ranks does not abstain: leave all unranked, or take this back."))
        elif not used and not cleaned.get("abstain"):
            # An empty form is no vote: nobody abstains by pressing a button too soon.
            self.add_error(f"option_{self.options[0].number}", _("Rank at least one option, or abstain."))
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


class Recording(StyledForm):
    """What a vote on paper or in the room needs besides the vote."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"))
    way = forms.ChoiceField(label=_("Given"), choices=[(Way.PAPER, Way.PAPER.label), (Way.ROOM, Way.ROOM.label)])
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=_("The signed page, or the page of the minutes: PDF, Word or a photograph, 10 MB at most."),
    )

    def offer(self, institutions: Any) -> None:
        field: Any = self.fields["institution"]
        field.queryset = institutions
        del self.fields["number"]
        self.order_fields(["institution", "way"])


class RecordForm(VoteForm, Recording):
    """A vote written down for an institution."""


class RecordRankingForm(RankingForm, Recording):
    """A ranking written down for an institution."""


def record_form(ballot: Ballot, institutions: Any, data: Any, files: Any, **kwargs: Any) -> Any:
    """The form in which the ballot's votes are written down."""
    ranks = ballot.form == BallotForm.RANKING
    form: Any = (
        RecordRankingForm(data, files, options=list(ballot.options.all()), **kwargs)
        if ranks
        else RecordForm(data, files, **kwargs)
    )
    form.offer(institutions)
    return form


class ReasonForm(StyledForm):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class ExtendForm(ReasonForm):
    deadline = forms.DateTimeField(label=_("New deadline"), help_text=_("In your time zone."))
    field_order = ("deadline", "note")


class RepeatForm(StyledForm):
    deadline = forms.DateTimeField(label=_("Deadline"), help_text=_("In your time zone."))
