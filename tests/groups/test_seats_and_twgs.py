"""Opening TWGs, placing them under a parent, linking bodies, giving and ending seats."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories as f
from workflow.engine.errors import Conflict, NotPermitted
from workflow.engine.history import events_of
from workflow.groups import services
from workflow.groups.models import Membership, Parentage, Person, Twg
from workflow.groups.presets import PRESETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


def story(subject: Any) -> list[str]:
    return [event.name for event in events_of(subject)]


def fields(**more: Any) -> dict[str, Any]:
    return {"code": "twg-sl", "names": {"en": "TWG Sierra Leone"}, "country": "SL", **more}


# -- opening a TWG (S48) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_opens_a_twg_with_the_draft_terms_that_it_promises(preset: str) -> None:
    twg = f.twg("SL", preset=preset)
    terms = twg.terms.get()
    assert (terms.state, terms.number) == ("draft", 1)
    said = {str(c): (str(m), votes) for c, (m, votes) in PRESETS[preset].participation.items()}
    assert {r.category: (r.modality, r.votes) for r in terms.rules.all()} == said
    for name, value in PRESETS[preset].fields.items():
        assert getattr(terms, name) == value
    terms.full_clean()


def test_the_secretariat_of_ghana_opens_a_twg_elsewhere_and_becomes_its_secretariat(ghana: Twg) -> None:
    kofi = f.seat(ghana, "secretariat", "Kofi")
    twg = services.open_twg(fields(), preset="usual", actor=kofi)
    assert [(m.person, m.role) for m in twg.memberships.all()] == [(kofi, "secretariat")]
    services.change_twg(twg, {"launched": "2010"}, actor=kofi)
    assert story(twg) == ["created", "seat_given", "changed"]


def test_iom_opens_a_twg_and_takes_no_seat_in_it() -> None:
    project = f.project()
    twg = services.open_twg(fields(project=project), preset="usual", actor=f.monitor(project))
    assert not twg.memberships.exists()


def test_a_member_opens_no_twg(ghana: Twg) -> None:
    with pytest.raises(NotPermitted, match="a secretariat, IOM or an administrator"):
        services.open_twg(fields(), preset="usual", actor=f.seat(ghana, "member"))
    assert Twg.objects.count() == 1


def test_a_country_has_one_twg_in_a_project_and_nothing_is_left_of_a_second() -> None:
    project = f.project()
    f.twg("SL", of=project)
    with pytest.raises(ValidationError, match="already has a TWG"):
        services.open_twg(fields(project=project), preset="usual", actor=None)
    assert Twg.objects.count() == 1


def test_a_twg_is_of_a_country_or_of_a_region() -> None:
    with pytest.raises(ValidationError):
        services.open_twg(fields(country=""), preset="usual", actor=None)
    with pytest.raises(ValidationError):
        services.open_twg(fields(region=f.region()), preset="usual", actor=None)
    assert f.regional_twg().place == "REGION-" + f.Twg.objects.get().region.code.removeprefix("region-")


def test_the_meetings_rhythm_of_the_twg_goes_into_its_first_terms() -> None:
    terms = f.twg("SL", cadence_from=1, cadence_to=6).terms.get()
    assert (terms.cadence_from, terms.cadence_to) == (1, 6)


def test_a_rhythm_that_goes_backwards_is_refused_on_its_field() -> None:
    with pytest.raises(ValidationError) as refusal:
        f.twg("SL", cadence_from=6, cadence_to=1)
    assert list(refusal.value.error_dict) == ["cadence_to"]


def test_only_whoever_runs_a_twg_changes_it(ghana: Twg) -> None:
    for role in ("member", "observer", "consultant", "alternate"):
        with pytest.raises(NotPermitted):
            services.change_twg(ghana, {"launched": "2008"}, actor=f.seat(ghana, role))
    services.change_twg(ghana, {"launched": "2008"}, actor=f.seat(ghana, "chair"))
    ghana.refresh_from_db()
    assert ghana.launched == "2008"


def test_a_change_of_nothing_leaves_no_trace(ghana: Twg) -> None:
    before = story(ghana)
    services.change_twg(ghana, {"names": ghana.names}, actor=None)
    assert story(ghana) == before


# -- parents (S45) ---------------------------------------------------------------------------------------------


def test_ghana_stands_under_one_institution_probably_moves_and_then_does(ghana: Twg) -> None:
    presidency, interior, bureau = f.institution("Presidency"), f.institution("Interior"), f.institution("Bureau")
    services.set_parent(ghana, {"status": "decided", "institution": presidency, "since": "2008"}, actor=None)
    services.set_parent(ghana, {"status": "probable", "institution": interior, "under": bureau}, actor=None)
    current = {p.status: p.institution for p in ghana.parents.filter(current=True)}
    assert current == {"decided": presidency, "probable": interior}

    services.set_parent(ghana, {"status": "decided", "institution": interior, "since": "2010-02"}, actor=None)
    assert [(p.status, p.institution) for p in ghana.parents.filter(current=True)] == [("decided", interior)]
    before = ghana.parents.filter(current=False).order_by("id")
    assert [(p.status, p.institution, p.until) for p in before] == [
        ("decided", presidency, "2010-02"),
        ("probable", interior, "2010-02"),
    ]
    assert story(ghana).count("parent_changed") == 3


def test_a_second_probability_replaces_the_first_and_not_what_is_decided(ghana: Twg) -> None:
    one, two, three = f.institution("One"), f.institution("Two"), f.institution("Three")
    for status, institution in (("decided", one), ("probable", two), ("probable", three)):
        services.set_parent(ghana, {"status": status, "institution": institution}, actor=None)
    assert {p.institution for p in ghana.parents.filter(current=True)} == {one, three}
    assert ghana.parents.get(institution=two).until == timezone.localdate().isoformat()


def test_a_parent_that_is_open_names_nobody_and_any_other_must(ghana: Twg) -> None:
    services.set_parent(ghana, {"status": "open"}, actor=None)
    assert str(ghana.parents.get()) == "– (open)"
    with pytest.raises(ValidationError):
        services.set_parent(ghana, {"status": "decided"}, actor=None)
    assert Parentage.objects.get().current, "a refused change ends nothing"


def test_a_parent_set_on_a_stale_page_is_refused(ghana: Twg) -> None:
    with pytest.raises(Conflict) as refusal:
        services.set_parent(ghana, {"status": "open"}, actor=None, version=ghana.version - 1)
    assert refusal.value.events


# -- linked bodies and facts -----------------------------------------------------------------------------------


def test_a_committee_inherits_place_project_zone_and_languages() -> None:
    mali = f.twg("ML", of=f.project(), time_zone="Africa/Bamako", languages=["fr"])
    body = services.link_body(
        mali, {"code": "ngos", "names": {"en": "NGO committee"}, "kind": "committee"}, actor=f.seat(mali, "chair")
    )
    assert (body.linked_to, body.country, body.project, body.time_zone, body.languages) == (
        mali, mali.country, mali.project, "Africa/Bamako", ["fr"],
    )  # fmt: skip
    assert story(mali)[-1] == "body_linked"


def test_many_bodies_may_hang_on_one_twg_although_a_country_has_one_twg() -> None:
    congo = f.twg("CD", of=f.project())
    for n in (1, 2):
        services.link_body(congo, {"code": f"g{n}", "names": {"en": f"G{n}"}, "kind": "expert_group"}, actor=None)
    assert congo.linked_bodies.count() == 2


def test_a_body_must_be_something_else_than_a_twg_and_a_member_links_none(ghana: Twg) -> None:
    with pytest.raises(ValidationError):
        services.link_body(ghana, {"code": "b", "names": {"en": "B"}, "kind": "twg"}, actor=None)
    with pytest.raises(NotPermitted):
        services.link_body(
            ghana, {"code": "b", "names": {"en": "B"}, "kind": "committee"}, actor=f.seat(ghana, "member")
        )


FACT = {"topic": "hosting", "statements": {"en": "NCFR hosts the meetings."}, "confidence": "stated"}


def test_the_secretariat_records_what_is_known_of_its_twg(ghana: Twg) -> None:
    fact = services.record_fact(ghana, FACT | {"when": "2010-01"}, actor=f.seat(ghana, "secretariat"))
    assert (str(fact), fact.twg, fact.project) == ("NCFR hosts the meetings.", ghana, None)
    assert story(ghana)[-1] == "fact_recorded"
    with pytest.raises(NotPermitted):
        services.record_fact(ghana, FACT, actor=f.seat(ghana, "chair"))


def test_iom_records_what_is_known_of_its_project_and_a_secretariat_does_not(ghana: Twg) -> None:
    project = f.project()
    assert services.record_fact(project, FACT, actor=f.monitor(project)).project == project
    with pytest.raises(NotPermitted):
        services.record_fact(project, FACT, actor=f.seat(ghana, "secretariat"))
    with pytest.raises(NotPermitted):
        services.record_fact(project, FACT, actor=f.monitor(f.project("Another")))


def test_a_fact_says_something_at_a_date_that_can_be_read(ghana: Twg) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.record_fact(ghana, FACT | {"statements": {}, "when": "soon"}, actor=None)
    assert set(refusal.value.error_dict) == {"statements", "when"}


# -- seats -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("giver", ["chair", "secretariat"])
def test_chair_and_secretariat_give_seats(ghana: Twg, giver: str) -> None:
    awa = f.person("Awa")
    seat = services.give_seat(ghana, awa, {"role": "member", "since": "2009-03"}, actor=f.seat(ghana, giver))
    assert (str(seat), seat.starts_on.isoformat(), seat.ends_on) == ("Awa, Member", "2009-03-01", None)
    event = events_of(ghana).last()
    assert event is not None
    assert (event.name, event.data["person"], event.data["role"]) == ("seat_given", awa.pk, "member")


def test_an_administrator_gives_a_new_twg_its_first_seat(ghana: Twg) -> None:
    services.give_seat(ghana, f.person(), {"role": "secretariat"}, actor=f.administrator())
    assert ghana.memberships.count() == 1


def test_nobody_holds_one_role_twice_but_two_roles_they_may(ghana: Twg) -> None:
    awa = f.seat(ghana, "member")
    with pytest.raises(ValidationError, match="already holds this role"):
        services.give_seat(ghana, awa, {"role": "member"}, actor=None)
    services.give_seat(ghana, awa, {"role": "chair"}, actor=None)
    assert awa.memberships.count() == 2


def test_a_seat_that_ended_may_be_given_again(ghana: Twg) -> None:
    awa = f.seat(ghana, "member", since="2008", until="2009")
    services.give_seat(ghana, awa, {"role": "member", "since": "2010"}, actor=None)
    assert [m.until for m in awa.memberships.all()] == ["2009", ""]


def test_a_seat_that_ends_stays_readable_with_its_reason(ghana: Twg) -> None:
    awa = f.seat(ghana, "member", "Awa", since="2009-01")
    services.end_seat(f.seat_of(awa), until="2009-06", actor=f.seat(ghana, "secretariat"), note="Moved on.")
    seat = f.seat_of(awa)
    assert (seat.until, seat.ends_on.isoformat()) == ("2009-06", "2009-06-30")
    event = events_of(ghana).last()
    assert event is not None
    assert (event.name, event.note) == ("seat_ended", "Moved on.")


def test_a_seat_is_not_ended_twice(ghana: Twg) -> None:
    seat = f.seat_of(f.seat(ghana, "member"))
    services.end_seat(seat, until="2009-06", actor=None, note="x")
    with pytest.raises(Conflict, match="already ended"):
        services.end_seat(seat, until="2009-07", actor=None, note="x")


def test_an_announced_end_can_still_be_moved(ghana: Twg) -> None:
    seat = f.seat_of(f.seat(ghana, "member"))
    services.end_seat(seat, until="2999", actor=None, note="Retires.")
    services.end_seat(seat, until="2010", actor=None, note="Retired earlier.")
    seat.refresh_from_db()
    assert seat.until == "2010"


def test_a_seat_does_not_end_before_it_began(ghana: Twg) -> None:
    seat = f.seat_of(f.seat(ghana, "member", since="2009-06"))
    with pytest.raises(ValidationError) as refusal:
        services.end_seat(seat, until="2009-05", actor=None, note="x")
    assert list(refusal.value.error_dict) == ["until"]


def test_the_last_secretariat_gives_its_seat_to_somebody_first(ghana: Twg) -> None:
    kofi = f.seat(ghana, "secretariat", "Kofi")
    with pytest.raises(ValidationError, match="last secretariat"):
        services.end_seat(f.seat_of(kofi), until="2009-06", actor=kofi, note="x")
    f.seat(ghana, "secretariat", "Ama")
    services.end_seat(f.seat_of(kofi), until="2009-06", actor=kofi, note="x")
    with pytest.raises(NotPermitted):
        services.give_seat(ghana, f.person(), {"role": "member"}, actor=kofi)


def test_a_secretariat_whose_own_end_has_passed_does_not_count_as_another(ghana: Twg) -> None:
    f.seat(ghana, "secretariat", until="2009")
    with pytest.raises(ValidationError, match="last secretariat"):
        services.end_seat(f.seat_of(f.seat(ghana, "secretariat")), until="2010", actor=None, note="x")


@pytest.mark.parametrize(("field", "value"), [("role", "king"), ("rank", "duke"), ("since", "soon")])
def test_a_seat_that_makes_no_sense_is_refused_on_its_field(ghana: Twg, field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.give_seat(ghana, f.person(), {"role": "member", field: value}, actor=None)
    assert list(refusal.value.error_dict) == [field]
    assert not Membership.objects.exists()


# -- people ----------------------------------------------------------------------------------------------------


def test_one_address_is_one_person_whatever_its_capital_letters() -> None:
    awa = services.person_for("Awa@TWG.example", name="Awa", actor=None)
    assert services.person_for(" awa@twg.EXAMPLE", name="Somebody", actor=None) == awa
    assert (awa.email, awa.name, awa.has_usable_password()) == ("awa@twg.example", "Awa", False)


def test_what_is_no_address_makes_nobody() -> None:
    with pytest.raises(ValidationError) as refusal:
        services.person_for("awa at the ministry", name="Awa", actor=None)
    assert list(refusal.value.error_dict) == ["email"]
    assert not Person.objects.exists()


def test_only_oneself_and_administrators_change_a_persons_settings() -> None:
    awa = f.person("Awa")
    with pytest.raises(NotPermitted):
        services.change_person(awa, {"name": "B"}, actor=f.person())
    services.change_person(awa, {"name": "Awa D."}, actor=f.administrator())
    awa.refresh_from_db()
    assert awa.name == "Awa D."


# -- projects --------------------------------------------------------------------------------------------------


def test_an_administrator_opens_a_project_with_its_funders_and_a_secretariat_does_not(ghana: Twg) -> None:
    funders = [{"names": {"en": "European Commission"}, "programme": "AENEAS", "reference": "124151"}]
    made = services.create_project({"code": "p", "names": {"en": "P"}}, funders, actor=f.administrator())
    assert [str(funder) for funder in made.funders.all()] == ["European Commission"]
    with pytest.raises(NotPermitted):
        services.create_project({"code": "q", "names": {"en": "Q"}}, [], actor=f.seat(ghana, "secretariat"))


def test_iom_gives_a_colleague_a_seat_in_its_own_project_and_once() -> None:
    project, other = f.project(), f.project("Another")
    monitor, colleague = f.monitor(project), f.person()
    services.give_project_seat(project, colleague, "coordinator", actor=monitor)
    with pytest.raises(ValidationError):
        services.give_project_seat(project, colleague, "monitor", actor=monitor)
    with pytest.raises(NotPermitted):
        services.give_project_seat(other, colleague, "monitor", actor=monitor)
