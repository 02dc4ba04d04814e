"""What calamine loses of a sheet, found in the sheet's own XML: errors, missing results, percentages, hidden rows.

Also found: merged cells, dates that calamine cannot express, and values far outside any table (the sheet is refused
before a reader lays it out). The fast way is patterns over the bytes; a sheet in any other valid layout goes the slow
way, through an XML parser. Both find the same.
"""

import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from functools import partial
from itertools import chain
from typing import Any
from xml.parsers import expat

from xlsxwriter.utility import xl_col_to_name

from bwk_analysis.door.cells import SAVE_AGAIN, Cell, ErrorCell, NoResult, Percentage
from bwk_analysis.door.zip_package import Package, local_name
from bwk_analysis.problems import Refused, refuse

REFERENCE = re.compile(r"([A-Za-z]{1,9})([0-9]{1,19})")
KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
BEFORE_1900 = ErrorCell("####")  # what Excel shows for a negative number in a date cell
NEGATIVE = object()  # stands for a negative number, which is an error only where the cell shows a date or a time
ODD_MARKUP = (b"<!", b"='", b"= ", b" =", b"xmlns")  # valid inside a sheet's rows, but never written there by a program


class _Unusual(Exception):
    """The XML is not laid out as programs do, so that patterns over its bytes cannot be relied on."""


@dataclass
class SheetScan:
    """What is found in one sheet's XML and must be put back, by row and column from 1."""

    package: Package
    sheet: str
    part: str
    percent_styles: frozenset[int]
    uncalculated: bool
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
        if formula and number == 0 and self.uncalculated:
            return NoResult()
        if style.isdecimal() and int(style) in self.percent_styles:
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
        return refuse(self.package.file, problem, advice, self.sheet, f"{xl_col_to_name(column - 1)}{row}")

    def merge(self, reference: str) -> None:
        corners = [_position(corner) for corner in reference.split(":")]
        self.merged.append((*corners[0], *corners[-1]))


def scan_sheet(
    package: Package, sheet: str, part: str, percent_styles: frozenset[int], uncalculated: bool
) -> SheetScan:
    """Look through the XML of one sheet, `part` of the package.

    percent_styles are the numbers of the cell styles that show a percentage; `uncalculated` says that the program that
    wrote the workbook left the calculating to Excel.

    Raises
    ------
    Refused
        When the part is corrupt or no plain XML, holds an unknown error code, or has a value that is too far away.
    """
    empty = partial(SheetScan, package, sheet, part, percent_styles, uncalculated)
    unpacked = package.unpacked
    try:
        scan = empty()
        _scan_bytes(scan)
    except _Unusual:
        package.unpacked = unpacked
        scan = empty()
        _scan_events(scan)
    return scan


def put_back(rows: list[list[Cell]], scan: SheetScan) -> list[list[Cell]]:
    """The rows with what the reader lost back in its place; changes and returns `rows`."""
    if not scan.cells:
        return rows
    old_width = len(rows[0]) if rows else 0
    width = max(old_width, max(column for _, column in scan.cells))
    if width > old_width:
        for row in rows:
            row.extend([None] * (width - old_width))
    rows.extend([None] * width for _ in range(max(row for row, _ in scan.cells) - len(rows)))
    for (number, column), value in scan.cells.items():
        cells = rows[number - 1]
        if value is not NEGATIVE:
            cells[column - 1] = value
        elif isinstance(cells[column - 1], date | clock):
            cells[column - 1] = BEFORE_1900
    return rows


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


def _position(reference: str) -> tuple[int, int]:
    """Row and column from 1; (0, 0) when this is no reference."""
    match = REFERENCE.fullmatch(reference)
    return (int(match[2]), _column(match[1])) if match else (0, 0)


# --- the fast way: patterns over the bytes, and work per cell only in pieces that hold something of interest ----------


@dataclass(frozen=True)
class _Patterns:
    """Byte patterns for the prefix that a sheet's elements have (`<c`, `<x:c`)."""

    cell: bytes
    row: bytes
    far: re.Pattern[bytes]  # a cell beyond column Z or row 1.009.999
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


MERGE_BYTES = 1000  # more than a reference to merged cells takes, so that one on the edge of two pieces is found
NOT_IN_SKELETON = b"0123456789.ABCDEFGHJKLMNOPQRSTUVWXYZ"  # all but the I of INF


