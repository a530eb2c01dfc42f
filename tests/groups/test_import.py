"""The directory as a spreadsheet, both ways: what it writes it reads back, and no file is trusted."""

from __future__ import annotations

import csv
import io
import zipfile
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook

from tests import factories as f
from workflow.engine.errors import Conflict, NotPermitted
from workflow.engine.history import events_of
from workflow.groups import importing, services, spreadsheet
from workflow.groups.models import Institution, Person

pytestmark = pytest.mark.django_db
URL = "/institutions/import/"
HEAD = "code,name_en,name_fr,name_pt,acronym,category,country,website"


@pytest.fixture
def kofi() -> Person:
    """A secretariat, which keeps the directory."""
    return f.seat(f.twg("GH"), "secretariat", "Kofi")


@pytest.fixture
def client(kofi: Person) -> Client:
    client = Client()
    client.force_login(kofi)
    return client


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def xlsx_of(*rows: list[Any], head: str = HEAD) -> bytes:
    book = Workbook()
    for row in ([*head.split(",")], *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def planned(content: bytes, name: str = "directory.csv") -> importing.Plan:
    return importing.plan(spreadsheet.read(name, content))


def refused(content: bytes, name: str = "directory.csv") -> tuple[str, int]:
    with pytest.raises(spreadsheet.UnreadableFile) as refusal:
        spreadsheet.read(name, content)
    return refusal.value.reason, refusal.value.status


def send(client: Client, content: bytes, name: str = "directory.csv") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, content)})


def entered() -> set[str]:
    return set(Institution.objects.values_list("code", flat=True))


# -- both ways -------------------------------------------------------------------------------------------------


ODD = ["=1+1", "+44", "-minus", "@home", "'=quoted", "'plain", 'Côte d\'Ivoire; "quoted", and more', "a\u0301 b"]


@pytest.fixture
def directory() -> None:
    services.create_institution(
        {"code": "gha-interior", "names": {"en": "Interior", "fr": "Intérieur", "pt": "Administração"},
         "acronym": "MI", "category": "government", "country": "GH", "website": "https://mint.example/a?b=1&c=2"},
        actor=None,
    )  # fmt: skip
    f.institution("IOM", category="international_agency", country="")
    for odd in ODD:
        f.institution(odd, category="civil_society", country="CI")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_comes_back_unchanged(directory: None, form: str) -> None:
    content, _type = spreadsheet.WRITERS[form](Institution.objects.all())
    plan = planned(content, f"export.{form}")
    assert [(fate.code, fate.errors, fate.changes) for fate in plan.fates if fate.fate != "unchanged"] == []
    assert plan.unchanged == Institution.objects.count() == 10


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_exported_cell_is_run_as_a_formula(directory: None, form: str) -> None:
    content, _type = spreadsheet.WRITERS[form](Institution.objects.all())
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    else:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_the_excel_file_says_which_categories_and_countries_it_takes(directory: None) -> None:
    book = load_workbook(io.BytesIO(spreadsheet.as_xlsx(Institution.objects.all())[0]))
    assert book.sheetnames == ["institutions", "allowed values"]
    allowed = list(book["allowed values"].iter_rows(values_only=True))
    assert allowed[1][:2] == ("government", "Government")
    assert ("GH", "Ghana") in [row[2:4] for row in allowed]
    assert str(book["institutions"].data_validations.dataValidation[0].sqref) == "F2:F5001"


def test_a_name_with_a_character_that_excel_does_not_know_is_exported_without_it() -> None:
    f.institution("AB")
    Institution.objects.update(names={"en": "A\x0bB"})  # from a database of the days before such names were refused
    sheet = load_workbook(io.BytesIO(spreadsheet.as_xlsx(Institution.objects.all())[0])).worksheets[0]
    assert sheet["B2"].value == "AB"


# -- every row's fate ------------------------------------------------------------------------------------------


def test_every_row_has_a_fate(directory: None) -> None:
    plan = planned(csv_of(
        "gha-interior,Interior,Intérieur,Administração,MI,government,GH,https://mint.example/a?b=1&c=2",
        "gha-gis,Immigration Service,,,GIS,law_enforcement,GH,",
        "gha-nobody,,,,,government,GH,",
    ))  # fmt: skip
    assert [(fate.line, fate.code, fate.fate) for fate in plan.fates] == [
        (2, "gha-interior", "unchanged"), (3, "gha-gis", "new"), (4, "gha-nobody", "wrong"),
    ]  # fmt: skip
    assert (plan.new, plan.changed, plan.unchanged, plan.errors) == (1, 0, 1, 1)


