"""What the stories of ballots begin with: a TWG that votes, a draft to vote on, a ballot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.groups.reading import browser
from workflow.ballots import links, preparing, services
from workflow.ballots.flow import BallotFlow
from workflow.ballots.models import Ballot, Elector
from workflow.engine import outbox
from workflow.engine import services as engine
from workflow.engine.models import OutboxRow
from workflow.groups import services as groups
from workflow.groups.models import Institution, Person, TermsOfReference, Twg
from workflow.profiles.models import Edition
from workflow.writing import services as writing
from workflow.writing.models import Draft

SIGNED_PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
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
    open_it(of, made)
    return made


def everybody(of: House, in_ballot: Ballot, *said: services.Said) -> None:
    """Institutions vote in their order; the last of `said` is said by all who are left."""
    for number, (institution, member) in enumerate(zip(of.institutions, of.members, strict=True)):
        services.cast(in_ballot, institution.pk, said[min(number, len(said) - 1)], actor=member)


def again(of: Draft, body: str = "Emigration has doubled.") -> Draft:
    """A later draft of the same text, in which the first section says something else."""
    section = of.text.sections.order_by("position")[0]
    writing.save(section, body, actor=None, base=section.number)
    return writing.take_draft(of.text, "after the round", actor=None)


# -- pages, mails and links -------------------------------------------------------------------------------


def page(person: Person | None, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    """A page as its reader finds it, with single spaces."""
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.content
    return " ".join(answer.content.decode().split())


def send(person: Person | None, name: str, *args: Any, **fields: Any) -> Any:
    return browser(person).post(reverse(name, args=args), fields, follow=True)


def deliver() -> None:
    """What the worker does, until nothing waits that is due."""
    for _turn in range(5):
        for row in list(OutboxRow.objects.filter(status="waiting", due__lte=timezone.now())):
            outbox.deliver.func(row.pk)


def link_in(mail: Any) -> str:
    """The path of the link to vote in a mail."""
    found = re.search(r"https?://[^/\s]+(/vote/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def link_of(of: House, in_ballot: Ballot, number: int = 0) -> str:
    """The path of the link that the member of an institution would get now."""
    elector = Elector.objects.get(ballot=in_ballot, institution=of.institutions[number])
    return links.link_for(in_ballot, elector, of.members[number]).removeprefix(settings.SITE_URL)


def pdf(name: str = "vote.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, SIGNED_PAGE, "application/pdf")


def closed(of: House, *said: services.Said, **fields: Any) -> Ballot:
    """A ballot in which institutions have voted in turn, closed by its deadline."""
    made = opened(of, deadline=timezone.now() + timedelta(hours=1), **fields)
    for number, one in enumerate(said):
        services.cast(made, of.institutions[number].pk, one, actor=of.members[number])
    close_it(made)
    return made


def open_it(of: House, prepared: Ballot) -> None:
    engine.perform(BallotFlow(prepared), "open_ballot", actor=of.secretariat)


def close_it(made: Ballot) -> None:
    """Its deadline has come, and somebody has noticed."""
    with time_machine.travel(made.deadline + timedelta(seconds=1), tick=False):
        services.close(made, actor=None)
