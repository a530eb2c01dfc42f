"""Who takes part in a TWG's meetings over time: by institution, category and rank; who drifts away; and whether
categories take part as was agreed (S18, S30, S32).

Only meetings that the reader may read are counted: a closed one leaves no trace in anybody else's numbers (S31).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meetings.scheduling.models import Meeting
from workflow.ballots import electorate
from workflow.engine import edtf
from workflow.groups import words
from workflow.groups.models import Category, CategoryRule, Institution, Membership, Modality, Rank, Twg

from . import places
from .models import Attendance

MOST_MEETINGS = 24
DRIFTING = 2  # meetings missed in a row, from which on an institution is said to drift away
REGULAR = 50  # per cent of meetings, from which on a category takes part regularly

Text = str | Promise


@dataclass(frozen=True)
class Held:
    """A meeting that took place, and who came."""

    meeting: Meeting
    rows: list[Attendance]

    @property
    def day(self) -> date | None:
        return self.meeting.starts_at.date() if self.meeting.starts_at else None

    @property
    def known(self) -> str:
        """Its date as far as it is known, in plain words: a drawing holds no markup."""
        return edtf.display(self.meeting.when) if self.meeting.when else ""

    def count(self, column: str, value: str) -> int:
        return sum(getattr(row, column) == value for row in self.rows)


@dataclass(frozen=True)
class Over:
    """One value (a rank, a category) over the meetings, the oldest first."""

    label: Text
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Steadiness:
    """How often an institution came. `missed` counts its absences in a row up to the last meeting."""

    name: str
    category: str
    came: list[bool]
    missed: int
    seated: bool

    @property
    def times(self) -> int:
        return sum(self.came)

    @property
    def percent(self) -> int:
        return 100 * self.times // len(self.came) if self.came else 0

    @property
    def drifting(self) -> bool:
        return self.seated and len(self.came) >= DRIFTING and self.missed >= DRIFTING


@dataclass(frozen=True)
class Practice:
    """How a category was to take part, and how it does (S30)."""

    category: str
    label: Text
    modality: Text
    seated: int
    meetings: int  # at which one of the category came
    of: int
    people: int
    judged: Text
    apart: bool = False  # practice is not what was agreed

    @property
    def percent(self) -> int:
        return 100 * self.meetings // self.of if self.of else 0


@dataclass
class Participation:
    """All analyses of one TWG, for one reader."""

    held: list[Held]
    ranks: list[Over] = field(default_factory=list)
    categories: list[Over] = field(default_factory=list)
    institutions: list[Steadiness] = field(default_factory=list)
    practice: list[Practice] = field(default_factory=list)
    unlisted: int = 0  # meetings that took place and of which nobody wrote down who came

    @property
    def drifting(self) -> list[Steadiness]:
        return sorted((one for one in self.institutions if one.drifting), key=lambda one: -one.missed)


def held(twg: Twg, person: Any) -> list[Held]:
    """The meetings that are counted: those of which it is written down who came.

    Without a list nobody knows who stayed away: it would make everybody drift.
    """
    return [meeting for meeting in _last(twg, person) if meeting.rows]


def _last(twg: Twg, person: Any) -> list[Held]:
    """The TWG's last meetings that took place and that the person may read, the oldest first: two queries."""
    found = Meeting.objects.all().visible_to(person).filter(twg=twg, state__in=places.TOOK_PLACE)
    last = list(found.order_by(F("starts_at").desc(nulls_last=True), "-when", "-pk")[:MOST_MEETINGS])[::-1]
    rows: dict[int, list[Attendance]] = defaultdict(list)
    for row in Attendance.objects.filter(meeting__in=[m.pk for m in last]).present():
        rows[row.meeting_id].append(row)
    return [Held(meeting, rows[meeting.pk]) for meeting in last]


def of(twg: Twg, person: Any) -> Participation:
    """Six queries, however many meetings and institutions there are."""
    last, seated = _last(twg, person), _seated(twg)
    past = [meeting for meeting in last if meeting.rows]
    return Participation(
        past,
        [*(_over(past, "rank", rank, rank.label) for rank in Rank), _over(past, "rank", "", _("rank not said"))],
        [*(_over(past, "category", one, one.label) for one in Category),
         _over(past, "category", "", _("category not known"))],
        _steadiness(past, seated),
        _practice(twg, past, seated),
        unlisted=len(last) - len(past),
    )  # fmt: skip


