"""The institution directory as a spreadsheet, both ways: reading any file without trusting it, writing csv and xlsx."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django_countries import countries
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import words
from .models import Category, Institution

COLUMNS = ("code", "name_en", "name_fr", "name_pt", "acronym", "category", "country", "website")
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 25 * 1024 * 1024  # bytes of an xlsx once unzipped
MOST_ROWS = 5000
MOST_COLUMNS = 30
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Headings that people write, in their own language, for each column.
HEADINGS = {
    "code": "code|codigo",
    "name_en": "name_en|name (english)|english name|name|nom anglais|nom (anglais)|nome em ingles|nome (ingles)",
    "name_fr": "name_fr|name (french)|french name|nom|nom francais|nom (francais)|nome em frances|nome (frances)",
    "name_pt": "name_pt|name (portuguese)|portuguese name|nome|nom portugais|nom (portugais)|nome em portugues|"
    "nome (portugues)",
    "acronym": "acronym|sigle|acronyme|sigla",
    "category": "category|categorie|categoria",
    "country": "country|pays|pais",
    "website": "website|site|site web|sitio web",
}
KNOWN_HEADINGS = {words.fold(text): column for column, texts in HEADINGS.items() for text in texts.split("|")}


class UnreadableFile(Exception):
    """The file is no spreadsheet that can be read; the reason is for the person who sent it."""

    def __init__(self, reason: str, *, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass
class Sheet:
    """Rows of text under known columns; `line` is the row's number in the file, counted from 1."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


# -- writing ------------------------------------------------------------------------------------------------


def cells_of(institution: Institution) -> list[str]:
    names = institution.names
    return [
        institution.code, names.get("en", ""), names.get("fr", ""), names.get("pt", ""), institution.acronym,
        institution.category, str(institution.country or ""), institution.website,
    ]  # fmt: skip


def guarded(text: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe; the import takes it off again."""
    return "'" + text if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def as_csv(institutions: Iterable[Institution]) -> tuple[bytes, str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in cells_of(i)] for i in institutions)
    # The mark tells Excel that this is UTF-8.
    return ("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8"


def as_xlsx(institutions: Iterable[Institution]) -> tuple[bytes, str]:
    book = Workbook()
    sheet = book.active
    sheet.title = "institutions"
    sheet.append(COLUMNS)
    for institution in institutions:
        # Excel knows no control characters, and openpyxl refuses to write them.
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", guarded(cell)) for cell in cells_of(institution)])
    sheet.freeze_panes = "B2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGH", (28, 48, 48, 48, 12, 22, 10, 36), strict=True):
        sheet.column_dimensions[letter].width = width
    _allow(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _allow(book: Workbook, sheet: Worksheet) -> None:
    """A second sheet lists the categories and countries; the category column offers its choices."""
    allowed = book.create_sheet("allowed values")
    allowed.append(["category", "", "country", ""])
    listed = list(countries)
    categories = [(str(c.value), str(c.label)) for c in Category]
    for number in range(max(len(categories), len(listed))):
        left = categories[number] if number < len(categories) else ("", "")
        right = listed[number] if number < len(listed) else ("", "")
        allowed.append([*left, right[0], str(right[1])])
    rule = DataValidation("list", formula1=f"='allowed values'!$A$2:$A${len(categories) + 1}", allow_blank=False)
    sheet.add_data_validation(rule)
    rule.add(f"F2:F{MOST_ROWS + 1}")


WRITERS: dict[str, Callable[[Iterable[Institution]], tuple[bytes, str]]] = {"csv": as_csv, "xlsx": as_xlsx}


# -- reading ------------------------------------------------------------------------------------------------


def read(name: str, content: bytes) -> Sheet:
    """The rows of an uploaded csv or xlsx file. Raises UnreadableFile with a reason for the person."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("This file is larger than 5 MB."), status=413)
    if not content.strip():
        raise UnreadableFile(_("This file is empty."))
    sheet = Sheet()
    if name.lower().endswith(".xlsx"):
        lines = _xlsx_lines(content)
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        lines = _csv_lines(content, sheet)
    else:
        raise UnreadableFile(_("Send an .xlsx or a .csv file."))
    _under_headings(lines, sheet)
    return sheet


def _csv_lines(content: bytes, sheet: Sheet) -> Iterator[list[str]]:
    try:
        # What Excel saves as "Unicode text" is UTF-16 and says so in its first two bytes.
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        sheet.notices.append(_("The file is not in UTF-8: it was read as Windows-1252. Check the accents."))
    if "\x00" in text:
        raise UnreadableFile(_("This is not a text file."))
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    except csv.Error as error:
        raise UnreadableFile(_("This CSV file can't be read: %(error)s.") % {"error": error}) from error


def _xlsx_lines(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(_("This file unpacks to far too much."), status=413)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS + 2, values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(_("This Excel file can't be read: it is damaged, encrypted or something else.")) from error


def _under_headings(lines: Iterator[list[str]], sheet: Sheet) -> None:
    headings: dict[int, str] = {}
    for number, cells in enumerate(lines, start=1):
        if len(cells) > MOST_COLUMNS and any(c.strip() for c in cells[MOST_COLUMNS:]):
            raise UnreadableFile(_("Row %(row)s has more than 30 columns.") % {"row": number})
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = _headings(cells)
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


def _headings(cells: list[str]) -> dict[int, str]:
    """Which column stands where; all that is wrong with the headings at once."""
    found: dict[int, str] = {}
    wrong = []
    for place, cell in enumerate(cells):
        column = KNOWN_HEADINGS.get(words.fold(cell))
        if column in found.values():
            wrong.append(_("the column “%(name)s” stands there twice") % {"name": cell.strip()})
        elif column:
            found[place] = column
    missing = [c for c in ("code", "category") if c not in found.values()]
    wrong += [_("the column “%(name)s” is missing") % {"name": name} for name in missing]
    if not {"name_en", "name_fr", "name_pt"} & set(found.values()):
        wrong.append(_("there is no column with a name"))
    if wrong:
        raise UnreadableFile(_("The first row must hold the headings: %(wrong)s.") % {"wrong": "; ".join(wrong)})
    return found


def _plain(cells: list[str], place: int) -> str:
    return unguarded(cells[place].strip()) if place < len(cells) else ""
