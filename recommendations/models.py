"""The app's models, room by room."""

from recommendations.inventory.models import DataGap, DataSource, SupportingPublication
from recommendations.milestones.models import Hosting, Milestone

__all__ = ["DataGap", "DataSource", "Hosting", "Milestone", "SupportingPublication"]