def _seated(twg: Twg) -> dict[int, Institution]:
    seats = Membership.objects.active().filter(twg=twg).exclude(institution=None).values("institution")
    return {one.pk: one for one in Institution.objects.filter(pk__in=seats).order_by("folded")}


def _over(past: Sequence[Held], column: str, value: str, label: Text) -> Over:
    return Over(label, [meeting.count(column, value) for meeting in past])


def _steadiness(past: Sequence[Held], seated: dict[int, Institution]) -> list[Steadiness]:
    """Institutions of the directory: those that sit in the TWG today, and those that came without a seat."""
    names = {pk: (one.name, str(one.category)) for pk, one in seated.items()}
    for meeting in past:
        for row in meeting.rows:
            if row.institution_id and row.institution_id not in names:
                names[row.institution_id] = (row.institution_name, row.category)
    there = [{row.institution_id for row in meeting.rows} for meeting in past]
    found = []
    for pk, (name, category) in names.items():
        came = [pk in present for present in there]
        found.append(Steadiness(name, category, came, _missed(came), pk in seated))
    return sorted(found, key=lambda one: (-one.times, words.fold(one.name)))


def _missed(came: Sequence[bool]) -> int:
    return next((n for n, there in enumerate(reversed(came)) if there), len(came))


def _practice(twg: Twg, past: Sequence[Held], seated: dict[int, Institution]) -> list[Practice]:
    terms = electorate.terms_of(twg)
    if terms is None:
        return []
    agreed = {rule.category: rule.modality for rule in CategoryRule.objects.filter(terms=terms)}
    seats = Counter(str(one.category) for one in seated.values())
    return [_category(Category(value), agreed.get(value, ""), past, seats[value]) for value in Category.values]


def _category(category: Category, modality: str, past: Sequence[Held], seated: int) -> Practice:
    people = [meeting.count("category", category) for meeting in past]
    meetings = sum(count > 0 for count in people)
    said, apart = judged(modality, meetings, len(past), seated)
    label: Text = Modality(modality).label if modality else _("not said")
    return Practice(category, category.label, label, seated, meetings, len(past), sum(people), said, apart)


def judged(modality: str, meetings: int, of: int, seated: int) -> tuple[Text, bool]:
    """What practice says of what was agreed, and whether the two differ."""
    if not of:
        return _("no meeting yet"), False
    regular = 100 * meetings >= REGULAR * of
    if modality == Modality.EXCLUDED:
        return (_("came although excluded"), True) if meetings else (_("as agreed"), False)
    if modality == Modality.MEMBER:
        if not seated and not meetings:
            return _("has no seat"), False
        if not meetings:
            return _("never came"), True
        return (_("as agreed"), False) if regular else (_("came seldom"), True)
    if modality:
        return (_("came at times"), False) if meetings else (_("never came"), False)
    return (_("came, though nothing is agreed"), True) if meetings else (_("nothing is agreed"), False)


def bars(found: Participation) -> list[dict[str, Any]]:
    """How steadily each institution comes, as the chart's rows."""
    return [{"label": one.name, "value": one.percent, "late": one.drifting} for one in found.institutions]


def stacked(overs: Iterable[Over], past: Sequence[Held]) -> dict[str, Any]:
    """Bars of parts, one for each meeting, as the drawing's numbers: shares of the widest bar."""
    shown = [over for over in overs if over.total]
    top = max((sum(over.counts[n] for over in shown) for n in range(len(past))), default=0)
    rows = []
    for n, meeting in enumerate(past):
        parts, x = [], 0.0
        for shade, over in enumerate(shown):
            width = round(84 * over.counts[n] / top, 2) if top else 0
            parts.append({"x": round(x, 2), "width": width, "shade": shade, "count": over.counts[n]})
            x += width
        total = sum(part["count"] for part in parts)
        rows.append({"meeting": meeting, "parts": parts, "total": total, "end": round(x + 1.2, 2),
                     "y": n * 44 + 14, "bar_y": n * 44 + 21, "value_y": n * 44 + 33})  # fmt: skip
    return {"rows": rows, "overs": list(enumerate(shown)), "height": len(past) * 44}
