import datetime as dt
import os
import pickle
import re
import shutil
import subprocess
import sys
import time
import zipfile

import openpyxl
import psutil
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk_analysis import spreadsheets
from bwk_analysis.spreadsheets import (
    ErrorCell,
    Limits,
    NoResult,
    Percentage,
    Reader,
    Refused,
    Sheet,
    inspect,
    is_lock_file,
    isolated,
    read_sheets,
)

LIMITS = Limits()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_DOCUMENT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PLAIN, PERCENT, DATE, HOURS, TIME, TEXT_PERCENT = range(6)  # the cell styles of a workbook made by hand


# --- files ----------------------------------------------------------------------------------------------------------


def workbook_parts(rows="", *, sheet=None, setting="", calc="", shared=None, main=MAIN, document=DOCUMENT):
    """The parts of a workbook made by hand: for what no program at hand writes."""
    sheet = sheet or f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 10, 14, 164, 20, 165))
    relations = {"rId1": ("worksheet", "worksheets/sheet1.xml"), "rId2": ("styles", "styles.xml")}
    if shared:
        relations["rId3"] = ("sharedStrings", "sharedStrings.xml")
    listed = "".join(
        f'<Relationship Id="{key}" Type="{document}/{kind}" Target="{target}"/>'
        for key, (kind, target) in relations.items()
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{document}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{document}"><workbookPr {setting}/><sheets>'
        f'<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets>{calc}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/>'
        f'<numFmt numFmtId="165" formatCode="0 &quot;%&quot;"/></numFmts><cellXfs>{formats}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return parts | ({"xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>'} if shared else {})


def write_zip(path, parts, separator="/"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("/", separator), content)
    return path


def by_hand(tmp_path, rows="", separator="/", **options):
    return write_zip(tmp_path / "x.xlsx", workbook_parts(rows, **options), separator)


def row(*cells, number=1):
    return f'<row r="{number}">{"".join(cells)}</row>'


def rows_of(path, limits=LIMITS):
    return read_sheets(path, limits)[0].rows


def refused(function, *arguments):
    with pytest.raises(Refused) as caught:
        function(*arguments)
    problem = caught.value.problem
    assert problem.severity == "error"
    assert problem.problem
    assert problem.advice.endswith(".")
    return problem


def small_workbook(path):
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("deelnames").write_row(0, 0, ["datum", "uren"])
    book.close()
    return path


# --- is it a workbook? ----------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.98])
def test_a_truncated_workbook_is_refused_as_damaged(keep, tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    assert "beschadigd" in refused(read_sheets, path, LIMITS).problem


def test_a_workbook_with_changed_bytes_is_refused_as_damaged(tmp_path):
    path = by_hand(tmp_path, row('<c r="A1"><v>1</v></c>'))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    for offset in range(20):
        data[sheet.header_offset + 30 + len(sheet.filename) + 10 + offset] ^= 0xFF
    path.write_bytes(data)
    assert "beschadigd" in refused(read_sheets, path, LIMITS).problem


def test_a_zip_with_a_password_is_refused_as_that(tmp_path):
    path = by_hand(tmp_path)
    data = path.read_bytes()
    for flags in (b"PK\x03\x04\x14\x00", b"PK\x01\x02\x14\x03\x14\x00"):
        data = data.replace(flags + b"\x00", flags + b"\x01")
    path.write_bytes(data)
    assert "wachtwoord" in refused(inspect, path, LIMITS).problem


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
def test_a_part_with_a_document_type_or_entity_is_refused(part, tmp_path):
    parts = workbook_parts(row('<c r="A1" t="s"><v>0</v></c>'), shared="<si><t>a</t></si>")
    parts[part] = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts[part]
    assert "DTD" in refused(read_sheets, write_zip(tmp_path / "x.xlsx", parts), LIMITS).problem


def test_a_part_in_another_encoding_is_refused_since_patterns_over_its_bytes_would_miss(tmp_path):
    for sheet in (
        '<?xml version="1.0" encoding="UTF-16"?><worksheet/>',
        "<?xml version='1.0' encoding='latin-1'?><x/>",
    ):
        assert "tekencodering" in refused(read_sheets, by_hand(tmp_path, sheet=sheet), LIMITS).problem
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode("utf-16-le")
    assert "tekencodering" in refused(read_sheets, by_hand(tmp_path, sheet=sheet), LIMITS).problem


def bomb(size):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{" " * size}</sheetData></worksheet>'


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path):
    path = by_hand(tmp_path, sheet=bomb(12_000_000))
    assert path.stat().st_size < 20_000
    assert "uitpakken" in refused(inspect, path, LIMITS).problem


