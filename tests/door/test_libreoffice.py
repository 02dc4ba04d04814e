"""Files that LibreOffice itself writes."""

import datetime as dt
import os
import shutil
import subprocess

import pytest
from handmade import LIMITS, refused

from bwk_analysis.door.cells import ErrorCell, Percentage
from bwk_analysis.door.file import inspect
from bwk_analysis.door.workbook import read_sheets

NAMES = "urn:oasis:names:tc:opendocument:xmlns"

FODS = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"
 xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" xmlns:text="{NAMES}:text:1.0"
 xmlns:style="{NAMES}:style:1.0" xmlns:number="{NAMES}:datastyle:1.0" xmlns:of="{NAMES}:of:1.2">
<office:automatic-styles>
<number:percentage-style style:name="N1"><number:number number:decimal-places="1"/>
<number:text>%</number:text></number:percentage-style>
<number:date-style style:name="N2"><number:day/><number:text>-</number:text><number:month/>
<number:text>-</number:text><number:year number:style="long"/></number:date-style>
<number:time-style style:name="N3" number:truncate-on-overflow="false"><number:hours/>
<number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
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
<table:table-row table:visibility="filter"><table:table-cell office:value-type="float" office:value="1"/>
</table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="float" office:value="2"/>
</table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1"
 office:value-type="string"><text:p>Totaal</text:p></table:table-cell></table:table-row>
</table:table>
<table:table table:name="geheim" table:style-name="v"><table:table-row>
<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>
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
