"""A ballot's record: all that a recount needs, signed, so that it can be verified without this server (S16)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from workflow.engine import records

from . import counting, ranking, rules
from .models import Ballot, BallotForm, Elector, Option
from .tally import Elector as Voting
from .tally import Outcome, Quorum

FORMAT = "palabre.ballot/1"


def record_of(ballot: Ballot) -> dict[str, Any]:
    """The signed record of a closed ballot: question, text hash, rule, quorum, electorate, every vote, times."""
    electors, ranks = counting.electors_of(ballot), ballot.form == BallotForm.RANKING
    content = {
        "format": FORMAT,
        "ballot": ballot.pk,
        "twg": ballot.twg.code,
        "form": ballot.form,
        "question": ballot.question,
        "about": {"kind": ballot.about_kind, "id": ballot.about_id,
                  "draft": ballot.draft.number if ballot.draft else None},
        "text_sha256": ballot.text_sha256,
        "terms": ballot.terms.number if ballot.terms else None,
        "rule": None if ranks else ballot.rule,
        "method": f"modified Borda count ({ranking.SOURCE})" if ranks else None,
        "quorum": {
            "percent": ballot.quorum_percent,
            "categories": sorted(ballot.quorum_categories),
            "institutions": sorted(ballot.quorum_institutions.values_list("pk", flat=True)),
        },
        "winners": ballot.winners if ranks else None,
        "secrecy": ballot.secrecy,
        "opened_at": _time(ballot.opened_at),
        "deadline": _time(ballot.deadline),
        "closed_at": _time(ballot.closed_at),
        "options": [{"number": o.number, "titles": o.titles} for o in Option.objects.filter(ballot=ballot)],
        "electorate": [_elector(e) for e in electors],
        "result": ballot.result,
        "outcome": ballot.decided,
        "history_head": ballot.head,
    }  # fmt: skip
    return records.seal(content)


def _elector(elector: Elector) -> dict[str, Any]:
    vote = elector.current
    told: dict[str, Any] = {
        "institution": elector.institution_id,
        "names": elector.names,
        "category": elector.category,
        "recused": elector.recused_why if elector.recused_at else None,
        "vote": None,
    }
    if vote:
        told["vote"] = {
            "choice": vote.choice, "ranking": vote.ranking, "words": vote.words, "way": vote.way,
            "by": vote.by_name, "at": _time(vote.at), "receipt": vote.receipt,
            "evidence_sha256": vote.evidence_sha256,
        }  # fmt: skip
    return told


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _recounted(content: dict[str, Any]) -> list[str]:
    electorate = [
        Voting(e["institution"], str(e["institution"]), e["category"], e["recused"] is not None)
        for e in content["electorate"]
    ]
    votes = {e["institution"]: e["vote"] for e in content["electorate"] if e["vote"]}
    quorum = Quorum(
        content["quorum"]["percent"], frozenset(content["quorum"]["categories"]),
        frozenset(content["quorum"]["institutions"]),
    )  # fmt: skip
    ranks = content["form"] == BallotForm.RANKING
    rule = rules.PRESENCE if ranks else content["rule"]
    choices = {pk: counting.choice_of(vote["choice"]) for pk, vote in votes.items()}
    found = rules.count(rule, quorum, electorate, choices, over=True)
    outcome = "chosen" if ranks and found.outcome is Outcome.ENDORSED else found.outcome.value
    wrong = []
    if outcome != content["outcome"]:
        wrong.append(f"the votes lead to {outcome!r}, the record says {content['outcome']!r}")
    counted = counting.numbers(found)
    wrong += [
        f"{name}: the votes count {number}, the record says {content['result'].get(name)}"
        for name, number in counted.items()
        if content["result"].get(name) != number
    ]
    if ranks:
        numbers = [o["number"] for o in content["options"]]
        rankings = [v["ranking"] for v in votes.values() if v["ranking"]]
        order = counting.order(numbers, rankings, counting.winners(content["winners"], found))
        if order != content["result"].get("ranking"):
            wrong.append("the rankings lead to another order than the record's")
    return wrong


def _told(content: dict[str, Any]) -> list[str]:
    voted = sum(1 for elector in content["electorate"] if elector["vote"])
    return [
        f"Ballot {content['ballot']} of {content['twg']}: {content['question']}",
        f"{voted} votes counted again: {content['outcome']}, as the record says.",
    ]


def register() -> None:
    records.register(records.Format(FORMAT, problems=_recounted, told=_told))
