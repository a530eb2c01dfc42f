"""What the stories of hand-overs are made of: a TWG whose workshop is closed, its people, and what they press."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.handover.flow import HandoverFlow, ItemFlow, NeedFlow
from workflow.handover.models import CapacityNeed, Handover, HandoverItem
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition

_number = itertools.count(1)
LATER = date(2999, 6, 1)  # by which an answer is asked, and the next edition is due
FLOWS: dict[type, Any] = {Handover: HandoverFlow, HandoverItem: ItemFlow, CapacityNeed: NeedFlow}
EVIDENCE = "Handed over on 3 June, with a note of the files."


@dataclass
class Country:
    """A TWG that has drafted a profile, and the two institutions that may keep it up to date."""

    twg: Twg
    project: Project
    edition: Edition
    statistics: Institution
    ministry: Institution
    chair: Person
    secretariat: Person
    consultant: Person
    statistician: Person  # speaks for the statistical office
    official: Person  # speaks for the ministry

    @property
    def handover(self) -> Handover:
        return Handover.objects.with_all().get(edition=self.edition)


def country(code: str = "GH", *, of: Project | None = None, named: bool = True, stage: str = "handover") -> Country:
    """At the hand-over, with the statistical office named by the workshop unless `named` says otherwise."""
    project = of or f.project()
    twg = f.twg(code, of=project, names={"en": f"TWG of {code}"})
    n = next(_number)
    statistics = f.institution(f"Statistical Service {n}", category="statistics", country=code)
    ministry = f.institution(f"Ministry of Interior {n}", country=code)
    profile = f.profile(twg, owner=ministry, update_months=24)
    made = Country(
        twg, project, f.edition(profile), statistics, ministry,
        chair=f.seat(twg, "chair", "The chair"),
        secretariat=f.seat(twg, "secretariat", "The secretariat"),
        consultant=f.seat(twg, "consultant", "The consultant"),
        statistician=f.seat(twg, "member", "The statistician", institution=statistics),
        official=f.seat(twg, "member", "The official", institution=ministry),
    )  # fmt: skip
    f.bring(made.edition, "workshop")
    if stage == "handover":
        answers = {"no_update_institution": "", "update_institution": statistics.pk} if named else {}
        f.perform(made.edition, "close_workshop", **f.ANSWERS["close_workshop"] | answers)
    return made


def press(subject: Any, step: str, *, actor: Any = None, version: int | None = None, **answers: Any) -> Event:
    """A button of a hand-over, a line of its checklist or a need, as `actor`."""
    files = {name: value for name, value in answers.items() if name.endswith("_file")}
    return engine.perform(
        FLOWS[type(subject)](subject), step, actor=actor, version=version, note=answers.pop("note", ""), data=answers,
        files=files,
    )  # fmt: skip


def asked(of: Country, **answers: Any) -> Handover:
    press(handover := of.handover, "ask", actor=of.secretariat, **{"reply_by": LATER} | answers)
    return handover


def accepted(of: Country) -> Handover:
    press(asked(of), "accept", actor=of.statistician)
    return of.handover


def finish(of: Country, *, but: str = "") -> None:
    """Every line of the checklist is done, except one kind."""
    for item in HandoverItem.objects.with_all().filter(handover=of.handover).exclude(kind=but):
        counted = {"counted": 4} if item.kind == "trained_staff" else {}
        press(item, "complete", actor=of.secretariat, note=EVIDENCE, **counted)


def signed(of: Country, *, next_due: date = LATER) -> Handover:
    accepted(of)
    finish(of)
    press(of.handover, "sign", actor=of.chair, next_due=next_due)
    return of.handover


def published(of: Country, *, next_due: date = LATER) -> Edition:
    """Handed over and out: with no decision from outside at hand."""
    from workflow.profiles.flow import EditionFlow

    signed(of, next_due=next_due)
    engine.perform(EditionFlow(of.edition), "publish", actor=of.secretariat, data={"published_on": "2009-12"})
    of.edition.refresh_from_db()
    return of.edition


def following(of: Country, *, stage: str = "template") -> Edition:
    """The next edition, opened by the update institution's statistician."""
    profile = of.edition.profile
    profile.refresh_from_db()
    made = profiles.open_edition(profile, {"label": "2011", "template": f.template()}, actor=of.statistician)
    return f.bring(made, stage)


def line(of: Country, kind: str) -> HandoverItem:
    return HandoverItem.objects.with_all().get(handover=of.handover, kind=kind)


def upload(name: str = "letter.pdf", content: bytes = b"%PDF-1.4 signed\n%%EOF\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
