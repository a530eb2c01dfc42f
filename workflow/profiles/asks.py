"""What the edition's transitions ask for, besides a reason or a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks, edtf, gates, texts
from workflow.engine.flow import Act
from workflow.engine.services import Telling
from workflow.groups.models import Institution
from workflow.writing import services as writing

from .flow import WORKSHOP_CLOSED


class WorkshopForm(asks.AskForm):
    """S21: the workshop names the update institution, or says why it could not."""

    title = _("What the workshop did")
    update_institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Update institution"), required=False, empty_label=_("None named")
    )
    no_update_institution = forms.CharField(
        label=_("If none is named, why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = gates.ask(WORKSHOP_CLOSED, self.subject).missing
        for part in self.missing:
            self.fields[f"missing_{part.name}"] = forms.CharField(
                label=format_lazy(_("Missing: {what} Why?"), what=part.label), max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}), help_text=str(part.told), validators=[texts.validate],
            )  # fmt: skip
        twg = self.subject.twg
        field: Any = self.fields["update_institution"]
        field.queryset = Institution.objects.filter(
            Q(memberships__twg=twg) | (Q(country=twg.country) if twg.country else Q())
        ).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named, why = cleaned.get("update_institution"), cleaned.get("no_update_institution")
        if not named and not why and "update_institution" not in self.errors:
            self.add_error("update_institution", _("Name the update institution, or say below why there is none."))
        if named and why:
            self.add_error("no_update_institution", _("An institution is named: leave this empty."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        named = self.cleaned_data["update_institution"]
        return {
            "update_institution": {"id": named.pk, "name": named.name} if named else None,
            "no_update_institution": self.cleaned_data["no_update_institution"],
            "missing": {part.name: self.cleaned_data[f"missing_{part.name}"] for part in self.missing},
        }


class PublicationForm(asks.AskForm):
    """When the edition came out; today unless somebody says otherwise."""

    title = _("Publication")
    published_on = forms.CharField(
        label=_("Published on"),
        required=False,
        max_length=40,
        validators=[edtf.validate],
        help_text=_("2009-06-15, 2009-06 or 2009; today when left empty."),
    )

    def clean_published_on(self) -> str:
        return self.cleaned_data["published_on"] or timezone.localdate().isoformat()

    def record(self, act: Act) -> dict[str, Any]:
        return {"published_on": self.cleaned_data["published_on"]}


class DraftForm(asks.AskForm):
    """S13: what goes to the TWG is a named draft. One is taken now, unless nothing was written since the last.

    An edition whose text is not in Palabre has nothing to freeze, and is asked nothing.
    """

    draft_name = forms.CharField(
        label=_("Name of the draft"), required=False, max_length=120,
        help_text=_("All sections are frozen under this name, such as: for the March round."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = writing.text_of(self.subject)
        if self.text is None or writing.settled(self.text):
            del self.fields["draft_name"]
        else:
            self.title = _("The draft")

    def record(self, act: Act) -> dict[str, Any]:
        """The draft that goes on. Its sections are held until the transition is made."""
        if self.text is None or not writing.is_written(self.subject):
            return {}  # the transition's own condition says what is missing
        name = self.cleaned_data.get("draft_name") or str(_("for the TWG"))
        draft = writing.settle(self.text, name, actor=act.actor, telling=Telling(quiet=True))
        return {"draft": draft.pk, "sha256": draft.sha256}
