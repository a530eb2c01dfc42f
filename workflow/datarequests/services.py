"""All that writes data requests; states are `engine.perform`'s, answers come with the transition (asks.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.models import Institution, Twg
from workflow.groups.services import require

from . import rules
from .asked import institutions_of
from .flow import ASKERS
from .models import DataRequest, RequestState


@transaction.atomic
def ask(
    twg: Twg,
    institutions: Iterable[Institution],
    fields: Mapping[str, Any],
    *,
    actor: Any,
    telling: Telling = AS_IT_HAPPENS,
) -> list[DataRequest]:
    """Ask each institution the same: what, why, by when, for which section (S11). All are asked, or none.

    Raises ValidationError on `institutions` where nobody could answer for one, on `due` for a day that has passed,
    on `section` for one of another TWG's text.
    """
    require(ASKERS, DataRequest(twg=twg, section=fields.get("section")), actor)
    wanted = list(institutions)
    engine.hold(f"data requests of {twg.pk}")
    _check(twg, fields)
    _check_answerable(twg, wanted)
    return [_ask_one(twg, institution, fields, actor, telling) for institution in wanted]


def _ask_one(
    twg: Twg, institution: Institution, fields: Mapping[str, Any], actor: Any, telling: Telling
) -> DataRequest:
    made: DataRequest = DataRequest(twg=twg, institution=institution, **fields)
    try:
        engine.create(made, actor=actor, name="asked", telling=telling)
    except ValidationError as error:
        if "__all__" not in error.message_dict:
            raise
        # Of several institutions, say which one is asked already.
        told = {"institution": institution, "message": " ".join(error.message_dict["__all__"])}
        raise ValidationError({"institutions": _("%(institution)s: %(message)s") % told}) from error
    return made


def _check_answerable(twg: Twg, wanted: list[Institution]) -> None:
    if not wanted:
        raise ValidationError({"institutions": _("Choose at least one institution.")})
    seated = {institution.pk for institution in institutions_of(twg)}
    silent = [str(institution) for institution in wanted if institution.pk not in seated]
    if silent:
        message = _("Nobody could answer: no member of the TWG sits for %(names)s.")
        raise ValidationError({"institutions": message % {"names": ", ".join(silent)}})


def _check(twg: Twg, fields: Mapping[str, Any]) -> None:
    due, section = fields.get("due"), fields.get("section")
    if due is not None and due < rules.today_in(twg.time_zone):
        raise ValidationError({"due": _("This day has passed.")})
    if section is not None and section.text.twg_id != twg.pk:
        raise ValidationError({"section": _("This section is of another TWG's text.")})


def change_request(
    request: DataRequest, fields: Mapping[str, Any], *, actor: Any, version: int | None = None, note: str = ""
) -> None:
    """Another wording, day, section or user, while it is being asked: an answered question is not changed afterwards.

    Raises Unmet once it is answered, declined or withdrawn, Conflict on a stale `version`.
    """
    require(ASKERS, request, actor)
    with engine.change(request, "changed", actor=actor, note=note, version=version) as change:
        if change.subject.state != RequestState.ASKED:
            raise Unmet(_("It is not being asked any more: ask again instead, with a reason."))
        changed = {name: value for name, value in fields.items() if getattr(change.subject, name) != value}
        _check(request.twg, changed)
        change.assign(changed)
