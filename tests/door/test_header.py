"""Where the header is and which rows are data, on sheets as colleagues and programs lay them out."""

import datetime as dt
import os
import shutil
import subprocess

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill
from workbooks import (
    DAY,
    HOURS,
    LEDGER,
    VISIT,
    context,
    counts,
    line,
    read,
    said,
    sheet,
    table_of,
    visit,
    worked,
    write,
)

from bwk_analysis.door.header import find_layout, say_missing
from bwk_analysis.door.read import read_exports
from bwk_analysis.door.schema import load_schema
from bwk_analysis.door.sheet import Context, recognise

TABLES = load_schema().tables
CARD = ["Nr.", "Per.", "Datum", "Bkst.nr.", "Dagboek", "Debet", "Credit"]


def found(rows, name="Blad1", table="deelnames", **more):
    return find_layout(sheet(rows, name, **more), TABLES[table], TABLES[table].header_names())


def wrong_columns(rows, table="deelnames"):
    """The problems with the columns of a sheet that is read as a table."""
    read_as, here = TABLES[table], sheet(rows)
    say_missing(here, find_layout(here, read_as, read_as.header_names()), read_as)
    return here.problems


def test_the_header_is_found_below_title_rows_and_to_the_right():
    rows = [["Deelnames eerste kwartaal"], [], ["uitgedraaid op", DAY], [None, *VISIT], [None, *visit()]]
    where = found(rows)
    assert (where.header, where.columns["datum"], where.columns["activiteit"], where.data) == (3, 1, 5, [4])


def test_headers_are_compared_without_case_accents_spaces_and_signs():
    rows = [["DATUM *", " buurt-werk kamer", "Deelnemer_nr.", "Catégorie\u00a0", "ACTIVITEIT"], visit()]
    assert set(found(rows).columns) == {"datum", "kamer", "deelnemer", "categorie", "activiteit"}


@pytest.mark.parametrize(
    ("name", "table"),
    [("Deelnames", "deelnames"), ("deelnames 2023", "deelnames"), ("Deelnames KW1", "deelnames"), ("Bezoeken Q3",
                                                                                                   "deelnames"),
     ("deelnames (2)", "deelnames"), ("Blad1", "deelnames"), ("Export", "deelnames")],
)  # fmt: skip
def test_the_name_of_a_sheet_or_else_its_columns_say_which_table_it_is(name, table):
    assert table_of([VISIT, visit()], name) == table


@pytest.mark.parametrize(
    "name", ["Deelnames KW1", "deelnames 2023", "Deelnames 1e kwartaal", "deelnames (2)", "Bezoeken Q3"]
)
def test_a_year_or_quarter_in_the_name_of_a_sheet_is_left_aside(name):
    assert table_of([["Datum", "Iets"], [DAY, 1]], name) == "deelnames"


def test_a_name_that_does_not_fit_gives_way_to_the_only_table_whose_columns_do():
    assert table_of([HOURS, worked()], "deelnames") == "vrijwilligersuren"


def test_a_sheet_that_nearly_is_a_table_is_an_error_with_what_is_missing():
    problem = table_of([["Datum", "Kamer", "Soort dienst", "Wie"], visit()])
    assert problem.severity == "error"
    assert "lijkt op de tabel" in problem.problem


def test_a_sheet_that_is_nothing_is_a_note_and_one_with_a_name_and_no_header_an_error():
    assert table_of([["Leeswijzer"], ["Hallo"]]).severity == "note"
    problem = table_of([["a", "b"], [1, 2]], "klussen")
    assert (problem.severity, problem.cell) == ("error", "A1")


