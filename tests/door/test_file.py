import zipfile
from contextlib import suppress

import pytest
from handmade import (
    LIMITS,
    MAIN,
    ODD_CELLS,
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

from bwk_analysis.door import file
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
    "SAF-T": b'<n1:AuditFile xmlns:n1="urn:StandardAuditFile-Taxation-Financial:NO"><n1:Header/></n1:AuditFile>',
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
        ("export/uren.xlsx", "zip-bestand met een werkmap of auditfile erin"),
        ("a/boek.xml", "zip-bestand met een werkmap of auditfile erin"),
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


# --- is it whole, and no larger than it says? -----------------------------------------------------------------------


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


def test_a_document_type_that_two_blocks_share_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "BLOCK", 6)
    sheet = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert "DTD" in refused(read_sheets, by_hand(tmp_path, sheet=sheet), LIMITS).problem


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


def test_a_part_that_lies_about_its_size_is_held_to_the_limit_of_the_whole(tmp_path):
    path = by_hand(tmp_path, sheet=bomb(3_000_000))
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert "uitpakken" in refused(read_sheets, path, Limits(unpacked_megabytes=2)).problem


def test_a_part_longer_than_its_directory_says_is_refused(tmp_path):
    path = by_hand(tmp_path, sheet=bomb(500_000))
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert "beschadigd" in refused(read_sheets, path, LIMITS).problem


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = by_hand(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", "<x/>")
    assert "ongewone" in refused(inspect, path, LIMITS).problem


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
