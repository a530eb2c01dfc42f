"""Which section of the template a heading of the file names (S07, S13)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from workflow.documents.word_in import Block, match

from .effort import steps

# As the writing room gives them: place, titles in three languages, and a part's for its only section.
SECTIONS = [
    ["A.1", "Historical overview", "Aperçu historique", "Panorama histórico"],
    ["A.2", "Sources", "Sources", "Fontes"],
    ["B.1", "Emigrants", "Émigrés", "Emigrantes"],
    ["B.2", "Sources", "Sources", "Fontes"],
    ["C.2", "Migration and employment", "Migration et emploi", "Migração e emprego"],
    ["D", "D", "Migration and development", "Migration et développement", "Migração e desenvolvimento"],
    ["E.1", "Policy framework", "Cadre politique", "Quadro político"],
]


def named(*titles: str) -> list[int | None]:
    return match([Block(1, title, "") for title in titles], SECTIONS)


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Aperçu historique", 0), ("APERCU HISTORIQUE", 0), ("A.1 Aperçu historique", 0),
        ("A.1. Aperçu  historique :", 0),
        ("1.1 Aperçu historique", 0), ("II. Aperçu historique", 0), ("Panorama histórico", 0),
        ("Historical Overview", 0),
        ("C.2", 4), ("c.2 – Autre titre", 4), ("C.2) Migrations et emplois", 4), ("Migrations et emploi", 4),
        ("Partie D", 5), ("Part D: whatever", 5), ("PARTIE D – MIGRATION ET DÉVELOPPEMENT", 5), ("D. Développement", 5),
        ("Section E.1", 6), ("Le cadre politique", 6), ("Émigrés", 2), ("Emigres", 2),
        ("E.1 Aperçu historique", 0), # its own title counts more than the place
        ("Bibliographie", None), ("", None), ("…", None), ("Annexe 3", None), ("A propos de ce rapport", None),
        ("D", 5),
        ("C'est la vie", None), ("E", None), ("F.9 Rien", None), ("Migration", None), ("a", None), ("1.", None),
    ],
)  # fmt: skip
def test_a_heading_finds_its_section(title: str, section: int | None) -> None:
    assert named(title) == [section]


def test_of_two_sections_with_one_title_the_next_is_meant() -> None:
    assert named("Aperçu historique", "Sources", "Émigrés", "Sources") == [0, 1, 2, 3]
    assert named("Sources", "Sources") == [1, 3]
    assert named("Cadre politique", "Sources") == [6, 1]
    assert named("B.2 Sources") == [3]


def test_no_heading_and_no_section_match_nothing() -> None:
    assert match([], SECTIONS) == []
    assert match([Block(1, "A.1", "")], []) == [None]
    assert match([Block(1, "x", "")], [[], [""]]) == [None]


def test_hundreds_of_headings_find_their_sections() -> None:
    @dataclass
    class Titled:
        title: str

    sections = [[f"C.{n}", *(f"Title number {n} of a section, in {x}" for x in ("en", "fr", "pt"))] for n in range(60)]

    def work(count: int) -> int:
        headings = [Titled(f"Titel number {n % 60} of section " + "x" * 200) for n in range(count)]
        return steps(lambda: match(headings, sections))

    assert work(120) < work(30) * 5
