"""A project file is read whole, or everything that is wrong with it is said at once."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from workflow.engine import edtf
from workflow.projects import reading, shapes

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "workflow/projects/wca.yaml"
DOCUMENTED: str = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/project-format.md").read_text("utf-8"), re.DOTALL)[0]
COUNTRIES = {"GH", "CI", "ML", "MR", "NE", "NG", "SN", "CD", "CM", "CV"}


@pytest.fixture(scope="module")
def wca() -> reading.ProjectFile:
    return reading.read(SHIPPED)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def twg(project: reading.ProjectFile, key: str) -> shapes.Twg:
    return next(twg for twg in project.twgs if twg.key == key)


def institution(project: reading.ProjectFile, key: str) -> shapes.Institution:
    return next(institution for institution in project.institutions if institution.key == key)


def seated(twg: shapes.Twg) -> dict[str | None, shapes.Membership]:
    return {seat.institution: seat for seat in twg.memberships}


def items(value: Any) -> Iterator[shapes.Item]:
    """Every record in `value`, at any depth."""
    if isinstance(value, tuple):
        for inner in value:
            yield from items(inner)
    elif is_dataclass(value):
        if isinstance(value, shapes.Item):
            yield value
        for field in fields(value):
            yield from items(getattr(value, field.name))


def said(project: reading.ProjectFile, key: str, s_id: str) -> list[shapes.Fact]:
    return [fact for fact in twg(project, key).facts if s_id in fact.source]


def mistakes(text: str | bytes) -> list[reading.Problem]:
    with pytest.raises(reading.ProjectFileError) as refusal:
        reading.read(text)
    return list(refusal.value.problems)


def changed(old: str, new: str) -> str:
    """The documented example with one thing changed, which must be there to change."""
    assert old in DOCUMENTED
    return DOCUMENTED.replace(old, new, 1)


# -- the project of the note --------------------------------------------------------------------------------------


def test_the_shipped_file_has_ten_countries_and_ecowas(wca: reading.ProjectFile) -> None:
    assert {twg.country for twg in wca.twgs if twg.country} == COUNTRIES
    assert [twg.key for twg in wca.twgs if twg.region] == ["ecowas"]
    assert {profile.twg for profile in wca.profiles} == {twg.key for twg in wca.twgs}


def test_mauritania_cameroon_and_dr_congo_are_in_the_project_and_not_in_ecowas(wca: reading.ProjectFile) -> None:
    (ecowas,) = wca.regions
    assert COUNTRIES - set(ecowas.countries) == {"MR", "CM", "CD"}
    assert len(ecowas.countries) == 15


def test_three_funders_pay_and_the_commissions_grant_has_its_reference(wca: reading.ProjectFile) -> None:  # S04
    funders = {funder.institution: funder for funder in wca.project.funders}
    assert set(funders) == {"ec", "fom", "belgian-cooperation"}
    assert funders["ec"].instrument == "AENEAS, 10th European Development Fund (EDF)"
    assert funders["ec"].grant_reference == "EuropeAid/124151/C/ACT/Multi"
    assert wca.project.website == "http://www.africa-migration.com/"


def test_the_note_dates_neither_the_start_nor_the_end_so_both_are_open(wca: reading.ProjectFile) -> None:  # S04
    assert wca.project.starts is None
    assert wca.project.ends is None
    assert wca.project.duration_months == 24


def test_iom_watches_the_project_and_no_administrator_is_in_the_file(wca: reading.ProjectFile) -> None:
    (monitor,) = wca.project.seats
    assert (monitor.role, monitor.institution, monitor.person.email) == ("monitor", "iom", "monitor@iom.example")


def test_every_national_twg_has_its_officers_and_the_seats_that_the_note_lists(wca: reading.ProjectFile) -> None:  # S15
    listed = ["foreign-affairs", "interior", "labour", "finance", "justice", "statistics", "immigration", "border"]
    for group in (group for group in wca.twgs if group.country):
        roles = [seat.role for seat in group.memberships]
        assert all(roles.count(role) == 1 for role in ("chair", "secretariat", "consultant")), group.key
        for key in listed:
            seat = seated(group)[f"{group.country.lower()}-{key}"]
            assert (seat.role, seat.confidence) == ("member", "general")


def test_a_usual_ministry_is_named_for_its_country_in_each_language(wca: reading.ProjectFile) -> None:  # S15
    ministry = institution(wca, "ci-foreign-affairs")
    assert ministry.name["en"] == "Ministry of Foreign Affairs, Côte d'Ivoire"
    assert ministry.name["pt"] == "Ministério dos Negócios Estrangeiros, Costa do Marfim"
    assert (ministry.category, ministry.country, ministry.usual_seat) == ("government", "CI", "foreign-affairs")
    person = seated(twg(wca, "cote-divoire"))["ci-foreign-affairs"].person
    assert person.name == "Point focal, Ministère des Affaires étrangères, Côte d'Ivoire", "it works in French"
    assert person.email == "foreign-affairs.cote-divoire@twg.example"
    names = {group.key: group.memberships[0].person.name for group in wca.twgs}
    assert names["ghana"] == "Chair, Ghana TWG"
    assert names["cape-verde"] == "Presidência, GTT de Cabo Verde"
    assert names["cameroon"] == "Présidence, GTT du Cameroun", "French comes first there"


def test_nigerias_population_commission_takes_the_population_councils_seat(wca: reading.ProjectFile) -> None:  # S25
    seats = seated(twg(wca, "nigeria"))
    assert "ng-npopc" in seats
    assert "ng-population" not in seats
    assert "gh-population" in seated(twg(wca, "ghana"))
    assert "ng-population" not in {institution.key for institution in wca.institutions}


def test_agencies_and_institutes_take_part_without_a_vote(wca: reading.ProjectFile) -> None:  # S16
    for group in (group for group in wca.twgs if group.country):
        assert all(seated(group)[key].role == "observer" for key in ("ilo", "undp", "unhcr", "unfpa")), group.key
    for key, country in {
        "sn-ird": "senegal",
        "ci-cires": "cote-divoire",
        "ml-cigem": "mali",
        "ml-cerpod": "mali",
    }.items():
        assert institution(wca, key).category == "research"
        assert seated(twg(wca, country))[key].confidence == "stated"


def test_ranks_are_known_of_ministries_in_general_and_of_ncfrs_director_alone(wca: reading.ProjectFile) -> None:  # S18
    seats = [seat for group in wca.twgs for seat in group.memberships]
    assert {(seat.institution, seat.role) for seat in seats if seat.rank == "director"} == {("ng-ncfr", "member")}
    assert {seat.rank for seat in seats if seat.role == "member"} == {"technical_expert", "director", ""}
    assert {seat.rank for seat in seats if seat.role != "member"} == {""}


def test_mali_plans_a_committee_for_civil_society_and_has_a_comite_de_pilotage(wca: reading.ProjectFile) -> None:  # S20
    bodies = {body.key: body.status for body in twg(wca, "mali").linked_bodies}
    assert bodies == {"ml-civil-society-committee": "planned", "ml-comite-pilotage": "existing"}


def test_dr_congo_has_two_expert_groups_with_distinct_tasks(wca: reading.ProjectFile) -> None:  # S24
    first, second = twg(wca, "dr-congo").linked_bodies
    assert first.kind == second.kind == "expert_group"
    assert "long-term data strategy" in first.task["en"]
    assert "action plan" in second.task["en"]


@pytest.mark.parametrize(
    ("key", "institutions", "participation"),
    [
        ("dr-congo", {"cd-seracob"}, "observer"),
        ("cote-divoire", {"ci-agepe", "ci-porte-flambeau", "ci-caritas", "ci-universite-bouake"}, "observer"),
        ("mali", {"ml-hcme"}, "observer"),
        ("senegal", {"sn-congad", "sn-enda", "sn-raddho", "sn-chambre-dakar"}, "observer"),
        ("ghana", {"gh-cms"}, "member"),
        ("mauritania", {"mr-amlii", "mr-saria"}, "member"),
    ],
)
def test_civil_society_takes_part_in_each_country_in_its_way(
    wca: reading.ProjectFile, key: str, institutions: set[str], participation: str
) -> None:  # S30
    group = twg(wca, key)
    others = {"civil_society", "private_sector"}
    present = {key for key in seated(group) if key and institution(wca, key).category in others}
    assert present == institutions
    assert group.terms_of_reference.participation["civil_society"] == participation
    assert said(wca, key, "S30")


@pytest.mark.parametrize("key", ["niger", "nigeria", "cameroon", "cape-verde"])
def test_where_the_note_names_no_civil_society_none_is_made_up(wca: reading.ProjectFile, key: str) -> None:  # S30
    group = twg(wca, key)
    assert not [key for key in seated(group) if key and institution(wca, key).category == "civil_society"]
    assert (dict(group.terms_of_reference.participation), group.terms_of_reference.confidence) == ({}, "open")


def test_only_cote_divoire_may_close_its_sessions(wca: reading.ProjectFile) -> None:  # S31
    assert [twg.key for twg in wca.twgs if twg.terms_of_reference.closed_sessions] == ["cote-divoire"]
    assert "sovereignty" in said(wca, "cote-divoire", "S31")[0].statement["en"]


def test_ncfr_hosts_nigerias_meetings_after_january_2010(wca: reading.ProjectFile) -> None:  # S42
    (hosting,) = wca.hosting
    assert (hosting.twg, hosting.holder, hosting.starts) == ("nigeria", "ng-ncfr", "2010-01/..")


def test_each_step_towards_sustainability_is_as_certain_as_the_note_says(wca: reading.ProjectFile) -> None:  # S41-S45
    steps = {step.twg: step for step in wca.milestones}
    assert {key: step.state for key, step in steps.items()} == {
        "nigeria": "agreed",
        "mali": "in_progress",
        "cote-divoire": "in_progress",
        "ghana": "proposed",
    }
    assert (steps["mali"].responsible, steps["mali"].counterpart) == ("ml-dgme", "ml-mmeia")  # S43
    assert steps["cote-divoire"].linked_body == "ci-terms-of-reference"  # S44
    assert steps["ghana"].confidence == "probable"  # S45


def test_ghanas_parent_is_probable_and_nobody_elses_is_known(wca: reading.ProjectFile) -> None:  # S45
    (parent,) = twg(wca, "ghana").parents
    assert (parent.institution, parent.under) == ("gh-interior", "gh-national-migration-bureau")
    assert (parent.status, parent.confidence) == ("probable", "probable")
    assert [group.key for group in wca.twgs if group.parents] == ["ghana"]


@pytest.mark.parametrize(
    ("key", "s_id"),
    [
        ("ghana", "S23"),
        ("nigeria", "S25"),
        ("mali", "S26"),
        ("cote-divoire", "S27"),
        ("cote-divoire", "S18"),
        ("mali", "S43"),
        ("ghana", "S45"),
        ("nigeria", "S42"),
        ("ecowas", "S36"),
        ("ecowas", "S37"),
    ],
)
def test_what_the_note_says_of_a_country_is_a_fact_in_three_languages(
    wca: reading.ProjectFile, key: str, s_id: str
) -> None:
    facts = said(wca, key, s_id)
    assert facts
    assert all(set(fact.statement) == {"en", "fr", "pt"} for fact in facts)


def test_the_template_has_the_six_parts_with_the_notes_titles(wca: reading.ProjectFile) -> None:  # S07
    (template,) = wca.templates
    assert [f"PART {part.letter}: {part.title['en']}" for part in template.parts] == [
        "PART A: Development and a historical overview of migration patterns",
        "PART B: Analysis of the socio-economic context of migration",
        "PART C: Analysis of the migration situation in the country",
        "PART D: Factors driving migration",
        "PART E: Effectiveness of migration policies in managing the migration phenomenon",
        "PART F: Evaluating the consequences of migration and migration policy on development",
    ]
    assert [section.key for part in template.parts for section in part.sections] == [
        "A1",
        "B1",
        "C1",
        "D1",
        "E1",
        "E2",
        "F1",
    ]
    assert template.parts[0].sections[0].title == template.parts[0].title


def test_the_ten_profiles_of_2009_end_in_hand_over_and_the_overview_in_drafting(wca: reading.ProjectFile) -> None:
    life = ["start_drafting", "submit_draft", "request_endorsement", "endorse", "close_workshop"]
    for profile in wca.profiles:
        (edition,) = profile.editions
        assert [event.event for event in edition.events] == (life[:1] if profile.key == "ecowas" else life)
        assert profile.owner is None
        assert profile.update_months is None


def test_each_gate_of_a_national_edition_is_answered_by_a_decision_taken_outside(wca: reading.ProjectFile) -> None:
    ghana = wca.profiles[0].editions[0]
    assert {event.event: event.decision.body for event in ghana.events if event.decision} == {
        "start_drafting": "Ghana TWG",
        "request_endorsement": "Ghana TWG",
        "endorse": "Government of Ghana",
        "close_workshop": "National Policy Planning Workshop, Ghana",
    }


def test_workshops_were_in_april_and_may_2009_and_no_other_step_has_a_date(wca: reading.ProjectFile) -> None:  # S19
    events = [event for profile in wca.profiles for edition in profile.editions for event in edition.events]
    dated = {(event.event, event.when) for event in events if event.when}
    assert dated == {("close_workshop", "2009-04/2009-05")}
    workshops = [event for event in events if event.event == "close_workshop"]
    assert len(workshops) == 10
    assert all(event.decision and event.decision.when == event.when for event in workshops)
    assert all(event.update_institution is None and "does not say" in event.note for event in workshops)


def test_an_event_has_a_key_of_its_own_and_a_person_who_records_it(wca: reading.ProjectFile) -> None:
    events = [event for profile in wca.profiles for edition in profile.editions for event in edition.events]
    assert len({event.key for event in events}) == len(events)
    assert events[0].key == "ghana/2009/start_drafting"
    assert events[0].actor.email == "secretariat.ghana@twg.example"
    assert events[1].actor.email == "consultant.ghana@twg.example"


def test_every_item_has_a_source_a_line_and_a_path(wca: reading.ProjectFile) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    everything = list(items(tuple(getattr(wca, field.name) for field in fields(wca))))
    assert len(everything) > 500
    for item in everything:
        assert item.source, item
        assert item.path, item
        assert 0 < item.line <= len(lines), item
        assert all(int(s_id[1:]) in range(1, 49) for s_id in item.source if re.fullmatch(r"S\d+", s_id)), item


def test_a_line_is_where_the_item_stands(wca: reading.ProjectFile) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    for group in wca.twgs:
        assert lines[group.line - 1].strip() == f"- key: {group.key}"


def test_every_person_is_a_role_at_an_address_that_reaches_nobody(wca: reading.ProjectFile) -> None:
    people = [seat.person for group in wca.twgs for seat in group.memberships]
    people += [seat.person for seat in wca.project.seats]
    assert all(person.email.endswith(".example") for person in people)
    assert len({person.email for person in people}) == len(people)
    english = "Chair|Secretariat|Local|Focal|Director|Drafter|Project monitor"
    french, portuguese = "Présidence|Secrétariat|Consultant|Point", "Presidência|Secretariado|Consultor|Ponto"
    assert all(re.match("|".join((english, french, portuguese)), person.name) for person in people)


def test_every_date_of_the_file_is_as_exact_as_the_note_and_no_more(wca: reading.ProjectFile) -> None:
    named = ("when", "starts", "ends", "launched", "since", "until", "year")
    everything = list(items(tuple(getattr(wca, field.name) for field in fields(wca))))
    shown = {edtf.display(getattr(item, name, None), "en") for item in everything for name in named}
    assert shown == {"", "2008", "2009", "2010", "2008 to 2009", "2009 to 2010", "June 2009", "January 2010"} | {
        "April to May 2009",
        "from January 2010",
    }


# -- the format -----------------------------------------------------------------------------------------------------


def test_the_documented_example_loads() -> None:
    project = reading.read(DOCUMENTED)
    assert project.project.starts == "2009"
    assert {institution.key for institution in project.institutions} == {"tg-plan", "tg-interior"}
    (togo,) = project.twgs
    assert [seat.person.name for seat in togo.memberships] == [
        "Focal point, Ministry of Interior, Togo",
        "Secretariat, Togo TWG",
        "Research consultant, Togo TWG",
    ]
    (event,) = project.profiles[0].editions[0].events
    assert event.decision
    assert event.decision.reference == "Minutes 1"


def test_a_file_is_read_from_a_path_a_text_or_bytes(tmp_path: Path) -> None:
    path = tmp_path / "project.yaml"
    path.write_text(DOCUMENTED, "utf-8")
    assert reading.read(path) == reading.read(DOCUMENTED) == reading.read(DOCUMENTED.encode())
    with pytest.raises(FileNotFoundError):
        reading.read(tmp_path / "nothing.yaml")


def test_a_second_event_of_one_name_has_another_key() -> None:
    event = DOCUMENTED[DOCUMENTED.index("          - event:") :]
    events = reading.read(DOCUMENTED + event).profiles[0].editions[0].events
    assert [event.key for event in events] == ["togo/2009/start_drafting", "togo/2009/start_drafting-2"]


def test_three_mistakes_are_reported_together_with_their_lines() -> None:
    text = changed("role: secretariat", "role: secretary").replace("Africa/Lome", "Africa/Togo")
    text = text.replace("tg-interior", "tg-interor")
    lines = text.splitlines()
    found = mistakes(text)
    assert [(problem.path, lines[problem.line - 1].strip().split(":")[0]) for problem in found] == [
        ("twgs[0].time_zone", "time_zone"),
        ("twgs[0].parents[0].institution", "- {institution"),
        ("twgs[0].memberships[0].role", "- role"),
        ("profiles[0].editions[0].events[0].actor", "actor"),
    ]
    assert "“secretary” is none of: chair, secretariat" in found[2].message
    assert str(found[0]) == f"{found[0].line}:5: twgs[0].time_zone: {found[0].message}"


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("format: 1", "format: 2", "format", "must be 1"),
        ("starts: 2009", "starts: June 2009", "project.starts", "“June 2009” is not a date"),
        ("starts: 2009", "starts: 2009-02-30", "project.starts", "not in the calendar"),
        ("  ends: open\n", "", "project", "“ends” is missing"),
        ("  ends: open\n", "  ends: open\n  end: open\n", "project.end", "did you mean “ends”"),
        ("  ends: open\n", "  ends: open\n  zzz: 1\n", "project.zzz", "known are: "),
        ("{en: A small project}", "{sw: Mradi}", "project.name.sw", "not a language known here (en, fr, pt)"),
        ("{en: A small project}", "{}", "project.name", "one language at least"),
        ("funders: []", "funders: none", "project.funders", "must be a list"),
        ("country: TG", "country: tg", "institutions[0].country", "ISO 3166"),
        ("country: TG", "country: UK", "institutions[0].country", "ISO 3166"),
        ("category: government", "category: ministry", "institutions[0].category", "is none of: government"),
        ("source: [The agreement]\n\nusual", "source: []\n\nusual", "institutions[0].source", "too short"),
        ("key: tg-plan", "key: TG Plan", "institutions[0].key", "Small letters, digits and hyphens"),
        ("key: tg-plan", "key: tg-interior", "institutions[0].key", "instead_of"),
        ("    country: TG\n    name: {en: Togo", "    name: {en: Togo", "twgs[0]", "of a country or of a region"),
        ("languages: [fr]", "languages: [ar]", "twgs[0].languages[0]", "not a language"),
        ("[2, 3]", "[3, 2]", "twgs[0].cadence_months", "least number of months comes first"),
        ("status: probable", "status: probable, under: x", "twgs[0].parents[0].under", "no institution “x”"),
        ("secretariat.togo@", "secretariat.togo", "twgs[0].memberships[0].person.email", "not an e-mail address"),
        ("secretariat.togo@twg", "monitor@project", "twgs[0].memberships[0].person", "is “Project monitor” on line"),
        ("twg: togo", "twg: benin", "profiles[0].twg", "no TWG “benin”"),
        ("template: 2009", "template: 2010", "profiles[0].editions[0].template", "no template “2010”"),
        ("actor: secretariat", "actor: chair", "profiles[0].editions[0].events[0].actor", "Nobody has the role chair"),
        ("update_months: open", "update_months: yearly", "profiles[0].update_months", "Whole months, or open"),
        ("update_months: open", "update_months: 0", "profiles[0].update_months", "less than 1"),
        ("interior.{key}", "interior", "usual_seats[0].person.email", "With {key}"),
        ('    name: {en: "Ministry of Interior, {place}"}\n', "", "usual_seats[0]", "either an institution, or a name"),
    ],
)
def test_a_mistake_is_told_where_it_is_and_what_to_do(old: str, new: str, path: str, message: str) -> None:
    found = {problem.path: problem.message for problem in mistakes(changed(old, new))}
    assert message in found[path]


def test_two_of_a_kind_cannot_share_a_key() -> None:
    again = DOCUMENTED[DOCUMENTED.index("  - key: tg-plan") : DOCUMENTED.index("usual_seats")]
    (problem,) = mistakes(changed("usual_seats", again + "\nusual_seats"))
    assert problem.path == "institutions[1].key"
    assert f"on line {DOCUMENTED[: DOCUMENTED.index('key: tg-plan')].count(chr(10)) + 1}" in problem.message


def test_two_institutions_cannot_take_one_seat() -> None:
    one = DOCUMENTED[DOCUMENTED.index("  - key: tg-plan") : DOCUMENTED.index("\nusual_seats")]
    one = one.replace("    confidence", "    instead_of: interior\n    confidence")
    text = changed("usual_seats", one.replace("tg-plan", "a") + one.replace("tg-plan", "b") + "\nusual_seats")
    assert (
        "takes this seat already"
        in {problem.path: problem.message for problem in mistakes(text)}["institutions[2].instead_of"]
    )


def test_messages_are_cut_where_the_file_pastes_a_page_into_a_field() -> None:
    (problem,) = mistakes(changed("category: government", f"category: {'x' * 9000}"))
    assert len(problem.message) < 300


# -- what could hurt --------------------------------------------------------------------------------------------------


def test_an_alias_bomb_is_refused_before_it_unfolds() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    (problem,) = mistakes(bomb)
    assert (problem.line, problem.message) == (1, "Anchors (&) and aliases (*) are not allowed: write it out.")


def test_a_key_given_twice_is_refused_with_both_lines() -> None:
    found = mistakes("format: 1\nproject:\n  key: a\n  name: {en: A}\n  key: b\nformat: 1\n")
    assert [(problem.line, problem.path) for problem in found] == [(5, "project.key"), (6, "format")]
    assert "first on line 3" in found[0].message


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [ls]", "!secret x", "!!str 1", "!!binary aGk=", "! x"]
)
def test_a_tag_is_refused(tag: str) -> None:
    (problem,) = mistakes(f"format: 1\nproject: {tag}\n")
    assert (problem.line, problem.message) == (2, "Tags (!) are not allowed.")


def test_a_file_of_three_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * 3 * 1024**2)
    with pytest.raises(reading.ProjectFileError, match="larger than 2 MB"):
        reading.read(path)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x14\xff", "format: 1 # é".encode("latin-1")]
)
def test_a_file_that_is_not_utf8_is_refused(data: bytes) -> None:
    (problem,) = mistakes(data)
    assert problem.message == "The file is not text in UTF-8."


@pytest.mark.parametrize(
    "text", ["a\x00b", "a: [", "a: b: c", "\tformat: 1", "'", "a: 'b\n", "%YAML 9.9 x\n---\na", "? [a]\n: b"]
)
def test_what_is_not_yaml_is_refused_and_not_a_crash(text: str) -> None:
    (problem,) = mistakes(text)
    assert problem.line >= 1
    assert problem.message


@pytest.mark.parametrize("text", ["", "# nothing\n", "just words", "- a\n- b\n", "17", "null"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    assert "must be a mapping" in mistakes(text)[0].message


def test_nesting_without_end_is_refused() -> None:
    (problem,) = mistakes("a: " + "[" * 100_000)
    assert "nested more than 20 levels" in problem.message
    (problem,) = mistakes("\n".join(" " * level + "a:" for level in range(2000)))
    assert "nested more than 20 levels" in problem.message


def test_a_file_of_a_million_mistakes_tells_the_first_thousand() -> None:
    found = mistakes("format: 1\ninstitutions: [" + "1," * 3000 + "]\n")
    assert len(found) == reading.PROBLEM_LIMIT + 1
    assert found[0].message == "There are more than 1000 mistakes; these are some of them."


def test_seats_times_countries_do_not_make_millions_of_institutions() -> None:
    groups = "".join(f"- {{country: {a}{b}{c}}}\n" for a in "ABCDEFGH" for b in "ABCDEFGHIJ" for c in "ABCDEFGHIJ")
    seats = "".join(f"- {{key: s{number}, name: {{en: S}}}}\n" for number in range(800))
    assert mistakes(f"twgs:\n{groups}usual_seats:\n{seats}")


def test_a_second_document_is_refused() -> None:
    (problem,) = mistakes("format: 1\n---\nformat: 1\n")
    assert (problem.line, problem.message) == (2, "A second document starts here; a project file is one.")


def test_a_shape_turned_inside_out_is_refused_and_not_a_crash() -> None:
    strange = [
        "17",
        "text",
        "null",
        "[]",
        "{}",
        "[17, [a], {b: c}]",
        "{a: [17], b: {c: d}}",
        "[{key: [a], twg: {}, name: 3}]",
    ]
    for section in ("project", "institutions", "usual_seats", "regions", "twgs", "templates", "profiles", "milestones"):
        for value in strange:
            assert mistakes(f"format: 1\n{section}: {value}\n")
