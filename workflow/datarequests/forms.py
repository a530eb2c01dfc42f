"""Forms of data requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.models import Institution, Twg
from workflow.groups.twg_forms import grouped, institutions_near, offer
from workflow.writing.models import TextSection

from . import asked, rules, selectors
from .models import DataRequest, DataRequestQuerySet, RequestState


class RequestForm(StyledForm):
    """What is needed, why, by when, for which section and whose use."""

    kept = ("what", "why", "due", "section", "needed_by", "data_source")

    what = forms.CharField(
        label=_("What is needed"), max_length=300,
        help_text=_("One sentence, such as: residence permits issued, by nationality, 2004 to 2008."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("What it is needed for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever is asked decides by it what to look for, and in which form."),
    )  # fmt: skip
    due = forms.DateField(label=_("By"))
    section = forms.ModelChoiceField(
        TextSection.objects.none(), label=_("Section"), required=False, empty_label=_("None in particular")
    )
    needed_by = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Needed by"), required=False, empty_label=_("The profile"),
        help_text=_("The institution that will use the data, if it is not only the profile."),
    )  # fmt: skip
    data_source = forms.CharField(
        label=_("Where it would come from"), max_length=200, required=False,
        help_text=_("A survey, a register, a census, as far as you know."),
    )  # fmt: skip

    def __init__(self, *args: Any, twg: Twg, section: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        sections = selectors.sections_to_ask_for(twg, section)
        fields["section"].queryset = sections
        fields["section"].choices = [("", fields["section"].empty_label), *((s.pk, str(s)) for s in sections)]
        self.offered: dict[int | None, TextSection] = {s.pk: s for s in sections}
        offer(fields["needed_by"], institutions_near(twg))


class AskForm(RequestForm):
    """The same question to one institution or to several at once."""

    institutions = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=_("Who is asked"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a request of its own. Offered are those for which a member sits in the TWG."),
    )  # fmt: skip

    field_order = ("institutions", "what", "why", "due")

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, twg=twg, **kwargs)
        offered = asked.institutions_of(twg)
        fields: dict[str, Any] = self.fields
        fields["institutions"].queryset = Institution.objects.filter(pk__in=[i.pk for i in offered])
        fields["institutions"].choices = grouped(offered)
        fields["due"].initial = rules.today_in(twg.time_zone) + rules.USUAL_TIME


class RequestFilter(StyledForm):
    """Which of a TWG's requests are listed."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *RequestState.choices])
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    overdue = forms.BooleanField(label=_("Late ones only"), required=False)

    def __init__(self, *args: Any, twg: Twg, among: Iterable[selectors.Exchange], **kwargs: Any) -> None:
        """`among` are the institutions that were asked or need something; one that was only withdrawn from is none."""
        super().__init__(*args, **kwargs)
        self.twg = twg
        field: Any = self.fields["institution"]
        field.choices = [("", _("All")), *((e.code, e.name) for e in among)]

    def found(self, among: DataRequestQuerySet) -> DataRequestQuerySet:
        """The requests that pass; a filter that makes no sense is no filter."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("state"):
            among = among.filter(state=wanted["state"])
        if wanted.get("institution"):
            among = among.filter(institution__code=wanted["institution"])
        return selectors.overdue(among, self.twg) if wanted.get("overdue") else among


def initial_of(request: DataRequest) -> dict[str, Any]:
    """What a form about a request starts with."""
    return {name: getattr(request, name) for name in RequestForm.kept}
