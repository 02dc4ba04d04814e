"""The untrusted door: is this file a workbook, and which cells does it hold?

Three lines of defence: the bytes decide what a file is before anything opens it (`inspect`); every part is unpacked and
looked through once, within limits, before the native reader sees it (`read_sheets`); and all of it can run in a child
process with bounded time and memory (`Reader`, `isolated`), so that no file can take the run down.

Cells come from calamine, which is fast but loses error codes, formulas without a result, percentages, hidden rows and
dates it cannot express. Those are found in the sheet's own XML and put back.
"""

import copy
import math
import multiprocessing
import os
import posixpath
import re
import sys
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

import defusedxml.ElementTree
import psutil
import python_calamine
from defusedxml import DefusedXmlException

from bwk_analysis.problems import Problem

MEGABYTE = 1_000_000
SMALL = 10 * MEGABYTE  # below this no part is a bomb, whatever its ratio
BLOCK = 1 << 20  # sheets are unpacked and looked through in pieces of about this many bytes
TEXT_START = 4096
REFERENCE = re.compile(r"([A-Za-z]{1,9})([0-9]{1,19})")


@dataclass(frozen=True)
class Limits:
    """How much one file may ask for. Excel's own last cell is XFD1048576: a value there is a slip, not a table."""

    file_megabytes: float = 100
    unpacked_megabytes: float = 1_000
    ratio: float = 100  # unpacked size against packed size of one part; real sheets stay below 30
    parts: int = 5_000
    rows: int = 1_010_000
    columns: int = 1_000
    cells: int = 30_000_000  # rows x columns of the used range, empty cells counted
    seconds: float = 180
    memory_megabytes: float = 3_000


@dataclass(frozen=True)
class ErrorCell:
    """A cell that holds an error; the code as Excel shows it (`#N/A`)."""

    code: str


@dataclass(frozen=True)
class NoResult:
    """A formula whose result was never stored: no program calculated it."""


class Percentage(float):
    """A number cell shown as a percentage: 0.125 for 12,5%."""


Cell = None | str | bool | int | float | datetime | date | clock | timedelta | ErrorCell | NoResult


@dataclass
class Sheet:
    """One worksheet, cells at their own place.

    rows[0] is row 1 of the sheet and rows[r][0] is column A, also when the table starts lower or further right; an
    empty cell is None. `hidden_rows` (hidden or filtered away) and `merged` (first row, first column, last row, last
    column) count from 1.
    """

    file: str
    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


