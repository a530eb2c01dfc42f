"""Words of another language, so that tests see in which one a label is written; how hard properties are tried."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils.translation import trans_real
from hypothesis import settings as limits

# Some examples of each property every time; `HYPOTHESIS_PROFILE=thorough` tries many more.
limits.register_profile("usual", max_examples=25, deadline=None)
limits.register_profile("thorough", max_examples=500, deadline=None)
limits.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

FRENCH = {
    "Table of contents": "Table des matières",
    "Source: %(source)s": "Source\u00a0: %(source)s",
    "Figure %(number)s": "Figure %(number)s",
    "Figure %(number)s: %(caption)s": "Figure %(number)s\u00a0: %(caption)s",
    "Figure %(number)s is missing: no figure bears this number.": "La figure %(number)s manque.",
    "Page %(page)s of %(pages)s": "Page %(page)s sur %(pages)s",
    "%(label)s: %(text)s": "%(label)s\u00a0: %(text)s",
    "Draft": "Projet",
}


@pytest.fixture
def french_words(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The house's French as it stands is others' business: here is one of our own, whole and short."""
    catalog = Catalog(locale="fr")
    for english, french in FRENCH.items():
        catalog.add(english, french)
    folder = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    out = io.BytesIO()
    write_mo(out, catalog)
    (folder / "django.mo").write_bytes(out.getvalue())
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    _forget()
    yield
    _forget()


def _forget() -> None:
    """Django keeps every catalogue that it has read."""
    known: Any = trans_real
    known._translations.clear()
    known._default = None
