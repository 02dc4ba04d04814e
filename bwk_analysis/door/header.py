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

from bwk_analysis.door.cells import Sheet, cell_name, is_blank, ranges
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.problems import counted

HEADER_SEARCH_ROWS = 40
PERIOD_IN_NAME = re.compile(r"(20\d\d|kw\d|q\d|[1-4]ekwartaal|kwartaal[1-4]?|\(?\d+\)?)")
TOTAL = re.compile(r"(?:sub|eind)?[ -]?(?:totaal|totalen)\b.*|.*\b(?:sub|eind)?[ -]?totaal:?|som:?|saldo\b.*")
TOTAL_WORD = re.compile(r"(?:sub|eind)?[ -]?totaal:?")
ANSWERS_BELOW = frozenset({"response", "openendedresponse", "respons", "openantwoord", "reactie"})
SECOND_HEADER = ANSWERS_BELOW | {"antwoord"}
OFF = frozenset({"nee", "onwaar", "false"})
CUT_OFF = re.compile(  # what a program writes beside an export that is not whole
    r"\b(?:data|rows?|results?)\b.*\b(?:omitted|truncated|cut off)\b|\bexceed(?:s|ed) the (?:allowed|maximum)\b"
    r"|\b(?:gegevens|rijen|regels)\b.*\b(?:weggelaten|afgekapt|ingekort)\b"
    r"|\bniet alle (?:gegevens|rijen|regels) (?:zijn|konden|worden)\b",
    re.IGNORECASE | re.DOTALL,
)
BALANCE = re.compile(r"(?:begin|eind|openings|slot)[ -]?(?:saldo|balans)\b.*")

Names = Mapping[str, str]  # header key -> column name
Keys = list[tuple[str, ...]]  # per column of a header row the keys it may be known by, the likeliest first


@dataclass
class Layout:
    """A sheet read as a table: column name -> index, and the indexes of data rows, total lines and balance lines.

    also : column name -> further columns of the same; the first that is filled counts.
    constants : column name -> (first row it holds for, value), for values that stand above the header.
    """

    header: int
    columns: dict[str, int]
    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    constants: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    also: dict[str, list[int]] = field(default_factory=dict)

    @property
    def present(self) -> set[str]:
        """The columns that have a value: below a header, or above all of it."""
        return {*self.columns, *self.constants}

    def cells(self, sheet: Sheet, name: str) -> list[Any]:
        """The cells of a column in the data rows; of a column that is not there, its constant or nothing."""
        if name in self.columns:
            index, rows = self.columns[name], sheet.rows
            if name in self.also:
                places = [self.cell(position, name, sheet) for position in range(len(self.data))]
                return [rows[row][column] for row, column in places]
            return [rows[row][index] for row in self.data]
        cells: list[Any] = [None] * len(self.data)
        for start, value in self.constants.get(name, []):
            cells = [value if row >= start else cell for row, cell in zip(self.data, cells, strict=True)]
        return cells

    def cell(self, position: int, name: str, sheet: Sheet | None = None) -> tuple[int, int]:
        """Where the cell of a column is in a data row, counted from 0; of a column that is not there the first cell.

        sheet : to know which of several columns of the same is filled there.
        """
        row, column = self.data[position], self.columns.get(name, 0)
        further = self.also.get(name, ()) if sheet and is_blank(sheet.rows[row][column]) else ()
        return row, next((other for other in further if sheet and not is_blank(sheet.rows[row][other])), column)


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
                lower = ["" if key in ANSWERS_BELOW else key for key in keys]
                yield index, [(low, high + low) if low else (high,) for low, high in zip(lower, top, strict=True)]
        above = keys


def _over_its_columns(keys: list[str], sheet: Sheet, row: int) -> list[str]:
    """The keys of row number `row` (from 1), a merged one over all columns it covers."""
    filled = list(keys)
    for top, left, _, right in sheet.merged:
        if top == row:
            filled[left - 1 : right] = [keys[left - 1]] * (min(right, len(keys)) - left + 1)
    return filled


