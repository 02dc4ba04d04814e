"""Workbooks made by hand, for what no program at hand writes."""

import datetime as dt
import zipfile

import pytest
import xlsxwriter

from bwk_analysis.door.cells import ErrorCell, Limits, NoResult
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Refused

LIMITS = Limits()

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"

STRICT_DOCUMENT = "http://purl.oclc.org/ooxml/officeDocument/relationships"

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

PLAIN, PERCENT, DATE, HOURS, TIME, TEXT_PERCENT = range(6)  # the cell styles of a workbook made by hand


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


VALUE = '<c r="A1"><v>1</v></c>'

ODD_CELLS = (
    row(
        '<c r="A1" t="inlineStr"><is><t>00123</t></is></c>',
        '<c r="B1" t="e"><v>#N/A</v></c>',
        '<c r="C1"><f>1+1</f></c>',
        f'<c r="D1" s="{PERCENT}"><v>0.5</v></c>',
        f'<c r="E1" s="{DATE}"><v>44289</v></c>',
    )
    + '<row r="2" hidden="1"><c r="A2" t="b"><v>1</v></c></row>'
)

ODD_FOUND = [["00123", ErrorCell("#N/A"), NoResult(), 0.5, dt.date(2021, 4, 3)], [True, None, None, None, None]]
