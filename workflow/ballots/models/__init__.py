"""The room's models."""

from .ballot import Ballot, BallotForm, BallotQuerySet, BallotState, Decided, Option, Secrecy
from .theme import Theme, ThemeState
from .vote import MOST_WRITTEN, Elector, Vote, VoteChoice, Way

__all__ = [
    "MOST_WRITTEN",
    "Ballot",
    "BallotForm",
    "BallotQuerySet",
    "BallotState",
    "Decided",
    "Elector",
    "Option",
    "Secrecy",
    "Theme",
    "ThemeState",
    "Vote",
    "VoteChoice",
    "Way",
]
