"""Comments written offline in a spreadsheet and brought back as an institution's own, all of them or none (S13).

The file to start from is the matrix's with the institution's comments, or an empty one with the sections listed. A row
with a number is a comment that is there already and stays as it is; a row without one is a new comment. A row whose
number belongs to another comment's words is a mistake: it may come from another round's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.groups import words
from workflow.groups.fates import Fate, Plan, apply_all
from workflow.groups.models import Institution
from workflow.groups.sheet_files import UnreadableFile
from workflow.groups.sheets import Allowed, Layout, Sheet, values_by_words
from workflow.writing.models import DraftSection

from . import anchors, matrix_files, remarks
from .models import Remark, RemarkKind, RemarkState, Round, Weight

MOST_NEW = 200  # comments: all are made in one transaction, for which others wait
LAYOUT = Layout(
    name="comments",
    columns={"number": 8, "place": 10, "section": 36, "quote": 40, "comment": 70, "kind": 14, "weight": 12},
    headings={
        "number": "number|no|no.|numero|n",
        "place": "place|lieu|emplacement|lugar|local",
        "quote": "quote|about these words|a propos de ces mots|sobre estas palavras",
        "comment": "comment|commentaire|comentario",
        "kind": "kind|type|nature|tipo|natureza",
        "weight": "weight|poids|peso",
    },
    needed=("place", "comment"),
)


@dataclass(frozen=True)
class Known:
    """What the rows are held against."""

    round: Round
    institution: Institution
    sections: dict[str, DraftSection]
    said: frozenset[tuple[int | None, str]]  # (section, likeness) of the institution's comments
    numbers: dict[int | None, str]  # of all comments of the round, each with its likeness


def known(round_: Round, institution: Institution) -> Known:
    frozen = DraftSection.objects.filter(draft=round_.draft_id).select_related("revision")
    return Known(
        round_,
        institution,
        {line.place.casefold(): line for line in frozen},
        _said(round_, institution),
        dict(Remark.objects.filter(round=round_).comments().values_list("number", "same")),
    )


def _said(round_: Round, institution: Institution) -> frozenset[tuple[int | None, str]]:
    mine = Remark.objects.filter(round=round_, institution=institution, level=0).exclude(state=RemarkState.WITHDRAWN)
    return frozenset(mine.values_list("section", "same"))


def plan(sheet: Sheet, round_: Round, institution: Institution) -> Plan:
    """What the file would do. Writes nothing. Raises UnreadableFile for more than can be made at once."""
    held = known(round_, institution)
    seen: set[tuple[int | None, str]] = set()
    found = Plan([_fate(line, row, held, seen) for line, row in sheet.rows if _says_something(row)], sheet.notices)
    if found.new > MOST_NEW:
        message = _("This file brings %(count)d new comments; %(most)d at a time is the most: divide it.")
        raise UnreadableFile(message % {"count": found.new, "most": MOST_NEW}, status=413)
    return found


def _says_something(row: Mapping[str, str]) -> bool:
    """The sections listed in the file to start from are rows in which nothing is written."""
    return any(row.get(column, "").strip() for column in ("number", "comment", "quote", "kind", "weight"))


def _fate(line: int, row: Mapping[str, str], held: Known, seen: set[tuple[int | None, str]]) -> Fate:
    place = row["place"].strip()
    fate = Fate(line, place or "–", "wrong", {"names": {"en": row["comment"]}})
    if number := row.get("number", "").strip():
        if wrong := _wrong_number(number, row, held):
            fate.errors.append(("number", wrong))
        else:
            fate.fate = "unchanged"
        return fate
    section = held.sections.get(place.casefold())
    if place and section is None:
        fate.errors.append(("place", _("The draft has no section “%(place)s”.") % {"place": place}))
    told = _choices(row, fate)
    fate.errors += _wrong_words(row, section)
    if fate.errors:
        return fate
    key = (section.section_id if section else None, remarks.likeness(remarks.checked(row["comment"])))
    fate.fields |= {"section": key[0], "comment": row["comment"], "quote": row.get("quote", ""), **told}
    fate.fate = "unchanged" if key in held.said or key in seen else "new"
    seen.add(key)
    return fate


def _wrong_number(number: str, row: Mapping[str, str], held: Known) -> str:
    """Why a row with a number is no comment that is there already; "" when it is one."""
    same = held.numbers.get(int(number)) if number.isdecimal() and len(number) < 9 else None
    if same is None:
        return _("No comment of this round has this number: leave it empty for a new one.")
    if row["comment"].strip() and remarks.likeness(row["comment"]) != same:
        return _("Comment %(number)s of this round says something else: leave the number empty for a new comment.") % {
            "number": number
        }
    return ""


def _choices(row: Mapping[str, str], fate: Fate) -> dict[str, str]:
    """Kind and weight by their code or their name in any language; what is left empty is the usual."""
    told = {}
    for name, choices in (("kind", RemarkKind), ("weight", Weight)):
        written = row.get(name, "").strip()
        value = values_by_words(choices).get(words.fold(written)) if written else ""
        if value is None:
            message = _("“%(value)s” is none of: %(values)s.")
            fate.errors.append((name, message % {"value": written, "values": ", ".join(choices.values)}))
        elif value:
            told[name] = value
    return told


def _wrong_words(row: Mapping[str, str], section: DraftSection | None) -> list[tuple[str, str]]:
    """What the comment itself refuses, and words that do not stand in the section."""
    wrong = []
    try:
        remarks.checked(row["comment"])
    except ValidationError as error:
        wrong.append(("comment", "; ".join(error.messages)))
    if quote := row.get("quote", "").strip():
        try:
            anchors.anchored(section.body if section else "", quote, "", "")
        except ValidationError as error:
            wrong.append(("quote", "; ".join(error.messages)))
    return wrong


def apply(fates: list[Fate], round_: Round, institution: Institution, *, actor: Any) -> int:
    """Make every comment, or none; each stays inside the institution where that clears its comments first.

    What has been said since the dry run, by a colleague who brings the same file in, is not said again.
    """
    sections = {line.section_id: line.section for line in DraftSection.objects.filter(
        draft=round_.draft_id).select_related("section__text")}  # fmt: skip

    def enter(fate: Fate) -> None:
        told = fate.fields
        remarks.remark(
            round_, told["comment"], actor=actor, institution=institution,
            section=sections[told["section"]] if told["section"] else None,
            fields={name: told[name] for name in ("kind", "weight", "quote") if told.get(name)},
        )  # fmt: skip

    with transaction.atomic():
        remarks.hold_open(round_)
        said = _said(round_, institution)
        still_new = [fate for fate in fates if (fate.fields["section"], _likeness(fate)) not in said]
        return apply_all(still_new, enter=enter, change=enter)


def _likeness(fate: Fate) -> str:
    return remarks.likeness(remarks.checked(fate.fields["comment"]))


def form_rows(round_: Round) -> list[list[str]]:
    """The file to start from: one empty row for each section of the draft, by its place."""
    frozen = DraftSection.objects.filter(draft=round_.draft_id).order_by("position")
    return [["", line.place, line.title, "", "", "", ""] for line in frozen]


def form_values() -> list[Allowed]:
    return matrix_files.allowed_values()


WORDS = {
    "title": gettext_lazy("Bring in comments written offline"),
    "nothing": gettext_lazy("All these comments are there already: there is nothing to bring in."),
    "start": gettext_lazy("The form to fill in offline (Excel)"),
}
