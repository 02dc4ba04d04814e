"""The sheets of a workbook, nothing lost.

Every part is unpacked and looked through once, within limits, before the native reader (calamine, which is fast) sees
it; all of it can run in a child process with bounded time and memory (`apart`), so that no file can take the run down.
What calamine loses is found in the sheet's own XML and put back. Rows as programs write them are passed over with one
pattern; the cells of any other row are looked at one by one, whatever valid layout they have.
"""

import gc
import html
import math
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import python_calamine
from xlsxwriter.utility import xl_col_to_name

from bwk_analysis.door.cells import Cell, ErrorCell, Limits, NoResult, Padded, Percentage, Sheet
from bwk_analysis.door.file import Package, in_one_layout, inspect, open_package, opened
from bwk_analysis.problems import Refused, refused

LEADING_ZEROS = re.compile(r"00+(?=;|$)")  # a number format
KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
BEFORE_1900 = ErrorCell("####")  # what Excel shows for a negative number in a date cell
NEGATIVE = object()  # stands for a negative number, which is an error only where the cell shows a date or a time


def read_sheets(path: Path | str, limits: Limits) -> list[Sheet]:
    """Every worksheet of a workbook (.xlsx, .xlsm), in order; chart and macro sheets hold no cells and are left out.

    Text stays text, white space and leading zeros included; numbers are floats; a date cell without a time is a date,
    [h]:mm a timedelta. Macros are never opened. An empty sheet has no rows.
    Raises Refused when the file is no workbook, passes a limit or cannot be read without loss.
    """
    path = Path(path)
    if inspect(path, limits) != "xlsx":
        raise refused("is_xaf", path.name)
    with opened_workbook(path, limits) as (package, made):
        tree, targets = package.tree(package.main), package.relations()
        others = dict(targets.values())
        if "sharedStrings" in others:
            deque(package.blocks(others["sharedStrings"]), 0)  # only to know that it is whole, plain XML and no bomb
        styles = _shown_otherwise(package.tree(others["styles"])) if "styles" in others else {}
        setting = tree.find("{*}calcPr")
        uncalculated = setting is not None and setting.get("fullCalcOnLoad") in ("1", "true")
        looks = []
        for element in tree.iterfind("{*}sheets/{*}sheet"):
            relation = next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "id"), "")
            kind, part = targets.get(relation, ("", ""))
            if kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                look = _Look(package, element.get("name", ""), hidden, styles, uncalculated)
                look.through(package.blocks(part))
                looks.append(look)
        return _read_cells(path, made, looks)


@contextmanager
def opened_workbook(path: Path, limits: Limits) -> Iterator[tuple[Package, BytesIO | None]]:
    """The package of a workbook; and, where the native reader would not find its parts, the copy that it is of."""
    with opened(path) as handle:
        package = open_package(handle, path.name, limits)
        made = in_one_layout(package)
        yield (open_package(made, path.name, limits), BytesIO(made.getbuffer())) if made else (package, None)


def _read_cells(path: Path, made: BytesIO | None, looks: list["_Look"]) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_object(made or path) as reader:
            found = reader.sheet_names
            if any(found.count(look.sheet) != 1 for look in looks):
                raise refused("unusual", path.name)
            return [look.completed(reader.get_sheet_by_name(look.sheet)) for look in looks]
    except (Refused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the native reader is not an Exception
        raise refused("unusual", path.name) from None


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[Cell]]:
    """The cells as calamine gives them, empty ones None; texts and dates that are equal are one object: less memory."""
    if sheet.start is None:
        return []
    seen: dict[Cell, Cell] = {"": None}
    one = seen.setdefault
    left: list[Cell] = [None] * sheet.start[1]  # calamine leaves empty first columns out, but not empty first rows
    collecting = gc.isenabled()
    gc.disable()  # lists of cells make no cycles; looking for those among a million rows takes as long as reading them
    try:
        return [left + [v if type(v) is float else one(v, v) for v in row] for row in sheet.iter_rows()]
    finally:
        if collecting:
            gc.enable()


