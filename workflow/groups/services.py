"""All that writes people, institutions, projects, TWGs, seats and terms of reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Conflict, NotPermitted
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.engine.storing import store

from . import access
from .flow import TermsFlow
from .models import (
    CategoryRule,
    Fact,
    Funder,
    Institution,
    Membership,
    Parentage,
    Person,
    Project,
    ProjectSeat,
    TermsOfReference,
    TermsState,
    Twg,
)
from .presets import PRESETS, VOTING_ROLES


def require(rule: access.Rule, about: Any, actor: Any) -> None:
    """Raises NotPermitted with the rule's words unless `actor` may; seats are read afresh."""
    access.forget(actor)
    if not rule(about, actor):
        raise NotPermitted(_("This is for %(who)s.") % {"who": rule.told_of(about)})


# -- people -----------------------------------------------------------------------------------------------


def person_for(email: str, *, name: str, actor: Any, telling: Telling = AS_IT_HAPPENS, **fields: Any) -> Person:
    """The person with this address, made if there is none. A person who exists keeps their own name and language."""
    found = Person.objects.filter(email=email.strip().lower()).first()
    if found:
        return found
    person = Person(email=email, name=name.strip(), **fields)
    person.set_unusable_password()
    created: Person = engine.create(person, actor=actor, telling=telling)
    return created


