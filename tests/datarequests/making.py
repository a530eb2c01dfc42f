"""What the stories of data requests are made of: a TWG with its people, a section, a request, files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as f
from workflow.datarequests import services
from workflow.datarequests.flow import RequestFlow
from workflow.datarequests.models import DataRequest
from workflow.engine import services as engine
from workflow.engine.models import Event
from workflow.groups.models import Institution, Person, Project, Twg
from workflow.writing import services as writing
from workflow.writing.models import TextSection

DUE = date(2999, 6, 1)
WHAT = "Residence permits by nationality, 2004 to 2008"


@dataclass
class Country:
    """A TWG in which the consultant asks, and the immigration service is asked."""

    twg: Twg
    project: Project
    immigration: Institution
    consultant: Person
    secretariat: Person
    officer: Person  # who answers for the immigration service


def country(code: str = "GH", of: Project | None = None) -> Country:
    project = of or f.project()
    twg = f.twg(code, of=project, names={"en": f"TWG of {code}"})
    immigration = f.institution(f"Immigration Service {code}", category="law_enforcement", country=code)
    return Country(
        twg, project, immigration,
        consultant=f.seat(twg, "consultant", "The consultant"),
        secretariat=f.seat(twg, "secretariat", "The secretariat", institution=f.institution("Interior", country=code)),
        officer=f.seat(twg, "member", "The officer", institution=immigration),
    )  # fmt: skip


def section(of: Country) -> TextSection:
    """A section of the TWG's edition, which is being drafted."""
    edition = f.edition(of.twg, stage="drafting")
    text = writing.open_text(edition, actor=None)
    found = TextSection.objects.filter(text=text).order_by("position").first()
    assert found is not None
    return found


def ask(of: Country, *, actor: Any = None, institution: Institution | None = None, **fields: Any) -> DataRequest:
    told = {"what": WHAT, "why": "Part C describes who stays.", "due": DUE} | fields
    [made] = services.ask(of.twg, [institution or of.immigration], told, actor=actor)
    return made


def press(request: DataRequest, step: str, *, actor: Any = None, version: int | None = None, **answers: Any) -> Event:
    files = {name: value for name, value in answers.items() if name == "data_file"}
    return engine.perform(
        RequestFlow(request), step, actor=actor, version=version, note=answers.pop("note", ""), data=answers,
        files=files,
    )  # fmt: skip


def answered(of: Country, **fields: Any) -> DataRequest:
    made = ask(of, **fields)
    press(made, "answer", actor=of.officer, note="12,431 permits; see the yearbook.")
    return made


def upload(name: str = "permits.csv", content: bytes = b"year,permits\n2008,12431\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
