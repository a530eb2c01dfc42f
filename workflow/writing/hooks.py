"""What the writing room brings to those below: its kinds of subject, whom it tells, terms of reference as a paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.engine import kinds
from workflow.engine.kinds import SubjectKind
from workflow.engine.models import Event
from workflow.engine.notices import Notice
from workflow.engine.together import Found, Listing, Wanted, first
from workflow.groups import access, panels, words
from workflow.groups.models import Membership, Role, TermsOfReference, TermsState
from workflow.groups.seated import holders

from . import inbox, papers, proofs, selectors, services, word_import  # noqa: F401 - three of them register themselves
from .models import Draft, Text, TextSection
from .papers import Heading, Paper
from .progress import progress

KEEPERS = access.chair | access.secretariat | access.iom
# From which seats one drafts and does not run the TWG: as its consultant or, after a hand-over, for an institution.
DRAFTING = (Role.CONSULTANT, Role.MEMBER, Role.ALTERNATE)


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
            related=("twg__region", "twg__project"),
        )
    )
    panels.register("text", panel, "workflow/writing/panel.html", page="terms")
    kinds.register(
        SubjectKind(
            name="text",
            model=Text,
            label=_("Text"),
            visible_to=lambda person: Text.objects.all().visible_to(person),
            internal_to=lambda person: Text.objects.all().visible_to(person),
            url=lambda text: reverse("text", args=[text.pk]),
            events={
                "opened": _("Opened"),
                "enclosed": _("Figure or file added"),
                "described": _("Caption or source changed"),
                "withdrawn": _("File withdrawn"),
                "imported": _("Imported from Word"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="section",
            model=TextSection,
            label=_("Section"),
            visible_to=lambda person: TextSection.objects.all().visible_to(person).select_related("text__twg"),
            internal_to=lambda person: TextSection.objects.all().visible_to(person).select_related("text__twg"),
            url=lambda section: reverse("section", args=[section.pk]),
            events={
                "created": _("Opened"),
                "revised": _("Revised"),
                "moved": _("Place or title changed"),
                "withdrawn": _("Taken out of the text"),
            },
        )
    )
    kinds.register(
        SubjectKind(
            name="draft",
            model=Draft,
            label=pgettext_lazy("text", "Draft"),
            visible_to=selectors.drafts,
            internal_to=lambda person: Draft.objects.all().visible_to(person),
            url=lambda draft: reverse("draft", args=[draft.pk]),
            events={"taken": _("Taken")},
            notice=draft_notice,
        )
    )


def draft_notice(draft: Draft, event: Event) -> Notice | None:
    """What whoever drafts has frozen is told to those who run the TWG; what they froze themselves is told to nobody."""
    if event.name != "taken" or event.capacity not in DRAFTING or draft.twg is None:
        return None
    runs = Membership.objects.active().filter(twg=draft.twg, role__in=[Role.CHAIR, Role.SECRETARIAT])
    return Notice(holders(runs), "workflow/mail/draft")


def panel(subject: Any, person: Any) -> Wanted[dict[str, Any] | None] | None:
    """Where a subject's text stands, for those who read its drafts; the button that opens it, for its writers."""
    paper = papers.of(kinds.of(subject).name)
    text = services.text_of(subject)
    if text is None and (not (paper.writers | paper.takers)(subject, person) or paper.closed(subject)):
        return None
    readable = Listing(paper.readers(person).filter(pk=subject.pk).order_by())
    told = {"kind": paper.kind, "subject": subject, "text": text}
    if text is None:
        return Wanted({"readable": readable}, lambda found: told if found["readable"] else None)
    far, drafts = progress(text, person), selectors.drafts_of(text)

    def made(found: Found) -> dict[str, Any] | None:
        return {**told, "parts": far.made(found), "draft": first(drafts.made(found))} if found["readable"] else None

    return Wanted({"readable": readable, **far.listings, **drafts.listings}, made)


def language_of_twg(subject: Any) -> str:
    """The first of the TWG's languages that Palabre speaks, else English."""
    known = [code for code, _name in settings.LANGUAGES]
    return next((code for code in subject.twg.languages if code in known), "en")


TERMS = {"en": "Terms of reference", "fr": "Termes de référence", "pt": "Termos de referência"}
TERMS_SECTIONS = (
    {"en": "Purpose and mandate", "fr": "Objet et mandat", "pt": "Objeto e mandato"},
    {"en": "Composition", "fr": "Composition", "pt": "Composição"},
    {"en": "Working methods", "fr": "Méthodes de travail", "pt": "Métodos de trabalho"},
    {"en": "Reporting and hosting", "fr": "Comptes rendus et accueil", "pt": "Relatórios e acolhimento"},
)


def _terms_headings(terms: TermsOfReference) -> list[Heading]:
    """The usual sections; what was written before the text was begun stands in the first."""
    told = words.in_language(terms.text, language_of_twg(terms))
    return [
        Heading(f"A.{number}", "A", titles, TERMS, body=told if number == 1 else "")
        for number, titles in enumerate(TERMS_SECTIONS, start=1)
    ]
