"""The pages of hand-overs and their API, and how many questions they ask (S21, S46)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from tests import factories as f
from tests.api.calls import Caller, problem
from tests.groups.reading import browser, questions
from workflow.engine import inbox
from workflow.groups import access
from workflow.groups import services as groups
from workflow.groups.models import Person
from workflow.handover import services
from workflow.handover.models import CapacityNeed, Handover

from .making import LATER, Country, accepted, asked, country, finish, line, press, published, signed, upload

pytestmark = pytest.mark.django_db
NEED = {"kind": "staff", "severity": "1", "what": "Two statisticians."}


@pytest.fixture
def ghana() -> Country:
    return country()


def page(person: Person | None, name: str, *args: Any, status: int = 200) -> str:
    answer = browser(person).get(reverse(name, args=args))
    assert answer.status_code == status, answer.content
    return " ".join(answer.text.split())


def waiting(person: Person) -> list[str]:
    access.forget(person)
    return [f"{item.detail} {item.action}" for item in inbox.of(person).waiting]


def test_the_page_says_what_is_known_and_what_comes_next(ghana: Country) -> None:
    groups.record_fact(
        ghana.twg, {"topic": "budget", "statements": {"en": "The ministry will budget the update."}}, actor=None
    )  # fmt: skip
    shown = page(ghana.secretariat, "handover", ghana.handover.pk)
    for words in ("Ask the update institution", str(ghana.statistics), "Focal points named", "Capacity needs",
                  "The ministry will budget the update."):  # fmt: skip
        assert words in shown
    assert "Record a capacity need" not in page(ghana.official, "handover", ghana.handover.pk)


def test_the_edition_and_the_twg_lead_to_it(ghana: Country) -> None:
    for name, key in (("edition", ghana.edition.pk), ("twg", ghana.twg.code)):
        shown = page(ghana.official, name, key)
        assert reverse("handover", args=[ghana.handover.pk]) in shown
        assert "0 of 8 lines of the checklist" in shown
    assert "of 8 lines" not in page(f.seat(ghana.twg, "observer"), "edition", ghana.edition.pk)


def test_what_waits_for_whom_at_each_step(ghana: Country) -> None:
    assert any("is to be asked formally" in told for told in waiting(ghana.secretariat))
    assert not any("hand-over" in told.lower() for told in waiting(ghana.statistician))
    asked(ghana)
    assert any("is asked to keep this profile up to date. Answer" in told for told in waiting(ghana.statistician))
    assert not any("is asked to keep" in told for told in waiting(ghana.official))
    press(ghana.handover, "decline", actor=ghana.statistician, note="Nobody.")
    assert any("another institution is to be named" in told for told in waiting(ghana.chair))
    press(ghana.handover, "name_institution", actor=ghana.chair, institution=ghana.ministry.pk)
    asked(ghana)
    press(ghana.handover, "accept_conditionally", actor=ghana.official, conditions="Two posts.")
    assert any("Your conditions are not met yet" in told for told in waiting(ghana.official))
    press(ghana.handover, "meet_conditions", actor=ghana.official, note="Filled.")
    assert any("8 lines of the checklist are open" in told for told in waiting(ghana.secretariat))
    finish(ghana)
    assert any("the record can be signed" in told for told in waiting(ghana.secretariat))
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert not any("the record can be signed" in told for told in waiting(ghana.secretariat))


def test_a_late_answer_is_shown_by_how_late(ghana: Country, time_machine_at: Any) -> None:
    asked(ghana)
    time_machine_at("2999-06-04 09:00:00Z")
    assert any("The answer is 3 days late." in told for told in waiting(ghana.secretariat))
    assert "3 days late" in page(ghana.secretariat, "handover", ghana.handover.pk)


def test_it_is_begun_by_hand_where_an_edition_had_come_so_far_before(ghana: Country) -> None:
    ghana.handover.items.all().delete()
    Handover.objects.filter(edition=ghana.edition).delete()
    assert "Begin the hand-over" in page(ghana.secretariat, "edition", ghana.edition.pk)
    assert "Begin the hand-over" not in page(ghana.official, "edition", ghana.edition.pk)
    where = reverse("handover-begin", args=[ghana.edition.pk])
    assert browser(ghana.official).post(where).status_code == 403
    assert browser(ghana.secretariat).post(where).status_code == 302
    assert browser(ghana.secretariat).post(where).status_code == 302
    assert Handover.objects.count() == 1
    assert ghana.handover.items.count() == 8
    before = f.edition(f.twg("ML"), stage="drafting")
    keeper = f.seat(before.twg, "secretariat")
    assert browser(keeper).post(reverse("handover-begin", args=[before.pk])).status_code == 409


def test_forms_add_a_line_and_a_need_and_keep_what_was_typed(ghana: Country) -> None:
    client, at = browser(ghana.secretariat), [ghana.handover.pk]
    wrong = client.post(reverse("capacity-need-new", args=at), {"what": "Two posts", "kind": "moon", "severity": "2"})
    assert wrong.status_code == 422
    assert "Two posts" in wrong.text
    told = {"what": "Two posts", "kind": "staff", "severity": "1", "needed": ""}
    assert client.post(reverse("capacity-need-new", args=at), told).status_code == 302
    need = CapacityNeed.objects.get()
    assert "Two posts" in page(ghana.official, "capacity-need", need.pk)
    change = told | {"what": "Three posts", "version": need.version}
    assert client.post(reverse("capacity-need-edit", args=[need.pk]), change).status_code == 302
    assert "Three posts" in page(ghana.secretariat, "capacity-needs")
    line_ = {"name": "Keys of the archive", "owner": ghana.ministry.pk, "due": "2999-05-01"}
    assert client.post(reverse("handover-item-new", args=at), line_).status_code == 302
    assert "Keys of the archive" in page(ghana.official, "handover", *at)
    assert browser(ghana.statistician).post(reverse("handover-item-new", args=at), line_).status_code == 403


def test_iom_finds_all_of_them_in_one_table_and_takes_them_as_a_spreadsheet(ghana: Country) -> None:
    mali = country("ML", of=ghana.project)
    country("SN")  # of another project
    press(line(ghana, "mandate"), "complete", actor=ghana.secretariat, note="=HYPERLINK(1)", evidence_file=upload())
    services.record_need(mali.handover, NEED, actor=None)
    monitor = f.monitor(ghana.project)
    shown = page(monitor, "handovers")
    assert "2 hand-overs" in shown
    assert "1/8" in shown
    sheet = _sheet(browser(monitor).get(reverse("checklists-export", args=["xlsx"])))
    assert len(sheet) == 1 + 16
    assert ["Terms of reference or mandate letter", "'=HYPERLINK(1)"] in [[row[6], row[13]] for row in sheet]
    [head, need] = _sheet(browser(monitor).get(reverse("capacity-needs-export", args=["xlsx"])))
    assert (head[9], need[9], need[7]) == ("what_is_lacking", "Two statisticians.", "Stops the next update")
    assert "Two statisticians." not in browser(ghana.chair).get(reverse("capacity-needs-export", args=["csv"])).text


def _sheet(answer: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_the_search_finds_a_hand_over_and_a_need_for_those_who_read_them(ghana: Country) -> None:
    services.record_need(ghana.handover, NEED, actor=None)
    for person, found in ((ghana.official, True), (f.seat(ghana.twg, "observer"), False)):
        assert ("Capacity needs" in browser(person).get(reverse("search"), {"q": "statisticians"}).text) is found
        shown = browser(person).get(reverse("search"), {"q": str(ghana.statistics)}).text
        assert (reverse("handover", args=[ghana.handover.pk]) in shown) is found


def test_no_page_asks_more_with_more_of_everything(ghana: Country) -> None:
    services.record_need(ghana.handover, NEED, actor=None)
    signed(ghana)
    monitor = f.monitor(ghana.project)
    addresses = [
        (person, reverse(name, args=args))
        for person in (ghana.secretariat, ghana.statistician, monitor)
        for name, args in (
            ("handovers", []), ("handover", [ghana.handover.pk]), ("capacity-needs", []), ("home", []),
            ("handover-item", [line(ghana, "mandate").pk]), ("edition", [ghana.edition.pk]), ("twg", [ghana.twg.code]),
        )
    ]  # fmt: skip
    little = [questions(browser(person), address) for person, address in addresses]
    assert max(little) <= 7
    press(ghana.handover, "unsign", actor=ghana.chair, note="More.")
    for n in range(4):
        services.record_need(ghana.handover, NEED | {"what": f"Need {n}"}, actor=None)
        services.add_item(ghana.handover, {"name": f"Line {n}", "owner": ghana.ministry}, actor=None)
        press(
            line(ghana, "mandate"), "add_evidence", actor=ghana.secretariat, note=f"Letter {n}.", evidence_file=upload()
        )  # fmt: skip
    for code in ("ML", "SN", "NE"):
        asked(country(code, of=ghana.project))
    finish_again = ghana.handover.items.filter(state="open")
    for item in finish_again.select_related("handover__edition__profile__twg"):
        press(item, "complete", note="Done.")
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    assert [questions(browser(person), address) for person, address in addresses] == little


# -- the API ------------------------------------------------------------------------------------------------


def test_a_program_does_what_the_pages_do(ghana: Country) -> None:
    keeper, taker = Caller(ghana.secretariat), Caller(ghana.statistician)
    root = f"handovers/{ghana.handover.pk}"
    assert keeper.get("handovers/", {"twg": ghana.twg.code}).json()["count"] == 1
    assert keeper.act(root, "ask", reply_by="2999-06-01").json()["subject"]["state"] == "asked"
    problem(keeper.act(root, "extend", reply_by="2009-01-01", note="The census."), 422, "incomplete")
    problem(taker.act(root, "extend", reply_by="2999-06-08", note="The census."), 403, "not-permitted")
    later = keeper.act(root, "extend", reply_by="2999-06-08", note="The census.").json()
    assert later["subject"]["reply_by"] == "2999-06-08"
    assert taker.act(root, "accept", note="Gladly.").json()["subject"]["institution"]["code"] == ghana.statistics.code
    lines = keeper.get("handover-items/", {"handover": ghana.handover.pk}).json()["results"]
    assert [row["kind"] for row in lines][:2] == ["mandate", "focal_points"]
    own = keeper.post("handover-items/", {"handover": ghana.handover.pk, "name": "Keys", "required": False})
    assert own.status_code == 201, own.content
    changed = keeper.patch(
        f"handover-items/{own.json()['id']}/", {"due": "2999-05-01", "version": own.json()["version"]}
    )
    assert changed.json()["due"] == "2999-05-01"
    for row in lines:
        counted = {"counted": 4} if row["kind"] == "trained_staff" else {}
        done = taker.act(f"handover-items/{row['id']}", "complete", note="Done.", **counted)
        assert done.json()["subject"]["evidence"][0]["words"] == "Done."
    need = taker.post("capacity-needs/", {"handover": ghana.handover.pk, **NEED})
    assert need.status_code == 201, need.content
    softer = {"severity": "3", "version": need.json()["version"]}
    assert taker.patch(f"capacity-needs/{need.json()['id']}/", softer).json()["severity"] == "3"
    assert keeper.get(f"{root}/record/").status_code == 404
    assert keeper.act(root, "sign", next_due="2999-06-01").json()["subject"]["state"] == "signed"
    assert keeper.get(f"{root}/record/").json()["record"]["format"] == "palabre.handover/1"
    assert keeper.get("handover-items/export/csv/").status_code == 200
    assert keeper.get("capacity-needs/export/xlsx/").status_code == 200


def test_a_program_of_somebody_else_finds_nothing(ghana: Country) -> None:
    other = Caller(f.seat(f.twg("SN"), "secretariat"))
    for path in (f"handovers/{ghana.handover.pk}/", f"handover-items/{line(ghana, 'mandate').pk}/"):
        assert other.get(path).status_code == 404
    assert other.post("handovers/", {"edition": ghana.edition.pk}).status_code in (404, 422)
    assert other.post("capacity-needs/", {"handover": ghana.handover.pk, **NEED}).status_code == 422


def test_a_program_sets_another_day_for_the_next_edition(ghana: Country) -> None:
    published(ghana)
    profile = ghana.edition.profile
    taker = Caller(ghana.statistician)
    told = taker.get(f"profiles/{profile.code}/").json()
    assert (told["updated_by"]["code"], told["next_due"]) == (ghana.statistics.code, "2999-06-01")
    body = {"next_due": "2999-09-01", "note": "The census.", "version": told["version"]}
    assert taker.post(f"profiles/{profile.code}/next-due/", body).json()["next_due"] == "2999-09-01"
    assert Caller(ghana.official).post(f"profiles/{profile.code}/next-due/", body).status_code == 403


def test_an_accepted_hand_over_publishes_from_the_editions_page(ghana: Country) -> None:
    accepted(ghana)
    refused = page(ghana.secretariat, "edition", ghana.edition.pk)
    assert "8 lines of the checklist are open" in page(ghana.secretariat, "act", "edition", ghana.edition.pk, "publish")
    assert "Publish" in refused
    finish(ghana)
    press(ghana.handover, "sign", actor=ghana.chair, next_due=LATER)
    form = {"version": ghana.edition.version, "published_on": "2009-12"}
    done = browser(ghana.secretariat).post(reverse("act", args=["edition", ghana.edition.pk, "publish"]), form)
    assert done.status_code == 302