def change_person(person: Person, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """One's own name, language and time zone, or anybody's for an administrator."""
    if actor != person and not access.seats(actor).administrator:
        raise NotPermitted(_("These are another person's settings."))
    with engine.change(person, "changed", actor=actor, version=version) as change:
        change.assign(fields)


def set_active(person: Person, active: bool, *, actor: Any, version: int | None = None) -> None:
    """An administrator lets a person in or keeps them out; never oneself, or nobody might be left to let one in."""
    require(access.administrator, None, actor)
    if actor == person:
        raise NotPermitted(_("Nobody shuts themselves out: ask another administrator."))
    with engine.change(person, "let_in" if active else "kept_out", actor=actor, version=version) as change:
        change.subject.is_active = active


# -- institutions -----------------------------------------------------------------------------------------


def create_institution(fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Institution:
    """A new institution in the common directory, by whoever keeps a TWG: one seats whom nobody has entered yet."""
    require(access.keeper, None, actor)
    created: Institution = engine.create(Institution(**fields), actor=actor, telling=telling)
    return created


def change_institution(
    institution: Institution, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, note: str = ""
) -> None:
    """What the directory says of it, by those who keep its country's TWG or know it as IOM does."""
    require(access.institution_keeper, institution, actor)
    with engine.change(institution, "changed", actor=actor, version=version, note=note) as change:
        change.assign(fields)


# -- projects ---------------------------------------------------------------------------------------------


def create_project(
    fields: Mapping[str, Any], funders: list[Mapping[str, Any]], *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> Project:
    """A project with its funders (S04). Administrators open projects; a file is loaded by Palabre itself."""
    require(access.administrator, None, actor)
    with transaction.atomic():
        project: Project = engine.create(
            Project(**fields), actor=actor, telling=telling, data={"funders": [f["names"] for f in funders]}
        )
        for funder in funders:
            Funder.objects.create(project=project, **funder)
    return project


def give_project_seat(
    project: Project, person: Person, role: str, *, actor: Any, telling: Telling = AS_IT_HAPPENS
) -> ProjectSeat:
    """IOM's seat in a project, given by IOM itself or an administrator."""
    require(access.iom | access.administrator, _About(project_id=project.pk), actor)
    with engine.change(project, "iom_seat_given", actor=actor, telling=telling) as change:
        seat = ProjectSeat(project=project, person=person, role=role)
        store(seat)
        change.data.update(seat=seat.pk, person=person.pk, role=role)
    access.forget(person)
    return seat


class _About:
    """What a rule is asked about when there is no TWG."""

    def __init__(self, project_id: int | None) -> None:
        self.project_id = project_id


# -- TWGs -------------------------------------------------------------------------------------------------


@transaction.atomic
def open_twg(
    fields: Mapping[str, Any],
    *,
    preset: str,
    actor: Any,
    overrides: Mapping[str, tuple[str, bool]] | None = None,
    terms: Mapping[str, Any] | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Twg:
    """A new TWG with draft terms of reference from a preset; who opens it becomes its secretariat (S48)."""
    require(access.keeper, None, actor)
    twg: Twg = engine.create(Twg(**fields), actor=actor, telling=telling, data={"preset": preset})
    draft_terms(twg, preset=preset, overrides=overrides, fields=terms, actor=None, telling=_under(telling, "terms"))
    if actor is not None and not access.seats(actor).projects:
        give_seat(twg, actor, {"role": "secretariat"}, actor=None)
    access.forget(actor)
    return twg


@transaction.atomic
def link_body(
    twg: Twg, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, telling: Telling = AS_IT_HAPPENS
) -> Twg:
    """A committee, task force or expert group linked to a TWG (S20, S24); it inherits place, zone and languages."""
    require(access.chair | access.secretariat | access.iom, twg, actor)
    inherited = {
        "linked_to": twg,
        "country": twg.country,
        "region": twg.region,
        "project": twg.project,
        "time_zone": twg.time_zone,
        "languages": twg.languages,
    }
    body: Twg = engine.create(Twg(**inherited | dict(fields)), actor=actor, telling=telling)
    with engine.change(twg, "body_linked", actor=actor, version=version, telling=_under(telling, "linked")) as change:
        change.data.update(body=body.pk, name=body.names)
    return body


def change_twg(twg: Twg, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, note: str = "") -> None:
    """Names, convener, cadence, zone, languages, mandate."""
    require(access.chair | access.secretariat | access.iom, twg, actor)
    with engine.change(twg, "changed", actor=actor, version=version, note=note) as change:
        change.assign(fields)


def set_parent(
    twg: Twg,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    note: str = "",
    telling: Telling = AS_IT_HAPPENS,
) -> Parentage:
    """Place the TWG under another institution, or under none yet; what held before stays as history (S45).

    A decided parent ends every current one; a probable or open one only replaces its own like, so that a TWG can
    stand under one institution and probably move to another.
    """
    require(access.chair | access.secretariat | access.iom, twg, actor)
    with engine.change(twg, "parent_changed", actor=actor, note=note, version=version, telling=telling) as change:
        current = Parentage.objects.filter(twg=twg, current=True)
        if fields["status"] != "decided":
            current = current.filter(status=fields["status"])
        current.update(current=False, until=fields.get("since") or timezone.localdate().isoformat())
        parent = Parentage(twg=twg, **fields)
        store(parent)
        change.data |= {
            "parent": parent.pk,
            "status": parent.status,
            "institution": str(parent.institution or ""),
            "under": str(parent.under or ""),
        }
    return parent


def record_fact(
    about: Twg | Project,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Fact:
    """What is known of a TWG or of a project, with its confidence and source."""
    rule = access.secretariat | access.iom if isinstance(about, Twg) else access.iom | access.administrator
    require(rule, about if isinstance(about, Twg) else _About(about.pk), actor)
    with engine.change(about, "fact_recorded", actor=actor, version=version, telling=telling) as change:
        fact = Fact(**{"twg" if isinstance(about, Twg) else "project": about}, **fields)
        store(fact)
        change.data.update(fact=fact.pk, topic=fact.topic, statement=fact.statements, confidence=fact.confidence)
    return fact


# -- seats ------------------------------------------------------------------------------------------------

SEAT_GIVERS = access.chair | access.secretariat | access.iom | access.administrator


def give_seat(
    twg: Twg,
    person: Person,
    fields: Mapping[str, Any],
    *,
    actor: Any,
    version: int | None = None,
    telling: Telling = AS_IT_HAPPENS,
) -> Membership:
    """A seat for a person, with role, institution, rank and dates. Refused when they hold that role already."""
    require(SEAT_GIVERS, twg, actor)
    with engine.change(twg, "seat_given", actor=actor, version=version, telling=telling) as change:
        seat = Membership(twg=twg, person=person, **fields)
        store(seat)
        change.data.update(seat=seat.pk, person=person.pk, role=seat.role, institution=seat.institution_id)
    access.forget(person)
    return seat


def end_seat(seat: Membership, *, until: str, actor: Any, note: str, version: int | None = None) -> None:
    """A seat ends and stays readable. The last secretariat can't be ended: a TWG would have no keeper."""
    require(SEAT_GIVERS, seat.twg, actor)
    with engine.change(seat.twg, "seat_ended", actor=actor, note=note, version=version) as change:
        held = Membership.objects.select_for_update(of=("self",)).get(pk=seat.pk)
        if held.ends_on is not None and held.ends_on < timezone.now().date():
            raise Conflict(change.subject, engine.events_since(change.subject, None), _("This seat has already ended."))
        if held.role == "secretariat" and not _another_keeper(held):
            raise ValidationError(_("This is the last secretariat seat: give it to somebody else first."))
        held.until = until
        store(held)
        if held.starts_on and held.ends_on and held.ends_on < held.starts_on:
            raise ValidationError({"until": _("A seat can't end before it began.")})
        change.data.update(seat=held.pk, person=held.person_id, role=held.role, until=until)
    access.forget(seat.person)


def _another_keeper(seat: Membership) -> bool:
    return Membership.objects.active().filter(twg=seat.twg, role="secretariat").exclude(pk=seat.pk).exists()


# -- terms of reference -----------------------------------------------------------------------------------


@transaction.atomic
def draft_terms(
    twg: Twg,
    *,
    preset: str | None = None,
    overrides: Mapping[str, tuple[str, bool]] | None = None,
    fields: Mapping[str, Any] | None = None,
    actor: Any,
    telling: Telling = AS_IT_HAPPENS,
) -> TermsOfReference:
    """A new draft, from a preset or from the version in force (the latest where none is); one draft at a time.

    `overrides` maps a category to (modality, votes), for what differs from the preset (S30).
    """
    require(access.chair | access.secretariat | access.iom, twg, actor)
    engine.lock(twg)
    versions = TermsOfReference.objects.filter(twg=twg)
    latest = versions.first()
    terms = TermsOfReference(twg=twg, number=latest.number + 1 if latest else 1, voting_roles=list(VOTING_ROLES))
    rules: dict[str, tuple[str, bool]]
    if preset is None:
        if latest is None:
            raise ValidationError(_("Choose a preset: there is no earlier version to start from."))
        start = versions.filter(state=TermsState.ADOPTED).first() or latest
        _copy_terms(start, terms)
        rules = {rule.category: (rule.modality, rule.votes) for rule in start.rules.all()}
    else:
        engine.assign(terms, PRESETS[preset].fields)
        if twg.cadence_from and twg.cadence_to:
            terms.cadence_from, terms.cadence_to = twg.cadence_from, twg.cadence_to
        rules = {str(k): (str(m), v) for k, (m, v) in PRESETS[preset].participation.items()}
    rules.update(overrides or {})
    engine.assign(terms, fields or {})
    engine.create(terms, actor=actor, telling=telling, data={"preset": preset or "", "participation": rules})
    for category, (modality, votes) in rules.items():
        CategoryRule.objects.create(terms=terms, category=category, modality=modality, votes=votes)
    return terms


COPIED = (
    "quorum_percent", "ballot_rule", "voting_roles", "meeting_notice_days", "ballot_notice_days", "early_closing",
    "comment_days",
    "cadence_from", "cadence_to", "closed_sessions", "closed_announced", "text",
)  # fmt: skip


def _copy_terms(source: TermsOfReference, target: TermsOfReference) -> None:
    engine.assign(target, {name: getattr(source, name) for name in COPIED})


def change_terms(
    terms: TermsOfReference,
    fields: Mapping[str, Any],
    participation: Mapping[str, tuple[str, bool]],
    *,
    actor: Any,
    version: int | None = None,
) -> None:
    """Edit a draft; an adopted version is never edited, a new draft is."""
    require(access.chair | access.secretariat | access.iom, terms, actor)
    with engine.change(terms, "changed", actor=actor, version=version) as change:
        if change.subject.state != TermsState.DRAFT:
            raise Conflict(change.subject, [], _("These terms are no longer a draft: start a new version."))
        change.assign(fields)
        before = {r.category: (r.modality, r.votes) for r in change.subject.rules.all()}
        after = {str(k): (str(m), bool(v)) for k, (m, v) in participation.items()}
        if after != before:
            change.subject.rules.all().delete()
            for category, (modality, votes) in after.items():
                rule = CategoryRule(terms=change.subject, category=category, modality=modality, votes=votes)
                store(rule)
            change.data["participation"] = after


def supersede_terms(twg: Twg, *, by: TermsOfReference, actor: Any) -> None:
    """The version in force gives way to `by` (called within its adoption)."""
    for old in TermsOfReference.objects.filter(twg=twg, state=TermsState.ADOPTED).exclude(pk=by.pk):
        note = _("Superseded by version %(number)s.") % {"number": by.number}
        engine.perform(TermsFlow(old), "set_aside", actor=actor, note=note)


def _under(telling: Telling, what: str) -> Telling:
    """The telling of a second event of the same line of a project file."""
    key = f"{telling.external_key}/{what}" if telling.external_key else None
    return Telling(occurred=telling.occurred, external_key=key, quiet=telling.quiet)
