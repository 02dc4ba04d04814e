"""The data rows of a sheet: every cell through its column's parser, and a problem for what cannot be."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.agreement import TOTAL
from bwk_analysis.door import values
from bwk_analysis.door.cells import Sheet, ranges
from bwk_analysis.door.header import Layout, says_balance
from bwk_analysis.door.schema import Column, Table
from bwk_analysis.door.values import EMPTY, WITHHELD, Bad, bad
from bwk_analysis.problems import counted

NO_VALUE, MERGED = bad("no_value"), bad("merged")
SOURCE = ["source_file", "source_sheet", "source_row"]
OBJECTS = ("answer", "target", "printed", "setting")  # kinds of columns whose values are of more than one type


def read_columns(
    sheet: Sheet, where: Layout, columns: list[Column], parser: Callable[[Column], values.Parser],
    severity: str = "warning", lacking: bool = False,
) -> tuple[pd.DataFrame, np.ndarray]:  # fmt: skip
    """The data rows of a sheet, every cell through its column's parser, with its source; and which are rejected.

    A row is rejected for a bad or empty value in a required column. severity : of a bad value elsewhere; where that is
    an error, so is a word outside its list.
    lacking : a required column is missing, so every row is rejected and nothing is said of empty cells.
    """
    rejected = np.full(len(where.data), lacking)
    found: dict[str, Any] = {}
    numbers = [column for column in columns if column.kind in ("number", "hours")]
    english = numbers if any(values.holds_english(where.cells(sheet, column.name)) for column in numbers) else []
    for column in columns:
        cells, read = where.cells(sheet, column.name), parser(column)
        if column in english:
            read = values.unless_english(read)
        parsed = values.days(cells) if column.kind == "day" else values.parse_column(cells, read)
        must = column.required and not column.may_be_empty and not lacking
        settled, refused = _settle(parsed, must, sheet, where, column, severity)
        rejected |= refused
        found[column.name] = as_array(settled, column.kind)
    file, name = (pd.array([text], dtype="str").repeat(len(where.data)) for text in (sheet.file, sheet.name))
    source = dict(zip(SOURCE, (file, name, np.array(where.data, dtype=int) + 1), strict=True))
    return pd.DataFrame(found | source), rejected


def _settle(
    parsed: list[Any], must: bool, sheet: Sheet, where: Layout, column: Column, severity: str
) -> tuple[list[Any], np.ndarray]:
    """Bad cells become empty, with a problem each; in a required column they, and empty cells, reject their row."""
    refused = np.zeros(len(parsed), dtype=bool)
    merged = _merged_away(sheet, where, column.name)
    kinds = set(map(type, parsed))
    if Bad not in kinds and not merged and not (must and type(EMPTY) in kinds):
        return parsed, refused
    settled, withheld = list(parsed), []
    once: defaultdict[tuple[Bad, str, str], list[int]] = defaultdict(list)
    for position, found in enumerate(parsed):
        if found is EMPTY:
            found = MERGED if where.data[position] in merged else NO_VALUE if must else EMPTY
        if not isinstance(found, Bad):
            continue
        settled[position] = found.word if severity == "warning" else EMPTY
        if found.problem == WITHHELD.problem:
            withheld.append(position)
            continue
        kept = settled[position] is not EMPTY
        needed = column.required or column.kind.startswith("agreed_")  # what names nothing agreed counts nowhere
        refused[position] = needed and not kept and (must or found is not MERGED)
        harm = "error" if refused[position] else "warning" if found is MERGED else severity
        outcome = "row_rejected" if refused[position] else "cell_kept" if kept else "cell_emptied"
        if found.once:
            once[found, outcome, harm].append(position)
            continue
        place = where.cell(position, column.name, sheet)
        sheet.say(outcome, place, column.name, harm, wrong=found.problem, remedy=found.advice)
    for (found, outcome, harm), positions in once.items():
        rows = ranges([where.data[position] + 1 for position in positions])
        place, wrong = where.cell(positions[0], column.name), f"{found.problem} (rij {rows})"
        sheet.say(outcome, place, column.name, harm, wrong=wrong, remedy=found.advice)
    if withheld:
        cells = counted(len(withheld), "cel", "cellen")
        sheet.say("withheld_cells", where.cell(withheld[0], column.name), column.name, cells=cells)
    return settled, refused


def _merged_away(sheet: Sheet, where: Layout, name: str) -> set[int]:
    """The rows in which a column's cell is part of a merged one and not its first: it looks filled and is not."""
    if not sheet.merged or name not in where.columns:
        return set()
    column = where.columns[name] + 1
    covered: set[int] = set()
    for top, left, bottom, right in sheet.merged:
        if left <= column <= right and bottom > where.header + 1:
            covered.update(range(top - 1 if left < column else top, bottom))
    return covered


def nothing(kinds: Mapping[str, str]) -> pd.DataFrame:
    """No rows, with columns of these kinds and their source."""
    columns = {name: as_array([], kind) for name, kind in {**kinds, **dict.fromkeys(SOURCE, "text")}.items()}
    return pd.DataFrame(columns).astype({"source_row": int})


def as_array(parsed: list[Any], kind: str) -> Any:
    """Parsed cells as a column of a frame."""
    if kind == "day":
        return np.array(parsed, dtype="datetime64[s]")
    if kind in ("number", "hours"):
        return np.array(parsed, dtype=float)
    return pd.Series(parsed, dtype=object) if kind in OBJECTS else pd.array(parsed, dtype="str")


def by_room(rows: pd.DataFrame, rooms: list[Column], table: Table) -> pd.DataFrame:
    """One row per room; an empty amount is nought, as on paper, and of Totaal it is nothing."""
    names = [room.name for room in rooms]
    melted = rows.melt([*table.columns, *SOURCE], names, "room", "euro", ignore_index=False).sort_index(kind="stable")
    printed = melted[(melted["room"] != TOTAL) | melted["euro"].notna()].fillna({"euro": 0.0})
    return printed[[*table.columns, "room", "euro", *SOURCE]]


def check_totals(sheet: Sheet, where: Layout, rows: pd.DataFrame, table: Table) -> None:
    """A total line must be the sum of the rows above it, from the first row or from an earlier total line on;
    right below another total it is of more than that.

    Opening and closing balances are no sums; a total may include the opening balance above it.
    """
    ends = np.searchsorted(np.array(where.data, dtype=int), where.totals)
    for column in table.columns.values() if where.totals else ():
        if column.kind not in ("number", "hours") or column.name not in where.columns:
            continue
        if any(
            each.kind == "side" and each.name in where.columns for each in table.columns.values()
        ):  # who printed a total of unsigned amounts may have added them, or not
            continue
        sums = np.concatenate([[0.0], np.nancumsum(rows[column.name].to_numpy(dtype=float))])
        opening, place, began = 0.0, where.columns[column.name], 0
        for nth, (index, end) in enumerate(zip(where.totals, ends, strict=True)):
            printed = values.duration(sheet.rows[index][place])
            if not isinstance(printed, float):
                continue
            if says_balance(sheet.rows[index]):
                opening = printed
                continue
            starts = [0, *ends[:nth]]
            if nth and ends[nth - 1] == end:  # right below a total it is one of more than that
                starts = [start for start in starts if start < began] or [0]
            found = sums[end] - sums[starts]
            sum_of = np.isclose(printed, [found, found + opening], rtol=0, atol=0.006).any(axis=0)
            began = max((start for start, same in zip(starts, sum_of, strict=True) if same), default=0)
            if not sum_of.any():
                sheet.say("not_the_sum", (index, place), column.name)
