"""Office files are zip archives of XML: what makes one unfit to be kept or read is found here, before any library."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ENTRIES = 3000
MOST_UNPACKED = 120 * 1024 * 1024  # bytes of all entries once unpacked, those of archives within included
MOST_XML = 30 * 1024 * 1024  # bytes of all XML once unpacked
MOST_RATIO = 120  # unpacked to packed, for an archive of some size
RATIO_COUNTS_FROM = 8 * 1024 * 1024  # bytes unpacked: a small archive may be as dense as it likes
MOST_NESTED = 2  # archives in archives: a chart's workbook in a document, a picture's package in that
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 256

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MAIN_TYPES = {WORD: "docx", EXCEL: "xlsx"}
ACTIVE_NAMES = re.compile(
    r"(?:vba\w*\.bin|/activeX/|/customUI|\.(?:exe|dll|js|vbs|ps1|bat|cmd|scr|jar)\Z)", re.IGNORECASE
)
ACTIVE_TYPES = ("macroenabled", "vbaproject", "activex")
REMOTE = re.compile(r"(?!file:/{3}(?![\\/]))(?:[a-z][a-z0-9+.-]*:)?[\\/]{2}", re.IGNORECASE)


OnStart = Callable[[str, dict[str, str]], None]
OnEnd = Callable[[str], None]


def _refused(text: str, code: str) -> ValidationError:
    return ValidationError(text, code=code)


def damaged() -> ValidationError:
    """What is said of a file that can't be read as what it seems to be."""
    return _refused(_("This file is damaged: open it, save it again, and send that."), "damaged")


def _bomb() -> ValidationError:
    return _refused(_("This file unpacks to far too much."), "too-large")


def kind_of(data: bytes) -> str:
    """`docx` or `xlsx` by what the archive says of itself, "" for any other archive.

    Raises ValidationError for a damaged or encrypted one, for a bomb, for macros, for XML that declares entities, and
    for a document that loads something from elsewhere.
    """
    with opened(data) as archive:
        _check_sizes(archive, data)
        names = set(archive.namelist())
        if "[Content_Types].xml" not in names:
            return ""
        types = _content_types(archive)
        kind = next((MAIN_TYPES[t] for t in types if t in MAIN_TYPES), "")
        _check_active(names, types)
        if kind:
            _check_xml(archive)
            _check_loaded(archive)
        return kind


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive. Raises ValidationError when it is none."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError) as error:
        raise damaged() from error


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry, unpacked; never more than it declares. Raises ValidationError when it is damaged."""
    try:
        return archive.read(name)
    except Exception as error:  # zipfile raises whatever the decompressor does
        raise damaged() from error


# -- size -------------------------------------------------------------------------------------------------


def _check_sizes(archive: zipfile.ZipFile, data: bytes, depth: int = 0) -> int:
    """Bytes that the archive unpacks to, with those of archives in it."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _bomb()
    for entry in entries:
        _check_entry(entry)
    if len({entry.filename for entry in entries}) != len(entries):
        raise damaged()
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if packed > len(data):  # entries that share their bytes
        raise _bomb()
    if total > MOST_UNPACKED or (total > RATIO_COUNTS_FROM and total > MOST_RATIO * max(packed, 1)):
        raise _bomb()
    if sum(e.file_size for e in entries if _is_xml(e.filename)) > MOST_XML:
        raise _bomb()
    total += sum(_nested(archive, entry, depth) for entry in entries)
    if total > MOST_UNPACKED:
        raise _bomb()
    return total


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise encrypted()
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    parts = re.split(r"[\\/]", entry.filename)
    if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in entry.filename:
        raise damaged()


def _nested(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> int:
    try:
        with archive.open(entry) as file:
            begins = file.read(4)
    except Exception as error:  # zipfile raises whatever the decompressor does
        raise damaged() from error
    if begins != b"PK\x03\x04":
        return 0
    if depth >= MOST_NESTED:
        raise _bomb()
    data = read(archive, entry.filename)
    with opened(data) as inner:
        return _check_sizes(inner, data, depth + 1)


# -- content ----------------------------------------------------------------------------------------------


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _content_types(archive: zipfile.ZipFile) -> list[str]:
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(attributes.get("ContentType", ""))

    walk(read(archive, "[Content_Types].xml"), start)
    return found


def _check_active(names: set[str], types: list[str]) -> None:
    active = any(ACTIVE_NAMES.search(name) for name in names)
    if active or any(word in kind.lower() for kind in types for word in ACTIVE_TYPES):
        raise _refused(_("This file contains macros or programs: save it without them, as .docx or .xlsx."), "active")


def _check_xml(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if _is_xml(name) and not name.lower().endswith(".vml"):  # VML is not always well-formed, and nothing reads it
            walk(read(archive, name))


def walk(data: bytes, on_start: OnStart | None = None, on_end: OnEnd | None = None) -> None:
    """Walk through XML, names as "namespace}name"; nothing is built of it.

    Raises ValidationError for entities of its own, absurd depth, absurd length, and what is not well-formed.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    count = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MOST_ELEMENTS or depth > MOST_DEPTH:
            raise _bomb()
        if on_start is not None:
            on_start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if on_end is not None:
            on_end(name)

    def doctype(*_args: object) -> None:
        raise _refused(_("This file declares entities in its XML, as no office program does."), "entities")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise damaged() from error


def _check_loaded(archive: zipfile.ZipFile) -> None:
    """Links that a reader follows are fine; what is loaded by itself when the file is opened is not."""
    for kind, target in _outside(archive):
        # Word notes where a document's template lies on its author's own disk.
        if kind == "hyperlink" or (kind == "attachedTemplate" and not REMOTE.match(unquote(target).strip())):
            continue
        raise _refused(
            _("This file loads something from elsewhere (%(what)s): embed it, then send the file again.")
            % {"what": target[:80]},
            "external",
        )


def _outside(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Relationships to what is not in the archive: their kind and target."""
    found: list[tuple[str, str]] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() == "external":
            found.append((attributes.get("Type", "").rsplit("/", 1)[-1], attributes.get("Target", "")))

    for name in archive.namelist():
        if name.lower().endswith(".rels"):
            walk(read(archive, name), start)
    yield from found


def encrypted() -> ValidationError:
    """What is said of a file that asks for a password."""
    return _refused(_("This file is protected by a password: take the protection off and send it again."), "encrypted")
