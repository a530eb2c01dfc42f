"""Addresses of people as calendars write them (RFC 5545, 3.3.3; RFC 6068), and one form in which they are compared."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from .lines import one_line

LONGEST = 254  # octets (RFC 5321, 4.5.3.1.3, with the erratum)
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"/?#]{1,190}")
IN_A_LOCAL_PART = "!$'*+"  # besides letters, digits and ._~- (RFC 6068, 2)
SCHEME = re.compile(r"mailto:", re.IGNORECASE)


def mailto(email: str) -> str:
    """The address as a URI; what a URI can't hold is percent-encoded, and a domain is written as the DNS knows it."""
    local, _at, domain = one_line(email).rpartition("@")
    return f"mailto:{quote(local, safe=IN_A_LOCAL_PART)}@{quote(_ascii(domain))}"


def normal(address: str) -> str:
    """An address without `mailto:`, in small letters, its domain as the DNS knows it; "" for what is no address.

    The part before the @ is taken in small letters too: no mail server of today tells AMA@ from ama@, and calendars
    write either.
    """
    told = address.strip()
    if SCHEME.match(told):  # a URI, with percent-encoded octets and perhaps a subject
        told = unquote(SCHEME.sub("", told, count=1).partition("?")[0])
    told = told.strip().lower()
    if len(told) > LONGEST or not told.isprintable() or not ADDRESS.fullmatch(told):
        return ""
    local, _at, domain = told.rpartition("@")
    return f"{local}@{_ascii(domain)}"


def within(text: str) -> str:
    """The first address in what somebody typed, in its normal form; "" where there is none."""
    return next(filter(None, (normal(found[0]) for found in ADDRESS.finditer(text))), "")


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain  # no domain that the DNS could know; it is compared as it is written
