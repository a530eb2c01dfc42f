"""A template's next version: begun as a copy, changed while no edition is drafted by it; editions keep theirs (S47)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests import factories as f
from tests.writing.making import get, post, words
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted, Unmet
from workflow.groups.models import Person, Project
from workflow.profiles import outline, services, versions
from workflow.profiles.models import TemplateVersion
from workflow.writing import services as writing
from workflow.writing.models import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return f.project()


@pytest.fixture
def keeper(project: Project) -> Person:
    return f.monitor(project, "IOM")


def section(title: str, guidance: str = "") -> dict[str, Any]:
    return {"titles": {"en": title}, "guidance": {"en": guidance} if guidance else {}}


@pytest.fixture
def template(project: Project) -> TemplateVersion:
    parts: list[Any] = [
        {"letter": "A", "titles": {"en": "Patterns"}, "sections": [
            section("History", "Begin in 1960."), section("Emigration", "Use the census."), section("Immigration")]},
        {"letter": "B", "titles": {"en": "Context"}, "sections": [section("Labour")]},
        {"letter": "C", "titles": {"en": "Drivers"}},
    ]  # fmt: skip
    fields = {"code": "note-1", "number": 1, "names": {"en": "The note's"}, "project": project, "source": "S07"}
    return services.create_template(fields, parts, actor=None)


def told(template: TemplateVersion) -> list[str]:
    return [
        line
        for part in outline.guided_of(template.pk)
        for line in (f"{part.letter} {part.title}", *(f"{part.letter}.{s.number} {s.title}" for s in part.sections))
    ]


WHOLE = ["A Patterns", "A.1 History", "A.2 Emigration", "A.3 Immigration", "B Context", "B.1 Labour", "C Drivers"]


def parts_of(template: TemplateVersion) -> list[dict[str, Any]]:
    return outline.as_input(outline.parts_of(template.pk))


def reshape(template: TemplateVersion, parts: list[dict[str, Any]], actor: Any = None) -> None:
    versions.change_template(template, {}, parts, actor=actor)


# -- a copy -----------------------------------------------------------------------------------------------


def test_a_new_version_is_a_copy_with_the_next_number_and_says_from_what(
    template: TemplateVersion, keeper: Person
) -> None:
    second = versions.new_version(template, {"names": {"en": "Revised"}}, actor=keeper)
    assert (second.number, second.code, second.project) == (2, "revised", template.project)
    assert told(second) == WHOLE == told(template)
    assert outline.parts_of(second.pk)[0].sections[0].guidances == {"en": "Begin in 1960."}
    event = history.events_of(second).get()
    assert event.data["template"] == template.pk
    third = versions.new_version(template, {}, actor=keeper)
    assert (third.number, third.names) == (3, template.names)
    assert third.code not in (template.code, second.code)


def test_what_changed_is_shown_against_the_version_before(template: TemplateVersion, keeper: Person) -> None:
    second = versions.new_version(template, {}, actor=keeper)
    parts = parts_of(second)
    parts[0]["sections"].insert(1, section("Diaspora"))
    parts[1]["titles"] = {"en": "Setting"}
    reshape(second, parts)
    page = words(get(keeper, "template", second.code))
    assert "Since version 1" in page
    assert "A.2 added</b>: Diaspora" in page
    assert "B renamed</b>: Setting" in page


def test_editions_keep_the_version_that_they_have(template: TemplateVersion, keeper: Person) -> None:
    edition = f.edition(f.twg("GH", of=template.project), template=template, stage="drafting")
    text = writing.open_text(edition, actor=None)
    second = versions.new_version(template, {}, actor=keeper)
    reshape(second, parts_of(second)[:1])
    assert told(template) == WHOLE
    edition.refresh_from_db()
    assert edition.template == template
    assert text.sections.count() == 5


# -- its outline ------------------------------------------------------------------------------------------


def test_parts_and_sections_are_added_moved_renamed_and_removed_in_one_change(
    template: TemplateVersion, keeper: Person
) -> None:
    parts = parts_of(template)
    emigration = parts[0]["sections"].pop(1)
    parts[1]["sections"] = [section("Trade"), emigration]
    parts[0]["titles"] = {"en": "Trends", "fr": "Tendances"}
    parts[2] = {"letter": "D", "titles": {"en": "Laws"}, "sections": [section("Acts")]}
    reshape(template, parts, keeper)
    assert told(template) == [
        "A Trends", "A.1 History", "A.2 Immigration", "B Context", "B.1 Trade", "B.2 Emigration", "D Laws", "D.1 Acts",
    ]  # fmt: skip
    moved = outline.parts_of(template.pk)[1].sections[1]
    assert (moved.pk, moved.guidances) == (emigration["id"], {"en": "Use the census."})
    event = history.events_of(template).last()
    assert event is not None
    assert (event.name, event.actor, event.data["parts"][0]) == ("changed", keeper, "A Trends")
    assert history.verify().broken is None


def test_letters_and_places_are_exchanged_without_a_collision(template: TemplateVersion) -> None:
    parts = parts_of(template)
    parts[0]["letter"], parts[1]["letter"] = "B", "A"
    parts[0]["sections"].reverse()
    reshape(template, parts)
    assert told(template) == [
        "A Context", "A.1 Labour", "B Patterns", "B.1 Immigration", "B.2 Emigration", "B.3 History", "C Drivers",
    ]  # fmt: skip


def test_a_change_that_changes_nothing_leaves_no_trace(template: TemplateVersion) -> None:
    before = template.version
    reshape(template, parts_of(template))
    template.refresh_from_db()
    assert template.version == before


def doubled(parts: list[Any]) -> None:
    parts[1]["letter"] = "A"


def twice(parts: list[Any]) -> None:
    parts[1]["sections"].append(dict(parts[0]["sections"][0]))


def of_another(parts: list[Any]) -> None:
    parts[0]["id"] = 999_999


def nameless(parts: list[Any]) -> None:
    parts[0]["sections"][0]["titles"] = {}


@pytest.mark.parametrize("bend", [doubled, twice, of_another, nameless, list.clear])
def test_an_outline_that_is_none_changes_nothing(template: TemplateVersion, bend: Any) -> None:
    parts = parts_of(template)
    bend(parts)
    with pytest.raises(ValidationError):
        reshape(template, parts)
    assert told(template) == WHOLE


@pytest.mark.parametrize("stage", ["drafting", "published", "withdrawn"])
def test_a_version_that_an_edition_is_drafted_by_changes_no_more(
    template: TemplateVersion, keeper: Person, stage: str
) -> None:
    edition = f.edition(f.twg("GH", of=template.project), template=template)
    reshape(template, parts_of(template)[:2], keeper)
    f.bring(edition, stage)
    with pytest.raises(Unmet, match="Editions are written by this version"):
        versions.change_template(template, {"names": {"en": "Other"}}, actor=keeper)
    page = words(get(keeper, "template", template.code))
    assert "Editions are written by this version: make a new version from it to change it." in page
    assert get(keeper, "template-edit", template.code).status_code == 409
    assert get(keeper, "template-version", template.code).status_code == 200


def test_who_keeps_another_project_or_none_changes_nothing(template: TemplateVersion) -> None:
    theirs = f.project("Another")
    member = f.seat(f.twg("GH", of=template.project), "member")
    for stranger in (f.monitor(theirs), f.seat(f.twg("SN", of=theirs), "secretariat"), member):
        with pytest.raises(NotPermitted):
            versions.change_template(template, {"names": {"en": "Mine"}}, actor=stranger)
        with pytest.raises(NotPermitted):
            versions.new_version(template, {}, actor=stranger)
        assert "Make a new version" not in words(get(stranger, "template", template.code))
        assert get(stranger, "template-edit", template.code).status_code == 403
    keeper = f.seat(f.twg("ML", of=template.project), "secretariat")
    assert versions.new_version(template, {}, actor=keeper).number == 2


def test_a_stale_outline_is_a_conflict(template: TemplateVersion, keeper: Person) -> None:
    stale = template.version
    versions.change_template(template, {"names": {"en": "First"}}, actor=keeper)
    with pytest.raises(Conflict):
        versions.change_template(template, {}, parts_of(template)[:1], actor=keeper, version=stale)


# -- its text (S08) ---------------------------------------------------------------------------------------


@pytest.fixture
def text(template: TemplateVersion, keeper: Person) -> Text:
    return writing.open_text(template, actor=keeper)


def test_the_template_is_drafted_as_a_text_that_begins_with_its_guidance(
    text: Text, template: TemplateVersion, keeper: Person
) -> None:
    found = list(text.sections.values_list("place", "body"))
    assert found == [
        ("A.1", "Begin in 1960."), ("A.2", "Use the census."), ("A.3", ""), ("B.1", ""), ("C", ""),
    ]  # fmt: skip
    page = words(get(keeper, "template", template.code))
    assert f'href="/texts/{text.pk}/"' in page


def test_what_its_text_says_is_what_editions_are_asked(text: Text, template: TemplateVersion, keeper: Person) -> None:
    emigration = text.sections.select_related("text").get(place="A.2")
    writing.save(emigration, "Use the **survey**.", actor=keeper, base=1)
    edition = f.edition(f.twg("GH", of=template.project), template=template, stage="drafting")
    drafted = writing.open_text(edition, actor=None)
    assert drafted.sections.get(place="A.2").guidance == {"en": "Use the **survey**."}
    assert versions.new_version(template, {}, actor=keeper).parts.get(letter="A").sections.get(number=2).guidance == {
        "en": "Use the **survey**."
    }


def test_its_text_follows_when_the_outline_changes_and_drafts_keep_what_was(
    text: Text, template: TemplateVersion, keeper: Person
) -> None:
    draft = writing.take_draft(text, "for the TWGs", actor=keeper)
    parts = parts_of(template)
    emigration = parts[0]["sections"].pop(1)
    parts[0]["sections"].pop(0)
    parts[1]["sections"].append(emigration | {"titles": {"en": "Leaving"}})
    parts.pop(2)
    reshape(template, parts, keeper)
    found = list(text.sections.standing().values_list("place", "titles", "body"))
    assert found == [
        ("A.1", {"en": "Immigration"}, ""),
        ("B.1", {"en": "Labour"}, ""),
        ("B.2", {"en": "Leaving"}, "Use the census."),
    ]
    assert list(draft.sections.values_list("place", flat=True)) == ["A.1", "A.2", "A.3", "B.1", "C"]
    assert history.verify().broken is None
    second = writing.take_draft(text, "after the comments", actor=keeper)
    page = words(get(keeper, "draft-compare", second.pk))
    assert "before: A.2 Emigration" in page
    assert "A.1 History" in page


def test_a_section_taken_out_still_opens_and_is_written_no_more(
    text: Text, template: TemplateVersion, keeper: Person
) -> None:
    gone = text.sections.get(place="A.1")
    parts = parts_of(template)
    parts[0]["sections"].pop(0)
    reshape(template, parts, keeper)
    page = words(get(keeper, "section", gone.pk))
    assert "This section is no longer part of the text." in page
    assert get(keeper, "section-edit", gone.pk).status_code == 409
    assert "A.1 History" not in words(get(keeper, "text", text.pk))


def test_every_seat_reads_the_template_s_text_and_the_public_does_not(text: Text, keeper: Person) -> None:
    assert get(f.seat(f.twg("SN"), "member"), "text", text.pk).status_code == 200
    assert get(f.person(), "text", text.pk).status_code == 404


# -- the pages --------------------------------------------------------------------------------------------


def change(keeper: Person, template: TemplateVersion, page: str, *args: Any, **fields: Any) -> Any:
    template.refresh_from_db()
    return post(keeper, page, template.code, *args, version=template.version, **fields)


def test_the_outline_is_changed_on_its_pages(template: TemplateVersion, keeper: Person) -> None:
    a, b, c = (part.pk for part in outline.parts_of(template.pk))
    history_pk, emigration_pk, _immigration = (s.pk for s in outline.parts_of(template.pk)[0].sections)
    page = words(get(keeper, "template-edit", template.code))
    assert f"/templates/note-1/sections/{emigration_pk}/" in page
    assert change(keeper, template, "template-part-new", letter="D", titles_en="Laws").status_code == 302
    assert (
        change(keeper, template, "template-part", b, letter="B", titles_en="Setting", titles_fr="Cadre").status_code
        == 302
    )
    assert change(keeper, template, "template-part-remove", c, sure="yes").status_code == 302
    assert change(keeper, template, "template-section-new", part=a, number=1, titles_en="Diaspora").status_code == 302
    moved = {"part": b, "number": 1, "titles_en": "Leaving", "guidance_en": "Count."}
    assert change(keeper, template, "template-section", emigration_pk, **moved).status_code == 302
    assert change(keeper, template, "template-section-remove", history_pk, sure="yes").status_code == 302
    assert told(template) == [
        "A Patterns", "A.1 Diaspora", "A.2 Immigration", "B Setting", "B.1 Leaving", "B.2 Labour", "D Laws",
    ]  # fmt: skip
    assert outline.parts_of(template.pk)[1].sections[0].guidances == {"en": "Count."}
    assert change(keeper, template, "template-names", names_en="Ours", source="TWG").status_code == 302
    template.refresh_from_db()
    assert (template.names, template.source) == ({"en": "Ours"}, "TWG")


def test_where_the_text_is_drafted_the_form_leaves_its_words_to_it(
    text: Text, template: TemplateVersion, keeper: Person
) -> None:
    section_pk = outline.parts_of(template.pk)[0].sections[0].pk
    page = words(get(keeper, "template-section", template.code, section_pk))
    assert 'name="guidance_fr"' in page
    assert 'name="guidance_en"' not in page
    part = outline.parts_of(template.pk)[0].pk
    answer = change(
        keeper,
        template,
        "template-section",
        section_pk,
        part=part,
        number=1,
        titles_en="History",
        guidance_fr="Depuis 1960.",
    )
    assert answer.status_code == 302
    assert outline.guided_of(template.pk)[0].sections[0].guidances == {"en": "Begin in 1960.", "fr": "Depuis 1960."}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"letter": "A", "titles_en": "Twice"}, "Two parts have the same letter."),
        ({"letter": "a", "titles_en": "Small"}, "A capital letter, such as G."),
        ({"letter": "G"}, "Give it in at least one language."),
    ],
)
def test_what_is_wrong_with_a_part_is_said_on_its_field(
    template: TemplateVersion, keeper: Person, fields: dict[str, str], said: str
) -> None:
    answer = change(keeper, template, "template-part-new", **fields)
    assert answer.status_code == 422
    assert said in words(answer)
    assert told(template) == WHOLE


def test_a_stale_page_says_who_was_faster(template: TemplateVersion, keeper: Person) -> None:
    stale = template.version
    versions.change_template(template, {"names": {"en": "First"}}, actor=keeper)
    answer = post(keeper, "template-part-new", template.code, version=stale, letter="D", titles_en="Laws")
    assert answer.status_code == 409
    assert "Laws" in words(answer)


def test_a_new_version_is_made_on_its_page(template: TemplateVersion, keeper: Person) -> None:
    form = words(get(keeper, "template-version", template.code))
    assert 'value="The note&#x27;s"' in form
    answer = post(keeper, "template-version", template.code, names_en="After Dakar")
    assert answer.url == "/templates/after-dakar/"
    assert TemplateVersion.objects.get(code="after-dakar").number == 2


def test_what_is_of_another_template_is_not_found(template: TemplateVersion, keeper: Person) -> None:
    other = versions.new_version(template, {}, actor=keeper)
    theirs = outline.parts_of(other.pk)[0]
    assert get(keeper, "template-part", template.code, theirs.pk).status_code == 404
    assert get(keeper, "template-part-remove", template.code, theirs.pk).status_code == 404
    assert get(keeper, "template-section", template.code, theirs.sections[0].pk).status_code == 404
    assert get(keeper, "template-section-remove", template.code, theirs.sections[0].pk).status_code == 404
