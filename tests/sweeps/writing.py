"""Secrets of texts: what is written, typed, frozen, enclosed and brought in; and what of it is everybody's."""

from __future__ import annotations

import io

import docx
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from tests.documents.making import png
from workflow.profiles.models import Edition
from workflow.writing import at_work, figures, services, word_import
from workflow.writing.models import Text, TextSection

from .world import INSIDE, KINDS, World

THEIRS = {"other secretariat", "other monitor"}


def plant(world: World) -> None:
    _inside(world)
    _elsewhere(world)
    _published(world)


def _section(text: Text) -> TextSection:
    section = text.sections.select_related("text").order_by("position")[0]
    section.text = text
    return section


def _write(text: Text, body: str, note: str = "") -> None:
    section = _section(text)
    services.save(section, body, actor=None, base=section.number, note=note)


def _inside(world: World) -> None:
    """A text of Ghana's that is being drafted: revisions, drafts, files, what the consultant alone has."""
    edition = f.edition(f.profile(world.objects["twg"], names={"en": "Profile in the making"}), stage="drafting")
    text = services.open_text(edition, actor=None)

    def secret(word: str) -> str:
        return world.plant(word, known_to=INSIDE)

    figure = SimpleUploadedFile(f"{secret('figurefile')}.png", png())
    told = {"caption": secret("figurecaption"), "source": secret("figuresource"), "year": "2008"}
    world.objects["enclosure"] = figures.add(text, figure, told, actor=None, kind="figure")
    paper = SimpleUploadedFile(f"{secret('paperfile')}.csv", f"{secret('papercontent')},2008\n".encode())
    told = {"caption": secret("papercaption"), "source": "", "year": ""}
    world.objects["other enclosure"] = figures.add(text, paper, told, actor=None, kind="attachment")
    _write(text, secret("oldbody"), note=secret("oldnote"))
    services.take_draft(text, secret("olddraft"), actor=None)
    _write(text, f"{secret('textbody')}\n\n![](figure:1)", note=secret("revisionnote"))
    world.objects |= {"text": text, "section": _section(text)}
    world.objects["draft"] = services.take_draft(text, secret("draftname"), actor=None)
    _alone(world, text)


def _alone(world: World, text: Text) -> None:
    """What the consultant has typed and not saved, and a Word file that is not taken over yet."""

    def secret(word: str) -> str:
        return world.plant(word, known_to={"consultant"})

    consultant = world.people["consultant"]
    section = text.sections.select_related("text").order_by("position")[1]
    at_work.keep_scratch(section, consultant, secret("scratch"), base=0, note=secret("scratchnote"))
    world.objects["second section"] = section
    made = docx.Document()
    made.add_paragraph(secret("wordcontent"))
    out = io.BytesIO()
    made.save(out)
    upload = SimpleUploadedFile(f"{secret('wordfile')}.docx", out.getvalue())
    world.objects["word file"] = word_import.bring(text, upload, actor=consultant)


def _elsewhere(world: World) -> None:
    """Another country's text, which nobody of Ghana finds."""
    text = services.open_text(world.objects["other edition"], actor=None)
    _write(text, world.plant("otherbody", known_to=THEIRS), note=world.plant("othernote", known_to=THEIRS))
    draft = services.take_draft(text, world.plant("otherdraft", known_to=THEIRS), actor=None)
    world.objects |= {"other text": text, "other draft": draft, "other section": _section(text)}


def _published(world: World) -> None:
    """A published text: its last draft is everybody's, and nothing else of it is."""
    edition: Edition = world.objects["published edition"]
    text = services.open_text(edition, actor=None)
    before, why = (world.plant(word, known_to={"monitor"}) for word in ("publishedbefore", "publishednote"))
    _write(text, before, note=why)
    services.take_draft(text, world.plant("publisheddraft", known_to={"monitor"}), actor=None)
    _write(text, world.plant("publishedbody", known_to=KINDS))
    draft = services.take_draft(text, world.plant("lastdraft", known_to={"monitor"}), actor=None)
    world.objects |= {"published text": text, "published draft": draft, "published section": _section(text)}
