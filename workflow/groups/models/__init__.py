"""The groups room's data: people, institutions, projects, TWGs, seats and terms of reference."""

from .directory import GOVERNMENT_CATEGORIES, Category, Institution
from .person import ApiToken, Person
from .project import Funder, Project, ProjectSeat, Region
from .seats import Membership, Rank, Role
from .terms import BallotRule, CategoryRule, Modality, TermsOfReference, TermsState
from .twg import BodyKind, Confidence, Fact, Parentage, ParentStatus, Twg

__all__ = [
    "GOVERNMENT_CATEGORIES",
    "ApiToken",
    "BallotRule",
    "BodyKind",
    "Category",
    "CategoryRule",
    "Confidence",
    "Fact",
    "Funder",
    "Institution",
    "Membership",
    "Modality",
    "ParentStatus",
    "Parentage",
    "Person",
    "Project",
    "ProjectSeat",
    "Rank",
    "Region",
    "Role",
    "TermsOfReference",
    "TermsState",
    "Twg",
]
