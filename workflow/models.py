"""The app's models, room by room."""

from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.groups.models import (
    ApiToken,
    CategoryRule,
    Fact,
    Funder,
    Institution,
    Membership,
    Parentage,
    Person,
    Project,
    ProjectSeat,
    Region,
    TermsOfReference,
    Twg,
)
from workflow.profiles.models import Edition, Part, Profile, Section, TemplateVersion

__all__ = [
    "ApiToken",
    "CategoryRule",
    "Edition",
    "Event",
    "Fact",
    "Funder",
    "Institution",
    "Membership",
    "OutboxRow",
    "Parentage",
    "Part",
    "Person",
    "Profile",
    "Project",
    "ProjectSeat",
    "RecordedDecision",
    "Region",
    "Section",
    "TemplateVersion",
    "TermsOfReference",
    "Twg",
]
