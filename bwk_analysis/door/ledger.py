"""What only a ledger has: cards below each other, each with its account above its header, two ways of amounts, and two
accounts in a row."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.door import values
from bwk_analysis.door.cells import Sheet, cell_name, is_blank
from bwk_analysis.door.header import Layout, Names, lay_out, says_total
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import Bad
from bwk_analysis.problems import Problem, counted, message, refused

LABELLED = re.compile(
    r"([^\s:]+)\s+(\d+\s*[-–]\s*\S.*|(?!(?:19|20)\d\d\b)\d{3,}(?:\s+\S.*)?)"
)  # `Grootboekrekening 4000 - Huur`
BARE = re.compile(r"\d{3,}\s*[-–]\s*[^\W\d].*|(?!(?:19|20)\d\d\b)\d{3,}(?:\s+[^\W\d].*)?")  # `4000 Huur`
CONTRA, SIDE = "tegenrekening", "kant"
HALF_A_CENT = 0.005
MOST_SPELLINGS = 10  # of two sides
METADATA_CELLS = 3  # a line between two cards of a ledger has fewer filled cells under the headers than this


def headed(sheet: Sheet, header: Layout, table: Table, names: Names) -> Layout:
    """The header with the values of missing columns that stand above it, or above their rows, for the whole card."""
    if _heads_its_rows(sheet, header, table):
        header = replace(
            header, columns={n: at for n, at in header.columns.items() if table.columns[n].kind != "account"}
        )
    missing = table.missing(header.columns)
    constants = {name: [value] for name, value in _above(sheet, 0, header.header, missing, names).items()}
    if [table.columns[name].kind for name in missing] == ["account"]:
        above = (
            next((cell for cell in sheet.rows[header.header - 1] if not is_blank(cell)), None)
            if header.header
            else None
        )
        if not constants and _is_account(above):
            constants[missing[0]] = [(header.header + 1, above)]
        elif any(missing[0] in found for _, found in _headings(sheet, header, table, names, ())):
            constants.setdefault(missing[0], [])
    return replace(header, constants=constants)


def _heads_its_rows(sheet: Sheet, header: Layout, table: Table) -> bool:
    """Whether the account stands in its own column, and in none of the rows with a day: on a line above them then."""
    account = next((n for n in header.columns if n in table.columns and table.columns[n].kind == "account"), "")
    if not account or "datum" not in header.columns:
        return False
    at = header.columns[account], header.columns["datum"]
    heads = rows = False
    for row in sheet.rows[header.header + 1 :]:
        has_account, has_day = (not is_blank(row[place]) for place in at)
        if has_account and has_day:
            return False
        heads, rows = heads or has_account, rows or has_day
    return heads and rows


def lay_out_cards(sheet: Sheet, header: Layout, table: Table, names: Names) -> Layout:
    """The header and its rows; rows between one card and the next are none, and give its values.

    Raises Refused where a span of accounts stands above the lines and nothing else says which account they are of.
    """
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
    for index, values_of in list(_headings(sheet, header, table, names, skipped)):
        skipped.add(index)
        for name, value in values_of.items():
            constants.setdefault(name, []).append((index + 1, value))
    for name, values_of_name in constants.items():
        values_of_name.sort(key=lambda found: found[0])
        if table.columns[name].kind == "account" and all(values.is_span(value) for _, value in values_of_name):
            raise refused("accounts_span", sheet.file, sheet.name, cell_name(header.header, 0))
    found = lay_out(sheet, replace(header, constants=constants), table, names, skipped)
    if not _names_accounts(found.cells(sheet, CONTRA)):  # of persons then, and left out as such
        found.columns.pop(CONTRA, None)
    if SIDE in table.columns:
        _find_side(sheet, found)
    return found


def _headings(
    sheet: Sheet, header: Layout, table: Table, names: Names, skipped: Collection[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row, its values) of every line among the rows that says whose the rows below it are: an account, a room."""
    kinds = {"account", "room"} if any(column.kind == "account" for column in table.columns.values()) else ()
    wanted = {name for name, column in table.columns.items() if column.kind in kinds and name not in header.columns}
    account = next((name for name in wanted if table.columns[name].kind == "account"), None)
    day, first = header.columns.get("datum", -1), min(header.columns.values())
    for index in range(header.header + 1, len(sheet.rows)) if wanted and day >= 0 else ():
        row = sheet.rows[index]
        if isinstance(row[day], date) or index in skipped or says_total(row):
            continue
        filled = {place: cell for place, cell in enumerate(row) if not is_blank(cell)}
        if not 0 < len(filled) <= METADATA_CELLS or not isinstance(values.day(row[day]), Bad | None):
            continue
        place, cell = next(iter(filled.items()))
        booked = any(header.columns.get(name) in filled for name in ("debet", "credit", "bedrag"))
        if found := _above(sheet, index, index + 1, wanted, names):
            yield index, {name: value for name, (_, value) in found.items()}
        elif account and place <= first and not booked and _heads_card(cell, len(filled)):
            yield index, {account: cell}


