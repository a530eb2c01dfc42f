"""The checklist: each line with its evidence, who sees to it and by when; and what is lacking (S21, S46)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.engine import history, inbox
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.handover import services
from workflow.handover.flow import ItemFlow, NeedFlow
from workflow.handover.models import CapacityNeed, Evidence, HandoverItem

from .making import LATER, Country, accepted, asked, country, finish, line, press, published, signed, upload

pytestmark = pytest.mark.django_db
NEED = {"kind": "staff", "severity": "1", "what": "Two statisticians.", "needed": "Two posts in the budget of 2010."}


@pytest.fixture
def ghana() -> Country:
    return country()


def need(of: Country, *, actor: Any = None, **fields: Any) -> CapacityNeed:
    return services.record_need(of.handover, NEED | fields, actor=actor)


def test_the_states_of_a_line_and_of_a_need() -> None:
    assert {(str(t.source), t.slug, str(t.target)) for t in ItemFlow.transitions()} == {
        ("open", "complete", "done"), ("done", "add_evidence", "done"), ("open", "excuse", "excused"),
        ("done", "reopen", "open"), ("excused", "reopen", "open"),
    }  # fmt: skip
    assert {(str(t.source), t.slug, str(t.target)) for t in NeedFlow.transitions()} == {
        ("open", "meet", "met"), ("open", "withdraw", "withdrawn"), ("met", "reopen", "open"),
        ("withdrawn", "reopen", "open"),
    }  # fmt: skip


def test_evidence_is_words_or_a_file_and_is_kept_for_ever(ghana: Country) -> None:
    letter = line(ghana, "mandate")
    with pytest.raises(Incomplete) as refusal:
        press(letter, "complete", actor=ghana.secretariat)
    assert refusal.value.fields == {"note": ["Say how one knows, send a file, or both."]}
    press(letter, "complete", actor=ghana.statistician, evidence_file=upload())
    press(letter, "add_evidence", actor=ghana.secretariat, note="Reference MI/2009/17.")
    first, second = Evidence.objects.filter(item=letter)
    assert (first.number, first.name, first.by_name) == (1, "letter.pdf", "The statistician")
    assert Path(first.file.path).read_bytes().startswith(b"%PDF-1.4")
    assert (second.words, second.name) == ("Reference MI/2009/17.", "")
    assert history.verify().broken is None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE workflow_evidence SET words = 'Never.'")


@pytest.mark.parametrize(
    "sent", [upload("letter.pdf", b"MZ\x90\x00"), upload("page.html", b"<html>"), upload("empty.pdf", b"")]
)
def test_a_hostile_file_is_refused_on_its_field_and_nothing_is_kept(ghana: Country, sent: Any) -> None:
    with pytest.raises(Incomplete) as refusal:
        press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, note="Signed.", evidence_file=sent)
    assert set(refusal.value.fields) == {"evidence_file"}
    assert not Evidence.objects.exists()


def test_a_file_that_was_exchanged_on_disk_is_found(ghana: Country) -> None:
    press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, evidence_file=upload())
    Path(Evidence.objects.get().file.path).write_bytes(b"%PDF-1.4 another\n%%EOF\n")
    broken = history.verify().broken
    assert broken is not None
    assert "is not the one that was sent" in broken.why


def test_trained_staff_are_counted_and_other_lines_are_not(ghana: Country) -> None:
    trained = line(ghana, "trained_staff")
    with pytest.raises(Incomplete) as refusal:
        press(trained, "complete", actor=ghana.secretariat, note="Trained in May.")
    assert set(refusal.value.fields) == {"counted"}
    press(trained, "complete", actor=ghana.secretariat, note="Trained in May.", counted=4)
    assert line(ghana, "trained_staff").counted == 4
    press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, note="Signed.", counted=4)
    assert line(ghana, "mandate").counted is None


def test_whoever_sees_to_a_line_finishes_it_and_only_keepers_excuse_it(ghana: Country) -> None:
    hosting = line(ghana, "twg_hosting")
    for person in (ghana.official, ghana.consultant):
        with pytest.raises(NotPermitted):
            press(hosting, "complete", actor=person, note="Done.")
    services.change_item(hosting, {"owner": ghana.ministry, "due": date(2999, 5, 1)}, actor=ghana.secretariat)
    with pytest.raises(NotPermitted):
        press(line(ghana, "twg_hosting"), "excuse", actor=ghana.official, note="Not ours.")
    press(line(ghana, "twg_hosting"), "complete", actor=ghana.official, note="The ministry convenes from May on.")
    assert line(ghana, "twg_hosting").state == "done"


def test_a_line_with_a_day_waits_for_its_owners_people_and_is_late(ghana: Country, time_machine_at: Any) -> None:
    services.change_item(
        line(ghana, "calendar"), {"owner": ghana.ministry, "due": date(2999, 5, 1)}, actor=ghana.secretariat
    )  # fmt: skip
    [item] = [i for i in inbox.of(ghana.official).waiting if "Calendar" in str(i.title)]
    assert item.due == date(2999, 5, 1)
    assert not [i for i in inbox.of(ghana.consultant).waiting if "Calendar" in str(i.title)]
    time_machine_at("2999-05-04 09:00:00Z")
    assert line(ghana, "calendar").days_late == 3


def test_a_twg_adds_lines_of_its_own_and_the_templates_stay(ghana: Country) -> None:
    own = services.add_item(ghana.handover, {"name": "Keys of the archive", "required": False}, actor=ghana.chair)
    assert (own.position, str(own)) == (9, "Keys of the archive")
    services.change_item(own, {"name": "Keys and passes"}, actor=ghana.chair)
    with pytest.raises(ValidationError):
        services.change_item(line(ghana, "mandate"), {"required": False}, actor=ghana.chair)
    with pytest.raises(NotPermitted):
        services.add_item(ghana.handover, {"name": "More"}, actor=ghana.statistician)
    with pytest.raises(ValidationError):
        services.add_item(ghana.handover, {"name": ""}, actor=ghana.chair)
    accepted(ghana)
    finish(ghana, but="other")
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)  # what is not required holds nothing up


def test_what_was_signed_stays_as_it_was(ghana: Country) -> None:
    signed(ghana)
    with pytest.raises(Unmet, match="take the signature back first"):
        press(line(ghana, "mandate"), "reopen", actor=ghana.chair, note="Wrong letter.")
    with pytest.raises(Unmet, match="take the signature back first"):
        services.add_item(ghana.handover, {"name": "More"}, actor=ghana.chair)
    with pytest.raises(Unmet, match="take the signature back first"):
        services.change_item(line(ghana, "mandate"), {"owner": ghana.ministry}, actor=ghana.chair)


def test_of_a_closed_edition_nothing_is_added_even_unsigned(ghana: Country) -> None:
    f.perform(ghana.edition, "publish", published_on="2009-12")
    with pytest.raises(Unmet, match="The edition is closed"):
        press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, note="Too late.")
    with pytest.raises(Unmet, match="The edition is closed"):
        services.add_item(ghana.handover, {"name": "More"}, actor=ghana.chair)


def test_a_finished_line_is_opened_again_before_it_is_changed(ghana: Country) -> None:
    press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, note="Signed.")
    with pytest.raises(Unmet, match="open it again"):
        services.change_item(line(ghana, "mandate"), {"owner": ghana.ministry}, actor=ghana.chair)
    press(line(ghana, "mandate"), "reopen", actor=ghana.chair, note="The minister has not signed.")
    services.change_item(line(ghana, "mandate"), {"owner": ghana.ministry}, actor=ghana.chair)


def test_a_stale_form_says_who_was_faster(ghana: Country) -> None:
    mandate = line(ghana, "mandate")
    services.change_item(line(ghana, "mandate"), {"owner": ghana.ministry}, actor=ghana.chair)
    with pytest.raises(Conflict):
        services.change_item(mandate, {"due": LATER}, actor=ghana.secretariat, version=mandate.version)
    form = {"owner": ghana.statistics.pk, "due": "2999-05-01", "version": mandate.version}
    answer = browser(ghana.secretariat).post(reverse("handover-item-edit", args=[mandate.pk]), form)
    assert answer.status_code == 409
    assert "The chair" in answer.text


# -- capacity needs (S46) -----------------------------------------------------------------------------------


def test_needs_are_recorded_by_keepers_and_the_institution_and_met_after_the_hand_over_too(ghana: Country) -> None:
    mine = need(ghana, actor=ghana.statistician)
    need(ghana, actor=ghana.secretariat, severity="3", what="A larger screen.")
    for person in (ghana.official, ghana.consultant):
        with pytest.raises(NotPermitted):
            need(ghana, actor=person)
    published(ghana)
    services.change_need(mine, {"severity": "2"}, actor=ghana.statistician)
    press(mine, "meet", actor=ghana.statistician, note="Both posts were filled in March.")
    with pytest.raises(Unmet, match="take it up again"):
        services.change_need(mine, {"severity": "1"}, actor=ghana.statistician)
    press(mine, "reopen", actor=ghana.secretariat, note="One of them has left.")
    press(mine, "withdraw", actor=ghana.statistician, note="The work was given to a university.")
    assert mine.state == "withdrawn"


def test_a_need_of_no_known_severity_is_refused(ghana: Country) -> None:
    with pytest.raises(ValidationError):
        need(ghana, severity="9")
    assert not CapacityNeed.objects.exists()


def test_an_observer_reads_none_of_it(ghana: Country) -> None:
    asked(ghana)
    mine = need(ghana)
    press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, evidence_file=upload())
    observer = f.seat(ghana.twg, "observer", institution=f.institution("An NGO", category="civil_society"))
    for person in (observer, f.seat(f.twg("SN"), "chair"), f.administrator()):
        for name, pk in (
            ("handover", ghana.handover.pk), ("handover-item", line(ghana, "mandate").pk), ("capacity-need", mine.pk),
            ("handover-evidence", Evidence.objects.get().pk), ("handover-item-new", ghana.handover.pk),
        ):  # fmt: skip
            assert browser(person).get(reverse(name, args=[pk])).status_code == 404
        assert "Two statisticians" not in browser(person).get(reverse("capacity-needs")).text
    assert HandoverItem.objects.all().visible_to(observer).count() == 0
