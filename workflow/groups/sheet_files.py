"""The lines of an uploaded csv or xlsx file, whatever it holds: nothing in it is trusted."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from openpyxl import load_workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 25 * 1024 * 1024  # bytes of an xlsx once unzipped
MOST_ROWS = 5000
MOST_COLUMNS = 30


class UnreadableFile(Exception):
    """The file is no spreadsheet that can be read; the reason is for the person who sent it."""

    def __init__(self, reason: str, *, status: int = 422) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


def lines_of(name: str, content: bytes) -> tuple[Iterator[list[str]], list[str]]:
    """Every line as a list of texts, and what the person should know of how they were read.

    Raises UnreadableFile, at once or while the lines are read.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("This file is larger than 5 MB."), status=413)
    if not content.strip():
        raise UnreadableFile(_("This file is empty."))
    notices: list[str] = []
    if name.lower().endswith(".xlsx"):
        return _xlsx_lines(content), notices
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        return _csv_lines(content, notices), notices
    raise UnreadableFile(_("Send an .xlsx or a .csv file."))


def _csv_lines(content: bytes, notices: list[str]) -> Iterator[list[str]]:
    try:
        # What Excel saves as "Unicode text" is UTF-16 and says so in its first two bytes.
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        notices.append(_("The file is not in UTF-8: it was read as Windows-1252. Check the accents."))
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