def _split_debit_credit(keys: list[str]) -> list[str]:
    """A header `Bedrag (Debet / Credit)` merged over two columns names both of them; beside amounts their side."""
    amounts = not {"bedrag", "bedrageur", "amount"}.isdisjoint(keys)
    for index, key in enumerate([] if amounts else keys[:-1]):
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
    found = replace(header, columns=_under_merged(sheet, header), data=[], totals=[])
    ticked: list[int] = []
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
        if not any(row[column] is None for column in keys):
            found.data.append(index)
        elif is_ticked_off(row):
            ticked.append(index)
        elif index > found.header + 1 or not is_second_header(row):
            (found.totals if says_total(row) else found.data).append(index)
    if ticked:
        _say_rows(sheet, "ticked_off", ticked, lines=counted(len(ticked), "rij is", "rijen zijn"))
    _leave_what_is_below(sheet, found, keys)
    return found


def is_ticked_off(row: list[Any]) -> bool:
    """Whether a row holds nothing but ticks that are off, of boxes filled down below the rows."""
    return all(cell is False or (isinstance(cell, str) and fold(cell) in OFF) for cell in row if not is_blank(cell))


def is_second_header(row: list[Any]) -> bool:
    """Whether a row says of each column that answers stand in it, as SurveyMonkey writes it below the questions."""
    return all(is_blank(cell) or header_key(cell) in SECOND_HEADER for cell in row)


def _leave_what_is_below(sheet: Sheet, layout: Layout, keys: list[int]) -> None:
    """Takes texts below the table out of its rows, and says so; an error where one says that data were left out."""
    below: list[int] = []
    while layout.data and _is_one_text(sheet.rows[layout.data[-1]], keys):
        below.insert(0, layout.data.pop())
    while (
        below and not all(map(is_blank, sheet.rows[below[0] - 1])) and not CUT_OFF.search(_text(sheet.rows[below[0]]))
    ):
        layout.data.append(below.pop(0))
    for index in [*range(layout.header), *below]:
        if CUT_OFF.search(text := _text(sheet.rows[index])):
            sheet.say("cut_off", (index, sheet.rows[index].index(text)))
            below = [row for row in below if row != index]
    if below:
        _say_rows(sheet, "below_table", below)


def _is_one_text(row: list[Any], keys: list[int]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) == 1 and isinstance(filled[0], str) and len(keys) > 1


def _text(row: list[Any]) -> str:
    return next((cell for cell in row if isinstance(cell, str) and not is_blank(cell)), "")


def _say_rows(sheet: Sheet, name: str, rows: list[int], **values: Any) -> None:
    sheet.say(name, (rows[0], 0), rows=ranges([row + 1 for row in rows]), **values)


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


def _under_merged(sheet: Sheet, layout: Layout) -> dict[str, int]:
    """Where the columns are, also of a header that stands over more of them.

    Of a merged header the only filled column is meant. Where more are filled, or an empty column has a filled one
    without a header beside it, that is said.
    """
    columns = dict(layout.columns)
    merged = {left - 1: right for top, left, bottom, right in sheet.merged if top <= layout.header + 1 <= bottom}
    below = sheet.rows[layout.header + 1 :]
    for name, first in layout.columns.items():
        if first not in merged and any(not is_blank(row[first]) for row in below):
            continue
        end = first + 1
        while end < len(sheet.rows[0]) and is_blank(sheet.rows[layout.header][end]) and end not in columns.values():
            end += 1
        covered = range(first, min(end, merged.get(first, end)))
        filled = [column for column in covered if any(not is_blank(row[column]) for row in below)]
        if len(filled) == 1 and first in merged:
            columns[name] = filled[0]
        elif filled and filled != [first]:
            cells = ", ".join(cell_name(layout.header, column) for column in filled)
            read = cell_name(layout.header, first)
            sheet.say("over_columns", (layout.header, first), name, name=name, cells=cells, read=read)
    return columns


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
