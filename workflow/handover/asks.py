"""What the transitions of a hand-over ask for: whom, by when, on which conditions, with what evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.engine.forms import DayInput
from workflow.engine.storing import store
from workflow.groups.models import Institution
from workflow.groups.twg_forms import institutions_near, offer
from workflow.profiles.selectors import months_after
from workflow.writing.sending import WordsOrFileForm

from . import rules
from .models import Evidence, ItemKind


class InstitutionForm(asks.AskForm):
    """Who is to keep the profile up to date."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Update institution"), empty_label=_("Choose one")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        named = self.subject.edition.update_institution_id
        offer(field, institutions_near(self.subject.twg).exclude(pk=named or 0))

    def record(self, act: Act) -> dict[str, Any]:
        was = self.subject.institution
        told: dict[str, Any] = {"institution": self.cleaned_data["institution"].pk}
        return told | ({"instead_of": {"id": was.pk, "name": was.name}} if was else {})


class AskingForm(asks.AskForm):
    """The day by which an answer is asked; the letter's own words are the note."""

    reply_by = forms.DateField(label=_("Answer asked by"), widget=DayInput())
    note = forms.CharField(
        label=_("Words to the institution"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They stand in the mail, above what is asked."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].initial = timezone.localdate() + rules.USUAL_TIME

    def clean_reply_by(self) -> Any:
        return _ahead(self.cleaned_data["reply_by"])

    def record(self, act: Act) -> dict[str, Any]:
        return {"reply_by": self.cleaned_data["reply_by"]}


class LaterForm(asks.AskForm):
    """A later day for an institution that is asked and has not answered."""

    reply_by = forms.DateField(label=_("Answer asked by"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_by = self.subject.reply_by or timezone.localdate()
        self.fields["reply_by"].initial = max(asked_by, timezone.localdate()) + rules.MORE_TIME

    def clean_reply_by(self) -> Any:
        day = _ahead(self.cleaned_data["reply_by"])
        if self.subject.reply_by and day <= self.subject.reply_by:
            raise forms.ValidationError(_("Give a later day than the one by which it is asked now."))
        return day

    def record(self, act: Act) -> dict[str, Any]:
        return {"reply_by": self.cleaned_data["reply_by"]}


def _ahead(day: Any) -> Any:
    if day < timezone.localdate():
        raise forms.ValidationError(_("This day has passed."))
    return day


class ConditionsForm(asks.AskForm):
    """On which conditions an institution accepts."""

    conditions = forms.CharField(
        label=_("Conditions"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Each on a line of its own: staff, budget, access to data, what else."),
    )  # fmt: skip

    def record(self, act: Act) -> dict[str, Any]:
        return {"conditions": self.cleaned_data["conditions"]}


class MetForm(asks.AskForm):
    """How a condition or a need was met; it travels as the act's note."""

    note = forms.CharField(label=_("How it was met"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class EvidenceForm(WordsOrFileForm):
    """How one knows: words, a file, or both (S21); of trained staff, their number (S46)."""

    file_field = "evidence_file"
    nothing_sent = _("Say how one knows, send a file, or both.")

    counted = forms.IntegerField(
        label=_("How many of its staff are trained"), min_value=0, max_value=10_000,
        help_text=_("The hand-over's page shows how many have completed a course by Palabre's own records."),
    )  # fmt: skip
    note = forms.CharField(
        label=pgettext_lazy("hand-over", "Evidence"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("What was given, to whom, when, under which reference."),
    )  # fmt: skip
    evidence_file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, Word, Excel, CSV, PNG or JPEG; 10 MB at most.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject.kind != ItemKind.TRAINED_STAFF:
            del self.fields["counted"]

    def record(self, act: Act) -> dict[str, Any]:
        """Keep it, numbered under the line's lock; the event carries the number and, of a file, name and hash."""
        shown = Evidence(
            item=self.subject, number=Evidence.objects.filter(item=self.subject).count() + 1, words=self.words,
            by=act.actor, by_name=str(act.actor) if act.actor else "Palabre",
        )  # fmt: skip
        self.put_file(shown, act)
        store(shown)
        told = {"number": shown.number, "file": shown.name, "sha256": shown.sha256}
        return told | ({"counted": self.cleaned_data["counted"]} if "counted" in self.cleaned_data else {})


class NextForm(asks.AskForm):
    """When the next edition is due; by the profile's rhythm, where it has one."""

    next_due = forms.DateField(
        label=_("Next edition due"), widget=DayInput(),
        help_text=_("From that day on it is shown as overdue to the update institution and the TWG."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = self.subject.edition.profile.update_months
        if months:
            self.fields["next_due"].initial = months_after(timezone.localdate(), months)

    def clean_next_due(self) -> Any:
        return _ahead(self.cleaned_data["next_due"])

    def record(self, act: Act) -> dict[str, Any]:
        return {"next_due": self.cleaned_data["next_due"]}


def register() -> None:
    asks.register("handover_institution", InstitutionForm)
    asks.register("handover_ask", AskingForm)
    asks.register("handover_later", LaterForm)
    asks.register("handover_conditions", ConditionsForm)
    asks.register("handover_met", MetForm)
    asks.register("handover_evidence", EvidenceForm)
    asks.register("handover_next", NextForm)
