"""The room's models."""

from .action import ActionKind, ActionProgress, DataAction, DataActionState, Dependency
from .money import Commitment, CommitmentStatus
from .output import Output, OutputState
from .plan import DataPlan, PlanState

__all__ = [
    "ActionKind", "ActionProgress", "Commitment", "CommitmentStatus", "DataAction", "DataActionState", "DataPlan",
    "Dependency", "Output", "OutputState", "PlanState",
]  # fmt: skip
