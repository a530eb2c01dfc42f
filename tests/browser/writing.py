"""Fill a database with texts that are being written, and print, as JSON, who may come in and where things are."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories as f
from tests.documents.making import png
from workflow.profiles import services as profiles
from workflow.profiles.models import TemplateVersion
from workflow.writing import figures, services
from workflow.writing.models import Text

from .filling import session, tell

TABLE = (
    "Table 1: Emigrants by country\n\n| Country | 2001 | 2007 |\n|---|---|---|\n| Côte d’Ivoire | 120,400 | 131,900 |\n"
    "| Nigeria | 61,200 | 58,730 |\n\nSource: Ghana Statistical Service, 2008"
)
BODY = (
    "Ghanaians leave for three reasons.[^1] The **first** is work.\n\n## Numbers\n\n" + TABLE +
    "\n\n![Returns by year](figure:1)\n\n- to Libya,\n- to Côte d’Ivoire.\n\n[^1]: Ministry of Interior, 2007."
)  # fmt: skip
PLACES = "ABCDEF"


def main() -> None:
    tell(_story)


def _story() -> dict[str, object]:
    project = f.project()
    ghana = f.twg("GH", of=project, names={"en": "TWG of Ghana"})
    people = {
        "consultant": f.seat(ghana, "consultant", "Ama Mensah"),
        "secretariat": f.seat(ghana, "secretariat", "Kofi Boateng"),
        "member": f.seat(ghana, "member", "Efua of the Ministry", institution=f.institution("Ministry of Interior")),
        "keeper": f.monitor(project, "Awa of IOM"),
    }
    edition = f.edition(f.profile(ghana, names={"en": "Profile of Ghana"}), stage="drafting", template=_template(1))
    text = services.open_text(edition, actor=None)
    _write(text)
    template = _template(2, project=project)
    return {
        "people": {who: session(person) for who, person in people.items()},
        "text": reverse("text", args=[text.pk]),
        "sections": {section.place: reverse("section", args=[section.pk]) for section in text.sections.all()},
        "template": reverse("template", args=[template.code]),
    }


def _template(number: int, **fields: object) -> TemplateVersion:
    parts = [
        {
            "letter": letter,
            "titles": {"en": f"Part {letter}, with a title as long as they are"},
            "sections": [
                {
                    "titles": {"en": f"Section {letter}{n} on labour migration"},
                    "guidance": {"en": "Use the **census**."},
                }
                for n in (1, 2)
            ],
        }
        for letter in PLACES
    ]
    return profiles.create_template(
        {"code": f"the-notes-{number}", "number": number, "names": {"en": "The note’s template"}, **fields},
        parts,
        actor=None,
    )


def _write(text: Text) -> None:
    told = {"caption": "Returns by year", "source": "Ministry of Interior", "year": "2008"}
    figures.add(text, SimpleUploadedFile("returns.png", png(600, 200)), told, actor=None, kind="figure")
    for section in text.sections.select_related("text"):
        if section.place.endswith(".1"):
            services.save(section, f"{BODY}\n\nThis is {section.place}.", actor=None, base=0)
