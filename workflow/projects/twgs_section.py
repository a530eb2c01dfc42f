"""Loading one TWG: its terms of reference, parents, seats, linked bodies and facts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.groups import services
from workflow.groups.flow import TermsFlow
from workflow.groups.models import CategoryRule, Membership, Parentage, Project, Region, TermsOfReference, Twg
from workflow.groups.presets import PRESETS

from . import shapes
from .common import load_facts, load_person, numbered
from .loading import Loading


def load(loading: Loading, project: Project, record: shapes.Twg) -> Twg:
    key = f"twg/{record.key}"
    known = loading.knows(key)
    twg = _twg(loading, project, record)
    loading.item(record.terms_of_reference, lambda: _terms(loading, twg, key, record.terms_of_reference, known))
    for name, parent in numbered(record.parents, lambda parent: f"{key}/parent/{parent.status}"):
        loading.item(parent, partial(_parent, loading, twg, name, parent))
    loading.each(record.memberships, lambda seat: _seat(loading, twg, record, seat))
    loading.each(record.linked_bodies, lambda body: _linked_body(loading, twg, body))
    load_facts(loading, twg, key, record.facts)
    return twg


def _twg(loading: Loading, project: Project, record: shapes.Twg) -> Twg:
    least, most = record.cadence_months or (None, None)
    fields: dict[str, Any] = {
        "names": dict(record.name),
        "country": record.country,
        "region": Region.objects.filter(code=record.region).first() if record.region else None,
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
    return loading.once(
        Twg,
        f"twg/{record.key}",
        fields,
        lambda t: services.open_twg(
            {"code": record.key, **fields},
            preset=terms.preset,
            overrides=_participation(terms),
            terms=_terms_fields(loading, terms),
            actor=None,
            telling=t,
        ),
        record,
    )


# -- terms of reference -----------------------------------------------------------------------------------


def _preset(record: shapes.TermsOfReference) -> dict[str, tuple[str, bool]]:
    if record.preset not in PRESETS:
        said = _("There is no preset “%(preset)s”; there are: %(presets)s.")
        raise ValidationError(said % {"preset": record.preset, "presets": ", ".join(PRESETS)})
    return {str(k): (str(m), votes) for k, (m, votes) in PRESETS[record.preset].participation.items()}


def _participation(record: shapes.TermsOfReference) -> dict[str, tuple[str, bool]]:
    """What differs from the preset (S30); votes stay the preset's where the category stays a member."""
    usual = _preset(record)
    return {
        category: (modality, modality == "member" and usual.get(category, ("", False))[1])
        for category, modality in record.participation.items()
    }


def _terms_fields(loading: Loading, record: shapes.TermsOfReference) -> dict[str, Any]:
    return {
        "closed_sessions": record.closed_sessions,
        "closed_announced": record.closed_announced,
        "source": loading.sources(record),
    }


def _terms(loading: Loading, twg: Twg, key: str, record: shapes.TermsOfReference, known: bool) -> None:
    """Version 1, which the TWG was opened with: compared if it is there already, adopted if the file says so (S44)."""
    terms = TermsOfReference.objects.get(twg=twg, number=1)
    if known:
        loading.compare(record, terms, _terms_fields(loading, record))
        ruled = CategoryRule.objects.filter(terms=terms).values_list("category", "modality", "votes")
        if {category: (m, votes) for category, m, votes in ruled} != _preset(record) | _participation(record):
            loading.differ(record, _("participation"))
    decision = record.adopted
    if decision is not None:
        loading.step(
            f"{key}/terms/adopted",
            record,
            lambda t: engine.perform(TermsFlow(terms), "adopt", actor=None, data=decision_answers(decision), telling=t),
            occurred=decision.when,
        )


def decision_answers(decision: shapes.Decision) -> dict[str, str]:
    """A decision taken outside, as the answers that a transition asks for."""
    return {
        "decision_body": decision.body,
        "decision_date": decision.when or "",
        "decision_reference": decision.reference,
    }


# -- what hangs on it -------------------------------------------------------------------------------------


def _parent(loading: Loading, twg: Twg, key: str, record: shapes.Parent) -> None:
    fields = {
        "status": record.status,
        "institution": loading.institution(record.institution),
        "under": loading.institution(record.under),
        "since": record.since or "",
        "source": loading.sources(record),
    }
    loading.step(
        key,
        record,
        lambda t: services.set_parent(twg, fields, actor=None, telling=t),
        occurred=record.since,
        row=Parentage,
        fields=fields,
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
    loading.step(
        f"twg/{group.key}/seat/{record.person.email.lower()}/{record.role}",
        record,
        lambda t: services.give_seat(
            twg,
            load_person(loading, record.person, group.languages[0], group.time_zone),
            fields,
            actor=None,
            telling=t,
        ),
        occurred=record.since,
        row=Membership,
        fields=fields,
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
