"""French and Portuguese take more room than English: no page grows wider than a phone by it."""

from __future__ import annotations

import pytest

from .conftest import PHONE, Enter, Site
from .looking import kind, overflow, pages


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_longer_words_do_not_widen_the_page(site: Site, enter: Enter, language: str) -> None:
    page = enter("secretariat", viewport=PHONE)
    contents = pages(site, page, "secretariat", site.addresses)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    shown = {kind(address): address for address in contents}
    assert len(shown) > 40
    wrong = []
    for address in shown.values():
        page.goto(site.url + address)
        wrong += [f"{address}: {wide}" for wide in [overflow(page)] if wide]
    assert not wrong, "\n".join(wrong)
