"""Cells as offices and programs really write them: days, numbers, persons and words that are read, or refused and said.

None of them may be another day, number or person in silence.
"""

import datetime as dt

import pytest
import xlsxwriter
from workbooks import DAY, HOURS, LEDGER, VISIT, context, counts, line, read, said, sheet, visit, worked

from bwk_analysis.door import values
from bwk_analysis.door.header import find_layout
from bwk_analysis.door.read import read_exports
from bwk_analysis.door.schema import load_schema
from bwk_analysis.door.spelling import header_key
from bwk_analysis.door.values import Bad

APRIL_6 = dt.date(2023, 4, 6)  # swapped: 4 June was meant


def days(*cells):
    return [found.problem if isinstance(found, Bad) else str(found)[:10] for found in values.days(list(cells))]


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["06/17/2023", "6/17/2023 2:05:10 PM", "06/17/23"])
def test_a_column_with_a_day_that_can_only_be_month_first_is_refused_with_its_other_texts(text):
    assert all("maand voorop" in found for found in days(text, "06/04/2023"))


def test_days_that_a_spreadsheet_swapped_beside_such_a_text_are_refused_too():
    assert "verwisseld" in days(APRIL_6, "06/17/2023")[0]
    assert days(APRIL_6, dt.date(2023, 6, 17), "06/17/2023")[0] == "2023-04-06"  # some are after the 12th: real dates


def test_half_of_a_day_says_nothing_where_a_text_can_only_be_day_first():
    assert "AM en PM" in days("6/4/2023 9:15 AM")[0]
    assert days("6/4/2023 9:15 AM", "17/4/2023 2:05 p.m.") == ["2023-04-06", "2023-04-17"]


def test_one_slip_among_days_that_are_day_first_refuses_no_other():
    *others, slip = days("17-4-2023", "3-4-2023", "18-4-2023", "4-17-2023")
    assert others == ["2023-04-17", "2023-04-03", "2023-04-18"]
    assert "dag die niet bestaat" in slip


def test_a_column_that_is_month_first_is_said_once_with_its_rows(tmp_path):
    rows = [VISIT, *(visit(day) for day in ("06/17/2023", "06/04/2023", "06/05/2023"))]
    found = read(tmp_path, {"deelnames": rows})
    [error] = said(found, "error")
    assert error.startswith("A2 datum")
    assert "(rij 2-4)" in error
    assert counts(found) == [(3, 0, 3, 0, 0)]


def test_a_day_with_the_year_first_and_a_zone_is_a_day():
    assert days("2023/04/06 2:05:10 PM GMT+2", "2023/04/07 9:05:10 a.m. EET") == ["2023-04-06", "2023-04-07"]


@pytest.mark.parametrize("end", [dt.date(1900, 1, 1), "01-01-1900", "31-12-9999", "1753-01-01", dt.time()])
def test_a_day_that_stands_for_none_is_no_end_and_said_once(end, tmp_path):
    header = ["Deelnemer", "Kamer", "Ingeschreven", "Uitgeschreven"]
    found = read(tmp_path, {"deelnemers": [header, ["001", "NO", DAY, end], ["002", "ZU", DAY, end]]})
    assert found.tables["deelnemers"]["uitgeschreven"].isna().all()
    assert len(said(found, "warning")) == 1
    assert "rij 2-3" in said(found, "warning")[0]


# --- numbers and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["12 345,5", "12\u00a0345,50", "12\u202f345,5", "€ 12 345,50"])
def test_a_space_may_stand_between_thousands(text):
    assert values.number(text) == 12345.5


def test_where_a_number_is_english_none_with_a_comma_is_read(tmp_path):
    rows = [LEDGER, line(debit="1,250.00"), line(credit="1,250"), line(credit=7)]
    found = read(tmp_path, {"grootboek": rows})
    assert [text[:9] for text in said(found, "error")] == ["F2 debet ", "G3 credit"]
    assert found.tables["grootboek"]["credit"].tolist() == [7.0]
    found = read(tmp_path, {"grootboek": [LEDGER, line(credit="1,250")]})
    assert found.tables["grootboek"]["credit"].tolist() == [1.25]


def test_a_filled_column_without_a_header_is_named(tmp_path):
    rows = [[*HOURS, None, "Status"], [*worked(), "x", "afgekeurd"]]
    assert said(read(tmp_path, {"uren": rows}), "note") == ["F1 2 kolommen zijn niet gelezen: F1, G1 (Status)"]


def test_one_choice_of_a_form_is_that_word_and_two_are_said():
    parse = values.listed({"taal": "taal", "werk": "werk"})
    assert (parse("taal;"), values.yes_no("ja;")) == ("taal", "ja")
    assert "meer dan één woord" in parse("taal;werk;").problem
    for text in ("werk, taal", "taal en werk", '["taal","werk"]'):
        assert "meer dan één woord" in parse(text).problem


