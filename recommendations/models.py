"""The app's models, room by room."""

from recommendations.dataplan.models import (
    ActionProgress,
    Commitment,
    DataAction,
    DataPlan,
    Dependency,
    Output,
)
from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from recommendations.milestones.models import Hosting, Milestone
from recommendations.register.models import ProgressReport, Recommendation, ReportFile

__all__ = [
    "ActionProgress", "Commitment", "DataAction", "DataGap", "DataPlan", "DataSource", "Dependency", "Hosting",
    "Milestone", "Output", "ProgressReport", "Recommendation", "ReportFile", "SupportingPublication",
]  # fmt: skip
