"""The untrusted door: is this file a workbook, and which cells does it hold?

Three lines of defence: the bytes decide what a file is before anything opens it (`inspect`); every part is unpacked and
looked through once, within limits, before the native reader sees it (`read_sheets`); and all of it can run in a child
process with bounded time and memory (`isolation`), so that no file can take the run down.

Cells come from calamine, which is fast; what it loses is found in the sheet's own XML and put back (`sheet_scan`).
"""

import gc
import math
import os
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element

import python_calamine

from bwk_analysis.door.cells import EXPORT_AGAIN, MEGABYTE, SAVE_AS_XLSX, Cell, Limits, Sheet
from bwk_analysis.door.sheet_scan import SheetScan, put_back, scan_sheet
from bwk_analysis.door.zip_package import Package, local_name, open_package
from bwk_analysis.problems import Refused, refuse

TEXT_START = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def is_lock_file(path: Path | str) -> bool:
    """Whether this is the mark that Excel (`~$x.xlsx`) or LibreOffice (`.~lock.x.xlsx#`) leaves beside an open file."""
    name = Path(path).name
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def inspect(path: Path | str, limits: Limits) -> str:
    """What a file is, by its bytes and not by its name: "xlsx" (also .xlsm) or "xaf".

    Raises
    ------
    Refused
        For everything else, with a message of its own per kind of file.
    """
    path = Path(path)
    file = path.name
    if is_lock_file(path):
        advice = "Sluit het bestand in Excel of LibreOffice; dit hulpbestand verdwijnt dan vanzelf."
        raise refuse(file, "dit is geen werkmap, maar het teken dat een ander bestand openstaat", advice)
    with _open(path) as handle:
        size = os.fstat(handle.fileno()).st_size
        start = handle.read(TEXT_START)
        if not start:
            raise refuse(file, "het bestand is leeg (0 bytes)", EXPORT_AGAIN)
        if size > limits.file_megabytes * MEGABYTE:
            problem = f"het bestand is {_megabytes(size)} groot; de grens is {limits.file_megabytes:g} MB"
            raise refuse(file, problem, "Lever de export in delen aan, bijvoorbeeld per kwartaal.")
        if start.startswith(OLE):
            raise _refuse_ole(file, start + handle.read())
        if start.startswith(ZIP_STARTS):
            open_package(handle, file, limits)
            return "xlsx"
    return _inspect_text(file, start)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        problem = f"het bestand kan niet worden geopend ({type(error).__name__})"
        advice = "Sluit het in andere programma's, kijk of het er nog staat en of u het mag lezen."
        raise refuse(path.name, problem, advice) from None


def _refuse_ole(file: str, data: bytes) -> Refused:
    if "EncryptedPackage".encode("utf-16-le") in data:
        advice = "Open het in Excel, haal het wachtwoord weg (Bestand, Info, Werkmap beveiligen) en sla het op."
        return refuse(file, "het bestand is met een wachtwoord beveiligd", advice)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return refuse(file, "dit is een werkmap in het oude Excel-formaat (.xls)", SAVE_AS_XLSX)
    return refuse(file, "dit is een oud Office-bestand, maar geen Excel-werkmap", SAVE_AS_XLSX)


def _inspect_text(file: str, start: bytes) -> str:
    if start.startswith(BIFF):
        raise refuse(file, "dit is een werkmap in het oude Excel-formaat (.xls)", SAVE_AS_XLSX)
    if start.startswith(b"%PDF"):
        raise refuse(file, "dit is een PDF-bestand, geen werkmap", "Lever de export zelf aan, als werkmap (.xlsx).")
    text = _decoded(start)
    if text is None:
        problem = "dit is geen Excel-werkmap: de inhoud wordt niet herkend, of het bestand is beschadigd"
        raise refuse(file, problem, EXPORT_AGAIN)
    if re.search(r"<(?:\w+:)?auditfile[\s>]", text):
        return "xaf"
    if re.search(r"<(?:!doctype\s+html|html|table)[\s>]", text, re.IGNORECASE):
        raise refuse(file, "dit is een webpagina (HTML) met de naam van een werkmap", SAVE_AS_XLSX)
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise refuse(file, "dit is een werkmap in het oude XML-formaat van Excel 2003", SAVE_AS_XLSX)
    if "urn:oasis:names:tc:opendocument" in text:
        raise refuse(file, "dit is een werkblad van LibreOffice (.fods), geen Excel-werkmap", SAVE_AS_XLSX)
    if text.lstrip().startswith("<"):
        raise refuse(file, "dit is een XML-bestand, maar geen werkmap en geen auditfile (XAF)", SAVE_AS_XLSX)
    raise refuse(file, "dit is een tekstbestand (zoals CSV), geen Excel-werkmap", SAVE_AS_XLSX)


