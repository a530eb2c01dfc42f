"""Loading a project file: its dated events are replayed through the services and `perform()` that people use.

All in one transaction, and each thing once: what the file tells is found again by the external key of its event.
What is there already is left as it is; where the file now says something else, the report says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import EngineError, Incomplete
from workflow.engine.models import Event
from workflow.engine.services import Telling, plain
from workflow.groups.models import Institution, Person, Twg

from .problems import Place, Problem, ProjectFileError
from .shapes import Item, ProjectFile

M = TypeVar("M", bound=models.Model)


@dataclass
class Report:
    """What a load did, or with --check would do."""

    new: int = 0
    known: int = 0
    differences: list[Problem] = field(default_factory=list)


class _Undo(Exception):
    """Takes a --check back."""


class Loading:
    """One load: what it has met so far and what was wrong."""

    def __init__(self, project: ProjectFile) -> None:
        self.prefix = f"{project.project.key}/"
        self.report = Report()
        self.problems: list[Problem] = []
        self.external = dict(
            Event.objects.filter(external_key__startswith=self.prefix).values_list("external_key", "subject_id")
        )

    # -- once -----------------------------------------------------------------------------------------------

    def item(self, record: Item, load: Callable[[], Any]) -> Any:
        """Load one record; what the services refuse is a problem at its line, and the others are still tried."""
        try:
            with transaction.atomic():
                return load()
        except Incomplete as error:
            text = "; ".join(f"{name}: {' '.join(found)}" for name, found in error.fields.items())
            self._problem(record, text)
        except (EngineError, ValidationError) as error:
            self._problem(record, str(error.reason) if isinstance(error, EngineError) else "; ".join(error.messages))
        except Missing as error:
            self._problem(record, str(error))
        return None

    def _problem(self, record: Item, message: str) -> None:
        self.problems.append(Problem(Place(record.line, 1), record.path, message))

    def once(self, model: type[M], key: str, fields: dict[str, Any], make: Callable[[Telling], M], record: Item) -> M:
        """The object that `key` stands for: found by its event, or made now. Differences are reported, not written."""
        known = self.external.get(self.prefix + key)
        if known is None:
            made = make(self.telling(key))
            self.report.new += 1
            self.external[self.prefix + key] = made.pk
            return made
        self.report.known += 1
        found = model._base_manager.get(pk=known)
        differing = sorted(name for name, value in fields.items() if plain(getattr(found, name)) != plain(value))
        if differing:
            said = _("differs from what was loaded (%(fields)s); change it in Palabre")
            self.report.differences.append(
                Problem(Place(record.line, 1), record.path, said % {"fields": ", ".join(differing)})
            )
        return found

    def step(self, key: str, occurred: str | None, make: Callable[[Telling], Any]) -> None:
        """Something that leaves only an event (a seat, a fact, a transition): done once."""
        if self.prefix + key in self.external:
            self.report.known += 1
            return
        make(self.telling(key, occurred))
        self.report.new += 1
        self.external[self.prefix + key] = 0

    def telling(self, key: str, occurred: str | None = None) -> Telling:
        return Telling(occurred=occurred or "", external_key=self.prefix + key, quiet=True)

    # -- what records refer to --------------------------------------------------------------------------------

    def institution(self, key: str | None) -> Institution | None:
        return self._by_key(Institution, "institution", key) if key else None

    def twg(self, key: str) -> Twg:
        return self._by_key(Twg, "twg", key)

    def _by_key(self, model: type[M], kind: str, key: str) -> M:
        pk = self.external.get(f"{self.prefix}{kind}/{key}")
        if pk is None:
            raise Missing(_("“%(key)s” could not be loaded, see above") % {"key": key})
        return model._base_manager.get(pk=pk)

    @staticmethod
    def person(email: str) -> Person:
        return Person.objects.get_by_natural_key(email)

    @staticmethod
    def sources(record: Item) -> str:
        return ", ".join(record.source)


class Missing(Exception):
    """A record that another one needs was refused itself."""


Section = Callable[[Loading, ProjectFile], None]
_sections: dict[str, Section] = {}


def register_section(name: str, load: Section) -> None:
    """A higher floor loads its own part of the file, after the profiles."""
    _sections[name] = load


def load(project: ProjectFile, *, check: bool = False) -> Report:
    """Load the file, or with `check` only try. Raises ProjectFileError with every problem; then nothing has changed."""
    from . import groups_section, profiles_section

    report = Report()
    try:
        with transaction.atomic():
            engine.hold("project file")
            loading = Loading(project)
            for section in (groups_section.load, profiles_section.load, *_sections.values()):
                section(loading, project)
            if loading.problems:
                raise ProjectFileError(loading.problems)
            report = loading.report
            if check:
                raise _Undo
    except _Undo:
        pass
    return report
