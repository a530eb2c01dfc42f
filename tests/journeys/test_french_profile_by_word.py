"""Mali's 2009 edition goes its way as a Word file: into the sections, through a draft and a round, out and in again.

Requirements S07 (the template's parts), S10 (the consultant drafts), S13 (named drafts, rounds, the matrix).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from tests.comments import making as m
from tests.documents.making import png
from tests.writing.making import get, post, words
from workflow.engine import history
from workflow.groups.models import Person
from workflow.profiles import services as profiles
from workflow.profiles.models import Edition
from workflow.writing import services
from workflow.writing.models import Draft, Enclosure, Text, WordFile

pytestmark = pytest.mark.django_db

TITLES = {
    "A": ("Tendances et caractéristiques des migrations", ["Aperçu historique", "Immigration", "Émigration"]),
    "B": ("Contexte et facteurs des migrations", ["Marché du travail", "Environnement"]),
    "C": ("Incidences des migrations", ["Transferts de fonds", "Santé et éducation"]),
    "D": ("Cadre institutionnel", ["Lois", "Institutions"]),
    "E": ("Politiques et acteurs", ["Accords de réadmission", "Société civile"]),
    "F": ("Conclusions et recommandations", ["Gestion des données", "Pistes d’action"]),
}


@dataclass
class Mali:
    edition: Edition
    text: Text
    consultant: Person
    secretariat: Person
    ministry: Person

    def bodies(self) -> dict[str, str]:
        return dict(self.text.sections.order_by("position").values_list("place", "body"))


def in_mali() -> Mali:
    parts = [
        {"letter": letter, "titles": {"fr": title, "en": f"Part {letter}"},
         "sections": [{"titles": {"fr": name, "en": f"Section {letter}{n}"}} for n, name in enumerate(names, 1)]}
        for letter, (title, names) in TITLES.items()
    ]  # fmt: skip
    template = profiles.create_template(
        {"code": "modele", "number": 1, "names": {"fr": "Modèle", "en": "Template"}}, parts, actor=None
    )
    twg = f.twg("ML", of=f.project(), languages=["fr"], names={"fr": "GTT du Mali", "en": "TWG of Mali"})
    people = [f.seat(twg, "consultant", "Awa la consultante"), f.seat(twg, "secretariat", "Le secrétariat")]
    for person in people:
        Person.objects.filter(pk=person.pk).update(language="fr")
        person.refresh_from_db()
    profile = f.profile(twg, names={"fr": "Profil migratoire du Mali", "en": "Migration Profile of Mali"})
    edition = f.edition(profile, template=template, stage="drafting", label="2009")
    text = services.open_text(edition, actor=people[0])
    assert text.language == "fr"
    return Mali(edition, text, *people, m.ministry(twg, "Ministère des Maliens de l’Extérieur")[1])


@pytest.fixture
def mali() -> Mali:
    return in_mali()


def file_of_the_consultant() -> bytes:
    """As a consultant writes it: parts and sections are headings, a table with its source, a list, a picture."""
    made = docx.Document()
    made.add_heading("Profil migratoire du Mali", level=0)
    made.add_paragraph("Avant-propos de la consultante.")
    for letter, (title, names) in TITLES.items():
        made.add_heading(f"Partie {letter} : {title}", level=1)
        for number, name in enumerate(names, 1):
            made.add_heading(f"{letter}.{number} {name}", level=2)
            told = made.add_paragraph(f"« {name} » au Mali : quatre millions de personnes vivent ")
            told.add_run("hors du pays").bold = True
            told.add_run(", dit l’enquête de 2007.")
            made.add_heading("Sources", level=3)
            made.add_paragraph("le recensement ;", style="List Bullet")
            made.add_paragraph("les registres consulaires.", style="List Bullet")
            if name == "Transferts de fonds":
                _with_figures(made)
    return _bytes(made)


def _with_figures(made: Any) -> None:
    made.add_paragraph("Tableau 1 : Transferts reçus")
    table = made.add_table(2, 2)
    for row, cells in enumerate((("Année", "Milliards de FCFA"), ("2008", "126"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    made.add_paragraph("Source : BCEAO, 2008")
    made.add_picture(io.BytesIO(png(200, 120)))
    made.add_paragraph("Les transferts par année", style="Caption")
    made.add_paragraph("Source : BCEAO, 2008")


def _bytes(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bring(mali: Mali, data: bytes, name: str) -> WordFile:
    upload = SimpleUploadedFile(name, data)
    answer = post(mali.consultant, "text-import", mali.text.pk, file=upload)
    brought = WordFile.objects.get()
    assert answer.url == f"/word/{brought.pk}/"
    return brought


def take_over(mali: Mali, brought: WordFile) -> Any:
    """Press the button under the preview as it stands."""
    form = get(mali.consultant, "word-file", brought.pk).context["form"]
    return post(mali.consultant, "word-file", brought.pk, **{field.name: field.value() or "" for field in form})


def test_from_a_word_file_to_a_round_and_by_word_back_to_the_same_sections(mali: Mali) -> None:
    brought = bring(mali, file_of_the_consultant(), "profil mali.docx")
    preview = words(get(mali.consultant, "word-file", brought.pk))
    assert "Avant-propos de la consultante." in preview
    assert "C.1 Transferts de fonds" in preview
    assert take_over(mali, brought).url == f"/texts/{mali.text.pk}/"
    written = mali.bodies()
    assert len(written) == sum(len(names) for _title, names in TITLES.values())
    assert all("**hors du pays**" in body for body in written.values())
    assert "| 2008 | 126 |" in written["C.1"]
    assert "figure:1" in written["C.1"]
    assert "126" not in "".join(body for place, body in written.items() if place != "C.1")
    figure = Enclosure.objects.get()
    assert (figure.caption, figure.source, figure.year) == ("Les transferts par année", "BCEAO", "2008")
    assert not any(part.missing_sources for part in get(mali.consultant, "text", mali.text.pk).context["parts"])

    answer = post(mali.consultant, "draft-new", mali.text.pk, name="pour la consultation de mars")
    draft = Draft.objects.get()
    assert answer.url == f"/drafts/{draft.pk}/"
    _round(mali, draft)
    out = get(mali.consultant, "draft-export", draft.pk, "docx")
    assert 'filename="profil-migratoire-du-mali' in out["Content-Disposition"]
    document = docx.Document(io.BytesIO(out.content))
    _printed_in_french(document)

    again = bring(mali, out.content, "profil de retour.docx")
    blocks = get(mali.consultant, "word-file", again.pk).context["rows"]
    assert not [block.title for block, _excerpt, _field in blocks if block.follows]
    take_over(mali, again)
    assert _same(mali.bodies()) == _same(written), "what went out came back as it was"
    assert history.verify().broken is None


def _round(mali: Mali, draft: Draft) -> None:
    """The ministry comments on the draft, and the matrix has its line."""
    f.perform(mali.edition, "submit_draft")
    round_ = m.opened(mali.edition.twg, draft)
    section = mali.text.sections.get(place="C.1")
    m.comment(round_, mali.ministry, "La BCEAO donne 128 milliards.", section=section)
    matrix = words(get(mali.secretariat, "round-matrix", round_.pk))
    for told in ("Ministère des Maliens de l’Extérieur", "C.1", "La BCEAO donne 128 milliards."):
        assert told in matrix


def _printed_in_french(document: Any) -> None:
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "Table des matières" in lines
    assert any(line.startswith("A. Tendances") for line in lines)
    assert any("Source\u00a0: BCEAO, 2008" in line for line in lines)
    assert document.core_properties.language.startswith("fr")


def _same(bodies: dict[str, str]) -> dict[str, str]:
    """A picture that came back is a figure of its own: its number is another, and the text around it is not."""
    import re

    return {place: re.sub(r"figure:\d+", "figure:n", body) for place, body in bodies.items()}