class Refused(Exception):
    """A file that is not read; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def refuse(file: str, problem: str, advice: str, sheet: str = "", cell: str = "") -> Refused:
    """The exception for a whole file that is refused; texts are Dutch."""
    return Refused(Problem(file, sheet, cell, "", "error", problem, advice))


SAVE_AS_XLSX = (
    "Open het bestand in Excel of LibreOffice, sla het op als Excel-werkmap (.xlsx) en lever dat bestand aan."
)
SAVE_AGAIN = "Open het bestand in Excel of LibreOffice, sla het opnieuw op als .xlsx en lever dat bestand aan."
EXPORT_AGAIN = "Maak of download het bestand opnieuw en lever het opnieuw aan; kopieer het in zijn geheel."
CORRUPT = "de werkmap is beschadigd of niet volledig en kan niet worden gelezen"
ASK_SENDER = "Vertrouw het bestand niet zomaar: vraag de afzender om een nieuwe export."


# --- what is this file? ---------------------------------------------------------------------------------------------

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
    with _opened(path) as handle:
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
        with _unzipped(path, limits):
            return "xlsx"
    return _inspect_text(file, start)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        handle = path.open("rb")
    except OSError as error:
        problem = f"het bestand kan niet worden geopend ({type(error).__name__})"
        advice = "Sluit het in andere programma's, kijk of het er nog staat en of u het mag lezen."
        raise refuse(path.name, problem, advice) from None
    with handle:
        yield handle


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


# --- the zip container ----------------------------------------------------------------------------------------------

OTHER_PACKAGES = {
    "xl/workbook.bin": "dit is een binaire werkmap (.xlsb)",
    "word/": "dit is een Word-document, geen werkmap",
    "ppt/": "dit is een PowerPoint-presentatie, geen werkmap",
    "Index/": "dit is een bestand van Apple Numbers, geen Excel-werkmap",
    "content.xml": "dit is een OpenDocument-bestand (zoals .ods), geen Excel-werkmap",
}


@dataclass
class _Package:
    """An open zip whose directory is sound: its parts by name, as Excel writes names."""

    file: str
    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]
    limits: Limits
    unpacked: int = 0

    def blocks(self, name: str) -> Iterator[bytes]:
        """The part's bytes, unpacked once and piece by piece; refused as soon as it is a bomb, corrupt or no plain XML.

        The data and not the directory say how long a part is: the reader that comes after goes by the data too.
        """
        if name not in self.parts:
            raise self.corrupt()
        listed = self.parts[name]
        unbounded = copy.copy(listed)
        unbounded.file_size = sys.maxsize
        size, tail = 0, b""
        try:
            with self.archive.open(unbounded) as handle:
                while block := handle.read(BLOCK):
                    self._check_size(size := size + len(block), listed.compress_size)
                    self._check_markup(tail + block, first=size == len(block))
                    tail = block[-16:]
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise self.corrupt() from None
        if size != listed.file_size:
            raise self.corrupt()
        self.unpacked += size

    def _check_size(self, size: int, packed: int) -> None:
        if size > SMALL and size > self.limits.ratio * max(packed, 1):
            raise self.bomb()
        if self.unpacked + size > self.limits.unpacked_megabytes * MEGABYTE:
            raise self.bomb()

    def _check_markup(self, block: bytes, first: bool) -> None:
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            problem = "in de werkmap staat een DTD of entiteit; geen enkel rekenprogramma schrijft die"
            raise refuse(self.file, problem, ASK_SENDER)
        if first:
            declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", block)
            encoding = declared.group(1).lower() if declared else b"utf-8"
            if b"\x00" in block or encoding not in (b"utf-8", b"us-ascii", b"ascii"):
                raise refuse(self.file, "de werkmap is in een ongewone tekencodering opgeslagen", SAVE_AGAIN)

    def tree(self, name: str) -> Element:
        """A small part as an XML tree."""
        try:
            return defusedxml.ElementTree.fromstring(b"".join(self.blocks(name)), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            raise self.corrupt() from None

    def corrupt(self) -> Refused:
        return refuse(self.file, CORRUPT, EXPORT_AGAIN)

    def unusual(self) -> Refused:
        return refuse(self.file, "de werkmap is op een ongewone manier opgebouwd en wordt niet gelezen", SAVE_AGAIN)

    def bomb(self) -> Refused:
        problem = "de werkmap wordt bij het uitpakken veel groter dan een echte werkmap en wordt daarom niet gelezen"
        advice = f"{ASK_SENDER} Is de werkmap echt zo groot, verwijder dan lege opgemaakte rijen of splits de export."
        return refuse(self.file, problem, advice)


@contextmanager
def _unzipped(path: Path, limits: Limits) -> Iterator[_Package]:
    """The workbook as a package whose directory has been checked; raises Refused when it is no workbook."""
    with _opened(path) as handle:
        try:
            archive = zipfile.ZipFile(handle)
        except Exception:  # besides BadZipFile, directories made to hurt let struct.error and others out
            raise refuse(path.name, CORRUPT, EXPORT_AGAIN) from None
        with archive:
            package = _Package(path.name, archive, _parts(archive), limits)
            _check_directory(package)
            yield package


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Parts by name; some programs write backslashes in names."""
    return {info.filename.replace("\\", "/").lstrip("/"): info for info in archive.infolist()}


def _check_directory(package: _Package) -> None:
    listed, limits = package.archive.infolist(), package.limits
    if any(info.flag_bits & 1 for info in listed):
        advice = "Pak het bestand uit en lever de werkmap zonder wachtwoord aan."
        raise refuse(package.file, "het bestand is met een wachtwoord beveiligd (zip)", advice)
    if "xl/workbook.xml" not in package.parts:
        raise _refuse_package(package)
    if len(listed) > limits.parts or sum(info.file_size for info in listed) > limits.unpacked_megabytes * MEGABYTE:
        raise package.bomb()
    if any(info.file_size > SMALL and info.file_size > limits.ratio * max(info.compress_size, 1) for info in listed):
        raise package.bomb()
    if len({name.lower() for name in package.parts}) < len(listed):
        raise package.unusual()
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in listed):
        raise package.unusual()


