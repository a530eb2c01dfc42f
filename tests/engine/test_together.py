"""Lists read together are what each would be by itself, for one question in all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.test.utils import isolate_apps
from django.utils import timezone

from recommendations.dataplan.models import DataAction
from tests import factories as f
from tests.comments import making
from tests.dataplan import making as plans
from workflow.comments.models import Remark
from workflow.engine import together
from workflow.engine.models import Event, OutboxRow, RecordedDecision
from workflow.engine.together import Listing, Tally, Totals, Wanted
from workflow.groups import services
from workflow.groups.models import CategoryRule, Fact, Membership, Parentage, TermsOfReference, Twg
from workflow.profiles.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghana() -> Twg:
    twg = f.twg("GH", cadence_from=2, languages=["en", "fr"])
    ministry = f.institution("Ministère de l'Intérieur", acronym="MI")
    f.seat(twg, "chair", 'Ama "Nana" Owusu', institution=ministry, since="2008-06")
    f.seat(twg, "consultant")
    services.set_parent(twg, {"status": "probable", "institution": ministry, "under": None}, actor=None)
    for number in range(3):
        services.record_fact(twg, {"topic": "data", "statements": {"en": f"Fact {number}", "fr": "«é»"}}, actor=None)
    f.edition(twg, stage="comment")
    return twg


def columns(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def values(instance: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


EVERYTHING: list[QuerySet[Any]] = [
    Twg.objects.all(),
    Fact.objects.all(),
    Fact.objects.order_by("-id"),
    Membership.objects.order_by("role"),
    Parentage.objects.all(),
    TermsOfReference.objects.all(),
    CategoryRule.objects.order_by("category"),
    Event.objects.order_by("subject_kind", "-sequence"),
    OutboxRow.objects.all(),
    RecordedDecision.objects.all(),
    Edition.objects.all(),
]


@pytest.mark.parametrize("rows", EVERYTHING, ids=lambda rows: f"{rows.model.__name__} {rows.query.order_by}")
def test_each_row_comes_back_with_every_value_and_in_its_place(
    rows: QuerySet[Any], ghana: Twg, django_assert_num_queries: Any
) -> None:
    listed = list(rows.all())
    assert listed
    with django_assert_num_queries(1):
        found = together.read(rows=Listing(rows.all(), *columns(rows.model)))["rows"]
        assert [values(row) for row in found] == [values(row) for row in listed]
    assert [type(v) for row in found for v in values(row).values()] == [
        type(v) for row in listed for v in values(row).values()
    ]


def test_a_model_that_is_spread_over_several_tables_comes_back_whole(
    ghana: Twg, django_assert_num_queries: Any
) -> None:
    _ministry, expert = making.ministry(ghana)
    round_ = making.opened(ghana, making.draft(f.edition(f.profile(ghana), stage="comment")))
    making.comment(round_, expert)
    said = Remark.objects.get()
    wanted = [name for name in columns(Remark) if name != "ip_address"]
    with django_assert_num_queries(1):
        [found] = together.read(rows=Listing(Remark.objects.all(), *wanted, "round__name"))["rows"]
        told = values(said) | {"ip_address": None}
        found.ip_address = None
        assert (values(found), found.round.name) == (told, round_.name)


def test_what_is_counted_of_each_row_comes_along(ghana: Twg, django_assert_num_queries: Any) -> None:
    f.twg("ML")
    chairs = Membership.objects.filter(twg=OuterRef("pk"), role="chair")
    found = Twg.objects.order_by("country").annotate(
        seats=Count("memberships"),
        since=Subquery(chairs.values("since")[:1]),
        seat=Subquery(chairs.values("pk")[:1]),
        led=Exists(chairs),
    )
    chair = ghana.memberships.get(role="chair")
    with django_assert_num_queries(1):
        rows = together.read(twgs=Listing(found, "code", "led", "seats", "since", "seat"))["twgs"]
        assert [(twg.seats, twg.since, twg.seat, twg.led) for twg in rows] == [
            (2, "2008-06", chair.pk, True), (0, None, None, False),
        ]  # fmt: skip
        assert rows[0].code == ghana.code


def test_lists_are_ordered_by_what_is_counted(ghana: Twg) -> None:
    mali = f.twg("ML")
    for _number in range(3):
        f.seat(mali, "member")
    by_size = Twg.objects.annotate(seats=Count("memberships")).order_by("-seats")
    assert together.read(twgs=Listing(by_size, "seats"))["twgs"] == [mali, ghana]


def test_rows_are_tallied_by_a_column(ghana: Twg, django_assert_num_queries: Any) -> None:
    mali = f.twg("ML")
    for _number in range(3):
        f.seat(mali, "member")
    with django_assert_num_queries(1):
        found = together.read(
            seats=Tally(Membership.objects.order_by("-pk"), "twg"),
            chairs=Tally(Membership.objects.filter(role="chair"), "twg__country"),
            none=Tally(Fact.objects.filter(topic="nowhere"), "topic"),
            twgs=Listing(Twg.objects.order_by("country"), "code"),
        )
        assert sorted(found["seats"]) == [(ghana.pk, 2), (mali.pk, 3)]
        assert found["chairs"] == [("GH", 1)]
        assert (found["none"], found["twgs"]) == ([], [ghana, mali])


def test_numbers_of_one_list_are_counted_in_one_look_at_it(ghana: Twg, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = together.read(
            seats=Totals(
                Membership.objects.select_related("twg").order_by("-pk"), all=~Q(pk=None), chairs=Q(role="chair"),
                led_from_an_office=Q(role="chair", institution__isnull=False),
            ),
            none=Totals(Fact.objects.filter(topic="nowhere"), all=~Q(pk=None)),
            never=Totals(Fact.objects.none(), all=~Q(pk=None)),
        )  # fmt: skip
        assert found["seats"] == [{"all": 2, "chairs": 1, "led_from_an_office": 1}]
        assert found["none"] == found["never"] == [{"all": 0}]


def test_amounts_come_back_to_the_cent(ghana: Twg) -> None:
    plan = plans.plan(ghana)
    amounts = [Decimal("0.10"), Decimal("1234567890123.45"), Decimal(2500000)]
    for amount in amounts:
        plans.action(plan, cost=amount, currency="XOF")
    found = together.read(costs=Listing(DataAction.objects.order_by("pk"), "cost"))["costs"]
    assert [one.cost for one in found] == amounts


def test_what_a_page_is_about_comes_with_what_is_counted_for_it(ghana: Twg) -> None:
    about = Twg.objects.filter(pk=ghana.pk).annotate(
        facts_known=together.how_many(ghana.facts.all()), nothing=together.how_many(Fact.objects.none())
    )
    [found] = together.answer(
        Wanted({"twgs": Listing(about, "facts_known", "nothing")}, lambda found: found["twgs"])
    )  # fmt: skip
    assert (found.facts_known, found.nothing) == (3, 0)


def test_of_a_long_list_only_the_first_are_read(ghana: Twg, django_assert_num_queries: Any) -> None:
    newest = Fact.objects.order_by("-id")
    with django_assert_num_queries(1):
        found = together.read(
            newest=Listing(newest, "statements", most=2),
            all=Listing(newest, "statements", most=9),
            seats=Listing(Membership.objects.order_by("role"), "role", most=1),
        )
        assert [str(fact) for fact in found["newest"]] == ["Fact 2", "Fact 1"]
        assert len(found["all"]) == 3
        assert [seat.role for seat in found["seats"]] == ["chair"]


def test_many_lists_cost_one_question(ghana: Twg, django_assert_num_queries: Any) -> None:
    voters = ghana.terms.get().voting_roles
    with django_assert_num_queries(1):
        found = together.read(
            facts=Listing(ghana.facts.all(), "statements"),
            terms=Listing(ghana.terms.all(), "number", "voting_roles"),
            nothing=Listing(Fact.objects.filter(topic="nowhere"), "topic"),
            seats=Listing(ghana.memberships.all(), "role", "person__name", "institution__names"),
        )
        assert [str(fact) for fact in found["facts"]] == ["Fact 0", "Fact 1", "Fact 2"]
        assert [terms.voting_roles for terms in found["terms"]] == [voters]
        assert found["nothing"] == []
        assert [(s.role, s.person.name, str(s.institution)) for s in found["seats"]] == [
            ("chair", 'Ama "Nana" Owusu', "Ministère de l'Intérieur"),
            ("consultant", f"Consultant of {ghana.code}", "None"),
        ]


def test_nothing_asked_is_nothing_read(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert together.read() == {}


def test_a_list_that_nobody_may_see_is_empty(ghana: Twg) -> None:
    closed = Listing(Fact.objects.none(), "topic")
    assert together.read(closed=closed) == {"closed": []}
    found = together.read(closed=closed, facts=Listing(ghana.facts.all(), "topic"), nothing=closed)
    assert (found["closed"], len(found["facts"]), found["nothing"]) == ([], 3, [])


def test_what_a_row_points_to_is_followed_as_far_as_asked(ghana: Twg, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        [edition] = together.read(
            editions=Listing(
                Edition.objects.all(), "stage", "profile__names", "profile__twg__code", "profile__owner__code"
            )
        )["editions"]
        assert (edition.stage, edition.profile.twg.code, edition.profile.owner) == ("comment", ghana.code, None)


def test_a_column_that_was_not_asked_for_is_asked_later_and_not_invented(ghana: Twg) -> None:
    fact = together.read(facts=Listing(ghana.facts.all(), "topic"))["facts"][0]
    assert fact.get_deferred_fields() == {"twg_id", "project_id", "statements", "when", "confidence", "source"}
    assert fact.statement == "Fact 0"


def test_a_moment_is_the_same_instant(ghana: Twg, time_machine_at: Any) -> None:
    time_machine_at("2009-04-15 09:00:00.250001Z")
    services.record_fact(ghana, {"topic": "data", "statements": {"en": "Late"}}, actor=None)
    last = together.read(events=Listing(Event.objects.filter(name="fact_recorded"), "at"))["events"][-1]
    assert last.at == timezone.now()


@isolate_apps("workflow")
def test_a_kind_of_column_that_json_would_change_is_refused() -> None:
    class Weighed(models.Model):  # noqa: DJ008 - it lives for one test
        weight = models.BinaryField()

        class Meta:
            app_label = "workflow"

    with pytest.raises(TypeError, match="list Weighed by itself"):
        Listing(Weighed.objects.all(), "weight")
    with pytest.raises(TypeError, match="list it by itself"):
        Listing(Twg.objects.annotate(seats=Avg("memberships__pk")), "seats")


def test_a_list_that_is_cut_is_refused_rather_than_read_whole(ghana: Twg) -> None:
    with pytest.raises(TypeError, match="slice"):
        Listing(Fact.objects.all()[:2], "topic").question()


def test_each_part_of_a_page_makes_of_its_own_lists_what_it_wants(ghana: Twg, django_assert_num_queries: Any) -> None:
    wanted = {
        "topics": Wanted({"rows": Listing(ghana.facts.all(), "topic")}, lambda found: {f.topic for f in found["rows"]}),
        "seats": Wanted({"rows": Listing(ghana.memberships.all(), "role")}, lambda found: len(found["rows"])),
        "title": Wanted({}, lambda found: f"{found}"),
    }
    with django_assert_num_queries(1):
        assert together.answers(wanted) == {"topics": {"data"}, "seats": 2, "title": "{}"}


def test_a_row_that_joins_reach_twice_is_listed_and_counted_once(ghana: Twg, django_assert_num_queries: Any) -> None:
    for _number in range(3):
        f.seat(ghana, "member")
    seated = Twg.objects.filter(memberships__role__in=["member", "chair"]).distinct().order_by("code")
    with django_assert_num_queries(1):
        found = together.read(
            twgs=Listing(seated, "code"), first=Listing(seated, "code", most=1), tallied=Tally(seated, "country")
        )
    assert found == {"twgs": [ghana], "first": [ghana], "tallied": [("GH", 1)]}
