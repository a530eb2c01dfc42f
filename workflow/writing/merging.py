"""Two people on one section: the later one gets both texts and one that holds both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workflow.documents import diff

from . import selectors
from .errors import Diverged
from .models import Revision


@dataclass(frozen=True)
class Proposal:
    """`text` holds both where they fit; `conflicts` counts the places where it shows both wordings."""

    theirs: Revision
    mine: str
    text: str
    conflicts: int
    difference: SafeString


def propose(error: Diverged, person: Any) -> Proposal:
    """One text of what stands now and what was sent, for the person to look at; names as they may read them."""
    section = error.section
    base = Revision.objects.filter(section=section, number=error.base).values_list("body", flat=True).first() or ""
    theirs = Revision.objects.defer("body").get(section=section, number=section.number)
    selectors.hide_names([theirs], person)
    merged = diff.merge(base, error.mine, section.body, mine_label=_("Yours"), theirs_label=theirs.author_name)
    difference = diff.inline(diff.fold(diff.compare(base, section.body)))
    return Proposal(theirs, error.mine, merged.text, merged.conflicts, difference)


def as_data(proposal: Proposal) -> dict[str, object]:
    """What a program learns in the 409."""
    return {
        "revision": proposal.theirs.number,
        "theirs_by": proposal.theirs.author_name,
        "merged": proposal.text,
        "conflicts": proposal.conflicts,
    }
