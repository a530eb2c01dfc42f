"""All that writes texts: open one, keep what somebody types, keep a revision, take a named draft (S10, S13)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents.markdown import measure
from workflow.engine import kinds
from workflow.engine import services as engine
from workflow.engine.errors import NotPermitted, Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.services import require

from . import papers
from .errors import Diverged
from .models import Draft, DraftSection, Revision, Scratch, Text, TextSection

BODY_LIMIT = 200_000  # characters in one section


def text_of(subject: Any) -> Text | None:
    """The text of a subject, if one has been opened."""
    return Text.objects.filter(subject_kind=kinds.of(subject).name, subject_id=subject.pk).first()


@transaction.atomic
def open_text(subject: Any, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Text:
    """The subject's text, begun with the sections that its kind of paper gives; the one that is there, if there is."""
    kind = kinds.of(subject).name
    engine.hold(f"text:{kind}:{subject.pk}")
    found = text_of(subject)
    if found:
        return found
    paper = papers.of(kind)
    require(paper.writers | paper.takers, subject, actor)
    text: Text = engine.create(
        Text(subject_kind=kind, subject_id=subject.pk, twg=getattr(subject, "twg", None),
             language=paper.language(subject)),
        actor=actor, name="opened", telling=telling,
    )  # fmt: skip
    for position, heading in enumerate(paper.headings(subject), start=1):
        body = heading.body
        section = TextSection(
            text=text, position=position, place=heading.place, part=heading.part, titles=heading.titles,
            part_titles=heading.part_titles, guidance=heading.guidance,
        )  # fmt: skip
        engine.create(section, actor=actor, telling=Telling(telling.occurred, quiet=True))
        if body:
            save(section, body, actor=None, base=0, telling=Telling(telling.occurred, quiet=True))
    return text


def check_open(text: Text) -> None:
    """Raises Unmet with the reason when nothing can be written now."""
    if reason := text.paper.closed(text.about):
        raise Unmet(str(reason))


def may_write(text: Text, person: Any) -> bool:
    """Whether the person's seat writes this text, whatever its stage."""
    return bool(text.paper.writers(text.about, person))


@transaction.atomic
def save(
    section: TextSection,
    body: str,
    *,
    actor: Any,
    base: int,
    note: str = "",
    way: Revision.Way = Revision.Way.TYPED,
    telling: Telling = AS_IT_HAPPENS,
) -> Revision | None:
    """Keep what was written as a revision; None when it is what stands there already.

    `base` is the revision that it was written on: raises `Diverged`, with what stands there now, when somebody else
    has kept another since. Nothing is overwritten in silence.
    """
    require(section.text.paper.writers, section.text.about, actor)
    if actor is not None:
        check_open(section.text)
    body = clean_body(body)
    with engine.change(section, "revised", actor=actor, note=note, telling=telling) as change:
        fresh: TextSection = change.subject
        if fresh.number != base:
            raise Diverged(fresh, mine=body, base=base)
        _drop_scratch(fresh, actor)
        if fresh.body == body:
            return None
        revision = _keep(fresh, body, actor, note, way)
        change.data.update(revision=revision.number, sha256=revision.sha256, words=revision.word_count, way=way.value)
    return revision


def _keep(section: TextSection, body: str, actor: Any, note: str, way: Revision.Way) -> Revision:
    measures = measure(body)
    section.body, section.number = body, section.number + 1
    section.word_count, section.missing_sources = measures.words, measures.tables_without_source
    return Revision.objects.create(
        section=section, number=section.number, body=body, note=note[:300], way=way, author=actor,
        author_name=str(actor) if actor else "Palabre", sha256=digest_of(body), word_count=measures.words,
    )  # fmt: skip


def clean_body(body: str) -> str:
    """One kind of line end, no zero bytes; raises ValidationError when it is too long."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip()
    if len(text) > BODY_LIMIT:
        raise ValidationError(
            {"body": _("This section has %(count)d characters; %(limit)d is the most.")
             % {"count": len(text), "limit": BODY_LIMIT}}
        )  # fmt: skip
    return text


def digest_of(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


# -- while somebody types ---------------------------------------------------------------------------------


def keep_scratch(section: TextSection, person: Any, body: str, *, base: int) -> Scratch:
    """What the person has typed so far; one row each, replaced as they type. Nobody else reads it."""
    if not may_write(section.text, person):
        raise NotPermitted(_("This is for %(who)s.") % {"who": section.text.paper.writers.label})
    check_open(section.text)
    now = timezone.now()
    scratch, _made = Scratch.objects.update_or_create(
        section=section, person=person,
        defaults={"body": clean_body(body), "base": base, "saved_at": now, "seen_at": now},
    )  # fmt: skip
    return scratch


def _drop_scratch(section: TextSection, person: Any) -> None:
    if person is not None:
        Scratch.objects.filter(section=section, person=person).delete()


def drop_scratch(section: TextSection, person: Any) -> None:
    """The person gives up what they had typed."""
    _drop_scratch(section, person)


# -- named drafts -----------------------------------------------------------------------------------------


@transaction.atomic
def take_draft(text: Text, name: str, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Draft:
    """Freeze all sections as they stand ("Draft 2, for the March round"); earlier drafts stay as they were (S13)."""
    require(text.paper.takers, text.about, actor)
    locked: Text = engine.lock(text)
    last = Draft.objects.filter(text=locked).order_by("-number").first()
    frozen = [_freeze(section) for section in _locked_sections(locked)]
    if not any(line.revision for line in frozen):
        raise ValidationError(_("Nothing is written yet: a draft would be empty."))
    sha256 = digest_of_sections(frozen)
    if last and last.sha256 == sha256:
        raise ValidationError(_("Nothing has changed since %(draft)s.") % {"draft": last})
    draft: Draft = engine.create(
        Draft(
            text=locked, number=last.number + 1 if last else 1, name=name.strip(), sha256=sha256,
            word_count=sum(line.revision.word_count for line in frozen if line.revision),
        ),
        actor=actor, name="taken", telling=telling, data={"sha256": sha256},
    )  # fmt: skip
    for line in frozen:
        line.draft = draft
    DraftSection.objects.bulk_create(frozen)
    return draft


def _locked_sections(text: Text) -> list[TextSection]:
    """The sections, held so that no revision slips in while they are frozen."""
    return list(TextSection.objects.select_for_update().filter(text=text).order_by("position"))


def _freeze(section: TextSection) -> DraftSection:
    revision = Revision.objects.filter(section=section, number=section.number).first() if section.number else None
    return DraftSection(
        section=section, revision=revision, position=section.position, place=section.place, part=section.part,
        part_titles=section.part_titles, titles=section.titles,
    )  # fmt: skip


def digest_of_sections(frozen: list[DraftSection]) -> str:
    """One SHA-256 over places, titles and bodies in order: what a ballot is about (S16)."""
    content: list[Mapping[str, Any]] = [
        {"place": line.place, "titles": line.titles, "body": line.revision.body if line.revision else ""}
        for line in frozen
    ]
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
