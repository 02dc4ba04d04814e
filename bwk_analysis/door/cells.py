"""What a cell can hold, and how much a file may ask for."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from bwk_analysis.door.spelling import clean
from bwk_analysis.problems import Problem, message

MEGABYTE = 1_000_000


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
    """A number cell shown as a percentage: 0.125 for 12,5%; and how many decimals its format shows."""

    decimals: int

    def __new__(cls, number: float, decimals: int = 0) -> "Percentage":
        found = super().__new__(cls, number)
        found.decimals = decimals
        return found


class Padded(float):
    """A number cell that its format shows with leading zeros, in so many digits: 51701 as 0051701."""

    def __new__(cls, number: float, digits: int) -> "Padded":
        found = super().__new__(cls, number)
        found.digits = digits
        return found

    digits: int


Cell = None | str | bool | int | float | datetime | date | clock | timedelta | ErrorCell | NoResult


@dataclass
class Sheet:
    """One worksheet, cells at their own place, and what is wrong in it.

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
    problems: list[Problem] = field(default_factory=list)

    def say(
        self, name: str, /, cell: tuple[int, int] | None = None, column: str = "", severity: str = "", **values: Any
    ) -> None:
        """Add the problem of this name (see `message`); its cell is a row and a column, both from 0."""
        where = cell_name(*cell) if cell else ""
        self.problems.append(message(name, self.file, self.name, where, column, severity, **values))


def cell_name(row: int, column: int) -> str:
    """`B5` for row index 4 and column index 1."""
    return str(xl_rowcol_to_cell(row, column))


def ranges(numbers: list[int]) -> str:
    """`2-5, 8` for 2, 3, 4, 5, 8."""
    ordered = np.unique(numbers)
    runs = np.split(ordered, np.flatnonzero(np.diff(ordered) != 1) + 1)
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not (value.strip() and (value.isascii() or clean(value))))
