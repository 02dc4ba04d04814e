"""The tables as data: aliases from the agreement, the description of the tables, and the templates."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from workbooks import ROOMS, context, counts, read, said, visit

from bwk_analysis.door.agreed import load_agreement
from bwk_analysis.door.forms import write_templates
from bwk_analysis.door.read import read_exports
from bwk_analysis.door.schema import Column, Schema, Table, load_schema, load_tables
from bwk_analysis.door.spelling import fold, header_key, room_spellings

DATA = Path(__file__).parents[2] / "data"
TABLES = load_schema().tables
KINDS = {
    "day": "day", "room": "room", "person": "registration number, kept as a pseudonym", "word": "word from a list",
    "name": "name of a group or organisation, counted", "text": "text", "key": "number or code", "yes_no": "ja or nee",
    "number": "number", "hours": "hours of one day", "account": "ledger account", "answer": "answer on a scale",
    "contra": "ledger account", "hashed": "text, not stored", "side": "D or C",
}  # fmt: skip


def describe(schema: Schema) -> str:
    """What each export table is, in Markdown: one row is what, its other sheet names, and its columns."""
    return "\n".join(line for table in schema.tables.values() for line in _describe_table(table))


def _describe_table(table: Table) -> list[str]:
    others = sorted(table.sheets - {header_key(table.name)})
    lines = [f"### {table.name}", "", f"One row is {table.row}."]
    if table.unique:
        lines.append(f"Rows with the same {', '.join(table.unique)} are one row.")
    if others:
        lines.append(f"Also recognised as: {', '.join(others)}.")
    lines += ["", "| column | required | holds | what it is | also called |", "|---|---|---|---|---|"]
    return [*lines, *(_describe_column(column, table) for column in table.columns.values()), ""]


def _describe_column(column: Column, table: Table) -> str:
    words = list(dict.fromkeys(table.words.get(column.name, {}).values()))
    holds = f"one of: {', '.join(words)}" if words else KINDS[column.kind]
    required = "" if not column.required else "column" if column.may_be_empty else "yes"
    called = ", ".join(column.aliases)
    return f"| {column.name} | {required} | {holds} | {column.description} | {called} |"


def test_the_readme_of_the_data_has_the_tables_as_they_are():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert describe(load_schema()) in text


@pytest.mark.parametrize("file", ["schema.toml", "agreement.toml"])
def test_every_column_says_what_to_fill_in_and_has_no_alias_of_another_column(file):
    for table in load_tables(file).values():
        keys = [header_key(alias) for column in table.columns.values() for alias in (column.name, *column.aliases)]
        assert len(keys) == len(set(keys)), table.name
        assert all(column.note.endswith((".", ";", "+", ")", "taal")) for column in table.columns.values()), table.name
        assert set(table.words) <= set(table.columns)


def test_every_export_column_is_described_and_has_a_known_kind():
    for table in TABLES.values():
        assert all(column.description and column.kind in KINDS for column in table.columns.values())


def test_no_two_tables_share_a_sheet_name():
    names = [name for table in TABLES.values() for name in table.sheets]
    assert len(names) == len(set(names))


def test_no_alias_is_a_personal_column():
    schema = load_schema()
    for table in schema.tables.values():
        contra = {
            key for key, name in table.header_names().items() if name == "tegenrekening"
        }  # of a bank, or of the ledger
        assert not set(table.header_names()) & schema.left_out - {"06"} - contra, table.name


def test_aliases_of_sheets_columns_and_words_are_read_as_what_they_stand_for(tmp_path):
    aliases = [
        ("deelnames", "", "", "Inloop"),
        ("deelnames", "categorie", "", "Wat"),
        ("deelnames", "categorie", "taal", "NT2"),
    ]
    schema = load_schema(tuple(aliases))
    exports = read(tmp_path, {"Inloop": [["Datum", "Kamer", "Deelnemer", "Wat"], visit(kind="nt2")[:4]]}, schema=schema)
    assert said(exports) == []
    assert exports.tables["deelnames"]["categorie"].tolist() == ["taal"]
    assert "inloop" in schema.tables["deelnames"].sheets
    assert "inloop" not in load_schema().tables["deelnames"].sheets


@pytest.mark.parametrize(
    "alias",
    [
        ("x", "", "", "a"),
        ("deelnames", "x", "", "a"),
        ("klussen", "klus", "x", "a"),
    ],
)
def test_aliases_of_what_does_not_exist_add_nothing(alias):
    assert load_schema((alias,)) == load_schema()


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def agreed():
    dataset = DATA / "raw" / "2021-voorbeeld"
    return load_agreement(sorted(dataset.glob("*.xlsx")))[0]


@pytest.fixture(scope="module")
def templates(tmp_path_factory, agreed):
    return write_templates(tmp_path_factory.mktemp("leeg"), agreed)


def checks_of(sheet):
    header = {cell.column_letter: cell.value for cell in sheet[1]}
    return {header[str(v.sqref).split(":")[0].rstrip("0123456789")]: v for v in sheet.data_validations.dataValidation}


def test_a_template_has_a_sheet_per_table_and_a_note_per_header(templates):
    registrations, agreement = (openpyxl.load_workbook(path) for path in templates)
    assert registrations.sheetnames == list(TABLES)
    assert agreement.sheetnames == list(load_tables("agreement.toml"))
    for sheet in [*registrations, *agreement]:
        for cell in sheet[1]:
            assert cell.comment.text.endswith(("Verplicht.", "Mag leeg blijven.")), (sheet.title, cell.value)
    assert "Verplicht." in registrations["deelnames"]["A1"].comment.text
    assert "Mag leeg" in registrations["deelnames"]["C1"].comment.text


def test_a_template_lets_in_what_is_listed(templates, agreed):
    workbook = openpyxl.load_workbook(templates[0])
    visits, jobs, hours = (checks_of(workbook[name]) for name in ("deelnames", "klussen", "vrijwilligersuren"))
    assert visits["kamer"].formula1 == f'"{",".join(agreed.room_codes)}"'
    assert visits["categorie"].formula1 == '"sociale ontmoeting,computer,taal,formulieren,schuldhulp,werk"'
    assert jobs["afgerond"].formula1 == '"ja,nee"'
    assert (visits["datum"].type, hours["uren"].type, hours["uren"].formula2) == ("date", "decimal", "24")
    assert workbook["deelnames"].column_dimensions["A"].width > 10
    assert checks_of(workbook["enquete"])["vraag"].type == "list"


def test_without_an_agreement_rooms_may_be_typed(tmp_path):
    visits = checks_of(openpyxl.load_workbook(write_templates(tmp_path, None)[0])["deelnames"])
    assert "kamer" not in visits
    assert "categorie" in visits


def test_an_empty_template_read_back_has_no_error_and_a_row_filled_in_is_accepted(templates, tmp_path, agreed):
    known = context(rooms=room_spellings(agreed.rooms), year=2021)
    assert read_exports(templates[:1], known).problems == []
    workbook = openpyxl.load_workbook(templates[0])
    given = {"day": dt.date(2021, 3, 4), "hours": 3.5, "number": 12.5, "yes_no": "ja", "person": "00012",
             "account": "4000",
             "answer": 4, "room": agreed.room_codes[0]}  # fmt: skip
    for table in TABLES.values():
        sheet = workbook[table.name]
        row = []
        for header in sheet[1]:
            column = table.columns[header.value]
            words = list(table.words.get(column.name, {}).values())
            row.append(words[0] if words else "trots" if column.name == "vraag" else given.get(column.kind, "iets"))
        sheet.append(row)
    workbook.save(tmp_path / "vol.xlsx")
    exports = read_exports([tmp_path / "vol.xlsx"], known)
    assert said(exports, "error") == said(exports, "warning") == []
    assert counts(exports) == [(1, 1, 0, 0, 0)] * len(TABLES)


def test_the_template_of_the_agreement_has_a_column_per_room_and_the_settings(templates, agreed):
    workbook = openpyxl.load_workbook(templates[1])
    assert [cell.value for cell in workbook["begroting"][1]] == [
        "post",
        "groep",
        "groepsnaam",
        "omschrijving",
        *agreed.room_codes,
        "Totaal",
    ]
    assert [row[0].value for row in workbook["instellingen"].iter_rows(min_row=2, max_row=3)] == ["jaar", "organisatie"]


def test_the_same_template_has_the_same_bytes(templates, tmp_path, agreed):
    assert [path.read_bytes() for path in write_templates(tmp_path, agreed)] == [
        path.read_bytes() for path in templates
    ]


def test_the_rooms_of_the_tests_are_folded():
    assert all(fold(name) == name for name in ROOMS)