def test_a_double_header_is_read_as_one():
    rows = [["Datum", "Kamer", "Deelnemer", None, "Dienst"], [None, None, "nummer", "naam", "categorie"]]
    rows.append([*visit()[:3], "x", "taal"])
    where = found(rows, merged=((1, 3, 1, 4), (1, 1, 2, 1), (1, 2, 2, 2)))
    assert where.header == 1
    assert where.columns == {"datum": 0, "kamer": 1, "deelnemer": 2, "categorie": 4}
    assert where.data == [2]
    rows[0][4] = "Waarvoor"
    where = found(rows)
    assert (where.header, where.columns["categorie"], where.columns["deelnemer"]) == (1, 4, 2)


def test_a_header_merged_over_debit_and_credit_names_both():
    rows = [["Datum", "Boekstuk", "Rekening", "Bedrag (Debet / Credit)", None], [DAY, "B1", "4000", 5, None]]
    where = found(rows, table="grootboek")
    assert (where.columns["debet"], where.columns["credit"]) == (3, 4)
    under = [["Datum", "Boekstuk", "Rekening", "Bedrag", None], [None, None, None, "Debet", "Credit"]]
    under.append([DAY, "B1", "4000", 5, None])
    where = found(under, table="grootboek", merged=((1, 4, 1, 5),))
    assert (where.header, where.columns["debet"], where.columns["credit"]) == (1, 3, 4)


def test_a_missing_column_is_named_with_the_cell_that_looks_like_it_and_not_with_its_text():
    rows = [["Datum", "Kaamer", "Deelnemer", "Categorie"], visit()[:4]]
    [problem] = wrong_columns(rows)
    assert (problem.severity, problem.column, problem.cell) == ("error", "kamer", "B1")
    assert "cel B1" in problem.advice
    assert "aamer" not in problem.advice.replace("kamer", "")
    assert "1 regels" in problem.problem


def test_a_misspelt_optional_column_is_a_warning_and_an_absent_one_is_nothing():
    rows = [["Datum", "Kamer", "Categorie", "Activiteitt"], [DAY, "NO", "taal", "les"]]
    [problem] = wrong_columns(rows)
    assert (problem.severity, problem.column, problem.cell) == ("warning", "activiteit", "D1")


def test_a_column_that_is_there_twice_is_a_problem_when_it_differs():
    rows = [["Datum", "Kamer", "Categorie", "Kamer"], [DAY, "NO", "taal", "ZU"]]
    [problem] = wrong_columns(rows)
    assert (problem.cell, problem.column) == ("D1", "kamer")
    assert wrong_columns([rows[0], [DAY, "NO", "taal", "NO"]]) == []


def test_a_columns_own_name_goes_before_an_alias_of_it():
    rows = [["Datum", "Locatie", "Kamer", "Categorie"], [DAY, "x", "NO", "taal"]]
    assert (found(rows).columns["kamer"], wrong_columns(rows)) == (2, [])


def test_blank_rows_and_repeated_headers_are_no_data():
    rows = [VISIT, visit(), [], ["  "], VISIT, visit()]
    assert found(rows).data == [1, 5]


@pytest.mark.parametrize(
    "row",
    [["Totaal", None, None, None, 5], ["Subtotaal NO", None, None, None, 5], ["NO Totaal", None, None, None, 5],
     ["Eindtotaal:", None, None, None, 5], [None, "totaal", None, None, 5], [None, None, "Totaal", "", 5],
     ["sub-totaal", "NO", None, None, 5], [None, "NO", "Totaal", None, 5]],
)  # fmt: skip
def test_total_lines_are_left_out(row):
    where = found([HOURS, worked(), row], table="vrijwilligersuren")
    assert (where.data, where.totals) == ([1], [2])


@pytest.mark.parametrize(
    "row",
    [worked(group="Totaal"), worked(person="Totaal"), [DAY, None, "Totaal", "tuin", 5], [DAY, "Totaal", None, "tuin",
                                                                                         5],
     ["Totaalvoetbal", None, None, None, 5], worked(day="Totaal"), [DAY, None, "001", "som", 5]],
)  # fmt: skip
def test_rows_that_only_look_like_totals_are_data(row):
    where = found([HOURS, worked(), row], table="vrijwilligersuren")
    assert where.data == [1, 2]


