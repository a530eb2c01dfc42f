"""Pages of results, and the version that a request names.

No view is imported here: the framework reads `Pages` while it makes its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from .errors import Incomplete
from .problems import VersionRequired


class Pages(PageNumberPagination):
    """`page` and `page_size`; the envelope is count, next, previous, results."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def body_of(request: Request) -> Mapping[str, Any]:
    """The body's fields. Raises ParseError when it is JSON but no object."""
    if not isinstance(request.data, Mapping):
        raise exceptions.ParseError("The body must be a JSON object.")
    return request.data


def expected_version(request: Request) -> int:
    """The version that the client has read, from If-Match or from `version` in the body.

    Raises VersionRequired when it is in neither, Incomplete when it is no number or when the two differ.
    """
    stated = []
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    in_body = body_of(request).get("version")
    for value in (header, in_body):
        if value in (None, ""):
            continue
        if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
            raise Incomplete({"version": ["A version is a whole number."]})
        stated.append(int(value))
    if not stated:
        raise VersionRequired()
    if len(set(stated)) > 1:
        raise Incomplete({"version": ["If-Match and the body name different versions."]})
    return stated[0]


def stated_version(request: Request) -> int | None:
    """The version, for what only adds and may leave it out."""
    try:
        return expected_version(request)
    except VersionRequired:
        return None
