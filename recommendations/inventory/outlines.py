"""The places of a template as the inventory calls them: what can be chosen, and what each is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from workflow.engine import together
from workflow.engine.together import Wanted
from workflow.groups.models import Twg
from workflow.profiles import outline
from workflow.profiles.outline import PartLine

from . import places, selectors


@dataclass(frozen=True)
class Outline:
    """The parts and sections of one template. A part that is not divided is one place."""

    parts: list[PartLine]

    @cached_property
    def titles(self) -> dict[str, str]:
        """Every place with its title, in order."""
        found = {}
        for part in self.parts:
            found[part.letter] = part.title
            if not part.undivided:
                found |= {f"{part.letter}.{line.number}": line.title for line in part.sections}
        return found

    def own(self, place: str) -> str:
        """The place itself, or the part where that is not divided."""
        part = places.part_of(place)
        return part if place not in self.titles and self.undivided(part) else place

    def undivided(self, letter: str) -> bool:
        return any(part.letter == letter and part.undivided for part in self.parts)

    def label(self, place: str) -> str:
        """ "C. Analysis of the migration situation", "C.2 Immigration"; the place alone where it has no title."""
        title = self.titles.get(self.own(place))
        if title is None:
            return place
        return f"{place} {title}" if "." in self.own(place) else f"{self.own(place)}. {title}"

    def choices(self, besides: Iterable[str] = ()) -> list[tuple[str, str]]:
        """For a form: every place, and those that were chosen before and are in the template no more."""
        found = [(place, self._choice(place)) for place in self.titles]
        return found + [(place, place) for place in places.in_order(besides) if place not in self.titles]

    def _choice(self, place: str) -> str:
        if "." in place or self.undivided(place):
            return self.label(place)
        return _("%(part)s (the part as a whole)") % {"part": self.label(place)}


def wanted(twg: Twg) -> Wanted[Outline]:
    """By the template of the TWG's newest edition, else by its project's; to be read together with other lists."""
    own = outline.parts(selectors.template_of(twg))
    return Wanted(own.listings, lambda found: Outline(own.made(found)))


def of_twg(twg: Twg) -> Outline:
    return together.answer(wanted(twg))
