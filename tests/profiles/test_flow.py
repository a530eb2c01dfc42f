"""The life of an edition: who may, what must hold, what it records (S08, S10, S13, S21, S40)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from tests import factories as f
from workflow.engine import history
from workflow.engine import services as engine
from workflow.engine.errors import EngineError, Incomplete, NotPermitted, Unmet
from workflow.engine.models import RecordedDecision
from workflow.groups.models import Person, Twg
from workflow.profiles import services
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import TRACK, Edition, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH", of=f.project())


def people(twg: Twg) -> dict[str, Person | None]:
    ngo = f.institution("An NGO", category="civil_society")
    assert twg.project
    return {
        "chair": f.seat(twg, "chair"),
        "secretariat": f.seat(twg, "secretariat"),
        "consultant": f.seat(twg, "consultant"),
        "member": f.seat(twg, "member"),
        "alternate": f.seat(twg, "alternate"),
        "observer": f.seat(twg, "observer", institution=ngo),
        "iom": f.monitor(twg.project),
        "other country": f.seat(f.twg("ML"), "secretariat"),
        "other project": f.monitor(f.project("Another project")),
        "administrator": f.administrator(),
        "nobody": f.person(),
    }


MAY = {
    ("template", "start_drafting"): {"chair", "secretariat", "iom"},
    ("drafting", "submit_draft"): {"consultant", "secretariat"},
    ("comment", "request_endorsement"): {"chair", "secretariat"},
    ("endorsement", "endorse"): {"chair", "secretariat"},
    ("workshop", "close_workshop"): {"chair", "secretariat", "iom"},
    ("handover", "publish"): {"chair", "secretariat", "iom"},
    ("comment", "return_to_drafting"): {"chair", "secretariat"},
    ("endorsement", "return_to_drafting"): {"chair", "secretariat"},
    ("workshop", "return_to_drafting"): {"chair", "secretariat"},
    **{(s.value, "withdraw"): {"chair", "secretariat", "iom"} for s in TRACK if s != Stage.PUBLISHED},
}


def test_this_table_is_the_whole_flow() -> None:
    assert {(str(t.source), t.slug) for t in EditionFlow.transitions()} == set(MAY)


@pytest.mark.parametrize(("stage", "step"), MAY)
def test_who_may(ghana: Twg, stage: str, step: str) -> None:
    who = people(ghana)
    edition = f.edition(ghana, stage=stage)
    f.prepare(edition, step)
    allowed = set()
    for name, person in who.items():
        try:
            with transaction.atomic():
                f.perform(edition, step, actor=person, note="Because.", **f.ANSWERS.get(step, {}))
                allowed.add(name)
                raise _Back
        except _Back:
            edition.refresh_from_db()
        except NotPermitted:
            continue
    assert allowed == MAY[stage, step]


class _Back(Exception):
    """Takes the transition back, so that the next person finds the edition as it was."""


def test_the_whole_way_with_one_return_is_in_the_history(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="workshop")
    f.perform(edition, "return_to_drafting", note="Part E names no law.")
    f.bring(edition, "published")
    assert [e.to_state for e in history.events_of(edition)] == [
        "template", "drafting", "comment", "endorsement", "workshop",
        "drafting", "comment", "endorsement", "workshop", "handover", "published",
    ]  # fmt: skip
    assert history.verify().broken is None


@pytest.mark.parametrize("stage", ["published", "withdrawn"])
def test_a_closed_edition_stays_closed(ghana: Twg, stage: str) -> None:
    edition = f.edition(ghana, stage=stage)
    assert EditionFlow(edition).outgoing() == []


# -- the policy workshop (S21) ------------------------------------------------------------------------------


def close_workshop(edition: Edition, **answers: Any) -> None:
    f.perform(edition, "close_workshop", actor=None, **answers)


def test_a_workshop_names_the_update_institution(ghana: Twg) -> None:
    office = f.institution("Ghana Statistical Service", category="statistics")
    edition = f.edition(ghana, stage="workshop")
    close_workshop(edition, update_institution=office.pk)
    assert edition.update_institution == office
    event = history.events_of(edition).last()
    assert event is not None
    assert event.data["update_institution"] == {"id": office.pk, "name": "Ghana Statistical Service"}


def test_or_says_why_there_is_none(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="workshop")
    with pytest.raises(Incomplete) as refusal:
        close_workshop(edition)
    assert "update_institution" in refusal.value.fields
    close_workshop(edition, no_update_institution="The ministry decides in January.")
    assert edition.no_update_institution == "The ministry decides in January."


def test_but_not_both(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="workshop")
    with pytest.raises(Incomplete):
        close_workshop(edition, update_institution=f.institution().pk, no_update_institution="Later.")


def test_an_institution_of_another_country_is_not_offered(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="workshop")
    with pytest.raises(Incomplete) as refusal:
        close_workshop(edition, update_institution=f.institution(country="ML").pk)
    assert "update_institution" in refusal.value.fields


def test_a_rejected_workshop_keeps_its_earlier_answer_out(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="handover")
    assert edition.no_update_institution
    assert edition.update_institution is None


# -- publication (S02) --------------------------------------------------------------------------------------


def test_nothing_is_published_before_a_government_body_owns_it(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="handover")
    with pytest.raises(Unmet, match="owns the profile"):
        f.perform(edition, "publish", published_on="2009-12")


def test_an_ngo_cannot_own_a_profile(ghana: Twg) -> None:
    profile = f.profile(ghana)
    ngo = f.institution("An NGO", category="civil_society")
    with pytest.raises(ValidationError, match="government body"):
        services.change_profile(profile, {"owner": ngo}, actor=None)


def test_a_publication_without_a_date_is_of_today(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2010-01-20 12:00:00Z")
    edition = f.edition(ghana, stage="handover")
    f.prepare(edition, "publish")
    f.perform(edition, "publish")
    assert edition.published_on == "2010-01-20"


def test_a_date_that_is_none_is_refused_on_its_field(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="handover")
    f.prepare(edition, "publish")
    with pytest.raises(Incomplete) as refusal:
        f.perform(edition, "publish", published_on="soon")
    assert "published_on" in refusal.value.fields


# -- editions of one profile --------------------------------------------------------------------------------


def test_one_edition_is_open_at_a_time(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="comment")
    with pytest.raises(ValidationError, match="Edition 2009 is still open"):
        f.edition(edition.profile, label="2010")
    with pytest.raises(IntegrityError), transaction.atomic():
        # The database holds it too, whatever code should forget.
        Edition.objects.bulk_create([Edition(profile=edition.profile, label="2011", template=edition.template)])


def test_a_new_edition_follows_the_published_one(ghana: Twg) -> None:
    first = f.edition(ghana, stage="published")
    second = f.edition(first.profile, label="2011")
    assert second.follows == first
    assert second.stage == Stage.TEMPLATE
    assert history.events_of(first.profile).filter(name="edition_opened").count() == 2


def test_after_a_withdrawal_another_edition_may_be_opened(ghana: Twg) -> None:
    first = f.edition(ghana, stage="withdrawn")
    assert f.edition(first.profile, label="2010").follows is None


def test_a_member_opens_no_edition(ghana: Twg) -> None:
    with pytest.raises(NotPermitted):
        services.open_edition(
            f.profile(ghana), {"label": "2009", "template": f.template()}, actor=f.seat(ghana, "member")
        )


# -- decisions taken outside --------------------------------------------------------------------------------


def signed_page(content: bytes = b"%PDF-1.4 signed", name: str = "minutes.pdf") -> dict[str, Any]:
    return {"decision_file": SimpleUploadedFile(name, content, content_type="application/pdf")}


def test_the_signed_page_is_kept_with_its_fingerprint(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="endorsement")
    keeper = f.seat(ghana, "secretariat")
    event = engine.perform(EditionFlow(edition), "endorse", actor=keeper, data=f.DECISION, files=signed_page())
    decision = RecordedDecision.objects.get(pk=event.data["decision"]["id"])
    assert Path(decision.file.path).read_bytes() == b"%PDF-1.4 signed"
    assert event.data["decision"]["sha256"] == decision.sha256
    assert len(decision.sha256) == 64


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (signed_page(name="minutes.exe"), "exe"),
        (signed_page(b"", "empty.pdf"), "empty"),
        (signed_page(b"x" * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
    ],
)
def test_a_hostile_file_is_refused_on_its_field(ghana: Twg, files: dict[str, Any], said: str) -> None:
    edition = f.edition(ghana, stage="endorsement")
    with pytest.raises(Incomplete) as refusal:
        engine.perform(EditionFlow(edition), "endorse", actor=None, data=f.DECISION, files=files)
    assert said in " ".join(refusal.value.fields["decision_file"])


def test_a_decision_without_a_body_is_refused(ghana: Twg) -> None:
    edition = f.edition(ghana, stage="endorsement")
    with pytest.raises(EngineError):
        f.perform(edition, "endorse", decision_body="")
