import datetime as dt
import zipfile
from contextlib import suppress

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
    small_workbook,
    workbook_parts,
    write_zip,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk_analysis.door.cells import Limits
from bwk_analysis.door.file import inspect, is_lock_file
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Refused

# --- is it a workbook? ------------------------------------------------------------------------------------------------


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)

NOT_WORKBOOKS = {
    "is leeg": b"",
    "wachtwoord": OLE + "EncryptedPackage".encode("utf-16-le"),
    "oude Excel-formaat (.xls)": OLE + "Workbook".encode("utf-16-le"),
    "oud Office-bestand": OLE + "WordDocument".encode("utf-16-le"),
    "webpagina (HTML)": b"<html><body><table><tr><td>datum</td></tr></table></body></html>",
    "tekstbestand (zoals CSV)": "datum;kamer\n03-04-2021;café\n".encode("cp1252"),
    "Excel 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
    "(.fods)": b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
    "XML-bestand": b"<data/>",
    "PDF": b"%PDF-1.7",
    "niet herkend": bytes(range(256)),
    "beschadigd of niet volledig": b"PK\x03\x04 the rest is missing",
}


@pytest.mark.parametrize("said", NOT_WORKBOOKS)
def test_each_file_that_is_no_workbook_gets_its_own_message(said, tmp_path):
    path = tmp_path / "uren.xlsx"
    path.write_bytes(NOT_WORKBOOKS[said])
    for function in (inspect, read_sheets):
        problem = refused(function, path, LIMITS)
        assert said in problem.problem
        assert problem.file == "uren.xlsx"


def test_a_sheet_of_an_ancient_excel_without_a_container_is_an_old_workbook(tmp_path):
    path = tmp_path / "x.xls"
    path.write_bytes(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    assert "oude Excel-formaat" in refused(inspect, path, LIMITS).problem


def test_unicode_text_from_excel_is_text(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes("datum\tkamer\n".encode("utf-16"))
    assert "tekstbestand" in refused(inspect, path, LIMITS).problem


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/workbook.bin", ".xlsb"),
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("content.xml", ".ods"),
        ("Index/Document.iwa", "Numbers"),
        ("foto.jpg", "zip-bestand, maar geen Excel-werkmap"),
    ],
)
def test_a_zip_that_is_no_workbook_is_named_for_what_it_is(part, said, tmp_path):
    assert said in refused(inspect, write_zip(tmp_path / "x.xlsx", {part: "x"}), LIMITS).problem


def test_an_empty_zip_is_no_workbook(tmp_path):
    assert "zip-bestand" in refused(inspect, write_zip(tmp_path / "x.xlsx", {}), LIMITS).problem


def test_the_marks_that_excel_and_libreoffice_leave_beside_an_open_file_are_lock_files(tmp_path):
    assert is_lock_file(tmp_path / "~$uren.xlsx")
    assert is_lock_file(".~lock.uren.xlsx#")
    assert not is_lock_file("uren~$.xlsx")
    (tmp_path / "~$uren.xlsx").write_bytes(b"\x05naam")
    assert "openstaat" in refused(inspect, tmp_path / "~$uren.xlsx", LIMITS).problem


def test_a_file_that_is_gone_is_a_message_and_not_a_traceback(tmp_path):
    problem = refused(inspect, tmp_path / "weg.xlsx", LIMITS)
    assert "niet worden geopend" in problem.problem
    assert str(tmp_path) not in problem.problem + problem.advice


def test_a_workbook_is_a_workbook_whatever_its_name(tmp_path):
    assert inspect(small_workbook(tmp_path / "uren.csv"), LIMITS) == "xlsx"


def test_an_audit_file_is_recognised_and_is_not_read_as_a_workbook(tmp_path):
    path = tmp_path / "x.xaf"
    path.write_bytes(b'<?xml version="1.0"?>\n<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"></auditfile>')
    assert inspect(path, LIMITS) == "xaf"
    assert "auditfile" in refused(read_sheets, path, LIMITS).problem


def test_a_file_over_the_size_limit_is_refused(tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    assert "grens" in refused(inspect, path, Limits(file_megabytes=0.001)).problem


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


# --- properties -------------------------------------------------------------------------------------------------------


SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def accept(path):
    """Read, or refused: nothing else."""
    for function in (inspect, read_sheets):
        with suppress(Refused):
            function(path, Limits(rows=1_000, columns=100))


@SETTINGS
@given(
    content=st.binary()
    | st.builds(lambda start, rest: start + rest, st.sampled_from([b"PK\x03\x04", OLE[:8], b"<"]), st.binary())
)
def test_any_bytes_are_read_or_refused(content, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(content)
    accept(tmp_path / "x.xlsx")


@SETTINGS
@given(data=st.data())
def test_any_bytes_within_a_workbook_are_read_or_refused(data, tmp_path):
    content = bytearray(by_hand(tmp_path, ODD_CELLS, shared="<si><t>a</t></si>").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    (tmp_path / "x.xlsx").write_bytes(content)
    accept(tmp_path / "x.xlsx")


@SETTINGS
@given(data=st.data())
def test_any_change_in_a_part_is_read_or_refused(data, tmp_path):
    parts = workbook_parts(ODD_CELLS, shared="<si><t>a</t></si>")
    name = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[name])))
    end = data.draw(st.integers(start, min(start + 30, len(parts[name]))))
    new = data.draw(st.text(max_size=12) | st.sampled_from(["99999999", "XFD", '"', "<v>", "</c>", "<c/>", "<row>"]))
    parts[name] = parts[name][:start] + new + parts[name][end:]
    accept(write_zip(tmp_path / "x.xlsx", {key: value.encode("utf-8", "replace") for key, value in parts.items()}))


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
