"""All that writes research themes, and the ballot that asks about them; states are `engine.perform`'s (S34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups import access
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from . import preparing, themes
from .models import Ballot, BallotForm, Theme, ThemeState
from .theme_flow import KEEPERS, PROPOSERS, SPEAKING, proposer

LEAST = 2  # themes between which one chooses


def own_institution(twg: Twg, person: Any) -> Institution | None:
    """For which institution the person speaks in the TWG; the first one of several."""
    held = [
        s.institution_id
        for s in access.seats(person).present
        if s.twg_id == twg.pk and s.role in SPEAKING and s.modality == "member"
    ]
    return Institution.objects.filter(pk__in=[pk for pk in held if pk]).order_by("pk").first()


@transaction.atomic
def propose_theme(twg: Twg, fields: Mapping[str, Any], *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Theme:
    """A theme that a paper could be about. A member proposes it for their institution; those who run the TWG may
    write down whose proposal it was."""
    access.forget(actor)
    require(PROPOSERS, twg, actor)
    told = dict(fields)
    if not KEEPERS(twg, actor):
        told["institution"] = own_institution(twg, actor)
    made: Theme = engine.create(Theme(twg=twg, **told), actor=actor, name="proposed", telling=telling)
    return made


@transaction.atomic
def change_theme(theme: Theme, fields: Mapping[str, Any], *, actor: Any, version: int | None = None) -> None:
    """Its title and reasons, while it is proposed and no ballot asks about it."""
    require(proposer | KEEPERS, theme, actor)
    with engine.change(theme, "changed", actor=actor, version=version) as change:
        fresh: Theme = change.subject
        if fresh.state != ThemeState.PROPOSED or themes.asked_about(fresh):
            raise Unmet(_("Only a theme that is proposed, and that no open ballot asks about, is changed."))
        told = dict(fields)
        if not KEEPERS(fresh, actor):
            told.pop("institution", None)
        change.assign(told)


@transaction.atomic
def ask_about_themes(
    twg: Twg,
    fields: Mapping[str, Any],
    chosen: Iterable[Theme],
    *,
    actor: Any,
    institutions: Iterable[Institution] = (),
) -> Ballot:
    """A ballot in preparation in which institutions rank themes, and the first ones are chosen."""
    found = _checked(twg, chosen)
    told = {**fields, "form": BallotForm.RANKING, "about_kind": themes.ABOUT}
    return preparing.draft_ballot(twg, told, actor=actor, institutions=institutions, options=themes.options_of(found))


@transaction.atomic
def change_question(
    ballot: Ballot, fields: Mapping[str, Any], chosen: Iterable[Theme], *, actor: Any,
    institutions: Iterable[Institution] | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """The same of a ballot on themes that is in preparation."""
    found = _checked(ballot.twg, chosen)
    preparing.change_ballot(
        ballot, fields, actor=actor, institutions=institutions, options=themes.options_of(found), version=version
    )


def _checked(twg: Twg, chosen: Iterable[Theme]) -> list[Theme]:
    found = sorted(chosen, key=lambda theme: theme.pk)
    if len(found) < LEAST:
        raise ValidationError({"themes": _("Choose at least two themes.")})
    if any(theme.twg_id != twg.pk or theme.state != ThemeState.PROPOSED for theme in found):
        raise ValidationError({"themes": _("Choose among the themes that are proposed in this TWG.")})
    return found
