"""What waits for a person in the comments room, and what is coming (S13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from workflow.engine.inbox import Item, coming, waiting
from workflow.engine.together import Found, Listing, Wanted
from workflow.groups import access

from . import selectors, speaking, standing
from .flow import ANSWERERS, KEEPERS
from .models import Asked, Remark, RemarkState, Round, RoundState

READ_WITHIN = timedelta(days=30)  # an answer that nobody has accepted by then is taken as read


# What an item says of a round.
TWG = ("code", "names", "time_zone", "linked_to")
ROUND = ("name", "state", "opens_on", "deadline", "draft__text__drafted_by", *(f"twg__{column}" for column in TWG))
ASKED = (
    "institution__code", "institution__names", "round__draft__number", "round__draft__name",
    *(f"round__{column}" for column in ROUND),
)  # fmt: skip


@waiting("comments")
def waiting_comments(person: Any) -> Wanted[Iterable[Item]] | None:
    """To comment, to submit, to read what was answered; to answer, to look at, to open or to finish."""
    listings = {}
    if speaking.places(person):
        listings["asked"] = Listing(_asked(person), *ASKED, "inside", "answers", "done")
    if running := _running(person):
        listings["kept"] = Listing(_kept(running, person), *ROUND, "waiting_count", "flags")
    return Wanted(listings, lambda found: _items(found, person)) if listings else None


def _items(found: Found, person: Any) -> Iterator[Item]:
    yield from _to_say(found.get("asked", ()), person)
    yield from _to_run(found.get("kept", ()), person)


# -- for those who speak for an institution ---------------------------------------------------------------


def _to_say(rows: Iterable[Any], person: Any) -> Iterator[Item]:
    for row in rows:
        if row.inside and row.institution_id in speaking.cleared_by(person, row.round.twg_id):
            yield _to_submit(row)
        elif not row.done and row.round.deadline > timezone.now() and row.round.state == RoundState.OPEN:
            yield _to_comment(row)
        if row.answers:
            yield _to_read(row)


def _asked(person: Any) -> Any:
    """The person's institutions in rounds that are open, or in which their comments were answered lately."""
    mine = Q(pk__in=[])
    for twg, institution in speaking.places(person):
        mine |= Q(round__twg=twg, institution=institution)
    said = Remark.objects.filter(round=OuterRef("round"), institution=OuterRef("institution"))
    lately = said.filter(state=RemarkState.ANSWERED, answered_at__gt=timezone.now() - READ_WITHIN)
    rows = Asked.objects.filter(mine, round__in=Round.objects.all().visible_to(person).values("pk")).annotate(
        inside=standing.number_of(said.filter(state=RemarkState.INSIDE, level=0)),
        answers=standing.number_of(lately),
        done=Exists(Asked.objects.filter(standing.answered(), pk=OuterRef("pk"))),
    )
    rows = rows.filter(Q(round__state=RoundState.OPEN) | Q(answers__gt=0)).exclude(round__state=RoundState.CANCELLED)
    return rows.order_by("round__deadline")


def _due(round_: Round) -> date:
    """The day of the deadline for the reader."""
    return timezone.localtime(round_.deadline).date()


def _to_comment(row: Any) -> Item:
    return Item(
        title=_("Comment on %(draft)s") % {"draft": row.round.draft},
        detail=_("%(round)s: %(twg)s asks %(institution)s.")
        % {"round": row.round, "twg": row.round.twg, "institution": row.institution},
        action=pgettext("button", "Comment"),
        url=reverse("round", args=[row.round_id]),
        due=_due(row.round),
    )


def _to_submit(row: Any) -> Item:
    said = ngettext(
        "%(count)d comment is inside your institution, not submitted",
        "%(count)d comments are inside your institution, not submitted",
        row.inside,
    )
    return Item(
        title=said % {"count": row.inside},
        detail=_("%(round)s, %(twg)s") % {"round": row.round, "twg": row.round.twg},
        action=_("Read and submit"),
        url=reverse("round-mine", args=[row.round_id]),
        due=_due(row.round),
    )


def _to_read(row: Any) -> Item:
    said = ngettext("Your comment was answered", "%(count)d of your comments were answered", row.answers)
    return Item(
        title=said % {"count": row.answers},
        detail=_("%(round)s, %(twg)s") % {"round": row.round, "twg": row.round.twg},
        action=_("Read, accept or reopen"),
        url=reverse("round-mine", args=[row.round_id]) + "?state=answered",
    )


