"""The life of a data request (S11, S12)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.groups.access import Rule, collector, seats, secretariat

from .models import DataRequest, RequestState

ASKERS = collector | secretariat


def _speaks_for(request: Any, person: Any) -> bool:
    return seats(person).speaks_for(request.institution_id, request.twg)


spokesperson = Rule(_speaks_for, _("the institution that is asked"))


def asked_once(flow: Flow) -> State.CONDITION:
    """The same thing is not asked twice of one institution at the same time."""
    mine: DataRequest = flow.subject
    twin = DataRequest.objects.filter(
        twg=mine.twg_id, institution=mine.institution_id, what=mine.what, state=RequestState.ASKED
    )
    if twin.exclude(pk=mine.pk).exists():
        return unmet(_("This institution is asked for this already, in another request."))
    return MET


class RequestFlow(Flow):
    state = SubjectState(RequestState)

    @state.transition(
        source=[RequestState.ANSWERED, RequestState.RECEIVED], target=RequestState.ANSWERED,
        label=_("Add to the answer"), permission=spokesperson,
        custom=asks("data_answer", help=_("What was answered before stays as it is.")),
    )  # fmt: skip
    @state.transition(
        source=[RequestState.ASKED, RequestState.DECLINED], target=RequestState.ANSWERED,
        label=pgettext_lazy("button", "Answer"), permission=spokesperson,
        custom=asks("data_answer", help=_("Whoever drafts and the secretariat are told; the TWG's members read it.")),
    )  # fmt: skip
    def answer(self) -> None:
        """S11: in words, with a file, or both; an institution that had declined may answer after all."""

    @state.transition(
        source=[RequestState.ANSWERED, RequestState.RECEIVED], target=RequestState.ANSWERED,
        label=_("Record a further answer from paper or mail"), permission=secretariat,
        custom=asks("data_recorded", kind="back", help=_("What was answered before stays as it is.")),
    )  # fmt: skip
    @state.transition(
        source=[RequestState.ASKED, RequestState.DECLINED], target=RequestState.ANSWERED,
        label=_("Record an answer from paper or mail"), permission=secretariat,
        custom=asks("data_recorded", help=_("For an institution that has answered elsewhere. It is told.")),
    )  # fmt: skip
    def record_answer(self) -> None:
        """S11: who gave it, when, and the file; the answer is marked as recorded."""

    @state.transition(
        source=RequestState.ASKED, target=RequestState.ASKED, label=_("Give more time"), permission=ASKERS,
        custom=asks("reason", "data_later", kind="back", help=_("The institution is told the new day.")),
    )  # fmt: skip
    def extend(self) -> None:
        """S11: a later day, with a reason; a reminder comes anew before it."""
        self.subject.due = self.act.data["due"]

    @state.transition(
        source=RequestState.ANSWERED, target=RequestState.RECEIVED, label=_("Accept the answer"), permission=ASKERS,
        custom=asks(help=_("What came is what was asked for.")),
    )  # fmt: skip
    def receive(self) -> None:
        """S11: whoever drafts has what the section needs."""

    @state.transition(
        source=[RequestState.ANSWERED, RequestState.RECEIVED, RequestState.DECLINED], target=RequestState.ASKED,
        label=_("Ask again"), permission=ASKERS, conditions=[asked_once],
        custom=asks("reason", "data_due", kind="back", help=_("The institution is told what is still missing.")),
    )  # fmt: skip
    def ask_again(self) -> None:
        """S12: the dialogue goes on, with a reason and a new day."""
        self.subject.due = self.act.data["due"]
        self.subject.asked_at = timezone.now()

    @state.transition(
        source=RequestState.ASKED, target=RequestState.DECLINED, label=_("Decline"), permission=spokesperson,
        custom=asks("reason", kind="out", help=_("Whoever drafts and the secretariat are told the reason.")),
    )  # fmt: skip
    def decline(self) -> None:
        """S11: the institution has it not, or may not give it, and says why."""

    @state.transition(
        source=[RequestState.ASKED, RequestState.ANSWERED, RequestState.DECLINED], target=RequestState.WITHDRAWN,
        label=_("Withdraw the request"), permission=ASKERS,
        custom=asks("reason", kind="out", help=_("Nobody waits for it any more. What was answered stays.")),
    )  # fmt: skip
    def withdraw(self) -> None:
        """It is not needed any more, or was asked of the wrong institution."""
