"""What the writing room brings to the engine: its kinds of subject, and the terms of reference as a paper."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.engine import kinds
from workflow.engine.kinds import SubjectKind
from workflow.groups import access
from workflow.groups.models import TermsOfReference, TermsState

from . import papers
from .models import Draft, Text, TextSection
from .papers import Heading, Paper

KEEPERS = access.chair | access.secretariat | access.iom


def register() -> None:
    papers.register(
        Paper(
            kind="terms",
            writers=KEEPERS,
            takers=KEEPERS,
            readers=lambda person: TermsOfReference.objects.all().visible_to(person),
            headings=_terms_headings,
            closed=lambda terms: "" if terms.state == TermsState.DRAFT else _("These terms are not a draft any more."),
            language=language_of_twg,
        )
    )
    kinds.register(
        SubjectKind(
            name="text",
            model=Text,
            label=_("Text"),
            visible_to=lambda person: Text.objects.all().visible_to(person),
            internal_to=lambda person: Text.objects.all().visible_to(person),
            url=lambda text: reverse("text", args=[text.pk]),
            events={"opened": _("Opened"), "enclosed": _("Figure or file added"), "withdrawn": _("File withdrawn"),
                    "imported": _("Imported from Word")},
        )
    )  # fmt: skip
    kinds.register(
        SubjectKind(
            name="section",
            model=TextSection,
            label=_("Section"),
            visible_to=lambda person: TextSection.objects.all().visible_to(person),
            internal_to=lambda person: TextSection.objects.all().visible_to(person),
            url=lambda section: reverse("section", args=[section.pk]),
            events={"created": _("Opened"), "revised": _("Revised")},
        )
    )
    kinds.register(
        SubjectKind(
            name="draft",
            model=Draft,
            label=_("Draft"),
            visible_to=lambda person: Draft.objects.all().visible_to(person),
            internal_to=lambda person: Draft.objects.all().visible_to(person),
            url=lambda draft: reverse("draft", args=[draft.pk]),
            events={"taken": _("Taken")},
        )
    )


def language_of_twg(subject: Any) -> str:
    """The first of the TWG's languages that Palabre speaks, else English."""
    from django.conf import settings

    known = [code for code, _name in settings.LANGUAGES]
    return next((code for code in subject.twg.languages if code in known), "en")


def _terms_headings(terms: TermsOfReference) -> list[Heading]:
    body = terms.text.get(language_of_twg(terms)) or next(iter(terms.text.values()), "")
    return [
        Heading("A.1", "A", {"en": "Purpose and mandate", "fr": "Objet et mandat", "pt": "Objeto e mandato"}, body=body),
        Heading("A.2", "A", {"en": "Composition", "fr": "Composition", "pt": "Composição"}),
        Heading("A.3", "A", {"en": "Working methods", "fr": "Méthodes de travail", "pt": "Métodos de trabalho"}),
        Heading("A.4", "A", {"en": "Reporting and hosting", "fr": "Comptes rendus et accueil",
                             "pt": "Relatórios e acolhimento"}),
    ]  # fmt: skip
