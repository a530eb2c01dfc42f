"""Files and rows come and go together, and what is stored is given out so that a browser runs nothing of it."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from workflow.documents.uploads import Checked
from workflow.engine import export
from workflow.engine.storing import Wrote, put_file

log = logging.getLogger(__name__)

CHUNK = 64 * 1024  # bytes


def put_upload(row: Any, upload: Any, checked: Checked, content_type: str, wrote: Wrote) -> None:
    """Give a row (`file`, `name`, `size`, `sha256`, `content_type`) its file; on disk it has a name of ours, not of
    who sent it. The file goes again (`wrote`) where the row is refused."""
    upload.seek(0)
    put_file(row.file, f"{checked.sha256[:16]}.{checked.kind}", upload, wrote)
    row.name, row.size, row.sha256, row.content_type = checked.name, checked.size, checked.sha256, content_type


def drop_after_commit(file: Any) -> None:
    """Remove a stored file once its row is gone for good."""
    storage, name = file.storage, file.name
    transaction.on_commit(lambda: storage.delete(name))


def hash_of(file: Any) -> str:
    """The SHA-256 of a stored file; "" where it is gone."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def given(request: HttpRequest, row: Any, *, attached: bool) -> HttpResponseBase:
    """The file of a row (`file`, `name`, `content_type`, `sha256`), to be kept if `attached`. 404 if it is gone."""
    etag = f'"{row.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        chunks, size = row.file.open("rb").chunks(CHUNK), row.file.size
    except FileNotFoundError as error:
        log.error("the file of %s %s is not in the storage: %s", row._meta.model_name, row.pk, row.file.name)
        raise Http404 from error
    response = export.streamed(request, chunks, row.name, row.content_type)
    response["Content-Disposition"] = content_disposition_header(attached, row.name) or "attachment"
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    return response