def _shown_otherwise(styles: Element) -> dict[int, tuple[type, int]]:
    """The cell styles (by number) that show a number as a percentage: in how many decimals; or with leading zeros: in
    how many digits."""
    codes = {"9": "0%", "10": "0.00%"}  # the two that every workbook has
    codes |= {e.get("numFmtId", ""): e.get("formatCode", "") for e in styles.iterfind("{*}numFmts/{*}numFmt")}
    formats = [codes.get(style.get("numFmtId", ""), "") for style in styles.iterfind("{*}cellXfs/{*}xf")]
    shown = [re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", code) for code in formats]  # `0 "%"` is mere text
    padded = {at: (Padded, len(zeros[0])) for at, code in enumerate(formats) if (zeros := LEADING_ZEROS.match(code))}
    percent = {number: code.partition(";")[0] for number, code in enumerate(shown) if "%" in code}
    decimals = {number: len(re.sub(r"^[^.]*|[^0#?]", "", code)) for number, code in percent.items()}
    return padded | {number: (Percentage, count) for number, count in decimals.items()}


# --- what calamine loses of a sheet -----------------------------------------------------------------------------------

TAG = rb"<(?:[\w.-]+:)?%s(?=[\s/>])((?:[^>\"']|\"[^\"]*\"|'[^']*')*+)"  # whatever its prefix and attributes
ELEMENT = TAG + rb"(?:(?<=/)>|>(.*?)</(?:[\w.-]+:)?%s\s*>)"
SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?:\s[^>]*?)?(/?)>")
END = re.compile(rb"\s*+</(?:[\w.-]+:)?sheetData\s*>")
ROW = re.compile(rb"\s*+" + ELEMENT % (b"row", b"row"), re.DOTALL)
FORMULA, VALUE = re.compile(TAG % b"f"), re.compile(ELEMENT % (b"v", b"v"))
ATTRIBUTE = re.compile(rb"([\w.:-]+)\s*=\s*([\"'])(.*?)\2", re.DOTALL)
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
REFERENCE = re.compile(r"([A-Za-z]{1,9})([0-9]{1,19})")
PLAIN_CELL = (  # which calamine reads without loss; what stands for %s differs
    rb'<@c r="%s"(?: s="(?!(?:%s)")(?:0|[1-9][0-9]*+)")?(?: ?/>|('
    rb'(?: t="(?:s|b|n)")?><@v>[0-9.]{1,30}(?:E-[0-9]+)?</@v></@c>'
    rb'| t="str"><@v>[^<]*+</@v></@c>| t="inlineStr"><@is><@t(?: [^<>]*)?>[^<]*+</@t></@is></@c>))'
)
PLAIN_ROW = rb'\s*+<@row r="([0-9]{0,%d})"(?![^>]*\shidden(?!="(?:0|false)"))[^<\'&>]*+(?:(?<=/)>|>(?:%s)*+</@row>)'


