"""Loading institutions, the project with its funders, seats and facts, and regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine.services import plain
from workflow.engine.storing import store
from workflow.groups import services
from workflow.groups.models import Funder, Institution, Project, ProjectSeat, Region

from . import shapes, twgs_section
from .common import load_facts, load_person
from .loading import Loading
from .shapes import ProjectFile


def load(loading: Loading, file: ProjectFile) -> None:
    loading.each(file.institutions, lambda record: _institution(loading, record))
    project = loading.item(file.project, lambda: _project(loading, file.project))
    loading.each(file.regions, lambda record: _region(loading, record))
    if project is not None:
        loading.each(file.twgs, lambda record: twgs_section.load(loading, project, record))


def _institution(loading: Loading, record: shapes.Institution) -> Institution:
    key = f"institution/{record.key}"
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "acronym": record.acronym,
        "category": record.category,
        "country": record.country,
        "confidence": record.confidence,
        "source": loading.sources(record),
    }
    # The directory is common to all projects: an institution that another one brought is this one, too.
    common = None if loading.knows(key) else Institution.objects.filter(code=record.key).first()
    if common is not None:
        return loading.found(key, common, fields, record)
    return loading.once(
        Institution,
        key,
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
    funders: list[Mapping[str, Any]] = [_funder(loading, funder) for funder in record.funders]
    known = loading.knows("project")
    project = loading.once(
        Project,
        "project",
        fields,
        lambda t: services.create_project({"code": record.key, **fields}, funders, actor=None, telling=t),
        record,
    )
    if known and _paid_by(Funder.objects.filter(project=project).values(*PAYING)) != _paid_by(funders):
        loading.differ(record, _("funders"))
    loading.each(record.seats, lambda seat: _project_seat(loading, project, seat))
    load_facts(loading, project, "project", record.facts)
    return project


PAYING = ("names", "programme", "reference")


def _paid_by(funders: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    return [[plain(funder[name]) for name in PAYING] for funder in funders]


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
    loading.step(
        f"project/seat/{record.person.email.lower()}",
        record,
        lambda t: services.give_project_seat(
            project, load_person(loading, record.person, "en", "UTC"), record.role, actor=None, telling=t
        ),
        row=ProjectSeat,
        fields={"role": record.role},
    )


def _region(loading: Loading, record: shapes.Region) -> None:
    """Regions are rows without a life of their own, common to all projects like institutions."""
    fields = {
        "names": dict(record.name),
        "acronym": record.acronym,
        "countries": sorted(record.countries),
        "source": loading.sources(record),
    }
    found = Region.objects.filter(code=record.key).first()
    if found is not None:
        loading.report.known += 1
        members = sorted(country.code for country in found.countries)
        loading.compare(record, found, {name: value for name, value in fields.items() if name != "countries"})
        if members != fields["countries"]:
            loading.differ(record, _("countries"))
        return
    region = Region(code=record.key, **fields)
    store(region)
    loading.report.new += 1
