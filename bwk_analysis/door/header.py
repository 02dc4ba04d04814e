"""Where the header is, which column is which, and which rows below it are data.

Rows of a sheet are all of one width. Messages name cells and never quote them: what stands where a header should be may
be a person's name.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from bwk_analysis.door.cells import Sheet, cell_name, is_blank
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key

HEADER_SEARCH_ROWS = 40
PERIOD_IN_NAME = re.compile(r"(20\d\d|kw\d|q\d|[1-4]ekwartaal|kwartaal[1-4]?|\(?\d+\)?)")
TOTAL = re.compile(r"(?:sub|eind)?[ -]?(?:totaal|totalen)\b.*|.*\b(?:sub|eind)?[ -]?totaal:?|som:?|saldo\b.*")
TOTAL_WORD = re.compile(r"(?:sub|eind)?[ -]?totaal:?")
BALANCE = re.compile(r"(?:begin|eind|openings|slot)[ -]?(?:saldo|balans)\b.*")

Names = Mapping[str, str]  # header key -> column name
Keys = list[tuple[str, ...]]  # per column of a header row the keys it may be known by, the likeliest first


@dataclass
class Layout:
    """A sheet read as a table: column name -> index, and the indexes of data rows, total lines and balance lines.

    constants : column name -> (first row it holds for, value), for values that stand above the header.
    """

    header: int
    columns: dict[str, int]
    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    constants: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)

    @property
    def present(self) -> set[str]:
        """The columns that have a value: below a header, or above all of it."""
        return {*self.columns, *self.constants}

    def cells(self, sheet: Sheet, name: str) -> list[Any]:
        """The cells of a column in the data rows; of a column that is not there, its constant or nothing."""
        if name in self.columns:
            index, rows = self.columns[name], sheet.rows
            return [rows[row][index] for row in self.data]
        cells: list[Any] = [None] * len(self.data)
        for start, value in self.constants.get(name, []):
            cells = [value if row >= start else cell for row, cell in zip(self.data, cells, strict=True)]
        return cells

    def cell(self, position: int, name: str) -> tuple[int, int]:
        """Where the cell of a column is in a data row, counted from 0; of a column that is not there the first cell."""
        return self.data[position], self.columns.get(name, 0)


def is_named(sheet: Sheet, table: Table) -> bool:
    """Whether the sheet's name is the table's name or an alias, a year or quarter in it left aside."""
    key = header_key(sheet.name)
    return key in table.sheets or PERIOD_IN_NAME.sub("", key) in table.sheets


# --- the header -------------------------------------------------------------------------------------------------------


def header_rows(sheet: Sheet) -> Iterator[tuple[int, Keys]]:
    """(index of the last row, keys per column) of what may be a header: a row alone, a pair as a double header."""
    above: list[str] = []
    for index, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
        keys = [header_key(cell) for cell in row]
        if any(keys):
            yield index, [(key,) for key in _split_debit_credit(keys)]
            if any(above):
                top = _over_its_columns(above, sheet, index)
                yield index, [(low, high + low) if low else (high,) for low, high in zip(keys, top, strict=True)]
        above = keys


def _over_its_columns(keys: list[str], sheet: Sheet, row: int) -> list[str]:
    """The keys of row number `row` (from 1), a merged one over all columns it covers."""
    filled = list(keys)
    for top, left, _, right in sheet.merged:
        if top == row:
            filled[left - 1 : right] = [keys[left - 1]] * (min(right, len(keys)) - left + 1)
    return filled


def _split_debit_credit(keys: list[str]) -> list[str]:
    """A header `Bedrag (Debet / Credit)` merged over two columns names both of them."""
    for index, key in enumerate(keys[:-1]):
        if "debet" in key and "credit" in key and not keys[index + 1]:
            return [*keys[:index], "debet", "credit", *keys[index + 2 :]]
    return keys


def find_header(sheet: Sheet, rows: Iterable[tuple[int, Keys]], table: Table, names: Names) -> Layout | None:
    """The best header row for a table: most required columns, then most columns, then the highest row.

    The layout has columns and no rows yet. None when no row names as much as one column.
    """
    found: list[tuple[int, list[str]]] = []
    for index, keys in rows:
        columns = [next((names[key] for key in of_column if key in names), "") for of_column in keys]
        if any(columns):
            found.append((index, columns))
    if not found:
        return None
    header, columns = max(found, key=lambda row: (-len(table.missing(row[1])), len({*row[1]} - {""}), -row[0]))
    places: dict[str, int] = {}
    for index, name in enumerate(columns):
        if name and (name not in places or _is_own_name(sheet, header, index, name, places[name])):
            places[name] = index
    merged_with_cells_below = (bottom - 1 for top, _, bottom, _ in sheet.merged if top == header + 1)
    return Layout(max([header, *merged_with_cells_below]), places)


def _is_own_name(sheet: Sheet, header: int, index: int, name: str, other: int) -> bool:
    """Whether this header is the column's name and the other one only an alias of it."""
    own, row = header_key(name), sheet.rows[header]
    return header_key(row[index]) == own != header_key(row[other])


