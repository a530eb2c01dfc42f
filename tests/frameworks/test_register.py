"""The register of policy actors and frameworks: entered, changed, ended, withdrawn, never deleted (S29, S36)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from workflow.engine import history
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.frameworks import services
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups import services as groups
from workflow.groups.models import Person, Project, Twg

from .making import ACT, actor, framework, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant")


def last_data(entry: Any) -> dict[str, Any]:
    event = history.events_of(entry).last()
    assert event is not None
    return event.data


def test_a_law_is_entered_with_who_answers_for_it(ghana: Twg, consultant: Person) -> None:
    service = f.institution("Immigration Service")
    act = framework(ghana, actor=consultant, responsible=[service])
    assert (act.key, act.state, list(act.responsible.all())) == ("immigration-act", "listed", [service])
    assert last_data(act) == {"responsible": ["Immigration Service"]}


def test_each_framework_of_a_twg_has_a_code_of_its_own(ghana: Twg) -> None:
    assert [framework(ghana).key for _ in range(3)] == ["immigration-act", "immigration-act-2", "immigration-act-3"]
    assert framework(f.twg("ML")).key == "immigration-act", "another country's register is another register"
    assert framework(ghana, names={"fr": "Éloignement"}).key == "eloignement"
    assert framework(ghana, names={"fr": "中"}).key == "framework"
    with pytest.raises(ValidationError, match="has this code already"):
        framework(ghana, key="immigration-act")


def test_a_change_tells_what_differs_and_who_answers_now(ghana: Twg, consultant: Person) -> None:
    old, new = f.institution("Immigration Service"), f.institution("Migration Unit")
    act = framework(ghana, responsible=[old])
    version = act.version
    services.change_framework(act, {"in_force": "2001", "responsible": [new]}, actor=consultant, version=version)
    assert last_data(act) == {"responsible": ["Migration Unit"], "changed": {"in_force": ["2000-02", "2001"]}}
    with pytest.raises(Conflict):
        services.change_framework(act, {"in_force": "2002"}, actor=consultant, version=version)
    services.change_framework(act, {"responsible": [new]}, actor=consultant)
    assert history.events_of(act).count() == 2, "what differs in nothing is no event"
    services.change_framework(act, {"responsible": []}, actor=consultant)
    assert last_data(act) == {"responsible": "none"}


def test_a_law_is_repealed_with_its_reason_and_stays(ghana: Twg, consultant: Person) -> None:
    act = framework(ghana)
    with pytest.raises(Incomplete):
        press(act, "end", by=consultant, ended_on="2009")
    press(act, "end", by=consultant, note="Repealed by Act 848.", ended_on="2009-06")
    assert (act.state, act.ended) == ("ended", "2009-06")
    assert last_data(act) == {"ended": "2009-06"}
    press(act, "restore", by=consultant, note="The bill did not pass.")
    assert (act.state, act.ended) == ("listed", "")


def test_an_end_may_be_open_and_never_before_the_beginning(ghana: Twg) -> None:
    act = framework(ghana, in_force="2000-02")
    with pytest.raises(Incomplete) as refusal:
        press(act, "end", note="Repealed.", ended_on="1999")
    assert refusal.value.fields == {"ended_on": ["It can't end before it begins."]}
    with pytest.raises(Incomplete):
        press(act, "end", note="Repealed.", ended_on="last year")
    press(act, "end", note="Repealed; nobody remembers when.")
    assert (act.state, act.ended) == ("ended", "")
    services.change_framework(act, {"ended": "2008"}, actor=None)
    assert act.ended == "2008"


def test_an_end_is_not_typed_beside_the_step(ghana: Twg) -> None:
    with pytest.raises(ValidationError, match="It has not ended"):
        services.change_framework(framework(ghana), {"ended": "2009"}, actor=None)


def test_what_should_not_have_been_entered_is_withdrawn_and_kept(ghana: Twg, consultant: Person) -> None:
    act, service = framework(ghana), actor(ghana)
    for entry in (act, service):
        press(entry, "withdraw", by=consultant, note="Entered for the wrong country.")
        assert entry.state == "withdrawn"
    with pytest.raises(Unmet, match="take it up again first"):
        services.change_framework(act, {"reference": "x"}, actor=consultant)
    with pytest.raises(Unmet):
        services.change_actor(service, {"source": "x"}, actor=consultant)
    assert not Framework.objects.all().standing().exists()
    assert (Framework.objects.count(), PolicyActor.objects.count()) == (1, 1)
    assert history.verify().broken is None


def test_an_institution_is_in_a_register_once(ghana: Twg) -> None:
    service = f.institution("Immigration Service")
    actor(ghana, service)
    actor(f.twg("ML"), service)
    with pytest.raises(ValidationError, match="in the register already"):
        actor(ghana, service)


def test_an_actor_is_changed_and_ends(ghana: Twg, consultant: Person) -> None:
    bureau = actor(ghana, since="2006")
    services.change_actor(bureau, {"roles": {"en": "Coordinates"}}, actor=consultant, version=bureau.version)
    press(bureau, "end", by=consultant, note="Dissolved.", ended_on="2009")
    assert (bureau.role, bureau.state, bureau.ended) == ("Coordinates", "ended", "2009")
    with pytest.raises(ValidationError, match="before it begins"):
        services.change_actor(bureau, {"ended": "2005"}, actor=consultant)


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"names": {}}, "names"), ({"kind": "rumour"}, "kind"), ({"adopted": "long ago"}, "adopted"),
    ({"url": "javascript:alert(1)"}, "url"), ({"key": "no spaces"}, "key"),
    ({"reference": "x" * 121}, "reference"), ({"summaries": {"de": "Nein"}}, "summaries"),
])  # fmt: skip
def test_what_is_wrong_is_said_on_its_field(ghana: Twg, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        framework(ghana, **fields)
    assert set(refusal.value.message_dict) == {wrong}
    assert not Framework.objects.exists()


def test_a_linked_body_has_no_register_of_its_own(ghana: Twg) -> None:
    body = groups.link_body(ghana, {"code": "tf", "names": {"en": "TF"}, "kind": "task_force"}, actor=None)
    with pytest.raises(ValidationError, match="the TWG's own"):
        framework(body)
    with pytest.raises(ValidationError):
        actor(body)


# -- who keeps it, who reads it ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "secretariat", "consultant"])
def test_those_who_carry_the_twg_keep_its_register(ghana: Twg, role: str) -> None:
    act = framework(ghana, actor=f.seat(ghana, role))
    services.change_framework(act, {"reference": "Act 574"}, actor=f.seat(ghana, role))


def test_others_enter_change_and_end_nothing(ghana: Twg, project: Project) -> None:
    act, service = framework(ghana), actor(ghana)
    others = [
        f.seat(ghana, "member"), f.seat(ghana, "observer"), f.seat(f.twg("ML", of=project), "secretariat"),
        f.monitor(f.project()), f.administrator(), f.person(),
    ]  # fmt: skip
    for person in others:
        with pytest.raises(NotPermitted):
            framework(ghana, actor=person)
        with pytest.raises(NotPermitted):
            services.record_actor(ghana, {"institution": f.institution(), "roles": ACT}, actor=person)
        with pytest.raises(NotPermitted):
            services.change_framework(act, {"source": "x"}, actor=person)
        with pytest.raises(NotPermitted):
            services.change_actor(service, {"source": "x"}, actor=person)
        for entry in (act, service):
            with pytest.raises(NotPermitted):
                press(entry, "withdraw", by=person, note="x")


def visible(person: Any) -> set[Framework]:
    return set(Framework.objects.all().visible_to(person))


def test_the_inside_reads_it_observers_among_them(ghana: Twg, project: Project) -> None:
    act = framework(ghana)
    for person in (f.seat(ghana, "observer"), f.seat(ghana, "member"), f.monitor(project)):
        assert visible(person) == {act}
    mali = f.seat(f.twg("ML", of=project), "secretariat")
    for other in (mali, f.monitor(f.project()), f.administrator(), f.person(), None):
        assert visible(other) == set()


def test_a_regions_frameworks_are_read_by_its_countries_and_by_no_other(project: Project, ghana: Twg) -> None:
    region = f.regional_twg(project, countries="GH,ML")
    approach = framework(region, names={"en": "Common Approach"}, kind="regional")
    act = framework(ghana)
    mauritania = f.twg("MR", of=project)
    assert visible(f.seat(ghana, "observer")) == {approach, act}
    assert visible(f.seat(f.twg("ML", of=project), "member")) == {approach}
    assert visible(f.seat(region, "member")) == {approach}, "a region does not read its countries' registers"
    assert visible(f.seat(mauritania, "chair")) == set()
    theirs = Framework.objects.all().internal_to(f.seat(ghana, "member"))
    assert set(theirs) == {act}, "its history is the region's"


def test_an_invited_seat_and_a_linked_bodys_member_do_not_read_the_regions(project: Project, ghana: Twg) -> None:
    framework(f.regional_twg(project, countries="GH"), names={"en": "Common Approach"})
    body = groups.link_body(ghana, {"code": "tf", "names": {"en": "TF"}, "kind": "task_force"}, actor=None)
    assert visible(f.seat(body, "member")) == set()
    assert visible(f.seat(f.twg("NG"), "member")) == set()
