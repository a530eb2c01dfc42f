"""Recommendations through the API: what a program reads and does, under the same rules (S21, S22, S31)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.register.models import Recommendation
from tests import factories as f
from tests.api.calls import Caller
from tests.meetings.minutes import making as m

from .making import recommendation, regional, workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> m.House:
    return m.house("GH")


def test_a_program_drafts_issues_reports_and_reads(house: m.House) -> None:
    secretariat, director = Caller(house.secretariat), Caller(house.director)
    made = secretariat.post(
        "recommendations/",
        {"twg": house.twg.code, "ground": "data", "texts": {"en": "Count"}, "lead": house.ministry.code,
         "supporting": [house.association.code], "due": "2010-01-31"},
    )  # fmt: skip
    assert made.status_code == 201, made.json()
    path = f"recommendations/{made.json()['id']}"
    assert secretariat.act(path, "issue").status_code == 200
    assert director.act(path, "accept", note="Yes.", rhythm=3).status_code == 200
    version = director.get(f"{path}/").json()["version"]
    sent = director.upload(
        f"{path}/actions/report/",
        {
            "version": version,
            "percent": "40",
            "note": "Two posts.",
            "evidence": [SimpleUploadedFile("a.csv", b"a,b\n")],
        },
    )
    assert sent.status_code == 200, sent.content
    told = director.get(f"{path}/").json()
    assert (told["reference"], told["state"], told["percent"], told["answer"]) == ("R1", "in_progress", 40, "Yes.")
    [report] = told["reports"]
    assert (report["words"], report["by_name"], report["files"][0]["name"]) == ("Two posts.", "The director", "a.csv")
    file = director.get(f"{path}/reports/1/files/{report['files'][0]['id']}/")
    assert b"".join(file.streaming_content) == b"a,b\n"
    assert Caller(house.observer).get(f"{path}/").json()["reports"][0]["by_name"] == ""


def test_what_is_wrong_is_told_by_its_field(house: m.House) -> None:
    caller = Caller(house.secretariat)
    for wrong in ({"texts": {}}, {"ground": "law"}, {"lead": "nobody"}, {"rhythm": 99}, {"meeting": 0}):
        body = {"twg": house.twg.code, "ground": "data", "texts": {"en": "Count"}} | wrong
        answer = caller.post("recommendations/", body)
        assert answer.status_code == 422, answer.json()
        assert next(iter(wrong)) in str(answer.json())
    assert not Recommendation.objects.exists()


def test_an_action_item_or_a_decision_becomes_one(house: m.House) -> None:
    decided = m.decide(m.minutes(house))
    caller = Caller(house.secretariat)
    assert caller.post("recommendations/from-minutes/", {"ground": "data"}).status_code == 422
    made = caller.post("recommendations/from-minutes/", {"ground": "policy", "decision": decided.pk})
    assert (made.status_code, made.json()["text"]) == (201, decided.what)
    assert caller.post("recommendations/from-minutes/", {"ground": "policy", "decision": decided.pk}).status_code == 409


def test_the_roll_up_of_a_regions_is_read_country_by_country() -> None:
    region, secretariat, twgs = regional("GH,ML")
    made = recommendation(region, state="issued")
    caller = Caller(secretariat)
    answer = caller.post(f"recommendations/{made.pk}/cascade/", {"twgs": [twg.code for twg in twgs]})
    assert [row["twg"] for row in answer.json()] == [twg.code for twg in twgs]
    rows = caller.get("recommendations/by-twg/", {"cascaded_from": made.pk}).json()
    assert [(row["twg"], row["standing"]["unanswered"]) for row in rows] == [(twg.code, 1) for twg in twgs]
    assert caller.get("recommendations/standing/", {"cascaded_from": made.pk}).json()["total"] == 2
    assert sorted(caller.get(f"recommendations/{made.pk}/").json()["cascade"]) == sorted(
        made.cascade.values_list("pk", flat=True)
    )


def test_similar_ones_are_linked_and_parted(house: m.House) -> None:
    one, other = recommendation(house.twg, state="issued"), recommendation(house.twg, state="issued")
    caller = Caller(house.secretariat)
    assert caller.post(f"recommendations/{one.pk}/similar/", {"other": other.pk}).json()["similar"] == [other.pk]
    assert caller.post(f"recommendations/{one.pk}/similar/end/", {"other": other.pk}).json()["similar"] == []


def test_a_change_names_the_version_that_was_read(house: m.House) -> None:
    made = recommendation(house.twg)
    caller = Caller(house.secretariat)
    assert caller.patch(f"recommendations/{made.pk}/", {"priority": "high", "version": 99}).status_code == 409
    answer = caller.patch(f"recommendations/{made.pk}/", {"priority": "high", "version": made.version})
    assert answer.json()["priority"] == "high"


def test_s31_a_program_learns_no_more_than_its_person(house: m.House) -> None:
    hidden = recommendation(house.twg, meeting=workshop(house, closed=True, closed_reason="Security"), state="issued")
    caller = Caller(house.activist)
    assert caller.get(f"recommendations/{hidden.pk}/").status_code == 404
    assert caller.get("recommendations/").json()["results"] == []
    assert caller.get("recommendations/standing/").json()["total"] == 0
    assert caller.get(f"recommendations/{hidden.pk}/history/").status_code == 404
    assert Caller(f.administrator()).get(f"recommendations/{hidden.pk}/").status_code == 404
    assert Caller(house.director).get(f"recommendations/{hidden.pk}/").json()["closed"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "docx", "pdf"])
def test_lists_leave_through_the_api(house: m.House, ending: str) -> None:
    recommendation(house.twg, state="issued")
    answer = Caller(house.director).get(f"recommendations/export/{ending}/", {"twg": house.twg.code})
    assert answer.status_code == 200
    assert f".{ending}" in answer.headers["Content-Disposition"]
