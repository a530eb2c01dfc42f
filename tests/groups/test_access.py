"""Who sees which TWG, from how near, and whose names: every way of taking part."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tests import factories as f
from workflow.groups import access, services
from workflow.groups.models import CategoryRule, Institution, Membership, Person, Project, Twg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    """A TWG in force: civil society takes part as each test says."""
    twg = f.twg("GH")
    f.adopt(twg.terms.get())
    return twg


def taking_part_as(modality: str, in_twg: Twg) -> Person:
    """An NGO's member where the adopted terms give civil society this modality."""
    CategoryRule.objects.filter(terms__twg=in_twg, category="civil_society").update(modality=modality, votes=False)
    return f.seat(in_twg, "member", institution=f.institution("An NGO", category="civil_society"))


def nearness(person: Any, twg: Twg) -> str:
    """How near a person comes, asked of the querysets and of the TWG at hand, which must agree."""
    opens = Twg.objects.all().visible_to(person).filter(pk=twg.pk).exists()
    inside = Twg.objects.all().internal_to(person).filter(pk=twg.pk).exists()
    assert (opens, inside) == (access.opens(person, twg), access.inside(person, twg))
    if access.may_read_addresses(person, twg) and inside:
        return "with names"
    return "inside" if inside else "page" if opens else "nothing"


@pytest.mark.parametrize(
    ("modality", "near"),
    [("member", "with names"), ("observer", "inside"), ("invited", "page"), ("excluded", "nothing")],
)
def test_the_adopted_terms_say_how_near_a_category_comes(ghana: Twg, modality: str, near: str) -> None:
    assert nearness(taking_part_as(modality, ghana), ghana) == near


@pytest.mark.parametrize("role", ["chair", "secretariat", "consultant"])
def test_whoever_runs_the_twg_or_writes_for_it_is_inside_whatever_their_category(ghana: Twg, role: str) -> None:
    CategoryRule.objects.filter(terms__twg=ghana).update(modality="excluded", votes=False)
    assert nearness(f.seat(ghana, role, institution=f.institution(category="research")), ghana) == "with names"


def test_an_observer_by_role_reads_the_work_but_no_names(ghana: Twg) -> None:
    assert nearness(f.seat(ghana, "observer"), ghana) == "inside"


@pytest.mark.parametrize("modality", ["invited", "excluded"])
def test_an_observers_role_does_not_open_what_the_terms_close(ghana: Twg, modality: str) -> None:
    ngo = f.institution(category="civil_society")
    CategoryRule.objects.filter(terms__twg=ghana, category="civil_society").update(modality=modality, votes=False)
    watcher = f.seat(ghana, "observer", institution=ngo)
    assert nearness(watcher, ghana) == {"invited": "page", "excluded": "nothing"}[modality]


def test_draft_terms_shut_nobody_out_yet() -> None:
    twg = f.twg("GH")
    assert nearness(taking_part_as("excluded", twg), twg) == "with names"


def test_an_alternate_and_a_seat_for_no_institution_take_part_as_members(ghana: Twg) -> None:
    assert nearness(f.seat(ghana, "alternate", institution=f.institution()), ghana) == "with names"
    assert nearness(f.seat(ghana, "member"), ghana) == "with names"


def test_a_seat_opens_its_own_twg_and_no_other(ghana: Twg) -> None:
    assert nearness(f.seat(f.twg("ML"), "secretariat"), ghana) == "nothing"


# -- linked bodies (S20) ---------------------------------------------------------------------------------------


def linked(to: Twg) -> Twg:
    return services.link_body(
        to, {"code": f"{to.code}-ngos", "names": {"en": "NGO committee"}, "kind": "committee"}, actor=None
    )


def test_a_committees_member_opens_the_page_of_its_twg_but_reads_none_of_its_work(ghana: Twg) -> None:
    committee = linked(ghana)
    member = f.seat(committee, "member")
    assert nearness(member, committee) == "with names"
    assert nearness(member, ghana) == "page"


def test_the_twgs_members_read_its_committee_and_its_observers_do_not(ghana: Twg) -> None:
    committee = linked(ghana)
    assert nearness(f.seat(ghana, "member"), committee) == "with names"
    assert nearness(f.seat(ghana, "observer"), committee) == "nothing"