def test_a_zip_bomb_is_refused_by_its_size(tmp_path):
    path = by_hand(tmp_path, sheet=bomb(3_000_000))
    assert "uitpakken" in refused(inspect, path, Limits(unpacked_megabytes=2)).problem
    assert rows_of(path) == []


@pytest.mark.parametrize("declared", [100, 5_000_000])
def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_unpacking(declared, tmp_path):
    path = by_hand(tmp_path, sheet=bomb(15_000_000))
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(true.to_bytes(4, "little"), declared.to_bytes(4, "little")))
    inspect(path, LIMITS)  # the directory says nothing is wrong
    assert "uitpakken" in refused(read_sheets, path, LIMITS).problem


def test_a_part_longer_than_its_directory_says_is_refused(tmp_path):
    path = by_hand(tmp_path, sheet=bomb(500_000))
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert "beschadigd" in refused(read_sheets, path, LIMITS).problem


def test_a_file_over_the_size_limit_is_refused(tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    assert "grens" in refused(inspect, path, Limits(file_megabytes=0.001)).problem


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = by_hand(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", "<x/>")
    assert "ongewone" in refused(inspect, path, LIMITS).problem


# --- how far do the values reach? -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "A99999999999", "ZZZZ9"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_value_far_outside_any_table_is_refused_with_its_cell(cell, prefix, tmp_path):
    number = cell.lstrip("AXFDZ")
    sheet = (
        f'<{prefix}worksheet xmlns{":x" if prefix else ""}="{MAIN}"><{prefix}sheetData><{prefix}row r="{number}">'
        f'<{prefix}c r="{cell}"><{prefix}v>1</{prefix}v></{prefix}c></{prefix}row></{prefix}sheetData></{prefix}worksheet>'
    )
    problem = refused(read_sheets, by_hand(tmp_path, sheet=sheet), LIMITS)
    assert (problem.sheet, problem.cell) == ("Blad1", cell)


def test_a_far_value_in_a_row_that_says_it_is_near_is_found_too(tmp_path):
    path = by_hand(tmp_path, row('<c r="A1"><v>1</v></c>', '<c r="B1048576"><v>1</v></c>'))
    assert refused(read_sheets, path, LIMITS).cell == "B1048576"


def test_a_used_range_of_too_many_cells_is_refused_before_it_is_laid_out(tmp_path):
    path = by_hand(tmp_path, row('<c r="A1"><v>1</v></c>') + row('<c r="Z900000"><v>1</v></c>', number=900000))
    assert "te groot" in refused(read_sheets, path, Limits(cells=1_000_000)).problem


def test_the_limits_are_settings(tmp_path):
    path = by_hand(tmp_path, row('<c r="A1"><v>1</v></c>') + row('<c r="C11"><v>1</v></c>', number=11))
    assert refused(read_sheets, path, Limits(rows=10)).cell == "C11"
    assert refused(read_sheets, path, Limits(columns=2)).cell == "C11"
    assert len(rows_of(path, Limits(rows=11, columns=3, cells=33))) == 11


def test_styled_empty_cells_do_not_count_however_far_they_reach(tmp_path):
    rows = row('<c r="A1"><v>1</v></c>', f'<c r="XFD1" s="{PERCENT}"/>') + row(
        f'<c r="A1048576" s="{DATE}"/>', f'<c r="C1048576" s="{DATE}"></c>', number=1048576
    )
    assert rows_of(by_hand(tmp_path, rows)) == [[1.0]]


def test_a_dimension_that_lies_is_not_believed(tmp_path):
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{row(VALUE)}</sheetData></worksheet>'
    assert rows_of(by_hand(tmp_path, sheet=sheet)) == [[1.0]]


VALUE = '<c r="A1"><v>1</v></c>'


def test_many_styled_empty_rows_stay_small_in_memory(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx", {"constant_memory": True})
    sheet, grey = book.add_worksheet(), book.add_format({"bg_color": "#cccccc"})
    sheet.write(0, 0, "datum")
    for number in range(1, 100_000):
        sheet.write_blank(number, 0, None, grey)
        sheet.write_blank(number, 9, None, grey)
    book.close()
    before = psutil.Process().memory_info().rss
    assert rows_of(tmp_path / "x.xlsx") == [["datum"]]
    assert psutil.Process().memory_info().rss - before < 60_000_000


# --- what is in the cells? ------------------------------------------------------------------------------------------


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


def test_iso_date_cells_are_read_as_dates(tmp_path):
    texts = ["2021-04-03", "2021-04-03T00:00:00", "2021-04-03T00:00:00Z", "2021-04-03T09:30:00", "03-04-2021"]
    rows = row(*(f'<c r="{"ABCDE"[at]}1" t="d" s="{DATE}"><v>{text}</v></c>' for at, text in enumerate(texts)))
    day = dt.date(2021, 4, 3)
    assert rows_of(by_hand(tmp_path, rows)) == [[day, day, day, dt.datetime(2021, 4, 3, 9, 30), "03-04-2021"]]


def test_a_negative_number_in_a_date_cell_is_an_error_and_elsewhere_a_number(tmp_path):
    rows = row(
        f'<c r="A1" s="{DATE}"><v>-1</v></c>',
        f'<c r="B1" s="{TIME}"><v>-0.5</v></c>',
        '<c r="C1"><v>-1</v></c>',
        f'<c r="D1" s="{HOURS}"><v>-0.5</v></c>',
    )
    assert rows_of(by_hand(tmp_path, rows)) == [[ErrorCell("####"), ErrorCell("####"), -1.0, -dt.timedelta(hours=12)]]


def test_a_number_that_is_none_is_an_error(tmp_path):
    rows = row(*(f'<c r="{"ABCD"[at]}1"><v>{text}</v></c>' for at, text in enumerate(["NaN", "INF", "-INF", "1E+400"])))
    assert rows_of(by_hand(tmp_path, rows)) == [[ErrorCell("#NUM!")] * 4]


def test_error_cells_keep_their_code(tmp_path):
    book = openpyxl.Workbook()
    codes = ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!"]
    for column, code in enumerate(codes, start=1):
        book.active.cell(1, column, code)
        assert book.active.cell(1, column).data_type == "e"
    book.save(tmp_path / "x.xlsx")
    assert rows_of(tmp_path / "x.xlsx") == [[ErrorCell(code) for code in codes]]


def test_an_unknown_error_code_is_refused_with_its_cell(tmp_path):
    problem = refused(read_sheets, by_hand(tmp_path, row('<c r="B1" t="e"><v>#NIEUW!</v></c>')), LIMITS)
    assert "foutcode" in problem.problem
    assert problem.cell == "B1"


def test_formulas_that_openpyxl_writes_have_no_result(tmp_path):
    book = openpyxl.Workbook()
    book.active.append([1, "=A1+1"])
    book.active["D9"] = "=A1"
    book.save(tmp_path / "x.xlsx")
    found = rows_of(tmp_path / "x.xlsx")
    assert found[0] == [1.0, NoResult(), None, None]
    assert found[8] == [None, None, None, NoResult()]
    assert {len(cells) for cells in found} == {4}


def test_the_zero_that_xlsxwriter_stores_for_a_formula_is_no_result_but_a_given_value_is(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
    sheet.write_formula("A1", "=B1+1")
    sheet.write_formula("B1", "=1+1", None, 2)
    sheet.write_formula("C1", '="a"', None, "a")
    sheet.write_formula("D1", "=1/8", percent, 0.125)
    sheet.write_number("E1", 0)
    book.close()
    assert rows_of(tmp_path / "x.xlsx") == [[NoResult(), 2.0, "a", 0.125, 0.0]]
    assert isinstance(rows_of(tmp_path / "x.xlsx")[0][3], Percentage)


def test_a_formula_whose_result_is_zero_or_an_empty_text_has_a_result_where_a_program_calculated_it(tmp_path):
    cells = (
        '<c r="A1"><f>0</f><v>0</v></c>',
        '<c r="B1" t="str"><f>""</f><v></v></c>',
        '<c r="C1"><f t="shared" si="0"/></c>',
    )
    assert rows_of(by_hand(tmp_path, row(*cells))) == [[0.0, None, NoResult()]]


def test_percentage_cells_are_marked_and_a_percent_sign_that_is_mere_text_is_not(tmp_path):
    cells = (
        f'<c r="{name}1" s="{style}"><v>0.125</v></c>'
        for name, style in (("A", PERCENT), ("B", PLAIN), ("C", TEXT_PERCENT))
    )
    found = rows_of(by_hand(tmp_path, row(*cells)))[0]
    assert found == [0.125] * 3
    assert [type(value) for value in found] == [Percentage, float, float]


def test_hidden_sheets_rows_and_merged_cells_are_said(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "x.xlsx")
    first, second, third = book.add_worksheet("a"), book.add_worksheet("b & c"), book.add_worksheet("d")
    for number in range(6):
        first.write(number, 0, number)
    first.set_row(1, None, None, {"hidden": True})
    first.set_row(4, 30, None, {"hidden": True})
    first.merge_range("B2:D3", "titel")
    second.hide()
    third.very_hidden()
    book.close()
    sheets = read_sheets(tmp_path / "x.xlsx", LIMITS)
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("a", False), ("b & c", True), ("d", True)]
    assert sheets[0].hidden_rows == {2, 5}
    assert sheets[0].merged == ((2, 2, 3, 4),)
    assert sheets[1] == Sheet("x.xlsx", "b & c", [], hidden=True)


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


# --- layouts that programs rarely write -----------------------------------------------------------------------------

ODD_CELLS = row(
    '<c r="A1" t="inlineStr"><is><t>00123</t></is></c>',
    '<c r="B1" t="e"><v>#N/A</v></c>',
    '<c r="C1"><f>1+1</f></c>',
    f'<c r="D1" s="{PERCENT}"><v>0.5</v></c>',
    f'<c r="E1" s="{DATE}"><v>44289</v></c>',
) + row('<c r="A2" t="b"><v>1</v></c>', number=2).replace("<row ", '<row hidden="1" ')
ODD_FOUND = [["00123", ErrorCell("#N/A"), NoResult(), 0.5, dt.date(2021, 4, 3)], [True, None, None, None, None]]


def odd_sheet(rows, start=""):
    return f'{start}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def prefixed(rows):
    return re.sub(r"<(/?)", r"<\1x:", odd_sheet(rows)).replace("xmlns=", "xmlns:x=")


ODD_LAYOUTS = {
    "a prefix": prefixed(ODD_CELLS),
    "single quotes": odd_sheet(ODD_CELLS.replace('"', "'")),
    "attributes in another order": odd_sheet(ODD_CELLS.replace('r="B1" t="e"', 't="e" r="B1"')),
    "no references": odd_sheet(
        ODD_CELLS.replace('r="2"', "").replace('r="A2"', "").replace('r="B1"', "").replace('r="C1"', "")
    ),
    "line ends inside tags": odd_sheet(ODD_CELLS.replace(" t=", "\n t=").replace(" s=", "\n\ts=")),
    "comments": odd_sheet("<!-- <c r='A1' t='e'> -->" + ODD_CELLS),
    "a declared name space within": odd_sheet(ODD_CELLS.replace('<row r="1"', '<row xmlns:y="z" r="1"')),
    "a byte order mark": odd_sheet(ODD_CELLS, start='\ufeff<?xml version="1.0" encoding="utf-8"?>\n'),
}


@pytest.mark.parametrize("layout", ODD_LAYOUTS)
def test_sheets_in_any_valid_layout_are_read_the_same(layout, tmp_path):
    sheet = read_sheets(by_hand(tmp_path, sheet=ODD_LAYOUTS[layout]), LIMITS)[0]
    assert sheet.rows == ODD_FOUND
    assert isinstance(sheet.rows[0][3], Percentage)
    assert sheet.hidden_rows == {2}


def test_a_value_in_a_cdata_section_is_refused_since_the_reader_would_pass_over_it(tmp_path):
    path = by_hand(tmp_path, row('<c r="A1"><v><![CDATA[3]]></v></c>'))
    assert "ongewone" in refused(read_sheets, path, LIMITS).problem


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


def test_the_fast_and_the_slow_way_through_a_sheet_find_the_same(tmp_path, monkeypatch):
    book = openpyxl.Workbook()
    for number in range(3_000):
        book.active.append([dt.date(2021, 4, 3), number % 7, "#N/A" if number % 11 == 0 else "x", -number, "=1"])
        book.active.cell(number + 1, 2).number_format = "0.0%"
        book.active.row_dimensions[number + 1].hidden = number % 5 == 0
    book.active.merge_cells("G1:H2")
    book.save(tmp_path / "x.xlsx")
    monkeypatch.setattr(spreadsheets, "BLOCK", 4_000)  # many pieces
    fast = read_sheets(tmp_path / "x.xlsx", LIMITS)

    def unusual(scan):
        raise spreadsheets._Unusual

    monkeypatch.setattr(spreadsheets, "_scan_bytes", unusual)
    slow = read_sheets(tmp_path / "x.xlsx", LIMITS)
    assert fast == slow
    assert len(fast[0].hidden_rows) == 600
    assert fast[0].rows[11][2] == ErrorCell("#N/A")
    assert fast[0].merged == ((1, 7, 2, 8),)


# --- files that LibreOffice writes ----------------------------------------------------------------------------------

FODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:percentage-style style:name="N1"><number:number number:decimal-places="1"/><number:text>%</number:text></number:percentage-style>
<number:date-style style:name="N2"><number:day/><number:text>-</number:text><number:month/><number:text>-</number:text><number:year number:style="long"/></number:date-style>
<number:time-style style:name="N3" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<style:style style:name="p" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="d" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="h" style:family="table-cell" style:data-style-name="N3"/>
<style:style style:name="v" style:family="table"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="uren">
<table:table-row>
<table:table-cell office:value-type="string"><text:p>00123</text:p></table:table-cell>
<table:table-cell table:style-name="p" office:value-type="percentage" office:value="0.125"/>
<table:table-cell table:style-name="d" office:value-type="date" office:date-value="2021-04-03"/>
<table:table-cell table:style-name="h" office:value-type="time" office:time-value="PT27H30M00S"/>
<table:table-cell table:formula="of:=1/0"/>
<table:table-cell table:formula="of:=1+1"/>
<table:table-cell office:value-type="float" office:value="-2.5"/>
</table:table-row>
<table:table-row table:visibility="filter"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="float" office:value="2"/></table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="string"><text:p>Totaal</text:p></table:table-cell></table:table-row>
</table:table>
<table:table table:name="geheim" table:style-name="v"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document>"""


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory):
    """One document as LibreOffice writes it, by file name extension."""
    program = shutil.which("soffice")
    if program is None:
        reason = "LibreOffice (soffice) is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "uren.fods").write_text(FODS, encoding="utf-8")
    for kind in ("xlsx", "xls", "ods"):
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(folder), str(folder / "uren.fods")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def test_a_workbook_of_libreoffice_is_read_as_it_was_written(libreoffice):
    sheet, hidden = read_sheets(libreoffice / "uren.xlsx", LIMITS)
    assert sheet.rows[0] == [
        "00123",
        0.125,
        dt.date(2021, 4, 3),
        dt.timedelta(hours=27.5),
        ErrorCell("#DIV/0!"),
        2.0,
        -2.5,
    ]
    assert isinstance(sheet.rows[0][1], Percentage)
    assert [cells[0] for cells in sheet.rows[1:]] == [1.0, 2.0, "Totaal"]
    assert sheet.hidden_rows == {2, 3}
    assert sheet.merged == ((4, 1, 4, 2),)
    assert (hidden.name, hidden.hidden) == ("geheim", True)


@pytest.mark.parametrize(("kind", "said"), [("xls", ".xls"), ("ods", ".ods"), ("fods", ".fods")])
def test_other_formats_of_libreoffice_are_refused_by_name(kind, said, libreoffice):
    assert said in refused(inspect, libreoffice / f"uren.{kind}", LIMITS).problem


# --- in a process of its own ----------------------------------------------------------------------------------------


def add(first, second):
    return first + second


def sleep_long():
    time.sleep(60)


def take_memory(megabytes):
    blocks = []
    for _ in range(megabytes):
        blocks.append(bytearray(1_000_000))
        time.sleep(0.0005)
    return len(blocks)


def take_memory_at_once(megabytes):
    return len(bytearray(megabytes * 1_000_000))


class Panic(BaseException):
    """As a native reader raises."""


def panic():
    raise Panic("Jansen")


def fail():
    raise KeyError("Jansen")


def die():
    os.abort()


def refuse_it():
    raise spreadsheets.refuse("b.xlsx", "dit is niets", "Doe iets.")


def unpicklable():
    return lambda: None


def process_id():
    return os.getpid()


def is_alive(number):
    return psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE


def test_a_result_comes_back_from_another_process():
    assert isolated(add, [1], [2], limits=LIMITS, file="x.xlsx") == [1, 2]
    assert isolated(process_id, limits=LIMITS, file="x.xlsx") != os.getpid()


def test_a_workbook_is_read_in_another_process(tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    sheets = isolated(read_sheets, path, LIMITS, limits=LIMITS, file=path.name)
    assert sheets == read_sheets(path, LIMITS)


@pytest.mark.parametrize(
    ("function", "arguments", "limits", "said"),
    [
        (sleep_long, (), Limits(seconds=0.2), "0.2 seconden"),
        (take_memory, (400,), Limits(memory_megabytes=100), "geheugen"),
        (take_memory_at_once, (3_000,), Limits(memory_megabytes=100), "geheugen"),
        (panic, (), LIMITS, "Panic, test_spreadsheets.py regel"),
        (fail, (), LIMITS, "KeyError, test_spreadsheets.py regel"),
        (die, (), LIMITS, "afgebroken"),
        (unpicklable, (), LIMITS, "fout in het programma"),
        (refuse_it, (), LIMITS, "dit is niets"),
    ],
)
def test_whatever_goes_wrong_in_the_other_process_is_a_message(function, arguments, limits, said, capfd):
    problem = refused(lambda: isolated(function, *arguments, limits=limits, file="x.xlsx"))
    assert said in problem.problem
    assert "Jansen" not in str(problem)
    assert capfd.readouterr() == ("", "")


def test_memory_is_watched_also_where_the_system_does_not_bound_it(monkeypatch):
    monkeypatch.setattr(spreadsheets, "_bound_memory", lambda memory: psutil.Process().memory_info().rss)
    problem = refused(lambda: isolated(take_memory, 2_000, limits=Limits(memory_megabytes=100), file="x.xlsx"))
    assert "100 MB geheugen" in problem.problem


def test_no_process_is_left_behind():
    with Reader(Limits(seconds=0.2)) as reader:
        first = reader.run(process_id, file="x.xlsx")
        refused(lambda: reader.run(sleep_long, file="x.xlsx"))
        assert not is_alive(first)
        second = reader.run(process_id, file="x.xlsx")
    assert first != second
    assert not is_alive(second)


def test_one_process_reads_one_file_after_another_and_is_replaced_when_it_died():
    with Reader(LIMITS) as reader:
        first = reader.run(process_id, file="a.xlsx")
        refused(lambda: reader.run(fail, file="b.xlsx"))
        assert reader.run(process_id, file="c.xlsx") == first
        refused(lambda: reader.run(die, file="d.xlsx"))
        assert reader.run(process_id, file="e.xlsx") != first


def test_a_process_can_be_started_afresh_as_on_windows(tmp_path, monkeypatch):
    path = small_workbook(tmp_path / "x.xlsx")
    monkeypatch.setattr(sys, "platform", "darwin")
    with Reader(LIMITS) as reader:
        assert reader._context.get_start_method() == "spawn"
        assert reader.run(read_sheets, path, LIMITS, file="x.xlsx") == read_sheets(path, LIMITS)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process starts slower; Reader keeps one")
def test_a_small_file_in_another_process_costs_little(tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        isolated(read_sheets, path, LIMITS, limits=LIMITS, file="x.xlsx")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.06


def test_a_refusal_can_cross_a_pipe():
    problem = refused(refuse_it)
    assert pickle.loads(pickle.dumps(Refused(problem))).problem == problem


# --- properties -----------------------------------------------------------------------------------------------------

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def accept(path):
    """Read, or refused: nothing else."""
    for function in (inspect, read_sheets):
        try:
            function(path, Limits(rows=1_000, columns=100))
        except Refused as error:
            assert error.problem.file == path.name


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
    st.floats(allow_nan=False, allow_infinity=False).map(
        lambda number: float(f"{number:.16G}")
    ),  # as the writer stores
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