# --- persons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0417.0", "0417"), ("417,00", "417"), ("'0417", "0417"), ("\u200f0417\u200b", "0417"), ("0417 - B. Proef", "0417"),
     ("0417 (B. Proef)", "0417"), ("ZK 0417", "ZK 0417"), ("#0417", "0417"), ("nr. 0417", "0417"), ("0417.", "0417"), ("12.000", "12.000"), ("2023/0417", "2023/0417")],
)  # fmt: skip
def test_a_number_of_a_person_is_that_number_whatever_stands_around_it(cell, number):
    assert values.person(cell) == number


@pytest.mark.parametrize(
    "cell", ["0417, 0418", "0417 / 0418", "0417;0418", "04 17", "0417/0418", "0417-0418", "B. Proef (0417)", "0417 B"]
)
def test_more_than_one_number_or_words_before_it_are_nobody(cell):
    assert isinstance(values.person(cell), Bad)


def test_numbers_that_differ_in_zeros_or_signs_alone_are_named(tmp_path):
    rows = [VISIT, *(visit(person=number) for number in ("0417", 417, "a-12", "A12", "55"))]
    [warning] = said(read(tmp_path, {"deelnames": rows}), "warning")
    assert warning.startswith("A2 deelnemer")
    assert "rij 2-5" in warning


def test_numbers_are_held_against_those_of_other_files_and_tables(tmp_path):
    first, other = (
        [VISIT, visit(person="0417"), visit(person="0418")],
        [HOURS, worked(person=417), worked(person="0418")],
    )
    found = read(tmp_path, {"deelnames": first}, {"uren": other})
    warnings = [(p.file, p.cell, p.column) for p in found.problems if p.severity == "warning"]
    assert warnings == [("a.xlsx", "A2", "deelnemer"), ("b.xlsx", "A2", "vrijwilliger")]


def test_a_number_shown_with_leading_zeros_is_the_text_that_it_shows(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page, zeros = book.add_worksheet("deelnames"), book.add_format({"num_format": "0000000"})
        page.write_row(0, 0, VISIT)
        for row, number in enumerate((417, "0000417"), 1):
            page.write_datetime(row, 0, dt.datetime(2023, 4, row), book.add_format({"num_format": "d-m-yyyy"}))
            page.write_row(row, 1, ["NO", number, "taal", "les"])
        page.write_number(1, 2, 417, zeros)
    found = read_exports([tmp_path / "a.xlsx"], context())
    assert found.tables["deelnames"]["deelnemer"].nunique() == 1
    assert said(found) == []


# --- headers and what stands below them -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["Kamer ↑", "▼ Kamer", "Kamer ↓ 2", "\ufeffKamer", "Ka\u00admer", "Kamer\u200b:", "Kamer \U0001f53c"]
)
def test_a_header_is_known_whatever_mark_stands_beside_it(header):
    assert header_key(header) == "kamer"


def test_a_header_over_two_columns_means_the_filled_one_and_more_are_said():
    table = load_schema().tables["deelnames"]
    header = ["Datum", "Kamer", "Deelnemer", None, "Categorie"]

    def columns(rows, merged):
        here = sheet([header, *rows], merged=merged)
        return find_layout(here, table, table.header_names()).columns["deelnemer"], [p.cell for p in here.problems]

    over = ((1, 3, 1, 4),)
    assert columns([[DAY, "NO", None, "001", "taal"]], over) == (3, [])
    assert columns([[DAY, "NO", "001", "x", "taal"]], over) == (2, ["C1"])
    assert columns([[DAY, "NO", None, "001", "taal"]], ()) == (2, ["C1"])


@pytest.mark.parametrize("off", [False, "FALSE", "nee"])
def test_rows_with_nothing_but_a_tick_that_is_off_are_no_rows(off, tmp_path):
    header = ["Datum", "Kamer", "Klus", "Afgerond"]
    rows = [header, [DAY, "NO", "K1", True], *[[None, None, None, off]] * 30]
    found = read(tmp_path, {"klussen": rows})
    assert counts(found) == [(1, 1, 0, 0, 0)]
    [note] = said(found)
    assert "rij 3-32" in note


@pytest.mark.parametrize(
    ("text", "severity"),
    [("Applied filters:\nJaar is 2023", "note"), ("Vertrouwelijk", "note"), ("Some data may have been omitted.", "error"),
     ("Mogelijk zijn gegevens weggelaten.", "error")],
)  # fmt: skip
def test_a_text_below_the_table_is_no_row_and_an_export_that_is_not_whole_an_error(text, severity, tmp_path):
    found = read(tmp_path, {"uren": [HOURS, worked(), [], [text]]})
    assert counts(found) == [(1, 1, 0, 0, 0)]
    assert [(p.severity, p.cell) for p in found.problems] == [(severity, "A4")]


def test_a_row_that_someone_began_to_type_is_refused_and_not_taken_for_a_text_below_the_table(tmp_path):
    assert counts(read(tmp_path, {"uren": [HOURS, worked(), ["3-4-2023"]]})) == [(2, 1, 1, 0, 0)]
