"""While somebody types: what they have typed is kept beside the section, and others see that they are at work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.engine import live
from workflow.engine.clock import at_tick
from workflow.engine.errors import NotPermitted

from . import services
from .bodies import NOTE_LIMIT, clean_body
from .models import Presence, Scratch, TextSection

SILENT_AFTER = timedelta(seconds=75)  # the editor says every 25 seconds that it is open


def keep_scratch(section: TextSection, person: Any, body: str, *, base: int, note: str = "") -> Scratch | None:
    """What the person has typed so far; one row each, replaced as they type. None when nothing differs from the text.

    Raises NotPermitted or Unmet for those who can't write the section now.
    """
    if not services.may_write(section.text, person):
        raise NotPermitted(_("This is for %(who)s.") % {"who": section.text.paper.writers.label})
    services.check_open(section.text)
    services.check_base(section, base)
    cleaned = clean_body(body)
    if cleaned == section.body and not note.strip():
        drop_scratch(section, person)
        return None
    scratch, _made = Scratch.objects.update_or_create(
        section=section, person=person,
        defaults={"body": cleaned, "note": note[:NOTE_LIMIT], "base": base, "saved_at": timezone.now()},
    )  # fmt: skip
    return scratch


def drop_scratch(section: TextSection, person: Any) -> None:
    """The person gives up what they had typed."""
    Scratch.objects.filter(section=section, person=person).delete()


# -- presence ---------------------------------------------------------------------------------------------


@transaction.atomic
def come(section: TextSection, person: Any) -> None:
    """The person has the section open to write in, or still has; others are told when they begin."""
    now = timezone.now()
    _presence, begun = Presence.objects.update_or_create(section=section, person=person, defaults={"seen_at": now})
    if begun:
        _tell(section.pk, section.text_id)


@transaction.atomic
def leave(section: TextSection, person: Any) -> None:
    """The person has closed the editor."""
    gone, _by_model = Presence.objects.filter(section=section, person=person).delete()
    if gone:
        _tell(section.pk, section.text_id)


@at_tick("people who left a section")
def forget_silent(now: datetime) -> int:
    """Whose page has fallen silent (a closed laptop, a dropped line) is not at work any more."""
    silent = Presence.objects.filter(seen_at__lt=now - SILENT_AFTER).values_list("pk", "section", "section__text")
    count = 0
    for pk, section, text in list(silent):
        with transaction.atomic():
            count += Presence.objects.filter(pk=pk, seen_at__lt=now - SILENT_AFTER).delete()[0]
            _tell(section, text)
    return count


def _tell(section: int, text: int) -> None:
    live.pulse("section", section)
    live.pulse("text", text)
