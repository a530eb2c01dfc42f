"""What waits for a secretariat in the inventory: grave gaps with nothing proposed, sources nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.engine.inbox import Item, waiting
from workflow.engine.together import Wanted

from . import selectors


@waiting("inventory")
def waiting_inventory(person: Any) -> Wanted[Iterable[Item]] | None:
    """One line for each TWG and thing: whoever keeps an inventory of eighty sources would drown in more."""
    wanted = selectors.waiting(person)
    return Wanted(wanted.listings, lambda found: _items(found["twgs"])) if wanted else None


def _items(twgs: Iterable[Any]) -> Iterator[Item]:
    for twg in twgs:
        if grave := twg.grave_count:
            said = ngettext(
                "%(count)d grave gap in the data, and nothing is proposed",
                "%(count)d grave gaps in the data, and nothing is proposed",
                grave,
            )
            yield Item(
                title=said % {"count": grave},
                detail=str(twg),
                action=_("Propose an improvement"),
                url=reverse("data-gaps", args=[twg.code]) + "?severity=high&bare=on",
            )
        if stale := twg.stale_count:
            said = ngettext(
                "%(count)d data source was not looked at for a year",
                "%(count)d data sources were not looked at for a year",
                stale,
            )
            yield Item(
                title=said % {"count": stale},
                detail=str(twg),
                action=_("Say whether it is still so"),
                url=reverse("data-sources", args=[twg.code]) + "?stale=on",
            )
