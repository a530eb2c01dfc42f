"""Loading a project file: its dated events are replayed through the services and `perform()` that people use.

All in one transaction, and each thing once: what the file tells is found again by the external key of its event.
What is there already is left as it is; where the file now says something else, the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from workflow.engine import services as engine
from workflow.engine.errors import EngineError, Incomplete
from workflow.engine.models import Event
from workflow.engine.services import Telling, plain
from workflow.groups.models import Institution, Person, Twg
from workflow.profiles.models import Edition

from .problems import Place, Problem, ProjectFileError
from .shapes import Item, ProjectFile

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
R = TypeVar("R", bound=Item)
WORDS_SHOWN = 60  # of a date or a note in a report, in characters


@dataclass
class Report:
    """What a load did, or with --check would do."""

    new: int = 0
    known: int = 0
    differences: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """The event behind an external key: about what, and what it says."""

    subject: int
    occurred: str = ""
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class Missing(Exception):
    """A record that another one needs was refused itself."""


class _Undo(Exception):
    """Takes a --check back."""


class Loading:
    """One load: what it has met so far and what was wrong."""

    def __init__(self, project: ProjectFile) -> None:
        self.prefix = f"{project.project.key}/"
        self.report = Report()
        self.problems: list[Problem] = []
        self._told = {
            key: Told(*rest)
            for key, *rest in Event.objects.filter(external_key__startswith=self.prefix).values_list(
                "external_key", "subject_id", "occurred", "note", "data"
            )
        }
        self._met: dict[str, Item] = {}

    # -- record by record -----------------------------------------------------------------------------------

    def each(self, records: Iterable[R], load: Callable[[R], Any]) -> None:
        """Load record after record; a refusal of one leaves the others to be tried."""
        for record in records:
            self.item(record, partial(load, record))

    def item(self, record: Item, load: Callable[[], T]) -> T | None:
        """Load one record; what the services refuse is a problem at its line, and nothing of it is kept."""
        before = dict(self._told)
        try:
            with transaction.atomic():
                return load()
        except (EngineError, ValidationError, Missing, IntegrityError, DataError) as error:
            self._told = before
            self.refuse(record, _reason(error))
        return None

    def refuse(self, record: Item, message: str) -> None:
        """Something is wrong with a record: in the end nothing will be loaded."""
        self.problems.append(Problem(Place(record.line, 1), record.path, message))

    # -- once -----------------------------------------------------------------------------------------------

    def once(self, model: type[M], key: str, fields: dict[str, Any], make: Callable[[Telling], M], record: Item) -> M:
        """The object that `key` stands for: found by its event, or made now. Differences are reported, not written."""
        self._meet(key, record)
        if told := self._told.get(self.prefix + key):
            found = model._base_manager.get(pk=told.subject)
            return self.found(key, found, fields, record)
        made = make(self.telling(key))
        self._remember(key, made.pk)
        return made

    def found(self, key: str, found: M, fields: dict[str, Any], record: Item) -> M:
        """Something that is there already, compared with what the file says of it."""
        self.report.known += 1
        self._told.setdefault(self.prefix + key, Told(found.pk))
        self.compare(record, found, fields)
        return found

    def step(
        self,
        key: str,
        record: Item,
        make: Callable[[Telling], Any],
        *,
        occurred: str | None = None,
        note: str = "",
        row: type[models.Model] | None = None,
        fields: dict[str, Any] | None = None,
    ) -> None:
        """Something that leaves an event: a transition, or a row (a seat, a fact) that the event's data names.

        Done once; on later loads its date, its note and the row's fields are compared.
        """
        self._meet(key, record)
        told = self._told.get(self.prefix + key)
        if told is None:
            make(self.telling(key, occurred or "open"))
            self._remember(key, 0)
            return
        self.report.known += 1
        if (told.occurred, told.note) != (occurred or "open", note.strip()):
            loaded = f"{told.occurred} {told.note}".strip()[:WORDS_SHOWN]
            self.differ(record, _("date or note: %(loaded)s") % {"loaded": loaded})
        if row is not None:
            # The event's data holds the row's number under its own name: seat, fact, parent.
            numbers = [told.data[name] for name in ("seat", "fact", "parent") if name in told.data]
            self.compare(record, row._base_manager.get(pk=numbers[0]), fields or {})

    def compare(self, record: Item, found: models.Model, fields: Mapping[str, Any]) -> None:
        """Report in which fields the file and Palabre differ by now."""
        names = [name for name, value in fields.items() if plain(getattr(found, name)) != plain(value)]
        if names:
            self.differ(record, ", ".join(_label(found, name) for name in names))

    def differ(self, record: Item, what: str) -> None:
        said = _("differs from what was loaded (%(what)s); change it in Palabre") % {"what": what}
        problem = Problem(Place(record.line, 1), record.path, said)
        if problem not in self.report.differences:  # a usual seat is ten countries' and one line
            self.report.differences.append(problem)

    def _meet(self, key: str, record: Item) -> None:
        """Two records of one file that would be one thing in Palabre are a mistake, not a repetition."""
        if first := self._met.get(key):
            raise Missing(_("This is here twice, first on line %(line)s.") % {"line": first.line})
        self._met[key] = record

    def _remember(self, key: str, pk: int) -> None:
        self.report.new += 1
        self._told[self.prefix + key] = Told(pk)

    def telling(self, key: str, occurred: str = "") -> Telling:
        return Telling(occurred=occurred, external_key=self.prefix + key, quiet=True)

    # -- what records refer to --------------------------------------------------------------------------------

    def knows(self, key: str) -> bool:
        return self.prefix + key in self._told

    def get(self, model: type[M], key: str) -> M:
        """What `key` stands for; raises Missing where that was refused."""
        told = self._told.get(self.prefix + key)
        if told is None:
            raise Missing(_("“%(key)s” could not be loaded, see there.") % {"key": key.split("/", 1)[-1]})
        return model._base_manager.get(pk=told.subject)

    def institution(self, key: str | None) -> Institution | None:
        return self.get(Institution, f"institution/{key}") if key else None

    def edition(self, key: str) -> Edition | None:
        """By its profile's key and its own label: ghana/2009."""
        return self.get(Edition, f"edition/{key}") if key else None

    def twg(self, key: str) -> Twg:
        return self.get(Twg, f"twg/{key}")

    @staticmethod
    def person(email: str) -> Person:
        """Who acts; raises Missing where the seat that would have brought them was refused."""
        found = Person.objects.filter(email=email.strip().lower()).first()
        if found is None:
            raise Missing(_("“%(key)s” could not be loaded, see there.") % {"key": email})
        return found

    @staticmethod
    def sources(record: Item) -> str:
        return ", ".join(record.source)


