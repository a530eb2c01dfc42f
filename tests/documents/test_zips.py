"""Office files that are bombs, traps, or not what they say: told before any library opens them (hostile input)."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import uploads, zips

from .effort import Unpacked, steps
from .making import HYPERLINK, NAMESPACES, R, archive, docx, p, png, relations, types, upload, xlsx


def refused(data: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        uploads.check(upload(data), ["docx", "xlsx"])
    return caught.value


def test_sound_files_are_taken() -> None:
    assert zips.kind_of(docx(p("x"))) == "docx"
    assert zips.kind_of(xlsx()) == "xlsx"


@pytest.mark.parametrize(
    "data",
    [
        b"PK", b"PK\x03\x04 broken", docx(p("x"))[:200], docx(p("x"))[:-30], docx(p("x"))[100:],
        docx("<w:p>"), docx(more={"[Content_Types].xml": "nothing"}), docx(more={"word/styles.xml": b"\xff\xfe\x00"}),
        docx(more={"word/styles.xml": '<?xml version="1.0" encoding="no-such"?><a/>'}),
    ],
)  # fmt: skip
def test_broken_files_are_told_from_sound_ones(data: bytes) -> None:
    error = refused(data)
    assert error.code in ("damaged", "kind")
    assert error.messages[0].endswith(".")


def test_any_other_archive_is_no_office_file() -> None:
    assert refused(archive({"a.txt": "x"})).code == "kind"
    assert refused(docx(more={"[Content_Types].xml": types("application/vnd.oasis.opendocument.text")})).code == "kind"


@given(st.data())
def test_a_file_bent_anywhere_is_either_read_or_refused(data: st.DataObject) -> None:
    sound = docx(p("x"), {"word/media/a.png": png()})
    at = data.draw(st.integers(0, len(sound) - 1))
    bent = sound[:at] + data.draw(st.binary(max_size=8)) + sound[at + data.draw(st.integers(0, 8)) :]
    try:
        answer = uploads.check_bytes(bent, ["docx"])
    except ValidationError as error:
        answer = str(error.code)
    assert answer in ("docx", "kind", "damaged", "encrypted", "too-large", "active", "entities", "external")


# -- bombs ------------------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> Unpacked:
    """Limits a hundredth of what they are, so that bombs are small too; what is unpacked all the same is counted."""
    for name in ("MOST_UNPACKED", "MOST_XML", "RATIO_COUNTS_FROM", "MOST_ELEMENTS", "MOST_ENTRIES"):
        monkeypatch.setattr(zips, name, getattr(zips, name) // 100)
    return Unpacked(monkeypatch)


def test_one_entry_that_unpacks_to_far_too_much(unpacked: Unpacked) -> None:
    assert refused(docx(more={"word/media/a.png": b"\0" * (zips.MOST_UNPACKED + 1)})).code == "too-large"
    assert unpacked.bytes == 0


def test_many_entries_that_do_so_together(unpacked: Unpacked) -> None:
    parts = {f"word/media/{n}.png": b"\0" * (zips.MOST_UNPACKED // 12) for n in range(13)}
    assert refused(docx(more=parts)).code == "too-large"
    assert unpacked.bytes == 0


def test_a_dense_entry_of_a_size_that_alone_would_pass(unpacked: Unpacked) -> None:
    assert refused(docx(more={"word/media/a.png": b"\0" * (zips.MOST_UNPACKED // 2)})).code == "too-large"
    assert unpacked.bytes == 0


def test_xml_that_alone_would_fill_the_memory(unpacked: Unpacked) -> None:
    much = b"<a>" + bytes(range(32, 60)) * (zips.MOST_XML // 28) + b"</a>"
    assert refused(docx(more={"word/styles.xml": much})).code == "too-large"
    assert unpacked.bytes == 0


def test_more_entries_than_any_document_has(unpacked: Unpacked) -> None:
    assert refused(docx(more={f"word/{n}.bin": b"" for n in range(zips.MOST_ENTRIES)})).code == "too-large"
    assert unpacked.bytes == 0


def test_archives_in_archives_in_archives() -> None:
    inner = archive({"a.txt": "x"})
    for name in ("b.zip", "c.zip"):
        inner = archive({name: inner}, zipfile.ZIP_STORED)
    assert refused(docx(more={"word/embeddings/a.bin": inner})).code == "too-large"


def test_a_bomb_within_an_archive_within(unpacked: Unpacked) -> None:
    bomb = archive({"a.txt": b"\0" * (zips.MOST_UNPACKED // 2)})
    assert refused(docx(more={"word/embeddings/a.xlsx": archive({"b.zip": bomb})})).code == "too-large"
    assert unpacked.bytes < 3 * len(bomb)


def test_a_workbook_behind_a_chart_is_no_bomb() -> None:
    assert zips.kind_of(docx(more={"word/embeddings/a.xlsx": xlsx()})) == "docx"


def test_entries_that_share_their_bytes() -> None:
    """Each entry of the directory points to the same packed bytes: small on the disk, endless when unpacked."""
    data = archive({"a.txt": "word " * 20_000, "b.txt": ""}, zipfile.ZIP_STORED)
    start = data.index(b"PK\x01\x02")
    first = data[start : start + 46 + len("a.txt")]
    copies = b"".join(first.replace(b"a.txt", f"{n:05d}".encode()) for n in range(50))
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 50, 50, len(copies), start, 0)
    assert zipfile.ZipFile(io.BytesIO(data[:start] + copies + end)).namelist()[49] == "00049"
    assert refused(data[:start] + copies + end).code == "too-large"


def test_an_entry_that_is_larger_than_it_says() -> None:
    data = docx(p("x" * 5_000))
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        true = made.getinfo("word/document.xml").file_size
    assert refused(data.replace(struct.pack("<I", true), struct.pack("<I", 50))).code == "damaged"


def test_a_million_elements_and_a_thousand_levels(unpacked: Unpacked) -> None:
    assert refused(docx("<w:p/>" * (zips.MOST_ELEMENTS + 1))).code == "too-large"
    deep = docx("<w:p>" * 100_000 + "</w:p>" * 100_000)
    assert steps(lambda: refused(deep)) < 20_000, "it is refused where it becomes too deep, not at its end"


@pytest.mark.parametrize(
    "name", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"]
)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "http://evil.example/">]>', "<!DOCTYPE a>",
    ],
)  # fmt: skip
def test_xml_with_entities_of_its_own_is_refused(name: str, doctype: str) -> None:
    assert refused(docx(more={name: f"{doctype}<a>x</a>"})).code == "entities"
    assert (
        refused(docx(more={name: f'<?xml version="1.0" encoding="utf-16"?>{doctype}<a/>'.encode("utf-16")})).code
        == "entities"
    )


# -- what acts, what is hidden, what calls home -----------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"x"}, {"word/vbaData.xml": "<a/>", "word/VBAPROJECT.BIN": b"x"},
        {"word/activeX/activeX1.xml": "<a/>"},
        {"customUI/customUI.xml": "<a/>", "word/customUI.bin": b""}, {"word/embeddings/run.exe": b"MZ"},
        {"word/a.js": b"x"},
        {"[Content_Types].xml": types("application/vnd.ms-word.document.macroEnabled.main+xml")},
        {"[Content_Types].xml": types(x="application/vnd.ms-office.vbaProject")},
    ],
)  # fmt: skip
def test_macros_and_programs_are_refused(more: dict[str, bytes | str]) -> None:
    error = refused(docx(more=more))
    assert (error.code, error.messages[0][:42]) == ("active", "This file contains macros or programs: sav")


def test_a_file_with_a_password_is_refused() -> None:
    data = docx(p("x"))
    at = data.index(b"PK\x01\x02")
    assert refused(data[: at + 8] + b"\x01" + data[at + 9 :]).code == "encrypted"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "word/../../x", "C:/x", "a\\..\\..\\b", "word\\..\\x"])
def test_entries_that_would_leave_their_folder_are_refused(name: str) -> None:
    data = docx(more={name.replace("\\", "|"): "<a/>"}).replace(name.replace("\\", "|").encode(), name.encode())
    assert refused(data).code == "damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    out = io.BytesIO(docx(p("x")))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("word/document.xml", "<a/>")
    assert refused(out.getvalue()).code == "damaged"


def test_an_unusual_compression_is_refused() -> None:
    assert (
        refused(archive({"[Content_Types].xml": types(), "word/document.xml": "<a/>"}, zipfile.ZIP_BZIP2)).code
        == "damaged"
    )


@pytest.mark.parametrize(
    ("kind", "target", "fine"),
    [
        ("hyperlink", "https://iom.int", True), ("hyperlink", "javascript:alert(1)", True),
        ("image", "https://evil.example/x.png", False),
        ("attachedTemplate", "https://evil.example/x.dotm", False), ("attachedTemplate", "\\\\evil\\x.dotm", False),
        ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm", True),
        ("attachedTemplate", "file://evil/x.dotm", False),
        ("attachedTemplate", "file:////evil/x.dotm", False), ("attachedTemplate", "C:\\x.dotm", True),
        ("oleObject", "file:///C:\\a", False),
        ("attachedTemplate", "Macintosh%20HD:Users:a:My%20Template", True),
        ("attachedTemplate", "%5C%5Cevil%5Cx", False),
        ("attachedTemplate", "//evil.example/x.dotm", False), ("attachedTemplate", " ftp://evil.example/x", False),
        ("frame", "https://evil.example", False), ("externalLinkPath", "https://evil.example/b.xlsx", False),
        ("aFChunk", "http://x", False),
    ],
)  # fmt: skip
def test_what_a_file_loads_by_itself_is_refused_and_what_one_follows_is_not(kind: str, target: str, fine: bool) -> None:
    data = docx(p("x"), {"word/_rels/settings.xml.rels": relations(("rId1", f"{R}/{kind}", target, "External"))})
    if fine:
        assert zips.kind_of(data) == "docx"
    else:
        error = refused(data)
        assert error.code == "external"
        assert target.strip()[:20] in error.messages[0]


def test_relationships_are_read_wherever_they_stand() -> None:
    bad = relations(("a", HYPERLINK, "https://x", "External"), ("b", f"{R}/image", "https://evil.example/", "EXTERNAL"))
    assert refused(docx(more={"word/charts/_rels/chart1.xml.rels": bad})).code == "external"
    assert refused(xlsx({"xl/worksheets/_rels/sheet1.xml.rels": bad})).code == "external"


def test_drawings_of_the_old_kind_need_not_be_well_formed() -> None:
    assert zips.kind_of(docx(f"<w:p {NAMESPACES}/>", {"word/a.vml": "<xml><br></xml>"})) == "docx"
