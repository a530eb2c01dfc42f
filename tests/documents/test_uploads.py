"""What people send is taken for what it holds, not for what it is called (hostile input)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from workflow.documents import uploads

from .making import PDF, docx, jpeg, png, png_header, upload, xlsx

ALL = tuple(uploads.LABELS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refused(data: bytes, kinds: Any = ALL) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        uploads.check(upload(data), kinds)
    return caught.value


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(), "png"), (jpeg(), "jpeg"), (PDF, "pdf"), (docx(), "docx"), (xlsx(), "xlsx"),
        ("code;nom\n1;Kayes é".encode(), "csv"), ("code;nom\n1;Kayes é".encode("latin-1"), "csv"),
        (b"\xef\xbb\xbfa,b", "csv"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.png", "a.docx", "a.exe", "", "noending", "a.pdf"])
def test_the_content_says_what_a_file_is_whatever_its_name(data: bytes, kind: str, name: str) -> None:
    assert uploads.check(upload(data, name or "x"), ALL).kind == kind


def test_what_was_checked_can_be_stored_with_its_hash_and_its_size() -> None:
    sent = upload(png(), "photo.png")
    sent.read()
    checked = uploads.check(sent, ["png"])
    assert (checked.name, checked.size, checked.sha256) == ("photo.png", len(png()), hashlib.sha256(png()).hexdigest())
    assert sent.read() == png()  # left at its beginning


@pytest.mark.parametrize("kinds", [["png"], ["docx"], ["csv", "pdf"]])
def test_another_kind_than_is_asked_for_is_refused_by_name(kinds: list[str]) -> None:
    error = refused(jpeg(), kinds)
    assert error.code == "kind"
    for kind in kinds:
        assert str(uploads.LABELS[kind]) in error.messages[0]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>x</script>", b"<!DOCTYPE html>", b"  \n<svg onload=x>", b"<?xml version='1.0'?><a/>",
        b"#!/bin/sh\nrm",
        b"a,b\x00c", b"MZ\x90\x00\x03", b"\x7fELF\x02", b"GIF89a\x01\x00", b"RIFF\x00\x00WEBP", b"{\\rtf1 \x01}",
        b"\x1b[31m",
        b"\xff\xfea\x00;\x00",
    ],
)  # fmt: skip
def test_what_hides_behind_a_table_in_text_is_refused(data: bytes) -> None:
    assert refused(data).code == "kind"


def test_an_empty_file_is_refused() -> None:
    assert refused(b"").messages == ["This file is empty."]


# -- size -------------------------------------------------------------------------------------------------


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Any) -> None:
    class Large:
        name, size = "a.png", settings.UPLOAD_LIMIT + 1

        def read(self, _count: int = -1) -> bytes:
            raise AssertionError("nobody reads 200 MB")

        seek = read

    with pytest.raises(ValidationError) as caught:
        uploads.check(Large(), ["png"])
    assert (caught.value.code, caught.value.messages) == ("too-large", ["This file is larger than 10 MB."])


def test_a_file_that_lies_about_its_size_is_measured(settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    sent = upload(b"a," * 1024 * 1024, "a.csv")
    sent.size = 3
    with pytest.raises(ValidationError, match="larger than 1 MB"):
        uploads.check(sent, ["csv"])


def test_a_file_of_just_the_limit_is_taken(settings: Any) -> None:
    settings.UPLOAD_LIMIT = len(png())
    assert uploads.check(upload(png()), ["png"]).size == len(png())


# -- pictures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        png_header(100_000, 10), png_header(20_000, 20_000), png_header(0, 10), png_header(10, 0), png()[:20],
        png()[:8],
        jpeg(0, 5), jpeg(65_000, 65_000), jpeg()[:12], b"\xff\xd8\xff", b"\xff\xd8\xff" + b"\xff" * 40,
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
)  # fmt: skip
def test_a_picture_without_a_sane_size_is_refused_undecoded(data: bytes) -> None:
    assert refused(data).messages == ["This picture is damaged, or too large to be shown."]


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", OLE[:8], b""]),
)
def test_no_heap_of_bytes_ends_in_anything_but_an_answer(data: bytes, head: bytes) -> None:
    try:
        answer = uploads.check(upload(head + data), ALL).kind
    except ValidationError as error:
        answer = str(error.code)
    assert answer in (*ALL, "kind", "damaged", "encrypted", "empty", "too-large", "active", "entities", "external")


# -- PDF and old Office -----------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [b"/Encrypt 5 0 R", b"/Encrypt  12 0 R", b"/Encrypt<</Filter/Standard>>"])
def test_a_pdf_with_a_password_is_refused(more: bytes) -> None:
    assert refused(PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R" + more)).code == "encrypted"


def test_a_pdf_that_only_speaks_of_encryption_is_taken() -> None:
    assert uploads.check(upload(PDF.replace(b"trailer", b"(how to /Encrypt a file)trailer")), ["pdf"]).kind == "pdf"


def test_half_a_pdf_is_refused() -> None:
    assert "its end is missing" in refused(PDF[:-8]).messages[0]


def test_a_file_of_an_older_office_is_told_what_to_do() -> None:
    assert "save it as .docx or .xlsx" in refused(OLE).messages[0]


def test_an_encrypted_office_file_is_told_from_an_old_one() -> None:
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le")).code == "encrypted"


# -- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("../../etc/passwd", "csv", "passwd.csv"), ("C:\\Users\\x\\Profil.docx", "docx", "Profil.docx"),
        ("/abs/é à.PNG", "png", "é à.png"), ("a\u202egnp.exe", "png", "agnp.png"), (".htaccess", "csv", "htaccess.csv"),
        ("", "png", "file.png"), (None, "pdf", "file.pdf"), ("....", "pdf", "file.pdf"),
        ("photo.php", "jpeg", "photo.jpg"),
        ("photo.JPEG", "jpeg", "photo.jpeg"), ('a";b\r\nX-Y: z.xlsx', "xlsx", "a bX-Y z.xlsx"),
        ("a%2fb.txt", "csv", "a 2fb.txt"),
        ("x\x00.png", "png", "x.png"), ("<b>.png", "png", "b.png"), ("a/b\\..", "png", "file.png"),
        ("a..png", "png", "a.png"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_words_and_loses_its_tricks(name: str | None, kind: str, clean: str) -> None:
    assert uploads.clean_name(name, kind) == clean


@given(st.text(max_size=300), st.sampled_from(ALL))
def test_any_name_becomes_one_that_is_safe_to_keep_and_to_offer(name: str, kind: str) -> None:
    clean = uploads.clean_name(name, kind)
    assert len(clean) <= uploads.MOST_NAME + 5
    assert clean.rpartition(".")[2] in uploads.ENDINGS[kind]
    assert not clean.startswith((".", " "))
    assert not set(clean) & set('/\\<>:"|?*%;\r\n\t\0')
    assert clean.isprintable()
    assert uploads.clean_name(clean, kind) == clean
