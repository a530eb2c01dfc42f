"""Reading history: the page, the audit export that an outsider can verify, and a decision's file."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client

from tests import factories as f
from workflow.engine import events, history, services
from workflow.engine.flow import Act
from workflow.engine.models import Event, RecordedDecision
from workflow.groups import services as groups
from workflow.groups.models import Person
from workflow.profiles import services as profiles
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def page(subject: Any, kind: str = "edition") -> str:
    return f"/history/{kind}/{subject.pk}/"


@pytest.fixture
def edition() -> Edition:
    return f.edition(f.twg("GH"), stage="comment")


@pytest.fixture
def secretariat(edition: Edition) -> Person:
    return f.seat(edition.twg, "secretariat", "Secretariat of Ghana")


def test_history_tells_who_what_when_from_where_to_and_why(edition: Edition) -> None:
    chair = f.seat(edition.twg, "chair", "Chair of Ghana", institution=f.institution("Ministry of Interior"))
    services.perform(
        EditionFlow(edition),
        "return_to_drafting",
        actor=chair,
        note="Part C is empty.",
        telling=services.Telling(occurred="2009-06"),
    )
    shown = text(browser(chair).get(page(edition)))
    for words in ("Return to drafting", "Chair of Ghana, for Ministry of Interior", "June 2009", "Part C is empty."):
        assert words in shown
    last = history.events_of(edition).last()
    assert last is not None
    assert last.hash[:8] in shown
    assert f'<p class="hash">{last.hash}</p>' in shown
    assert shown.index("Part C is empty.") < shown.index("Start drafting")


def test_times_are_shown_in_the_readers_zone(edition: Edition) -> None:
    reader = f.person(time_zone="Pacific/Auckland")
    groups.give_seat(edition.twg, reader, {"role": "secretariat"}, actor=None)
    shown = text(browser(reader).get(page(edition)))
    assert "Pacific/Auckland" in shown
    event = history.events_of(edition).last()
    assert event is not None
    assert event.at.astimezone(UTC).strftime("%H:%M UTC") not in shown


def test_history_is_read_from_the_inside_only(edition: Edition) -> None:
    outsiders = [f.person(), f.administrator(), f.seat(f.twg("ML"), "secretariat")]
    for path in (page(edition), page(edition) + "export.csv", page(edition) + "export.json"):
        assert Client().get(path).status_code == 404
        for person in outsiders:
            assert browser(person).get(path).status_code == 404
    assert browser(outsiders[0]).get("/history/nothing/1/").status_code == 404
    assert browser(outsiders[0]).get(f"/history/edition/{10**30}/").status_code == 404


def test_a_published_edition_is_public_but_its_history_is_not() -> None:
    published = f.edition(f.twg("GH"), stage="published")
    assert Client().get(page(published)).status_code == 404


def test_fifty_events_fill_a_page(edition: Edition, secretariat: Person) -> None:
    while Event.objects.filter(subject_kind="edition", subject_id=edition.pk).count() < 53:
        with services.change(edition, "changed", actor=None) as changing:
            changing.subject.source = f"p. {changing.subject.version}"
    client = browser(secretariat)
    first, second = text(client.get(page(edition))), text(client.get(page(edition) + "?page=2"))
    assert (first.count('<li id="event-'), second.count('<li id="event-')) == (50, 3)
    assert 'id="event-53"' in first
    assert 'id="event-1"' in second
    assert client.get(page(edition) + "?page=nonsense").status_code == 200


def test_the_page_costs_the_same_for_one_event_and_for_fifty(
    edition: Edition, secretariat: Person, django_assert_max_num_queries: Any
) -> None:
    def many(times: int) -> None:
        for number in range(times):
            owner = f.institution(country="GH")
            profiles.change_profile(edition.profile, {"owner": owner, "update_months": number + 1}, actor=secretariat)

    client = browser(secretariat)
    for times in (1, 40):
        many(times)
        with django_assert_max_num_queries(9):
            client.get(page(edition.profile, "profile"))


def test_changed_fields_are_told_in_words(edition: Edition, secretariat: Person) -> None:
    owner = f.institution("National Migration Bureau", country="GH")
    profiles.change_profile(edition.profile, {"owner": owner, "update_months": 24}, actor=secretariat)
    shown = text(browser(secretariat).get(page(edition.profile, "profile")))
    assert "Owning government body" in shown
    assert "<ins>National Migration Bureau</ins>" in shown
    assert "Months between editions" in shown
    assert "<ins>24</ins>" in shown
    assert "owner_id" not in shown
    assert shown.count("<dt>Edition</dt>") == 1


def test_who_got_a_seat_is_told_to_those_who_may_know_and_to_no_observer(edition: Edition, secretariat: Person) -> None:
    f.adopt(edition.twg.terms.get())
    f.seat(edition.twg, "member", "Ama Planted", institution=f.institution("Statistical Service"))
    observer = f.seat(edition.twg, "observer", institution=f.institution(category="civil_society"))
    path = page(edition.twg, "twg")
    assert "Ama Planted" in text(browser(secretariat).get(path))
    seen = browser(observer).get(path)
    assert seen.status_code == 200
    assert "Ama Planted" not in text(seen)
    assert "Statistical Service" in text(seen)


def test_an_observer_reads_no_names_of_those_who_acted(edition: Edition) -> None:
    f.adopt(edition.twg.terms.get())
    actor = f.person("", email="planted@ministry.example")
    groups.give_seat(edition.twg, actor, {"role": "chair", "institution": f.institution("Interior")}, actor=None)
    f.perform(edition, "return_to_drafting", actor=actor, note="Again")
    observer = f.seat(edition.twg, "observer", institution=f.institution(category="civil_society"))
    client = browser(observer)
    assert "planted@" in text(browser(actor).get(page(edition)))
    shown = text(client.get(page(edition)))
    assert "Somebody, for Interior" in shown
    exports = [body(client.get(page(edition) + f"export.{form}")).decode() for form in ("csv", "json")]
    for leaving in (shown, *exports):
        assert "planted@" not in leaving
    withheld = json.loads(exports[1])["events"][-1]
    assert (withheld["actor_name"], withheld["withheld"]) == ("", ["actor", "actor_name"])


# -- the audit export -----------------------------------------------------------------------------------


def test_an_outsider_verifies_the_json_export_with_nothing_but_sha_256(edition: Edition, secretariat: Person) -> None:
    f.perform(edition, "return_to_drafting", actor=secretariat, note="Côte d’Ivoire: « à revoir »\nsecond line")
    answer = browser(secretariat).get(page(edition) + "export.json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="palabre-edition-{edition.pk}-history.json"'
    document = json.loads(body(answer))
    previous = ""
    for number, event in enumerate(document["events"], start=1):
        content = {k: v for k, v in event.items() if k not in ("hash", "withheld")}
        words = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(words.encode()).hexdigest() == event["hash"]
        assert (event["sequence"], event["previous"], event["withheld"]) == (number, previous, [])
        assert datetime.fromisoformat(event["at"]).utcoffset() == datetime.now(UTC).utcoffset()
        previous = event["hash"]
    edition.refresh_from_db()
    assert previous == edition.head
    assert "SHA-256" in document["proof"]


def test_an_outsider_verifies_the_csv_export_too(edition: Edition, secretariat: Person) -> None:
    lines = _csv(browser(secretariat).get(page(edition) + "export.csv"))
    assert [int(line["sequence"]) for line in lines] == list(range(1, edition.version + 1))
    previous = ""
    for line in lines:
        assert hashlib.sha256(line["content"].encode()).hexdigest() == line["hash"]
        assert line["previous"] == previous
        previous = line["hash"]


def _csv(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("planted", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_export_runs_as_a_formula(edition: Edition, secretariat: Person, planted: str) -> None:
    events.append(edition, "changed", Act(actor=secretariat, note=planted))
    last = _csv(browser(secretariat).get(page(edition) + "export.csv"))[-1]
    assert last["note"] == "'" + planted
    assert json.loads(last["content"])["note"] == planted
    for cell in last.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_long_history_is_exported_whole(
    edition: Edition, secretariat: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflow.engine import export

    monkeypatch.setattr(export, "AT_ONCE", 2)
    lines = _csv(browser(secretariat).get(page(edition) + "export.csv"))
    assert [int(line["sequence"]) for line in lines] == list(range(1, edition.version + 1))


@pytest.mark.django_db(transaction=True)
def test_under_asgi_the_export_is_sent_piece_by_piece(edition: Edition, secretariat: Person) -> None:
    from asgiref.sync import async_to_sync

    client = AsyncClient()
    client.force_login(secretariat)

    async def read() -> bytes:
        answer: Any = await client.get(page(edition) + "export.json")
        assert answer.is_async
        return b"".join([chunk async for chunk in answer.streaming_content])

    assert len(json.loads(async_to_sync(read)())["events"]) == edition.version


def test_only_csv_and_json_are_exported(edition: Edition, secretariat: Person) -> None:
    assert browser(secretariat).get(page(edition) + "export.xlsx").status_code == 404


# -- a decision's file ------------------------------------------------------------------------------------


@pytest.fixture
def decision(edition: Edition) -> RecordedDecision:
    upload = SimpleUploadedFile("procès-verbal.pdf", b"%PDF-1.4 signed", "application/pdf")
    services.perform(
        EditionFlow(edition), "request_endorsement", actor=None, data=f.DECISION, files={"decision_file": upload}
    )
    return RecordedDecision.objects.get(sha256__gt="")


def test_the_secretariat_downloads_the_signed_page_as_it_was_filed(
    secretariat: Person, decision: RecordedDecision, edition: Edition
) -> None:
    client = browser(secretariat)
    assert f'href="/decisions/{decision.pk}/file/"' in text(client.get(page(edition)))
    answer = client.get(f"/decisions/{decision.pk}/file/")
    assert body(answer) == b"%PDF-1.4 signed"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    digest = hashlib.sha256(b"%PDF-1.4 signed")
    assert answer["ETag"] == f'"{digest.hexdigest()}"'
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    again = client.get(f"/decisions/{decision.pk}/file/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nobody_outside_downloads_it(decision: RecordedDecision) -> None:
    path = f"/decisions/{decision.pk}/file/"
    assert Client().get(path).status_code == 404
    for person in (f.person(), f.administrator(), f.seat(f.twg("ML"), "chair")):
        assert browser(person).get(path, headers={"If-None-Match": f'"{decision.sha256}"'}).status_code == 404


def test_a_decision_without_a_file_or_with_a_lost_one_is_not_found(
    secretariat: Person, decision: RecordedDecision
) -> None:
    client = browser(secretariat)
    bare = RecordedDecision.objects.filter(sha256="").first()
    assert bare is not None
    assert client.get(f"/decisions/{bare.pk}/file/").status_code == 404
    decision.file.storage.delete(str(decision.file.name))
    assert client.get(f"/decisions/{decision.pk}/file/").status_code == 404


# -- the reader -------------------------------------------------------------------------------------------


def test_an_anonymous_reader_chooses_a_language_and_keeps_it() -> None:
    client = Client()
    assert client.get("/nowhere/")["Content-Language"] == "en"
    assert client.get("/nowhere/", headers={"Accept-Language": "pt"})["Content-Language"] == "pt"
    client.post("/language/setlang/", {"language": "fr", "next": "/"})
    assert client.get("/nowhere/", headers={"Accept-Language": "pt"})["Content-Language"] == "fr"


def test_a_persons_own_language_holds_until_they_choose_another_on_this_browser() -> None:
    client = browser(f.person(language="pt"))
    assert client.get("/nowhere/")["Content-Language"] == "pt"
    client.post("/language/setlang/", {"language": "fr", "next": "/"})
    assert client.get("/nowhere/")["Content-Language"] == "fr"
    client.cookies["django_language"] = "xx"
    assert client.get("/nowhere/")["Content-Language"] == "pt"


def test_what_a_signed_in_person_reads_stays_in_no_cache(edition: Edition, secretariat: Person) -> None:
    assert browser(secretariat).get(page(edition))["Cache-Control"] == "private, no-store"
