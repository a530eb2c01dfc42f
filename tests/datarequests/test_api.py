"""Data requests through the API: what pages do, by the same rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import factories as f
from tests.api.calls import Caller, problem
from tests.groups.reading import questions
from workflow.datarequests.models import DataAnswer, DataRequest

from .making import WHAT, Country, answered, ask, country, press, section, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Country:
    return country()


def body(ghana: Country, **fields: Any) -> dict[str, Any]:
    return {
        "twg": ghana.twg.code, "institutions": [ghana.immigration.code], "what": WHAT, "why": "Part C.",
        "due": "2999-06-01", **fields,
    }  # fmt: skip


def test_a_program_asks_answers_and_accepts(ghana: Country) -> None:
    part = section(ghana)
    made = Caller(ghana.consultant).post("requests/", body(ghana, section=part.pk))
    assert made.status_code == 201
    [row] = made.json()
    assert (row["state"], row["section"], row["section_title"]) == ("asked", part.pk, str(part))
    officer = Caller(ghana.officer)
    path = f"requests/{row['id']}"
    assert officer.act(path, "answer", note="12,431").status_code == 200
    detail = officer.get(f"{path}/").json()
    assert [(a["number"], a["words"], a["file"]) for a in detail["answers"]] == [(1, "12,431", False)]
    assert Caller(ghana.consultant).act(path, "receive").json()["subject"]["state"] == "received"
    assert [e["name"] for e in officer.get(f"{path}/history/").json()["results"]] == ["asked", "answer", "receive"]


def test_a_file_comes_as_multipart_and_leaves_as_it_came(ghana: Country) -> None:
    request = ask(ghana)
    officer = Caller(ghana.officer)
    fields = {"version": request.version, "data_file": upload()}
    assert officer.upload(f"requests/{request.pk}/actions/answer/", fields).status_code == 200
    got = Caller(ghana.consultant).get(f"requests/{request.pk}/answers/1/file/")
    assert b"".join(got.streaming_content) == b"year,permits\n2008,12431\n"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    for number in ("2", "0", "9999"):
        problem(Caller(ghana.consultant).get(f"requests/{request.pk}/answers/{number}/file/"), 404, "not-found")


def test_a_hostile_file_is_a_problem_on_its_field(ghana: Country) -> None:
    request = ask(ghana)
    wrong = {"version": request.version, "data_file": upload("x.csv", b"<script>alert(1)</script>")}
    told = problem(Caller(ghana.officer).upload(f"requests/{request.pk}/actions/answer/", wrong), 422, "incomplete")
    assert list(told["errors"]) == ["data_file"]
    large = {"version": request.version, "data_file": upload(content=b"a,b\n" * (10 * 1024 * 1024 // 4 + 1))}
    told = problem(Caller(ghana.officer).upload(f"requests/{request.pk}/actions/answer/", large), 413, "too-large")
    assert list(told["errors"]) == ["data_file"]
    assert not DataAnswer.objects.exists()


def test_what_can_be_done_says_what_it_asks_for(ghana: Country) -> None:
    request = ask(ghana)
    found = Caller(ghana.officer).get(f"requests/{request.pk}/actions/").json()["actions"]
    asks = {a["name"]: [(q["name"], q["type"], q["required"]) for q in a["asks"]] for a in found if a["allowed"]}
    assert asks == {
        "answer": [("note", "string", False), ("data_file", "file", False)],
        "decline": [("note", "string", True)],
    }


def test_lists_are_filtered(ghana: Country) -> None:
    ask(ghana)
    answered(ghana, what="B")
    caller = Caller(ghana.secretariat)
    assert caller.get("requests/").json()["count"] == 2
    for query, count in (
        ({"twg": ghana.twg.code}, 2), ({"twg": "nowhere"}, 0), ({"state": "answered"}, 1),
        ({"institution": ghana.immigration.code, "state": "asked"}, 1), ({"section": "1"}, 0),
    ):  # fmt: skip
        assert caller.get("requests/", query).json()["count"] == count, query
    problem(caller.get("requests/", {"state": "lost"}), 422, "incomplete")


def test_a_change_names_its_version(ghana: Country) -> None:
    request = ask(ghana)
    caller = Caller(ghana.consultant)
    problem(caller.patch(f"requests/{request.pk}/", {"what": "B"}), 428, "version-required")
    changed = caller.patch(f"requests/{request.pk}/", {"what": "B", "version": request.version})
    assert changed.json()["what"] == "B"
    stale = problem(caller.patch(f"requests/{request.pk}/", {"what": "C", "version": request.version}), 409, "conflict")
    assert stale["events"][0]["name"] == "changed"


def test_mistakes_are_told_by_field(ghana: Country) -> None:
    caller = Caller(ghana.consultant)
    empty = problem(caller.post("requests/", {}), 422, "incomplete")
    assert set(empty["errors"]) == {"twg", "institutions", "what", "why", "due"}
    theirs = section(country("ML"))
    wrong = body(ghana, institutions=["nobody"], section=theirs.pk, due="tomorrow")
    assert set(problem(caller.post("requests/", wrong), 422, "incomplete")["errors"]) == {
        "institutions", "section", "due",
    }  # fmt: skip
    passed = problem(caller.post("requests/", body(ghana, due="2001-01-01")), 422, "incomplete")
    assert set(passed["errors"]) == {"due"}
    assert not DataRequest.objects.exists()


def test_what_one_cannot_see_is_not_there(ghana: Country) -> None:
    request = ask(ghana)
    press(request, "answer", data_file=upload())
    others = [f.seat(ghana.twg, "observer"), f.seat(f.twg("ML"), "secretariat"), f.person(), f.administrator()]
    for person in others:
        caller = Caller(person)
        assert caller.get("requests/").json()["count"] == 0
        for path in ("", "history/", "actions/", "answers/1/file/"):
            problem(caller.get(f"requests/{request.pk}/{path}"), 404, "not-found")
        problem(caller.get("requests/export/csv/", {"twg": ghana.twg.code}), 404, "not-found")
    assert Caller().get("requests/").status_code == 401


def test_whoever_may_not_ask_is_told_whose_it_is(ghana: Country) -> None:
    told = problem(Caller(ghana.officer).post("requests/", body(ghana)), 403, "not-permitted")
    assert "whoever drafts for the TWG or the secretariat" in told["detail"]


def test_the_list_is_exported(ghana: Country) -> None:
    ask(ghana)
    got = Caller(ghana.secretariat).get("requests/export/csv/", {"twg": ghana.twg.code})
    assert WHAT in got.content.decode()
    problem(Caller(ghana.secretariat).get("requests/export/csv/"), 422, "incomplete")


def test_longer_lists_ask_no_more_questions(ghana: Country) -> None:
    from django.test import Client

    client = Client()
    client.force_login(ghana.secretariat)
    part = section(ghana)
    ask(ghana, section=part)
    few = questions(client, "/api/v1/requests/")
    for number in range(20):
        ask(ghana, what=f"Series {number}", section=part, needed_by=ghana.immigration)
    assert questions(client, "/api/v1/requests/") == few
    assert json.loads(client.get("/api/v1/requests/").content)["count"] == 21


LETTER = {"way": "paper", "given_by": "Mr Mensah, Director", "given_on": "2009-04-03"}


def test_a_program_records_a_letter_and_reads_whence_it_came(ghana: Country) -> None:
    request = ask(ghana)
    secretariat = Caller(ghana.secretariat)
    fields = {"version": request.version, "data_file": upload(), "note": "12,431", **LETTER}
    assert secretariat.upload(f"requests/{request.pk}/actions/record_answer/", fields).status_code == 200
    [answer] = secretariat.get(f"requests/{request.pk}/").json()["answers"]
    assert {name: answer[name] for name in LETTER} == LETTER
    assert (answer["by_name"], answer["name"], answer["file"]) == ("The secretariat", "permits.csv", True)


def test_what_a_letter_lacks_is_told_by_field(ghana: Country) -> None:
    told = problem(Caller(ghana.secretariat).act(f"requests/{ask(ghana).pk}", "record_answer"), 422, "incomplete")
    assert set(told["errors"]) == {"way", "given_by", "given_on"}
    problem(
        Caller(ghana.officer).act(f"requests/{ask(ghana, what='B').pk}", "record_answer", **LETTER),
        403,
        "not-permitted",
    )


def test_a_program_gives_more_time(ghana: Country) -> None:
    path = f"requests/{ask(ghana).pk}"
    consultant = Caller(ghana.consultant)
    told = problem(consultant.act(path, "extend", note="Easter.", due="2999-06-01"), 422, "incomplete")
    assert list(told["errors"]) == ["due"]
    assert consultant.act(path, "extend", note="Easter.", due="2999-07-01").status_code == 200
    assert consultant.get(f"{path}/").json()["due"] == "2999-07-01"


def test_who_gives_and_who_uses_is_read_by_members_and_iom_alone(ghana: Country) -> None:
    answered(ghana, needed_by=f.institution("Finance", code="gh-finance"))
    ask(ghana, what="B")
    query = {"twg": ghana.twg.code}
    rows = Caller(ghana.consultant).get("requests/exchanges/", query).json()
    assert [(r["name"], r["asked"], r["given"], r["declined"], r["late"], r["needed"]) for r in rows] == [
        ("Finance", 0, 0, 0, 0, 1), ("Immigration Service GH", 2, 1, 0, 0, 0),
    ]  # fmt: skip
    for person in (f.seat(ghana.twg, "observer"), f.seat(f.twg("ML"), "chair"), f.administrator()):
        problem(Caller(person).get("requests/exchanges/", query), 404, "not-found")