def test_totals_are_checked_against_the_rows_above_them_or_since_an_earlier_total(tmp_path):
    rows = [HOURS, worked(hours=2), worked(hours=3, person="002"), ["Subtotaal", *[None] * 3, 5], worked(hours=1),
            ["Subtotaal", *[None] * 3, "1,0"], ["Totaal", *[None] * 3, dt.timedelta(hours=6)]]  # fmt: skip
    exports = read(tmp_path, {"uren": rows})
    assert not said(exports, "warning")
    assert counts(exports) == [(3, 3, 0, 0, 0)]
    assert "3 totaalregels tellen niet mee: rij 4, 6-7" in said(exports, "note")[0]
    wrong = read(tmp_path, {"uren": [*rows[:-1], ["Totaal", *[None] * 3, 7]]})
    assert said(wrong, "warning") == ["E7 uren de totaalregel is niet de som van de regels erboven"]


@pytest.mark.parametrize(("whole", "fits"), [(6, True), (1, False), ("5", False)])
def test_a_total_right_below_a_subtotal_is_of_more_than_that_alone(whole, fits, tmp_path):
    rows = [HOURS, worked(hours=2), worked(hours=3, person="002"), ["Subtotaal", *[None] * 3, 5], worked(hours=1),
            ["Subtotaal", *[None] * 3, 1], ["Eindtotaal", *[None] * 3, whole]]  # fmt: skip
    assert [text[:2] for text in said(read(tmp_path, {"uren": rows}), "warning")] == ([] if fits else ["E7"])


def metadata(account, *more):
    lines = [["Administratie", "Stichting Voorbeeld"], ["Grootboekkaart"], ["Boekjaar", 2023], ["Periode", "1 t/m 12"],
             ["Uitgedraaid", DAY], [], ["Valuta", "EUR"], ["Dagboek", "alle"], ["Selectie", "geen"], ["Status",
                                                                                                      "definitief"],
             account, []]  # fmt: skip
    return [*lines, *more]


@pytest.mark.parametrize(
    "account",
    [["Grootboekrekening 3000 - Huur"], ["Grootboekrekening", "3000 - Huur"], ["Grootboekrekening: 3000 - Huur"],
     ["Rekening:", None, 3000], ["Rekening 3000"]],
)  # fmt: skip
def test_a_ledger_card_has_its_account_in_the_lines_above_the_header(account, tmp_path):
    rows = [*metadata(account), CARD, [None, None, None, "Beginsaldo", None, 10, None], [1, 4, DAY, "B1", "Inkoop",
                                                                                         5, None],
            [2, 4, DAY, "B2", "Inkoop", None, "1,25"], ["Totaal", *[None] * 4, 5, 1.25], ["Eindsaldo", *[None] * 4,
                                                                                          13.75]]  # fmt: skip
    exports = read(tmp_path, {"Grootboekkaart 3000": rows})
    assert counts(exports) == [(2, 2, 0, 0, 0)]
    assert said(exports, "error") == said(exports, "warning") == []
    ledger = exports.tables["grootboek"]
    assert ledger["rekening"].tolist() == ["3000", "3000"]
    assert ledger["bedrag"].tolist() == [5, -1.25]


@pytest.mark.parametrize(("total", "warnings"), [(5, 0), (15, 0), (25, 1)])
def test_a_total_of_a_card_may_include_its_opening_balance(total, warnings, tmp_path):
    rows = [["Rekening 3000"], CARD, [None, None, None, "Beginsaldo", None, 10, None], [1, 4, DAY, "B1", "Inkoop", 5,
                                                                                        None],
            ["Totaal", *[None] * 4, total, 0]]  # fmt: skip
    assert len(said(read(tmp_path, {"Grootboekkaart": rows}), "warning")) == warnings


