"""What the transitions of a comment ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.writing.models import Revision

from .models import Disposition


class DispositionForm(asks.AskForm):
    """S13: what became of the comment, in words, and the revision that did it."""

    title = _("Answer to the comment")
    disposition = forms.ChoiceField(label=_("Disposition"), choices=Disposition.choices)
    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed unless the comment is accepted as it stands."),
    )  # fmt: skip
    revision = forms.ModelChoiceField(
        Revision.objects.none(), label=_("Revision that did it"), required=False, empty_label=_("None"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["revision"]
        field.queryset = Revision.objects.filter(section=self.subject.section_id).order_by("-number")
        field.label_from_instance = revision_label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("disposition") not in (None, Disposition.ACCEPTED) and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say why, in a sentence."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        revision = self.cleaned_data.get("revision")
        return {
            "disposition": self.cleaned_data["disposition"],
            "answer": self.cleaned_data["answer"],
            "revision": revision.number if revision else None,
        }


def revision_label(revision: Revision) -> str:
    """The revision as a choice: its number, its author, what changed."""
    return _("Revision %(number)d, %(author)s: %(note)s") % {
        "number": revision.number,
        "author": revision.author_name,
        "note": revision.note or "–",
    }


def register() -> None:
    asks.register("disposition", DispositionForm)