def test_a_change_shows_before_and_after_of_each_column(directory: None) -> None:
    (fate,) = planned(csv_of("gha-interior,Interior,Intérieur,Administração,MININT,statistics,GH,")).fates
    assert fate.fate == "changed"
    assert ("acronym", "MI", "MININT") in fate.changes
    assert ("category", "government", "statistics") in fate.changes
    assert ("website", "https://mint.example/a?b=1&c=2", "") in fate.changes


def test_of_a_names_languages_only_those_that_change_are_shown(directory: None) -> None:
    (fate,) = planned(
        csv_of("gha-interior,Home Affairs,Intérieur,,MI,government,GH,https://mint.example/a?b=1&c=2")
    ).fates
    assert fate.changes == [("name_en", "Interior", "Home Affairs"), ("name_pt", "Administração", "")]


def test_a_column_that_the_file_lacks_keeps_what_is_there(directory: None) -> None:
    (fate,) = planned(csv_of("gha-interior,Home Affairs,government", head="code,name_en,category")).fates
    assert fate.fields == {
        "names": {"en": "Home Affairs", "fr": "Intérieur", "pt": "Administração"}, "category": "government",
    }  # fmt: skip


def test_a_code_is_found_whatever_its_capital_letters() -> None:
    services.create_institution({"code": "GHA-X", "names": {"en": "X"}, "category": "research"}, actor=None)
    (fate,) = planned(csv_of("gha-x,X,,,,research,,")).fates
    assert (fate.code, fate.fate) == ("GHA-X", "unchanged")


@pytest.mark.parametrize(("row", "column"), [
    (",A,,,,government,GH,", "code"),
    ("with space,A,,,,government,GH,", "code"),
    ("côte,A,,,,government,GH,", "code"),
    ("a,,,,,government,GH,", "name_en"),
    (f"a,{'x' * 301},,,,government,GH,", "name_en"),
    (f"a,,{'x' * 301},,,government,GH,", "name_fr"),
    (f"a,A,,,{'x' * 31},government,GH,", "acronym"),
    ("a,A,,,,,GH,", "category"),
    ("a,A,,,,ministries,GH,", "category"),
    ("a,A,,,,government,Atlantis,", "country"),
    ("a,A,,,,government,GH,javascript:alert(1)", "website"),
    ("a,A,,,,government,GH,not an address", "website"),
    ("a,A\x07,,,,government,GH,", "name_en"),
])  # fmt: skip
def test_what_is_wrong_in_a_row_is_said_with_its_column(row: str, column: str) -> None:
    (fate,) = planned(csv_of(row)).fates
    assert fate.fate == "wrong"
    assert [found for found, _message in fate.errors] == [column]


def test_a_wrong_code_is_told_in_plain_words() -> None:
    (fate,) = planned(csv_of("with space,A,,,,government,GH,")).fates
    assert "letters without accents" in str(fate.errors)
    assert "slug" not in str(fate.errors)


def test_all_that_is_wrong_is_told_at_once() -> None:
    plan = planned(csv_of("a,,,,,ministries,Atlantis,", "b,B,,,,government,GH,", "b,B,,,,government,GH,"))
    assert [(fate.line, column) for fate in plan.fates for column, _message in fate.errors] == [
        (2, "name_en"), (2, "category"), (2, "country"), (3, "code"), (4, "code"),
    ]  # fmt: skip


def test_empty_rows_are_passed_over_and_rows_keep_their_number() -> None:
    plan = planned(csv_of("", ",,,,,,,", "a,A,,,,government,GH,"))
    assert [fate.line for fate in plan.fates] == [4]


@pytest.mark.parametrize("country", ["GH", "gh", "GHA", "Ghana", " ghana ", "GHANA"])
def test_a_country_is_known_by_codes_and_name(country: str) -> None:
    assert planned(csv_of(f"a,A,,,,government,{country},")).fates[0].fields["country"] == "GH"


