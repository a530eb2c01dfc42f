"""All that writes recommendations besides their transitions: drafted, changed, likened, handed on to countries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.minutes import services as minutes
from meetings.minutes.models import ActionItem, Decision
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.models import Twg
from workflow.groups.services import require
from workflow.writing.hooks import language_of_twg

from . import issuing
from .flow import KEEPERS
from .models import Recommendation, RecommendationState

MANY = ("supporting", "frameworks")
# What the government answers: it stays as it was when it was answered.
ANSWERED = ("texts", "rationales", "ground")
CARRIED = ("ground", "texts", "rationales", "priority", "due", "rhythm", "issued_on", "meeting", "item", "source")


@transaction.atomic
def draft(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS, closed: bool = False
) -> Recommendation:
    """A recommendation, drafted; it gets its number when it is issued (S21)."""
    require(KEEPERS, twg, actor)
    plain = {name: value for name, value in fields.items() if name not in MANY}
    made = Recommendation(twg=twg, **plain)
    made.closed = closed or (made.meeting is not None and made.meeting.closed)
    _check(made, fields)
    named = {name: _names(fields[name]) for name in MANY if fields.get(name)}
    engine.create(made, actor=actor, telling=telling, data=named)
    for name in MANY:
        getattr(made, name).set(fields.get(name) or ())
    return made


@transaction.atomic
def from_minutes(row: Decision | ActionItem, ground: str, *, actor: Any) -> Recommendation:
    """A decision or an action item becomes a recommendation, in its own words; of closed minutes a closed one (S31)."""
    meeting = row.minutes.meeting
    fields: dict[str, Any] = {
        "ground": ground,
        "texts": {language_of_twg(row): row.what},
        "meeting": meeting,
        "item": row.item,
        "edition": meeting.edition,
    }
    if isinstance(row, ActionItem):
        fields |= {"lead": row.institution, "due": row.due}
    main = meeting.twg.linked_to or meeting.twg
    made = draft(main, fields, actor=actor, closed=row.minutes.closed)
    minutes.became(row, made, actor=actor)
    return made


@transaction.atomic
def change(
    recommendation: Recommendation,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
) -> None:
    """Its words until the government has answered, a language that was missing and all else at any time."""
    require(KEEPERS, recommendation, actor)
    with engine.change(recommendation, "changed", actor=actor, version=version, note=note) as change:
        mine: Recommendation = change.subject
        before = (dict(mine.texts), dict(mine.rationales))
        _check_words(mine, fields)
        for name, value in fields.items():
            if name not in MANY:
                setattr(mine, name, value)
        _check(mine, fields)
        change.always = (mine.texts, mine.rationales) != before  # no event repeats its words (S31)
        for name in MANY:
            if name in fields and set(fields[name]) != set(getattr(mine, name).all()):
                getattr(mine, name).set(fields[name])
                change.data[name] = _names(fields[name]) or _("none")


def _names(rows: Iterable[Any]) -> list[str]:
    """As history tells them: by the names of the day."""
    return [str(row) for row in rows]


def _check_words(mine: Recommendation, fields: Mapping[str, Any]) -> None:
    """Raises ValidationError for other words than those that were answered, and for another meeting once it counts."""
    if mine.number is not None and "meeting" in fields and fields["meeting"] != mine.meeting:
        raise ValidationError({"meeting": _("It was issued at this meeting: that stays.")})
    if mine.state in (RecommendationState.DRAFTED, RecommendationState.ISSUED):
        return
    for name in ANSWERED:
        if name in fields and _altered(getattr(mine, name), fields[name]):
            raise ValidationError({name: _("The government has answered these words: they stay as they are.")})


def _altered(before: Any, after: Any) -> bool:
    """Whether words that stood there are gone or others; a language that was missing may be added."""
    if isinstance(before, dict):
        return any(after.get(language) != words for language, words in before.items())
    return bool(before != after)


def _check(mine: Recommendation, fields: Mapping[str, Any]) -> None:
    """Raises ValidationError for a section of another template, or a meeting of another TWG."""
    if mine.section and mine.edition and mine.section.part.template_id != mine.edition.template_id:
        raise ValidationError({"section": _("This section is not of the edition's template.")})
    if mine.edition is not None and mine.edition.twg.pk != mine.twg_id:
        raise ValidationError({"edition": _("This edition is another TWG's.")})
    if mine.meeting is not None and mine.cascaded_from_id is None:
        if mine.twg_id not in (mine.meeting.twg_id, mine.meeting.twg.linked_to_id):
            raise ValidationError({"meeting": _("This meeting is another TWG's.")})
        if mine.meeting.closed and not mine.closed:
            mine.closed = True
    if mine.lead is not None and mine.lead in (fields.get("supporting") or ()):
        raise ValidationError({"supporting": _("The lead institution is not a supporting one as well.")})


# -- what it has to do with others ------------------------------------------------------------------------


@transaction.atomic
def liken(recommendation: Recommendation, other: Recommendation, *, actor: Any) -> None:
    """Two that say nearly the same point at each other; both histories say so."""
    _check_pair(recommendation, other)
    require(KEEPERS, recommendation, actor)
    if not recommendation.similar.filter(pk=other.pk).exists():
        _pair(recommendation, other, "likened", actor)
        recommendation.similar.add(other)


@transaction.atomic
def part(recommendation: Recommendation, other: Recommendation, *, actor: Any) -> None:
    """They have less in common than it seemed."""
    require(KEEPERS, recommendation, actor)
    if recommendation.similar.filter(pk=other.pk).exists():
        _pair(recommendation, other, "parted", actor)
        recommendation.similar.remove(other)


def _check_pair(one: Recommendation, other: Recommendation) -> None:
    if one.pk == other.pk:
        raise ValidationError({"other": _("Choose another one than this.")})
    if other.is_closed != one.is_closed:
        # Of two that point at each other, the open one would tell of the closed one (S31).
        raise ValidationError({"other": _("One of a closed session is not linked with an open one.")})


def _pair(one: Recommendation, other: Recommendation, name: str, actor: Any) -> None:
    """One event in each history, the lower number first, so that two people don't wait for each other."""
    for mine, theirs in sorted(((one, other), (other, one)), key=lambda pair: pair[0].pk):
        with engine.change(mine, name, actor=actor) as change:
            change.data["recommendation"] = theirs.pk


