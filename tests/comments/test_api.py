"""Rounds and comments for programs: the same services, rights and refusals as on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as f
from tests.api.calls import Caller, problem
from workflow.comments.models import Muted, Remark, Round
from workflow.engine import history
from workflow.groups.models import Institution, Person, Twg

from . import making as m

pytestmark = pytest.mark.django_db


def plan(twg: Twg, **more: Any) -> dict[str, Any]:
    deadline = (timezone.now() + timedelta(days=14)).isoformat()
    return {"twg": twg.code, "draft": m.draft(twg).pk, "name": "March round", "deadline": deadline, **more}


def test_a_round_from_plan_to_answered(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    keeper, member = Caller(secretariat), Caller(interior[1])
    made = keeper.post("rounds/", plan(ghana, reminder_days=[7, 2], message="Look at Part C."))
    assert made.status_code == 201, made.content
    url = f"rounds/{made.json()['id']}"
    assert keeper.act(url, "open_round").json()["subject"]["state"] == "open"
    assert [row["answered"] for row in keeper.get(f"{url}/asked/").json()["results"]] == [False]
    section = m.first(Round.objects.get())
    said = member.post(
        "comments/",
        {"round": made.json()["id"], "section": section.pk, "comment": "Wrong.", "kind": "data", "weight": "must",
         "quote": "14,000 returns"},
    )  # fmt: skip
    assert said.status_code == 201, said.content
    comment = f"comments/{said.json()['id']}"
    assert (said.json()["number"], said.json()["quote"], said.json()["parent"]) == (1, "14,000 returns", None)
    keeper.act(url, "close")
    refused = keeper.act(url, "finish")
    assert "1 comment has no answer yet." in problem(refused, 409, "unmet")["detail"]
    m.write(section, "Another text.")
    answered = keeper.act(comment, "answer", disposition="accepted", revision=2)
    assert answered.json()["subject"]["revision"] == 2
    assert member.act(comment, "settle").json()["subject"]["state"] == "settled"
    assert keeper.act(url, "finish").json()["subject"]["state"] == "answered"
    assert [e["name"] for e in member.get(f"{comment}/history/").json()["results"]] == ["made", "answer", "settle"]
    assert history.verify().broken is None


def test_a_plan_is_changed_extended_and_asked_of_others(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    keeper = Caller(secretariat)
    labour, _other = m.ministry(ghana, "Ministry of Labour")
    made = keeper.post("rounds/", plan(ghana, everybody=False, institutions=[interior[0].code])).json()
    url = f"rounds/{made['id']}/"
    problem(keeper.patch(url, {"name": "April round"}), 428, "version-required")
    changed = keeper.patch(url, {"name": "April round", "version": made["version"]})
    assert changed.json()["name"] == "April round"
    problem(keeper.patch(url, {"name": "May round", "version": made["version"]}), 409, "conflict")
    keeper.act(url.rstrip("/"), "open_round")
    version = keeper.get(url).json()["version"]
    asked = keeper.post(f"{url}ask/", {"institutions": [labour.code], "version": version})
    assert asked.status_code == 200, asked.content
    assert len(keeper.get(f"{url}asked/").json()["results"]) == 2
    later = (timezone.now() + timedelta(days=30)).isoformat()
    refused = keeper.post(f"{url}extend/", {"deadline": later, "version": asked.json()["version"]})
    assert "note" in problem(refused, 422, "incomplete")["errors"]
    extended = keeper.post(
        f"{url}extend/", {"deadline": later, "note": "The minister travels.", "version": asked.json()["version"]}
    )
    assert extended.status_code == 200
    reminded = keeper.post(f"{url}remind/", {"version": extended.json()["version"]})
    assert reminded.status_code == 200
    problem(keeper.post(f"{url}remind/", {"version": extended.json()["version"]}), 409, "conflict")


def test_no_comments_clearance_and_one_voice(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    round_ = m.opened(ghana)
    focal, expert = Caller(interior[1]), Caller(m.colleague(ghana, interior[0]))
    keeper = Caller(secretariat)
    url = f"rounds/{round_.pk}"
    assert focal.post(f"{url}/nothing/").status_code == 200
    assert focal.get(f"{url}/mine/").json()["clears"] is False
    assert focal.post(f"{url}/clearance/", {"on": True}).json()["clears"] is True
    problem(expert.post(f"{url}/clearance/", {"on": False}), 403, "not-permitted")
    problem(keeper.post(f"{url}/clearance/", {"on": False}), 403, "not-permitted")
    problem(keeper.get(f"{url}/mine/"), 404, "not-found")
    said = expert.post("comments/", {"round": round_.pk, "comment": "Between ourselves."}).json()
    assert (said["inside"], said["number"], said["state"]) == (True, None, "inside")
    problem(keeper.get(f"comments/{said['id']}/"), 404, "not-found")
    assert keeper.get("comments/", {"round": round_.pk}).json()["count"] == 0
    changed = expert.patch(f"comments/{said['id']}/", {"comment": "More softly.", "version": said["version"]})
    assert changed.json()["comment"] == "More softly."
    problem(expert.post(f"{url}/submit/"), 403, "not-permitted")
    [read] = focal.post(f"{url}/submit/").json()
    assert (read["comment"], read["number"], read["inside"]) == ("More softly.", 1, False)
    assert [r["id"] for r in keeper.get("comments/", {"round": round_.pk}).json()["results"]] == [read["id"]]


def test_threads_flags_and_mail(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    remark = m.comment(m.opened(ghana), interior[1])
    keeper, member = Caller(secretariat), Caller(interior[1])
    url = f"comments/{remark.pk}"
    reply = keeper.post(f"{url}/replies/", {"comment": "Which source?"})
    assert (reply.status_code, reply.json()["parent"]) == (201, remark.pk)
    assert member.get("comments/", {"thread": remark.pk}).json()["count"] == 2
    assert member.post(f"{url}/flag/", {"note": "For the minister."}).status_code == 200
    problem(member.post(f"{url}/unflag/", {"note": "Done."}), 403, "not-permitted")
    assert "note" in problem(keeper.post(f"{url}/unflag/", {}), 422, "incomplete")["errors"]
    assert keeper.post(f"{url}/unflag/", {"note": "Done."}).status_code == 200
    assert member.post(f"{url}/mute/", {"on": True}).status_code == 204
    assert Muted.objects.get().person == interior[1]


def test_answers_alike(ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    one, twin, stranger = (m.comment(round_, interior[1], words) for words in ("Wrong.", "wrong.", "Right."))
    keeper = Caller(secretariat)
    url = f"comments/{one.pk}/answer-alike/"
    body = {"disposition": "noted", "answer": "Noted.", "version": one.version}
    problem(keeper.post(url, body | {"alike": [stranger.pk]}), 422, "incomplete")
    done = keeper.post(url, body | {"alike": [twin.pk]})
    assert [row["state"] for row in done.json()] == ["answered", "answered"]


@pytest.mark.parametrize(
    ("more", "status", "name"),
    [
        ({"comment": ""}, 422, "incomplete"),
        ({"comment": "x" * 8001}, 422, "incomplete"),
        ({"comment": "zero\x00byte"}, 422, "incomplete"),
        ({"comment": {"nested": 1}}, 422, "incomplete"),
        ({"kind": "gossip"}, 422, "incomplete"),
        ({"quote": "not a word of this stands there at all"}, 422, "incomplete"),
        ({"section": 987654}, 422, "incomplete"),
        ({"round": 987654}, 422, "incomplete"),
        ({"institution": "nobody"}, 422, "incomplete"),
    ],
)
def test_what_cannot_be_kept_is_refused_on_its_field(
    ghana: Twg, interior: tuple[Institution, Person], more: dict[str, Any], status: int, name: str
) -> None:
    round_ = m.opened(ghana)
    body = {"round": round_.pk, "section": m.first(round_).pk, "comment": "Wrong."} | more
    told = problem(Caller(interior[1]).post("comments/", body), status, name)
    assert set(told["errors"]) == set(more)
    assert not Remark.objects.exists()


def test_a_section_of_another_draft_and_a_reply_elsewhere(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    mali = f.twg("ML")
    _theirs, other = m.ministry(mali, "Ministry of Mali")
    elsewhere = m.opened(mali)
    remark = m.comment(elsewhere, other)
    member = Caller(interior[1])
    body = {"round": round_.pk, "section": remark.section_id, "comment": "Wrong."}
    assert "section" in problem(member.post("comments/", body), 422, "incomplete")["errors"]
    problem(member.post(f"comments/{remark.pk}/replies/", {"comment": "And I?"}), 404, "not-found")
    problem(member.post("comments/", {"round": elsewhere.pk, "comment": "And I?"}), 422, "incomplete")


def test_a_token_that_only_reads_comments_nothing(ghana: Twg, interior: tuple[Institution, Person]) -> None:
    round_ = m.opened(ghana)
    reader = Caller(interior[1], "read")
    problem(reader.post("comments/", {"round": round_.pk, "comment": "Wrong."}), 403, "not-permitted")
    assert reader.get(f"rounds/{round_.pk}/").status_code == 200


def test_lists_are_filtered_and_ask_a_constant_number_of_questions(
    ghana: Twg, secretariat: Person, interior: tuple[Institution, Person]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    round_ = m.opened(ghana)
    for n in range(3):
        m.comment(round_, interior[1], f"{n}", fields={"weight": "must" if n else "may"})
    keeper = Caller(secretariat)
    assert keeper.get("comments/", {"round": round_.pk, "weight": "must"}).json()["count"] == 2
    assert keeper.get("comments/", {"institution": interior[0].code, "state": "submitted"}).json()["count"] == 3
    problem(keeper.get("comments/", {"state": "imagined"}), 422, "incomplete")
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert keeper.get("comments/").status_code == 200
        counts.append(len(asked))
        for n in range(5):
            m.comment(round_, interior[1], f"More {n}")
    assert counts[0] == counts[1]
