"""Forms with which meetings are planned, people invited, dates proposed, and invitations answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.forms import FuzzyDateField, MomentInput, StyledForm
from workflow.groups.form_tools import FoldsMixin, NamesMixin
from workflow.groups.models import Membership, Twg

from .models import Audience, Availability, Form, Invitation, Meeting, MeetingKind, Reply, Slot
from .replying import ANSWERS, MOST_NOTE

REMINDERS = [(28, _("four weeks before")), (14, _("two weeks before")), (7, _("a week before")),
             (1, _("the day before"))]  # fmt: skip


def _rung(label: Any) -> forms.ChoiceField:
    """One rung of the ladder of reminders: whom it is for, if anybody."""
    choices = [("", pgettext_lazy("reminded", "nobody")), *Audience.choices]
    # Said in each reader's language: `%` alone would say it once, in that of the server.
    told = lazy(lambda: _("Reminder %(when)s, for") % {"when": label}, str)()
    return forms.ChoiceField(label=told, choices=choices, required=False)


MOST_DATES = 6  # rows of the form that proposes dates


class MeetingForm(NamesMixin, StyledForm):
    """What a meeting is, where and how it takes place."""

    named = {"titles": (_("Title"), True), "descriptions": (_("Description"), False)}
    long = ("descriptions",)
    folds = (
        (_("What it is about, how to get there, in which languages"),
         ("descriptions", "map_url", "dial_in", "languages", "interpretation", "when")),
        (_("Reminders"), tuple(f"reminder_{days}" for days, _label in REMINDERS)),
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=MeetingKind.choices)
    form = forms.ChoiceField(label=_("Takes place"), choices=Form.choices)
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    map_url = forms.URLField(label=_("Map"), max_length=500, required=False, assume_scheme="https")
    video_url = forms.URLField(label=_("Video link"), max_length=500, required=False, assume_scheme="https")
    dial_in = forms.CharField(label=_("Dial-in"), max_length=200, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    interpretation = forms.BooleanField(label=_("With interpretation"), required=False)
    with_twgs = forms.ModelMultipleChoiceField(
        Twg.objects.none(), label=_("Together with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    when = FuzzyDateField(
        label=_("Date, as far as it is known"), required=False,
        help_text=_("While no day is set, or where nobody knows it any more: 2009-06, 2009, 2009-04/2009-05."),
    )  # fmt: skip
    reminder_28, reminder_14, reminder_7, reminder_1 = (_rung(label) for _days, label in REMINDERS)
    closed = forms.BooleanField(
        label=_("Closed to all but government"), required=False,
        help_text=_("Nobody else learns that it takes place. The terms of reference must allow it."),
    )  # fmt: skip
    closed_reason = forms.CharField(
        label=_("Why it is closed"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    public = forms.BooleanField(
        label=_("Announced to the public"), required=False,
        help_text=_("Title, date and place stand in the public calendar, which anybody reads without an account."),
    )  # fmt: skip

    kept = (
        "titles", "descriptions", "kind", "form", "place", "map_url", "video_url", "dial_in", "languages",
        "interpretation", "when", "closed", "closed_reason", "public",
    )  # fmt: skip

    def __init__(self, *args: Any, others: Any, may_close: bool, **kwargs: Any) -> None:
        """`others` are the TWGs that can be invited with it; `may_close` says that the terms let sessions be closed."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["with_twgs"]
        field.queryset = others
        if not others.exists():
            del self.fields["with_twgs"]
        if not may_close:
            del self.fields["closed"], self.fields["closed_reason"]

    @property
    def values(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in self.kept if name in self.cleaned_data}
        ladder = {days: self.cleaned_data[f"reminder_{days}"] for days, _label in REMINDERS}
        kept = {days: to for days, to in ladder.items() if to}
        return {**told, "reminder_days": list(kept), "reminder_to": {str(days): to for days, to in kept.items()}}


