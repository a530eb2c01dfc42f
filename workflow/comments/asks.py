"""What the transitions of a comment ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine import asks
from workflow.engine.flow import Act
from workflow.writing.models import DraftSection, Revision

from .models import Disposition, Remark

MOST_OFFERED = 40  # revisions; an older one can be named by its number through the API


class DispositionForm(asks.AskForm):
    """S13: what became of the comment, in words, and the revision that did it."""

    title = _("Answer to the comment")
    disposition = forms.ChoiceField(label=_("Disposition"), choices=Disposition.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed unless the comment is accepted as it stands."),
    )  # fmt: skip
    revision = forms.ModelChoiceField(
        Revision.objects.none(), label=_("Revision that did it"), required=False, empty_label=_("None"),
        to_field_name="number", help_text=_("Revisions of this section since the draft, the newest first."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remark: Remark = self.subject
        if remark.section_id is None:
            del self.fields["revision"]
            return
        field: Any = self.fields["revision"]
        field.queryset = Revision.objects.filter(section=remark.section_id).defer("body")
        since = field.queryset.filter(number__gt=frozen_number(remark)).order_by("-number")[:MOST_OFFERED]
        field.choices = [("", field.empty_label), *((r.number, revision_label(r)) for r in since)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["answer"] = (cleaned.get("answer") or "").strip()
        if cleaned.get("disposition") not in (None, Disposition.ACCEPTED) and not cleaned["answer"]:
            self.add_error("answer", _("Say why, in a sentence."))
        return cleaned

    def record(self, act: Act) -> dict[str, Any]:
        revision = self.cleaned_data.get("revision")
        return {
            "disposition": self.cleaned_data["disposition"],
            "answer": self.cleaned_data["answer"],
            "revision": revision.number if revision else None,
        }


def frozen_number(remark: Remark) -> int:
    """The number of the revision that stood in the draft; 0 where nothing was written yet."""
    frozen = DraftSection.objects.filter(draft=remark.round.draft_id, section=remark.section_id)
    return frozen.values_list("revision__number", flat=True).first() or 0


def revision_label(revision: Revision) -> str:
    """The revision as a choice: its number, and what changed."""
    if revision.note:
        return _("Revision %(number)d: %(note)s") % {"number": revision.number, "note": revision.note}
    return _("Revision %(number)d") % {"number": revision.number}


def register() -> None:
    asks.register("disposition", DispositionForm)
