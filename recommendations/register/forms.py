"""Forms of the register: a recommendation, the filter of its lists, a similar one, the countries it is handed on to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.scheduling.models import Meeting
from workflow.engine.forms import StyledForm
from workflow.frameworks.models import Framework
from workflow.frameworks.selectors import in_register
from workflow.groups import words
from workflow.groups.form_tools import NamesMixin
from workflow.groups.models import Institution, Twg
from workflow.groups.twg_forms import grouped, institutions_near, offer
from workflow.profiles.models import Edition, Part, Section

from . import issuing, selectors
from .models import Ground, Priority, Recommendation, RecommendationQuerySet, RecommendationState, is_open

ANY = [("", _("All"))]


class RecommendationForm(NamesMixin, StyledForm):
    """What is recommended to whom, on what ground, by when."""

    named = {"texts": (_("What is recommended"), True), "rationales": (_("Rationale"), False)}
    long = ("texts", "rationales")
    folds = (
        (_("Why"), ("rationales",)),
        (_("Who supports it, and what it belongs to"),
         ("supporting", "rhythm", "meeting", "edition", "section", "frameworks")),
    )  # fmt: skip
    kept = (
        "texts", "rationales", "ground", "priority", "lead", "supporting", "due", "rhythm", "meeting", "edition",
        "section", "frameworks",
    )  # fmt: skip

    ground = forms.ChoiceField(label=_("On policy or on data"), choices=Ground.choices, widget=forms.RadioSelect)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[("", _("Open")), *Priority.choices])
    lead = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Lead institution"), required=False, empty_label=_("Open")
    )
    supporting = forms.ModelMultipleChoiceField(
        Institution.objects.none(), label=_("Supporting institutions"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    due = forms.DateField(label=_("By"), required=False)
    rhythm = forms.IntegerField(
        label=_("Months between reports"), required=False, min_value=1, max_value=36,
        help_text=_("The lead institution is asked by mail how far it is; leave it empty to ask nobody."),
    )  # fmt: skip
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Issued at the meeting"), required=False, empty_label=_("None in particular")
    )
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=_("Edition"), required=False, empty_label=_("None in particular")
    )
    section = forms.ModelChoiceField(
        Section.objects.none(), label=_("Section of the profile it rests on"), required=False,
        empty_label=_("None in particular"),
    )  # fmt: skip
    frameworks = forms.ModelMultipleChoiceField(
        Framework.objects.none(), label=_("Policy frameworks it follows"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("The TWG's own and its region's."),
    )  # fmt: skip

    def __init__(self, *args: Any, twg: Twg, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        near = institutions_near(twg)
        offer(fields["lead"], near)
        fields["supporting"].queryset = near
        fields["supporting"].choices = grouped(near)
        of_twg = Meeting.objects.visible_to(person).filter(twg=twg) | Meeting.objects.visible_to(person).filter(
            twg__linked_to=twg
        )
        fields["meeting"].queryset = of_twg.order_by("-starts_at", "-pk")
        fields["edition"].queryset = Edition.objects.filter(profile__twg=twg).select_related("profile")
        self._offer_sections(twg)
        known = in_register(Framework.objects.all().visible_to(person).standing(), twg)
        fields["frameworks"].queryset = known.order_by("pk")
        if not known.exists():
            del self.fields["frameworks"]
        self.order_fields(self.spread("texts", "rationales", "ground"))

    def _offer_sections(self, twg: Twg) -> None:
        """The sections of the templates of the TWG's editions, part by part."""
        field: Any = self.fields["section"]
        templates = Edition.objects.filter(profile__twg=twg).values("template")
        field.queryset = Section.objects.filter(part__template__in=templates).select_related("part")
        parts = Part.objects.filter(template__in=templates).prefetch_related("sections").order_by("template", "letter")
        groups = [(str(p), [(s.pk, f"{p.letter}.{s.number} {s.title}") for s in p.sections.all()]) for p in parts]
        field.choices = [("", field.empty_label), *groups]


class RecommendationFilter(StyledForm):
    """Which recommendations are listed; every field may be left open."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    twg = forms.ChoiceField(label=_("Country or region"), required=False)
    ground = forms.ChoiceField(label=_("On policy or on data"), required=False, choices=[*ANY, *Ground.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ANY, *RecommendationState.choices])
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[*ANY, *Priority.choices])
    lead = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Lead institution"), required=False, empty_label=_("All")
    )
    late = forms.BooleanField(label=_("Late ones only"), required=False)

    def __init__(self, *args: Any, person: Any, twg: Twg | None = None, **kwargs: Any) -> None:
        """Of one TWG, or of all that the person reads."""
        super().__init__(*args, **kwargs)
        self.person, self.of_twg = person, twg
        fields: dict[str, Any] = self.fields
        known = Recommendation.objects.all().visible_to(person)
        if twg is not None:
            known = known.filter(twg=twg)
            del self.fields["twg"]
        else:
            places = sorted(selectors.twgs(person), key=lambda twg: twg.place)
            fields["twg"].choices = [*ANY, *((twg.code, twg.place) for twg in places)]
        offer(fields["lead"], Institution.objects.filter(pk__in=known.order_by().values("lead")).order_by("folded"))

    def params(self) -> dict[str, str]:
        """The filter as plain values, for a link and for a file that is made later."""
        told = self.cleaned_data if self.is_valid() else {}
        plain = {name: str(getattr(value, "pk", value)) for name, value in told.items() if value}
        return plain | ({"twg": self.of_twg.code} if self.of_twg else {})

    def found(self) -> RecommendationQuerySet:
        """The recommendations that pass; a filter that makes no sense is no filter."""
        among = selectors.recommendations(self.person)
        if self.of_twg is not None:
            among = among.filter(twg=self.of_twg)
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("twg"):
            among = among.filter(twg__code=wanted["twg"])
        for name in ("ground", "state", "priority", "lead"):
            if wanted.get(name):
                among = among.filter(**{name: wanted[name]})
        for word in words.fold(wanted.get("q", "")).split():
            among = among.filter(folded__contains=word)
        return selectors.overdue(among) if wanted.get("late") else among


class SimilarForm(StyledForm):
    """Another recommendation that says nearly the same; another TWG's, too."""

    other = forms.ModelChoiceField(
        Recommendation.objects.none(), label=_("The similar one"), empty_label=_("Choose"),
        help_text=_("Those whose words are nearest come first."),
    )  # fmt: skip

    def __init__(self, *args: Any, recommendation: Recommendation, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine, field = recommendation, self.fields["other"]
        chosen: Any = field
        known = selectors.recommendations(person).exclude(pk=mine.pk).exclude(pk__in=mine.similar.values("pk"))
        # Of two that point at each other, the open one would tell of the closed one (S31).
        known = known.exclude(is_open()) if mine.is_closed else known.filter(is_open())
        chosen.queryset = known
        near = issuing.nearest(mine, known)
        chosen.choices = [
            ("", chosen.empty_label),
            *((one.pk, f"{one.twg.place}: {issuing.label_of(one)}") for one in near),
        ]


class CascadeForm(StyledForm):
    """Which TWGs get an item of their own (S22)."""

    twgs = forms.ModelMultipleChoiceField(
        Twg.objects.none(), label=_("TWGs concerned"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets a recommendation of its own and answers for itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, recommendation: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["twgs"]
        concerned = issuing.concerned(recommendation)
        chosen.queryset = concerned
        chosen.choices = [(twg.pk, f"{twg.place}: {twg.name}") for twg in sorted(concerned, key=lambda t: t.place)]
        if not self.is_bound:
            self.initial.setdefault("twgs", [twg.pk for twg in concerned])
