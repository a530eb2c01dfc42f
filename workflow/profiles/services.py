"""All that writes templates, profiles and editions; stages are `engine.perform`'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.engine.storing import store
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from .models import Edition, Part, Profile, Section, Stage, TemplateVersion

KEEPERS = access.chair | access.secretariat | access.iom


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
        for name, value in fields.items():
            setattr(change.subject, name, value)


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
    require(KEEPERS, profile, actor)
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