def ladder_of(days: Iterable[int], to: Mapping[str, str]) -> dict[str, str]:
    """A ladder of reminders as the form's fields show it."""
    return {f"reminder_{day}": to.get(str(day), Audience.ALL) for day in days}


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its form shows it."""
    names = {f"titles_{code}": text for code, text in meeting.titles.items()}
    names |= {f"descriptions_{code}": text for code, text in meeting.descriptions.items()}
    rest = {name: getattr(meeting, name) for name in MeetingForm.kept if name not in MeetingForm.named}
    rest |= ladder_of(meeting.reminder_days, meeting.reminder_to)
    return {**names, **rest, "with_twgs": list(meeting.with_twgs.values_list("pk", flat=True))}


class PeopleForm(FoldsMixin, StyledForm):
    """Who is invited, and without whom a date is none."""

    folds = ((_("Key institutions, and chosen people for reminders"), ("key", "chosen_people")),)

    people = forms.MultipleChoiceField(label=_("Invite"), widget=forms.CheckboxSelectMultiple)
    key = forms.MultipleChoiceField(
        label=_("Key institutions"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A date that does not suit them is marked."),
    )  # fmt: skip
    chosen_people = forms.MultipleChoiceField(
        label=_("Chosen for reminders"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They get the reminders that are for chosen ones, such as those who prepare something."),
    )  # fmt: skip

    def __init__(self, *args: Any, seats: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(seat.pk): seat for seat in seats}
        people: Any = self.fields["people"]
        people.choices = [(key, _seat_words(seat)) for key, seat in self.seats.items()]
        remind: Any = self.fields["chosen_people"]
        remind.choices = people.choices
        institutions = {str(s.institution_id): s.institution.name for s in seats if s.institution}
        key: Any = self.fields["key"]
        key.choices = sorted(institutions.items(), key=lambda one: one[1])

    @property
    def chosen(self) -> list[Membership]:
        return [self.seats[key] for key in self.cleaned_data["people"]]


def _seat_words(seat: Membership) -> str:
    return f"{seat.person}, {seat.institution.name}" if seat.institution else str(seat.person)


class DatesForm(StyledForm):
    """The dates that are proposed in a poll."""

    def __init__(self, *args: Any, slots: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = range(1, max(MOST_DATES, len(slots)) + 1)
        for line in self.lines:
            slot = slots[line - 1] if line <= len(slots) else None
            for name, label in (("starts", _("Date %(line)d begins")), ("ends", _("Date %(line)d ends"))):
                self.fields[f"{name}_{line}"] = forms.DateTimeField(
                    label=label % {"line": line}, required=False, widget=MomentInput,
                    initial=getattr(slot, f"{name}_at") if slot else None,
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            starts, ends = cleaned.get(f"starts_{line}"), cleaned.get(f"ends_{line}")
            if bool(starts) != bool(ends) and not self.errors:
                self.add_error(f"ends_{line}" if starts else f"starts_{line}", _("Give both, begin and end."))
            elif starts and ends and ends <= starts:
                self.add_error(f"ends_{line}", _("It ends before it begins."))
        return cleaned

    @property
    def slots(self) -> list[tuple[Any, Any]]:
        told = ((self.cleaned_data.get(f"starts_{n}"), self.cleaned_data.get(f"ends_{n}")) for n in self.lines)
        return [(starts, ends) for starts, ends in told if starts and ends]


class ReplyForm(StyledForm):
    """Whether an invited person comes."""

    reply = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect, choices=[(one.value, one.label) for one in ANSWERS]
    )
    replaced_by = forms.CharField(
        label=_("Who represents you"), max_length=200, required=False, help_text=_("Name and function.")
    )
    note = forms.CharField(
        label=_("To the secretariat"), required=False, max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        given = {"note": invitation.reply_note, "replaced_by": invitation.replaced_by}
        if invitation.reply != Reply.NONE:
            given["reply"] = invitation.reply
        super().__init__(*args, initial=given, **kwargs)


class PollForm(StyledForm):
    """Which of the proposed dates suit an invited person."""

    def __init__(self, *args: Any, slots: Iterable[Slot], given: dict[int, str], words: Any, **kwargs: Any) -> None:
        """`words` says a date in the reader's words; `given` are the answers so far, by slot.

        One press (`every`) answers the same for all of them.
        """
        offered = list(slots)
        super().__init__(*args, **kwargs)
        self.slot_ids = [slot.pk for slot in offered]
        if self.is_bound and (every := self.data.get("every")):
            self.data = {f"slot_{pk}": every for pk in self.slot_ids}
        for slot in offered:
            self.fields[f"slot_{slot.pk}"] = forms.ChoiceField(
                label=words(slot), choices=Availability.choices, widget=forms.RadioSelect, initial=given.get(slot.pk)
            )

    @property
    def answers(self) -> dict[int, str]:
        return {pk: self.cleaned_data[f"slot_{pk}"] for pk in self.slot_ids}
