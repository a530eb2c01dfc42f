"""The app's models, room by room."""

from workflow.ballots.models import Ballot, Elector, Option, Vote
from workflow.comments.models import Asked, Muted, Remark, Round
from workflow.datarequests.models import DataAnswer, DataRequest
from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.frameworks.models import Framework, PolicyActor
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
from workflow.writing.models import Draft, DraftSection, Enclosure, Revision, Scratch, Text, TextSection

__all__ = [
    "ApiToken",
    "Asked",
    "Ballot",
    "CategoryRule",
    "DataAnswer",
    "DataRequest",
    "Draft",
    "DraftSection",
    "Edition",
    "Elector",
    "Enclosure",
    "Event",
    "Fact",
    "Framework",
    "Funder",
    "Institution",
    "Membership",
    "Muted",
    "Option",
    "OutboxRow",
    "Parentage",
    "Part",
    "Person",
    "PolicyActor",
    "Profile",
    "Project",
    "ProjectSeat",
    "RecordedDecision",
    "Region",
    "Remark",
    "Revision",
    "Round",
    "Scratch",
    "Section",
    "TemplateVersion",
    "TermsOfReference",
    "Text",
    "TextSection",
    "Twg",
    "Vote",
]
