"""The files that institutions send: judged by their content, kept out of everybody's reach, given to those who may."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from tests import factories as f
from tests.groups.reading import browser
from workflow.datarequests.models import DataAnswer, DataRequest

from .making import Country, ask, country, press, upload, zip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def send(client: Client, request: DataRequest, file: SimpleUploadedFile, **fields: Any) -> Any:
    url = reverse("act", args=["request", request.pk, "answer"])
    return client.post(url, {"version": request.version, "data_file": file, **fields})


def stored() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def docx_with(**parts: bytes) -> bytes:
    """A Word document with parts beside its own."""
    import zipfile

    out = io.BytesIO()
    Document().save(out)
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize(("name", "content", "shown", "kind"), [
    ("permits.csv", b"year,permits\n2008,12431\n", "permits.csv", "text/csv; charset=utf-8"),
    ("permits.pdf", PDF, "permits.pdf", "application/pdf"),
    ("permits.pdf", b"year,permits\n", "permits.csv", "text/csv; charset=utf-8"),
    ("Permis de résidence 2008.csv", b"a,b\n", "Permis de résidence 2008.csv", "text/csv; charset=utf-8"),
    ("../../../etc/passwd", b"root,x\n", "passwd.csv", "text/csv; charset=utf-8"),
    ("..\\..\\boot.ini", b"a,b\n", "boot.csv", "text/csv; charset=utf-8"),
    ("x.exe", docx_with(), "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
])  # fmt: skip
def test_a_file_is_kept_as_what_its_content_says_under_a_clean_name(
    ghana: Country, name: str, content: bytes, shown: str, kind: str
) -> None:
    assert send(browser(ghana.officer), ask(ghana), SimpleUploadedFile(name, content)).status_code == 302
    answer = DataAnswer.objects.get()
    assert (answer.name, answer.content_type, answer.size) == (shown, kind, len(content))
    [path] = stored()
    assert path.name.startswith(answer.sha256[:16]), "on disk it has no name that somebody chose"
    assert Path(settings.MEDIA_ROOT) in path.parents


@pytest.mark.parametrize(("name", "content"), [
    ("figures.docx", docx_with(**{"word/vbaProject.bin": b"macro"})),
    ("figures.xlsx", zip_of(**{"[Content_Types].xml": b"<Types/>", "xl/vbaProject.bin": b"macro"})),
    ("figures.csv", b"<!doctype html><script>alert(1)</script>"),
    ("figures.csv", b"#!/bin/sh\nrm -rf /\n"),
    ("figures.csv", b"MZ\x90\x00\x03"),
    ("figures.pdf", b"%PDF-1.4 cut off"),
    ("figures.png", b"\x89PNG\r\n\x1a\n broken"),
    ("figures.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("figures.zip", zip_of(**{"a.txt": b"a"})),
    ("bomb.docx", zip_of(**{"word/document.xml": b"0" * (80 * 1024 * 1024)})),
    ("empty.csv", b""),
])  # fmt: skip
def test_what_is_no_paper_is_refused_on_its_field_and_nothing_is_kept(
    ghana: Country, name: str, content: bytes
) -> None:
    request = ask(ghana)
    answer = send(browser(ghana.officer), request, SimpleUploadedFile(name, content), note="My long answer")
    assert answer.status_code in (413, 422)
    page = answer.content.decode()
    assert "data_file" in page
    assert "My long answer" in page, "what was typed stays"
    request.refresh_from_db()
    assert (request.state, DataAnswer.objects.count(), stored()) == ("asked", 0, [])


def test_a_file_over_the_limit_is_413_on_its_field(ghana: Country) -> None:
    request = ask(ghana)
    answer = send(browser(ghana.officer), request, upload(content=b"a,b\n" * (10 * 1024 * 1024 // 4 + 1)))
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.content.decode()
    assert stored() == []


def test_200_megabytes_are_refused_before_anything_reads_them(ghana: Country) -> None:
    request = ask(ghana)
    url = reverse("act", args=["request", request.pk, "answer"])
    client = browser(ghana.officer)
    answer = client.generic(
        "POST", url, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 1024 * 1024)
    )
    assert answer.status_code == 413
    assert stored() == []


def test_a_refused_form_and_a_stale_one_leave_no_file(ghana: Country) -> None:
    request = ask(ghana)
    client = browser(ghana.officer)
    url = reverse("act", args=["request", request.pk, "answer"])
    assert client.post(url, {"data_file": upload()}).status_code == 400, "a form without its version"
    press(request, "withdraw", note="Found.")
    stale = client.post(url, {"data_file": upload(), "note": "My words", "version": request.version - 1})
    assert stale.status_code == 409
    assert "My words" in stale.content.decode()
    assert stored() == []


# -- given out -----------------------------------------------------------------------------------------------


@pytest.fixture
def answer(ghana: Country) -> DataAnswer:
    press(ask(ghana), "answer", actor=ghana.officer, data_file=upload("permits <b>.csv", b"year,permits\n"))
    return DataAnswer.objects.get()


def test_the_file_is_downloaded_and_never_shown(ghana: Country, answer: DataAnswer) -> None:
    got: Any = browser(ghana.consultant).get(reverse("data-answer", args=[answer.pk]))
    assert got.status_code == 200
    assert b"".join(got.streaming_content) == b"year,permits\n"
    assert got["Content-Disposition"].startswith("attachment;")
    assert got["Content-Type"] == "text/csv; charset=utf-8"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "private" in got["Cache-Control"]


def test_members_and_iom_may_have_it_and_nobody_else(ghana: Country, answer: DataAnswer) -> None:
    url = reverse("data-answer", args=[answer.pk])
    for person in (ghana.consultant, ghana.officer, f.seat(ghana.twg, "chair"), f.monitor(ghana.project)):
        assert browser(person).get(url).status_code == 200
    others = [
        f.seat(ghana.twg, "observer"), f.seat(f.twg("ML", of=ghana.project), "secretariat"), f.person(),
        f.administrator(), f.monitor(f.project()),
    ]  # fmt: skip
    for person in others:
        assert browser(person).get(url).status_code == 404
    assert browser(None).get(url).status_code == 302


def test_an_answer_in_words_alone_has_no_file(ghana: Country) -> None:
    press(ask(ghana), "answer", actor=ghana.officer, note="12,431")
    url = reverse("data-answer", args=[DataAnswer.objects.get().pk])
    assert browser(ghana.consultant).get(url).status_code == 404


def test_a_file_that_the_disk_has_lost_is_not_found_and_written_to_the_log(
    ghana: Country, answer: DataAnswer, caplog: Any
) -> None:
    answer.file.storage.delete(str(answer.file.name))
    assert browser(ghana.consultant).get(reverse("data-answer", args=[answer.pk])).status_code == 404
    assert "is not in the storage" in caplog.text


def test_no_address_of_the_storage_leads_to_it(ghana: Country, answer: DataAnswer) -> None:
    for path in (f"/{answer.file.name}", f"/media/{answer.file.name}", f"/files/{answer.file.name}"):
        assert browser(ghana.consultant).get(path).status_code == 404
