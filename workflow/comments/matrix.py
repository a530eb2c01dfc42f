"""The comment matrix: a round's comments with their dispositions, replies and revisions, as one may read them (S13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from workflow.engine import together
from workflow.engine.forms import StyledForm
from workflow.engine.together import Listing
from workflow.groups.models import Institution
from workflow.writing.models import DraftSection

from .models import UNANSWERED, Asked, Disposition, Remark, RemarkKind, RemarkQuerySet, RemarkState, Round, Weight

ON_A_PAGE = 25
ANY = [("", gettext_lazy("any"))]
WAITING = "waiting"  # among the dispositions: none yet


class MatrixFilter(StyledForm):
    """What of the matrix is shown; every field may be left open."""

    q = forms.CharField(label=gettext_lazy("Words"), max_length=200, required=False)
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Institution"), required=False, empty_label=gettext_lazy("any")
    )
    section = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[*ANY, *RemarkKind.choices], required=False)
    weight = forms.ChoiceField(label=gettext_lazy("Weight"), choices=[*ANY, *Weight.choices], required=False)
    disposition = forms.ChoiceField(
        label=gettext_lazy("Disposition"), required=False,
        choices=[*ANY, (WAITING, gettext_lazy("none yet")), *Disposition.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Institution.objects.filter(pk__in=Asked.objects.filter(round=round_).values("institution"))
        frozen = DraftSection.objects.filter(draft=round_.draft_id).order_by("position")
        found = together.read(
            institutions=Listing(asked, "code", "names"), sections=Listing(frozen, "section", "place", "titles")
        )
        institution: Any = self.fields["institution"]
        institution.queryset = asked
        institution.choices = [("", institution.empty_label), *((i.pk, str(i)) for i in found["institutions"])]
        section: Any = self.fields["section"]
        sections = [(str(line.section_id), str(line)) for line in found["sections"]]
        section.choices = [*ANY, ("whole", _("The draft as a whole")), *sections]

    def params(self) -> dict[str, str]:
        """The filter as plain values, for a link and for a file that is made later."""
        told = self.cleaned_data
        found = {name: told[name] for name in ("q", "section", "kind", "weight", "disposition")}
        found["institution"] = str(told["institution"].pk) if told["institution"] else ""
        return {name: value for name, value in found.items() if value}


def comments(round_: Round, person: Any, params: dict[str, str]) -> RemarkQuerySet:
    """The comments of a round that the person may read, filtered; what one can't read is not counted either."""
    found = Remark.objects.all().visible_to(person).comments().filter(round=round_)
    for name, column in (("kind", "kind"), ("weight", "weight"), ("institution", "institution")):
        if params.get(name):
            found = found.filter(**{column: params[name]})
    if section := params.get("section"):
        found = found.filter(section=None) if section == "whole" else found.filter(section_id=int(section))
    if disposition := params.get("disposition"):
        waiting = Q(state__in=UNANSWERED)
        found = found.filter(waiting) if disposition == WAITING else found.filter(~waiting, disposition=disposition)
    if words := params.get("q"):
        found = found.filter(Q(comment__icontains=words) | Q(answer__icontains=words) | Q(quote__icontains=words))
    ordered: RemarkQuerySet = found.with_all().order_by("section__position", "number")
    return ordered


@dataclass(frozen=True)
class Column:
    """A column of the matrix: its name in a spreadsheet, its words, its width there."""

    name: str
    label: Any
    width: int


COLUMNS = (
    Column("number", gettext_lazy("No."), 8),
    Column("institution", gettext_lazy("Institution"), 30),
    Column("place", gettext_lazy("Place"), 8),
    Column("section", gettext_lazy("Section"), 28),
    Column("quote", gettext_lazy("About these words"), 36),
    Column("comment", pgettext_lazy("remark", "Comment"), 60),
    Column("kind", gettext_lazy("Kind"), 12),
    Column("weight", gettext_lazy("Weight"), 10),
    Column("state", gettext_lazy("State"), 12),
    Column("disposition", gettext_lazy("Disposition"), 16),
    Column("answer", gettext_lazy("Reply"), 60),
    Column("revision", gettext_lazy("Revision"), 12),
    Column("answered", gettext_lazy("Answered on"), 14),
)
# What a printed matrix has room for.
PRINTED = ("number", "institution", "section", "comment", "disposition", "answer", "revision")


def cells(remark: Remark, *, codes: bool) -> dict[str, str]:
    """One comment as cells. `codes` keeps kinds and weights as their codes, which the import reads back."""
    answered = remark.disposition and remark.state not in (RemarkState.SUBMITTED, RemarkState.REOPENED)
    return {
        "number": str(remark.number),
        "institution": str(remark.institution or ""),
        "place": remark.section.place if remark.section else "",
        "section": str(remark.section or _("The draft as a whole")),
        "quote": remark.quote,
        "comment": remark.comment,
        "kind": remark.kind if codes else remark.get_kind_display(),
        "weight": remark.weight if codes else remark.get_weight_display(),
        "state": remark.get_state_display(),
        "disposition": remark.get_disposition_display() if answered else "",
        "answer": remark.answer if answered else "",
        "revision": str(remark.revision.number) if answered and remark.revision else "",
        "answered": _day(remark.answered_at) if answered else "",
    }


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else ""


def rows(found: RemarkQuerySet, *, codes: bool) -> Iterator[dict[str, str]]:
    """Every comment as cells, read in pieces: a matrix of thousands is never in memory as objects."""
    for remark in found.iterator(chunk_size=500):
        yield cells(remark, codes=codes)
