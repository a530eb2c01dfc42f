"""The life of a version of terms of reference: draft, adopted, superseded (S44)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, Gate, SubjectState, asks, unmet
from workflow.engine.gates import declare

from . import access
from .models import TermsState

TERMS_ADOPTED = declare("terms_adopted", _("No ballot of the TWG has adopted these terms."))


def has_rules(flow: Flow) -> State.CONDITION:
    """Terms that say nothing of who takes part can't be adopted."""
    return MET if flow.subject.rules.exists() else unmet(_("Say first how each category takes part."))


class TermsFlow(Flow):
    state = SubjectState(TermsState)

    @state.transition(
        source=TermsState.DRAFT,
        target=TermsState.ADOPTED,
        label=_("Adopt"),
        permission=access.chair | access.secretariat | access.iom,
        conditions=[has_rules, Gate(TERMS_ADOPTED)],
        custom=asks(help=_("The version in force is superseded by this one.")),
    )
    def adopt(self) -> None:
        """The version in force gives way in the same transaction."""
        from . import services

        services.supersede_terms(self.subject.twg, by=self.subject, actor=self.act.actor)
        self.subject.adopted_on = self.act.recorded.get("decision", {}).get("date") or timezone.localdate().isoformat()

    @state.transition(
        source=[TermsState.DRAFT, TermsState.ADOPTED],
        target=TermsState.SUPERSEDED,
        label=_("Set aside"),
        permission=access.chair | access.secretariat | access.iom,
        custom=asks("reason", kind="out", help=_("A version set aside stays readable.")),
    )
    def set_aside(self) -> None:
        """For a draft that is given up, or terms that no longer hold."""
