"""Secrets of comment rounds: what a TWG says of a draft, what stays among institutions, what stays inside one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests import factories as f
from workflow.comments import clearance, matrix_files, remarks, services, threads
from workflow.comments.flow import RemarkFlow, RoundFlow
from workflow.comments.models import Discussion, Remark, Round
from workflow.engine import file_jobs
from workflow.engine import services as engine
from workflow.engine.models import FileJob, OutboxRow
from workflow.groups.models import Institution, Twg
from workflow.writing import services as writing
from workflow.writing.models import Draft, TextSection

from .world import INSIDE, World

# A discussion among institutions: those asked (all of one ministry here), and those who run the round. Not IOM.
AMONG = {"chair", "secretariat", "consultant", "member", "alternate"}
# Who speaks for the ministry. Its secretariat and its consultant sit in the same house and speak for nobody.
MINISTRY = {"chair", "member", "alternate"}


def plant(world: World) -> None:
    twg, ministry = world.objects["twg"], world.objects["institution"]
    draft = draft_to_comment_on(twg)
    world.objects.setdefault("draft", draft)
    world.objects["round"] = _round(world, "open", twg, draft, ministry, known_to=INSIDE)
    world.objects["remark"] = _discussed(world, "open", world.objects["round"], known_to=INSIDE)
    world.objects["closed round"] = _round(
        world, "among", twg, draft, ministry, known_to=AMONG, discussion=Discussion.INSTITUTIONS
    )  # fmt: skip
    world.objects["closed remark"] = _discussed(world, "among", world.objects["closed round"], known_to=AMONG)
    world.objects["other remark"] = _withdrawn(world, world.objects["round"])
    _inside(world, twg, ministry, world.objects["round"])
    _files(world)


def draft_to_comment_on(twg: Twg) -> Draft:
    edition = f.edition(f.profile(twg), stage="comment")
    text = writing.open_text(edition, actor=None)
    section = TextSection.objects.filter(text=text).order_by("position")[0]
    writing.save(section, "Something is written here.", actor=None, base=0)
    return writing.take_draft(text, "for the round", actor=None)


def _round(
    world: World, which: str, twg: Twg, draft: Draft, ministry: Institution, *, known_to: set[str], **more: Any
) -> Round:
    fields = {
        "name": world.plant(f"round{which}", known_to=known_to),
        "message": world.plant(f"roundmessage{which}", known_to=known_to),
        "deadline": timezone.now() + timedelta(days=20),
        "everybody": False,
        **more,
    }
    made = services.plan_round(twg, draft, fields, [ministry], actor=None)
    engine.perform(RoundFlow(made), "open_round", actor=world.people["secretariat"])
    later, why = made.deadline + timedelta(days=3), world.plant(f"extended{which}", known_to=known_to)
    services.extend(made, later, actor=world.people["chair"], note=why)
    return made


def _discussed(world: World, which: str, round_: Round, *, known_to: set[str]) -> Remark:
    """A comment with a reply, a flag, an answer that was not accepted, and another answer."""

    def secret(word: str) -> str:
        return world.plant(f"{word}{which}", known_to=known_to)

    section = TextSection.objects.filter(text=round_.draft.text).order_by("position")[0]
    made = remarks.remark(round_, secret("remark"), actor=world.people["member"], section=section)
    threads.reply(made, secret("reply"), actor=world.people["consultant"])
    answers = {"disposition": "noted", "answer": f"Before {which}."}
    engine.perform(RemarkFlow(made), "answer", actor=world.people["consultant"], data=answers)
    engine.perform(RemarkFlow(made), "reopen", actor=world.people["alternate"], note=secret("reopened"))
    answers = {"disposition": "not_accepted", "answer": secret("answer")}
    engine.perform(RemarkFlow(made), "answer", actor=world.people["consultant"], data=answers)
    threads.flag(made, actor=world.people["member"], note=secret("flag"))
    return made


def _withdrawn(world: World, round_: Round) -> Remark:
    """What was submitted and taken back stays readable for those who read the round, with the reason."""
    made = remarks.remark(round_, world.plant("withdrawn", known_to=INSIDE), actor=world.people["member"])
    why = world.plant("withdrawnwhy", known_to=INSIDE)
    engine.perform(RemarkFlow(made), "withdraw", actor=world.people["member"], note=why)
    return made


def _files(world: World) -> None:
    """Matrices that the worker has made: the chair's, and one of somebody who has lost the round since."""
    world.objects["file job"] = _file(world.objects["round"], world.people["chair"])
    world.objects["closed file job"] = _file(world.objects["closed round"], world.people["alternate"])
    FileJob.objects.filter(pk=world.objects["closed file job"].pk).update(person=world.people["observer"])


def _file(round_: Round, person: Any) -> FileJob:
    job = matrix_files.later(round_, person, {}, "xlsx")
    parcel = file_jobs.make(OutboxRow.objects.get(key=f"file:{job.pk}"))
    assert parcel is not None
    assert parcel.send is not None
    parcel.send()
    return job


def _inside(world: World, twg: Twg, ministry: Institution, round_: Round) -> None:
    """What the ministry has not submitted, and what was said before something was."""

    def secret(word: str) -> str:
        return world.plant(word, known_to=MINISTRY)

    member, alternate = world.people["member"], world.people["alternate"]
    clearance.switch(twg, ministry, on=True, actor=member)
    section = TextSection.objects.filter(text=round_.draft.text).order_by("position")[0]
    kept = remarks.remark(round_, secret("inside"), actor=alternate, section=section)
    threads.reply(kept, secret("insidereply"), actor=member)
    said = remarks.remark(round_, secret("beforeclearance"), actor=alternate, section=section)
    remarks.change_remark(said, world.plant("cleared", known_to=INSIDE), {}, actor=member)
    engine.perform(RemarkFlow(said), "submit", actor=member, note=secret("clearancenote"))
    gone = remarks.remark(round_, secret("withdrawninside"), actor=alternate, section=section)
    engine.perform(RemarkFlow(gone), "withdraw", actor=member, note=secret("withdrawnreason"))
    world.objects["inside remark"] = kept
    world.objects["cleared remark"] = said
    world.objects["withdrawn remark"] = gone
