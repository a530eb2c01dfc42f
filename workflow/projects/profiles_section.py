"""Loading templates, profiles and editions, and replaying the editions' events."""

from __future__ import annotations

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


def load(loading: Loading, file: ProjectFile) -> None:
    project = Project.objects.filter(pk=loading.external.get(f"{loading.prefix}project")).first()
    for number, template in enumerate(file.templates, start=1):
        loading.item(template, lambda n=number, t=template: _template(loading, project, n, t))
    for profile in file.profiles:
        loading.item(profile, lambda p=profile: _profile(loading, p))


def _template(loading: Loading, project: Project | None, number: int, record: shapes.Template) -> TemplateVersion:
    fields: dict[str, Any] = {
        "number": number,
        "names": dict(record.title),
        "project": project,
        "source": loading.sources(record),
    }
    parts = [
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
    return loading.once(
        TemplateVersion,
        f"template/{record.version}",
        fields,
        lambda t: services.create_template({"code": code, **fields}, parts, actor=None, telling=t),
        record,
    )


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
    for edition in record.editions:
        loading.item(edition, lambda e=edition: _edition(loading, profile, record, e))


def _edition(loading: Loading, profile: Profile, owner: shapes.Profile, record: shapes.Edition) -> None:
    template = TemplateVersion.objects.get(pk=loading.external[f"{loading.prefix}template/{record.template}"])
    fields: dict[str, Any] = {"label": record.label, "template": template, "source": loading.sources(record)}
    edition = loading.once(
        Edition,
        f"edition/{owner.key}/{record.label}",
        fields,
        lambda t: services.open_edition(profile, fields, actor=None, telling=_dated(t)),
        record,
    )
    _in_order(loading, record)
    for event in record.events:
        loading.item(event, lambda e=event: _event(loading, edition, e))


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
            loading._problem(event, _("%(when)s is before the event above it") % {"when": event.when})
        latest = moment


def _event(loading: Loading, edition: Edition, record: shapes.Event) -> None:
    loading.step(
        f"event/{record.key}",
        record.when or "open",
        lambda t: engine.perform(
            EditionFlow(edition),
            record.event,
            actor=loading.person(record.actor.email),
            note=record.note,
            data=_answers(loading, record),
            telling=t,
        ),
    )


def _answers(loading: Loading, record: shapes.Event) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if record.decision:
        answers |= {
            "decision_body": record.decision.body,
            "decision_date": record.decision.when or "",
            "decision_reference": record.decision.reference,
        }
    if record.event == "close_workshop":
        institution = loading.institution(record.update_institution)
        answers["update_institution"] = institution.pk if institution else ""
        answers["no_update_institution"] = "" if institution else record.note
    return answers