def test_the_twgs_secretariat_acts_for_its_committee_and_not_the_other_way(ghana: Twg) -> None:
    committee = linked(ghana)
    assert access.secretariat(committee, f.seat(ghana, "secretariat"))
    assert not access.secretariat(ghana, f.seat(committee, "secretariat"))


def test_two_committees_of_one_twg_know_nothing_of_each_other(ghana: Twg) -> None:
    ngos = linked(ghana)
    experts = services.link_body(
        ghana, {"code": "experts", "names": {"en": "Experts"}, "kind": "expert_group"}, actor=None
    )
    assert nearness(f.seat(ngos, "chair"), experts) == "nothing"


def test_a_twg_opened_a_moment_ago_is_read_by_whoever_sat_down_before_it() -> None:
    project = f.project()
    monitor, ghana = f.monitor(project), f.twg("GH", of=project)
    member = f.seat(ghana, "member")
    assert access.inside(monitor, ghana)
    assert nearness(member, ghana) == "with names"
    mali, committee = f.twg("ML", of=project), linked(ghana)
    assert nearness(monitor, mali) == "with names"
    assert nearness(member, committee) == "with names"
    assert nearness(member, mali) == "nothing"


def test_what_follows_from_seats_is_worked_out_once_for_as_long_as_they_hold(ghana: Twg) -> None:
    member, made = f.seat(ghana, "member"), []
    for _time in range(2):
        assert access.once(member, "told", lambda: made.append(1) or len(made)) == 1
    access.forget(member)
    assert access.once(member, "told", lambda: made.append(1) or len(made)) == 2
    assert access.once(AnonymousUser(), "told", lambda: "nothing") == "nothing"


# -- regions (S37) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "near"), [("secretariat", "page"), ("chair", "page"), ("member", "nothing")])
def test_who_runs_a_regional_body_follows_its_countries_from_outside(ghana: Twg, role: str, near: str) -> None:
    assert nearness(f.seat(f.regional_twg(countries="GH,ML"), role), ghana) == near


def test_a_regional_secretariat_follows_neither_other_countries_nor_the_countries_committees(ghana: Twg) -> None:
    regional = f.seat(f.regional_twg(countries="GH,ML"), "secretariat")
    assert nearness(regional, f.twg("NG")) == "nothing"
    assert nearness(regional, linked(ghana)) == "nothing"


def test_a_country_twgs_secretariat_does_not_read_the_regional_body(ghana: Twg) -> None:
    assert nearness(f.seat(ghana, "secretariat"), f.regional_twg(countries="GH")) == "nothing"


# -- IOM and administrators ------------------------------------------------------------------------------------


def test_an_iom_monitor_reads_every_twg_of_their_project_and_none_of_another() -> None:
    mine, other = f.project("Mine"), f.project("Another")
    monitor = f.monitor(mine)
    assert nearness(monitor, f.twg("GH", of=mine)) == "with names"
    assert nearness(monitor, f.twg("GH", of=other)) == "nothing"
    assert nearness(monitor, f.twg("ML")) == "nothing"


def test_a_monitor_reads_the_bodies_linked_to_the_projects_twgs() -> None:
    project = f.project()
    assert nearness(f.monitor(project), linked(f.twg("GH", of=project))) == "with names"


def test_an_administrator_opens_every_page_and_reads_no_inside(ghana: Twg) -> None:
    admin = f.administrator()
    assert nearness(admin, ghana) == "page"
    assert access.may_read_addresses(admin, ghana)
    assert list(Person.objects.visible_to(admin)) == list(Person.objects.get_queryset())


# -- time, and who is nobody -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("fields", "near"), [
    ({"until": "2009-12"}, "nothing"),
    ({"since": "2999"}, "nothing"),
    ({"since": "2009", "until": "2999"}, "with names"),
])  # fmt: skip
def test_a_seat_counts_from_its_first_day_to_its_last(ghana: Twg, fields: dict[str, str], near: str) -> None:
    assert nearness(f.seat(ghana, "member", **fields), ghana) == near


def test_a_seat_still_counts_on_its_last_day_and_no_longer_the_day_after(ghana: Twg, time_machine_at: Any) -> None:
    member = f.seat(ghana, "member", since="2009-01-01", until="2009-06-15")
    time_machine_at("2009-06-15 23:59:00Z")
    assert nearness(member, ghana) == "with names"
    time_machine_at("2009-06-16 00:01:00Z")
    access.forget(member)
    assert nearness(member, ghana) == "nothing"


