"""Spreadsheets both ways: rows under known headings, read from any file and written as csv and xlsx.

What stands in the columns is said by a `Layout`: the institution directory has one, the policy register two.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import words
from .sheet_files import MOST_COLUMNS, MOST_ROWS, UnreadableFile, lines_of

Text = str | Promise
Row = Iterable[str]

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Sheet:
    """Rows of text under known columns; `line` is the row's number in the file, counted from 1."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of spreadsheet.

    `columns` gives each its width in Excel. `headings` are what people write over a column, in their own language,
    divided by `|`; `needed` must be there, and of `one_of` at least one, or `none_of_them` says what is missing.
    """

    name: str
    columns: Mapping[str, int]
    headings: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    one_of: frozenset[str] = frozenset()
    none_of_them: Text = ""

    @cached_property
    def known_headings(self) -> dict[str, str]:
        """Every heading, folded, with its column."""
        return {words.fold(text): column for column, texts in self.headings.items() for text in texts.split("|")}


@dataclass(frozen=True)
class Allowed:
    """The values that a column takes, with their words; where `only` they are, Excel offers them as choices."""

    column: str
    values: list[tuple[str, str]]
    only: bool = False


@cache
def values_by_words(choices: type[TextChoices]) -> dict[str, str]:
    """Every name of every choice, folded: its value, and its label in each language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {words.fold(str(c.label)): str(c.value) for c in choices}
    return found | {words.fold(c.value): str(c.value) for c in choices}


# -- writing ------------------------------------------------------------------------------------------------


def guarded(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe; the import takes it off again."""
    return "'" + text if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def as_csv(layout: Layout, rows: Iterable[Row], allowed: Iterable[Allowed] = ()) -> tuple[bytes, str]:
    """The rows under the columns' names, with the file's media type."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(layout.columns)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    # The mark tells Excel that this is UTF-8.
    return ("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8"


def as_xlsx(layout: Layout, rows: Iterable[Row], allowed: Iterable[Allowed] = ()) -> tuple[bytes, str]:
    """The same for Excel; a second sheet lists the values that columns take."""
    book = Workbook()
    sheet = book.active
    sheet.title = layout.name
    sheet.append([*layout.columns])
    for row in rows:
        # Excel knows no control characters, and openpyxl refuses to write them.
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", guarded(cell)) for cell in row])
    sheet.freeze_panes = "B2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(layout.columns.values(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if listed := list(allowed):
        _allow(book, sheet, layout, listed)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _allow(book: Workbook, sheet: Worksheet, layout: Layout, listed: list[Allowed]) -> None:
    """A second sheet with two columns for each: the value, and its words."""
    second = book.create_sheet("allowed values")
    second.append([cell for one in listed for cell in (one.column, "")])
    for number in range(max(len(one.values) for one in listed)):
        pairs = [one.values[number] if number < len(one.values) else ("", "") for one in listed]
        second.append([guarded(cell) for pair in pairs for cell in pair])
    for place, one in enumerate(listed):
        if not one.only:
            continue
        values, target = get_column_letter(2 * place + 1), get_column_letter([*layout.columns].index(one.column) + 1)
        area = f"${values}$2:${values}${len(one.values) + 1}"
        rule = DataValidation("list", formula1=f"='allowed values'!{area}", allow_blank=False)
        sheet.add_data_validation(rule)
        rule.add(f"{target}2:{target}{MOST_ROWS + 1}")


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}


def download(
    ending: str, layout: Layout, rows: Iterable[Row], *, name: str, allowed: Iterable[Allowed] = ()
) -> HttpResponse:
    """The rows as a file to keep. `ending` is csv or xlsx."""
    content, content_type = WRITERS[ending](layout, rows, allowed)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


# -- reading ------------------------------------------------------------------------------------------------


def read(name: str, content: bytes, layout: Layout) -> Sheet:
    """The rows of an uploaded csv or xlsx file. Raises UnreadableFile with a reason for the person."""
    lines, notices = lines_of(name, content)
    sheet = Sheet(notices=notices)
    _under_headings(lines, sheet, layout)
    return sheet


def _under_headings(lines: Iterator[list[str]], sheet: Sheet, layout: Layout) -> None:
    headings: dict[int, str] = {}
    for number, cells in enumerate(lines, start=1):
        if len(cells) > MOST_COLUMNS and any(c.strip() for c in cells[MOST_COLUMNS:]):
            raise UnreadableFile(_("Row %(row)s has more than 30 columns.") % {"row": number})
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = _headings(cells, layout)
            others = [c.strip() for place, c in enumerate(cells) if place not in headings and c.strip()]
            if others:
                sheet.notices.append(_("These columns are not read: %(names)s.") % {"names": ", ".join(others)})
            continue
        if len(sheet.rows) >= MOST_ROWS:
            raise UnreadableFile(_("This file has more than 5,000 rows."), status=413)
        sheet.rows.append((number, {column: _plain(cells, place) for place, column in headings.items()}))
    if not headings:
        raise UnreadableFile(_("This file is empty."))
    if not sheet.rows:
        raise UnreadableFile(_("This file has headings and no rows."))


def _headings(cells: list[str], layout: Layout) -> dict[int, str]:
    """Which column stands where; all that is wrong with the headings at once."""
    found: dict[int, str] = {}
    wrong = []
    for place, cell in enumerate(cells):
        column = layout.known_headings.get(words.fold(cell))
        if column in found.values():
            wrong.append(_("the column “%(name)s” stands there twice") % {"name": cell.strip()})
        elif column:
            found[place] = column
    missing = [c for c in layout.needed if c not in found.values()]
    wrong += [_("the column “%(name)s” is missing") % {"name": name} for name in missing]
    if layout.one_of and not layout.one_of & set(found.values()):
        wrong.append(str(layout.none_of_them))
    if wrong:
        raise UnreadableFile(_("The first row must hold the headings: %(wrong)s.") % {"wrong": "; ".join(wrong)})
    return found


def _plain(cells: list[str], place: int) -> str:
    return unguarded(cells[place].strip()) if place < len(cells) else ""