def test_a_title_with_a_year_is_no_account(tmp_path):
    exports = read(tmp_path, {"Blad1": [["Grootboek 2023"], CARD, [1, 4, DAY, "B1", "Inkoop", 5, None]]})
    assert "grootboek" not in exports.tables


def test_several_ledger_cards_under_each_other_each_have_their_own_account(tmp_path):
    cards = []
    for account, amount in (("3000 - Huur", 5), ("4000 - Loon", 7), ("5000 - Rest", 9)):
        head = metadata(["Grootboekrekening", account])
        cards += [*head, CARD, [1, 4, DAY, "B1", "Inkoop", amount, None], ["Totaal", *[None] * 4, amount, 0], []]
    exports = read(tmp_path, {"Grootboekkaarten": cards})
    assert said(exports, "error") == said(exports, "warning") == []
    assert counts(exports) == [(3, 3, 0, 0, 0)]
    ledger = exports.tables["grootboek"]
    assert dict(zip(ledger["rekening"], ledger["bedrag"], strict=True)) == {"3000": 5, "4000": 7, "5000": 9}


def test_a_row_that_is_wrong_just_above_the_next_card_is_not_taken_for_its_heading(tmp_path):
    rows = [["Grootboekrekening", "3000 - Huur"], CARD, [1, 4, "ooit", "B1", "Inkoop", 5, None],
            ["Grootboekrekening", "4000"],
            CARD, [1, 4, DAY, "B1", "Inkoop", 7, None]]  # fmt: skip
    exports = read(tmp_path, {"Grootboekkaarten": rows})
    assert counts(exports) == [(2, 1, 1, 0, 0)]


def test_a_flat_ledger_and_a_signed_amount(tmp_path):
    flat = [LEDGER, line("4000 - Huur", 10), line(1000, None, "10,00"), line(1000, None, None)]
    signed = [["Datum", "Boekstuk", "Rekening", "Bedrag"], [DAY, "B9", "4000", "(1.250,00)"], [DAY, "B9", "1000", None],
              [DAY, "B9", "1000", "twaalf"]]  # fmt: skip
    exports = read(tmp_path, {"grootboek": flat}, {"grootboek": signed})
    assert counts(exports) == [(3, 2, 1, 0, 0), (3, 1, 2, 0, 0)]
    assert exports.tables["grootboek"]["bedrag"].tolist() == [10, -10, -1250]
    assert exports.tables["grootboek"]["debet"].isna().tolist() == [False, False, True]
    assert said(exports, "error") == [
        "F4 debet debet en credit zijn allebei leeg; de regel telt niet mee",
        "D3 bedrag verplicht en leeg; de regel telt niet mee",
        "D4 bedrag verwacht een getal, gevonden andere tekst; de regel telt niet mee",
    ]


# --- files as other programs write them -------------------------------------------------------------------------------


