"""The room's models."""

from .action import ActionKind, DataAction, DataActionState
from .money import Commitment, CommitmentStatus
from .output import Output, OutputState
from .plan import DataPlan, PlanState
from .progress import ActionProgress, Dependency

__all__ = [
    "ActionKind", "ActionProgress", "Commitment", "CommitmentStatus", "DataAction", "DataActionState", "DataPlan",
    "Dependency", "Output", "OutputState", "PlanState",
]  # fmt: skip
