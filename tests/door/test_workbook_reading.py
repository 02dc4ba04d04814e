import datetime as dt
import re
import zipfile

import openpyxl
import psutil
import pytest
import xlsxwriter
from handmade import (
    DATE,
    HOURS,
    LIMITS,
    MAIN,
    ODD_CELLS,
    ODD_FOUND,
    PERCENT,
    PLAIN,
    TEXT_PERCENT,
    TIME,
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
from workbooks import write as written
from xlsxwriter.utility import xl_col_to_name

from bwk_analysis.door import file
from bwk_analysis.door.cells import ErrorCell, Limits, NoResult, Percentage, Sheet
from bwk_analysis.door.workbook import read_sheets

# --- what calamine loses ----------------------------------------------------------------------------------------------


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


def test_a_percentage_of_a_conditional_format_makes_no_percentage_of_a_date(tmp_path):
    parts = workbook_parts(row(f'<c r="A1" s="{DATE}"><v>44289</v></c>'))
    dxf = '<dxfs><dxf><numFmt numFmtId="14" formatCode="0.00%"/></dxf></dxfs></styleSheet>'
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace("</styleSheet>", dxf)
    assert rows_of(write_zip(tmp_path / "x.xlsx", parts)) == [[dt.date(2021, 4, 3)]]


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


# --- how far do the values reach? -------------------------------------------------------------------------------------


def odd_sheet(rows, start=""):
    return f'{start}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def prefixed(rows):
    return re.sub(r"<(/?)", r"<\1x:", odd_sheet(rows)).replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "A99999999999", "ZZZZ9"])
@pytest.mark.parametrize("prefix", [False, True])
def test_a_value_far_outside_any_table_is_refused_with_its_cell(cell, prefix, tmp_path):
    number = cell.lstrip("AXFDZ")
    rows = f'<row r="{number}"><c r="{cell}"><v>1</v></c></row>'
    sheet = prefixed(rows) if prefix else odd_sheet(rows)
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


def test_a_used_range_is_measured_and_not_guessed(tmp_path):
    near = by_hand(tmp_path, row(VALUE) + row('<c r="A100"><v>1</v></c>', number=100))
    assert len(rows_of(near, Limits(cells=100))) == 100
    wide = by_hand(tmp_path, row('<c r="AZ1"><v>1</v></c>') + row('<c r="A900000"><v>1</v></c>', number=900_000))
    assert "900000 rijen bij 52 kolommen" in refused(read_sheets, wide, LIMITS).problem


def test_the_cell_that_is_too_far_is_named_and_not_the_corner_of_the_used_range(tmp_path):
    path = by_hand(tmp_path, row('<c r="D1"><v>1</v></c>') + row('<c r="B11"><v>1</v></c>', number=11))
    assert refused(read_sheets, path, Limits(rows=10)).cell == "B11"


def test_styled_empty_cells_do_not_count_however_far_they_reach(tmp_path):
    rows = row('<c r="A1"><v>1</v></c>', f'<c r="XFD1" s="{PERCENT}"/>') + row(
        f'<c r="A1048576" s="{DATE}"/>', f'<c r="C1048576" s="{DATE}"></c>', number=1048576
    )
    assert rows_of(by_hand(tmp_path, rows)) == [[1.0]]


def test_a_dimension_that_lies_is_not_believed(tmp_path):
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{row(VALUE)}</sheetData></worksheet>'
    assert rows_of(by_hand(tmp_path, sheet=sheet)) == [[1.0]]


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


# --- layouts that programs rarely write -------------------------------------------------------------------------------


SECOND_PREFIX = '<x:c r="B1" t="e"><x:v>#N/A</x:v></x:c>'

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
    "a second prefix": odd_sheet(ODD_CELLS.replace('<c r="B1" t="e"><v>#N/A</v></c>', SECOND_PREFIX)).replace(
        "<worksheet", f'<worksheet xmlns:x="{MAIN}"'
    ),
    "a hidden row with spaces around its sign": odd_sheet(ODD_CELLS.replace('hidden="1"', 'hidden = "1"')),
    "a row without a number and a cell with one": odd_sheet(ODD_CELLS.replace('<row r="1">', "<row>")),
    "a comment that holds rows": odd_sheet("<!-- </row><row r='9'><c r='A9'><v>1</v></c></row> -->" + ODD_CELLS),
    "a prefix with a dot": prefixed(ODD_CELLS).replace("x:", "a.b:").replace("xmlns:x", "xmlns:a.b"),
    "a byte order mark": odd_sheet(ODD_CELLS, start='\ufeff<?xml version="1.0" encoding="utf-8"?>\n'),
}