@pytest.mark.parametrize(("name", "code"), [
    ("Cape Verde", "CV"), ("Cap-Vert", "CV"), ("Cabo Verde", "CV"), ("Côte d’Ivoire", "CI"), ("Costa do Marfim", "CI"),
    ("Allemagne", "DE"), ("Alemanha", "DE"), ("Germany", "DE"), ("Sénégal", "SN"), ("senegal", "SN"),
    ("DR Congo", "CD"), ("International", ""), ("", ""),
])  # fmt: skip
def test_countries_are_known_by_their_names_in_three_languages(name: str, code: str) -> None:
    (fate,) = planned(csv_of(f"a,A,,,,government,{name},")).fates
    assert (fate.fields.get("country"), fate.errors) == (code, [])


def test_a_category_is_known_by_its_value_and_its_words() -> None:
    for text in ("law_enforcement", "Law enforcement and border", "LAW ENFORCEMENT AND BORDER"):
        assert planned(csv_of(f"a,A,,,,{text},GH,")).fates[0].fields["category"] == "law_enforcement"


# -- headings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [
    "code;nom;sigle;catégorie;pays;site web", "Código;Nome;Sigla;Categoria;País;Site",
    "CODE;Name;Acronym;Category;Country;Website", "code;Nom (anglais);acronyme;Catégorie;Pays;site",
])  # fmt: skip
def test_headings_are_understood_in_three_languages_and_with_semicolons(head: str) -> None:
    (fate,) = planned(csv_of("a;A, b;X;research;GH;", head=head)).fates
    assert fate.fate == "new"
    assert list(fate.fields["names"].values()) == ["A, b"]


def test_tabs_separate_too_and_so_does_excels_unicode_text() -> None:
    text = csv_of("a\tÀ\tresearch", head="code\tname\tcategory").decode()
    for content in (text.encode(), text.encode("utf-16")):
        assert planned(content, "directory.txt").fates[0].fields["names"] == {"en": "À"}


@pytest.mark.parametrize(("head", "said"), [
    ("code,name_en", "“category” is missing"),
    ("name_en,category", "“code” is missing"),
    ("code,category", "no column with a name"),
    ("code,name,English name,category", "“English name” stands there twice"),
    ("a,b,c", "“code” is missing; the column “category” is missing; there is no column with a name"),
])  # fmt: skip
def test_headings_that_are_missing_or_double_are_all_named(head: str, said: str) -> None:
    reason, status = refused(csv_of("x,y,z,w", head=head))
    assert said in reason
    assert status == 422


def test_a_column_that_is_not_read_is_named() -> None:
    plan = planned(csv_of("a,A,research,secret", head="code,name,category,Telephone"))
    assert plan.notices == ["These columns are not read: Telephone."]
    assert plan.new == 1


# -- hostile and broken files ----------------------------------------------------------------------------------


def test_a_file_from_an_old_excel_is_read_with_its_accents_and_a_warning() -> None:
    plan = planned(csv_of("a,Intérieur,,,,research,,").decode().encode("cp1252"))
    assert plan.fates[0].fields["names"] == {"en": "Intérieur"}
    assert "Windows-1252" in plan.notices[0]


@pytest.mark.parametrize(("name", "content", "status"), [
    ("a.csv", b"", 422), ("a.csv", b" \n\n ", 422), ("a.csv", HEAD.encode(), 422), ("a.csv", b"code,na\x00me", 422),
    ("a.pdf", b"%PDF-1.4", 422), ("a.xls", b"\xd0\xcf\x11\xe0", 422), ("a", b"x", 422),
    ("a.xlsx", b"not a zip", 422), ("a.xlsx", b"PK\x03\x04 broken", 422), ("a.csv", b"x" * (5 * 1024 * 1024 + 1), 413),
    ("a.csv", csv_of('"' + "x" * 200_000 + '",A'), 422),
    ("a.csv", csv_of(*["a" + "," * 40 + "x"]), 422), ("a.csv", b"\xff\xfe\x00", 422),
])  # fmt: skip
def test_a_file_that_is_no_spreadsheet_is_refused_with_a_reason(name: str, content: bytes, status: int) -> None:
    reason, found = refused(content, name)
    assert found == status
    assert reason.endswith(".")


def test_an_excel_file_under_a_wrong_name_is_no_text() -> None:
    assert refused(xlsx_of(["a"]), "directory.csv")[0] == "This is not a text file."


