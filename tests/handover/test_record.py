"""The signed hand-over record: proven without this server, as a ballot's is (S21)."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.engine import digests, history, records, signatures
from workflow.handover import services
from workflow.handover.models import HandoverRecord

from .making import LATER, Country, accepted, country, line, press, signed, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    made = country()
    press(line(made, "mandate"), "complete", actor=made.secretariat, evidence_file=upload("Mandate letter.pdf"))
    press(line(made, "budget_line"), "excuse", actor=made.chair, note="The ministry pays.")
    services.record_need(made.handover, {"kind": "skills", "what": "Nobody reads SPSS files."}, actor=None)
    accepted(made)
    for kind in ("focal_points", "data_files", "source_inventory", "calendar", "twg_hosting"):
        press(line(made, kind), "complete", actor=made.secretariat, note=f"Evidence of {kind}.")
    press(line(made, "trained_staff"), "complete", actor=made.secretariat, note="Trained.", counted=4)
    press(made.handover, "sign", actor=made.chair, next_due=LATER)
    return made


def document(of: Country) -> dict[str, Any]:
    answer = browser(of.statistician).get(reverse("handover-record-json", args=[of.handover.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="handover-{of.handover.pk}.json"'
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_it_says_who_took_what_over_with_which_evidence(ghana: Country) -> None:
    told = document(ghana)["record"]
    assert (told["institution_names"], told["next_due"]) == (ghana.statistics.names, "2999-06-01")
    assert [one["what"] for one in told["answers"]] == ["ask", "accept"]
    assert told["answers"][1]["by"] == "The statistician"
    by_kind = {item["kind"]: item for item in told["items"]}
    assert by_kind["mandate"]["evidence"][0]["file"] == "Mandate letter.pdf"
    assert len(by_kind["mandate"]["evidence"][0]["sha256"]) == 64
    assert by_kind["trained_staff"]["counted"] == 4
    assert (by_kind["budget_line"]["state"], by_kind["budget_line"]["reason"]) == ("excused", "The ministry pays.")
    assert [need["what"] for need in told["needs"]] == ["Nobody reads SPSS files."]


def test_a_true_record_verifies_and_an_altered_word_breaks_it(ghana: Country) -> None:
    true = document(ghana)
    key = browser(None).get(reverse("record-key")).text.strip()
    assert records.problems(true, key) == []
    for name, value in (("next_due", "2011-01-01"), ("edition", "2010"), ("conditions", "None.")):
        forged = copy.deepcopy(true)
        forged["record"][name] = value
        assert "altered" in records.problems(forged, key)[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["items"][0].update(evidence=[]), "has no evidence"),
        (lambda told: told["items"][0].update(state="open"), "is open"),
        (lambda told: told["items"][5].update(reason=""), "is excused without a reason"),
        (lambda told: told["answers"].pop(), "is no acceptance"),
        (lambda told: told.update(next_due=None), "no date for the next edition"),
        (lambda told: told.update(institution_names={}), "names no update institution"),
        (lambda told: told.pop("items"), "is missing"),
        (lambda told: told.update(items=7), "can't be checked"),
    ],
)
def test_what_contradicts_itself_is_found_even_under_a_true_signature(ghana: Country, change: Any, said: str) -> None:
    told = document(ghana)
    change(told["record"])
    told["signature"] = signatures.sign(told["record"])
    assert any(said in one for one in records.problems(told))


def test_the_command_verifies_it_as_it_does_a_ballots(ghana: Country, tmp_path: Path) -> None:
    file = tmp_path / "handover.json"
    file.write_text(json.dumps(document(ghana)))
    out = io.StringIO()
    call_command("verify_record", str(file), key=signatures.public_key(), stdout=out)
    assert "7 of 8 lines of the checklist done" in out.getvalue()
    file.write_text(file.read_text().replace("The ministry pays.", "Nobody pays."))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_record", str(file))


def test_it_stays_as_it_was_signed_whatever_is_renamed(ghana: Country) -> None:
    before = document(ghana)
    ghana.statistics.names = {"en": "Another name"}
    ghana.statistics.save()
    assert document(ghana) == before
    assert records.problems(document(ghana)) == []


def test_the_history_proves_it(ghana: Country) -> None:
    assert history.verify().broken is None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM workflow_handoverrecord")
    record = HandoverRecord.objects.get()
    content = record.content | {"edition": "2010"}
    HandoverRecord.objects.create(
        handover=record.handover, number=2, content=content, signature=signatures.sign(content)
    )  # fmt: skip
    broken = history.verify().broken
    assert broken is not None
    assert "record 2 is not the one that was signed" in broken.why


def test_on_paper_it_says_the_same_and_how_to_verify_it(ghana: Country) -> None:
    answer = browser(ghana.official).get(reverse("handover-record-pdf", args=[ghana.handover.pk]))
    assert answer.status_code == 200
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        ghana.statistics.name,
        "Mandate letter.pdf",
        "The ministry pays.",
        "Nobody reads SPSS files.",
        "Ed25519",
    ):
        assert words in text


def test_there_is_none_before_it_is_signed_and_none_for_others() -> None:
    mali = country("ML")
    for name in ("handover-record-json", "handover-record-pdf"):
        page = reverse(name, args=[mali.handover.pk])
        assert browser(mali.chair).get(page).status_code == 404
    signed(mali)
    for name in ("handover-record-json", "handover-record-pdf"):
        page = reverse(name, args=[mali.handover.pk])
        assert browser(f.seat(f.twg("SN"), "chair")).get(page).status_code == 404
        assert browser(None).get(page).status_code == 302


def test_a_signed_content_is_hashed_as_it_is_written(ghana: Country) -> None:
    event = history.events_of(ghana.handover).filter(name="sign").last()
    assert event is not None
    assert event.data["sha256"] == digests.of(HandoverRecord.objects.get().content)
