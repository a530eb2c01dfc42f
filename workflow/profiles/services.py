"""All that writes templates, profiles and editions; stages are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.engine.storing import store
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from .models import Edition, Part, Profile, Section, Stage, TemplateVersion

KEEPERS = access.chair | access.secretariat | access.iom


def _keeps_up_to_date(profile: Any, person: Any) -> bool:
    return access.seats(person).speaks_for(profile.updated_by_id, profile.twg)


# Once a profile is handed over, the update institution's people open its next edition, too (S02).
OPENERS = KEEPERS | access.Rule(_keeps_up_to_date, gettext_lazy("the update institution"))


@transaction.atomic
def create_template(
    fields: Mapping[str, Any],
    parts: list[Mapping[str, Any]],
    *,
    actor: Any,
    copied_from: TemplateVersion | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> TemplateVersion:
    """A template version with its parts and sections; versions.py changes it until an edition is drafted by it."""
    require(access.keeper, None, actor)
    template: TemplateVersion = engine.create(
        TemplateVersion(**fields), actor=actor, telling=telling,
        data={"parts": [p["titles"] for p in parts], "template": copied_from.pk if copied_from else None},
    )  # fmt: skip
    for part_fields in parts:
        sections = part_fields.get("sections", [])
        part = Part(template=template, **{k: v for k, v in part_fields.items() if k != "sections"})
        store(part)
        for number, section_fields in enumerate(sections, start=1):
            section = Section(part=part, number=number, **section_fields)
            store(section)
    return template


def open_profile(twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Profile:
    """A country's or region's profile: the long-lived thing that editions belong to (S01)."""
    require(KEEPERS, twg, actor)
    profile: Profile = engine.create(Profile(twg=twg, **fields), actor=actor, telling=telling)
    return profile


def change_profile(
    profile: Profile, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, note: str = ""
) -> None:
    """Title, owning government body, time between editions (S02)."""
    require(KEEPERS, profile, actor)
    owner: Institution | None = fields.get("owner")
    if owner and profile.twg.country and not owner.is_government:
        raise ValidationError({"owner": _("A profile is owned by a government body (S02).")})
    with engine.change(profile, "changed", actor=actor, version=version, note=note) as change:
        change.assign(fields)


@transaction.atomic
def open_edition(
    profile: Profile,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Edition:
    """A new edition, at stage `template`; it follows the last published one. One edition is open at a time.

    Raises ValidationError when another edition of the profile is still open.
    """
    require(OPENERS, profile, actor)
    with engine.change(
        profile, "edition_opened", actor=actor, version=version, telling=_for_profile(telling)
    ) as change:
        still_open = Edition.objects.filter(profile=profile).open().first()
        if still_open:
            raise ValidationError(
                _("Edition %(label)s is still open: publish or withdraw it first.") % {"label": still_open.label}
            )
        published = Edition.objects.filter(profile=profile, stage=Stage.PUBLISHED).order_by("-pk").first()
        edition: Edition = engine.create(
            Edition(profile=profile, follows=published, **fields), actor=actor, name="opened", telling=telling
        )
        change.data.update(edition=edition.pk, label=edition.label)
    return edition


def _for_profile(telling: Telling) -> Telling:
    key = f"{telling.external_key}/profile" if telling.external_key else None
    return Telling(occurred=telling.occurred, external_key=key, quiet=True)


# -- the hand-over, whose room is above this one (S02, S21) --------------------------------------------------


def name_update_institution(edition: Edition, institution: Institution, *, actor: Any, note: str = "") -> None:
    """Who is to keep the profile up to date, where the workshop named nobody, or the one named has declined."""
    with engine.change(edition, "update_institution_named", actor=actor, note=note) as change:
        change.subject.update_institution = institution
        change.subject.no_update_institution = ""


def hand_over(
    profile: Profile, institution: Institution | None, next_due: date | None, *, actor: Any, telling: Telling
) -> None:
    """From a publication on: whose people open and draft the next edition, and when that is due.

    Without an institution, which no hand-over has named, whoever kept the profile before keeps it.
    """
    with engine.change(profile, "handed_over", actor=actor, telling=telling) as change:
        change.subject.updated_by = institution or change.subject.updated_by
        change.subject.next_due = next_due


def set_next_due(profile: Profile, next_due: date, *, actor: Any, version: int | None = None, note: str = "") -> None:
    """Another day for the next edition of a profile that was handed over (S02)."""
    require(OPENERS, profile, actor)
    if profile.updated_by_id is None:
        raise Unmet(_("The day of the next edition is set when the profile is handed over."))
    if next_due < timezone.localdate():
        raise ValidationError({"next_due": _("This day has passed.")})
    with engine.change(profile, "next_edition_set", actor=actor, version=version, note=note) as change:
        change.subject.next_due = next_due
