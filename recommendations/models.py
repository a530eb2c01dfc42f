"""The app's models, room by room."""

from recommendations.inventory.models import DataGap, DataSource
from recommendations.inventory.publications import SupportingPublication
from recommendations.milestones.models import Hosting, Milestone
from recommendations.register.models import ProgressReport, Recommendation, ReportFile

__all__ = [
    "DataGap", "DataSource", "Hosting", "Milestone", "ProgressReport", "Recommendation", "ReportFile",
    "SupportingPublication",
]  # fmt: skip
