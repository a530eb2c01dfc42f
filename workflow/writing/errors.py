"""What can go wrong when two people write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflow.engine.errors import Conflict
from workflow.engine.models import Event


class Diverged(Conflict):
    """Somebody else has kept a revision of the section since this one was begun (409). Nothing was written.

    `section` is as it stands now, `mine` what would have been kept, `base` the number of the revision that it was
    begun on. merging.py makes one text of the two; an API's answer carries it in `more`.
    """

    more: Mapping[str, object] = {}

    def __init__(self, section: Any, *, mine: str, base: int) -> None:
        since = Event.objects.filter(subject_kind="section", subject_id=section.pk, name="revised")
        events = list(since.order_by("-sequence")[: max(section.number - base, 0)])[::-1]
        super().__init__(section, events, _("Somebody else has saved this section since you began."))
        self.section, self.mine, self.base = section, mine, base
