"""The life of an entry of the register, a framework or an actor: listed, ended, withdrawn (S29)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.engine.flow import Flow, SubjectState, asks
from workflow.groups.access import chair, consultant, iom, secretariat

from .models import EntryState

KEEPERS = chair | secretariat | consultant | iom


class EntryFlow(Flow):
    state = SubjectState(EntryState)

    @state.transition(
        source=EntryState.LISTED, target=EntryState.ENDED, label=_("It has ended"), permission=KEEPERS,
        custom=asks("reason", "entry_end", kind="out",
                    help=_("Repealed, expired, replaced or wound up: it stays in the register, with its end.")),
    )  # fmt: skip
    def end(self) -> None:
        """S29: with the date, as far as it is known, and how it came about."""
        self.subject.ended = self.act.data["ended_on"]

    @state.transition(
        source=[EntryState.LISTED, EntryState.ENDED], target=EntryState.WITHDRAWN, label=_("Withdraw it"),
        permission=KEEPERS,
        custom=asks("reason", kind="out", help=_("It should not have been entered: the register shows it no more.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """Nothing is deleted: its page and its history stay."""

    @state.transition(
        source=[EntryState.ENDED, EntryState.WITHDRAWN], target=EntryState.LISTED, label=_("Take it up again"),
        permission=KEEPERS, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def restore(self) -> None:
        """It had not ended after all, or belongs into the register."""
        self.subject.ended = ""