def _refuse_package(package: _Package) -> Refused:
    for start, problem in OTHER_PACKAGES.items():
        if any(name.startswith(start) for name in package.parts):
            return refuse(package.file, problem, SAVE_AS_XLSX)
    problem = "dit is een zip-bestand, maar geen Excel-werkmap"
    return refuse(package.file, problem, "Pak het bestand uit en lever de werkmappen die erin zitten los aan.")


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
    with _unzipped(path, limits) as package:
        workbook = _workbook(package)
        if workbook.shared_strings:
            for _ in package.blocks(workbook.shared_strings):
                pass  # only to know that it is whole, plain XML and no bomb
        scans = [_scan(package, workbook, name, part) for name, part, _ in workbook.sheets]
        return _read_cells(path, package, workbook, scans)


def _read_cells(path: Path, package: _Package, workbook: _Workbook, scans: list["_Scan"]) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as reader:
            found = [sheet.name for sheet in reader.sheets_metadata]
            if any(found.count(name) != 1 for name, _, _ in workbook.sheets):
                raise package.unusual()
            return [
                Sheet(
                    file=package.file,
                    name=name,
                    rows=_put_back(_rows(reader, name), scan),
                    hidden=hidden,
                    hidden_rows=frozenset(scan.hidden_rows),
                    merged=tuple(scan.merged),
                )
                for (name, _, hidden), scan in zip(workbook.sheets, scans, strict=True)
            ]
    except (Refused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the native reader is not an Exception
        raise package.unusual() from None


def _rows(reader: python_calamine.CalamineWorkbook, name: str) -> list[list[Cell]]:
    """The cells as calamine gives them, empty ones None; texts that are equal are one object, which saves memory."""
    sheet = reader.get_sheet_by_name(name)
    if sheet.start is None:
        return []
    texts: dict[str, Cell] = {"": None}
    shared = texts.setdefault
    left: list[Cell] = [None] * sheet.start[1]  # calamine leaves empty first columns out, but not empty first rows
    return [left + [shared(v, v) if type(v) is str else v for v in row] for row in sheet.iter_rows()]


def _workbook(package: _Package) -> _Workbook:
    tree = package.tree("xl/workbook.xml")
    targets = _relations(package)
    sheets = []
    for element in tree.iter():
        if _local(element.tag) == "sheet":
            kind, target = targets.get(_attribute(element, "id"), ("", ""))
            if kind == "worksheet":
                sheets.append((element.get("name", ""), target, element.get("state", "visible") != "visible"))
    others = dict(targets.values())
    return _Workbook(
        sheets=tuple(sheets),
        percent_styles=_percent_styles(package, others.get("styles")),
        uncalculated=any(_local(e.tag) == "calcPr" and e.get("fullCalcOnLoad") in ("1", "true") for e in tree.iter()),
        shared_strings=others.get("sharedStrings"),
    )


def _relations(package: _Package) -> dict[str, tuple[str, str]]:
    """Kind and part name of everything the workbook refers to, by id."""
    relations = {}
    for element in package.tree("xl/_rels/workbook.xml.rels"):
        target = element.get("Target", "").replace("\\", "/")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        relations[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], part)
    return relations


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Element, local: str) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == local), "")


def _percent_styles(package: _Package, part: str | None) -> frozenset[int]:
    """The cell styles (by number) that show a number as a percentage."""
    if part is None:
        return frozenset()
    styles = package.tree(part)
    codes = {"9": "0%", "10": "0.00%"}  # the two that every workbook has
    codes |= {e.get("numFmtId", ""): e.get("formatCode", "") for e in styles.iter() if _local(e.tag) == "numFmt"}
    formats = (e for parent in styles if _local(parent.tag) == "cellXfs" for e in parent)
    return frozenset(
        number for number, style in enumerate(formats) if _shows_percentage(codes.get(style.get("numFmtId", ""), ""))
    )


def _shows_percentage(code: str) -> bool:
    """Whether a number format has a percent sign that is not mere text (`0 "%"`, `0\\%`)."""
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", code)


# --- what the native reader loses -----------------------------------------------------------------------------------

KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
BEFORE_1900 = ErrorCell("####")  # what Excel shows for a negative number in a date cell
NEGATIVE = object()  # stands for a negative number, which is an error only where the cell shows a date or a time
ODD_MARKUP = (b"<!", b"='", b"= ", b" =", b"xmlns")  # valid inside a sheet's rows, but never written there by a program


class _Unusual(Exception):
    """The XML is not laid out as programs do, so that patterns over its bytes cannot be relied on."""


@dataclass
class _Scan:
    """What is found in one sheet's XML and must be put back, by row and column from 1."""

    package: _Package
    workbook: _Workbook
    sheet: str
    part: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0

    def cell(self, row: int, column: int, kind: str, style: str, formula: bool, value: str | None) -> None:
        """Judge one cell; `value` is None without a value element, "" when that is empty."""
        found: Any = None
        if kind == "e":
            if value and value not in KNOWN_ERRORS:
                raise self._refuse_cell(row, column, "deze cel bevat een foutcode die niet wordt herkend", SAVE_AGAIN)
            found = ErrorCell(value or "#VALUE!")
        elif kind == "d":
            found = _iso_date(value or "")
        elif formula and not (value or (kind == "str" and value is not None)):
            found = NoResult()
        elif kind in ("", "n") and value:
            found = self._number(value, style, formula)
        if found is not None:
            self.cells[row, column] = found

    def _number(self, value: str, style: str, formula: bool) -> Any:
        try:
            number = float(value)
        except ValueError:
            return None
        if not math.isfinite(number):
            return ErrorCell("#NUM!")
        if formula and number == 0 and self.workbook.uncalculated:
            return NoResult()
        if style.isdecimal() and int(style) in self.workbook.percent_styles:
            return Percentage(number)
        return NEGATIVE if number < 0 else None

    def value_at(self, row: int, column: int) -> None:
        """Widen the used range; a sheet with a value far outside any table is refused before a reader lays it out."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        limits = self.package.limits
        if row > limits.rows or column > limits.columns:
            advice = "Verwijder de rijen of kolommen buiten de tabel (Ctrl+End springt erheen) en sla het bestand op."
            raise self._refuse_cell(row, column, "in deze cel, ver buiten elke tabel, staat een waarde", advice)
        if self.rows * self.columns > limits.cells:
            problem = f"het gebruikte deel van het blad is te groot: {self.rows} rijen bij {self.columns} kolommen"
            advice = "Verwijder wat buiten de tabel staat, of lever de export in delen aan."
            raise self._refuse_cell(row, column, problem, advice)

    def _refuse_cell(self, row: int, column: int, problem: str, advice: str) -> Refused:
        return refuse(self.package.file, problem, advice, self.sheet, f"{_letters(column)}{row}")

    def merge(self, reference: str) -> None:
        corners = [_position(corner) for corner in reference.split(":")]
        if all(corners):
            (top, left), (bottom, right) = corners[0], corners[-1]
            self.merged.append((top, left, bottom, right))


def _scan(package: _Package, workbook: _Workbook, sheet: str, part: str) -> _Scan:
    unpacked = package.unpacked
    try:
        scan = _Scan(package, workbook, sheet, part)
        _scan_bytes(scan)
    except _Unusual:
        package.unpacked = unpacked
        scan = _Scan(package, workbook, sheet, part)
        _scan_events(scan)
    return scan


def _iso_date(value: str) -> datetime | date | None:
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return None
    if moment.tzinfo:
        return None
    return moment if moment.time() != clock() else moment.date()


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _position(reference: str) -> tuple[int, int]:
    """Row and column from 1; (0, 0) when this is no reference."""
    match = REFERENCE.fullmatch(reference)
    return (int(match[2]), _column(match[1])) if match else (0, 0)


# the fast way: patterns over the bytes, and work per cell only in pieces that hold something of interest


@dataclass(frozen=True)
class _Patterns:
    """Byte patterns for the prefix that a sheet's elements have (`<c`, `<x:c`)."""

    cell: bytes
    row: bytes
    far: re.Pattern[bytes]  # a cell beyond column Z or row 999.999
    filled: re.Pattern[bytes]  # a cell that is not empty
    ordinary: tuple[bytes, ...]  # cells that need no judgement, as a skeleton
    telling: re.Pattern[bytes]  # what is left in a skeleton when some cell does
    percent: tuple[bytes, ...]
    special: re.Pattern[bytes]  # a cell that needs judgement
    formula: bytes
    value: re.Pattern[bytes]
    hidden: re.Pattern[bytes]
    merge: re.Pattern[bytes]
    rows_start: re.Pattern[bytes]
    rows_end: bytes


