"""Forms of the list of who came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.scheduling.models import Meeting
from workflow.engine import texts
from workflow.engine.forms import MomentIn, StyledForm
from workflow.groups.models import Category, Institution, Rank

from .models import MOST_INSTITUTION, MOST_NAME, Attendance, Way
from .selectors import replaceable

RANKS = [("", _("not said")), *Rank.choices]
CATEGORIES = [("", _("not known")), *Category.choices]


class When(StyledForm):
    """From when to when, how, and in which rank. Times are those of the meeting's own zone."""

    rank = forms.ChoiceField(label=_("Rank on that day"), choices=RANKS, required=False)
    way = forms.ChoiceField(label=_("Took part"), choices=Way.choices, initial=Way.ROOM, widget=forms.RadioSelect)
    arrived_at = MomentIn(label=pgettext_lazy("at a meeting", "Arrived"), required=False)
    left_at = MomentIn(label=pgettext_lazy("a meeting", "Left"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["arrived_at"].in_zone(meeting.zone, _("In the meeting's time zone, %(zone)s."))
        fields["left_at"].in_zone(meeting.zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("arrived_at") and cleaned.get("left_at") and cleaned["left_at"] < cleaned["arrived_at"]:
            self.add_error("left_at", _("They left before they arrived."))
        return cleaned

    kept: tuple[str, ...] = ("rank", "way", "arrived_at", "left_at")


class Mine(When):
    """What one says of oneself."""

    came = forms.TypedChoiceField(
        label=_("Were you there?"), choices=[("yes", _("I was there")), ("no", _("I was not there"))],
        coerce=lambda told: told == "yes", initial="yes", widget=forms.RadioSelect,
    )  # fmt: skip
    field_order: tuple[str, ...] = ("came", "rank", "way", "arrived_at", "left_at")
    kept = ("came", *When.kept)


class Theirs(Mine):
    """What the secretariat writes of somebody with an account."""

    replaces: Any = forms.ModelChoiceField(
        None, label=_("In the place of"), required=False, empty_label=_("nobody: for themselves")
    )
    field_order = (*Mine.field_order, "replaces")
    kept = (*Mine.kept, "replaces")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        came: Any = self.fields["came"]
        came.label, came.choices = _("Were they there?"), [("yes", _("They came")), ("no", _("They did not come"))]
        replaces: Any = self.fields["replaces"]
        replaces.queryset = replaceable(meeting)


class WalkIn(When):
    """Somebody without an account, written down by the secretariat."""

    name = forms.CharField(label=_("Name"), max_length=MOST_NAME, validators=[texts.validate])
    institution: Any = forms.ModelChoiceField(
        None, label=_("Institution"), required=False, empty_label=_("not in the directory: write it below")
    )
    typed = forms.CharField(
        label=_("Institution, as they call it"), max_length=MOST_INSTITUTION, required=False,
        validators=[texts.validate],
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Category"), choices=CATEGORIES, required=False,
        help_text=_("Of an institution that is not in the directory."),
    )  # fmt: skip
    replaces: Any = forms.ModelChoiceField(
        None, label=_("In the place of"), required=False, empty_label=_("nobody: for themselves")
    )
    field_order = ("name", "institution", "typed", "category", *When.kept, "replaces")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        rows = {"institution": Institution.objects.order_by("country", "folded"), "replaces": replaceable(meeting)}
        for name, found in rows.items():
            choice: Any = self.fields[name]
            choice.queryset = found

    @property
    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        kept = super().values | {"name": told["name"].strip(), "replaces": told["replaces"]}
        kept["institution"] = told["institution"]
        if told["institution"] is None:
            kept["institution_names"] = {"en": told["typed"].strip()} if told["typed"].strip() else {}
            kept["category"] = told["category"]
        return kept


class StrangerForm(StyledForm):
    """Who one is, for those without an invitation."""

    name = forms.CharField(
        label=_("Your name"), max_length=MOST_NAME, validators=[texts.validate],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    institution = forms.CharField(
        label=_("Your institution"), max_length=MOST_INSTITUTION, validators=[texts.validate],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    rank = forms.ChoiceField(label=_("Your rank"), choices=RANKS, required=False)
    way = forms.ChoiceField(label=_("You take part"), choices=Way.choices, initial=Way.ROOM, widget=forms.RadioSelect)


class CodeForm(StyledForm):
    """The six digits on the room's screen."""

    code = forms.CharField(
        label=_("Code on the screen"), max_length=12, help_text=_("Six digits; another code every minute."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class WhyForm(StyledForm):
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def initial_of(row: Attendance | None) -> dict[str, Any]:
    """A row as its form shows it."""
    if row is None:
        return {"seen": 0}
    return {
        "name": row.name, "institution": row.institution_id, "category": row.category, "rank": row.rank,
        "typed": "" if row.institution_id else row.institution_name, "way": row.way, "replaces": row.replaces_id,
        "came": "yes" if row.came else "no", "arrived_at": row.arrived_at, "left_at": row.left_at, "seen": row.changes,
    }  # fmt: skip
