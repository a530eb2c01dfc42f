"""What a project file says, read and expanded: plain frozen records, in the order of the file.

Every record is an `Item`: `line` (counted from 1) and `path` (`twgs[3].memberships[2]`) say where the file has it, so
that whoever refuses a record later can point at it. What the reader made from `usual_seats` points at the usual seat.

Conventions: a `Text` maps a language code to words and holds at least one language. A date is EDTF text (see
`workflow.engine.edtf`) or None where the file says `open`. An institution is its key or None where it is `open`.
`confidence` is one of stated, general, probable, open; `source` names S-ids of the domain or headings of the source.
docs/project-format.md is the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import inventory_shapes as inventory

Text = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Item:
    """Anything in the file, and where it stands there."""

    line: int
    path: str
    source: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of the file, named by role; the e-mail address identifies."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Fact(Item):
    """Something the source says that has no column of its own (yet). `topic` is a slug such as `data_plan`."""

    topic: str
    statement: Text
    when: str | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Funder(Item):
    """An institution that pays. `instrument` and `grant_reference` are "" where unknown (S04)."""

    institution: str
    instrument: str
    grant_reference: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class ProjectSeat(Item):
    """A person who sees the whole project, such as IOM's monitor."""

    role: str
    institution: str | None
    person: Person