NOT_IN_SKELETON = b"0123456789.ABCDEFGHJKLMNOPQRSTUVWXYZ"  # all but the I of INF


def _patterns(p: bytes, percent_styles: frozenset[int]) -> _Patterns:
    percent = tuple(b's="%d"' % style for style in sorted(percent_styles))
    attributes = b"|".join((b't="[ed]"', *percent))
    kinds = (b' t="s"', b"", b' s=""', b' s="" t="s"', b' t="n"', b' s="" t="n"')
    return _Patterns(
        cell=b"<%sc" % p,
        row=b"<%srow" % p,
        far=re.compile(rb'<%sc r="[A-Za-z](?:[A-Za-z]|[0-9]{7})' % p),
        filled=re.compile(rb'<%sc r="([A-Za-z]+)([0-9]+)"[^>]*(?<!/)>(?!</)' % p),
        ordinary=tuple(b'<%sc r=""%s><%sv></%sv></%sc>' % (p, kind, p, p, p) for kind in kinds),
        telling=re.compile(rb't="[ed]"|<%sf|<%sv>[^<]' % (p, p)),
        percent=percent,
        special=re.compile(
            rb'<%sc r="([A-Za-z]+)([0-9]+)"(?=[^>]*\s(?:%s)|[^>]*><%sf|[^>]*><%sv>[^<]*[^0-9.<])([^>]*)>'
            rb"(?:(?<=/>)|(.*?)</%sc>)" % (p, attributes, p, p, p),
            re.DOTALL,
        ),
        formula=b"<%sf" % p,
        value=re.compile(rb"<%sv(?:\s[^>]*)?(?:/>|>([^<]*)</%sv>)" % (p, p)),
        hidden=re.compile(rb'<%srow r="([0-9]+)"[^>]*\shidden="(?:1|true)"' % p),
        merge=re.compile(rb'<%smergeCell ref="([A-Za-z0-9:]+)"' % p),
        rows_start=re.compile(rb"<%ssheetData\s*/?>" % p),
        rows_end=b"</%ssheetData>" % p,
    )


ATTRIBUTE = re.compile(rb'\s([ts])="([^"]*)"')
ROOT = re.compile(rb"<((?:[A-Za-z0-9_]+:)?)worksheet[\s>]")


def _scan_bytes(scan: _Scan) -> None:
    blocks = scan.package.blocks(scan.part)
    patterns, rest = _head(scan, blocks)
    rest, height, width = _body(scan, patterns, rest, blocks)
    for block in blocks:
        _merges(scan, patterns, rest + block)
        rest = (rest + block)[-100:] if b"<" not in block else block[block.rfind(b"<") :]
    _merges(scan, patterns, rest)
    limits = scan.package.limits
    if height > limits.rows or width > limits.columns or height * width > limits.cells:
        _measure(scan, patterns)


def _head(scan: _Scan, blocks: Iterator[bytes]) -> tuple[_Patterns, bytes]:
    """The patterns for this sheet, and the bytes from its first row on."""
    head = b""
    for block in blocks:
        head += block
        root = ROOT.search(head)
        if root is None:
            raise _Unusual
        patterns = _patterns(root[1], scan.workbook.percent_styles)
        if start := patterns.rows_start.search(head):
            if head.count(b"spreadsheetml/") != 1 or start[0].endswith(b"/>"):
                raise _Unusual
            return patterns, head[start.end() :]
    raise _Unusual


def _body(scan: _Scan, patterns: _Patterns, rest: bytes, blocks: Iterator[bytes]) -> tuple[bytes, int, int]:
    """Look through the rows; the bytes after them, and how far the cells reach at most."""
    height, width = 0, 26
    while True:
        rows, ended, after = rest.partition(patterns.rows_end)
        if not ended:
            cut = rest.rfind(patterns.row)
            rows, after = (rest[:cut], rest[cut:]) if cut > 0 else (b"", rest)
        if rows:
            height = max(height, _piece(scan, patterns, rows))
            if width == 26 and patterns.far.search(rows):
                height = width = sys.maxsize
        if ended:
            return after, height, width
        block = next(blocks, None)
        if block is None:
            raise scan.package.corrupt()
        rest = after + block


