import datetime as dt
import zipfile

import openpyxl
import pytest
import xlsxwriter
from handmade import (
    DATE,
    LIMITS,
    ODD_CELLS,
    ODD_FOUND,
    STRICT_DOCUMENT,
    STRICT_MAIN,
    VALUE,
    by_hand,
    refused,
    row,
    rows_of,
    workbook_parts,
    write_zip,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk_analysis.door.workbook import read_sheets

# --- what is in the cells? --------------------------------------------------------------------------------------------


def test_cells_keep_their_own_place_when_the_table_starts_lower_and_further_right(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    book.add_worksheet().write("C5", "datum")
    book.close()
    assert rows_of(tmp_path / "x.xlsx") == [[None] * 3] * 4 + [[None, None, "datum"]]


TEXTS = [
    "00123",
    "NA",
    "None",
    "null",
    "1.234",
    "12,5%",
    " x ",
    "regel 1\nregel 2",
    "café \u202f\u00a0",
    "_x0041_",
    "#N/A",
]


@pytest.mark.parametrize("in_memory", [False, True])
def test_text_stays_text(in_memory, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx", {"constant_memory": in_memory})  # in memory: inline strings
    sheet = book.add_worksheet()
    for column, text in enumerate([*TEXTS, "=1+1"]):
        sheet.write_string(0, column, text)
    book.close()
    assert rows_of(tmp_path / "x.xlsx") == [[*TEXTS, "=1+1"]]


def test_numbers_are_floats_and_booleans_are_booleans(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    book.add_worksheet().write_row(0, 0, [3, -2.5, 0, 1e-7, True, False, -1e20])
    book.close()
    found = rows_of(tmp_path / "x.xlsx")[0]
    assert found == [3, -2.5, 0, 1e-7, True, False, -1e20]
    assert [type(value) for value in found[:5]] == [float, float, float, float, bool]


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_times_and_durations_are_what_the_file_says_in_both_date_systems(epoch, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx", {"date_1904": epoch})
    sheet = book.add_worksheet()
    day, long_day, hours = (
        book.add_format({"num_format": code}) for code in ("dd-mm-yyyy", "[$-413]d mmm yyyy", "[h]:mm")
    )
    clock, moment = book.add_format({"num_format": "hh:mm"}), book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
    sheet.write_datetime(0, 0, dt.date(2021, 4, 3), day)
    sheet.write_datetime(0, 1, dt.date(2021, 4, 3), long_day)
    sheet.write_datetime(0, 2, dt.datetime(2021, 4, 3, 9, 30), moment)
    sheet.write_number(0, 3, 3.5 / 24, clock)
    sheet.write_number(0, 4, 27.5 / 24, hours)
    sheet.write_number(0, 5, 44289)
    book.close()
    assert rows_of(tmp_path / "x.xlsx") == [
        [
            dt.date(2021, 4, 3),
            dt.date(2021, 4, 3),
            dt.datetime(2021, 4, 3, 9, 30),
            dt.time(3, 30),
            dt.timedelta(hours=27.5),
            44289.0,
        ]
    ]
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").active["A1"].value == dt.datetime(2021, 4, 3)


def test_chart_sheets_are_left_out(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    book.add_worksheet("cijfers").write(0, 0, 1)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=cijfers!$A$1"})
    book.add_chartsheet("grafiek").set_chart(chart)
    book.add_worksheet("meer").write(0, 0, 2)
    book.close()
    assert [(sheet.name, sheet.rows) for sheet in read_sheets(tmp_path / "x.xlsx", LIMITS)] == [
        ("cijfers", [[1.0]]),
        ("meer", [[2.0]]),
    ]


def test_a_workbook_with_macros_is_read_and_its_macros_are_never_opened(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsm")
    (tmp_path / "vba.bin").write_bytes(b"not a macro at all: whoever opens this fails")
    book.add_vba_project(tmp_path / "vba.bin")
    book.add_worksheet().write(0, 0, "datum")
    book.close()
    with zipfile.ZipFile(tmp_path / "x.xlsm") as archive:
        assert "xl/vbaProject.bin" in archive.namelist()
    assert rows_of(tmp_path / "x.xlsm") == [["datum"]]


# --- workbooks as programs rarely write them --------------------------------------------------------------------------


def test_strict_workbooks_are_read(tmp_path):
    path = by_hand(tmp_path, ODD_CELLS, main=STRICT_MAIN, document=STRICT_DOCUMENT)
    assert rows_of(path) == ODD_FOUND


def test_strict_workbooks_in_the_1904_date_system_are_read(tmp_path):
    rows = row(f'<c r="A1" s="{DATE}"><v>42827</v></c>')
    path = by_hand(tmp_path, rows, main=STRICT_MAIN, document=STRICT_DOCUMENT, setting='date1904="true"')
    assert rows_of(path) == [[dt.date(2021, 4, 3)]]


def test_zip_entries_with_backslashes_are_read(tmp_path):
    assert rows_of(by_hand(tmp_path, ODD_CELLS, separator="\\")) == ODD_FOUND


def test_shared_strings_in_parts_and_with_reading_aids_are_read_as_shown(tmp_path):
    shared = "<si><r><t>vet</t></r><r><t xml:space='preserve'> dun</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    assert rows_of(by_hand(tmp_path, row('<c r="A1" t="s"><v>0</v></c>'), shared=shared)) == [["vet dun"]]


@pytest.mark.parametrize(
    "rows",
    [
        row('<c r="A1" t="s"><v>7</v></c>'),  # no such shared string
        row('<c r="A1" t="wat"><v>7</v></c>'),
        row('<c r="$A$1"><v>7</v></c>'),
        row('<c r="A1"><v>7</v>'),
        '<row r="x">' + VALUE + "</row>",
    ],
)
def test_a_sheet_that_breaks_the_format_is_refused(rows, tmp_path):
    refused(read_sheets, by_hand(tmp_path, rows), LIMITS)


def test_a_sheet_whose_part_is_missing_is_refused(tmp_path):
    parts = workbook_parts()
    del parts["xl/worksheets/sheet1.xml"]
    refused(read_sheets, write_zip(tmp_path / "x.xlsx", parts), LIMITS)


# --- any table -------------------------------------------------------------------------------------------------------


SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")

CELLS = st.one_of(
    st.none(),
    st.text(LETTERS, min_size=1, max_size=20),
    st.floats(-1e300, 1e300).map(lambda number: float(f"{number:.16G}")),  # as the writer stores
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
    st.booleans(),
)


@SETTINGS
@given(table=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_table_written_and_read_back_is_the_same_table(table, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
    sheet.write_row(0, 0, ["a", "b", "c"])
    for number, cells in enumerate(table, start=1):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, day)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    found = rows_of(tmp_path / "x.xlsx")[1:]
    found += [[None] * 3] * (len(table) - len(found))
    assert found == table
    assert [[type(value) for value in cells] for cells in found] == [
        [type(value) for value in cells] for cells in table
    ]
