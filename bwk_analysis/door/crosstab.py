"""Days, months, rooms or words beside each other: a crosstab is said and not read; rooms of an agreement are read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bwk_analysis.door.cells import Sheet, is_blank
from bwk_analysis.door.header import HEADER_SEARCH_ROWS
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import MONTH_NAMES, day, text

MANY = 3  # months or days of the week in one row
_MONTH = "|".join(MONTH_NAMES)
SHORT_DAY = re.compile(rf"(?:[a-z]{{2,9}}\.? )?\d{{1,2}}(?:[-/.]\d{{1,2}}|[- ](?:{_MONTH})\.?)")  # `ma 3-4`, `3 mei`
DAYS_OF_A_MONTH = list(range(1, 16))  # that stand at least beside each other where a row has them all
WEEKDAYS = frozenset({"ma", "di", "wo", "do", "vr", "za", "zo", "maa", "din", "woe", "don", "vri", "zat", "zon"})


@dataclass(frozen=True)
class Across:
    """What stands beside each other in a row; days are an error, as rows do not count; the rest may be an overview."""

    what: str
    row: int
    severity: str

    def say(self, sheet: Sheet) -> None:
        sheet.say("across", (self.row, 0), "", self.severity, what=self.what)


def find(sheet: Sheet, tables: Iterable[Table], rooms: Mapping[str, str]) -> Across | None:
    """What stands beside each other where a list has it one below the other, if there is anything."""
    return next(_across(sheet, tables, rooms), None)


def _across(sheet: Sheet, tables: Iterable[Table], rooms: Mapping[str, str]) -> Iterator[Across]:
    lists = [words for table in tables for words in table.words.values()]
    top = list(enumerate(sheet.rows[:HEADER_SEARCH_ROWS]))
    dated = {index: columns for index, row in top if len(columns := _days(row)) > 1}
    if len(dated) == 1:  # days in several rows are columns of days, as in a register
        [(index, columns)] = dated.items()
        if any(not is_blank(row[column]) for row in sheet.rows[index + 1 :] for column in columns):
            yield Across("dagen", index, "error")
    for index, row in top:
        texts = {fold(cell).rstrip(".") for cell in row if isinstance(cell, str) and not is_blank(cell)}
        first_letters = {text[:3] for text in texts}
        numbers = [int(cell) for cell in row if isinstance(cell, int | float) and float(cell).is_integer()]
        if numbers[: len(DAYS_OF_A_MONTH)] == DAYS_OF_A_MONTH:
            yield Across("dagen", index, "error")
        if len(first_letters & WEEKDAYS) >= MANY or len(texts & {*MONTH_NAMES}) >= MANY:
            yield Across("dagen of maanden", index, "warning")
        if len({rooms[text] for text in texts if text in rooms}) > 1:
            yield Across("kamers", index, "warning")
        if any(len({words[text] for text in texts if text in words}) > 1 for words in lists):
            yield Across("woorden van een lijst", index, "warning")


def _days(row: list[Any]) -> list[int]:
    """The columns with a day, no two the same."""
    found = {str(cell): index for index, cell in enumerate(row) if _is_day(cell)}
    return [*found.values()]


def _is_day(cell: Any) -> bool:
    return isinstance(day(cell), np.datetime64) or (isinstance(cell, str) and bool(SHORT_DAY.fullmatch(fold(cell))))


def rooms_as_text(sheet: Sheet, table: Table) -> None:
    """Rooms whose codes are numbers stand as numbers above their columns, and a header is a text."""
    names = table.header_names()
    for row in sheet.rows[:HEADER_SEARCH_ROWS]:
        if not table.missing({names.get(header_key(cell), "") for cell in row}):
            row[:] = [text(cell) if type(cell) in (int, float) else cell for cell in row]
            return