@dataclass(frozen=True, kw_only=True)
class Project(Item):
    """The project itself (S04)."""

    key: str
    name: Text
    description: Text
    website: str
    starts: str | None
    ends: str | None
    duration_months: int | None
    funders: tuple[Funder, ...]
    seats: tuple[ProjectSeat, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class Region(Item):
    """A region and its member countries (ISO 3166 alpha-2, capitals)."""

    key: str
    name: Text
    acronym: str
    countries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Institution(Item):
    """An institution; `country` is ISO 3166 alpha-2, or "" for an international one.

    `usual_seat` is the key of the usual seat that it holds in its country's TWG, "" if none: the reader made it from
    that seat, or the file names it `instead_of` that seat.
    """

    key: str
    name: Text
    acronym: str
    category: str
    country: str
    confidence: str
    usual_seat: str


@dataclass(frozen=True, kw_only=True)
class Parent(Item):
    """An institution that a TWG belongs to, or may: `status` decided, probable or open; `under` a body in it (S45)."""

    institution: str | None
    under: str | None
    status: str
    since: str | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Membership(Item):
    """A seat: role (chair, secretariat, member, alternate, observer, consultant), rank, and the person on it.

    `rank` is "" where open. `since` and `until` are None where open; a seat that is
    open at its end is held still.
    """

    role: str
    rank: str
    institution: str | None
    person: Person
    since: str | None
    until: str | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Decision(Item):
    """A decision taken outside Palabre, which answers a gate. `reference` is "" where unknown."""

    body: str
    reference: str
    when: str | None


@dataclass(frozen=True, kw_only=True)
class TermsOfReference(Item):
    """A preset and what differs from it.

    `participation` maps a category to member, observer, invited or excluded (S30).
    `closed_sessions` is True where the source says that meetings may be limited to government (S31), `closed_announced`
    where others may see that one takes place.
    `adopted` is the decision that adopted them; None leaves them a draft, which governs nothing yet.
    """

    preset: str
    participation: Mapping[str, str]
    closed_sessions: bool
    closed_announced: bool
    adopted: Decision | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class LinkedBody(Item):
    """A committee, working_group, expert_group or task_force of a TWG; `status` existing or planned (S20, S24)."""

    key: str
    name: Text
    kind: str
    status: str
    task: Text
    when: str | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Twg(Item):
    """The TWG of one country (`country` set, `region` "") or of one region (the other way round).

    `place` is the country's or region's name; `cadence_months` the least and most months between meetings, None
    where open (S17); `launched` the date of its launch; `memberships` holds the usual seats first, then the file's own.
    """

    key: str
    name: Text
    place: Text
    country: str
    region: str
    languages: tuple[str, ...]
    time_zone: str
    cadence_months: tuple[int, int] | None
    launched: str | None
    confidence: str
    parents: tuple[Parent, ...]
    convener: str | None
    memberships: tuple[Membership, ...]
    terms_of_reference: TermsOfReference
    linked_bodies: tuple[LinkedBody, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class Section(Item):
    """A section of a part. `key` is unique in the template: "A1", "E2"."""

    key: str
    title: Text
    guidance: Text | None


@dataclass(frozen=True, kw_only=True)
class Part(Item):
    """A part of the template. A part for which the file lists no section has one, of the part's own title."""

    letter: str
    title: Text
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Template(Item):
    """One version of the template (S07)."""

    version: str
    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class Event(Item):
    """A transition to replay. `event` is its name; `actor` the person who records it, in `actor_role`.

    `key` is unique in the file ("ghana/2009/endorse", a second one "ghana/2009/endorse-2"): it makes replay idempotent.
    `note` is "" where there is none; `update_institution` goes with close_workshop (S21).
    """

    key: str
    event: str
    when: str | None
    actor_role: str
    actor: Person
    note: str
    decision: Decision | None
    update_institution: str | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Publication(Item):
    """What is printed: `status` listed or forthcoming; publisher, place "" and `year` None where unknown (S38)."""

    title: Text
    publisher: str
    place: str
    year: str | None
    status: str


@dataclass(frozen=True, kw_only=True)
class Edition(Item):
    """One edition of a profile, bound to the template's `template` version, and its events in order."""

    label: str
    template: str
    publication: Publication | None
    events: tuple[Event, ...]


@dataclass(frozen=True, kw_only=True)
class Profile(Item):
    """A country's profile or a region's overview. `update_months` is None where the period is open (S02)."""

    key: str
    twg: str
    title: Text
    owner: str | None
    update_months: int | None
    confidence: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, kw_only=True)
class Milestone(Item):
    """A step towards sustainability (S41, S43, S45). `kind` is a slug; `state` proposed, agreed, in_progress, achieved,
    verified or dropped; `linked_body` the key of the linked body at work on it, or ""."""

    key: str
    twg: str
    kind: str
    title: Text
    responsible: str | None
    counterpart: str | None
    linked_body: str
    state: str
    when: str | None
    evidence: Text | None
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Hosting(Item):
    """An institution's promise to convene and host a TWG's meetings, from `starts` on (S42)."""

    key: str
    twg: str
    holder: str | None
    starts: str | None
    statement: Text
    confidence: str


@dataclass(frozen=True, kw_only=True)
class HandedOn(Item):
    """What one TWG makes of a region's recommendation (S22). `state` issued, accepted, partly or declined; `answer` is
    what it answered, empty where the source says nothing."""

    twg: str
    lead: str | None
    supporting: tuple[str, ...]
    state: str
    answer: Text
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Recommendation(Item):
    """A recommendation on policy or on data (`ground`), and what each TWG makes of one of a region's (S21, S22).

    `priority` is "" and `lead` None where open; `issued` None where nobody knows when. `meeting` is the key of the
    meeting that issued it and `edition` of the edition it is about ("ghana/2009"), "" where the source tells none.
    """

    key: str
    twg: str
    ground: str
    text: Text
    rationale: Text
    priority: str
    lead: str | None
    supporting: tuple[str, ...]
    issued: str | None
    meeting: str
    edition: str
    state: str
    answer: Text
    handed_on: tuple[HandedOn, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Framework(Item):
    """A law, policy or agreement in a TWG's register (S29, S36). `link` and `reference` are "" where there is none.

    `ended` is None for what holds still, "" for what has ended on a date that is open.
    """

    key: str
    twg: str
    kind: str
    title: Text
    reference: str
    adopted: str | None
    in_force: str | None
    ended: str | None
    link: str
    summary: Text
    responsible: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class PolicyActor(Item):
    """An institution in a TWG's register, with what it does on migration (S29). `ended` is as a framework's."""

    twg: str
    institution: str
    role: Text
    since: str | None
    ended: str | None
    confidence: str


# -- meetings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Course(Item):
    """What trainings teach (S33). `hours` is None where the source does not say how long it takes."""

    key: str
    title: Text
    description: Text
    hours: int | None


@dataclass(frozen=True, kw_only=True)
class Meeting(Item):
    """A meeting of a TWG, with the TWGs that met together with it (S17, S19, S35).

    `kind` is launch, regular, ad_hoc, policy_workshop, regional_workshop or training; `state` planned or held;
    `course` the key of what a training teaches, or ""; `edition` the key of the edition that it was about, or "", as in
    "ghana/2009". `key` is unique in the file: of a usual meeting, "ghana/launch".
    """

    key: str
    twg: str
    together: tuple[str, ...]
    kind: str
    title: Text
    description: Text
    place: str
    when: str | None
    state: str
    course: str
    edition: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Expert:
    """Who helps with an action: the role, the institution (None where open), and a name, "" where none is told."""

    role: Text
    institution: str | None
    name: str


@dataclass(frozen=True, kw_only=True)
class Commitment(Item):
    """Money for an action (S26). `amount` and `currency` are "" where nobody has said how much; `status` announced,
    requested, approved, disbursed or withdrawn; `payer` whoever pays and is no institution of the file."""

    institution: str | None
    payer: str
    statement: Text
    amount: str
    currency: str
    fiscal_year: str | None
    status: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class DataAction(Item):
    """An action of a data plan (S23-S27). `contributors` are keys of institutions, `others` words where the source
    names none; `task_force` the key of a linked body or ""; `needs` keys of actions of the same plan; `answers` the key
    of a recommendation, of a region's that which was handed on to the TWG, or ""."""

    key: str
    kind: str
    title: Text
    description: Text
    lead: str | None
    contributors: tuple[str, ...]
    others: Text
    expert: Expert | None
    task_force: str
    starts: str | None
    due: str | None
    needs: tuple[str, ...]
    answers: str
    state: str
    note: str
    commitments: tuple[Commitment, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Output(Item):
    """What a task force delivers (S24): `body` is the key of the linked body, `action` that of an action or ""."""

    key: str
    body: str
    action: str
    title: Text
    due: str | None
    delivered: str | None
    state: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class DataPlan(Item):
    """A TWG's data plan (S14). `endorsed_by` is the body that endorsed one in force, "" where none did."""

    key: str
    twg: str
    title: Text
    summary: Text
    state: str
    endorsed_by: str
    endorsed_on: str | None
    confidence: str
    actions: tuple[DataAction, ...]
    outputs: tuple[Output, ...]


@dataclass(frozen=True, kw_only=True)
class ProjectFile:
    """A whole file, expanded and checked: every key that it mentions exists."""

    project: Project
    regions: tuple[Region, ...]
    institutions: tuple[Institution, ...]
    templates: tuple[Template, ...]
    twgs: tuple[Twg, ...]
    profiles: tuple[Profile, ...]
    milestones: tuple[Milestone, ...]
    hosting: tuple[Hosting, ...]
    recommendations: tuple[Recommendation, ...]
    frameworks: tuple[Framework, ...]
    policy_actors: tuple[PolicyActor, ...]
    courses: tuple[Course, ...]
    meetings: tuple[Meeting, ...]
    data_plans: tuple[DataPlan, ...]
    supporting_publications: "tuple[inventory.SupportingPublication, ...]"
    data_sources: "tuple[inventory.DataSource, ...]"
    data_gaps: "tuple[inventory.DataGap, ...]"