@dataclass
class _Look:
    """What is found in one sheet's XML, by row and column from 1: errors, missing results, percentages, hidden rows.

    Also dates that calamine cannot express, and values far outside any table (the sheet is refused before a reader lays
    it out). `styles` are the cell styles that show a number otherwise (see `_shown_otherwise`); `uncalculated`
    says that the program that wrote the workbook left the calculating to Excel.
    """

    package: Package
    sheet: str
    hidden: bool
    styles: dict[int, tuple[type, int]]
    uncalculated: bool
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    row: int = 0
    rows: int = 0  # the used range
    columns: int = 0

    def through(self, blocks: Iterator[bytes]) -> None:
        """Look through the XML of the sheet.

        Raises Refused when it is corrupt, no plain XML, holds an unknown error code or a value that is too far away.
        """
        rest = b""
        try:
            while not (start := SHEET_DATA.search(rest)):
                rest = COMMENT.sub(b"", rest + next(blocks))
            if not start[2]:
                self._through_rows(rest[start.end() :], blocks, start[1])
            deque(blocks, 0)
        except (StopIteration, ValueError):
            raise refused("corrupt", self.package.file) from None

    def _through_rows(self, rest: bytes, blocks: Iterator[bytes], prefix: bytes) -> None:
        limits = self.package.limits
        width = min(26, limits.columns)
        digits = len(str(min(limits.rows, limits.cells // width) + 1)) - 1  # so that plain rows are within every limit
        percent = b"|".join(b"%d" % style for style in self.styles) or b"none"
        in_row, alone = (
            (b"[A-%c]\\1" % (64 + width), percent),
            (b"([A-%c])([0-9]{0,%d})" % (64 + width, digits), percent),
        )
        plain_row = re.compile((PLAIN_ROW % (digits, PLAIN_CELL % in_row)).replace(b"@", prefix))
        cells = b"(?:%s)++|%s" % (PLAIN_CELL % alone, ELEMENT % (b"c", b"c"))
        plain_cells_or_one = re.compile(cells.replace(b"@", prefix), re.DOTALL)
        while True:
            at = 0
            while found := plain_row.match(rest, at) or ROW.match(rest, at):
                if found.re is plain_row:
                    self.row = int(found[1])
                    if found[2]:
                        self._value_at(self.row, width)
                elif b"<!--" in (found[2] or b""):
                    break  # a comment that ends in a later block
                else:
                    self._through_cells(_attributes(found[1]), found[2] or b"", plain_cells_or_one)
                at = found.end()
            if END.match(rest, at):
                return
            rest = COMMENT.sub(b"", rest[at:] + next(blocks))

    def _through_cells(self, row: dict[str, str], content: bytes, plain_cells_or_one: re.Pattern[bytes]) -> None:
        """Look at the cells of one row; rows and cells without a reference follow the one before."""
        if b"<!" in content:  # the native reader passes over a value in a CDATA section
            raise refused("unusual", self.package.file)
        self.row, column = int(row.get("r", self.row + 1)), 0
        if row.get("hidden") in ("1", "true"):
            self.hidden_rows.add(self.row)
        for letter, number, filled, attributes, inside in plain_cells_or_one.findall(content):
            if letter:  # the last of some plain cells
                self.row, column = int(number), ord(letter) - 64
                if filled:
                    self._value_at(self.row, column)
                continue
            cell = _attributes(attributes)
            at_row, at_column = _position(cell.get("r", ""))
            self.row, column = at_row or self.row, at_column or column + 1
            if inside.strip():
                self._value_at(self.row, column)
                self._judge(column, cell.get("t", ""), cell.get("s", ""), inside)

    def _judge(self, column: int, kind: str, style: str, inside: bytes) -> None:
        """Keep what must be put back of one cell of this row."""
        element = VALUE.search(inside)
        value = _text(element[2] or b"") if element else None
        formula = FORMULA.search(inside) is not None
        found: Any = None
        if kind == "e":
            if value and value not in KNOWN_ERRORS:
                raise self._refused("unknown_error", column)
            found = ErrorCell(value or "#VALUE!")
        elif kind == "d":
            found = _iso_date(value or "")
        elif formula and not (value or (kind == "str" and value is not None)):
            found = NoResult()
        elif kind in ("", "n") and value:
            found = self._number(value, style, formula)
        if found is not None:
            self.cells[self.row, column] = found

    def _number(self, value: str, style: str, formula: bool) -> Any:
        try:
            number = float(value)
        except ValueError:
            return None
        if not math.isfinite(number):
            return ErrorCell("#NUM!")
        if formula and number == 0 and self.uncalculated:
            return NoResult()
        if style.isdecimal() and int(style) in self.styles:
            kind, digits = self.styles[int(style)]
            return kind(number, digits)
        return NEGATIVE if number < 0 else None

    def _value_at(self, row: int, column: int) -> None:
        """Widen the used range; a value far outside any table refuses the sheet before a reader lays it out."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        limits = self.package.limits
        if row > limits.rows or column > limits.columns:
            raise self._refused("far_away", column)
        if self.rows * self.columns > limits.cells:
            raise self._refused("large_sheet", column, rows=self.rows, columns=self.columns)

    def _refused(self, name: str, column: int, **values: Any) -> Refused:
        return refused(name, self.package.file, self.sheet, f"{xl_col_to_name(column - 1)}{self.row}", **values)

    def completed(self, sheet: python_calamine.CalamineSheet) -> Sheet:
        """The sheet as calamine read it, with what was lost put back in its place."""
        rows = _rows(sheet)
        width = max([len(rows[0]) if rows else 0, *(column for _, column in self.cells)])
        for row in rows:
            row.extend([None] * (width - len(row)))
        rows.extend([None] * width for _ in range(max((row for row, _ in self.cells), default=0) - len(rows)))
        for (number, column), value in self.cells.items():
            cells = rows[number - 1]
            if value is not NEGATIVE:
                cells[column - 1] = value
            elif isinstance(cells[column - 1], date | clock):
                cells[column - 1] = BEFORE_1900
        ranges = sheet.merged_cell_ranges or ()  # from 0
        merged = tuple((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges)
        return Sheet(self.package.file, self.sheet, rows, self.hidden, frozenset(self.hidden_rows), merged)


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): _text(value) for name, _, value in ATTRIBUTE.findall(tag)}


def _text(value: bytes) -> str:
    return html.unescape(value.decode())


def _iso_date(value: str) -> datetime | date | None:
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return None
    if moment.tzinfo:
        return None
    return moment if moment.time() != clock() else moment.date()


def _position(reference: str) -> tuple[int, int]:
    """Row and column from 1; (0, 0) when this is no reference."""
    found = REFERENCE.fullmatch(reference)
    column = 0
    for letter in found[1].upper() if found else "":
        column = column * 26 + ord(letter) - 64
    return (int(found[2]), column) if found else (0, 0)
