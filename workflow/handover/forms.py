"""Forms of hand-overs: a line of the checklist, a capacity need, the answer behind a link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine.forms import StyledForm
from workflow.groups.models import Institution
from workflow.groups.twg_forms import institutions_near, offer

from .models import CapacityNeed, Handover, HandoverItem, ItemKind, NeedKind, Severity


class ItemForm(StyledForm):
    """What is handed over besides the template's lines, who sees to it, and by when."""

    kept = ("name", "owner", "due", "required")

    name = forms.CharField(label=_("What is handed over"), max_length=200)
    owner = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Who sees to it"), required=False, empty_label=_("Open")
    )
    due = forms.DateField(label=_("By"), required=False)
    required = forms.BooleanField(label=_("The hand-over waits for it"), required=False, initial=True)

    def __init__(self, *args: Any, handover: Handover, kind: str = ItemKind.OTHER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["owner"], institutions_near(handover.twg))
        if kind != ItemKind.OTHER:
            del self.fields["name"], self.fields["required"]


def item_initial(item: HandoverItem) -> dict[str, Any]:
    return {"name": item.name, "owner": item.owner_id, "due": item.due, "required": item.required}


class NeedForm(StyledForm):
    """What is lacking, of which kind, how severe that is, and what is needed (S46)."""

    kept = ("what", "kind", "severity", "needed")

    what = forms.CharField(
        label=_("What is lacking"), max_length=300,
        help_text=_("One sentence, such as: nobody in the office reads the border police's register."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=NeedKind.choices)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.SERIOUS, widget=forms.RadioSelect
    )
    needed = forms.CharField(
        label=_("What is needed"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A training, a post, an agreement, an amount, as far as it is known."),
    )  # fmt: skip


def need_initial(need: CapacityNeed) -> dict[str, Any]:
    return {name: getattr(need, name) for name in NeedForm.kept}


class AnswerForm(StyledForm):
    """One page, one answer, by the link in a mail."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("noun", "Answer"), widget=forms.RadioSelect,
        choices=[
            ("accept", _("We keep the profile up to date.")),
            ("accept_conditionally", _("We do so on the conditions below.")),
            ("decline", _("We decline, for the reason below.")),
        ],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Conditions, reason or remark"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answer, said = cleaned.get("answer"), (cleaned.get("words") or "").strip()
        if not said and answer == "accept_conditionally":
            self.add_error("words", _("Say on which conditions."))
        if not said and answer == "decline":
            self.add_error("words", _("Say why: another institution is named by it."))
        return cleaned

    @property
    def transition(self) -> tuple[str, dict[str, Any]]:
        """The step of the life cycle, and what it asks for."""
        answer, said = self.cleaned_data["answer"], self.cleaned_data["words"].strip()
        return answer, {"conditions": said} if answer == "accept_conditionally" else {"note": said}