def zip_of(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = zip_of(**{"xl/worksheets/sheet1.xml": b"0" * (26 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert refused(bomb, "a.xlsx") == ("This file unpacks to far too much.", 413)


def test_a_zip_that_lies_about_its_size_is_only_broken() -> None:
    content = bytearray(zip_of(**{"xl/workbook.xml": b"0" * 1_000_000}))
    for place in (content.find(b"PK\x03\x04") + 22, content.find(b"PK\x01\x02") + 24):
        content[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(content), "a.xlsx")[1] == 422


def test_entities_that_explode_are_not_expanded() -> None:
    good = io.BytesIO(xlsx_of(["a", "A", "", "", "", "research", "", ""]))
    parts = {}
    with zipfile.ZipFile(good) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><x>&l9;</x>'.encode()
    assert refused(zip_of(**parts | {"xl/worksheets/sheet1.xml": bomb}), "a.xlsx")[1] == 422


def test_a_formula_in_an_excel_file_is_never_computed() -> None:
    (fate,) = planned(xlsx_of(["a", "=1+1", "", "", "", "research", "", ""]), "a.xlsx").fates
    assert fate.errors == [("name_en", "Give a name in at least one language.")]


def test_numbers_dates_and_truths_in_cells_are_text() -> None:
    (fate,) = planned(xlsx_of(["a", 2009, True, None, 12.5, "research", "", ""]), "a.xlsx").fates
    assert fate.fields["names"] == {"en": "2009", "fr": "True"}
    assert fate.fields["acronym"] == "12.5"


def test_more_than_five_thousand_rows_are_refused() -> None:
    rows = [f"c{n},A,,,,research,," for n in range(5001)]
    assert refused(csv_of(*rows)) == ("This file has more than 5,000 rows.", 413)
    assert len(spreadsheet.read("a.csv", csv_of(*rows[:5000])).rows) == 5000


# -- all or nothing --------------------------------------------------------------------------------------------


def test_the_rows_are_written_each_with_its_event(directory: None, kofi: Person) -> None:
    plan = planned(csv_of("gha-interior,Home Affairs,,,,government,GH,", "gha-gis,GIS,,,,law_enforcement,GH,"))
    assert importing.apply(plan.to_do, actor=kofi) == 2
    changed, new = Institution.objects.get(code="gha-interior"), Institution.objects.get(code="gha-gis")
    assert changed.names == {"en": "Home Affairs"}
    assert [(e.name, e.actor) for e in events_of(changed)] == [("created", None), ("imported", kofi)]
    assert [(e.name, e.data) for e in events_of(new)] == [("created", {"imported": True})]


def test_a_plan_survives_being_packed() -> None:
    plan = planned(csv_of("a,A,,,,research,GH,", "b,,B,,,government,,"))
    assert [vars(x) for x in importing.unpacked(plan.packed())] == [vars(x) for x in plan.to_do]


def test_one_institution_changed_meanwhile_and_nothing_is_written(directory: None, kofi: Person) -> None:
    plan = planned(csv_of("new-one,N,,,,research,,", "gha-interior,Home Affairs,,,,government,GH,"))
    services.change_institution(Institution.objects.get(code="gha-interior"), {"acronym": "Z"}, actor=f.administrator())
    with pytest.raises(Conflict):
        importing.apply(plan.to_do, actor=kofi)
    assert "new-one" not in entered()
    assert Institution.objects.get(code="gha-interior").acronym == "Z"


def test_one_institution_entered_meanwhile_and_nothing_is_written(kofi: Person) -> None:
    plan = planned(csv_of("one,1,,,,research,,", "two,2,,,,research,,"))
    services.create_institution({"code": "two", "names": {"en": "Theirs"}, "category": "research"}, actor=None)
    with pytest.raises(Conflict, match="Somebody has entered two meanwhile"):
        importing.apply(plan.to_do, actor=kofi)
    assert entered() == {"two"}


def test_a_member_imports_nothing() -> None:
    member = f.seat(f.twg("GH"), "member")
    with pytest.raises(NotPermitted):
        importing.apply(planned(csv_of("one,1,,,,research,,")).to_do, actor=member)
    client = Client()
    client.force_login(member)
    assert client.get(URL).status_code == 403
    assert send(client, csv_of("one,1,,,,research,,")).status_code == 403
    assert Client().get(URL).status_code == 302


# -- the page --------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_its_button_writes_all(client: Client) -> None:
    answer = send(client, csv_of("one,1,,,,research,,", "two,2,,,,research,GH,"))
    assert answer.status_code == 200
    assert "Import 2 rows" in answer.content.decode()
    assert entered() == set()
    done = client.post(URL, {"digest": answer.context["plan"].digest}, follow=True)
    assert "2 institutions imported." in done.content.decode()
    assert entered() == {"one", "two"}


def test_a_file_with_a_mistake_names_row_and_column_and_offers_no_button(client: Client) -> None:
    answer = send(client, csv_of("one,1,,,,research,,", "two,2,,,,ministries,,"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Row 3, category</span>" in page
    assert "“ministries” is no category." in page
    assert 'name="digest"' not in page
    assert client.post(URL, {"digest": answer.context["plan"].digest}).status_code == 409
    assert entered() == set(), "the good row of a bad file is not written either"


def test_a_row_that_changes_another_countrys_institution_is_wrong_and_one_that_repeats_it_is_not(
    client: Client, directory: None, kofi: Person
) -> None:
    theirs = f.institution("Office", country="CI", category="research")
    repeated = csv_of(f"{theirs.code},Office,,,,research,CI,", "gha-interior,Home,,,,government,GH,")
    assert send(client, repeated).status_code == 200
    changed = csv_of(f"{theirs.code},Ours,,,,research,CI,", "gha-interior,Home,,,,government,GH,")
    answer = send(client, changed)
    assert answer.status_code == 422
    assert "To change it is for the secretariat of Côte d'Ivoire, IOM or an administrator." in unescape(answer.text)
    assert 'name="digest"' not in answer.text
    with pytest.raises(NotPermitted):
        importing.apply(planned(changed).to_do, actor=kofi)
    assert set(
        Institution.objects.filter(code__in=[theirs.code, "gha-interior"]).values_list("version", flat=True)
    ) == {1}


def test_a_file_that_changes_nothing_says_so(client: Client, directory: None) -> None:
    answer = send(client, spreadsheet.as_csv(Institution.objects.all())[0])
    assert "nothing to import" in answer.content.decode()
    assert 'name="digest"' not in answer.content.decode()


def test_a_stale_dry_run_is_a_conflict_and_writes_nothing(client: Client, directory: None) -> None:
    digest = send(client, csv_of("gha-interior,Home,,,,government,GH,")).context["plan"].digest
    services.change_institution(Institution.objects.get(code="gha-interior"), {"acronym": "Z"}, actor=None)
    answer = client.post(URL, {"digest": digest})
    assert answer.status_code == 409
    assert "Interior" in answer.content.decode()
    assert digest not in answer.content.decode()
    assert Institution.objects.get(code="gha-interior").names["en"] == "Interior"


def test_a_dry_run_is_applied_once_and_only_by_whoever_made_it(client: Client) -> None:
    digest = send(client, csv_of("one,1,,,,research,,")).context["plan"].digest
    other = Client()
    other.force_login(f.administrator())
    assert other.post(URL, {"digest": digest}).status_code == 409
    assert client.post(URL, {"digest": "forged"}).status_code == 409
    assert client.post(URL, {"digest": digest}).status_code == 302
    assert client.post(URL, {"digest": digest}).status_code == 409
    assert entered() == {"one"}


@pytest.mark.parametrize(("name", "content", "status"), [
    ("a.pdf", b"%PDF", 422), ("a.csv", b"x" * (6 * 1024 * 1024), 413), ("a.xlsx", b"PK broken", 422),
    ("a.csv", b"", 422),
])  # fmt: skip
def test_a_bad_file_is_refused_on_its_field(client: Client, name: str, content: bytes, status: int) -> None:
    answer = send(client, content, name)
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == ["file"]


def test_no_file_at_all_is_refused_on_its_field(client: Client) -> None:
    assert client.post(URL, {}).status_code == 422


def test_an_upload_that_nobody_could_want_does_not_reach_the_form(client: Client) -> None:
    assert send(client, b"x" * (13 * 1024 * 1024)).status_code == 413


def test_what_a_file_says_is_never_taken_for_markup(client: Client) -> None:
    page = send(client, csv_of("one,<script>alert(1)</script>,,,,<b>,,")).content.decode()
    assert "<script>alert(1)" not in page
    assert "“&lt;b&gt;” is no category." in page


def test_the_page_speaks_french_to_who_reads_french(client: Client, kofi: Person) -> None:
    Person.objects.filter(pk=kofi.pk).update(language="fr")
    with translation.override("fr"):
        assert send(client, csv_of("one,1,,,,research,Allemagne,")).context["plan"].new == 1