def test_a_monitors_seat_that_has_ended_opens_nothing_of_the_project() -> None:
    project = f.project()
    ghana, monitor = f.twg("GH", of=project), f.monitor(project)
    today = timezone.localdate()
    project.seats.update(starts_on=today - timedelta(9), ends_on=today - timedelta(1))
    access.forget(monitor)
    assert nearness(monitor, ghana) == "nothing"


def test_nobody_in_particular_and_somebody_kept_out_see_nothing(ghana: Twg) -> None:
    kept_out = f.seat(ghana, "secretariat")
    kept_out.is_active = False
    for nobody in (None, AnonymousUser(), kept_out, f.person("Without a seat")):
        access.forget(nobody)
        assert nearness(nobody, ghana) == "nothing"
        assert not access.may_read_addresses(nobody, ghana)
        assert not access.holds_any_seat(nobody)
        assert not Project.objects.all().visible_to(nobody).exists()
        assert not Institution.objects.all().visible_to(nobody).exists()


def test_a_kept_out_administrator_is_nobody_too(ghana: Twg) -> None:
    admin = f.administrator()
    admin.is_active = False
    assert nearness(admin, ghana) == "nothing"
    assert not Person.objects.visible_to(AnonymousUser()).exists()


# -- people, institutions, projects ----------------------------------------------------------------------------


def seen_by(person: Any) -> set[Person]:
    return set(Person.objects.visible_to(person))


def test_members_see_each_other_the_committees_people_and_their_projects_iom() -> None:
    project = f.project()
    ghana, mali = f.twg("GH", of=project), f.twg("ML", of=project)
    monitor, awa, kofi = f.monitor(project), f.seat(ghana, "member"), f.seat(ghana, "secretariat")
    ngo, malian = f.seat(linked(ghana), "member"), f.seat(mali, "member")
    assert seen_by(awa) == {awa, kofi, ngo, monitor}
    assert seen_by(ngo) == {ngo, monitor}
    assert seen_by(monitor) == {monitor, awa, kofi, ngo, malian}


def test_observers_and_invited_people_see_themselves_only(ghana: Twg) -> None:
    f.seat(ghana, "member")
    observer, invited = f.seat(ghana, "observer"), taking_part_as("invited", ghana)
    assert seen_by(observer) == {observer}
    assert seen_by(invited) == {invited}


def test_every_seat_opens_the_common_directory_and_an_excluded_one_does_not(ghana: Twg) -> None:
    f.institution()
    observer, excluded = f.seat(ghana, "observer"), taking_part_as("excluded", ghana)
    assert Institution.objects.all().visible_to(observer).exists()
    assert not Institution.objects.all().visible_to(excluded).exists()


def test_a_project_is_seen_from_its_twgs_by_iom_and_by_administrators() -> None:
    project, other = f.project("Ours"), f.project("Theirs")
    member = f.seat(f.twg("GH", of=project), "member")
    for person in (member, f.monitor(project)):
        assert list(Project.objects.all().visible_to(person)) == [project]
    assert set(Project.objects.all().visible_to(f.administrator())) == {project, other}


def test_seats_are_listed_to_those_who_may_open_the_twg(ghana: Twg) -> None:
    member = f.seat(ghana, "member")
    assert Membership.objects.all().visible_to(member).filter(person=member).exists()
    assert not Membership.objects.all().visible_to(f.person()).exists()


# -- rules -----------------------------------------------------------------------------------------------------


def test_rules_read_as_a_sentence() -> None:
    assert str(access.chair.label) == "the chair"
    assert str((access.chair | access.secretariat).label) == "the chair or the secretariat"
    assert str((access.chair | access.secretariat | access.iom).label) == "the chair, the secretariat or IOM"
    assert str(access.keeper.label) == "a secretariat, IOM or an administrator"


def test_each_role_passes_its_own_rule_and_no_other(ghana: Twg) -> None:
    rules = {"chair": access.chair, "secretariat": access.secretariat, "consultant": access.consultant}
    for role in rules:
        person = f.seat(ghana, role)
        assert [name for name, rule in rules.items() if rule(ghana, person)] == [role]


def test_chair_members_and_alternates_are_members_consultants_and_observers_are_not(ghana: Twg) -> None:
    roles = ("chair", "secretariat", "member", "alternate", "observer", "consultant")
    assert [r for r in roles if access.member(ghana, f.seat(ghana, r))] == ["chair", "member", "alternate"]


