"""The signed record: whoever holds it and the public key needs neither this server nor anybody's word (S16)."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests import factories as f
from tests.api.calls import Caller
from tests.groups.reading import browser
from workflow.ballots import record, services
from workflow.ballots.models import Ballot
from workflow.engine import records, signatures

from . import voting as v

pytestmark = pytest.mark.django_db


def document(ballot: Ballot, house: v.House) -> dict[str, Any]:
    """The record as a member downloads it."""
    answer = browser(house.members[0]).get(reverse("ballot-record-json", args=[ballot.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="ballot-{ballot.pk}.json"'
    found: dict[str, Any] = json.loads(answer.content)
    return found


def ranked(house: v.House) -> Ballot:
    options = [{"titles": {"en": name}} for name in ("Remittances", "Return", "Brain drain")]
    given = [services.Said("ranked", ranking=r) for r in ((3, 1), (1, 2, 3), (3,))]
    return v.closed(house, *given, form="ranking", options=options, winners=1)


def test_the_record_says_all_that_a_recount_needs() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR, v.RESERVED, v.AGAINST)
    told = document(ballot, house)["record"]
    assert (told["question"], told["text_sha256"], told["rule"]) == (ballot.question, ballot.text_sha256, ballot.rule)
    assert told["quorum"] == {"percent": 50, "categories": [], "institutions": []}
    assert [e["vote"] and e["vote"]["choice"] for e in told["electorate"]] == ["endorse", "reserve", "object", None]
    assert told["electorate"][1]["vote"]["words"] == v.RESERVED.words
    assert (told["outcome"], told["result"]["endorse"], told["history_head"]) == ("endorsed", 1, ballot.head)
    assert all(told[moment] for moment in ("opened_at", "deadline", "closed_at"))


@pytest.mark.parametrize("make", [lambda house: v.closed(house, v.FOR, v.FOR, v.AGAINST), ranked])
def test_a_true_record_verifies_with_the_key_that_one_trusts(make: Callable[[v.House], Ballot]) -> None:
    house = v.house(4)
    told = document(make(house), house)
    key = browser(None).get(reverse("record-key")).text.strip()
    assert records.problems(told, key) == []
    assert records.problems(told) == []


def resigned(told: dict[str, Any]) -> dict[str, Any]:
    """Signed again by somebody who has the server's key, but not the votes."""
    return {**told, "signature": signatures.sign(told["record"])}


def test_every_altered_word_breaks_the_signature() -> None:
    house = v.house(3)
    told = document(v.closed(house, v.FOR, v.FOR, v.AGAINST), house)
    for name, value in (("question", "Another?"), ("text_sha256", "0" * 64), ("outcome", "returned"), ("winners", 7)):
        forged = copy.deepcopy(told)
        forged["record"][name] = value
        assert "altered" in records.problems(forged)[0]
    forged = copy.deepcopy(told)
    forged["record"]["electorate"][2]["vote"]["choice"] = "endorse"
    assert records.problems(forged)


def test_a_count_that_does_not_follow_from_its_votes_is_found_even_under_a_good_signature() -> None:
    house = v.house(3)
    told = document(v.closed(house, v.FOR, v.FOR, v.AGAINST), house)
    for place in (0, 1):
        told["record"]["electorate"][place]["vote"]["choice"] = "object"
    wrong = records.problems(resigned(told))
    assert "the votes lead to 'returned', the record says 'endorsed'" in wrong
    assert any(line.startswith("object: the votes count 3") for line in wrong)


def test_an_altered_ranking_is_found_even_under_a_good_signature() -> None:
    house = v.house(3)
    told = document(ranked(house), house)
    told["record"]["electorate"][0]["vote"]["ranking"] = [1, 3]
    assert "the rankings lead to another order than the record's" in records.problems(resigned(told))


def test_a_record_signed_by_another_server_is_refused_under_the_trusted_key(settings: Any) -> None:
    house = v.house(2)
    key = signatures.public_key()
    ballot = v.closed(house, v.FOR, v.FOR)
    settings.SECRET_KEY = "another server's key, long enough"
    forged = record.record_of(ballot)
    assert records.problems(forged) == [], "it is consistent in itself"
    assert "another server" in records.problems(forged, key)[0]


@pytest.mark.parametrize("nonsense", [None, [], "x", {}, {"record": 1}, {"record": {"format": "other"}},
                                      {"record": {"format": record.FORMAT}, "key": "?", "signature": 3}])  # fmt: skip
