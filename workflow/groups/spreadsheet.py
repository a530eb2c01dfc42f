"""The institution directory as a spreadsheet, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _
from django_countries import countries

from . import sheets
from .models import Category, Institution
from .sheet_files import MOST_BYTES, UnreadableFile
from .sheets import Allowed, Layout, Sheet

__all__ = ["LAYOUT", "MOST_BYTES", "WRITERS", "Sheet", "UnreadableFile", "as_csv", "as_xlsx", "read"]

LAYOUT = Layout(
    name="institutions",
    columns={"code": 28, "name_en": 48, "name_fr": 48, "name_pt": 48, "acronym": 12, "category": 22, "country": 10,
             "website": 36},
    headings={
        "code": "code|codigo",
        "name_en": "name_en|name (english)|english name|name|nom anglais|nom (anglais)|nome em ingles|nome (ingles)",
        "name_fr": "name_fr|name (french)|french name|nom|nom francais|nom (francais)|nome em frances|nome (frances)",
        "name_pt": "name_pt|name (portuguese)|portuguese name|nome|nom portugais|nom (portugais)|nome em portugues|"
        "nome (portugues)",
        "acronym": "acronym|sigle|acronyme|sigla",
        "category": "category|categorie|categoria",
        "country": "country|pays|pais",
        "website": "website|site|site web|sitio web",
    },
    needed=("code", "category"),
    one_of=frozenset({"name_en", "name_fr", "name_pt"}),
    none_of_them=_("there is no column with a name"),
)  # fmt: skip


def cells_of(institution: Institution) -> list[str]:
    names = institution.names
    return [
        institution.code, names.get("en", ""), names.get("fr", ""), names.get("pt", ""), institution.acronym,
        institution.category, str(institution.country or ""), institution.website,
    ]  # fmt: skip


def as_csv(institutions: Iterable[Institution]) -> tuple[bytes, str]:
    return sheets.as_csv(LAYOUT, map(cells_of, institutions))


def as_xlsx(institutions: Iterable[Institution]) -> tuple[bytes, str]:
    """A second sheet lists the categories and countries; the category column offers its choices."""
    allowed = [
        Allowed("category", [(str(c.value), str(c.label)) for c in Category], only=True),
        Allowed("country", [(str(code), str(name)) for code, name in countries]),
    ]
    return sheets.as_xlsx(LAYOUT, map(cells_of, institutions), allowed)


WRITERS: dict[str, Callable[[Iterable[Institution]], tuple[bytes, str]]] = {"csv": as_csv, "xlsx": as_xlsx}


def read(name: str, content: bytes) -> Sheet:
    """The rows of an uploaded csv or xlsx file. Raises UnreadableFile with a reason for the person."""
    return sheets.read(name, content, LAYOUT)
