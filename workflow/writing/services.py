"""All that writes texts: open one, keep a revision, take a named draft (S10, S13)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents.markdown import measure
from workflow.engine import digests, kinds, live
from workflow.engine import services as engine
from workflow.engine.errors import Unmet
from workflow.engine.services import AS_IT_HAPPENS, Telling
from workflow.groups.services import require

from . import freezing, papers
from .bodies import NOTE_LIMIT, clean_body
from .errors import Diverged
from .models import Draft, DraftSection, Revision, Scratch, Text, TextSection
from .papers import Heading


def text_of(subject: Any) -> Text | None:
    """The text of a subject, if one has been opened."""
    found = Text.objects.filter(subject_kind=kinds.of(subject).name, subject_id=subject.pk)
    return found.select_related("twg__region").first()


@transaction.atomic
def open_text(subject: Any, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Text:
    """The subject's text, begun with the sections that its kind of paper gives; the one that is there, if there is."""
    kind = kinds.of(subject).name
    paper = papers.of(kind)
    require(paper.writers | paper.takers, subject, actor)
    engine.hold(f"text:{kind}:{subject.pk}")
    found = text_of(subject)
    if found:
        return found
    text: Text = engine.create(
        Text(subject_kind=kind, subject_id=subject.pk, twg=getattr(subject, "twg", None),
             drafted_by_id=getattr(subject, "drafted_by_id", None), language=paper.language(subject)),
        actor=actor, name="opened", telling=telling,
    )  # fmt: skip
    for position, heading in enumerate(paper.headings(subject), start=1):
        _add_section(text, position, heading, actor, telling)
    live.pulse(kind, subject.pk)
    return text


def _add_section(text: Text, position: int, heading: Heading, actor: Any, telling: Telling) -> None:
    quiet = Telling(telling.occurred, quiet=True)
    section = engine.create(TextSection(text=text, **_fields(position, heading)), actor=actor, telling=quiet)
    if heading.body:
        save(section, heading.body, actor=None, base=0, telling=quiet)


def _fields(position: int, heading: Heading) -> dict[str, Any]:
    return {
        "ref": heading.ref or heading.place,
        "position": position,
        "place": heading.place,
        "part": heading.part,
        "titles": heading.titles,
        "part_titles": heading.part_titles,
        "guidance": heading.guidance,
        "withdrawn_at": None,
    }


@transaction.atomic
def reshape(text: Text, *, actor: Any) -> None:
    """Follow the subject's headings as they are now: sections are added, moved, renamed, withdrawn, never deleted.

    Where nothing differs nobody is told: what its readers may not know of may have been the occasion (S31).
    """
    locked: Text = engine.lock(text)
    locked.ask_again()
    known = {section.ref: section for section in TextSection.objects.select_for_update().filter(text=locked)}
    differs = False
    for position, heading in enumerate(locked.paper.headings(locked.about), start=1):
        fields = _fields(position, heading)
        section = known.pop(fields["ref"], None)
        if section is None:
            _add_section(locked, position, heading, actor, AS_IT_HAPPENS)
        elif any(getattr(section, name) != value for name, value in fields.items()):
            _change_section(section, "moved", fields, actor)
        else:
            continue
        differs = True
    for section in known.values():
        if section.withdrawn_at is None:
            _change_section(section, "withdrawn", {"withdrawn_at": timezone.now()}, actor)
            differs = True
    if differs:
        live.pulse("text", locked.pk)


def _change_section(section: TextSection, name: str, fields: dict[str, Any], actor: Any) -> None:
    with engine.change(section, name, actor=actor) as change:
        change.assign(fields)


def check_open(text: Text) -> None:
    """Raises Unmet with the reason when nothing can be written now; the subject's stage is read afresh."""
    text.ask_again()
    if reason := text.paper.closed(text.about):
        raise Unmet(reason)


def may_write(text: Text, person: Any) -> bool:
    """Whether the person's seat writes this text, whatever its stage."""
    return bool(text.paper.writers(text.about, person))


# -- one section ------------------------------------------------------------------------------------------


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
    body = clean_body(body)
    revision = None
    with engine.change(section, "revised", actor=actor, note=note.strip()[:NOTE_LIMIT], telling=telling) as change:
        fresh: TextSection = change.subject
        _check_writable(fresh, actor)
        check_base(fresh, base)
        if fresh.number != base and fresh.body != body:
            raise Diverged(fresh, mine=body, base=base)
        Scratch.objects.filter(section=fresh, person=actor).delete()
        if fresh.body != body:
            revision = _keep(fresh, body, actor, note, way)
            change.data.update(revision=revision.number, sha256=revision.sha256)
    if revision:
        live.pulse("text", section.text_id)
    return revision


