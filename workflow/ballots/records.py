"""A closed ballot's record as files: JSON that a program verifies, PDF that a ministry files."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from workflow.documents import pdf_out
from workflow.documents.book import Book, BookPart, BookSection
from workflow.documents.plain_tables import plain, table
from workflow.engine import signatures
from workflow.engine.errors import Unmet
from workflow.engine.export import attached

from . import counting, ranking, selectors
from .models import Ballot, BallotForm, BallotState, Elector
from .record import record_of


def _closed(request: HttpRequest, pk: int) -> Ballot:
    """The ballot, for those who may read every vote; 404 while it is not closed."""
    found: Ballot = get_object_or_404(selectors.ballots(request.user), pk=pk)
    if found.state != BallotState.CLOSED or not selectors.reads_votes(found, request.user):
        raise Http404
    return found


@require_GET
def record_key(request: HttpRequest) -> HttpResponse:
    """The public key with which records are verified; whoever keeps it needs this server no more."""
    response = HttpResponse(f"{signatures.public_key()}\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@login_required
@require_GET
def record_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed record, to be verified with `manage.py verify_record`."""
    found = _closed(request, pk)
    text = json.dumps(record_of(found), ensure_ascii=False, indent=1)
    return attached(text.encode(), "application/json", f"ballot-{found.pk}.json")


@login_required
@require_GET
def record_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The record on paper, with the signature of the JSON beneath."""
    found = _closed(request, pk)
    if reason := pdf_out.available():
        raise Unmet(reason)
    language = next((code for code in found.twg.languages if code in ("en", "fr", "pt")), "en")
    with translation.override(language), timezone.override(found.twg.time_zone):
        return attached(pdf_out.write(book_of(found, language)), "application/pdf", f"ballot-{found.pk}.pdf")


def book_of(ballot: Ballot, language: str) -> Book:
    """The record as a document: what was asked, how it was decided, who voted how, how to verify it."""
    signed = record_of(ballot)
    electors = counting.electors_of(ballot)
    found = counting.result(ballot, electors, over=True)
    sections = [
        BookSection("1", _("Question"), f"{plain(ballot.question)}\n\n{plain(ballot.explanation)}"),
        BookSection("2", _("Outcome"), _outcome(ballot, electors, found)),
        BookSection("3", pgettext("ballot", "Votes"), _votes(ballot, electors)),
        BookSection("4", _("Times and rule"), _rule(ballot)),
        BookSection("5", _("Verification"), _verification(ballot, signed)),
    ]
    return Book(
        title=_("Record of a ballot"), subtitle=ballot.twg.name,
        cover=[(_("Question"), ballot.question), (pgettext("when", "Closed"), _when(ballot.closed_at))],
        language=language,
        parts=[BookPart("", "", sections)], figure=lambda number: None, note="", draft=False,
    )  # fmt: skip


def _when(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "–"


def _outcome(ballot: Ballot, electors: list[Elector], found: Any) -> str:
    """What came out and why; of a ranking the order, how it was counted, and where a tie decided."""
    told = f"**{ballot.get_decided_display()}.** {found.sentence}"
    if ballot.form == BallotForm.ENDORSEMENT:
        return f"{told}\n\n{_numbers(found)}"
    order = counting.places(ballot, electors, found)
    titles = {option.number: str(option) for option in ballot.options.all()}
    rows = [(titles[p.option], p.points, _("yes") if p.chosen else "–") for p in order]
    ties = [
        plain(_("Decided by the rule for ties: %(options)s.") % {"options": ", ".join(titles[n] for n in group)})
        for group in ranking.decided_by_ties(order)
    ]
    how = f"{ranking.METHOD} ({ranking.SOURCE}). {ranking.POINTS} {ranking.TIES}"
    return "\n\n".join([told, table((_("Option"), _("Points"), _("Chosen")), *rows), *ties, plain(how)])


def _numbers(found: Any) -> str:
    tally = found.tally
    return table(
        (_("Endorse"), _("With reservations"), _("Object"), _("Abstain"), _("No vote"), _("Quorum")),
        (tally.endorse, tally.reserve, tally.object, tally.abstain, tally.silent, found.quorum_needed),
    )


def _votes(ballot: Ballot, electors: list[Elector]) -> str:
    rows: list[tuple[object, ...]] = [
        (_("Institution"), pgettext("noun", "Vote"), _("Reservations or reason"), _("Cast"))
    ]
    options = {o.number: str(o) for o in ballot.options.all()} if ballot.form == BallotForm.RANKING else {}
    for elector in electors:
        vote = elector.current
        if elector.recused_at:
            rows.append((elector, _("takes no part"), elector.recused_why, ""))
        elif vote is None:
            rows.append((elector, _("no vote"), "", ""))
        else:
            ranked = "; ".join(f"{place}. {options[n]}" for place, n in enumerate(vote.ranking, start=1))
            how = f"{_when(vote.at)}, {vote.get_way_display()}"
            rows.append((elector, ranked or vote.get_choice_display(), vote.words, how))
    return table(*rows)


def _rule(ballot: Ballot) -> str:
    return table(
        (_("What"), _("As it was")),
        (pgettext("when", "Opened"), _when(ballot.opened_at)),
        (_("Deadline"), _when(ballot.deadline)),
        (pgettext("when", "Closed"), _when(ballot.closed_at)),
        (_("Rule"), ballot.get_rule_display())
        if ballot.form == BallotForm.ENDORSEMENT
        else (_("Method"), ranking.METHOD),
        (_("Quorum, in per cent of voting institutions"), ballot.quorum_percent),
        (_("Votes are"), ballot.get_secrecy_display()),
        (_("Terms of reference, version"), ballot.terms.number if ballot.terms else "–"),
    )


def _verification(ballot: Ballot, signed: dict[str, Any]) -> str:
    return table(
        (_("What"), _("Value")),
        (_("SHA-256 of the text voted on"), ballot.text_sha256 or "–"),
        (_("Last event of the ballot"), ballot.head),
        (_("Public key (Ed25519)"), signed["key"]),
        (_("Signature of the record"), signed["signature"]),
    )
