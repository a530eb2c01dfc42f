"""What is wrong with a project file, said all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A place in a file; lines and columns are counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where (`path` is "" for the file as a whole), in the reader's language."""

    place: Place
    path: str
    message: str

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    def __str__(self) -> str:
        """`12:5: twgs[0].time_zone: …` (line, column, path, message), as a compiler would print it."""
        return ": ".join(filter(None, (f"{self.line}:{self.column}", self.path, self.message)))


class ProjectFileError(Exception):
    """A file that cannot be loaded. `problems` has everything found wrong, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
