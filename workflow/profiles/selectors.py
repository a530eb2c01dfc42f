"""What the pages of templates, profiles and editions read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.engine import edtf
from workflow.engine.drawing import Drawing, draw

from .durations import Standing, standings
from .flow import EditionFlow
from .models import TRACK, Edition, Part, Profile, Stage, TemplateVersion

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One stage of an edition's track."""

    value: str
    label: Text
    status: str
    since: datetime | None
    told: str
    days: int | None
    note: str


def track(edition: Edition, standing: Standing) -> list[Step]:
    """The stages from template to publication, each with when it was reached and how long it lasted."""
    here = list(TRACK).index(Stage(edition.stage)) if edition.stage in TRACK else _last_reached(standing)
    steps = []
    for place, stage in enumerate(TRACK):
        visit = standing.last(stage) if place <= here else None
        steps.append(
            Step(
                value=stage.value,
                label=stage.label,
                status=_status(edition, place, here),
                since=visit.since if visit else None,
                told=visit.told if visit else "",
                days=standing.total(stage) if visit and stage != Stage.PUBLISHED else None,
                note=_("about") if visit and visit.approximate and visit.days is not None else "",
            )
        )
    return steps


def _last_reached(standing: Standing) -> int:
    """Where a withdrawn edition stood before."""
    stages = [v.stage for v in standing.visits if v.stage in TRACK]
    return list(TRACK).index(Stage(stages[-1])) if stages else 0


def _status(edition: Edition, place: int, here: int) -> str:
    if edition.stage == Stage.WITHDRAWN:
        return "done" if place <= here else "off"
    if place < here or edition.stage == Stage.PUBLISHED:
        return "done"
    return "current" if place == here else "todo"


def machine(edition: Edition, standing: Standing) -> Drawing:
    """The edition's state machine, with where it stands."""
    status = {step.value: step.status for step in track(edition, standing)}
    status[Stage.WITHDRAWN] = "current" if edition.stage == Stage.WITHDRAWN else "off"
    return draw(
        EditionFlow, main=[s.value for s in TRACK], status=status, name="life", title=_("The life of an edition")
    )


def editions() -> QuerySet[Edition]:
    """Editions with all that a line about them shows."""
    return Edition.objects.select_related(
        "profile__twg__region", "profile__twg__project", "profile__owner", "template", "update_institution", "follows"
    )


@dataclass(frozen=True)
class Row:
    """One edition in a list: where it stands, for how long, whether it is late."""

    edition: Edition
    standing: Standing
    track: list[Step]
    days: int | None
    approximate: bool
    late: int

    @property
    def state_kind(self) -> str:
        if self.late:
            return "late"
        return {"published": "done", "withdrawn": "off"}.get(self.edition.stage, "current")


def rows(found: Iterable[Edition]) -> list[Row]:
    """Each edition with its standing; one query for all of them."""
    listed = list(found)
    known = standings(listed)
    return [row_of(edition, known[edition.pk]) for edition in listed]


def row_of(edition: Edition, standing: Standing) -> Row:
    now = standing.current
    return Row(
        edition=edition,
        standing=standing,
        track=track(edition, standing),
        days=now.days if now else None,
        approximate=bool(now and now.approximate),
        late=standing.days_late,
    )


def parts_of(template_id: int) -> list[Part]:
    """A template's parts with their sections."""
    return list(Part.objects.filter(template=template_id).prefetch_related("sections"))


@dataclass(frozen=True)
class Freshness:
    """How old a profile's last edition is and when the next is due (S02)."""

    published: str
    age_days: int | None
    due: date | None
    overdue_days: int


def freshness(profile: Profile, published: Edition | None) -> Freshness:
    """From the last published edition and the profile's rhythm; all open where the date or the rhythm is."""
    if published is None or not published.published_on:
        return Freshness("", None, None, 0)
    moment = edtf.parse(published.published_on)
    today = timezone.localdate()
    if moment.first is None or moment.last is None:
        return Freshness(published.published_on, None, None, 0)
    due = _months_after(moment.last, profile.update_months) if profile.update_months else None
    late = (today - due).days if due and due < today else 0
    return Freshness(published.published_on, (today - moment.first).days, due, late)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(day.year + years, month + 1, min(day.day, last))


def visible_template(code: str, person: Any) -> TemplateVersion | None:
    sections = Prefetch("parts", Part.objects.prefetch_related("sections"))
    return TemplateVersion.objects.all().visible_to(person).prefetch_related(sections).filter(code=code).first()


@dataclass(frozen=True)
class TemplateChange:
    """What differs from the version before (S47)."""

    what: Text
    title: str
    before: str = ""


def changes_since_previous(template: TemplateVersion) -> list[TemplateChange]:
    """Parts and sections that were added, removed or renamed since the version before."""
    previous = (
        TemplateVersion.objects.filter(project=template.project_id, number__lt=template.number)
        .prefetch_related("parts__sections")
        .order_by("-number")
        .first()
    )
    if previous is None:
        return []
    old, new = _headings(previous), _headings(template)
    changes = [TemplateChange(_("added"), f"{k} {title}") for k, title in new.items() if k not in old]
    changes += [TemplateChange(_("removed"), f"{k} {title}") for k, title in old.items() if k not in new]
    changes += [
        TemplateChange(_("renamed"), f"{k} {title}", old[k]) for k, title in new.items() if old.get(k, title) != title
    ]
    return changes


def _headings(template: TemplateVersion) -> dict[str, str]:
    found = {}
    for part in template.parts.all():
        found[part.letter] = part.title
        found |= {f"{part.letter}.{section.number}": section.title for section in part.sections.all()}
    return found
