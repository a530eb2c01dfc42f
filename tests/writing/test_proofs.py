"""`verify_history` proves every text that was kept, and names the first that was rewritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from workflow.engine import digests, history, triggers

from .making import Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Scene:
    made = scene()
    made.write("First.", note="begun")
    made.write("Second.")
    made.write("Laws.", "E.1")
    made.take()
    made.write("Third.")
    return made


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_honest_texts_hold(ghana: Scene) -> None:
    assert history.verify().broken is None


def rewrite_a_revision(ghana: Scene) -> None:
    sql("UPDATE workflow_revision SET body = 'Better.' WHERE number = 1 AND body = 'First.'")


def rewrite_it_with_its_hash(ghana: Scene) -> None:
    """Somebody who knows the code puts the right hash beside the wrong text."""

    sql("UPDATE workflow_revision SET body = 'Better.', sha256 = %s WHERE body = 'First.'", digests.of_text("Better."))


def give_it_to_another(ghana: Scene) -> None:
    sql("UPDATE workflow_revision SET author_id = %s WHERE body = 'First.'", ghana.secretariat.pk)


def give_it_another_note(ghana: Scene) -> None:
    sql("UPDATE workflow_revision SET note = 'as agreed' WHERE body = 'First.'")


def take_one_away(ghana: Scene) -> None:
    sql("DELETE FROM workflow_revision WHERE body = 'First.'")


def take_the_newest_away(ghana: Scene) -> None:
    sql("DELETE FROM workflow_revision WHERE body = 'Third.'")


def change_what_stands_there(ghana: Scene) -> None:
    sql("UPDATE workflow_textsection SET body = 'Better.' WHERE place = 'C.1'")


def write_where_nothing_was_kept(ghana: Scene) -> None:
    sql("UPDATE workflow_textsection SET body = 'Better.' WHERE place = 'A.1'")


def count_back(ghana: Scene) -> None:
    sql("UPDATE workflow_textsection SET number = 2 WHERE place = 'C.1'")


def exchange_a_draft_s_revision(ghana: Scene) -> None:
    sql(
        "UPDATE workflow_draftsection SET revision_id = (SELECT id FROM workflow_revision WHERE body = 'First.') "
        "WHERE place = 'C.1'"
    )


def rename_in_a_draft(ghana: Scene) -> None:
    sql("UPDATE workflow_draftsection SET place = 'C.9' WHERE place = 'C.1'")


def leave_a_section_out_of_a_draft(ghana: Scene) -> None:
    sql("DELETE FROM workflow_draftsection WHERE place = 'A.1'")


def change_a_draft_s_hash(ghana: Scene) -> None:
    sql(f"UPDATE workflow_draft SET sha256 = '{'0' * 64}'")


@pytest.mark.parametrize(
    ("tamper", "where", "why"),
    [
        (rewrite_a_revision, "section", "the text of revision 1 is not what was kept"),
        (rewrite_it_with_its_hash, "section", "revision 1 is not the one that its event tells of"),
        (give_it_to_another, "section", "revision 1 is not the one that its event tells of"),
        (give_it_another_note, "section", "revision 1 is not the one that its event tells of"),
        (take_one_away, "section", "revision 1 is missing: the next one is 2"),
        (take_the_newest_away, "section", "it has 2 revisions, and its history tells of 3"),
        (change_what_stands_there, "section", "what stands there is not its newest revision"),
        (write_where_nothing_was_kept, "section", "what stands there is not its newest revision"),
        (count_back, "section", "it has 3 revisions, and its history tells of 3"),
        (exchange_a_draft_s_revision, "draft", "its sections are not those that were frozen"),
        (rename_in_a_draft, "draft", "its sections are not those that were frozen"),
        (leave_a_section_out_of_a_draft, "draft", "its sections are not those that were frozen"),
        (change_a_draft_s_hash, "draft", "its sections are not those that were frozen"),
    ],
)
def test_tampering_is_found_and_named(ghana: Scene, tamper: Callable[[Scene], None], where: str, why: str) -> None:
    triggers.remove(connection)
    tamper(ghana)
    triggers.install(connection)
    broken = history.verify().broken
    assert broken is not None
    assert (broken.subject.split(":")[0], broken.why) == (where, why)


def test_a_revision_that_no_section_knows_of_is_found(ghana: Scene) -> None:
    last = ghana.section("F.1")
    sql(
        "INSERT INTO workflow_revision (section_id, number, body, note, way, author_name, at, sha256, word_count) "
        "SELECT %s, 1, body, '', 'typed', 'Nobody', at, sha256, 1 FROM workflow_revision WHERE body = 'Laws.'",
        last.pk,
    )
    broken = history.verify().broken
    assert broken is not None
    assert (broken.subject, broken.why) == (f"section:{last.pk}", "it has revisions that it does not know of")


def test_a_database_without_one_of_its_triggers_is_itself_a_finding(ghana: Scene) -> None:
    triggers.remove(connection, ["workflow_revision"])
    broken = history.verify().broken
    assert broken is not None
    assert broken.why == "the triggers that protect history are missing"
    triggers.install(connection)
    assert history.verify().broken is None


def test_every_append_only_table_is_known() -> None:
    assert triggers.tables() == [
        "meetings_addendum", "meetings_certificate", "recommendations_actionprogress", "recommendations_progressreport",
        "recommendations_reportfile", "workflow_dataanswer", "workflow_draftsection", "workflow_event",
        "workflow_evidence", "workflow_handoverrecord", "workflow_revision", "workflow_vote",
    ]  # fmt: skip