def _decoded(start: bytes) -> str | None:
    """The first bytes as text; None when they are no text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start[: len(start) // 2 * 2].decode("utf-16", errors="replace")
    if re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", start):
        return None
    return start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")


def _megabytes(size: float) -> str:
    return f"{math.ceil(size / MEGABYTE):,} MB".replace(",", ".")


# --- the workbook ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Workbook:
    sheets: tuple[tuple[str, str, bool], ...]  # name, part, hidden
    percent_styles: frozenset[int]
    uncalculated: bool  # written by a program that leaves the calculating to Excel
    shared_strings: str | None


def read_sheets(path: Path | str, limits: Limits) -> list[Sheet]:
    """Every worksheet of a workbook (.xlsx, .xlsm), in order; chart and macro sheets hold no cells and are left out.

    Text stays text, white space and leading zeros included; numbers are floats; a date cell without a time is a date,
    [h]:mm a timedelta. Macros are never opened. An empty sheet has no rows.

    Raises
    ------
    Refused
        When the file is no workbook, passes a limit or cannot be read without loss.
    """
    path = Path(path)
    if inspect(path, limits) != "xlsx":
        raise refuse(path.name, "dit is een auditfile (XAF), geen werkmap", SAVE_AS_XLSX)
    with _open(path) as handle:
        package = open_package(handle, path.name, limits)
        workbook = _workbook(package)
        if workbook.shared_strings:
            for _ in package.blocks(workbook.shared_strings):
                pass  # only to know that it is whole, plain XML and no bomb
        scans = [
            scan_sheet(package, name, part, workbook.percent_styles, workbook.uncalculated)
            for name, part, _ in workbook.sheets
        ]
        return _read_cells(path, package, workbook, scans)


def _read_cells(path: Path, package: Package, workbook: _Workbook, scans: list[SheetScan]) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as reader:
            found = [sheet.name for sheet in reader.sheets_metadata]
            if any(found.count(name) != 1 for name, _, _ in workbook.sheets):
                raise package.unusual()
            return [
                Sheet(
                    file=package.file,
                    name=name,
                    rows=put_back(_rows(reader, name), scan),
                    hidden=hidden,
                    hidden_rows=frozenset(scan.hidden_rows),
                    merged=tuple(dict.fromkeys(scan.merged)),  # a reference on the edge of two pieces is found twice
                )
                for (name, _, hidden), scan in zip(workbook.sheets, scans, strict=True)
            ]
    except (Refused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the native reader is not an Exception
        raise package.unusual() from None


def _rows(reader: python_calamine.CalamineWorkbook, name: str) -> list[list[Cell]]:
    """The cells as calamine gives them, empty ones None; texts and dates that are equal are one object: less memory."""
    sheet = reader.get_sheet_by_name(name)
    if sheet.start is None:
        return []
    seen: dict[Cell, Cell] = {"": None}
    one = seen.setdefault
    left: list[Cell] = [None] * sheet.start[1]  # calamine leaves empty first columns out, but not empty first rows
    with _no_garbage_collection():
        return [left + [v if type(v) is float else one(v, v) for v in row] for row in sheet.iter_rows()]


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Lists of cells make no cycles; looking for those among a million rows takes as long as reading them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _workbook(package: Package) -> _Workbook:
    tree = package.tree("xl/workbook.xml")
    targets = _relations(package)
    sheets = []
    for element in tree.iter():
        if local_name(element.tag) == "sheet":
            kind, target = targets.get(_attribute(element, "id"), ("", ""))
            if kind == "worksheet":
                sheets.append((element.get("name", ""), target, element.get("state", "visible") != "visible"))
    others = dict(targets.values())
    return _Workbook(
        sheets=tuple(sheets),
        percent_styles=_percent_styles(package, others.get("styles")),
        uncalculated=any(
            local_name(e.tag) == "calcPr" and e.get("fullCalcOnLoad") in ("1", "true") for e in tree.iter()
        ),
        shared_strings=others.get("sharedStrings"),
    )


def _relations(package: Package) -> dict[str, tuple[str, str]]:
    """Kind and part name of everything the workbook refers to, by id."""
    relations = {}
    for element in package.tree("xl/_rels/workbook.xml.rels"):
        target = element.get("Target", "").replace("\\", "/")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        relations[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], part)
    return relations


def _attribute(element: Element, local: str) -> str:
    return next((value for name, value in element.attrib.items() if local_name(name) == local), "")


def _percent_styles(package: Package, part: str | None) -> frozenset[int]:
    """The cell styles (by number) that show a number as a percentage."""
    if part is None:
        return frozenset()
    styles = package.tree(part)
    codes = {"9": "0%", "10": "0.00%"}  # the two that every workbook has
    codes |= {e.get("numFmtId", ""): e.get("formatCode", "") for e in styles.iter() if local_name(e.tag) == "numFmt"}
    formats = (e for parent in styles if local_name(parent.tag) == "cellXfs" for e in parent)
    return frozenset(
        number for number, style in enumerate(formats) if _shows_percentage(codes.get(style.get("numFmtId", ""), ""))
    )


def _shows_percentage(code: str) -> bool:
    """Whether a number format has a percent sign that is not mere text (`0 "%"`, `0\\%`)."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", code)
