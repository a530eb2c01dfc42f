"""The life of an edition, from the template to publication, with its loops (S08-S10, S13, S21, S40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from viewflow.fsm import State

from workflow.engine.flow import MET, Flow, Gate, SubjectState, asks, unmet
from workflow.engine.gates import declare
from workflow.engine.models import Event
from workflow.groups.access import chair, drafter, iom, secretariat
from workflow.groups.models import Membership, Role
from workflow.groups.seats import SPEAKING_ROLES
from workflow.writing import services as writing

from .models import Edition, EditionQuerySet, Stage

# What this floor asks and higher ones answer: ballots, comment rounds, workshops, hand-over.
TEMPLATE_ENDORSED = declare("template_endorsed", _("The TWG has not endorsed the template yet."))
COMMENTS_ANSWERED = declare("comments_answered", _("No comment round has been closed with every comment answered."))
DRAFT_ENDORSED = declare("draft_endorsed", _("No ballot of the TWG has endorsed this draft."))
WORKSHOP_CLOSED = declare("workshop_closed", _("The policy workshop has not been closed yet."))
HANDOVER_ACCEPTED = declare("handover_accepted", _("No update institution has accepted the hand-over."))

OPEN = [s for s in Stage if s not in (Stage.PUBLISHED, Stage.WITHDRAWN)]


def with_surroundings(editions: EditionQuerySet) -> Any:
    """With what the conditions below ask of an edition's surroundings: a page of many editions reads it with them."""
    of_the_twg = Membership.objects.active().filter(twg=OuterRef("profile__twg"))
    taken_over = of_the_twg.filter(role__in=SPEAKING_ROLES, institution=OuterRef("profile__updated_by"))
    drafters = Exists(of_the_twg.filter(role=Role.CONSULTANT)) & Q(profile__updated_by=None) | Exists(taken_over)
    written = Subquery(writing.written("edition", OuterRef("pk")), output_field=BooleanField())
    return editions.annotate(
        drafter_sits=ExpressionWrapper(drafters, output_field=BooleanField()), text_written=written
    )


def _drafter_sits(edition: Edition) -> bool:
    seats = Membership.objects.active().filter(twg=edition.profile.twg_id)
    if edition.drafted_by_id:
        return seats.filter(role__in=SPEAKING_ROLES, institution=edition.drafted_by_id).exists()
    return seats.filter(role=Role.CONSULTANT).exists()


def _read(edition: Edition, name: str, ask: Callable[[], Any]) -> Any:
    """What the edition was read with, else asked now: under a lock it never was."""
    return vars(edition)[name] if name in vars(edition) else ask()


def drafter_seated(flow: Flow) -> State.CONDITION:
    """A local research consultant drafts (S10), after a hand-over the update institution: without one nobody starts."""
    edition = flow.subject
    if _read(edition, "drafter_sits", lambda: _drafter_sits(edition)):
        return MET
    if edition.drafted_by_id:
        return unmet(_("Nobody sits in the TWG for the update institution: give somebody that seat first."))
    return unmet(_("The TWG has no research consultant yet: give somebody that seat first."))


def owner_named(flow: Flow) -> State.CONDITION:
    """A profile is government-owned (S02): the public must see by whom."""
    return MET if flow.subject.profile.owner_id else unmet(_("Name the government body that owns the profile first."))


def something_written(flow: Flow) -> State.CONDITION:
    """Where the text is in Palabre, there must be something to comment on or to endorse (S13)."""
    edition = flow.subject
    if _read(edition, "text_written", lambda: writing.is_written(edition)) is False:
        return unmet(_("Nothing is written in the text yet: write it here, or bring the Word file in."))
    return MET


Follower = Callable[[Edition, Event], None]
_followers: dict[str, list[Follower]] = {}


def follow(transition: str, follower: Follower) -> None:
    """A higher room registers what follows one of the transitions below, in the same transaction."""
    known = _followers.setdefault(transition, [])
    if follower not in known:
        known.append(follower)


