"""YAML as a tree of plain values that remembers where each stood, and nothing of YAML that could hurt.

A project file comes from anybody who can send one, so this takes the smallest YAML that a person would write: mappings
with text keys, lists, texts, whole numbers, true, false and null. Anchors, aliases (a small file that unfolds into a
huge one), tags, doubled keys, deep nesting, a second document and files that are large or not UTF-8 are refused.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .problems import Place, Problem, ProjectFileError

SIZE_LIMIT = 2 * 1024 * 1024  # bytes
DEPTH_LIMIT = 20  # levels; the format itself has nine
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


@dataclass
class Tree:
    """The value of a document and where its parts stand: a mapping's entry at its key, a list's item at its start."""

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where `path` stands, or what it stands in, if the file does not have it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


@dataclass
class _Open:
    """A mapping or list that the parser is still inside of."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


def load(data: bytes) -> Tree:
    """Read `data`; raises ProjectFileError with all that is wrong with it as YAML."""
    if len(data) > SIZE_LIMIT:
        raise _refusal(Place(1, 1), _("The file is larger than %(limit)s MB.") % {"limit": SIZE_LIMIT // 1024**2})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal(Place(line, 1), _("The file is not text in UTF-8.")) from error
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = _("This is not valid YAML: %(problem)s.") % {"problem": error.problem or error.context or ""}
        builder.problems.append(Problem(_place(mark), "", str(what)))
    except (YAMLError, ValueError) as error:
        # The reader's own errors (control characters) carry no mark.
        what = _("This is not valid YAML: %(problem)s.") % {"problem": str(error).splitlines()[0]}
        builder.problems.append(Problem(Place(1, 1), "", str(what)))
    if builder.problems:
        raise ProjectFileError(builder.problems)
    return builder.tree


class _Builder:
    """Turns the parser's events into a tree, without recursion and without ever following an alias."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._stop(event, _("A second document starts here; a project file is one."))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()
        elif isinstance(event, NodeEvent):
            self._refuse_tricks(event)
            self._node(event)

    def _node(self, event: Any) -> None:
        inside = self.open[-1] if self.open else None
        if inside and isinstance(inside.value, dict) and inside.key is None:
            self._key(inside, event)
            return
        path: Path = ()
        if inside:
            path = (*inside.path, len(inside.value) if isinstance(inside.value, list) else str(inside.key))
        self.tree.places.setdefault(path, _place(event.start_mark))
        value = self._value(event, path)
        if inside is None:
            self.tree.value = value
        elif isinstance(inside.value, list):
            inside.value.append(value)
        else:
            inside.value.setdefault(str(inside.key), value)
            inside.key = None

    def _key(self, inside: _Open, event: Any) -> None:
        if not isinstance(event, ScalarEvent):
            raise self._stop(event, _("A list or a mapping cannot be a key."))
        inside.key = event.value
        path = (*inside.path, inside.key)
        if inside.key in inside.value:
            first = self.tree.places[path].line
            what = _("The key “%(key)s” is here twice, first on line %(line)s.") % {"key": inside.key, "line": first}
            self.problems.append(Problem(_place(event.start_mark), written(path), str(what)))
        self.tree.places.setdefault(path, _place(event.start_mark))

    def _value(self, event: Any, path: Path) -> Any:
        if isinstance(event, ScalarEvent):
            plain = event.style is None and event.implicit[0]
            return _scalar(event.value) if plain else event.value
        value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self.open.append(_Open(value, path))
        if len(self.open) > DEPTH_LIMIT:
            raise self._stop(event, _("This is nested more than %(limit)s levels deep.") % {"limit": DEPTH_LIMIT})
        return value

    def _refuse_tricks(self, event: Any) -> None:
        if isinstance(event, AliasEvent) or event.anchor:
            raise self._stop(event, _("Anchors (&) and aliases (*) are not allowed: write it out."))
        if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent) and event.tag is not None:
            raise self._stop(event, _("Tags (!) are not allowed."))

    def _stop(self, event: Any, what: Any) -> ProjectFileError:
        """A refusal after which reading on would be unsafe or useless, with what was found before it."""
        path = written(self.open[-1].path) if self.open else ""
        return ProjectFileError([*self.problems, Problem(_place(event.start_mark), path, str(what))])


def written(path: Path) -> str:
    """A path as people write it: `twgs[3].memberships[2].role`."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text


def _place(mark: StringMark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _refusal(place: Place, what: Any) -> ProjectFileError:
    return ProjectFileError([Problem(place, "", str(what))])
