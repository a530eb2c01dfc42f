"""Reading a project file: `read` gives it whole and expanded, or says at once everything that is wrong with it.

YAML without its traps (`tree`), the schema (`schema.py`, `schema.json`), keys that must exist or differ (`checks`), and
the expansion (`expansion`, `records`) into the shapes of `shapes`. Nothing is written anywhere; the loader replays the
records. The schema and the keys are checked together, so that one run shows both kinds of mistake.
"""

from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext as _

from .checks import check
from .expansion import expand
from .problems import Place, Problem, ProjectFileError
from .schema import against_schema
from .shapes import ProjectFile
from .tree import SIZE_LIMIT, load

__all__ = ["Place", "Problem", "ProjectFile", "ProjectFileError", "read"]

PROBLEM_LIMIT = 1000  # nobody mends more at once, and a page of a million lines helps nobody


def read(source: Path | str | bytes) -> ProjectFile:
    """The project file at the path `source`, or whose text `source` is (str or UTF-8 bytes).

    Raises ProjectFileError with every problem found, each with line, column, path and message; OSError if there is no
    such file.
    """
    tree = load(_bytes(source))
    problems = list(islice(chain(against_schema(tree), check(tree)), PROBLEM_LIMIT + 1))
    if len(problems) > PROBLEM_LIMIT:
        more = _("There are more than %(limit)s mistakes; these are some of them.") % {"limit": PROBLEM_LIMIT}
        problems[PROBLEM_LIMIT] = Problem(Place(1, 1), "", more)
    if problems:
        raise ProjectFileError(problems)
    return expand(tree)


def _bytes(source: Path | str | bytes) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)  # one more than allowed is enough to refuse it
    return source.encode() if isinstance(source, str) else source
