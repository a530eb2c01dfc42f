"""The app's models, room by room."""

from recommendations.milestones.models import Hosting, Milestone
from recommendations.register.models import ProgressReport, Recommendation, ReportFile

__all__ = ["Hosting", "Milestone", "ProgressReport", "Recommendation", "ReportFile"]