def _check_writable(fresh: TextSection, actor: Any) -> None:
    """Asked under the section's lock: a draft may just have been submitted, the section withdrawn."""
    if actor is not None:
        check_open(fresh.text)
    if fresh.withdrawn_at:
        raise Unmet(_("This section is no longer part of the text."))


def check_base(section: TextSection, base: int) -> None:
    """Raises ValidationError for a revision that never was."""
    if base > section.number:
        raise ValidationError({"base": _("There is no revision %(number)d.") % {"number": base}})


def _keep(section: TextSection, body: str, actor: Any, note: str, way: Revision.Way) -> Revision:
    measures = measure(body)
    section.body, section.number = body, section.number + 1
    section.word_count, section.unsourced_tables = measures.words, measures.tables_without_source
    section.figures = list(measures.figures)
    return Revision.objects.create(
        section=section, number=section.number, body=body, note=note.strip()[:NOTE_LIMIT], way=way, author=actor,
        author_name=str(actor) if actor else "Palabre", sha256=digests.of_text(body), word_count=measures.words,
    )  # fmt: skip


def restore(revision: Revision, *, actor: Any, base: int, note: str = "") -> Revision | None:
    """Take an earlier revision back: its text becomes the newest one, and nothing in between is lost."""
    return save(revision.section, revision.body, actor=actor, base=base, note=note, way=Revision.Way.RESTORED)


# -- named drafts -----------------------------------------------------------------------------------------


@transaction.atomic
def take_draft(text: Text, name: str, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Draft:
    """Freeze all sections as they stand ("Draft 2, for the March round"); earlier drafts stay as they were (S13).

    Raises ValidationError when there is nothing to freeze, or nothing new since the last draft.
    """
    require(text.paper.takers, text.about, actor)
    frozen, last = _frozen(text)
    if last and last.sha256 == frozen.sha256:
        raise ValidationError(_("Nothing has changed since %(draft)s.") % {"draft": last})
    return _take(frozen, last, name, actor, telling)


@transaction.atomic
def settle(text: Text, name: str, *, actor: Any, telling: Telling = AS_IT_HAPPENS) -> Draft:
    """The draft that the text is from now on: the last one where nothing was written since, else one taken now.

    Holds every section until the transaction ends, so that nothing is written beside what goes on. Raises
    ValidationError when nothing is written.
    """
    frozen, last = _frozen(text)
    return last if last and last.sha256 == frozen.sha256 else _take(frozen, last, name, actor, telling)


def settled(text: Text) -> bool:
    """Whether the last draft is the text as it stands: asked by pages, without a lock."""
    last = Draft.objects.filter(text=text).order_by("-number").first()
    return last is not None and last.sha256 == freezing.as_it_stands(text).sha256


def is_written(subject: Any) -> bool | None:
    """Whether anything stands in the subject's text; None when none has been opened."""
    return written(kinds.of(subject).name, subject.pk).first()


def written(kind: str, subject: Any) -> QuerySet[Text, bool]:
    """The same as a query, which `subject`, an id or a reference to one, can make a subquery of many subjects."""
    sections = TextSection.objects.standing().filter(text=OuterRef("pk"), number__gt=0)
    texts = Text.objects.filter(subject_kind=kind, subject_id=subject).annotate(written=Exists(sections))
    return texts.values_list("written", flat=True)


def _frozen(text: Text) -> tuple[freezing.Frozen, Draft | None]:
    frozen = freezing.freeze(engine.lock(text))
    if not frozen.written:
        raise ValidationError(_("Nothing is written yet: a draft would be empty."))
    return frozen, Draft.objects.filter(text=text).order_by("-number").first()


def _take(frozen: freezing.Frozen, last: Draft | None, name: str, actor: Any, telling: Telling) -> Draft:
    draft: Draft = engine.create(
        Draft(
            text=frozen.text, number=last.number + 1 if last else 1, name=name.strip(), sha256=frozen.sha256,
            word_count=frozen.words, figures=frozen.figures,
        ),
        actor=actor, name="taken", telling=telling, data={"sha256": frozen.sha256},
    )  # fmt: skip
    for line in frozen.lines:
        line.draft = draft
    DraftSection.objects.bulk_create(frozen.lines)
    live.pulse("text", frozen.text.pk)
    return draft
