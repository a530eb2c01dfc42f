"""The room's models."""

from .action import ActionKind, DataAction, DataActionState, Dependency, ProgressReport
from .money import Commitment, CommitmentStatus
from .output import Output, OutputState
from .plan import DataPlan, PlanState

__all__ = [
    "ActionKind", "Commitment", "CommitmentStatus", "DataAction", "DataActionState", "DataPlan", "Dependency", "Output",
    "OutputState", "PlanState", "ProgressReport",
]  # fmt: skip
