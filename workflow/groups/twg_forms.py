"""Forms of TWGs: opening, changing, parents, linked bodies, facts."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from workflow.engine.forms import FuzzyDateField, StyledForm

from . import selectors_places
from .form_tools import NamesMixin
from .models import BodyKind, Category, Confidence, Institution, ParentStatus, Project, Region, Twg
from .presets import PRESETS


@cache
def zones() -> list[tuple[str, str]]:
    """IANA zones with a place in their name, as people look for them."""
    return [(z, z.replace("_", " ")) for z in sorted(zoneinfo.available_timezones()) if "/" in z and "Etc/" not in z]


class CadenceMixin(forms.Form):
    cadence_from = forms.IntegerField(
        label=_("Months between meetings, at least"), min_value=1, max_value=36, required=False
    )
    cadence_to = forms.IntegerField(
        label=_("Months between meetings, at most"), min_value=1, max_value=36, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, most = cleaned.get("cadence_from"), cleaned.get("cadence_to")
        if least and most and least > most:
            self.add_error("cadence_to", _("“At most” must not be shorter than “at least”."))
        return cleaned


class LanguagesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Languages of its work"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
            required=False, **kwargs,
        )  # fmt: skip


class OpenTwgForm(NamesMixin, CadenceMixin, StyledForm):
    """A new TWG in under a minute (S48): a country or a region, and a preset of terms; the rest follows from them."""

    named = {"names": (_("Name"), False)}
    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.ModelChoiceField(
        Region.objects.all(), label=_("or region"), required=False, empty_label=_("None: a country's TWG")
    )
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False, empty_label=_("None"))
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    languages = LanguagesField()
    preset = forms.ChoiceField(label=_("Terms of reference to start from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = [("", _("None: a region's TWG")), *country_choices(person)]
        projects = fields["project"].queryset = Project.objects.all().visible_to(person)
        fields["time_zone"].choices = [("", _("The country's own")), *zones()]
        fields["preset"].choices = [(p.key, f"{p.label}. {p.description}") for p in PRESETS.values()]
        if not self.is_bound and len(projects) == 1:
            self.initial.setdefault("project", projects[0])

    def first(self) -> list[Any]:
        """What has to be chosen."""
        return [self[name] for name in _FIRST]

    def rest(self) -> list[Any]:
        """What follows from the place unless it is filled in."""
        return [field for field in self if field.name not in _FIRST]

    def rest_matters(self) -> bool:
        """Whether the rest has to be seen at once: it was suggested, or something in it is wrong."""
        return any(field.errors or (field.name.startswith("names_") and field.value()) for field in self.rest())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        country, region = cleaned.get("country"), cleaned.get("region")
        place: Any = country or region
        if bool(country) == bool(region):
            self.add_error("country", _("Name either a country or a region."))
            return cleaned
        if not cleaned.get("languages"):
            cleaned["languages"] = selectors_places.languages_of(country) if country else [settings.LANGUAGES[0][0]]
        if not cleaned.get("names"):
            cleaned["names"] = selectors_places.names_for(place, cleaned["languages"])
        if not cleaned.get("time_zone") and "time_zone" not in self.errors:
            if country:
                cleaned["time_zone"] = selectors_places.zone_of(country)
            else:
                self.add_error("time_zone", _("Choose the time zone in which the regional body meets."))
        return cleaned

    @property
    def place_name(self) -> str:
        """What the TWG's address is made of; in English, so that it is the same whoever opens it."""
        country, region = self.cleaned_data["country"], self.cleaned_data["region"]
        with translation.override("en"):
            return str(countries.name(country)) if country else str(region)

    @property
    def values(self) -> dict[str, Any]:
        names = ("names", "region", "project", "time_zone", "languages", "cadence_from", "cadence_to")
        return {name: self.cleaned_data[name] for name in names} | {"country": self.cleaned_data["country"] or ""}


_FIRST = ("country", "region", "project", "preset")


def country_choices(person: Any) -> list[tuple[str, str]]:
    """All countries, with those marked whose TWG the person sees."""
    known = Twg.objects.all().visible_to(person).filter(linked_to=None).exclude(country="")
    taken = set(known.values_list("country", flat=True))
    marked = _("%(country)s (has a TWG)")
    return [(code, str(marked) % {"country": name} if code in taken else name) for code, name in countries]


class TwgForm(NamesMixin, CadenceMixin, StyledForm):
    kept = ("names", "mandates", "convener", "time_zone", "languages", "launched", "cadence_from", "cadence_to")
    named = {"names": (_("Name"), True), "mandates": (_("Mandate"), False)}
    long = ("mandates",)

    convener = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Convener"), required=False, empty_label=_("Open")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    languages = LanguagesField()
    launched = FuzzyDateField(label=_("Launch"), required=False)

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["convener"]
        field.queryset = institutions_near(twg) | Institution.objects.filter(pk=twg.convener_id or 0)
        zone: Any = self.fields["time_zone"]
        if twg.time_zone not in dict(zones()):
            zone.choices = [(twg.time_zone, twg.time_zone), *zones()]


def institutions_near(twg: Twg) -> Any:
    """The institutions that a TWG's forms offer: its country's and the international ones; all for a region's."""
    everything = Institution.objects.order_by("country", "folded")
    return everything.filter(country__in=[str(twg.country), ""]) if twg.country else everything


def offer(field: Any, institutions: Any) -> None:
    """Let a select choose among these institutions, shown category by category."""
    field.queryset = institutions
    field.choices = [("", field.empty_label), *grouped(institutions)]


def grouped(institutions: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """A select's options, category by category."""
    found = list(institutions)
    groups = [
        (str(c.label), [(i.pk, f"{i.name} ({i.acronym})" if i.acronym else i.name) for i in found if i.category == c])
        for c in Category
    ]
    return [(label, options) for label, options in groups if options]


class ParentForm(StyledForm):
    """S45: probable and decided are different, and what held before stays."""

    kept = ("status", "institution", "under", "since", "source")

    status = forms.ChoiceField(label=_("Status"), choices=ParentStatus.choices, widget=forms.RadioSelect)
    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Parent institution"), required=False, empty_label=_("Open")
    )
    under = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Under which of its bodies"), required=False, empty_label=_("None")
    )
    since = FuzzyDateField(label=_("Since"), required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    note = forms.CharField(label=_("Note for the history"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("institution", "under"):
            offer(self.fields[name], institutions_near(twg))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") in ("decided", "probable") and not cleaned.get("institution"):
            self.add_error("institution", _("Name the institution, or leave the status open."))
        return cleaned


class LinkForm(NamesMixin, StyledForm):
    """S20, S24: a committee, task force or expert group."""

    kept = ("names", "mandates", "kind")

    named = {"names": (_("Name"), True), "mandates": (_("Mandate"), False)}
    long = ("mandates",)
    kind = forms.ChoiceField(label=_("Kind"), choices=[c for c in BodyKind.choices if c[0] != BodyKind.TWG])


class FactForm(NamesMixin, StyledForm):
    kept = ("topic", "statements", "when", "confidence", "source")
    named = {"statements": (_("Statement"), True)}
    long = ("statements",)
    topic = forms.CharField(label=_("Topic"), max_length=60)
    when = FuzzyDateField(label=_("Date"), required=False)
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)

    field_order = ("topic",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
