"""Whom the events of rounds and comments are told to by mail, and what the mails say besides the usual (S13)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from workflow.engine import outbox
from workflow.engine.models import Event
from workflow.engine.notices import Notice

from . import asked, digests, speaking, standing, threads
from .flow import KEEPERS
from .models import Asked, Remark, Round, RoundState

MAIL = "workflow/mail"


def round_notice(round_: Round, event: Event) -> Notice | None:
    """The institutions asked learn of what concerns them; those who run the round, when it has closed."""
    if event.name in ("open_round", "reopen"):
        return Notice(asked.everybody_asked(round_), f"{MAIL}/round_opened")
    if event.name == "asked_more":
        return Notice(asked.speakers(round_, event.data["asked"]), f"{MAIL}/round_opened")
    if event.name == "extended" and round_.state == RoundState.OPEN and not _reopened_with_it(round_, event):
        return Notice(asked.everybody_asked(round_), f"{MAIL}/round_extended")
    if event.name == "close":
        return Notice(_all_concerned(round_), f"{MAIL}/round_closed")
    if event.name == "finish":
        return Notice(_all_concerned(round_), f"{MAIL}/round_answered")
    if event.name == "cancel" and event.from_state == RoundState.OPEN:
        return Notice(asked.everybody_asked(round_), f"{MAIL}/round_cancelled")
    return None


def _reopened_with_it(round_: Round, event: Event) -> bool:
    """Whether the extension opened a closed round again: that is told once, by the opening."""
    following = Event.objects.filter(subject_kind="round", subject_id=round_.pk, sequence=event.sequence + 1)
    return following.filter(name="reopen", actor=event.actor_id, note=event.note).exists()


def _all_concerned(round_: Round) -> Any:
    people = asked.everybody_asked(round_) | asked.keepers(round_.twg) | asked.drafting(round_)
    return people.distinct()


def remark_notice(remark: Remark, event: Event) -> Notice | None:
    """Replies go to those who take part in the thread; answers are gathered; flags go to chair and secretariat."""
    if event.name in ("replied", "kept_inside") and remark.is_reply:
        return Notice(threads.followers(remark.thread_id), f"{MAIL}/remark_replied")
    if event.name == "answer":
        digests.gather(remark, event)
        return Notice((), f"{MAIL}/remarks_answered")
    if event.name == "reopen":
        return Notice(asked.drafting(remark.round), f"{MAIL}/remark_reopened")
    if event.name == "flagged":
        return Notice(asked.keepers(remark.round.twg), f"{MAIL}/remark_flagged")
    return None


def round_words(round_: Round, event: Event, person: Any) -> dict[str, Any]:
    """What a mail about a round says to one person: how much is theirs to do, and where."""
    mine = speaking.institutions(person, round_.twg_id)
    waiting = Remark.objects.filter(round=round_).unanswered().count()
    runs = KEEPERS(round_, person)
    return {
        "zone": round_.twg.time_zone,
        "comments": event.data.get("comments", 0),
        "waiting": waiting if runs else 0,
        "inside": Remark.objects.filter(round=round_, institution__in=mine).kept_inside().count(),
        "mine": Remark.objects.filter(round=round_, institution__in=mine).comments().count(),
        "silent": bool(mine) and Asked.objects.filter(round=round_, institution__in=mine).exclude(
            standing.answered()).exists(),
        "mine_url": settings.SITE_URL + reverse("round-mine", args=[round_.pk]),
        "answering_url": settings.SITE_URL + reverse("round-answering", args=[round_.pk]) if runs else "",
    }  # fmt: skip


def remark_words(remark: Remark, event: Event, person: Any) -> dict[str, Any]:
    """What a mail about a comment says, with the one press by which the thread falls silent. Dropped when it has."""
    thread = remark.thread_id
    if event.name in ("replied", "kept_inside") and not threads.followers(thread).filter(pk=person.pk).exists():
        raise outbox.Dropped("the recipient has muted the thread")
    root = remark if not remark.is_reply else Remark.objects.get(pk=thread)
    return {
        "root": root,
        "mute_url": settings.SITE_URL + reverse("thread-mute", args=[threads.token_for(person, thread)]),
    }
