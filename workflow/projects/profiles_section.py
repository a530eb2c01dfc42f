"""Loading templates, profiles and editions, and replaying the editions' events."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from workflow.engine import edtf
from workflow.engine import services as engine
from workflow.groups.models import Project
from workflow.profiles import services
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition, Profile, TemplateVersion

from . import shapes
from .loading import Loading
from .shapes import ProjectFile
from .twgs_section import decision_answers

# What a project file tells of a workshop is that it was held and what it decided: of its agenda, who came, and the
# recommendations one by one, the reason for what is missing says so. What is not missing is not asked (S21).
WORKSHOP_PARTS = ("presented", "policy", "data")
UNTOLD = "The project file tells of the workshop and what it decided, not of this."


def load(loading: Loading, file: ProjectFile) -> None:
    for number, template in enumerate(file.templates, start=1):
        loading.item(template, partial(_template, loading, number, template))
    loading.each(file.profiles, lambda record: _profile(loading, record))


def _template(loading: Loading, number: int, record: shapes.Template) -> TemplateVersion:
    fields: dict[str, Any] = {
        "number": number,
        "names": dict(record.title),
        "project": loading.get(Project, "project"),
        "source": loading.sources(record),
    }
    parts: list[Mapping[str, Any]] = [
        {
            "letter": part.letter,
            "titles": dict(part.title),
            "source": loading.sources(part),
            "sections": [
                {
                    "titles": dict(section.title),
                    "guidance": dict(section.guidance or {}),
                    "source": loading.sources(section),
                }
                for section in part.sections
            ],
        }
        for part in record.parts
    ]
    code = loading.prefix.strip("/") + f"-template-{record.version}".replace(".", "-")
    key = f"template/{record.version}"
    known = loading.knows(key)
    template = loading.once(
        TemplateVersion,
        key,
        fields,
        lambda t: services.create_template({"code": code, **fields}, parts, actor=None, telling=t),
        record,
    )
    if known and _parts_of(template) != [_told(part) | {"sections": [*map(_told, part["sections"])]} for part in parts]:
        loading.differ(record, _("parts"))
    return template


TOLD = ("letter", "titles", "guidance", "source")


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in TOLD if name in fields}


def _parts_of(template: TemplateVersion) -> list[dict[str, Any]]:
    """The template as it stands, in the shape in which it was made."""
    return [
        {"letter": part.letter, "titles": part.titles, "source": part.source,
         "sections": [{"titles": s.titles, "guidance": s.guidance, "source": s.source} for s in part.sections.all()]}
        for part in template.parts.prefetch_related("sections")
    ]  # fmt: skip


def _profile(loading: Loading, record: shapes.Profile) -> None:
    fields: dict[str, Any] = {
        "names": dict(record.title),
        "owner": loading.institution(record.owner),
        "update_months": record.update_months,
        "source": loading.sources(record),
    }
    twg = loading.twg(record.twg)
    profile = loading.once(
        Profile,
        f"profile/{record.key}",
        fields,
        lambda t: services.open_profile(twg, {"code": record.key, **fields}, actor=None, telling=t),
        record,
    )
    loading.each(record.editions, lambda edition: _edition(loading, profile, record, edition))


def _edition(loading: Loading, profile: Profile, owner: shapes.Profile, record: shapes.Edition) -> Edition:
    template = loading.get(TemplateVersion, f"template/{record.template}")
    fields: dict[str, Any] = {"label": record.label, "template": template, "source": loading.sources(record)}
    edition = loading.once(
        Edition,
        f"edition/{owner.key}/{record.label}",
        fields,
        lambda t: services.open_edition(profile, fields, actor=None, telling=_dated(t)),
        record,
    )
    _in_order(loading, record)
    loading.each(record.events, lambda event: _event(loading, edition, event))
    return edition


def _dated(telling: engine.Telling) -> engine.Telling:
    """When an edition of long ago was opened, the file does not say."""
    return engine.Telling(occurred="open", external_key=telling.external_key, quiet=True)


def _in_order(loading: Loading, record: shapes.Edition) -> None:
    """Dates may be unknown, but they never go back."""
    latest = None
    for event in record.events:
        if not event.when:
            continue
        moment = edtf.instant(event.when)
        if latest is not None and moment < latest:
            loading.refuse(event, _("%(when)s is before the event above it") % {"when": event.when})
        latest = moment


def _event(loading: Loading, edition: Edition, record: shapes.Event) -> None:
    """One transition, made by the seat that the file names."""
    loading.step(
        f"event/{record.key}",
        record,
        lambda t: engine.perform(
            EditionFlow(edition),
            record.event,
            actor=loading.person(record.actor.email),
            note=record.note,
            data=_answers(loading, record),
            telling=t,
        ),
        occurred=record.when,
        note=record.note,
    )


def _answers(loading: Loading, record: shapes.Event) -> dict[str, Any]:
    answers: dict[str, Any] = dict(decision_answers(record.decision)) if record.decision else {}
    if record.event == "close_workshop":
        institution = loading.institution(record.update_institution)
        answers["update_institution"] = institution.pk if institution else ""
        answers["no_update_institution"] = "" if institution else record.note
        answers |= {f"missing_{name}": UNTOLD for name in WORKSHOP_PARTS}
    if record.event == "publish":
        answers["published_on"] = record.when or ""
    return answers