def _reason(error: Exception) -> str:
    """A refusal in one line."""
    if isinstance(error, Incomplete):
        return "; ".join(f"{name}: {' '.join(found)}" for name, found in error.fields.items())
    if isinstance(error, ValidationError):
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        return "; ".join(
            " ".join(found) if name == "__all__" else f"{name}: {' '.join(found)}"
            for name, found in error.message_dict.items()
        )
    return str(error)


def _label(found: models.Model, name: str) -> str:
    return str(getattr(found._meta.get_field(name), "verbose_name", name))


Section = Callable[[Loading, ProjectFile], None]
_sections: dict[str, Section] = {}


def register_section(name: str, load: Section) -> None:
    """A higher floor loads its own part of the file, after the profiles and the register."""
    _sections[name] = load


def load(project: ProjectFile, *, check: bool = False) -> Report:
    """Load the file, or with `check` only try. Raises ProjectFileError with every problem; then nothing has changed."""
    from . import groups_section, profiles_section, register_section

    report = Report()
    try:
        with transaction.atomic():
            engine.hold("project file")
            loading = Loading(project)
            for section in (groups_section.load, profiles_section.load, register_section.load, *_sections.values()):
                section(loading, project)
            if loading.problems:
                raise ProjectFileError(loading.problems)
            report = loading.report
            if check:
                raise _Undo
    except _Undo:
        pass
    return report