@transaction.atomic
def cascade(recommendation: Recommendation, twgs: Iterable[Twg], *, actor: Any) -> list[Recommendation]:
    """One of a region's becomes an item for each of these TWGs, which answers for itself (S22).

    A TWG that has it already keeps its own. Raises Unmet for one that is not issued, or of a closed session (S31).
    """
    require(KEEPERS, recommendation, actor)
    known = set(Recommendation.objects.filter(cascaded_from=recommendation.pk).values_list("twg", flat=True))
    with tell_cascade(recommendation, actor=actor) as mine:
        wanted = sorted((twg for twg in twgs if twg.pk not in known), key=lambda twg: twg.pk)
        made = [hand_on(mine.subject, twg, {}, actor=actor) for twg in wanted]
        mine.data.update({"twgs": [str(item.twg) for item in made]} if made else {})
    return made


@contextmanager
def tell_cascade(
    recommendation: Recommendation, *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> Iterator[engine.Change]:
    """The event of a recommendation that is handed on, under its lock: two people don't hand it on twice."""
    with engine.change(recommendation, "cascaded", actor=actor, telling=telling) as change:
        mine: Recommendation = change.subject
        if not mine.twg.region_id:
            raise Unmet(_("Only a region's recommendation is handed on to countries."))
        if mine.number is None or mine.state in issuing.GONE:
            raise Unmet(_("It is not issued, or does not stand any more."))
        if mine.is_closed:
            raise Unmet(_("It was issued in a closed session, and stays with those who took part."))
        yield change


def hand_on(
    parent: Recommendation, twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> Recommendation:
    """The TWG's own, issued, in the region's words, under the TWG's next number. Called by who tells the cascade."""
    plain = {name: value for name, value in fields.items() if name not in MANY}
    item = Recommendation(twg=twg, cascaded_from=parent, **{name: getattr(parent, name) for name in CARRIED} | plain)
    item.number = issuing.next_number(item)
    made: Recommendation = engine.create(
        item, actor=actor, name="handed_on", begins=RecommendationState.ISSUED, telling=telling,
        data={"recommendation": parent.pk},
    )  # fmt: skip
    made.frameworks.set(parent.frameworks.all())
    made.supporting.set(fields.get("supporting") or ())
    return made