def _piece(scan: _Scan, patterns: _Patterns, rows: bytes) -> int:
    """Judge what needs judging in some whole rows; the number of the last row."""
    skeleton = rows.translate(None, NOT_IN_SKELETON)
    for cell in patterns.ordinary:
        skeleton = skeleton.replace(cell, b"")
    if any(mark in skeleton for mark in ODD_MARKUP):
        raise _Unusual
    if any(skeleton.count(tag) != skeleton.count(tag + b' r="') for tag in (patterns.cell, patterns.row)):
        raise _Unusual
    if patterns.telling.search(skeleton) or any(style in rows for style in patterns.percent):
        for letters, row, attributes, content in patterns.special.findall(rows):
            given = {name: value.decode() for name, value in ATTRIBUTE.findall(attributes)}
            found = patterns.value.search(content)
            value = (found[1] or b"").decode() if found else None
            position = int(row), _column(letters.decode())
            scan.cell(*position, given.get(b"t", ""), given.get(b"s", ""), patterns.formula in content, value)
    if b"hidden=" in skeleton:
        scan.hidden_rows.update(map(int, patterns.hidden.findall(rows)))
    last = rows[rows.rfind(patterns.row) :][:60].partition(b'r="')[2].partition(b'"')[0]
    return int(last) if last.isdigit() else 0


def _merges(scan: _Scan, patterns: _Patterns, tail: bytes) -> None:
    for reference in patterns.merge.findall(tail):
        scan.merge(reference.decode())


def _measure(scan: _Scan, patterns: _Patterns) -> None:
    """Go through the sheet again for how far its values, not its styled empty cells, really reach."""
    rest = b""
    for block in scan.package.blocks(scan.part):
        rest += block
        cut = max(rest.rfind(patterns.cell), 0)
        for letters, row in patterns.filled.findall(rest[:cut]):
            scan.value_at(int(row), _column(letters.decode()))
        rest = rest[cut:]
    for letters, row in patterns.filled.findall(rest):
        scan.value_at(int(row), _column(letters.decode()))


# the slow way: an XML parser, for sheets in any other valid layout


def _scan_events(scan: _Scan) -> None:
    reader = _EventReader(scan)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartCdataSectionHandler = reader.refuse  # the native reader passes over a value in a CDATA section
    try:
        for block in scan.package.blocks(scan.part):
            parser.Parse(block)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):
        raise scan.package.corrupt() from None


