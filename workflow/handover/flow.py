"""The lives of a hand-over, of a line of its checklist, and of a capacity need (S02, S21, S46).

Whoever changes a line holds its hand-over, and whoever changes a hand-over holds its edition: so that nothing is signed
or published beside a change. Publishing holds the edition alone, and never waits for what is held here.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, SubjectState, asks, unmet
from workflow.engine.models import Event
from workflow.groups.access import Rule, chair, iom, seats, secretariat
from workflow.groups.seated import speaking_for
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition, Stage

from . import signing
from .models import Handover, HandoverItem, HandoverState, ItemState, NeedState

KEEPERS = chair | secretariat | iom


def _handover(about: Any) -> Handover:
    found: Handover = about if isinstance(about, Handover) else about.handover
    return found


def _takes(about: Any, person: Any) -> bool:
    handover = _handover(about)
    return seats(person).speaks_for(handover.edition.update_institution_id, handover.twg)


def _sees_to_it(item: HandoverItem, person: Any) -> bool:
    return seats(person).speaks_for(item.owner_id, item.twg)


taker = Rule(_takes, _("the update institution"))
owner = Rule(_sees_to_it, _("who sees to it"))


# -- what must hold -----------------------------------------------------------------------------------------


def at_handover(flow: Flow) -> State.CONDITION:
    """The edition stands at the hand-over. Its row is held, so that it is not published meanwhile."""
    handover = _handover(flow.subject)
    edition = handover.edition
    if not flow.act.offering:
        edition = Edition.objects.select_for_update().get(pk=handover.edition_id)
    return MET if edition.stage == Stage.HANDOVER else unmet(_("The edition does not stand at the hand-over."))


def institution_named(flow: Flow) -> State.CONDITION:
    return MET if flow.subject.institution else unmet(_("Name the update institution first."))


def somebody_answers(flow: Flow) -> State.CONDITION:
    """Who is asked by mail and link must sit in the TWG; others are asked on paper, and their answer is recorded."""
    handover: Handover = flow.subject
    if speaking_for(handover.edition.update_institution_id, handover.twg).exists():
        return MET
    return unmet(_("Nobody sits in the TWG for the update institution: give somebody that seat first."))


def checklist_done(flow: Flow) -> State.CONDITION:
    """Each required line is done, or excused with a reason."""
    left = list(HandoverItem.objects.filter(handover=flow.subject).missing())
    return unmet(_("Open on the checklist: %(items)s.") % {"items": "; ".join(map(str, left))}) if left else MET


def settled(handover: Handover) -> str | Promise:
    """Why nothing on its checklist can be changed any more; "" while it can."""
    if handover.state == HandoverState.SIGNED:
        return _("The hand-over record is signed: take the signature back first.")
    return _("The edition is closed: its hand-over stays as it is.") if handover.is_over else ""


def not_settled(flow: Flow) -> State.CONDITION:
    """What was signed stays as it was signed; the hand-over is held, so that it is not signed meanwhile."""
    handover = _handover(flow.subject)
    if not flow.act.offering:
        handover = Handover.objects.select_for_update().get(pk=handover.pk)
    reason = settled(handover)
    return unmet(reason) if reason else MET


# -- the hand-over ------------------------------------------------------------------------------------------

FROM_PAPER = _("Somebody has answered for the institution on paper or in a meeting; the decision is recorded.")


class HandoverFlow(Flow):
    state = SubjectState(HandoverState)

    @state.transition(
        source=HandoverState.PREPARED, target=HandoverState.ASKED, label=_("Ask the update institution"),
        permission=KEEPERS, conditions=[at_handover, institution_named, somebody_answers],
        custom=asks("handover_ask", help=_("Each of its members gets a mail with a link to answer by.")),
    )  # fmt: skip
    def ask(self) -> None:
        """S21: formally, with the day by which it answers."""
        self._asked()

    @state.transition(
        source=HandoverState.PREPARED, target=HandoverState.ASKED, label=_("It was asked on paper"), permission=KEEPERS,
        conditions=[at_handover, institution_named],
        custom=asks("handover_ask", kind="back", help=_("By a letter or in a meeting; its answer is recorded.")),
    )  # fmt: skip
    def ask_on_paper(self) -> None:
        """Of an institution that has no seat in the TWG, or is written to by the minister."""
        self._asked()

    def _asked(self) -> None:
        self.subject.reply_by = self.act.data["reply_by"]
        self.subject.asked += 1
        self.act.recorded["institution"] = self.subject.edition.update_institution_id

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.ASKED, label=_("Give more time"), permission=KEEPERS,
        conditions=[at_handover],
        custom=asks("reason", "handover_later", kind="back", help=_("The institution is told the new day.")),
    )  # fmt: skip
    def extend(self) -> None:
        """S21: a later day, with a reason; the links sent stay good, and a reminder comes anew before it."""
        self.subject.reply_by = self.act.data["reply_by"]

    @state.transition(
        source=[HandoverState.PREPARED, HandoverState.DECLINED], target=HandoverState.PREPARED,
        label=_("Name the update institution"), permission=KEEPERS, conditions=[at_handover],
        custom=asks("handover_institution", help=_("Who is to keep the profile up to date; it is asked afterwards.")),
    )  # fmt: skip
    def name_institution(self) -> None:
        """S21: where the workshop named none, or the one named has declined."""
        self._named_anew()

    @state.transition(
        source=[HandoverState.ASKED, HandoverState.CONDITIONAL, HandoverState.ACCEPTED], target=HandoverState.PREPARED,
        label=_("Name another update institution"), permission=KEEPERS, conditions=[at_handover],
        custom=asks("reason", "handover_institution", kind="back", help=_("The one named until now is told why.")),
    )  # fmt: skip
    def replace_institution(self) -> None:
        """It does not answer, or its conditions can't be met; with the reason."""
        self._named_anew()

    def _named_anew(self) -> None:
        self.subject.conditions = ""
        self.subject.reply_by = None

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.ACCEPTED, label=pgettext_lazy("hand-over", "Accept"),
        permission=taker, conditions=[at_handover],
        custom=asks(help=_("Your institution keeps the profile up to date from its publication on.")),
    )  # fmt: skip
    def accept(self) -> None:
        """S02, S21."""

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.CONDITIONAL, label=_("Accept with conditions"),
        permission=taker, conditions=[at_handover],
        custom=asks("handover_conditions", help=_("The hand-over waits until you say that they are met.")),
    )  # fmt: skip
    def accept_conditionally(self) -> None:
        """S46: what it lacks is said before it is handed the profile."""
        self.subject.conditions = self.act.data["conditions"]

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.DECLINED, label=pgettext_lazy("hand-over", "Decline"),
        permission=taker, conditions=[at_handover],
        custom=asks("reason", kind="out", help=_("Another institution is named then; the hand-over waits.")),
    )  # fmt: skip
    def decline(self) -> None:
        """S21: with the reason; another is named."""

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.ACCEPTED, label=_("Record an acceptance from paper"),
        permission=KEEPERS, conditions=[at_handover], custom=asks("decision", kind="back", help=FROM_PAPER),
    )  # fmt: skip
    def record_acceptance(self) -> None:
        """Governments answer by letter, too."""

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.CONDITIONAL,
        label=_("Record an acceptance with conditions from paper"), permission=KEEPERS, conditions=[at_handover],
        custom=asks("handover_conditions", "decision", kind="back", help=FROM_PAPER),
    )  # fmt: skip
    def record_conditions(self) -> None:
        self.subject.conditions = self.act.data["conditions"]

    @state.transition(
        source=HandoverState.ASKED, target=HandoverState.DECLINED, label=_("Record a refusal from paper"),
        permission=KEEPERS, conditions=[at_handover], custom=asks("reason", "decision", kind="out", help=FROM_PAPER),
    )  # fmt: skip
    def record_refusal(self) -> None:
        """With the reason that was given."""

    @state.transition(
        source=HandoverState.CONDITIONAL, target=HandoverState.ACCEPTED, label=_("The conditions are met"),
        permission=taker, conditions=[at_handover],
        custom=asks("handover_met", help=_("Say how each was met; the acceptance then holds without conditions.")),
    )  # fmt: skip
    def meet_conditions(self) -> None:
        """By the institution that made them."""

    @state.transition(
        source=HandoverState.CONDITIONAL, target=HandoverState.ACCEPTED,
        label=_("Record from paper that the conditions are met"), permission=KEEPERS, conditions=[at_handover],
        custom=asks("handover_met", "decision", kind="back", help=FROM_PAPER),
    )  # fmt: skip
    def record_conditions_met(self) -> None:
        """As the institution has written."""

    @state.transition(
        source=HandoverState.ACCEPTED, target=HandoverState.SIGNED, label=_("Sign the hand-over record"),
        permission=KEEPERS, conditions=[at_handover, checklist_done],
        custom=asks("handover_next", help=_("All that was handed over is fixed, and the next edition has its date.")),
    )  # fmt: skip
    def sign(self) -> None:
        """S21: the record is Palabre's to sign and anybody's to verify; publication may follow."""
        self.subject.next_due = self.act.data["next_due"]
        self.act.recorded.update(signing.sign(self.subject))

    @state.transition(
        source=HandoverState.SIGNED, target=HandoverState.ACCEPTED, label=_("Take the signature back"),
        permission=KEEPERS, conditions=[at_handover],
        custom=asks("reason", kind="back", help=_("The record made so far stays; another one is signed.")),
    )  # fmt: skip
    def unsign(self) -> None:
        """Something in it was wrong, and the edition is not published yet."""

    def follow(self, event: Event) -> None:
        """The edition's update institution is the one that was named last."""
        if event.name in ("name_institution", "replace_institution"):
            named = self.act.data["institution"]
            profiles.name_update_institution(self.subject.edition, named, actor=self.act.actor, note=event.note)


