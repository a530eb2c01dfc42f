"""The TWG's page and the list of TWGs: what each kind of reader finds there, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories as f
from workflow.engine.together import Listing, Wanted
from workflow.groups import panels, services
from workflow.groups.models import Person, Project, Twg

pytestmark = pytest.mark.django_db

COUNTRIES = (
    "AO BJ BF BI CM CF TD KM CG CD CI DJ EG GQ ER ET GA GM GN GW KE LS LR LY MG MW ML MR MU MA MZ NA NE NG RW ST SN SC "
    "SL SO ZA SS SD SZ TZ TG TN UG ZM"
).split()
DOING = ("seat-new", "twg-edit", "twg-parent", "twg-link", "twg-fact", "terms-new", "profile-new")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(twg: Twg, reader: Person) -> str:
    answer = browser(reader).get(reverse("twg", args=[twg.code]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def project() -> Project:
    return f.project("The profiles project", ends="2010-12")


@pytest.fixture
def ghana(project: Project) -> Twg:
    """A TWG with terms in force, a ministry's member and an NGO's observer."""
    twg = f.twg(
        "GH", of=project, cadence_from=2, cadence_to=3, time_zone="Africa/Accra", mandates={"en": "Its mandate"}
    )
    f.adopt(twg.terms.get())
    interior = f.institution("Ministry of Interior")
    f.seat(twg, "member", "Awa of the ministry", institution=interior, rank="director")
    f.seat(twg, "observer", "Kofi of the NGO", institution=f.institution("An NGO", category="civil_society"))
    f.seat(twg, "consultant", "Local consultant")
    services.set_parent(twg, {"status": "probable", "institution": interior, "source": "S45"}, actor=None)
    services.record_fact(twg, {"topic": "data", "statements": {"en": "A fact inside."}}, actor=None)
    return twg


def test_the_secretariat_reads_who_sits_for_whom_and_finds_every_button(ghana: Twg) -> None:
    page = page_of(ghana, f.seat(ghana, "secretariat", "Ghana's secretariat"))
    for told in ("Ministry of Interior", "Awa of the ministry", "Director", "Local consultant", "every 2 to 3 months"):
        assert told in page
    for name in DOING:
        assert reverse(name, args=[ghana.code]) in page
    for seat in ghana.memberships.all():
        assert seat.person.email in page
        assert reverse("seat-end", args=[seat.pk]) in page
        assert reverse("seat-invite", args=[seat.pk]) in page


def test_members_stand_under_their_category_and_who_serves_the_twg_apart(ghana: Twg) -> None:
    f.seat(ghana, "chair", "A chair for whom nobody said")
    page = page_of(ghana, f.seat(ghana, "member"))
    places = [page.index(text) for text in (
        "Awa of the ministry", "Kofi of the NGO", "Secretariat and consultants", "Local consultant",
        "Institution open", "A chair for whom nobody said",
    )]  # fmt: skip
    assert places == sorted(places)


def test_a_member_reads_everything_and_finds_no_button(ghana: Twg) -> None:
    page = page_of(ghana, f.seat(ghana, "member"))
    assert "Awa of the ministry" in page
    assert "A fact inside." in page
    assert "What you can do" not in page
    for name in DOING:
        assert reverse(name, args=[ghana.code]) not in page
    assert "/end/" not in page
    assert "/invite/" not in page


def test_an_observer_reads_institutions_and_roles_but_no_name_and_no_address(ghana: Twg) -> None:
    watcher = f.seat(ghana, "observer", "The watcher")
    services.end_seat(
        services.give_seat(ghana, f.person("Gone again"), {"role": "alternate", "since": "2008"}, actor=None),
        until="2009", actor=None, note="Moved.",
    )  # fmt: skip
    page = page_of(ghana, watcher)
    assert "Ministry of Interior" in page
    assert "1 earlier seat" in page
    for person in Person.objects.exclude(pk=watcher.pk):
        assert str(person) not in page
        assert person.email not in page


def test_earlier_seats_stay_readable_for_members(ghana: Twg) -> None:
    seat = services.give_seat(ghana, f.person("Gone again"), {"role": "alternate", "since": "2008"}, actor=None)
    services.end_seat(seat, until="2009-06", actor=None, note="Moved.")
    page = page_of(ghana, f.seat(ghana, "member"))
    assert "Gone again" in page[page.index("1 earlier seat") :]
    assert reverse("seat-end", args=[seat.pk]) not in page


def test_a_seat_of_the_future_is_not_listed_yet(ghana: Twg) -> None:
    f.seat(ghana, "member", "Comes later", since="2999")
    assert "Comes later" not in page_of(ghana, f.seat(ghana, "member"))


def test_a_regional_secretariat_finds_the_place_and_nothing_of_the_inside(ghana: Twg) -> None:
    page = page_of(ghana, f.seat(f.regional_twg(countries="GH,ML"), "secretariat"))
    assert ghana.name in page
    assert "You follow this group from outside" in page
    for hidden in (
        "Ministry of Interior", "Awa of the ministry", "A fact inside.", "Its mandate", "every 2 to 3 months",
        "The profiles project", "Terms of reference", "Members", "What you can do", "History",
    ):  # fmt: skip
        assert hidden not in page, hidden


def test_an_administrator_gives_seats_and_reads_nothing_else_of_the_inside(ghana: Twg) -> None:
    page = page_of(ghana, f.administrator())
    assert reverse("seat-new", args=[ghana.code]) in page
    for hidden in ("A fact inside.", "Its mandate", "Terms of reference", reverse("twg-edit", args=[ghana.code])):
        assert hidden not in page


@pytest.mark.parametrize("who", ["Mali's secretariat", "nobody", "another project's monitor", "excluded"])
def test_for_others_the_page_does_not_exist(ghana: Twg, who: str) -> None:
    ghana.terms.get().rules.filter(category="research").update(modality="excluded", votes=False)
    readers: dict[str, Callable[[], Person]] = {
        "Mali's secretariat": lambda: f.seat(f.twg("ML"), "secretariat"),
        "nobody": f.person,
        "another project's monitor": lambda: f.monitor(f.project()),
        "excluded": lambda: f.seat(ghana, "member", institution=f.institution(category="research")),
    }
    reader = readers[who]()
    assert browser(reader).get(reverse("twg", args=[ghana.code])).status_code == 404
    assert ghana.name not in browser(reader).get(reverse("twgs")).content.decode()


def test_whoever_is_not_signed_in_is_asked_to(ghana: Twg) -> None:
    for name, args in (("twgs", []), ("twg", [ghana.code]), ("twg-edit", [ghana.code])):
        answer = Client().get(reverse(name, args=args))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_what_the_terms_in_force_say_of_each_category_is_summed_up(ghana: Twg) -> None:
    services.draft_terms(ghana, preset="government", actor=None)
    page = page_of(ghana, f.seat(ghana, "member"))
    terms = page[page.index('id="terms"') : page.index("What is known")]
    assert "Government, Statistics office, Law enforcement and border" in terms
    assert "International agency, Research institute, Civil society, Private sector" in terms
    assert "Come when invited" not in terms, "the draft is not in force"
    for told in ("50 % of voting institutions", "simple majority of votes cast", "14 days", "10 days"):
        assert told in terms
    assert reverse("terms", args=[ghana.terms.get(state="draft").pk]) in terms


def test_where_no_terms_are_in_force_the_page_shows_the_draft_and_says_so() -> None:
    twg = f.twg("GH", preset="government")
    page = page_of(twg, f.seat(twg, "member"))
    assert "None is in force yet" in page
    assert "Come when invited" in page


@pytest.mark.parametrize(("least", "most", "said"), [
    (1, 1, "every month"), (2, 2, "every 2 months"), (2, 3, "every 2 to 3 months"), (None, 6, "every 6 months"),
])  # fmt: skip
def test_the_rhythm_is_said_in_words(least: int | None, most: int, said: str) -> None:
    twg = f.twg("GH", cadence_from=least, cadence_to=most)
    assert f"<dd>{said}</dd>" in page_of(twg, f.seat(twg, "member"))


def test_the_time_there_is_the_twgs_whatever_the_readers_zone(time_machine_at: Any) -> None:
    time_machine_at("2026-03-04 09:30:00Z")
    twg = f.twg("CV", time_zone="Atlantic/Cape_Verde")
    reader = f.seat(twg, "member")
    reader.time_zone = "Asia/Tokyo"
    reader.save()
    assert "08:30 <span" in page_of(twg, reader)


def test_higher_floors_put_their_panels_on_the_page(ghana: Twg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    asked = []

    def provider(twg: Any, person: Any) -> Wanted[dict[str, Any]] | None:
        asked.append((twg, person))
        heads = Listing(twg.facts.all(), "statements")
        shown = Wanted({"heads": heads}, lambda found: {"text": [str(fact) for fact in found["heads"]]})
        return shown if asked[1:] else None

    panels.register("silent", provider, "a-template-that-nobody-reads.html")
    panels.register("above", provider, "workflow/components/crumbs.html")
    services.record_fact(ghana, {"topic": "data", "statements": {"en": "From above"}}, actor=None)
    reader = f.seat(ghana, "member")
    shown = browser(reader).get(reverse("twg", args=[ghana.code])).context["panels"]
    assert asked == [(ghana, reader)] * 2
    assert [(panel.template, panel.context) for panel in shown] == [
        ("workflow/components/crumbs.html", {"text": ["A fact inside.", "From above"]})
    ]


def test_one_more_panel_costs_no_question(ghana: Twg, monkeypatch: pytest.MonkeyPatch) -> None:
    client, path = browser(f.seat(ghana, "member")), reverse("twg", args=[ghana.code])
    before = queries(client, path)
    monkeypatch.setattr(panels, "_panels", dict(panels._panels))
    for name in ("meetings", "ballots"):
        panels.register(
            name,
            lambda twg, person: Wanted({"rows": Listing(twg.facts.all(), "topic")}, lambda found: {}),
            "workflow/components/crumbs.html",
        )
    assert queries(client, path) == before


# -- seats on their pages --------------------------------------------------------------------------------------


def give(client: Client, twg: Twg, **fields: Any) -> Any:
    twg.refresh_from_db()
    sent = {"version": twg.version, "email": "new@twg.example", "role": "member", **fields}
    return client.post(reverse("seat-new", args=[twg.code]), sent)


def test_a_seat_is_given_with_an_invitation_and_the_invitation_can_be_sent_again(ghana: Twg) -> None:
    from workflow.engine.models import OutboxRow

    client = browser(f.seat(ghana, "secretariat"))
    answer = give(client, ghana, name="New Member", invite="on", since="2026-01", rank="technical_expert")
    assert (answer.status_code, answer["Location"]) == (302, reverse("twg", args=[ghana.code]))
    seat = ghana.memberships.get(person__email="new@twg.example")
    assert (seat.person.name, seat.rank, seat.since) == ("New Member", "technical_expert", "2026-01")
    invited = OutboxRow.objects.filter(kind="invitation", payload__person=seat.person_id)
    assert invited.count() == 1
    client.post(reverse("seat-invite", args=[seat.pk]))
    assert invited.count() == 2
    assert client.get(reverse("seat-invite", args=[seat.pk])).status_code == 405


def test_without_the_tick_nobody_is_invited(ghana: Twg) -> None:
    from workflow.engine.models import OutboxRow

    give(browser(f.seat(ghana, "secretariat")), ghana)
    assert ghana.memberships.filter(person__email="new@twg.example").exists()
    assert not OutboxRow.objects.filter(kind="invitation").exists()


def test_somebody_known_keeps_their_name_whatever_the_form_says(ghana: Twg) -> None:
    known = f.person("Her own name")
    give(browser(f.seat(ghana, "secretariat")), ghana, email=known.email.upper(), name="Another name")
    assert ghana.memberships.get(person=known).person.name == "Her own name"


@pytest.mark.parametrize(("field", "value"), [
    ("email", "no address"), ("role", "king"), ("rank", "duke"), ("since", "soon"), ("institution", "9999"),
])  # fmt: skip
def test_a_seat_that_makes_no_sense_leaves_nothing_behind(ghana: Twg, field: str, value: str) -> None:
    answer = give(browser(f.seat(ghana, "secretariat")), ghana, name="Kept name", invite="on", **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Kept name" in answer.content.decode()
    assert not Person.objects.get_queryset().filter(name="Kept name").exists()


def test_a_role_held_already_is_refused_in_words(ghana: Twg) -> None:
    awa = ghana.memberships.get(role="member").person
    answer = give(browser(f.seat(ghana, "secretariat")), ghana, email=awa.email)
    assert answer.status_code == 422
    assert "already holds this role" in answer.content.decode()


def test_institutions_are_offered_by_category_and_no_other_countrys(ghana: Twg) -> None:
    f.institution("Malian ministry", country="ML")
    f.institution("ILO", country="", category="international_agency", acronym="ILO")
    page = browser(f.seat(ghana, "secretariat")).get(reverse("seat-new", args=[ghana.code])).content.decode()
    assert page.index('<optgroup label="Government">') < page.index("Ministry of Interior")
    assert page.index('<optgroup label="International agency">') < page.index("ILO (ILO)")
    assert "Malian ministry" not in page


def end(client: Client, twg: Twg, role: str, **fields: Any) -> Any:
    twg.refresh_from_db()
    sent = {"version": twg.version, "until": "2026-01-31", "note": "Moved to another ministry.", **fields}
    return client.post(reverse("seat-end", args=[twg.memberships.filter(role=role).order_by("pk")[0].pk]), sent)


def test_a_seat_ends_with_a_day_and_a_reason(ghana: Twg) -> None:
    client = browser(f.seat(ghana, "secretariat"))
    for missing in ("until", "note"):
        answer = end(client, ghana, "member", **{missing: ""})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [missing]
    assert end(client, ghana, "member").status_code == 302
    assert ghana.memberships.get(role="member").until == "2026-01-31"


def test_the_last_secretariat_is_not_ended_and_the_page_says_why(ghana: Twg) -> None:
    answer = end(browser(f.seat(ghana, "secretariat")), ghana, "secretariat")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This is the last secretariat seat: give it to somebody else first." in page
    assert "Moved to another ministry." in page


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("observer", 403), ("nobody", 404)])
def test_seats_are_for_those_who_run_the_twg_to_give_and_to_end(ghana: Twg, who: str, status: int) -> None:
    seat = ghana.memberships.get(role="observer")
    client = browser(f.person() if who == "nobody" else f.seat(ghana, who))
    assert give(client, ghana).status_code == status
    assert client.get(reverse("seat-end", args=[seat.pk])).status_code == status
    assert client.post(reverse("seat-end", args=[seat.pk])).status_code == status
    assert client.post(reverse("seat-invite", args=[seat.pk])).status_code == status


# -- the list, and costs ---------------------------------------------------------------------------------------


def test_the_list_shows_place_parent_rhythm_and_number_of_institutions(ghana: Twg) -> None:
    services.end_seat(
        services.give_seat(
            ghana, f.person(), {"role": "member", "institution": f.institution(), "since": "2008"}, actor=None
        ),
        until="2009", actor=None, note="Moved.",
    )  # fmt: skip
    page = browser(f.seat(ghana, "member")).get(reverse("twgs")).content.decode()
    row = page[page.index("<tbody>") :].split("</tr>")[0]
    for told in ("Ghana", "Ministry of Interior", "Probable", "every 2 to 3 months", 'class="num">2<'):
        assert told in row


def test_the_list_does_not_tell_outsiders_where_a_twg_stands_and_who_sits_in_it(ghana: Twg) -> None:
    page = browser(f.seat(f.regional_twg(countries="GH"), "secretariat")).get(reverse("twgs")).content.decode()
    assert ghana.name in page
    for hidden in ("Ministry of Interior", "every 2 to 3 months"):
        assert hidden not in page


def test_an_empty_list_says_what_to_do_first() -> None:
    assert "Open the first one" in browser(f.administrator()).get(reverse("twgs")).content.decode()
    assert "Ask yours to give you one" in browser(f.person()).get(reverse("twgs")).content.decode()


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_cost_the_same_with_one_twg_and_with_fifty(project: Project, ghana: Twg) -> None:
    monitor = browser(f.monitor(project))
    paths = [reverse("twgs"), reverse("twg", args=[ghana.code]), reverse("project", args=[project.code])]
    before = [queries(monitor, path) for path in paths]
    for n in range(49):
        country = COUNTRIES[n]
        twg = f.twg(country, of=project, cadence_from=2, cadence_to=3)
        ministry = f.institution(country=country)
        f.seat(twg, "member", institution=ministry)
        services.set_parent(twg, {"status": "decided", "institution": ministry, "under": ministry}, actor=None)
    for n in range(20):
        f.seat(ghana, "member", institution=f.institution())
        services.record_fact(ghana, {"topic": "data", "statements": {"en": f"Fact {n}"}}, actor=None)
    assert [queries(monitor, path) for path in paths] == before


def test_the_list_goes_by_the_places_name_and_not_by_its_code(project: Project) -> None:
    for country in ("TD", "CV", "DE"):
        f.twg(country, of=project)
    client = browser(f.monitor(project))
    rows = client.get(reverse("twgs")).context["rows"]
    assert [twg.place for twg, _cadence in rows] == ["Cape Verde", "Chad", "Germany"]


def test_an_institution_that_is_not_listed_can_be_entered_by_those_who_may(ghana: Twg) -> None:
    url = reverse("seat-new", args=[ghana.code])
    assert reverse("institution-new") in browser(f.seat(ghana, "secretariat")).get(url).content.decode()
    assert reverse("institution-new") not in browser(f.seat(ghana, "chair")).get(url).content.decode()