def _heads_card(cell: Any, filled: int) -> bool:
    """Whether the first cell of a line without a day is an account or a name that may be one's; a year is neither."""
    if isinstance(cell, str):
        return ":" not in cell and (_is_account(cell) or not cell.strip()[0].isdigit())
    return _is_account(cell) or (filled > 1 and isinstance(cell, float) and cell.is_integer() and cell >= 100)


def _is_account(cell: Any) -> bool:
    """Whether a cell holds the number of an account, and a name or nothing behind it."""
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell
    return isinstance(text, str) and bool(BARE.fullmatch(text.strip()))


def _find_side(sheet: Sheet, found: Layout) -> None:
    """Which column says whether an unsigned amount is debit or credit: by its header, or by what is in it."""
    if "bedrag" not in found.columns or "debet" in found.columns:
        found.columns.pop(SIDE, None)
        return
    used = set(found.columns.values())
    for index in range(len(sheet.rows[found.header]) if SIDE not in found.columns else 0):
        texts = {text for row in found.data if isinstance(text := sheet.rows[row][index], str)}
        words = {fold(text).rstrip(".") for text in texts} - {""} if len(texts) < MOST_SPELLINGS else set()
        of_sides = {values.SIDES.get(word, word) for word in words}
        whole_words = bool(words) and words <= {"debet", "debit", "credit"}
        if index not in used and (whole_words or of_sides in ({"D", "C"}, values.IN_AND_OUT)):
            found.columns[SIDE] = index
            return


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
    """Whether most of a column's cells, if any, are accounts of a ledger and not those of a bank."""
    accounts = [isinstance(values.contra(cell), str) for cell in cells if not is_blank(cell)]
    return not accounts or sum(accounts) * 2 > len(accounts)


def both_sides(lines: pd.DataFrame) -> pd.DataFrame:
    """Each line with a contra account twice, one below the other: on its account, and the opposite on the other one.

    Not those of a voucher that balances without, where every contra account has a line of its own.
    """
    voucher, has = lines["boekstuk"], lines[CONTRA].notna()
    own, contras = (pd.MultiIndex.from_arrays([voucher, lines[name]]) for name in ("rekening", CONTRA))
    lacks = pd.Series(has & ~contras.isin(own)).groupby(voucher).transform("any")
    other = lines[has & (lacks | (lines["bedrag"].groupby(voucher).transform("sum").abs() >= HALF_A_CENT))]
    swapped = {"rekening": other[CONTRA], CONTRA: other["rekening"], "debet": other["credit"], "credit": other["debet"]}
    both = pd.concat([lines, other.assign(**swapped, bedrag=-other["bedrag"])])
    return both.sort_index(kind="stable").reset_index(drop=True)


