"""Secrets of ballots: what a TWG is asked, how institutions voted, what is hidden until closing; research themes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from workflow.ballots import preparing, proposing, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot, Way
from workflow.ballots.services import Said
from workflow.ballots.theme_flow import ThemeFlow
from workflow.engine import services as engine
from workflow.groups.models import Twg

from .commenting import draft_to_comment_on
from .world import FULL, INSIDE, World

# Who reads how each institution voted, once it may be known: not observers.
VOTES = FULL
# Who votes for the ministry, and so reads what is recorded for it, hidden or not.
MINISTRY = {"chair", "member", "alternate"}


def plant(world: World) -> None:
    twg = world.objects["twg"]
    world.objects["ballot"] = _roll_call(world, twg)
    world.objects["closed ballot"] = _hidden_ballot(world, twg)
    _prepared(world, twg)
    _themes(world, twg)


def _opened(world: World, twg: Twg, which: str, **fields: Any) -> Ballot:
    draft = draft_to_comment_on(twg)
    told = {
        "question": world.plant(f"question{which}", known_to=INSIDE),
        "explanation": world.plant(f"explanation{which}", known_to=INSIDE),
        "deadline": timezone.now() + timedelta(days=9),
        "draft": draft,
        "about_kind": "edition",
        "about_id": draft.text.subject_id,
        **fields,
    }
    made = preparing.draft_ballot(twg, told, actor=None)
    engine.perform(BallotFlow(made), "open_ballot", actor=world.people["secretariat"])
    later, why = made.deadline + timedelta(days=3), world.plant(f"ballotextended{which}", known_to=INSIDE)
    preparing.extend(made, later, actor=world.people["chair"], note=why)
    return made


def _roll_call(world: World, twg: Twg) -> Ballot:
    """Open by roll call: members and IOM read reasons as they come."""
    made = _opened(world, twg, "open")
    ministry = world.objects["institution"]
    page = _signed_page(world.plant("paper", known_to=VOTES))
    said = Said("object", world.plant("onpaper", known_to=VOTES))
    secretariat = world.people["secretariat"]
    vote = services.record(made, ministry.pk, said, actor=secretariat, way=Way.PAPER, evidence=page)
    made.evidence_vote = vote.pk  # type: ignore[attr-defined]
    return made


def _signed_page(title: str) -> SimpleUploadedFile:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    writer.write(file)
    return SimpleUploadedFile("vote.pdf", file.getvalue())


def _hidden_ballot(world: World, twg: Twg) -> Ballot:
    """Hidden until closing: the ministry's own people alone read what it has said."""
    made = _opened(world, twg, "hidden", secrecy="hidden")
    said = Said("reserve", world.plant("hiddenvote", known_to=MINISTRY))
    services.cast(made, world.objects["institution"].pk, said, actor=world.people["member"])
    return made


def _prepared(world: World, twg: Twg) -> None:
    """In preparation: for full members and IOM."""
    fields = {"question": world.plant("prepared", known_to=FULL), "deadline": timezone.now() + timedelta(days=9)}
    preparing.draft_ballot(twg, fields, actor=None)


def _themes(world: World, twg: Twg) -> None:
    fields = {
        "titles": {"en": world.plant("theme", known_to=INSIDE)},
        "reasons": {"en": world.plant("themereason", known_to=INSIDE)},
    }
    world.objects["theme"] = proposing.propose_theme(twg, fields, actor=world.people["member"])
    gone = proposing.propose_theme(twg, {"titles": {"en": "Another"}}, actor=None)
    why = world.plant("themewithdrawn", known_to=INSIDE)
    engine.perform(ThemeFlow(gone), "withdraw", actor=world.people["chair"], note=why)
    world.objects["withdrawn theme"] = gone
