"""Loading the project, its regions, institutions, people, TWGs, seats and terms of reference."""

from __future__ import annotations

from typing import Any

from workflow.groups import services
from workflow.groups.models import Institution, Project, Region, Twg
from workflow.groups.presets import PRESETS

from . import shapes
from .loading import Loading
from .shapes import ProjectFile


def load(loading: Loading, file: ProjectFile) -> None:
    for record in file.institutions:
        loading.item(record, lambda r=record: _institution(loading, r))
    project = loading.item(file.project, lambda: _project(loading, file.project))
    for region in file.regions:
        loading.item(region, lambda r=region: _region(r))
    if project is not None:
        for twg in file.twgs:
            loading.item(twg, lambda t=twg: _twg(loading, project, t))


def _institution(loading: Loading, record: shapes.Institution) -> Institution:
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "acronym": record.acronym,
        "category": record.category,
        "country": record.country,
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    return loading.once(
        Institution,
        f"institution/{record.key}",
        fields,
        lambda t: services.create_institution({"code": record.key, **fields}, actor=None, telling=t),
        record,
    )


def _project(loading: Loading, record: shapes.Project) -> Project:
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "descriptions": dict(record.description),
        "starts": record.starts or "",
        "ends": record.ends or "",
        "duration_months": record.duration_months,
        "website": record.website,
        "source": loading.sources(record),
    }
    funders = [_funder(loading, funder) for funder in record.funders]
    project = loading.once(
        Project,
        "project",
        fields,
        lambda t: services.create_project({"code": record.key, **fields}, funders, actor=None, telling=t),
        record,
    )
    for seat in record.seats:
        loading.item(seat, lambda s=seat: _project_seat(loading, project, s))
    for number, fact in enumerate(record.facts):
        loading.item(fact, lambda n=number, f=fact: _fact(loading, project, f"project/fact/{f.topic}-{n}", f))
    return project


def _funder(loading: Loading, record: shapes.Funder) -> dict[str, Any]:
    institution = loading.institution(record.institution)
    return {
        "institution": institution,
        "names": institution.names if institution else {},
        "programme": record.instrument,
        "reference": record.grant_reference,
        "source": loading.sources(record),
    }


def _project_seat(loading: Loading, project: Project, record: shapes.ProjectSeat) -> None:
    person = _person(loading, record.person, "en", "UTC")
    loading.step(
        f"project/seat/{record.person.email}",
        "open",
        lambda t: services.give_project_seat(project, person, record.role, actor=None, telling=t),
    )


def _person(loading: Loading, record: shapes.Person, language: str, zone: str) -> Any:
    return services.person_for(
        record.email, name=record.name, actor=None, telling=loading.telling(f"person/{record.email}"),
        language=language, time_zone=zone,
    )  # fmt: skip


def _fact(loading: Loading, about: Twg | Project, key: str, record: shapes.Fact) -> None:
    fields = {
        "topic": record.topic,
        "statements": dict(record.statement),
        "when": record.when or "",
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    loading.step(key, record.when or "open", lambda t: services.record_fact(about, fields, actor=None, telling=t))


def _region(record: shapes.Region) -> None:
    """Regions are rows without a life of their own."""
    Region.objects.get_or_create(
        code=record.key,
        defaults={
            "names": dict(record.name),
            "acronym": record.acronym,
            "countries": ",".join(record.countries),
            "source": Loading.sources(record),
        },
    )


def _twg(loading: Loading, project: Project, record: shapes.Twg) -> None:
    least, most = record.cadence_months or (None, None)
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "country": record.country,
        "region": Region.objects.get(code=record.region) if record.region else None,
        "project": project,
        "time_zone": record.time_zone,
        "languages": list(record.languages),
        "cadence_from": least,
        "cadence_to": most,
        "launched": record.launched or "",
        "convener": loading.institution(record.convener),
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    terms = record.terms_of_reference
    twg = loading.once(
        Twg,
        f"twg/{record.key}",
        fields,
        lambda t: services.open_twg(
            {"code": record.key, **fields},
            preset=terms.preset,
            overrides=_participation(terms),
            terms={"closed_sessions": terms.closed_sessions, "source": loading.sources(terms)},
            actor=None,
            telling=t,
        ),
        record,
    )
    for number, parent in enumerate(record.parents):
        loading.item(parent, lambda n=number, p=parent: _parent(loading, twg, record.key, n, p))
    for seat in record.memberships:
        loading.item(seat, lambda s=seat: _seat(loading, twg, record, s))
    for body in record.linked_bodies:
        loading.item(body, lambda b=body: _linked_body(loading, twg, b))
    for number, fact in enumerate(record.facts):
        loading.item(fact, lambda n=number, f=fact: _fact(loading, twg, f"twg/{record.key}/fact/{f.topic}-{n}", f))


def _participation(terms: shapes.TermsOfReference) -> dict[str, tuple[str, bool]]:
    """What differs from the preset (S30); votes stay the preset's where the category stays a member."""
    usual = {str(k): votes for k, (_modality, votes) in PRESETS[terms.preset].participation.items()}
    return {
        category: (modality, modality == "member" and usual.get(category, False))
        for category, modality in terms.participation.items()
    }


def _parent(loading: Loading, twg: Twg, key: str, number: int, record: shapes.Parent) -> None:
    fields = {
        "status": record.status,
        "institution": loading.institution(record.institution),
        "under": loading.institution(record.under),
        "since": record.since or "",
        "source": loading.sources(record),
    }
    loading.step(
        f"twg/{key}/parent/{number}",
        record.since or "open",
        lambda t: services.set_parent(twg, fields, actor=None, telling=t),
    )


def _seat(loading: Loading, twg: Twg, group: shapes.Twg, record: shapes.Membership) -> None:
    fields = {
        "role": record.role,
        "rank": record.rank,
        "institution": loading.institution(record.institution),
        "since": record.since or "",
        "until": record.until or "",
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    person = _person(loading, record.person, group.languages[0], group.time_zone)
    loading.step(
        f"twg/{group.key}/seat/{record.person.email}/{record.role}",
        record.since or "open",
        lambda t: services.give_seat(twg, person, fields, actor=None, telling=t),
    )


def _linked_body(loading: Loading, twg: Twg, record: shapes.LinkedBody) -> None:
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "kind": record.kind,
        "mandates": dict(record.task),
        "launched": record.when or "",
        "confidence": "probable" if record.status == "planned" else record.confidence,
        "source": loading.sources(record),
    }
    loading.once(
        Twg,
        f"twg/{record.key}",
        fields,
        lambda t: services.link_body(twg, {"code": record.key, **fields}, actor=None, telling=t),
        record,
    )