# --- the rows ---------------------------------------------------------------------------------------------------------


def find_layout(sheet: Sheet, table: Table, names: Names) -> Layout | None:
    """The header and the rows of a sheet that is a table; None when no row names as much as one column."""
    found = find_header(sheet, header_rows(sheet), table, names)
    return lay_out(sheet, found, table, names) if found else None


def lay_out(sheet: Sheet, header: Layout, table: Table, names: Names, skipped: Collection[int] = ()) -> Layout:
    """The header with its data rows and total lines; says which columns are twice there. skipped : other rows."""
    _say_twice(sheet, header, names)
    found = replace(header, data=[], totals=[])
    required = (c.name for c in table.columns.values() if c.required and not c.may_be_empty)
    keys = [found.columns[name] for name in required if name in found.columns]
    header_row = sheet.rows[found.header]
    for index in range(found.header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        first = next((cell for cell in row if cell is not None), None)
        if first is None or index in skipped:
            continue
        if type(first) is str and (row == header_row or all(map(is_blank, row))):
            continue
        incomplete = any(row[column] is None for column in keys)
        (found.totals if incomplete and says_total(row) else found.data).append(index)
    return found


def says_total(row: list[Any]) -> bool:
    """Whether a row without a day begins with `Totaal` (or that of a group: `DH Totaal`) or holds that word alone."""
    filled = [cell for cell in row if not is_blank(cell)]
    if says_balance(row):
        return True
    if not filled or any(isinstance(cell, date) for cell in filled):
        return False
    first = isinstance(filled[0], str) and TOTAL.fullmatch(fold(filled[0]))
    return bool(first) or any(isinstance(cell, str) and TOTAL_WORD.fullmatch(fold(cell)) for cell in filled)


def says_balance(row: list[Any]) -> bool:
    """Whether a row is an opening or closing balance, which is no sum of the rows above it."""
    first_text = next((cell for cell in row if isinstance(cell, str) and cell.strip()), "")
    return bool(BALANCE.fullmatch(fold(first_text)))


# --- what is wrong with the columns -----------------------------------------------------------------------------------


def _say_twice(sheet: Sheet, layout: Layout, names: Names) -> None:
    """A problem per column that is there a second time, under a name just as good, with other cells in it."""
    for index, cell in enumerate(sheet.rows[layout.header]):
        name = names.get(header_key(cell), "")
        used = layout.columns.get(name, index)
        if used == index or _is_own_name(sheet, layout.header, used, name, index):
            continue
        if any(cells[index] != cells[used] for cells in sheet.rows[layout.header + 1 :]):
            sheet.say("twice", (layout.header, index), name, name=name, read=cell_name(layout.header, used))


def say_missing(sheet: Sheet, layout: Layout, table: Table) -> None:
    """A problem per required or own column that is not there, and per optional one that seems to be there misspelt."""
    required = table.missing(layout.present)
    waived = {n for name in layout.present for n in table.instead_of.get(name, ())} | set(table.instead_of)
    for name, column in table.columns.items():
        if name in layout.present or (name in waived and name not in required):
            continue
        near = _nearest_header(sheet, layout, (name, *column.aliases), 0.6 if name in required else 0.8)
        hint = f"Is het misschien de kolom van cel {cell_name(*near)}? " if near else ""
        if name in required:
            lost = f"; {len(layout.data)} regels tellen niet mee" if layout.data else ""
            sheet.say("missing_column", near or (layout.header, 0), name, name=name, lost=lost, hint=hint)
        elif near and header_key(sheet.rows[near[0]][near[1]]) != header_key(name):  # else left out on purpose
            sheet.say("misspelt_column", near, name, name=name, hint=hint)
        elif column.own:
            sheet.say("own_missing", (layout.header, 0), name, name=name)


def _nearest_header(sheet: Sheet, layout: Layout, spellings: Iterable[str], cutoff: float) -> tuple[int, int] | None:
    """The cell of the header that looks most like one of the spellings and names no other column."""
    used = set(layout.columns.values())
    unused = {header_key(cell): i for i, cell in enumerate(sheet.rows[layout.header]) if i not in used}
    for spelling in spellings:
        if near := get_close_matches(header_key(spelling), [key for key in unused if key], n=1, cutoff=cutoff):
            return layout.header, unused[near[0]]
    return None