def amounts(rows: pd.DataFrame, rejected: np.ndarray, sheet: Sheet, where: Layout) -> tuple[pd.DataFrame, np.ndarray]:
    """The lines with their amount, and which are rejected because they have none.

    `bedrag` becomes debit minus credit, in euros; debit and credit stay empty where the export has signed amounts only.
    """
    empty = rows[["debet", "credit", "bedrag"]].isna().all(axis=1).to_numpy() & ~rejected
    if SIDE in where.columns:
        rows = _by_side(rows, sheet, where)
    sides = rows[["debet", "credit"]].notna().any(axis=1)
    if "debet" in where.columns:
        rows = rows.assign(debet=rows["debet"].fillna(0.0), credit=rows["credit"].fillna(0.0))
    amount = "debet" if "debet" in where.columns else "bedrag"
    for position in np.flatnonzero(empty).tolist():
        sheet.say("no_amount", where.cell(position, amount), "debet")
    return rows.assign(bedrag=(rows["debet"] - rows["credit"]).where(sides, rows["bedrag"])), rejected | empty


def _by_side(rows: pd.DataFrame, sheet: Sheet, where: Layout) -> pd.DataFrame:
    """The rows with an amount on its side. Where credit alone is below nought the sign has said it already."""
    amount, credit = rows["bedrag"], rows[SIDE].eq("C")
    below = np.flatnonzero(amount < 0).tolist()
    if below and (amount[credit].fillna(0.0) <= 0).all() and (amount[~credit].fillna(0.0) >= 0).all():
        amount = amount.abs()
    elif below:
        lines = counted(len(below), "regel staat", "regels staan")
        sheet.say("side_and_sign", where.cell(below[0], SIDE), SIDE, lines=lines)
    return rows.assign(debet=amount.mask(credit, 0.0), credit=amount.where(credit, 0.0))


# --- one ledger in two files ------------------------------------------------------------------------------------------


def delivered_otherwise(lines: pd.DataFrame, compared: list[str]) -> tuple["pd.Series[bool]", list[Problem]]:
    """Which lines another file has too, written otherwise: as an audit file and as a workbook, say. And what is said.

    Packages number and describe the same line in more than one way. So two files are held against each other over the
    days that both have: where these hold the same lines by day, account, room and amount, or the other has all of a
    whole file, they are those. Where only most are, nobody knows, and it is said. Lines that are equal in all columns
    (`compared`) are not meant.
    """
    again = pd.Series(False, index=lines.index)
    cents = (lines["bedrag"] * 100).round()
    content = ["datum", "rekening", "kostenplaats", "cents"]
    booked = lines.assign(cents=cents)[cents != 0]
    same = booked.groupby(content, dropna=False, sort=False).ngroup()
    whole = booked.groupby(compared, dropna=False, sort=False).ngroup()
    shared = booked["source_file"].groupby(same).transform("nunique") > 1
    of_file = {str(file): rows for file, rows in booked.groupby("source_file") if shared[rows.index].any()}
    said = []
    for one, other in combinations(of_file, 2):
        first = max(of_file[file]["datum"].min() for file in (one, other))
        last = min(of_file[file]["datum"].max() for file in (one, other))
        both = {file: of_file[file].index[of_file[file]["datum"].between(first, last)] for file in (one, other)}
        few, many = sorted((one, other), key=lambda file: (len(both[file]), [-ord(sign) for sign in file]))
        left = both[few][~again[both[few]]]
        found, equal = (_in_common(group[left], group[both[many]]) for group in (same, whole))
        about: dict[str, Any] = {"lines": counted(len(left), "regel", "regels"), "found": found, "other": many}
        place = few, str(lines.loc[left[0], "source_sheet"]) if len(left) else ""
        if found == equal:
            continue
        if found == len(left) and (len(left) == len(both[many]) or len(both[few]) == len(of_file[few])):
            again[left] = True
            said.append(message("ledger_again", *place, **about))
        elif found * 2 > len(left):
            said.append(message("ledger_alike", *place, **about))
    return again, said


def _in_common(one: "pd.Series[int]", other: "pd.Series[int]") -> int:
    """How many of one are among the other, each of the other once."""
    counts = pd.concat([one.value_counts(), other.value_counts()], axis=1).fillna(0)
    return int(counts.min(axis=1).sum())
