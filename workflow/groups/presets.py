"""Presets of terms of reference: a new TWG starts from one in minutes, and changes it as data (S48)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import BallotRule, Category, Modality, Role

GOVERNMENT_VOTES = {
    Category.GOVERNMENT: (Modality.MEMBER, True),
    Category.STATISTICS: (Modality.MEMBER, True),
    Category.LAW_ENFORCEMENT: (Modality.MEMBER, True),
}


@dataclass(frozen=True)
class Preset:
    """Who takes part as what, who votes, and by which rule."""

    key: str
    label: str | Promise
    description: str | Promise
    participation: dict[Category, tuple[Modality, bool]]
    fields: dict[str, Any] = field(default_factory=dict)


VOTING_ROLES = [Role.CHAIR, Role.MEMBER, Role.ALTERNATE]

PRESETS = {
    preset.key: preset
    for preset in (
        Preset(
            "usual",
            _("As in the West and Central Africa project"),
            _("Government votes; agencies, research, civil society and the private sector are members without a vote."),
            {
                **GOVERNMENT_VOTES,
                Category.INTERNATIONAL_AGENCY: (Modality.MEMBER, False),
                Category.RESEARCH: (Modality.MEMBER, False),
                Category.CIVIL_SOCIETY: (Modality.MEMBER, False),
                Category.PRIVATE_SECTOR: (Modality.MEMBER, False),
            },
        ),
        Preset(
            "government",
            _("Government only"),
            _("Government decides and meets; agencies and research observe, the others come when they are invited."),
            {
                **GOVERNMENT_VOTES,
                Category.INTERNATIONAL_AGENCY: (Modality.OBSERVER, False),
                Category.RESEARCH: (Modality.OBSERVER, False),
                Category.CIVIL_SOCIETY: (Modality.INVITED, False),
                Category.PRIVATE_SECTOR: (Modality.INVITED, False),
            },
            {"ballot_rule": BallotRule.CONSENSUS},
        ),
        Preset(
            "all_vote",
            _("Everybody votes"),
            _("Every institution with a seat has a vote, whatever its category."),
            dict.fromkeys(Category, (Modality.MEMBER, True)),
            {"ballot_rule": BallotRule.TWO_THIRDS, "quorum_percent": 60},
        ),
        Preset(
            "regional",
            _("Regional body"),
            _("Governments and the regional organisation's agencies are members; the others observe."),
            {
                **GOVERNMENT_VOTES,
                Category.INTERNATIONAL_AGENCY: (Modality.MEMBER, True),
                Category.RESEARCH: (Modality.OBSERVER, False),
                Category.CIVIL_SOCIETY: (Modality.OBSERVER, False),
                Category.PRIVATE_SECTOR: (Modality.OBSERVER, False),
            },
            {"meeting_notice_days": 30, "cadence_from": 6, "cadence_to": 12},
        ),
    )
}
