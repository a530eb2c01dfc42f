"""The app's models, room by room."""

from recommendations.milestones.models import Hosting, Milestone

__all__ = ["Hosting", "Milestone"]
