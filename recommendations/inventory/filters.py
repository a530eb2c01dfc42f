"""What the inventory's lists show: by place, kind, severity, state and words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups import words

from . import places, selectors
from .choices import OPEN_GAPS, GapState, Severity, SourceKind, SourceState
from .models import GapQuerySet, SourceQuerySet
from .outlines import Outline

Text = str | Promise
ALL = ("", _("All"))


class PlaceFilter(StyledForm):
    """A filter by words and by place of the template; one that makes no sense is no filter."""

    section = forms.ChoiceField(label=_("Section"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)

    def __init__(self, *args: Any, outline: Outline | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [ALL, *(outline.choices() if outline else ())]

    def wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}

    def words(self) -> Sequence[str]:
        return words.fold(self.wanted().get("q", "")).split()


class SourceFilter(PlaceFilter):
    """Without what was withdrawn unless it is asked for."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *SourceKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *SourceState.choices])
    stale = forms.BooleanField(label=_("Not looked at for a year"), required=False)
    field_order = ("kind", "section", "state", "q", "stale")

    def found(self, among: SourceQuerySet) -> SourceQuerySet:
        wanted = self.wanted()
        among = among.filter(state=wanted["state"]) if wanted.get("state") else among.standing()
        if wanted.get("kind"):
            among = among.filter(kind=wanted["kind"])
        if wanted.get("section"):
            among = among.filter(reduce(or_, (Q(placed__contains=text) for text in places.holding(wanted["section"]))))
        if wanted.get("stale"):
            among = among.filter(state=SourceState.LISTED, reviewed_on__lt=selectors.stale_before())
        for word in self.words():
            among = among.filter(Q(folded__contains=word) | Q(custodian__folded__contains=word))
        return among


class ColumnFilter(SourceFilter):
    """Which sources are the matrix's columns; its lines are all that the template has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("section", "state", "stale"):
            del self.fields[name]


class GapFilter(PlaceFilter):
    """What is open unless something else is asked for."""

    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[ALL, *Severity.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All that is open")), *GapState.choices, ("all", _("All"))]
    )
    bare = forms.BooleanField(label=_("Nothing is proposed"), required=False)
    field_order = ("section", "severity", "state", "q", "bare")

    def found(self, among: GapQuerySet) -> GapQuerySet:
        wanted = self.wanted()
        if not wanted.get("state"):
            among = among.filter(state__in=OPEN_GAPS)
        elif wanted["state"] != "all":
            among = among.filter(state=wanted["state"])
        if wanted.get("severity"):
            among = among.filter(severity=wanted["severity"])
        if place := wanted.get("section"):
            own = Q(section=place)
            among = among.filter(own if "." in place else own | Q(section__startswith=f"{place}."))
        if wanted.get("bare"):
            among = among.filter(improvements={})
        for word in self.words():
            among = among.filter(folded__contains=word)
        return among


class GapsFilter(GapFilter):
    """The same across countries: by part, since countries' templates may differ in their sections."""

    def __init__(self, *args: Any, parts: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.label = _("Part")
        field.choices = [ALL, *parts]