# -- a line of the checklist --------------------------------------------------------------------------------

SEEING_TO_IT = KEEPERS | taker | owner


class ItemFlow(Flow):
    state = SubjectState(ItemState)

    @state.transition(
        source=ItemState.OPEN, target=ItemState.DONE, label=_("It is done"), permission=SEEING_TO_IT,
        conditions=[not_settled], custom=asks("handover_evidence", help=_("Say how one knows, or send the file.")),
    )  # fmt: skip
    def complete(self) -> None:
        """S21: with evidence, in words or as a file."""
        self._counted()

    @state.transition(
        source=ItemState.DONE, target=ItemState.DONE, label=_("Add evidence"), permission=SEEING_TO_IT,
        conditions=[not_settled],
        custom=asks("handover_evidence", kind="back", help=_("What was shown before stays as it is.")),
    )  # fmt: skip
    def add_evidence(self) -> None:
        """A later letter, another count."""
        self._counted()

    def _counted(self) -> None:
        if "counted" in self.act.data:
            self.subject.counted = self.act.data["counted"]

    @state.transition(
        source=ItemState.OPEN, target=ItemState.EXCUSED, label=_("It does not apply"), permission=KEEPERS,
        conditions=[not_settled], custom=asks("reason", kind="out", help=_("The hand-over goes on without it.")),
    )  # fmt: skip
    def excuse(self) -> None:
        """With the reason, which the record repeats."""

    @state.transition(
        source=[ItemState.DONE, ItemState.EXCUSED], target=ItemState.OPEN, label=_("Open it again"), permission=KEEPERS,
        conditions=[not_settled], custom=asks("reason", kind="back", help=_("It was not done after all, or applies.")),
    )  # fmt: skip
    def reopen(self) -> None:
        """The evidence stays."""


# -- a capacity need ----------------------------------------------------------------------------------------

KNOWING = KEEPERS | taker


class NeedFlow(Flow):
    state = SubjectState(NeedState)

    @state.transition(
        source=NeedState.OPEN, target=NeedState.MET, label=_("It is met"), permission=KNOWING,
        custom=asks("handover_met", help=_("Say how: by a training, a post, an agreement.")),
    )  # fmt: skip
    def meet(self) -> None:
        """S46: before the next update or during it; after the hand-over, too."""

    @state.transition(
        source=NeedState.OPEN, target=NeedState.WITHDRAWN, label=_("It is no need any more"), permission=KNOWING,
        custom=asks("reason", kind="out"),
    )  # fmt: skip
    def withdraw(self) -> None:
        """With the reason."""

    @state.transition(
        source=[NeedState.MET, NeedState.WITHDRAWN], target=NeedState.OPEN, label=_("Take it up again"),
        permission=KNOWING, custom=asks("reason", kind="back"),
    )  # fmt: skip
    def reopen(self) -> None:
        """It is lacking again."""