def test_an_excluded_member_passes_no_rule(ghana: Twg) -> None:
    assert not access.member(ghana, taking_part_as("excluded", ghana))


def test_iom_is_asked_of_a_project_a_twg_and_what_belongs_to_a_twg() -> None:
    project = f.project()
    twg, monitor = f.twg("GH", of=project), f.monitor(project)
    assert access.iom(twg, monitor)
    assert access.iom(twg.terms.get(), monitor)
    assert not access.iom(f.twg("ML"), monitor)
    assert not access.iom(twg, f.administrator())


def test_palabre_itself_may_do_what_any_rule_guards(ghana: Twg) -> None:
    assert access.administrator(ghana, None)
    assert (access.chair | access.iom)(ghana, None)


def test_a_keeper_is_a_secretariat_anywhere_iom_or_an_administrator(ghana: Twg) -> None:
    keepers = [f.seat(f.twg("ML"), "secretariat"), f.monitor(f.project()), f.administrator()]
    others = [f.seat(ghana, "chair"), f.seat(ghana, "consultant"), f.person()]
    assert [access.keeper(None, p) for p in keepers + others] == [True] * 3 + [False] * 3


def test_an_institution_is_changed_by_those_who_keep_its_countrys_twg_iom_there_and_administrators() -> None:
    """Whoever keeps a TWG finds any institution and seats it; what it is called is its own country's to say (S15)."""
    here, elsewhere = f.project("Here"), f.project("Elsewhere")
    ghana, mali = f.twg("GH", of=here), f.twg("ML", of=elsewhere)
    committee = f.twg("GH", of=here, linked_to=ghana, kind="committee")
    who = {
        "ghana": f.seat(ghana, "secretariat"), "its committee": f.seat(committee, "secretariat"),
        "mali": f.seat(mali, "secretariat"), "region": f.seat(f.regional_twg(here), "secretariat"),
        "iom here": f.monitor(here), "iom elsewhere": f.monitor(elsewhere), "administrator": f.administrator(),
        "chair": f.seat(ghana, "chair"), "regional chair": f.seat(f.regional_twg(here), "chair"),
        "of it": f.seat(ghana, "member", institution=f.institution()), "nobody": f.person(),
    }  # fmt: skip
    everywhere = {"administrator"}
    for country, allowed in (
        ("GH", {"ghana", "its committee", "iom here"}), ("ML", {"mali", "iom elsewhere"}),
        ("", {"region", "iom here", "iom elsewhere"}), ("CH", set()),
    ):  # fmt: skip
        found = f.institution(country=country)
        assert {name for name, p in who.items() if access.institution_keeper(found, p)} == allowed | everywhere, country


def test_whose_an_institution_is_is_said_by_its_country(ghana: Twg) -> None:
    ministry, agency = f.institution(country="ML"), f.institution(country="")
    mine = f.seat(ghana, "secretariat")
    with pytest.raises(services.NotPermitted, match="the secretariat of Mali, IOM or an administrator"):
        services.change_institution(ministry, {"acronym": "X"}, actor=mine)
    with pytest.raises(services.NotPermitted, match="the secretariat of a region, IOM or an administrator"):
        services.change_institution(agency, {"acronym": "X"}, actor=mine)
    assert str(access.institution_keeper.label) == "the secretariat of a region, IOM or an administrator"
    services.give_seat(ghana, f.person(), {"role": "observer", "institution": ministry}, actor=mine)


def test_a_seat_given_a_moment_ago_counts_at_once(ghana: Twg) -> None:
    awa = f.person("Awa")
    assert nearness(awa, ghana) == "nothing"
    services.give_seat(ghana, awa, {"role": "member"}, actor=None)
    assert nearness(awa, ghana) == "with names"
    with pytest.raises(services.NotPermitted, match="the chair, the secretariat, IOM or an administrator"):
        services.give_seat(ghana, f.person(), {"role": "member"}, actor=awa)


def test_all_permissions_of_a_page_cost_one_question(ghana: Twg, django_assert_num_queries: Any) -> None:
    member = Person.objects.get(pk=f.seat(ghana, "member").pk)
    with django_assert_num_queries(1):
        assert access.inside(member, ghana)
        assert access.member(ghana, member)
        assert not access.keeper(None, member)
        assert access.may_read_addresses(member, ghana)
