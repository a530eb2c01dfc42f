"""The smallest legal objects, made through the same services that people use."""

from __future__ import annotations

import itertools
from typing import Any

from workflow.engine import services as engine
from workflow.engine.flow import Flow
from workflow.groups import services as groups
from workflow.groups.flow import TermsFlow
from workflow.groups.models import Institution, Membership, Person, Project, Region, TermsOfReference, Twg
from workflow.profiles import services as profiles
from workflow.profiles.flow import EditionFlow
from workflow.profiles.models import TRACK, Edition, Profile, TemplateVersion

_number = itertools.count(1)
DECISION = {"decision_body": "The TWG's meeting", "decision_date": "2009-04", "decision_reference": "PV 3"}
# Of a policy workshop that Palabre has not seen (S21).
REASONS = {f"missing_{part}": "It was done on paper." for part in ("presented", "policy", "data")}


def person(name: str = "", **fields: Any) -> Person:
    n = next(_number)
    return groups.person_for(
        fields.pop("email", f"person{n}@twg.example"), name=name or f"Person {n}", actor=None, **fields
    )


def administrator(name: str = "Administrator") -> Person:
    return person(name, is_administrator=True)


def institution(name: str = "", *, category: str = "government", country: str = "GH", **fields: Any) -> Institution:
    n = next(_number)
    names = {"en": name or f"Ministry {n}"}
    return groups.create_institution(
        {"code": f"institution-{n}", "names": names, "category": category, "country": country, **fields}, actor=None
    )


def project(name: str = "Profiles", **fields: Any) -> Project:
    n = next(_number)
    return groups.create_project({"code": f"project-{n}", "names": {"en": name}, **fields}, [], actor=None)


def monitor(of: Project, name: str = "IOM monitor") -> Person:
    somebody = person(name)
    groups.give_project_seat(of, somebody, "monitor", actor=None)
    return somebody


def twg(country: str = "GH", *, of: Project | None = None, preset: str = "usual", **fields: Any) -> Twg:
    n = next(_number)
    names = fields.pop("names", {"en": f"TWG {country} {n}"})
    code = fields.pop("code", f"twg-{n}")
    return groups.open_twg(
        {"code": code, "names": names, "country": country, "project": of, **fields}, preset=preset, actor=None
    )


def region(code: str = "ecowas", countries: str = "GH,ML,NG", **fields: Any) -> Region:
    return Region.objects.create(code=code, names={"en": code.upper()}, countries=countries, **fields)


def regional_twg(of: Project | None = None, countries: str = "GH,ML,NG") -> Twg:
    n = next(_number)
    return twg("", of=of, region=region(f"region-{n}", countries), preset="regional")


def seat(in_twg: Twg, role: str, name: str = "", *, institution: Institution | None = None, **fields: Any) -> Person:
    """Somebody with a seat, named after it."""
    somebody = person(name or f"{role.capitalize()} of {in_twg.code}")
    groups.give_seat(in_twg, somebody, {"role": role, "institution": institution, **fields}, actor=None)
    return somebody


def seat_of(somebody: Person) -> Membership:
    return somebody.memberships.get()


def adopt(terms: TermsOfReference) -> TermsOfReference:
    engine.perform(TermsFlow(terms), "adopt", actor=None, data=DECISION)
    return terms


def template(**fields: Any) -> TemplateVersion:
    n = next(_number)
    parts = [
        {"letter": letter, "titles": {"en": f"Part {letter}"}, "sections": [{"titles": {"en": f"Section {letter}1"}}]}
        for letter in "ABCDEF"
    ]
    return profiles.create_template(
        {"code": f"template-{n}", "number": n, "names": {"en": f"Template {n}"}, **fields}, parts, actor=None
    )


def profile(of: Twg, **fields: Any) -> Profile:
    n = next(_number)
    return profiles.open_profile(of, {"code": f"profile-{n}", "names": {"en": f"Profile {n}"}, **fields}, actor=None)


def edition(of: Profile | Twg, *, stage: str = "template", label: str = "2009", **fields: Any) -> Edition:
    """An edition brought to a stage by the same steps that people take, each answered by a recorded decision."""
    owned = profile(of) if isinstance(of, Twg) else of
    made = profiles.open_edition(owned, {"label": label, "template": template(), **fields}, actor=None)
    return bring(made, stage)


STEPS = (
    ("drafting", "start_drafting"),
    ("comment", "submit_draft"),
    ("endorsement", "request_endorsement"),
    ("workshop", "endorse"),
    ("handover", "close_workshop"),
    ("published", "publish"),
)


def bring(made: Edition, stage: str) -> Edition:
    if stage == "withdrawn":
        perform(made, "withdraw", note="Given up.")
        return made
    for reached, step in STEPS[list(TRACK).index(made.stage) : list(TRACK).index(stage)]:
        prepare(made, step)
        perform(made, step, **ANSWERS.get(step, {}))
        assert made.stage == reached
    assert made.stage == stage
    return made


ANSWERS: dict[str, dict[str, Any]] = {
    "close_workshop": {"no_update_institution": "The ministry decides next month."},
    "publish": {"published_on": "2009-12"},
}


def prepare(made: Edition, step: str) -> None:
    """What a step needs besides the button."""
    if step == "start_drafting" and not made.twg.memberships.filter(role="consultant").exists():
        seat(made.twg, "consultant")
    if step == "publish" and made.profile.owner_id is None:
        owner = institution(country=str(made.twg.country or "GH"))
        profiles.change_profile(made.profile, {"owner": owner}, actor=None)
        made.refresh_from_db()


def perform(subject: Any, step: str, *, actor: Any = None, note: str = "", **answers: Any) -> Any:
    """Press a button, with a recorded decision at hand for every gate, and a reason for each of its parts."""
    flow: Flow = EditionFlow(subject) if isinstance(subject, Edition) else TermsFlow(subject)
    return engine.perform(flow, step, actor=actor, note=note, data=DECISION | REASONS | answers)