def _patterns(p: bytes, percent_styles: frozenset[int]) -> _Patterns:
    percent = tuple(b's="%d"' % style for style in sorted(percent_styles))
    attributes = b"|".join((b't="[ed]"', *percent))
    kinds = (b' t="s"', b"", b' s=""', b' s="" t="s"', b' t="n"', b' s="" t="n"')
    return _Patterns(
        cell=b"<%sc" % p,
        row=b"<%srow" % p,
        far=re.compile(rb'<%sc r="[A-Za-z](?:[A-Za-z]|(?!100)[0-9]{7}|[0-9]{8})' % p),
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
NAMESPACE = re.compile(
    rb"[\"'](?:http://schemas.openxmlformats.org/spreadsheetml/2006/main|http://purl.oclc.org/ooxml/spreadsheetml/main)[\"']"
)
ROOT = re.compile(rb"<((?:[A-Za-z0-9_]+:)?)worksheet[\s>]")


def _scan_bytes(scan: SheetScan) -> None:
    blocks = scan.package.blocks(scan.part)
    patterns, rest = _head(scan, blocks)
    rest, height, width = _body(scan, patterns, rest, blocks)
    for block in chain([b""], blocks):
        rest += block
        for reference in patterns.merge.findall(rest):
            scan.merge(reference.decode())
        rest = rest[-MERGE_BYTES:]
    limits = scan.package.limits
    if height > limits.rows or width > limits.columns or height * width > limits.cells:
        _measure(scan, patterns)


def _head(scan: SheetScan, blocks: Iterator[bytes]) -> tuple[_Patterns, bytes]:
    """The patterns for this sheet, and the bytes from its first row on."""
    head = b""
    for block in blocks:
        head += block
        root = ROOT.search(head)
        if root is None:
            raise _Unusual
        patterns = _patterns(root[1], scan.percent_styles)
        if start := patterns.rows_start.search(head):
            if len(NAMESPACE.findall(head)) != 1 or start[0].endswith(b"/>"):
                raise _Unusual
            return patterns, head[start.end() :]
    raise _Unusual


def _body(scan: SheetScan, patterns: _Patterns, rest: bytes, blocks: Iterator[bytes]) -> tuple[bytes, int, int]:
    """Look through the rows; the bytes after them, and how far the cells reach at most."""
    height, width = 0, 26
    while True:
        rows, ended, after = rest.partition(patterns.rows_end)
        if not ended:
            cut = max(rest.rfind(patterns.row), 0)
            rows, after = rest[:cut], rest[cut:]
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


def _piece(scan: SheetScan, patterns: _Patterns, rows: bytes) -> int:
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


def _measure(scan: SheetScan, patterns: _Patterns) -> None:
    """Go through the sheet again for how far its values, not its styled empty cells, really reach."""
    rest, limits = b"", scan.package.limits
    for block in chain(scan.package.blocks(scan.part), [b""]):
        rest += block
        cut = max(rest.rfind(patterns.cell), 0) if block else len(rest)
        found, rest = patterns.filled.findall(rest[:cut]), rest[cut:]
        rows, columns = {row for _, row in found}, {letters for letters, _ in found}
        height, width = max(map(int, rows), default=0), max((_column(name.decode()) for name in columns), default=0)
        if height <= limits.rows and width <= limits.columns:
            scan.value_at(height, width)
        else:
            for letters, row in found:  # the first that is too far is the one to name
                scan.value_at(int(row), _column(letters.decode()))


# --- the slow way: an XML parser --------------------------------------------------------------------------------------


def _scan_events(scan: SheetScan) -> None:
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

    scan: SheetScan
    row: int = 0
    column: int = 0
    cell: dict[str, str] = field(default_factory=dict)
    formula: bool = False
    value: str | None = None
    filled: bool = False
    in_value: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
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
        name = local_name(tag)
        if name == "v":
            self.in_value = False
        elif name == "c" and self.filled:
            self.scan.value_at(self.row, self.column)
            self.scan.cell(
                self.row, self.column, self.cell.get("t", ""), self.cell.get("s", ""), self.formula, self.value
            )

    def refuse(self) -> None:
        raise self.scan.package.unusual()
