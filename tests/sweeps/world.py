"""A small world with a secret in every corner, and everybody who might go looking for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests import factories as f
from workflow.engine import services as engine
from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.groups import services as groups
from workflow.groups.models import (
    ApiToken,
    Category,
    Institution,
    Membership,
    Modality,
    Person,
    Project,
    TermsOfReference,
    Twg,
)
from workflow.profiles.models import Edition, Profile, TemplateVersion

# Everybody who holds a seat in Ghana's TWG and reads it from the inside.
INSIDE = {"chair", "secretariat", "consultant", "member", "alternate", "observer", "monitor"}
# Of these, who may read names and addresses.
FULL = INSIDE - {"observer"}
# Who sees that Ghana's edition exists and at which stage it stands.
STAGE = INSIDE | {"invited", "linked body", "regional secretariat", "administrator"}
SEATED = STAGE | {"other secretariat", "other monitor"}
KINDS = {"anonymous", "seatless", "inactive", "excluded"} | SEATED


@dataclass
class World:
    people: dict[str, Person | None] = field(default_factory=dict)
    secrets: dict[str, set[str]] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    addresses: list[Any] = field(default_factory=list)  # filled once by addresses.everywhere
    answers: dict[str, list[Any]] = field(default_factory=dict)  # by visiting.answers

    def plant(self, word: str, *, known_to: set[str]) -> str:
        """A word that appears nowhere else, and who may ever read it."""
        secret = f"Zyx{word}qv"
        assert secret not in self.secrets, f"two secrets are called {word}"
        self.secrets[secret] = known_to
        return secret


def build() -> World:
    world = World()
    project = f.project(world.plant("project", known_to=SEATED - {"other monitor", "other secretariat"}))
    ghana = _ghana(world, project)
    edition = _edition(world, ghana)
    _elsewhere(world)
    _regional(world, project)
    admin = f.administrator()
    world.people |= {
        "anonymous": None,
        "seatless": f.person("Nobody in particular"),
        "inactive": _inactive(ghana),
        "monitor": f.monitor(project),
        "administrator": admin,
    }
    _technical(world, admin)
    world.objects |= {
        "project": project,
        "twg": ghana,
        "edition": edition,
        "profile": edition.profile,
        "template": edition.template,
        "terms": TermsOfReference.objects.get(twg=ghana, state="draft"),
        "institution": Institution.objects.get(code="ministry-of-secrets"),
        "person": world.objects["hidden person"],
        "seat": world.objects["hidden seat"],
        "decision": RecordedDecision.objects.filter(subject_kind="edition", subject_id=edition.pk).first(),
    }
    return world


def _ghana(world: World, project: Project) -> Twg:
    ghana = f.twg("GH", of=project, names={"en": world.plant("ghana", known_to=STAGE)})
    terms = TermsOfReference.objects.get(twg=ghana)
    rules = {
        Category.GOVERNMENT: (Modality.MEMBER, True),
        Category.CIVIL_SOCIETY: (Modality.OBSERVER, False),
        Category.PRIVATE_SECTOR: (Modality.INVITED, False),
        Category.RESEARCH: (Modality.EXCLUDED, False),
    }
    groups.change_terms(terms, {"text": {"en": "In force."}}, rules, actor=None)
    f.adopt(terms)
    ministry = groups.create_institution(
        {
            "code": "ministry-of-secrets",
            "names": {"en": world.plant("ministry", known_to=SEATED)},
            "category": "government",
            "country": "GH",
        },
        actor=None,
    )
    for role in ("chair", "secretariat", "consultant", "member", "alternate"):
        world.people[role] = f.seat(ghana, role, f"The {role}", institution=ministry)
    for kind, category in (("observer", "civil_society"), ("invited", "private_sector"), ("excluded", "research")):
        world.people[kind] = f.seat(
            ghana, "member", f"The {kind}", institution=f.institution(f"Seat of the {kind}", category=category)
        )
    hidden = f.seat(
        ghana, "member", world.plant("name", known_to=FULL | {"administrator"}), institution=ministry, rank="director"
    )
    Person.objects.filter(pk=hidden.pk).update(
        email=world.plant("address", known_to=FULL | {"administrator"}).lower() + "@secret.example"
    )
    world.secrets["zyxaddressqv"] = FULL | {"administrator"}
    world.objects |= {"hidden person": Person.objects.get(pk=hidden.pk), "hidden seat": f.seat_of(hidden)}
    draft = groups.draft_terms(ghana, actor=None)
    groups.change_terms(draft, {"text": {"en": world.plant("terms", known_to=INSIDE)}}, rules, actor=None)
    groups.record_fact(
        ghana, {"topic": "sustainability", "statements": {"en": world.plant("fact", known_to=INSIDE)}}, actor=None
    )
    groups.set_parent(
        ghana,
        {"status": "probable", "institution": ministry, "source": world.plant("parent", known_to=INSIDE)},
        actor=None,
        note=world.plant("parentnote", known_to=INSIDE),
    )
    body = groups.link_body(
        ghana,
        {
            "code": "linked-body",
            "names": {"en": world.plant("body", known_to=STAGE - {"invited", "regional secretariat"} | {"observer"})},
            "kind": "committee",
        },
        actor=None,
    )
    world.people["linked body"] = f.seat(body, "member", "Of the linked body")
    world.objects["linked body"] = body
    return ghana


def _edition(world: World, ghana: Twg) -> Edition:
    profile = f.profile(ghana, names={"en": world.plant("profile", known_to=STAGE)})
    edition = f.edition(profile, stage="endorsement")
    f.perform(
        edition,
        "return_to_drafting",
        actor=world.people["secretariat"],
        note=world.plant("reason", known_to=INSIDE),
    )
    f.perform(edition, "submit_draft", actor=world.people["consultant"], note=world.plant("note", known_to=INSIDE))
    engine.perform(
        _flow(edition),
        "request_endorsement",
        actor=world.people["chair"],
        data={**f.DECISION, "decision_reference": world.plant("decision", known_to=INSIDE)},
    )
    return edition


def _flow(edition: Edition) -> Any:
    from workflow.profiles.flow import EditionFlow

    return EditionFlow(edition)


def _elsewhere(world: World) -> None:
    """Another country in another project, with secrets of its own that Ghana's people must not find."""
    other = f.project(world.plant("otherproject", known_to={"other secretariat", "other monitor", "administrator"}))
    theirs = {"other secretariat", "other monitor"}
    senegal = f.twg("SN", of=other, names={"en": world.plant("senegal", known_to=theirs | {"administrator"})})
    world.people["other secretariat"] = f.seat(senegal, "secretariat", "Senegal's secretariat")
    world.people["other monitor"] = f.monitor(other)
    edition = f.edition(
        f.profile(senegal, names={"en": world.plant("senegalprofile", known_to=theirs | {"administrator"})}),
        stage="comment",
    )
    f.perform(edition, "return_to_drafting", note=world.plant("senegalreason", known_to=theirs))
    world.objects["other edition"] = edition


