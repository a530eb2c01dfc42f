"""Terms of reference: drafted, changed, adopted, superseded (S44), by services and on their pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.groups.reading import browser
from workflow.engine import services as engine
from workflow.engine.errors import Conflict, Incomplete, NotPermitted, Unmet
from workflow.engine.history import events_of
from workflow.groups import services, twg_selectors
from workflow.groups.flow import TermsFlow
from workflow.groups.models import Category, TermsOfReference, Twg

pytestmark = pytest.mark.django_db
MEMBERS = {c.value: ("member", False) for c in Category}


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def draft(ghana: Twg) -> TermsOfReference:
    return ghana.terms.get()


def participation(terms: TermsOfReference) -> dict[str, tuple[str, bool]]:
    return {r.category: (r.modality, r.votes) for r in terms.rules.all()}


# -- services --------------------------------------------------------------------------------------------------


def test_a_new_version_starts_from_the_one_in_force_and_carries_the_next_number(ghana: Twg) -> None:
    first = f.adopt(ghana.terms.get())
    services.change_terms(
        services.draft_terms(ghana, actor=None), {"quorum_percent": 66}, participation(first), actor=None
    )
    second = f.adopt(ghana.terms.get(number=2))
    third = services.draft_terms(ghana, actor=f.seat(ghana, "secretariat"))
    assert (third.number, third.state, third.quorum_percent) == (3, "draft", 66)
    assert participation(third) == participation(second)


def test_a_draft_that_was_set_aside_is_not_what_the_next_one_starts_from(ghana: Twg) -> None:
    f.adopt(ghana.terms.get())
    given_up = services.draft_terms(ghana, preset="all_vote", actor=None)
    engine.perform(TermsFlow(given_up), "set_aside", actor=None, note="Nobody wanted it.")
    assert services.draft_terms(ghana, actor=None).quorum_percent == 50


def test_there_is_one_draft_at_a_time(ghana: Twg) -> None:
    with pytest.raises(ValidationError):
        services.draft_terms(ghana, preset="usual", actor=None)
    assert ghana.terms.count() == 1


def test_a_committee_without_terms_needs_a_preset(ghana: Twg) -> None:
    body = services.link_body(ghana, {"code": "c", "names": {"en": "C"}, "kind": "committee"}, actor=None)
    with pytest.raises(ValidationError, match="preset"):
        services.draft_terms(body, actor=None)
    assert services.draft_terms(body, preset="usual", actor=None).number == 1


def test_what_differs_from_the_preset_in_one_country_is_said_when_it_opens(ghana: Twg) -> None:
    terms = services.draft_terms(
        _committee(ghana),
        preset="usual",
        overrides={"civil_society": ("invited", False)},
        actor=None,
    )
    assert participation(terms)["civil_society"] == ("invited", False)
    assert participation(terms)["government"] == ("member", True)


def _committee(twg: Twg) -> Twg:
    return services.link_body(twg, {"code": "body", "names": {"en": "Body"}, "kind": "committee"}, actor=None)


def test_adopting_a_version_supersedes_the_one_in_force(ghana: Twg) -> None:
    first = f.adopt(ghana.terms.get())
    second = f.adopt(services.draft_terms(ghana, actor=None))
    first.refresh_from_db()
    assert (first.state, second.state, second.adopted_on) == ("superseded", "adopted", "2009-04")
    event = events_of(first).last()
    assert event is not None
    assert (event.name, event.note) == ("set_aside", "Superseded by version 2.")


def test_terms_are_not_adopted_without_a_decision(draft: TermsOfReference) -> None:
    with pytest.raises(Incomplete):
        engine.perform(TermsFlow(draft), "adopt", actor=None)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_terms_that_say_nothing_of_who_takes_part_are_not_adopted(draft: TermsOfReference) -> None:
    draft.rules.all().delete()
    with pytest.raises(Unmet, match="how each category takes part"):
        f.adopt(draft)


@pytest.mark.parametrize("role", ["member", "observer", "consultant", "alternate"])
def test_drafting_changing_and_adopting_are_for_whoever_runs_the_twg(draft: TermsOfReference, role: str) -> None:
    actor = f.seat(draft.twg, role)
    with pytest.raises(NotPermitted):
        services.draft_terms(draft.twg, preset="usual", actor=actor)
    with pytest.raises(NotPermitted):
        services.change_terms(draft, {}, MEMBERS, actor=actor)
    with pytest.raises(NotPermitted):
        f.perform(draft, "adopt", actor=actor)


def test_a_change_of_the_draft_tells_what_differs(draft: TermsOfReference) -> None:
    services.change_terms(draft, {"quorum_percent": 60}, MEMBERS, actor=f.seat(draft.twg, "chair"))
    event = events_of(draft).last()
    assert event is not None
    assert event.data["changed"]["quorum_percent"] == [50, 60]
    assert event.data["participation"]["government"] == ["member", False]


def test_participation_alone_may_change_and_the_same_again_leaves_no_trace(draft: TermsOfReference) -> None:
    services.change_terms(draft, {}, MEMBERS, actor=None)
    version = draft.version
    services.change_terms(draft, {}, MEMBERS, actor=None)
    assert draft.version == version
    assert participation(draft) == MEMBERS


def test_adopted_terms_are_never_edited(draft: TermsOfReference) -> None:
    f.adopt(draft)
    with pytest.raises(Conflict, match="no longer a draft"):
        services.change_terms(draft, {"quorum_percent": 1}, MEMBERS, actor=None)


def test_only_members_vote_and_consultants_never_do(draft: TermsOfReference) -> None:
    with pytest.raises(ValidationError):
        services.change_terms(draft, {}, {"research": ("observer", True)}, actor=None)
    with pytest.raises(ValidationError, match="S10"):
        services.change_terms(draft, {"voting_roles": ["consultant"]}, MEMBERS, actor=None)
    assert draft.rules.count() == len(Category), "a refused change takes nothing away"


# -- what a draft would change ---------------------------------------------------------------------------------


def test_a_draft_shows_what_it_would_change(ghana: Twg) -> None:
    in_force = f.adopt(ghana.terms.get())
    draft = services.draft_terms(ghana, actor=None)
    changed = participation(in_force) | {"civil_society": ("observer", False)}
    services.change_terms(draft, {"ballot_rule": "consensus", "voting_roles": ["member"]}, changed, actor=None)
    told = [(str(label), str(old), str(new)) for label, old, new in twg_selectors.term_changes(draft, in_force)]
    assert told == [
        ("ballot rule", "simple majority of votes cast", "consensus: nobody against"),
        ("roles that vote", "Chair, Member, Alternate", "Member"),
    ]
    rows = twg_selectors.rule_rows(draft, in_force)
    assert [(r.category, r.before.modality) for r in rows if r.before] == [("civil_society", "member")]


def test_the_first_draft_and_the_terms_in_force_change_nothing(draft: TermsOfReference) -> None:
    assert twg_selectors.term_changes(draft, None) == []
    assert twg_selectors.term_changes(draft, draft) == []


# -- pages -----------------------------------------------------------------------------------------------------


def sent(terms: TermsOfReference, **more: Any) -> dict[str, Any]:
    """What the form of a draft sends when nothing in it was touched."""
    fields: dict[str, Any] = {name: getattr(terms, name) for name in services.COPIED if name != "text"}
    for category, (modality, votes) in participation(terms).items():
        fields[f"as_{category}"] = modality
        if votes:
            fields[f"votes_{category}"] = "on"
    return {**fields, "version": terms.version, **more}


def test_a_secretariat_changes_the_draft_on_its_page(draft: TermsOfReference) -> None:
    client, url = browser(f.seat(draft.twg, "secretariat")), reverse("terms-edit", args=[draft.pk])
    assert client.get(url).context["form"].initial["as_government"] == "member"
    answer = client.post(url, sent(draft, quorum_percent=55, as_research="observer", text_fr="Les termes"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("terms", args=[draft.pk]))
    draft.refresh_from_db()
    assert (draft.quorum_percent, draft.text) == (55, {"fr": "Les termes"})
    assert participation(draft)["research"] == ("observer", False)


def test_a_vote_for_an_observing_category_is_refused_on_its_own_row(draft: TermsOfReference) -> None:
    client, url = browser(f.seat(draft.twg, "secretariat")), reverse("terms-edit", args=[draft.pk])
    answer = client.post(url, sent(draft, as_research="observer", votes_research="on"))
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {"votes_research": ["Only members vote."]}
    page = answer.content.decode()
    row = page[page.index("<tbody>") :].split("<tr>")
    assert "Only members vote." in next(r for r in row if "votes_research" in r)
    assert 'href="#id_votes_research"' in page


@pytest.mark.parametrize(("field", "value"), [
    ("quorum_percent", "0"), ("quorum_percent", "101"), ("quorum_percent", ""), ("cadence_to", "1"),
    ("ballot_rule", "whim"), ("voting_roles", "observer"), ("comment_days", "many"), ("as_government", ""),
])  # fmt: skip
def test_what_is_wrong_in_a_draft_is_said_at_its_field(draft: TermsOfReference, field: str, value: str) -> None:
    client = browser(f.seat(draft.twg, "secretariat"))
    answer = client.post(reverse("terms-edit", args=[draft.pk]), sent(draft, votes_government="", **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_draft_changed_by_two_gives_the_second_back_what_they_wrote(draft: TermsOfReference) -> None:
    client, url = browser(f.seat(draft.twg, "secretariat")), reverse("terms-edit", args=[draft.pk])
    stale = sent(draft, text_en="My careful wording", as_research="invited")
    client.post(url, sent(draft, quorum_percent=51))
    answer = client.post(url, stale)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My careful wording" in page
    assert "invited" in page
    draft.refresh_from_db()
    assert draft.text == {}


def test_adopted_terms_have_no_form(draft: TermsOfReference) -> None:
    client = browser(f.seat(draft.twg, "secretariat"))
    f.adopt(draft)
    assert client.get(reverse("terms-edit", args=[draft.pk])).status_code == 409
    page = client.get(reverse("terms", args=[draft.pk])).content.decode()
    assert reverse("terms-edit", args=[draft.pk]) not in page


def test_a_member_reads_the_terms_and_changes_them_not(draft: TermsOfReference) -> None:
    client = browser(f.seat(draft.twg, "member"))
    page = client.get(reverse("terms", args=[draft.pk]))
    assert page.status_code == 200
    assert reverse("terms-edit", args=[draft.pk]) not in page.content.decode()
    assert client.get(reverse("terms-edit", args=[draft.pk])).status_code == 403
    assert client.get(reverse("terms-new", args=[draft.twg.code])).status_code == 403


def test_terms_do_not_exist_for_those_who_are_not_inside(draft: TermsOfReference) -> None:
    for person in (f.person(), f.administrator(), f.seat(f.twg("ML"), "secretariat")):
        for name in ("terms", "terms-edit"):
            assert browser(person).get(reverse(name, args=[draft.pk])).status_code == 404
    assert Client().get(reverse("terms", args=[draft.pk])).status_code == 302


def test_a_new_draft_is_started_from_the_version_in_force_or_from_a_preset(ghana: Twg) -> None:
    f.adopt(ghana.terms.get())
    client, url = browser(f.seat(ghana, "secretariat")), reverse("terms-new", args=[ghana.code])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"start": ""})
    draft = ghana.terms.get(state="draft")
    assert answer["Location"] == reverse("terms-edit", args=[draft.pk])
    assert draft.quorum_percent == 50
    assert client.get(url)["Location"] == reverse("terms", args=[draft.pk]), "one draft at a time: here it is"
    f.perform(draft, "set_aside", note="Given up.")
    client.post(url, {"start": "all_vote"})
    assert ghana.terms.get(state="draft").quorum_percent == 60
    assert client.post(url, {"start": "nonsense"}).status_code == 302


def test_a_preset_that_does_not_exist_starts_nothing(ghana: Twg) -> None:
    f.adopt(ghana.terms.get())
    client, url = browser(f.seat(ghana, "secretariat")), reverse("terms-new", args=[ghana.code])
    assert client.post(url, {"start": "nonsense"}).status_code == 422
    assert not ghana.terms.filter(state="draft").exists()


def test_a_committee_gets_its_first_terms_on_the_page(ghana: Twg) -> None:
    body = _committee(ghana)
    client, url = browser(f.seat(ghana, "secretariat")), reverse("terms-new", args=[body.code])
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"start": "government"}).status_code == 302
    assert body.terms.get().ballot_rule == "consensus"


def test_the_page_of_a_draft_shows_what_it_would_change(ghana: Twg) -> None:
    in_force = f.adopt(ghana.terms.get())
    draft = services.draft_terms(ghana, actor=None)
    services.change_terms(draft, {"quorum_percent": 75}, participation(in_force), actor=None)
    client = browser(f.seat(ghana, "member"))
    assert "What this draft would change" in client.get(reverse("terms", args=[draft.pk])).content.decode()
    assert "What this draft would change" not in client.get(reverse("terms", args=[in_force.pk])).content.decode()


def test_the_page_of_a_draft_marks_what_its_text_would_change_word_by_word(ghana: Twg) -> None:
    first = ghana.terms.get()
    services.change_terms(
        first, {"text": {"en": "The TWG meets every month.\n\nIt has a chair."}}, participation(first), actor=None
    )
    in_force = f.adopt(first)
    draft = services.draft_terms(ghana, actor=None)
    text = {"en": "The TWG meets every quarter <b>.\n\nIt has a chair."}
    services.change_terms(draft, {"text": text}, participation(in_force), actor=None)
    page = browser(f.seat(ghana, "member")).get(reverse("terms", args=[draft.pk])).content.decode()
    assert '<del><span class="hidden">removed: </span>month</del>' in page
    assert '<ins><span class="hidden">added: </span>quarter &lt;b&gt;</ins>' in page
    assert "<p>It has a chair.</p>" in page
