"""The register as a spreadsheet, both ways: every row's fate first, then all rows or none (S29)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories as f
from tests.groups.reading import browser
from tests.groups.test_import import csv_of, xlsx_of
from workflow.engine import history
from workflow.engine.errors import Conflict, NotPermitted
from workflow.frameworks import importing, services, spreadsheets
from workflow.frameworks.models import Framework, PolicyActor
from workflow.groups import sheets
from workflow.groups.fates import Fate, Plan, unpacked
from workflow.groups.models import Institution, Person, Twg
from workflow.groups.sheet_files import UnreadableFile

from .making import actor, framework, press

pytestmark = pytest.mark.django_db
LAWS = "code,kind,title_en,title_fr,reference,adopted,in_force,ended,link,summary_en,responsible,confidence,source"
ROLES = "institution,role_en,role_fr,since,ended,confidence,source"


@pytest.fixture
def ghana() -> Twg:
    return f.twg("GH")


@pytest.fixture
def consultant(ghana: Twg) -> Person:
    return f.seat(ghana, "consultant")


@pytest.fixture
def service() -> Institution:
    return f.institution("Immigration Service", code="gh-gis")


def laws(ghana: Twg, *rows: str, head: str = LAWS) -> Plan:
    sheet = sheets.read("register.csv", csv_of(*rows, head=head), spreadsheets.FRAMEWORKS)
    return importing.plan(importing.FRAMEWORKS, ghana, sheet)


def roles(ghana: Twg, *rows: str, head: str = ROLES) -> Plan:
    sheet = sheets.read("register.csv", csv_of(*rows, head=head), spreadsheets.ACTORS)
    return importing.plan(importing.ACTORS, ghana, sheet)


def errors(plan: Plan) -> list[tuple[int, str]]:
    return [(fate.line, column) for fate in plan.fates for column, _message in fate.errors]


# -- both ways -----------------------------------------------------------------------------------------------


ODD = ["=1+1", "+44", "-minus", "@home", "'=quoted", 'Côte d\'Ivoire; "quoted", and more']


@pytest.fixture
def register(ghana: Twg, service: Institution) -> None:
    framework(
        ghana, names={"en": "Act", "fr": "Loi", "pt": "Lei"}, summaries={"en": "Entry and stay."}, adopted="2000",
        url="https://law.example/573?a=1&b=2", responsible=[service, f.institution(code="gh-mint")],
        confidence="probable", source="Gazette",
    )  # fmt: skip
    press(framework(ghana, names={"en": "Old act"}), "end", note="Repealed.", ended_on="2009-04/2009-05")
    press(framework(ghana, names={"en": "Ended, nobody knows when"}), "end", note="Repealed.")
    for odd in ODD:
        framework(ghana, names={"en": odd}, source=odd)
        actor(ghana, roles={"en": odd})
    press(actor(ghana, service, since="2001"), "end", note="Merged.", ended_on="2009")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["frameworks", "actors"])
def test_what_is_exported_comes_back_unchanged(
    ghana: Twg, consultant: Person, register: None, name: str, form: str
) -> None:
    content = browser(consultant).get(reverse(f"{name}-export", args=[ghana.code, form])).content
    answer = send(consultant, ghana, content, name, f"export.{form}")
    plan = answer.context["plan"]
    assert [(fate.code, fate.errors, fate.changes) for fate in plan.fates if fate.fate != "unchanged"] == []
    assert plan.unchanged == {"frameworks": 9, "actors": 7}[name]
    assert plan.notices == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_exported_cell_is_run_as_a_formula(ghana: Twg, consultant: Person, register: None, form: str) -> None:
    for name in ("frameworks", "actors"):
        content = browser(consultant).get(reverse(f"{name}-export", args=[ghana.code, form])).content
        if form == "csv":
            cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        else:
            book = load_workbook(io.BytesIO(content))
            cells = [str(cell.value or "") for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_the_excel_file_offers_kinds_and_says_which_institutions_there_are(
    ghana: Twg, consultant: Person, service: Institution
) -> None:
    framework(ghana)
    content = browser(consultant).get(reverse("frameworks-export", args=[ghana.code, "xlsx"])).content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["frameworks", "allowed values"]
    areas = {str(rule.sqref) for rule in book["frameworks"].data_validations.dataValidation}
    assert areas == {"B2:B5001", "O2:O5001"}
    assert ("gh-gis", "Immigration Service") in [row[4:6] for row in book["allowed values"].iter_rows(values_only=True)]


def test_the_export_is_filtered_as_its_page_is_and_leaves_the_regions_entries_to_the_region(
    ghana: Twg, consultant: Person
) -> None:
    framework(f.regional_twg(countries="GH"), names={"en": "Common Approach"})
    framework(ghana)
    framework(ghana, names={"en": "Plan"}, kind="policy")
    press(framework(ghana, names={"en": "Mistake"}), "withdraw", note="Wrong.")
    text = browser(consultant).get(reverse("frameworks-export", args=[ghana.code, "csv"])).content.decode()
    assert [title in text for title in ("Immigration Act", "Plan", "Common Approach", "Mistake")] == [
        True, True, False, False,
    ]  # fmt: skip
    only = browser(consultant).get(reverse("frameworks-export", args=[ghana.code, "csv"]), {"kind": "policy"})
    assert "Immigration Act" not in only.content.decode()


# -- every row's fate ----------------------------------------------------------------------------------------


def test_every_row_has_a_fate(ghana: Twg, service: Institution) -> None:
    framework(ghana, key="act")
    plan = laws(ghana,
        "act,law,Immigration Act,Loi sur l'immigration,Act 574,,2000-02,,,,gh-gis,stated,",
        "plan,Politique ou stratégie,Plan,,,2009,,,,,,,",
        "Labour,bilateral,Labour agreement,,,2009-06-15,,,,,GH-GIS;,probable,",
        "wrong,rumour,,,,soon,,,,,nobody,sure,",
        head=LAWS)  # fmt: skip
    assert [(fate.line, fate.code, fate.fate) for fate in plan.fates] == [
        (2, "act", "changed"), (3, "plan", "new"), (4, "labour", "new"), (5, "wrong", "wrong"),
    ]  # fmt: skip
    assert plan.fates[0].changes == [
        ("reference", "Act 573", "Act 574"), ("responsible", "", "gh-gis"),
    ]  # fmt: skip
    assert plan.fates[2].fields["responsible"] == ["gh-gis"]
    assert {column for line, column in errors(plan) if line == 5} == {"kind", "title_en", "responsible", "confidence"}


@pytest.mark.parametrize(("row", "column"), [
    (",law,Act", "code"), ("with space,law,Act", "code"), ("a,,Act", "kind"), ("a,rumour,Act", "kind"),
    ("a,law,", "title_en"), (f"a,law,{'x' * 301}", "title_en"), (f"a,law,,{'x' * 301}", "title_fr"),
    (f"a,law,Act,,{'x' * 121}", "reference"), ("a,law,Act,,,soon", "adopted"), ("a,law,Act,,,,2000,1999", "ended"),
    ("a,law,Act,,,,,,javascript:alert(1)", "link"), (f"a,law,Act,,,,,,,{'x' * 4001}", "summary_en"),
    ("a,law,Act,,,,,,,,nobody", "responsible"), ("a,law,Act,,,,,,,,,sure", "confidence"),
    ("a,law,A\x07ct", "title_en"), (f"{'a' * 61},law,Act", "code"),
])  # fmt: skip
def test_what_is_wrong_in_a_row_is_said_with_its_column(ghana: Twg, row: str, column: str) -> None:
    plan = laws(ghana, row)
    assert [found for _line, found in errors(plan)] == [column]
    assert plan.fates[0].fate == "wrong"


@pytest.mark.parametrize(("row", "column"), [
    (",Does", "institution"), ("nobody,Does", "institution"), ("gh-gis,", "role_en"), ("gh-gis,Does,,soon", "since"),
    ("gh-gis,Does,,2001,2000", "ended"), (f"gh-gis,{'x' * 4001}", "role_en"),
])  # fmt: skip
def test_what_is_wrong_with_an_actor_is_said_with_its_column(
    ghana: Twg, service: Institution, row: str, column: str
) -> None:
    assert [found for _line, found in errors(roles(ghana, row))] == [column]


def test_a_code_twice_is_wrong_twice(ghana: Twg, service: Institution) -> None:
    assert errors(laws(ghana, "a,law,A", "A,law,B")) == [(2, "code"), (3, "code")]
    assert errors(roles(ghana, "gh-gis,A", "GH-GIS,B")) == [(2, "institution"), (3, "institution")]


def test_a_column_that_the_file_lacks_keeps_what_is_there(ghana: Twg, service: Institution) -> None:
    framework(ghana, key="act", responsible=[service], confidence="probable")
    (fate,) = laws(ghana, "act,law,Aliens Act", head="code,kind,title_en").fates
    assert fate.changes == [("title_en", "Immigration Act", "Aliens Act")]
    (same,) = laws(ghana, "act,Law,Immigration Act,", head="code,kind,title_en,confidence").fates
    assert (same.fate, same.changes) == ("unchanged", [])


def test_an_end_before_the_beginning_is_found_although_the_file_lacks_the_beginning(ghana: Twg) -> None:
    framework(ghana, key="act", in_force="2000")
    assert errors(laws(ghana, "act,law,Immigration Act,1999", head="code,kind,title_en,ended")) == [(2, "ended")]


def test_a_withdrawn_entry_is_no_row(ghana: Twg, service: Institution) -> None:
    press(framework(ghana, key="act"), "withdraw", note="Wrong.")
    press(actor(ghana, service), "withdraw", note="Wrong.")
    assert errors(laws(ghana, "act,law,Act")) == [(2, "code")]
    assert errors(roles(ghana, "gh-gis,Does")) == [(2, "institution")]


def test_headings_are_understood_in_french_and_portuguese(ghana: Twg, service: Institution) -> None:
    for head in ("code;nature;titre;référence;en vigueur depuis;institutions responsables",
                 "Código;Tipo;Título;Referência;Em vigor desde;Instituições responsáveis"):  # fmt: skip
        (fate,) = laws(ghana, "a;law;Titre;R1;2009;gh-gis", head=head).fates
        assert (fate.fate, fate.fields["reference"], fate.fields["in_force"]) == ("new", "R1", "2009")
    with pytest.raises(UnreadableFile, match="no column with a title"):
        laws(ghana, "a,law", head="code,kind")


# -- all or nothing ------------------------------------------------------------------------------------------


def apply(ghana: Twg, plan: Plan, person: Any, register: importing.Register = importing.FRAMEWORKS) -> int:
    fates: list[Fate] = unpacked(plan.packed())
    return importing.apply(register, ghana, fates, actor=person)


def test_the_rows_are_written_each_with_its_event(ghana: Twg, consultant: Person, service: Institution) -> None:
    act = framework(ghana, key="act")
    plan = laws(ghana, "act,law,Immigration Act,,Act 574,,,,,,gh-gis", "plan,policy,Plan,,,,2006,2009,,,")
    assert apply(ghana, plan, consultant) == 2
    act.refresh_from_db()
    assert (act.names, act.reference, list(act.responsible.all())) == ({"en": "Immigration Act"}, "Act 574", [service])
    plan_ = Framework.objects.get(key="plan")
    assert (plan_.state, plan_.ended) == ("ended", "2009")
    assert [(e.name, e.actor) for e in history.events_of(act)] == [("created", None), ("imported", consultant)]
    assert [e.name for e in history.events_of(plan_)] == ["imported", "end"]
    assert history.verify().broken is None


def test_a_row_with_an_end_ends_what_has_not_ended_and_sets_right_what_has(
    ghana: Twg, consultant: Person, service: Institution
) -> None:
    bureau = actor(ghana, service, since="2001")
    assert apply(ghana, roles(ghana, "gh-gis,Issues residence permits,,2001,2008"), consultant, importing.ACTORS) == 1
    bureau.refresh_from_db()
    assert (bureau.state, bureau.ended) == ("ended", "2008")
    apply(ghana, roles(ghana, "gh-gis,Issues residence permits,,2001,2009"), consultant, importing.ACTORS)
    bureau.refresh_from_db()
    assert (bureau.state, bureau.ended) == ("ended", "2009")
    assert [e.name for e in history.events_of(bureau)] == ["created", "end", "imported"]


def test_what_changed_meanwhile_is_a_conflict_and_nothing_is_written(ghana: Twg, consultant: Person) -> None:
    act = framework(ghana, key="act")
    plan = laws(ghana, "new,law,New", "act,law,Aliens Act")
    services.change_framework(act, {"reference": "Z"}, actor=None)
    with pytest.raises(Conflict):
        apply(ghana, plan, consultant)
    assert list(Framework.objects.values_list("key", flat=True)) == ["act"]


def test_what_was_entered_meanwhile_is_a_conflict(ghana: Twg, consultant: Person, service: Institution) -> None:
    plan, actors = laws(ghana, "one,law,One", "two,law,Two"), roles(ghana, "gh-gis,Does")
    framework(ghana, key="two")
    actor(ghana, service)
    with pytest.raises(Conflict, match="Somebody has entered two meanwhile"):
        apply(ghana, plan, consultant)
    with pytest.raises(Conflict, match="gh-gis"):
        apply(ghana, actors, consultant, importing.ACTORS)
    assert (Framework.objects.count(), PolicyActor.objects.count()) == (1, 1)


def test_a_code_of_another_countrys_register_is_free_here(ghana: Twg, consultant: Person) -> None:
    framework(f.twg("ML"), key="act")
    plan = laws(ghana, "act,law,Act")
    assert (plan.new, plan.changed) == (1, 0)
    assert apply(ghana, plan, consultant) == 1


def test_a_member_imports_nothing(ghana: Twg) -> None:
    with pytest.raises(NotPermitted):
        apply(ghana, laws(ghana, "act,law,Act"), f.seat(ghana, "member"))


# -- the page ------------------------------------------------------------------------------------------------


def send(person: Person, ghana: Twg, content: bytes, name: str = "frameworks", file: str = "register.csv") -> Any:
    return browser(person).post(
        reverse(f"{name}-import", args=[ghana.code]), {"file": SimpleUploadedFile(file, content)}
    )


def test_a_dry_run_writes_nothing_and_its_button_writes_all(ghana: Twg, consultant: Person) -> None:
    client, url = browser(consultant), reverse("frameworks-import", args=[ghana.code])
    file = SimpleUploadedFile("r.xlsx", xlsx_of(["a", "law", "A"], ["b", "policy", "B"], head="code,kind,title_en"))
    answer = client.post(url, {"file": file})
    assert "Import 2 rows" in answer.content.decode()
    assert not Framework.objects.exists()
    done = client.post(url, {"digest": answer.context["plan"].digest}, follow=True)
    assert "2 frameworks imported." in done.content.decode()
    assert Framework.objects.count() == 2
    assert client.post(url, {"digest": answer.context["plan"].digest}).status_code == 409


def test_a_file_with_a_mistake_names_row_and_column_and_keeps_nothing(ghana: Twg, consultant: Person) -> None:
    answer = send(consultant, ghana, csv_of("a,law,A", "b,rumour,B", head="code,kind,title_en"))
    assert answer.status_code == 422
    assert "Row 3, kind</span>" in answer.content.decode()
    assert 'name="digest"' not in answer.content.decode()


def test_a_dry_run_of_one_country_is_not_applied_to_another(consultant: Person, ghana: Twg) -> None:
    mali = f.twg("ML")
    f.seat_of(consultant)
    from workflow.groups import services as groups

    groups.give_seat(mali, consultant, {"role": "consultant"}, actor=None)
    client = browser(consultant)
    file = SimpleUploadedFile("r.csv", csv_of("a,law,A", head="code,kind,title_en"))
    digest = client.post(reverse("frameworks-import", args=[ghana.code]), {"file": file}).context["plan"].digest
    assert client.post(reverse("frameworks-import", args=[mali.code]), {"digest": digest}).status_code == 409
    assert not Framework.objects.exists()


@pytest.mark.parametrize(("name", "content", "status"), [
    ("a.pdf", b"%PDF", 422), ("a.csv", b"x" * (6 * 1024 * 1024), 413), ("a.xlsx", b"PK broken", 422),
    ("a.csv", b"", 422),
])  # fmt: skip
def test_a_bad_file_is_refused_on_its_field(
    ghana: Twg, consultant: Person, name: str, content: bytes, status: int
) -> None:
    answer = send(consultant, ghana, content, file=name)
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == ["file"]