def test_nonsense_is_no_record(nonsense: Any) -> None:
    assert records.problems(nonsense)


def test_a_signed_record_that_lacks_half_of_it_is_no_record() -> None:
    content = {"format": record.FORMAT, "electorate": [{"institution": 1}]}
    document = {"record": content, "key": signatures.public_key(), "signature": signatures.sign(content)}
    assert records.problems(document) == ["the record is not complete: 'category' is missing"]


# -- the command ------------------------------------------------------------------------------------------


def test_the_command_verifies_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = v.house(3)
    ballot = v.closed(house, v.FOR, v.FOR, v.AGAINST)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(document(ballot, house)), encoding="utf-8")
    call_command("verify_record", str(file), key=signatures.public_key())
    said = capsys.readouterr().out
    assert "3 votes counted again: endorsed, as the record says." in said
    assert ballot.question in said


def test_the_command_refuses_an_altered_file_and_one_that_is_none(tmp_path: Path) -> None:
    house = v.house(3)
    told = document(v.closed(house, v.FOR, v.FOR, v.AGAINST), house)
    told["record"]["outcome"] = "returned"
    file = tmp_path / "record.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_record", str(file))
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify_record", str(file))
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify_record", str(tmp_path / "nowhere.json"))


@pytest.mark.django_db(databases=[])
def test_no_database_is_asked(tmp_path: Path, django_db_blocker: Any) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps({"record": {}}), encoding="utf-8")
    with django_db_blocker.block(), pytest.raises(CommandError, match="the format is"):
        call_command("verify_record", str(file))


# -- on paper ---------------------------------------------------------------------------------------------


def pdf_text(ballot: Ballot, house: v.House) -> str:
    answer = browser(house.members[0]).get(reverse("ballot-record-pdf", args=[ballot.pk]))
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_pdf_says_what_was_asked_who_voted_how_and_how_to_verify_it() -> None:
    house = v.house(4)
    ballot = v.closed(house, v.FOR, v.RESERVED, services.Said("object", "No | bar, *no* star, <b>no tag</b>."))
    told = pdf_text(ballot, house)
    for words in (ballot.question, "Record of a ballot", "Endorsed", "2 for and 1 against", "Ministry 3", "no vote",
                  v.RESERVED.words):  # fmt: skip
        assert words in told, words
    packed = told.replace(" ", "")
    assert "No | bar, *no* star, <b>no tag</b>.".replace(" ", "") in packed, "wherever its lines break"
    for hash_ in (ballot.text_sha256, ballot.head, signatures.public_key()):
        assert hash_ in packed
    assert record.record_of(ballot)["signature"] in packed


def test_the_pdf_of_a_ranking_tells_the_order() -> None:
    house = v.house(3)
    told = pdf_text(ranked(house), house)
    assert "1. Brain drain; 2. Remittances" in told


def test_the_record_of_a_ranking_says_what_was_chosen_and_by_which_method_and_no_rule_that_did_not_count() -> None:
    house = v.house(3)
    ballot = ranked(house)
    told = pdf_text(ballot, house)
    for words in ("Option Points Chosen", "Brain drain 4 yes", "Remittances 4 –", "Return 2 –", "modified Borda count",
                  "P. Emerson", "Decided by the rule for ties: Brain drain, Remittances."):  # fmt: skip
        assert words in told, words
    assert "simple majority" not in told
    signed = document(ballot, house)
    assert signed["record"]["rule"] is None
    assert signed["record"]["method"].startswith("modified Borda count (P. Emerson")
    assert records.problems(signed) == []


# -- who gets it ------------------------------------------------------------------------------------------


def test_there_is_no_record_before_closing_nor_for_those_who_may_not_read_votes() -> None:
    house = v.house(2)
    observer = f.seat(house.twg, "observer", institution=f.institution(category="civil_society"))
    ballot = v.opened(house, edition=f.edition(house.twg, stage="comment"))
    for name in ("ballot-record-json", "ballot-record-pdf"):
        assert browser(house.chair).get(reverse(name, args=[ballot.pk])).status_code == 404
    v.close_it(ballot)
    for somebody, status in ((house.chair, 200), (observer, 404), (f.person(), 404), (None, 302)):
        assert browser(somebody).get(reverse("ballot-record-json", args=[ballot.pk])).status_code == status
    assert Caller(house.chair).get(f"ballots/{ballot.pk}/record/").json() == document(ballot, house)
    assert Caller(observer).get(f"ballots/{ballot.pk}/record/").status_code == 404
