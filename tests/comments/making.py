"""The smallest rounds and comments that a story needs, made through the services that people use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tests import factories as f
from workflow.comments import remarks, services
from workflow.comments.flow import RemarkFlow, RoundFlow
from workflow.comments.models import Remark, Round
from workflow.engine import outbox
from workflow.engine import services as engine
from workflow.engine.models import Event, OutboxRow
from workflow.groups.models import Institution, Person, Twg
from workflow.profiles.models import Edition
from workflow.writing import services as writing
from workflow.writing.models import Draft, Text, TextSection

BODY = (
    "Ghana counted 14,000 returns from Libya in 2007, most of them young men from the north.\n\n"
    "The Ministry of Interior issues residence permits; the Service of Immigration keeps the register."
)


def text(edition: Edition, body: str = BODY) -> Text:
    """The edition's text, with something in its first section."""
    opened = writing.open_text(edition, actor=None)
    section = sections(opened)[0]
    if section.number == 0:
        writing.save(section, body, actor=None, base=0)
    return opened


def sections(of: Text) -> list[TextSection]:
    return list(TextSection.objects.filter(text=of).order_by("position"))


def write(section: TextSection, body: str, *, note: str = "", actor: Any = None) -> Any:
    """A new revision of a section."""
    section.refresh_from_db()
    return writing.save(section, body, actor=actor, base=section.number, note=note)


def draft(of: Twg | Edition, name: str = "for the March round") -> Draft:
    """A named draft of an edition at the stage of comments."""
    edition = of if isinstance(of, Edition) else f.edition(of, stage="comment")
    written = text(edition)
    taken = Draft.objects.filter(text=written).first()
    return taken or writing.take_draft(written, name, actor=None)


def ministry(twg: Twg, name: str = "Ministry of Interior") -> tuple[Institution, Person]:
    """An institution with a member in the TWG."""
    institution = f.institution(name)
    return institution, f.seat(twg, "member", f"Member of {name}", institution=institution)


def colleague(twg: Twg, institution: Institution, role: str = "alternate", name: str = "") -> Person:
    return f.seat(twg, role, name or f"Colleague of {institution}", institution=institution)


def planned(
    twg: Twg, on: Draft | None = None, *, institutions: Sequence[Institution] = (), days: int = 14, **fields: Any
) -> Round:
    told = {"name": "March round", "deadline": timezone.now() + timedelta(days=days), **fields}
    return services.plan_round(
        twg, on or draft(twg), told | {"everybody": not institutions}, institutions, actor=None
    )  # fmt: skip


def opened(twg: Twg, on: Draft | None = None, **fields: Any) -> Round:
    made = planned(twg, on, **fields)
    press(made, "open_round")
    return made


def closed(round_: Round) -> Round:
    press(round_, "close")
    return round_


def comment(round_: Round, by: Person, words: str = "The figure is wrong.", **options: Any) -> Remark:
    """On the first section unless another is named."""
    section = options.pop("section", first(round_))
    return remarks.remark(round_, words, actor=by, section=section, **options)


def first(round_: Round) -> TextSection:
    return sections(round_.draft.text)[0]


def answer(remark: Remark, disposition: str = "accepted", words: str = "", *, by: Any = None, **more: Any) -> Event:
    return press(remark, "answer", actor=by, disposition=disposition, answer=words, **more)


def press(
    subject: Round | Remark, step: str, *, actor: Any = None, note: str = "", version: int | None = None, **data: Any
) -> Event:
    flow = RoundFlow(subject) if isinstance(subject, Round) else RemarkFlow(subject)
    return engine.perform(flow, step, actor=actor, note=note, version=version, data=data)


def deliver() -> None:
    """What the worker does, until nothing waits that is due."""
    for _turn in range(5):
        waiting = OutboxRow.objects.filter(status="waiting", due__lte=timezone.now())
        for row in list(waiting):
            outbox.deliver.func(row.pk)


def past(moment: datetime) -> str:
    """A moment as the frozen clock takes it."""
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def services_seat(twg: Twg, somebody: Person, institution: Institution, role: str = "member") -> None:
    """A seat for a person who exists."""
    from workflow.groups import services as groups

    groups.give_seat(twg, somebody, {"role": role, "institution": institution}, actor=None)
