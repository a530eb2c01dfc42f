"""A history that nobody can rewrite."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests import factories as f
from workflow.engine import history, triggers
from workflow.engine.models import Event
from workflow.groups.models import Twg
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return f.edition(f.twg("GH"), stage="handover")


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_event SET note = 'better'",
        "UPDATE workflow_event SET at = at",
        "DELETE FROM workflow_event",
    ],
)
def test_the_database_refuses_to_rewrite_history(edition: Edition, statement: str) -> None:
    before = Event.objects.count()
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert Event.objects.count() == before


def test_the_orm_is_refused_too(edition: Edition) -> None:
    event = history.events_of(edition).last()
    assert event is not None
    event.note = "better"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL truncates")
def test_truncation_is_refused(edition: Edition) -> None:
    connection.check_constraints()  # deferred foreign keys would refuse first, for a reason of their own
    with pytest.raises(DatabaseError, match="append-only"):
        sql("TRUNCATE workflow_event CASCADE")


def test_an_honest_history_is_verified_and_counted(edition: Edition) -> None:
    out = io.StringIO()
    call_command("verify_history", stdout=out)
    assert f"{Event.objects.count()} events read" in out.getvalue()
    assert "Every chain holds" in out.getvalue()


def test_the_digest_changes_with_every_event(edition: Edition) -> None:
    before = history.verify().digest
    f.perform(edition, "withdraw", note="Given up.")
    assert history.verify().digest != before


def change_note(e: Edition) -> None:
    sql("UPDATE workflow_event SET note = 'better' WHERE subject_kind = 'edition' AND sequence = 3")


def change_time(e: Edition) -> None:
    sql("UPDATE workflow_event SET at = '2010-01-01 00:00:00' WHERE subject_kind = 'edition' AND sequence = 3")


def change_actor(e: Edition) -> None:
    sql("UPDATE workflow_event SET actor_name = 'The minister' WHERE subject_kind = 'edition' AND sequence = 3")


def remove_one(e: Edition) -> None:
    sql("DELETE FROM workflow_event WHERE subject_kind = 'edition' AND sequence = 3")


def remove_the_last(e: Edition) -> None:
    sql("DELETE FROM workflow_event WHERE subject_kind = 'edition' AND sequence = %s", e.version)


def change_and_rehash(e: Edition) -> None:
    """Somebody who knows the code recomputes the hash of the event that they changed."""
    event = history.events_of(e).get(sequence=3)
    event.note = "better"
    sql("UPDATE workflow_event SET note = %s, hash = %s WHERE id = %s", event.note, history.digest(event), event.pk)


def change_state_behind_the_engine(e: Edition) -> None:
    sql("UPDATE workflow_edition SET stage = 'published' WHERE id = %s", e.pk)


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (change_note, "event 3: its content"),
        (change_time, "event 3: its content"),
        (change_actor, "event 3: its content"),
        (remove_one, "event 3: event 3 is missing"),
        (remove_the_last, "version and head"),
        (change_and_rehash, "event 4: it does not follow"),
        (change_state_behind_the_engine, "state is not the one its history leads to"),
    ],
)
def test_tampering_is_found_and_the_first_broken_event_named(
    edition: Edition, tamper: Callable[[Edition], None], named: str
) -> None:
    triggers.remove(connection)
    tamper(edition)
    triggers.install(connection)
    with pytest.raises(CommandError, match=named) as failure:
        call_command("verify_history", stdout=io.StringIO())
    assert f"edition:{edition.pk}" in str(failure.value)


def test_missing_triggers_are_themselves_a_finding(edition: Edition) -> None:
    triggers.remove(connection)
    with pytest.raises(CommandError, match="triggers"):
        call_command("verify_history", stdout=io.StringIO())
    triggers.install(connection)


def test_what_was_altered_without_the_triggers_is_named_even_while_they_are_gone(edition: Edition) -> None:
    triggers.remove(connection)
    change_note(edition)
    with pytest.raises(CommandError, match=rf"edition:{edition.pk}, event 3: its content.*triggers .* missing"):
        call_command("verify_history", stdout=io.StringIO())
    triggers.install(connection)


def test_a_subject_deleted_behind_the_engine_is_missed() -> None:
    edition = f.edition(f.twg("GH"), stage="template")
    sql("DELETE FROM workflow_edition WHERE id = %s", edition.pk)
    broken = history.verify().broken
    assert broken is not None
    assert "deleted" in broken.why


def test_a_subject_without_any_history_is_found() -> None:
    ghana = f.twg("GH")
    Twg.objects.create(code="smuggled", names={"en": "Smuggled"}, country="ML", time_zone="UTC")
    assert ghana.version
    broken = history.verify().broken
    assert broken is not None
    assert "no history" in broken.why


def test_what_is_written_while_it_walks_is_no_break(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    events = history._chains

    def meanwhile() -> Any:
        f.perform(edition, "withdraw", note="Given up.")
        f.twg("ML")
        return events()

    monkeypatch.setattr(history, "_chains", meanwhile)
    verdict = history.verify()
    assert (verdict.broken, verdict.events) == (None, Event.objects.count())


def test_names_stay_as_they_were_on_the_day() -> None:
    ghana = f.twg("GH")
    ministry = f.institution("Ministry of Interior")
    keeper = f.seat(ghana, "secretariat", institution=ministry)
    edition = f.edition(ghana, stage="drafting")
    f.perform(edition, "submit_draft", actor=keeper)
    from workflow.groups import services

    services.change_institution(ministry, {"names": {"en": "Ministry of the Interior"}}, actor=None)
    event = history.events_of(edition).last()
    assert event is not None
    assert event.institution == "Ministry of Interior"
    assert history.verify().broken is None
