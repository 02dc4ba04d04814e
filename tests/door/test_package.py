import zipfile

import pytest
from handmade import LIMITS, MAIN, by_hand, refused, row, rows_of, small_workbook, workbook_parts, write_zip

from bwk_analysis.door.cells import Limits
from bwk_analysis.door.file import inspect
from bwk_analysis.door.workbook import read_sheets


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


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = by_hand(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", "<x/>")
    assert "ongewone" in refused(inspect, path, LIMITS).problem