# -- for those who run rounds -----------------------------------------------------------------------------


def _to_run(rounds: Iterable[Any], person: Any) -> Iterator[Item]:
    running = speaking.run(person)
    for round_ in rounds:
        keeps = KEEPERS(round_, person)
        if round_.state == RoundState.PLANNED:
            yield from _late_to_open(round_) if keeps else ()
            continue
        owes = ANSWERERS if round_.state == RoundState.CLOSED else access.drafter
        if round_.waiting_count and owes(round_, person):
            yield _to_answer(round_)
        elif keeps and round_.state == RoundState.CLOSED and not round_.waiting_count:
            yield _to_finish(round_)
        if round_.flags and round_.twg_id in running:
            yield _to_look_at(round_)


def _running(person: Any) -> Q | None:
    """The rounds of TWGs that the person keeps, and on what their institution drafts (S02)."""
    kept = speaking.kept(person)
    return Q(twg__in=kept) | speaking.drafted(person) if kept or speaking.places(person) else None


def _kept(running: Q, person: Any) -> Any:
    """Of these rounds, those under way that they know of: a consultant runs none of a closed session (S31)."""
    flagged = selectors.flagged(Remark.objects.filter(round=OuterRef("pk"), inside=False))
    waiting = Remark.objects.filter(round=OuterRef("pk")).unanswered()
    found = (
        Round.objects.all().visible_to(person).filter(running, state__in=selectors.UNDER_WAY).order_by("deadline", "pk")
    )
    return found.annotate(waiting_count=standing.number_of(waiting), flags=standing.number_of(flagged))


def _late_to_open(round_: Round) -> Iterator[Item]:
    """It should have opened by itself and could not: the page says why."""
    if round_.opens_at and round_.opens_at <= timezone.now():
        yield Item(
            title=_("%(round)s has not opened") % {"round": round_},
            detail=str(round_.twg),
            action=_("See what is missing"),
            url=reverse("round", args=[round_.pk]),
            due=round_.opens_on,
        )


def _to_answer(round_: Any) -> Item:
    said = ngettext("%(count)d comment without an answer", "%(count)d comments without an answer", round_.waiting_count)
    return Item(
        title=said % {"count": round_.waiting_count},
        detail=_("%(round)s, %(twg)s") % {"round": round_, "twg": round_.twg},
        action=_("Answer them"),
        url=reverse("round-answering", args=[round_.pk]),
    )


def _to_finish(round_: Round) -> Item:
    return Item(
        title=_("%(round)s: every comment has its answer") % {"round": round_},
        detail=str(round_.twg),
        action=_("Finish the round"),
        url=reverse("act", args=["round", round_.pk, "finish"]),
    )


def _to_look_at(round_: Any) -> Item:
    said = ngettext(
        "%(count)d comment needs the chair's attention", "%(count)d comments need the chair's attention", round_.flags
    )
    return Item(
        title=said % {"count": round_.flags},
        detail=_("%(round)s, %(twg)s") % {"round": round_, "twg": round_.twg},
        action=_("Look at it"),
        url=reverse("round", args=[round_.pk]) + "#flagged",
    )


@coming("comments")
def coming_rounds(person: Any) -> Wanted[Iterable[Item]] | None:
    """For those who run them: when a round opens, and when one that is open closes."""
    running = _running(person)
    if running is None:
        return None
    ahead = Q(state=RoundState.OPEN, deadline__gt=timezone.now()) | Q(state=RoundState.PLANNED, opens_on__isnull=False)
    rounds = Round.objects.all().visible_to(person).filter(running, ahead).order_by("deadline", "pk")
    return Wanted({"rounds": Listing(rounds, *ROUND)}, lambda found: _ahead(found["rounds"], person))


def _ahead(rounds: Iterable[Round], person: Any) -> Iterator[Item]:
    for round_ in rounds:
        if not KEEPERS(round_, person):
            continue  # a consultant's no more: the profile was handed over
        opening = round_.state == RoundState.PLANNED
        if opening and round_.opens_at and round_.opens_at <= timezone.now():
            continue  # it waits on their other list
        told = _("%(round)s opens") if opening else _("%(round)s closes")
        yield Item(
            title=told % {"round": round_},
            detail=str(round_.twg),
            action=_("Open the round"),
            url=reverse("round", args=[round_.pk]),
            due=round_.opens_on if opening else _due(round_),
        )
