"""A small profile to print: Mali's, 2009, in French."""

from __future__ import annotations

from workflow.documents.book import Book, BookFigure, BookPart, BookSection

from .making import png

BODY = """Le Mali est un pays de **départ**, de *transit* et de `retour`[^1] ; voir la [note](https://iom.int/a?b=1&c=2).

### Emploi

- la Côte d'Ivoire ;
- le Gabon :
    - Libreville,
    - Port-Gentil.

4. quatre
5. cinq

![Retours volontaires](figure:3)

Tableau 1 : Maliens à l'étranger

| Pays | 2008 | Note |
|---|---|---|
| Gabon | 14 000 | a & b |
| France | 100 000 | *INSEE* |
Source : INSTAT, 2008

> Les transferts comptent.

#### Manques

![](figure:9)

Voir [la figure](figure:3) et ![x](figure:3). Fin.[^2][^1]

| sans | source |
|---|---|
| x | y |

[^1]: INSTAT, *Enquête*, 2007.

    Suite de la note.
[^2]: Voir le [site](https://example.org).
"""
FIGURE = BookFigure(png(600, 300), "Retours", "Direction nationale", "2008", "Des barres qui montent")


def find(number: int) -> BookFigure | None:
    return FIGURE if number == 3 else None


def book(body: str = BODY, *, draft: bool = True, title: str = "Profil migratoire du Mali", **more: object) -> Book:
    parts = [
        BookPart("A", "Contexte", [BookSection("A.1", "Aperçu historique", body), BookSection("A.2", "Sources", "")]),
        BookPart("B", "Émigrés", [BookSection("B.1", "Qui part ?", "Un seul paragraphe.")]),
    ]
    told = {
        "title": title, "subtitle": "GTT du Mali", "cover": [("Pays", "Mali")], "language": "fr", "parts": parts,
        "figure": find, "note": "Version 2, pour le tour de mars", "draft": draft,
    }  # fmt: skip
    return Book(**(told | more))  # type: ignore[arg-type]