def test_hidden_sheets_and_filtered_rows_are_read_counted_and_said(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy"}) as workbook:
        for name in ("deelnames", "deelnames 2"):
            there = workbook.add_worksheet(name)
            for r, row in enumerate([VISIT, visit(), visit(person="002"), visit(person="003")]):
                there.write_row(r, 0, row)
        there.hide()
        for row in (0, 2, 3):
            there.set_row(row, options={"hidden": True})
    exports = read_exports([path], context())
    assert "het werkblad is verborgen; het is wel gelezen" in said(exports, "note")
    assert "2 regels zijn verborgen of weggefilterd; ze zijn wel gelezen" in said(exports, "note")
    assert [read for read, *_ in counts(exports)] == [3, 3]


def test_styled_empty_rows_and_columns_are_nothing(tmp_path):
    workbook = openpyxl.Workbook()
    there = workbook.active
    there.title = "deelnames"
    for row in [VISIT, visit(), visit(person="002")]:
        there.append(row)
    for row in range(4, 300):
        for column in range(1, 12):
            there.cell(row, column).fill = PatternFill("solid", fgColor="FFFF00")
    workbook.save(tmp_path / "a.xlsx")
    assert counts(read_exports([tmp_path / "a.xlsx"], context())) == [(2, 2, 0, 0, 0)]


def test_a_blank_key_in_a_grouped_sheet_is_a_problem_and_is_not_filled_down(tmp_path):
    workbook = openpyxl.Workbook()
    there = workbook.active
    there.title = "deelnames"
    for row in [VISIT, visit(), visit(room=None), visit(room=None, person=None)]:
        there.append(row)
    there.merge_cells("B2:B4")
    there.merge_cells("C3:C4")
    workbook.save(tmp_path / "a.xlsx")
    exports = read_exports([tmp_path / "a.xlsx"], context())
    assert counts(exports) == [(3, 1, 2, 0, 0)]
    merged = "leeg, want de cel is samengevoegd met de cel erboven of ernaast"
    assert said(exports) == [f"B3 kamer {merged}; de regel telt niet mee", f"B4 kamer {merged}; de regel telt niet mee",
                             f"C4 deelnemer {merged}; de cel is leeg gelaten"]  # fmt: skip
    ungrouped = read(tmp_path, {"deelnames": [VISIT, visit(), visit(room=None)]})
    assert "B3 kamer verplicht en leeg; de regel telt niet mee" in said(ungrouped)


def test_the_headers_of_every_table_are_recognised_by_columns_alone_or_by_name():
    for name, table in TABLES.items():
        header = [[column for column in table.columns if column not in table.instead_of], ["x"] * len(table.columns)]
        assert table_of(header, name) == name


def test_a_context_without_questions_still_knows_a_long_survey():
    rows = [["Datum", "Kamer", "Respondent", "Vraag", "Antwoord"], [DAY, "NO", "1", "trots", 5]]
    bare: Context = context(questions=())
    assert recognise(sheet(rows), bare)[0].name == "enquete"


def test_a_workbook_written_and_read_has_its_header_where_it_was(tmp_path):
    path = write(tmp_path / "a.xlsx", {"Blad1": [[], ["titel"], VISIT, visit()]})
    assert counts(read_exports([path], context())) == [(1, 1, 0, 0, 0)]


def test_a_workbook_of_openpyxl_saved_again_by_libreoffice_is_read_the_same(tmp_path):
    program = shutil.which("soffice")
    if program is None:
        reason = "LibreOffice (soffice) is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    workbook = openpyxl.Workbook()
    visits, ledger = workbook.active, workbook.create_sheet("Grootboekkaart")
    visits.title = "Blad1"
    for row in [
        ["Deelnames (voorbeeld)"],
        [],
        VISIT,
        visit(),
        visit(room=None),
        visit(day="04-04-2023", person="NA"),
        visit(room="?"),
    ]:
        visits.append(row)
    visits.merge_cells("A1:E1")
    visits.merge_cells("B4:B5")
    visits.row_dimensions[6].hidden = True
    for row in [*metadata(["Grootboekrekening", "3000 - Huur"]), CARD, [1, 4, DAY, "B1", "Inkoop", "1.234,50", None],
                ["Totaal", *[None] * 4, 1234.5, 0], ["Eindsaldo", *[None] * 4, 1234.5]]:  # fmt: skip
        ledger.append(row)
    first, again = tmp_path / "a.xlsx", tmp_path / "opnieuw" / "a.xlsx"
    workbook.save(first)
    command = [
        program,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", str(again.parent), str(first)], check=True, capture_output=True, timeout=120)
    one, other = (read_exports([path], context()) for path in (first, again))
    assert said(one) == said(other)
    assert counts(one) == counts(other) == [(4, 2, 2, 0, 0), (1, 1, 0, 0, 0)]
    assert one.tables["grootboek"].astype(str).equals(other.tables["grootboek"].astype(str))
    assert one.tables["deelnames"].astype(str).equals(other.tables["deelnames"].astype(str))
