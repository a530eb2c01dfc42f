"""Threads as pages show them: comments with their replies, said by whom, as one reader may read them (S13, S30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Subquery
from django_comments.models import CommentFlag

from workflow.groups import access
from workflow.groups.models import Membership, Role

from . import speaking
from .models import ATTENTION, Remark, RemarkQuerySet, RemarkState, Round, RoundState

THREADS_ON_A_PAGE = 12
ROWS_ON_A_PAGE = 30


@dataclass(frozen=True)
class Said:
    """One comment or reply: `institution` speaks, or a `role` where none does; `name` for those who may read names."""

    remark: Remark
    role: str
    name: str
    mine: bool  # the reader speaks for the institution that said it
    may_reply: bool
    flagged: bool
    depth: int = 0
    replies: list[Said] = field(default_factory=list)

    @property
    def withdrawn(self) -> bool:
        return self.remark.state == RemarkState.WITHDRAWN


@dataclass(frozen=True)
class Reader:
    """What of a round is open to one reader, worked out once for a page."""

    person: Any
    names: bool
    takes_part: bool
    institutions: frozenset[int]
    open: bool

    def said(self, remark: Any, depth: int = 0) -> Said:
        mine = remark.institution_id in self.institutions
        name = str(remark.user or "") if self.names or remark.user_id == self.person.pk else ""
        alive = remark.state not in (RemarkState.WITHDRAWN, RemarkState.CLEARED)
        may_reply = self.takes_part and self.open and alive and remark.allow_thread()
        role = Role(remark.role).label if remark.role and not remark.institution_id else ""
        return Said(remark, str(role), name, mine, may_reply, remark.flagged, depth)


def reader_of(round_: Round, person: Any) -> Reader:
    return Reader(
        person=person,
        names=access.may_read_addresses(person, round_.twg),
        takes_part=speaking.takes_part(person, round_.twg),
        institutions=frozenset(speaking.institutions(person, round_.twg_id)),
        open=round_.state in (RoundState.OPEN, RoundState.CLOSED),
    )


def told(found: RemarkQuerySet) -> RemarkQuerySet:
    """With all that a thread shows: who said it in which role, and whether it needs the chair's attention."""
    seats = Membership.objects.filter(twg=OuterRef("round__twg"), person=OuterRef("user")).order_by("-pk")
    flags = CommentFlag.objects.filter(comment=OuterRef("pk"), flag=ATTENTION)
    return found.with_all().annotate(role=Subquery(seats.values("role")[:1]), flagged=Exists(flags))


def threads(found: RemarkQuerySet, round_: Round, person: Any, page: Any) -> Page[Any]:
    """One page of comments with their replies: three queries, however long the threads are."""
    roots = told(found.filter(level=0).exclude(state=RemarkState.CLEARED))
    ordered = roots.order_by(F("number").asc(nulls_first=True), "pk")
    shown: Page[Any] = Paginator(ordered, THREADS_ON_A_PAGE).get_page(page)
    shown.object_list = with_replies(shown.object_list, reader_of(round_, person))
    return shown


def with_replies(roots: Iterable[Any], reader: Reader) -> list[Said]:
    """The comments with what the reader may read below them, each reply under what it replies to."""
    listed = [reader.said(root) for root in roots]
    ids = [said.remark.pk for said in listed]
    below = told(Remark.objects.all().visible_to(reader.person)).filter(thread_id__in=ids, level__gt=0)
    children: dict[int, list[Any]] = {}
    for reply in below.order_by("order", "pk"):
        children.setdefault(reply.parent_id, []).append(reply)
    for said in listed:
        said.replies.extend(_below(said.remark.pk, children, reader, 1))
    return listed


def _below(pk: int, children: dict[int, list[Any]], reader: Reader, depth: int) -> Iterator[Said]:
    for reply in children.get(pk, []):
        # What was submitted stands in the thread under the institution's name; it stays where colleagues spoke of it.
        if reply.state == RemarkState.CLEARED and reply.pk not in children:
            continue
        yield reader.said(reply, depth)
        yield from _below(reply.pk, children, reader, depth + 1)


def pages(found: RemarkQuerySet, page: Any) -> Page[Any]:
    """One page of a plain list of comments, by number."""
    return Paginator(found.order_by("number"), ROWS_ON_A_PAGE).get_page(page)


def page_holding(found: RemarkQuerySet, number: int | None) -> int:
    """The page of threads on which the comment with this number stands."""
    if number is None:
        return 1
    before = found.filter(level=0).exclude(state=RemarkState.CLEARED)
    place = before.filter(number__isnull=True).count() + before.filter(number__lt=number).count()
    return place // THREADS_ON_A_PAGE + 1