class EditionFlow(Flow):
    state = SubjectState(Stage, column="stage")

    def follow(self, event: Event) -> None:
        for follower in _followers.get(event.name, ()):
            follower(self.subject, event)

    @state.transition(
        source=Stage.TEMPLATE,
        target=Stage.DRAFTING,
        label=_("Start drafting"),
        permission=chair | secretariat | iom,
        conditions=[drafter_seated, Gate(TEMPLATE_ENDORSED)],
        custom=asks(help=_("The template is endorsed; whoever drafts starts writing.")),
    )
    def start_drafting(self) -> None:
        """S08: the TWG has commented on and endorsed the template."""

    @state.transition(
        source=Stage.DRAFTING,
        target=Stage.COMMENT,
        label=_("Submit the draft for comment"),
        permission=drafter | secretariat,
        conditions=[something_written],
        custom=asks("draft", help=_("The draft goes to the TWG, which comments on it.")),
    )
    def submit_draft(self) -> None:
        """S13: the TWG's input at different stages of drafting."""

    @state.transition(
        source=Stage.COMMENT,
        target=Stage.ENDORSEMENT,
        label=_("Ask for endorsement"),
        permission=chair | secretariat,
        conditions=[something_written, Gate(COMMENTS_ANSWERED)],
        custom=asks("draft", help=_("Every comment has its answer; the TWG is asked to endorse.")),
    )
    def request_endorsement(self) -> None:
        """S13, S40."""

    @state.transition(
        source=Stage.ENDORSEMENT,
        target=Stage.WORKSHOP,
        label=_("Record the endorsement"),
        permission=chair | secretariat,
        conditions=[Gate(DRAFT_ENDORSED)],
        custom=asks(help=_("The draft is endorsed and goes to the National Policy Planning Workshop.")),
    )
    def endorse(self) -> None:
        """S40: quickly endorsed by governments."""

    @state.transition(
        source=Stage.WORKSHOP,
        target=Stage.HANDOVER,
        label=_("Close the policy workshop"),
        permission=chair | secretariat | iom,
        conditions=[Gate(WORKSHOP_CLOSED)],
        custom=asks(
            "workshop", help=_("The draft was presented, recommendations issued, an update institution named.")
        ),
    )
    def close_workshop(self) -> None:
        """S21: closes only with an update institution, or the reason why there is none."""
        self.subject.update_institution = self.act.data.get("update_institution")
        self.subject.no_update_institution = self.act.data.get("no_update_institution", "")

    @state.transition(
        source=Stage.HANDOVER,
        target=Stage.PUBLISHED,
        label=_("Publish"),
        permission=chair | secretariat | iom,
        conditions=[owner_named, Gate(HANDOVER_ACCEPTED)],
        custom=asks(
            "publication", help=_("The edition becomes public; the update institution takes the profile over.")
        ),
    )
    def publish(self) -> None:
        """S02, S38."""
        self.subject.published_on = self.act.data["published_on"]

    @state.transition(
        source=[Stage.COMMENT, Stage.ENDORSEMENT, Stage.WORKSHOP],
        target=Stage.DRAFTING,
        label=_("Return to drafting"),
        permission=chair | secretariat,
        custom=asks(
            "reason", kind="back", help=_("Whoever drafts takes the draft up again; history keeps the reason.")
        ),
    )
    def return_to_drafting(self) -> None:
        """S13: drafting goes in rounds."""

    @state.transition(
        source=OPEN,
        target=Stage.WITHDRAWN,
        label=_("Withdraw this edition"),
        permission=chair | secretariat | iom,
        custom=asks(
            "reason", kind="out", help=_("The edition is given up for good; it stays readable with its reason.")
        ),
    )
    def withdraw(self) -> None:
        """Nothing is deleted: every deletion is a withdrawal with a reason."""