@pytest.mark.parametrize("layout", ODD_LAYOUTS)
def test_sheets_in_any_valid_layout_are_read_the_same(layout, tmp_path):
    sheet = read_sheets(by_hand(tmp_path, sheet=ODD_LAYOUTS[layout]), LIMITS)[0]
    assert sheet.rows == ODD_FOUND
    assert isinstance(sheet.rows[0][3], Percentage)
    assert sheet.hidden_rows == {2}


@pytest.mark.parametrize("size", range(20, 60, 7))
def test_a_comment_is_passed_over_wherever_the_blocks_end(size, tmp_path, monkeypatch):
    monkeypatch.setattr(file, "BLOCK", size)
    comment = "<!-- </c></row></sheetData> <row r='9'><c r='A9'><v>1</v></c></row> -->"
    rows = comment + ODD_CELLS.replace("<c ", f"{comment}<c ") + comment
    assert rows_of(by_hand(tmp_path, sheet=odd_sheet(rows))) == ODD_FOUND


def test_a_row_without_a_number_follows_the_last_cell_before_it(tmp_path):
    rows = (
        '<row><c r="A3"><v>1</v></c><c r="B3"><v>1</v></c></row><row><c t="e"><v>#N/A</v></c><c/><c><f>1</f></c></row>'
    )
    found = rows_of(by_hand(tmp_path, rows))
    assert found == [[None] * 3] * 2 + [[1.0, 1.0, None], [ErrorCell("#N/A"), None, NoResult()]]


@pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_what_stands_below_the_rows_is_found_also_where_there_are_none(data, tmp_path):
    sheet = f'<worksheet xmlns="{MAIN}">{data}<mergeCells><mergeCell ref="B2:C3"/></mergeCells></worksheet>'
    (found,) = read_sheets(by_hand(tmp_path, sheet=sheet), LIMITS)
    assert (found.rows, found.merged) == ([], ((2, 2, 3, 3),))


def test_a_sheet_that_ends_within_its_rows_is_refused(tmp_path):
    for rows in (row(VALUE), row(VALUE) + "<!-- ", row(VALUE) + '<row r="2"><c r="A2">'):
        path = by_hand(tmp_path, sheet=f'<worksheet xmlns="{MAIN}"><sheetData>{rows}')
        assert "beschadigd" in refused(read_sheets, path, LIMITS).problem


def test_a_value_in_a_cdata_section_is_refused_since_the_reader_would_pass_over_it(tmp_path):
    for value in ("<![CDATA[3]]>", "<![CDATA[</v></c></row>]]>"):
        path = by_hand(tmp_path, row(f'<c r="A1"><v>{value}</v></c>'))
        assert "ongewone" in refused(read_sheets, path, LIMITS).problem


def sheet_of_openpyxl(path):
    book = openpyxl.Workbook()
    for number in range(1, 301):
        book.active.append([dt.date(2021, 4, 3), number % 7, "#N/A" if number % 11 == 0 else "x", -number, "=1"])
        book.active.cell(number, 2).number_format = "0.0%" if number % 3 else "0.0"
        book.active.row_dimensions[number].hidden = number % 5 == 0
    book.active.merge_cells("G1:H2")
    book.save(path)
    return path


def test_what_is_special_is_found_wherever_the_blocks_end_that_a_sheet_is_read_in(tmp_path, monkeypatch):
    path = sheet_of_openpyxl(tmp_path / "x.xlsx")
    for size in (997, 4_000, file.BLOCK):
        monkeypatch.setattr(file, "BLOCK", size)
        (sheet,) = read_sheets(path, LIMITS)
        assert sheet.hidden_rows == set(range(5, 301, 5))
        assert sheet.merged == ((1, 7, 2, 8),)
        assert [row for row, cells in enumerate(sheet.rows, 1) if cells[2] == ErrorCell("#N/A")] == [
            *range(11, 301, 11)
        ]
        assert all(isinstance(cells[1], Percentage) == bool(row % 3) for row, cells in enumerate(sheet.rows, 1))
        assert all(cells[3:5] == [-row, NoResult()] for row, cells in enumerate(sheet.rows, 1))