def _regional(world: World, project: Project) -> None:
    body = f.regional_twg(project, countries="GH,ML")
    world.people["regional secretariat"] = f.seat(body, "secretariat", "The region's secretariat")
    world.objects["regional"] = body


def _inactive(ghana: Twg) -> Person:
    gone = f.seat(ghana, "member", "Somebody who left")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    return Person.objects.get(pk=gone.pk)


def _technical(world: World, admin: Person) -> None:
    row = OutboxRow.objects.create(
        key="message 9", kind="mail", status=OutboxRow.Status.FAILED,
        last_error=world.plant("error", known_to={"administrator"}),
    )  # fmt: skip
    token = ApiToken.objects.create(
        person=admin, label=world.plant("token", known_to={"administrator"}), prefix="pal_1234",
        hash="0" * 64, expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    world.objects |= {"outbox row": row, "token": token}


def public_edition(world: World) -> Edition:
    """A published edition beside the drafts: what it shows to the public must show nothing of the inside."""
    mali = f.twg("ML", of=world.objects["project"], names={"en": "TWG Mali"})
    edition = f.edition(f.profile(mali, names={"en": "Published profile of Mali"}), stage="endorsement")
    f.perform(edition, "return_to_drafting", note=world.plant("publishedreason", known_to={"monitor"}))
    world.objects["published edition"] = f.bring(edition, "published")
    return edition


__all__ = ["KINDS", "Event", "Membership", "Profile", "TemplateVersion", "World", "build", "public_edition"]