@dataclass
class _EventReader:
    """Follows a sheet's elements; rows and cells without a reference follow the one before."""

    scan: _Scan
    row: int = 0
    column: int = 0
    cell: dict[str, str] = field(default_factory=dict)
    formula: bool = False
    value: str | None = None
    filled: bool = False
    in_value: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.scan.hidden_rows.add(self.row)
        elif name == "c":
            row, column = _position(attributes.get("r", ""))
            self.row, self.column = row or self.row, column or self.column + 1
            self.cell, self.formula, self.value, self.filled = attributes, False, None, False
        elif name in ("f", "v", "is"):
            self.filled = True
            self.formula = self.formula or name == "f"
            if name == "v":
                self.in_value, self.value = True, ""
        elif name == "mergeCell":
            self.scan.merge(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self.in_value:
            self.value = (self.value or "") + data

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "v":
            self.in_value = False
        elif name == "c" and self.filled:
            self.scan.value_at(self.row, self.column)
            self.scan.cell(
                self.row, self.column, self.cell.get("t", ""), self.cell.get("s", ""), self.formula, self.value
            )

    def refuse(self) -> None:
        raise self.scan.package.unusual()


def _put_back(rows: list[list[Cell]], scan: _Scan) -> list[list[Cell]]:
    """The rows with what the reader lost back in its place; changes and returns `rows`."""
    if not scan.cells:
        return rows
    width = max(len(rows[0]) if rows else 0, *(column for _, column in scan.cells), 0)
    height = max(len(rows), *(row for row, _ in scan.cells), 0)
    if rows and width > len(rows[0]):
        for row in rows:
            row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    for (number, column), value in scan.cells.items():
        cells = rows[number - 1]
        if value is not NEGATIVE:
            cells[column - 1] = value
        elif isinstance(cells[column - 1], date | clock):
            cells[column - 1] = BEFORE_1900
    return rows


# --- in a process of its own ----------------------------------------------------------------------------------------

POLL_SECONDS = 0.02


class Reader:
    """Runs functions on files in a child process, one file at a time, within bounded time and memory.

    The child is started when first needed, kept for the next file (a start costs a second where processes cannot be
    forked) and replaced when it died. Functions, arguments and results cross by pickle. Use as a context manager.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._process: Any = None
        self._pipe: Any = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, function: Callable[..., Any], *arguments: Any, file: str) -> Any:
        """The function's result; `file` is the name that a message gives.

        Raises
        ------
        Refused
            What the function refused; or when it ran out of time or memory, failed, or took its process down.
        """
        if self._process is None or not self._process.is_alive():
            self._start()
        try:
            self._pipe.send((function, arguments))
            outcome, result = self._wait(file)
        except (EOFError, OSError):
            self.close()
            problem = "het lezen van het bestand is afgebroken: het is beschadigd of vraagt te veel geheugen"
            raise refuse(file, problem, SAVE_AGAIN) from None
        except BaseException:
            self.close()
            raise
        if outcome == "result":
            return result
        if outcome == "refused":
            raise result
        if outcome == "memory":
            self.close()
            raise self._too_much_memory(file)
        problem = f"het bestand kan niet worden gelezen door een fout in het programma ({result})"
        raise refuse(file, problem, f"{SAVE_AGAIN} Blijft de melding, geef haar dan door aan de beheerder.")

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process = None

    def _start(self) -> None:
        self.close()
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self.limits.memory_megabytes * MEGABYTE), daemon=True
        )
        self._process.start()
        theirs.close()

    def _wait(self, file: str) -> tuple[str, Any]:
        deadline = time.monotonic() + self.limits.seconds
        bound = self._pipe.recv() + self.limits.memory_megabytes * MEGABYTE
        child = psutil.Process(self._process.pid)
        while not self._pipe.poll(POLL_SECONDS):
            if time.monotonic() > deadline:
                problem = f"het lezen van het bestand duurde langer dan {self.limits.seconds:g} seconden en is gestopt"
                raise refuse(file, problem, f"{SAVE_AGAIN} Helpt dat niet, lever de export dan in delen aan.")
            with suppress(psutil.Error):
                if child.memory_info().rss > bound:
                    raise self._too_much_memory(file)
        return self._pipe.recv()

    def _too_much_memory(self, file: str) -> Refused:
        problem = f"het lezen van het bestand vraagt meer dan {self.limits.memory_megabytes:g} MB geheugen"
        advice = "Verwijder lege opgemaakte rijen en kolommen, of lever de export in delen aan."
        return refuse(file, problem, advice)


def isolated(function: Callable[..., Any], *arguments: Any, limits: Limits, file: str) -> Any:
    """`function(*arguments)` in a child process of its own; see `Reader.run`."""
    with Reader(limits) as reader:
        return reader.run(function, *arguments, file=file)


def _serve(pipe: Any, memory: float) -> None:
    """In the child: answer one call after another until the pipe closes."""
    _quiet()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(_bound_memory(memory))
        try:
            answer: tuple[str, Any] = ("result", function(*arguments))
        except Refused as refused:
            answer = ("refused", refused)
        except MemoryError:
            answer = ("memory", None)
        except BaseException as error:  # a panic of a native reader is not an Exception; a message may quote a cell
            answer = ("failed", _place(error))
        try:
            pipe.send(answer)
        except MemoryError:
            pipe.send(("memory", None))


def _quiet() -> None:
    """What a native reader prints when it panics is not for the terminal: it may quote the file."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)


def _bound_memory(memory: float) -> int:
    """Bound what this process may still ask for, where the system can; bytes in use now."""
    used = psutil.Process().memory_info()
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (int(used.vms + memory), hard))
    return used.rss


def _place(error: BaseException) -> str:
    """The kind of error and the line of the program where it arose; never its text."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f", {Path(frame.filename).name} regel {frame.lineno}" for frame in last)
    return f"{type(error).__name__}{where}"
