"""What only a ledger has: cards below each other, each with its account above its header, two ways of amounts, and two
accounts in a row."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.door import values
from bwk_analysis.door.cells import Sheet, is_blank
from bwk_analysis.door.header import Layout, Names, lay_out, says_total
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import header_key

LABELLED = re.compile(r"([^\s:]+)\s+(\d+\s*[-–]\s*\S.*|(?!(?:19|20)\d\d$)\d{3,})")  # `Grootboekrekening 4000 - Huur`
CONTRA = "tegenrekening"
METADATA_CELLS = 3  # a line between two cards of a ledger has fewer filled cells under the headers than this


def headed(sheet: Sheet, header: Layout, table: Table, names: Names) -> Layout:
    """The header with the values of missing columns that stand above it, for the whole card."""
    constants = _above(sheet, 0, header.header, table.missing(header.columns), names)
    return replace(header, constants={name: [value] for name, value in constants.items()})


def lay_out_cards(sheet: Sheet, header: Layout, table: Table, names: Names) -> Layout:
    """The header and its rows; rows between one card and the header of the next are none, and give its values."""
    constants = {name: list(values) for name, values in header.constants.items()}
    skipped: set[int] = set()
    before = header.header
    for index in range(header.header + 1, len(sheet.rows)) if constants else ():
        if sheet.rows[index] != sheet.rows[header.header]:
            continue
        start = index
        while start - 1 > before and _is_between_cards(sheet.rows[start - 1], header):
            start -= 1
        for name, value in _above(sheet, start, index, constants, names).items():
            constants[name].append(value)
        skipped.update(range(start, index))
        before = index
    found = lay_out(sheet, replace(header, constants=constants), table, names, skipped)
    if not _names_accounts(found.cells(sheet, CONTRA)):  # of persons then, and left out as such
        found.columns.pop(CONTRA, None)
    return found


def _above(sheet: Sheet, start: int, header: int, wanted: Collection[str], names: Names) -> dict[str, tuple[int, Any]]:
    """(first row, value) per column wanted: `Grootboekrekening: 4000 - Huur`, in one cell or two; the nearest one."""
    found: dict[str, tuple[int, Any]] = {}
    for row in sheet.rows[start:header] if wanted else ():
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                match = LABELLED.fullmatch(cell.strip())
                label, rest = match.groups() if match else cell.partition(":")[::2]
                name = names.get(header_key(label), "")
                value = rest.strip() or next((beside for beside in row[index + 1 :] if not is_blank(beside)), None)
                if name in wanted and value is not None:
                    found[name] = header + 1, value
    return found


def _is_between_cards(row: list[Any], layout: Layout) -> bool:
    filled = sum(not is_blank(row[column]) for column in layout.columns.values())
    return filled < METADATA_CELLS and not says_total(row)


def _names_accounts(cells: list[Any]) -> bool:
    """Whether most of a column's cells are accounts of a ledger, and not those of a bank."""
    accounts = [isinstance(values.contra(cell), str) for cell in cells if not is_blank(cell)]
    return sum(accounts) * 2 > len(accounts)


def both_sides(lines: pd.DataFrame) -> pd.DataFrame:
    """Each line with a contra account twice, one below the other: on its account, and the opposite on the other one."""
    other = lines[lines[CONTRA].notna()]
    swapped = {"rekening": other[CONTRA], CONTRA: other["rekening"], "debet": other["credit"], "credit": other["debet"]}
    both = pd.concat([lines, other.assign(**swapped, bedrag=-other["bedrag"])])
    return both.sort_index(kind="stable").reset_index(drop=True)


def amounts(rows: pd.DataFrame, rejected: np.ndarray, sheet: Sheet, where: Layout) -> tuple[pd.DataFrame, np.ndarray]:
    """The lines with their amount, and which are rejected because they have none.

    `bedrag` becomes debit minus credit, in euros; debit and credit stay empty where the export has signed amounts only.
    """
    empty = rows[["debet", "credit", "bedrag"]].isna().all(axis=1).to_numpy() & ~rejected
    if "debet" in where.columns:
        rows = rows.assign(debet=rows["debet"].fillna(0.0), credit=rows["credit"].fillna(0.0))
    amount = "debet" if "debet" in where.columns else "bedrag"
    for position in np.flatnonzero(empty).tolist():
        sheet.say("no_amount", where.cell(position, amount), "debet")
    return rows.assign(bedrag=rows["bedrag"].fillna(rows["debet"] - rows["credit"])), rejected | empty
