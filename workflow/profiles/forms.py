"""Forms of the profiles room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from workflow.engine.forms import StyledForm
from workflow.groups.form_tools import NamesMixin, initial_names
from workflow.groups.models import GOVERNMENT_CATEGORIES, Institution, Twg

from .models import Edition, Profile, TemplateVersion


class ProfileForm(NamesMixin, StyledForm):
    """A profile's title, owner and rhythm (S01, S02)."""

    kept = ("names", "owner", "update_months")

    named = {"names": (_("Title"), True)}
    owner = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Owning government body"),
        required=False,
        empty_label=_("Open"),
        help_text=_("The government body that owns the profile and answers for its updates."),
    )
    update_months = forms.IntegerField(
        label=_("Months between editions"),
        required=False,
        min_value=1,
        max_value=240,
        help_text=_("Empty while it is open; 24 for every two years."),
    )

    def __init__(self, *args: Any, twg: Twg, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Institution.objects.all()
        if twg.country:
            owners = owners.filter(country=twg.country, category__in=GOVERNMENT_CATEGORIES)
        field: Any = self.fields["owner"]
        field.queryset = owners


def initial_of(profile: Profile) -> dict[str, Any]:
    names: dict[str, Any] = dict(initial_names(names=profile.names))
    return names | {"owner": profile.owner_id, "update_months": profile.update_months}


NATIONAL = _("National Migration Profile, %(place)s")
REGIONAL = _("Regional Overview of Migration Profiles, %(place)s")


def suggested(twg: Twg) -> dict[str, Any]:
    """The usual title, in every language that has words for it."""
    titles: dict[str, str] = {}
    usual = NATIONAL if twg.country else REGIONAL
    with translation.override("en"):
        english = str(usual)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if code == "en" or str(usual) != english:
                titles[code] = str(usual) % {"place": twg.place}
    return dict(initial_names(names=titles))


class NextForm(StyledForm):
    """Another day for the next edition, and why."""

    next_due = forms.DateField(label=_("Next edition due"))
    note = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class EditionForm(StyledForm):
    """A new edition: its label and the template that it is bound to (S07)."""

    label = forms.CharField(label=_("Edition"), max_length=40, help_text=_("Usually a year, such as 2009."))
    template = forms.ModelChoiceField(
        TemplateVersion.objects.none(),
        label=_("Template"),
        empty_label=None,
        help_text=_("The edition is bound to this version and keeps it."),
    )

    def __init__(self, *args: Any, profile: Profile, person: Any, **kwargs: Any) -> None:
        self.profile = profile
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.queryset = TemplateVersion.objects.all().visible_to(person)

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"].strip()
        if Edition.objects.filter(profile=self.profile, label=label).exists():
            raise forms.ValidationError(_("This profile already has an edition of that name."))
        return label
