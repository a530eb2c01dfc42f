"""What the stories of ballots begin with: a TWG that votes, a draft to vote on, a ballot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests import factories as f
from workflow.ballots import preparing, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot
from workflow.engine import services as engine
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, TermsOfReference, Twg
from workflow.profiles.models import Edition
from workflow.writing import services as writing
from workflow.writing.models import Draft

FOR = services.Said("endorse")
AGAINST = services.Said("object", "The figures of Part B are not ours.")
ABSTAINS = services.Said("abstain")
RESERVED = services.Said("reserve", "Part F must name the ministry.")


@dataclass
class House:
    """A TWG with its keepers and voting institutions, each with a member."""

    twg: Twg
    chair: Person
    secretariat: Person
    institutions: list[Institution]
    members: list[Person]

    def member_of(self, institution: Institution) -> Person:
        return self.members[self.institutions.index(institution)]


def house(size: int = 5, **terms: Any) -> House:
    """A TWG of `size` voting ministries under adopted terms; `terms` change them first."""
    ghana = f.twg("GH")
    draft = TermsOfReference.objects.get(twg=ghana)
    rules = {r.category: (r.modality, r.votes) for r in draft.rules.all()}
    groups.change_terms(draft, {"quorum_percent": 50, **terms}, rules, actor=None)
    f.adopt(draft)
    ministries = [f.institution(f"Ministry {n}") for n in range(size)]
    members = [f.seat(ghana, "member", f"Member {n}", institution=m) for n, m in enumerate(ministries)]
    return House(ghana, f.seat(ghana, "chair", "The chair"), f.seat(ghana, "secretariat", "The secretariat"),
                 ministries, members)  # fmt: skip


def draft_of(
    subject: Edition | TermsOfReference, name: str = "for the ballot", body: str = "Emigration has grown."
) -> Draft:
    """A named draft of the subject's text, with something written in its first section."""
    text = writing.open_text(subject, actor=None)
    section = text.sections.first()
    assert section is not None
    writing.save(section, body, actor=None, base=section.number)
    return writing.take_draft(text, name, actor=None)


def ballot(of: House, **fields: Any) -> Ballot:
    """A ballot in preparation, on an edition's draft unless something else is said."""
    about: dict[str, Any] = {}
    if "draft" not in fields and fields.get("form") != "ranking":
        edition = fields.pop("edition", None) or f.edition(of.twg, stage="endorsement")
        about = {"about_kind": "edition", "about_id": edition.pk, "draft": draft_of(edition)}
    fields = {"question": "Does the TWG endorse the draft?", "deadline": timezone.now() + timedelta(days=10),
              **about, **fields}  # fmt: skip
    extra = {name: fields.pop(name) for name in ("institutions", "options") if name in fields}
    return preparing.draft_ballot(of.twg, fields, actor=None, **extra)


def opened(of: House, **fields: Any) -> Ballot:
    made = ballot(of, **fields)
    engine.perform(BallotFlow(made), "open_ballot", actor=of.secretariat)
    return made


def everybody(of: House, in_ballot: Ballot, *said: services.Said) -> None:
    """Institutions vote in their order; the last of `said` is said by all who are left."""
    for number, (institution, member) in enumerate(zip(of.institutions, of.members, strict=True)):
        services.cast(in_ballot, institution.pk, said[min(number, len(said) - 1)], actor=member)