WAYS = {  # other ways of writing the same XML
    "line ends": lambda xml: re.sub(r"<(row|c|v|f)\b", "\n  <\\1", xml),
    "prefix": lambda xml: re.sub(r"<(/?)", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
    "quotes": lambda xml: xml.replace('"', "'"),
    "comments": lambda xml: xml.replace("<c ", '<!-- <c r="A1" t="e"/></row> --><c '),
    "order": lambda xml: re.sub(r'<c (r="\w+") ([^/>]+)', r"<c \2 \1", xml),
    "spaces": lambda xml: re.sub(r'(\w)="', r'\1 = "', xml),
}
SPECIAL = st.sampled_from(
    [
        "",
        "<v>12.5</v>",
        "<v>-3</v>",
        "<v>1E-3</v>",
        "<f>A1</f>",
        "<f>1</f><v>2</v>",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    table=st.lists(st.lists(st.tuples(st.integers(0, 4), SPECIAL), min_size=1, max_size=30), min_size=1, max_size=5),
    hidden=st.sets(st.integers(1, 5)),
    way=st.sampled_from(sorted(WAYS)),
)
def test_the_same_cells_are_found_however_their_xml_is_written(table, hidden, way, tmp_path):
    rows = "".join(
        f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if number in hidden else ""}>'
        + "".join(
            f'<c r="{xl_col_to_name(column)}{number}" s="{style}">{inside}</c>'
            for column, (style, inside) in enumerate(cells)
        )
        + "</row>"
        for number, cells in enumerate(table, 1)
    )
    plain = read_sheets(by_hand(tmp_path, sheet=odd_sheet(rows)), LIMITS)
    other = read_sheets(by_hand(tmp_path, sheet=WAYS[way](odd_sheet(rows))), LIMITS)
    assert repr(other) == repr(plain)  # a percentage is told from its number by its kind alone
    assert plain[0].hidden_rows == {number for number in hidden if number <= len(table)}


# --- where the parts of a package stand -------------------------------------------------------------------------------


def moved(change, targets=lambda body: body):
    """The parts under other names, and what refers to them changed likewise."""
    return lambda parts: {
        change(name): targets(body) if name.endswith(".rels") else body for name, body in parts.items()
    }


PLACES = {
    "names in another case": moved(lambda name: name.replace("sheet1", "Sheet1")),
    "names in capitals": moved(lambda name: name if name.startswith("[") else name.upper()),
    "the workbook in the root": moved(lambda name: name.removeprefix("xl/"), lambda body: body.replace(b"xl/", b"")),
    "the workbook in another folder": moved(
        lambda name: name.replace("xl/", "a/"), lambda body: body.replace(b"xl/", b"a/")
    ),
    "targets from the root": moved(str, lambda body: body.replace(b'"worksheets', b'"/xl/worksheets')),
    "targets by a detour": moved(str, lambda body: body.replace(b'"worksheets', b'"../xl/worksheets')),
    "targets with backslashes": moved(str, lambda body: body.replace(b'"worksheets/', b'"worksheets\\')),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_package_is_read_the_same_wherever_its_parts_stand(place, tmp_path):
    path = written(tmp_path / "x.xlsx", {"uren": [["Dag", "Uren"], [dt.date(2023, 2, 1), 1.5], ["tekst", 0.25]]})
    plain = read_sheets(path, LIMITS)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert read_sheets(write_zip(path, PLACES[place](parts)), LIMITS) == plain


def test_the_reading_aid_of_a_word_is_no_part_of_it(tmp_path):
    aid = '<rPh sb="0" eb="1"><t>aid</t></rPh>'
    cell = f'<c r="A1" t="inlineStr"><is><t>word</t>{aid}</is></c>'
    assert rows_of(by_hand(tmp_path, row(cell))) == [["word"]]
