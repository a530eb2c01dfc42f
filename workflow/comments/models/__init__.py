"""The comments room's data: rounds, who is asked in them, remarks, and who clears or mutes what."""

from .remarks import (
    ATTENTION,
    MOST_WRITTEN,
    UNANSWERED,
    Disposition,
    Muted,
    Remark,
    RemarkKind,
    RemarkQuerySet,
    RemarkState,
    Weight,
)
from .rounds import MOST_DAYS, Asked, Clearance, Discussion, Round, RoundQuerySet, RoundState

__all__ = [
    "ATTENTION",
    "MOST_DAYS",
    "MOST_WRITTEN",
    "UNANSWERED",
    "Asked",
    "Clearance",
    "Discussion",
    "Disposition",
    "Muted",
    "Remark",
    "RemarkKind",
    "RemarkQuerySet",
    "RemarkState",
    "Round",
    "RoundQuerySet",
    "RoundState",
    "Weight",
]
