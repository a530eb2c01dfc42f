"""Forms of the comments room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from workflow.engine.forms import MomentIn, StyledForm
from workflow.groups.models import Institution, Twg
from workflow.groups.twg_forms import grouped
from workflow.writing.models import Draft

from .anchors import MOST_QUOTED
from .models import MOST_WRITTEN, Discussion, RemarkKind, Round, Weight
from .models.rounds import validate_days

MOST_TYPED = MOST_WRITTEN + 1000  # characters; what is a little too long is told by the service


class Days(forms.CharField):
    """Whole numbers of days, as people list them: 7, 2."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        told = super().clean(value)
        if not re.fullmatch(r"[\d\s,;]*", told):
            raise ValidationError(_("Write whole numbers of days, such as 7, 2."))
        days = sorted({int(day) for day in re.findall(r"\d{1,5}", told)}, reverse=True)
        validate_days(days)
        return days


class RoundForm(StyledForm):
    """A round to be planned: what is asked of whom, from when until when."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("For example: the March round.")
    )
    message = forms.CharField(
        label=gettext_lazy("What the TWG is asked"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What to look at in particular. It stands in the mail and above the draft."),
    )  # fmt: skip
    opens_on = forms.DateField(
        label=gettext_lazy("Opens on"), required=False,
        help_text=gettext_lazy("It opens by itself when this day begins where the TWG works; empty: by hand."),
    )  # fmt: skip
    deadline = MomentIn(label=gettext_lazy("Deadline"))
    reminder_days = Days(
        label=gettext_lazy("Reminders, days before the deadline"), required=False,
        help_text=gettext_lazy("By mail, to those who have not answered; such as 7, 2."),
    )  # fmt: skip
    everybody = forms.ChoiceField(
        label=gettext_lazy("Who is asked"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("All institutions of the TWG")), ("no", gettext_lazy("Only those chosen below"))],
    )  # fmt: skip
    institutions = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=gettext_lazy("Institutions"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Offered are those for which a member sits in the TWG."),
    )  # fmt: skip
    discussion = forms.ChoiceField(
        label=gettext_lazy("Who reads the comments"), widget=forms.RadioSelect, choices=Discussion.choices
    )

    def __init__(self, *args: Any, twg: Twg, offered: Iterable[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["deadline"].in_zone(twg.time_zone, _("In the TWG's time zone, %(zone)s."))
        offer_institutions(fields["institutions"], list(offered))

    @property
    def values(self) -> dict[str, Any]:
        names = ("name", "message", "opens_on", "deadline", "reminder_days", "discussion")
        return {name: self.cleaned_data[name] for name in names} | {
            "everybody": self.cleaned_data["everybody"] == "yes"
        }

    @property
    def chosen(self) -> list[Institution]:
        return [] if self.cleaned_data["everybody"] == "yes" else list(self.cleaned_data["institutions"])


def offer_institutions(field: Any, offered: list[Institution]) -> None:
    field.queryset = Institution.objects.filter(pk__in=[institution.pk for institution in offered])
    field.choices = grouped(offered)


def initial_of(round_: Round, asked: Iterable[int]) -> dict[str, Any]:
    names = ("name", "message", "opens_on", "deadline", "reminder_days", "discussion")
    told = {name: getattr(round_, name) for name in names}
    return told | {"everybody": "yes" if round_.everybody else "no", "institutions": list(asked)}


def suggested(draft: Draft, twg: Twg, days: int) -> dict[str, Any]:
    """A new round: called after its draft, ending in the evening, after the time that the terms give for comments."""
    last = timezone.localtime(timezone.now(), ZoneInfo(twg.time_zone)) + timedelta(days=days)
    return {
        "name": draft.name,
        "deadline": last.replace(hour=18, minute=0, second=0, microsecond=0),
        "reminder_days": [day for day in (7, 2) if day < days],
        "everybody": "yes",
        "discussion": Discussion.TWG.value,
    }


class ExtendForm(StyledForm):
    """A later deadline, and why."""

    deadline = MomentIn(label=gettext_lazy("New deadline"))
    note = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("All who are asked read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deadline"]
        field.in_zone(twg.time_zone, _("In the TWG's time zone, %(zone)s."))


class AskMoreForm(StyledForm):
    """Institutions that are asked, too."""

    institutions = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=gettext_lazy("Institutions"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: list[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_institutions(self.fields["institutions"], offered)


class EmptyForm(StyledForm):
    """A press of a button, with the version that it was pressed on."""


class RemarkForm(StyledForm):
    """A comment: its words, the words that it is about, of what kind and weight it is."""

    comment = forms.CharField(
        label=pgettext_lazy("remark", "Comment"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=MOST_TYPED,
    )
    quote = forms.CharField(
        label=gettext_lazy("About these words"), required=False, max_length=MOST_QUOTED,
        widget=forms.Textarea(attrs={"rows": 2, "class": "low"}),
        help_text=gettext_lazy("Select them in the text, or copy them in here. Empty: about the whole section."),
    )  # fmt: skip
    before = forms.CharField(required=False, strip=False, max_length=400, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, max_length=400, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RemarkKind.choices)
    weight = forms.ChoiceField(label=gettext_lazy("Weight"), choices=Weight.choices, initial=Weight.SHOULD.value)
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("On behalf of"), required=False,
        empty_label=gettext_lazy("My own institution"),
        help_text=gettext_lazy("For a comment that came on paper or by telephone."),
    )  # fmt: skip
    inside = forms.BooleanField(
        label=gettext_lazy("Keep it inside the institution for now"), required=False,
        help_text=gettext_lazy("Your colleagues read it; you submit it later."),
    )  # fmt: skip
    followup = forms.BooleanField(label=gettext_lazy("Tell me by mail of replies"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        whole: bool = False,
        on_behalf: Iterable[Institution] = (),
        may_keep: bool = False,
        **kwargs: Any,
    ) -> None:
        """`whole`: on the draft as a whole, so on no words of it; `on_behalf`: whose comments the person takes down."""
        super().__init__(*args, **kwargs)
        offered = list(on_behalf)
        fields: dict[str, Any] = self.fields
        fields["institution"].queryset = Institution.objects.filter(pk__in=[i.pk for i in offered])
        empty = ("", fields["institution"].empty_label)
        fields["institution"].choices = [empty, *((i.pk, str(i)) for i in offered)]
        absent = {"quote": whole, "before": whole, "after": whole, "institution": not offered, "inside": not may_keep}
        for name, gone in absent.items():
            if gone:
                del fields[name]

    @property
    def said(self) -> dict[str, Any]:
        """Kind, weight and anchor, as the service takes them."""
        names = ("kind", "weight", "quote", "before", "after")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ChangeRemarkForm(RemarkForm):
    """Another wording of what is inside the institution."""

    followup = None  # type: ignore[assignment]


class ReplyForm(StyledForm):
    comment = forms.CharField(
        label=gettext_lazy("Reply"), strip=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=MOST_TYPED
    )
    followup = forms.BooleanField(
        label=gettext_lazy("Tell me by mail of further replies"), required=False, initial=True
    )


class NoteForm(StyledForm):
    """A few words that go with a flag, needed where it is taken away."""

    note = forms.CharField(label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, needed: bool, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needed
        self.fields["note"].label = label
