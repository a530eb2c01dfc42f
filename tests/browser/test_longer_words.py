"""French and Portuguese take more room than English: no page grows wider than a phone by it."""

from __future__ import annotations

import re

import pytest

from .conftest import PHONE, Enter, Site
from .test_every_page import overflow, pages

ALIKE = re.compile(r"[\w-]*\d+")  # what names one object among others of its kind
OF_A_KIND = 2


def of_each_kind(addresses: list[str]) -> list[str]:
    """At most two pages of each kind: a third object says the same in the same places."""
    found: dict[str, list[str]] = {}
    for address in addresses:
        found.setdefault(ALIKE.sub("#", address), []).append(address)
    return [address for kind in found.values() for address in kind[:OF_A_KIND]]


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_longer_words_do_not_widen_the_page(site: Site, enter: Enter, language: str) -> None:
    page = enter("secretariat", viewport=PHONE)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    addresses = of_each_kind(list(pages(site, page, site.addresses)))
    assert len(addresses) > 40
    wrong = []
    for address in addresses:
        page.goto(site.url + address)
        wrong += [f"{address}: {wide}" for wide in [overflow(page)] if wide]
    assert not wrong, "\n".join(wrong)
