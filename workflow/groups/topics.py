"""What a fact is about, in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Topics that project files use; others, which people type, are shown as they were typed.
TOPICS: dict[str, str | Promise] = {
    "ad_hoc_meetings": _("Ad hoc meetings"),
    "budget": _("Budget"),
    "cadence": _("Rhythm of meetings"),
    "capacity": _("Capacity"),
    "civil_society": _("Civil society"),
    "closed_sessions": _("Closed sessions"),
    "composition": _("Composition"),
    "data_plan": _("Data plan"),
    "duration": _("Duration"),
    "endorsement": _("Official endorsement"),
    "experience": _("Experience"),
    "lessons": _("Lessons"),
    "objectives": _("Objectives"),
    "policy_workshops": _("Policy workshops"),
    "publications": _("Publications"),
    "regional_workshop": _("Regional workshop"),
    "reporting_format": _("Reporting format"),
    "research_papers": _("Research papers"),
    "seniority": _("Seniority"),
    "sustainability": _("Sustainability"),
    "technical_support": _("Technical support"),
    "training": _("Training"),
}


def topic(code: str) -> str | Promise:
    """Project files write `data_plan`; readers see "Data plan"."""
    return TOPICS.get(code) or code.replace("_", " ").capitalize()
