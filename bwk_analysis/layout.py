"""Where the header is, which column is which, and which rows below it are data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from bwk_analysis.problems import Problem
from bwk_analysis.schema import Table
from bwk_analysis.spreadsheets import Sheet
from bwk_analysis.values import fold, header_key, is_blank

HEADER_SEARCH_ROWS = 40
TOTAL_WORDS = ("totaal", "totalen", "subtotaal", "eindtotaal", "eindsaldo", "beginsaldo", "saldo", "som")
PERIOD_IN_NAME = re.compile(r"(20\d\d|kw\d|q\d|[1-4]ekwartaal|kwartaal[1-4]?|\(?\d+\)?)")


@dataclass
class Layout:
    """A sheet read as a table: column name -> index, and the indexes of data rows and of total lines."""

    header: int
    columns: dict[str, int]
    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)


def cell_name(row: int, column: int) -> str:
    """`B5` for row index 4 and column index 1."""
    return str(xl_rowcol_to_cell(row, column))


def is_named(sheet: Sheet, table: Table) -> bool:
    """Whether the sheet's name is the table's name or an alias, a year or quarter in it left aside."""
    key = header_key(sheet.name)
    return key in table.sheets or PERIOD_IN_NAME.sub("", key) in table.sheets


def _split_debit_credit(keys: list[str]) -> list[str]:
    """A header `Bedrag (Debet / Credit)` merged over two columns names both of them."""
    for index, key in enumerate(keys[:-1]):
        if "debet" in key and "credit" in key and not keys[index + 1]:
            return [*keys[:index], "debet", "credit", *keys[index + 2 :]]
    return keys


def _header_candidates(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """(index of the last header row, header key per column): each row alone, and each pair of rows as a double header."""
    above: list[str] = []
    for index, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
        keys = [header_key(cell) for cell in row]
        if any(keys):
            yield index, _split_debit_credit(keys)
            if any(above):
                width = max(len(keys), len(above))
                below, top = keys + [""] * (width - len(keys)), above + [""] * (width - len(above))
                yield index, [low or high for low, high in zip(below, top, strict=True)]
        above = keys


def find_layout(sheet: Sheet, table: Table, names: Mapping[str, str]) -> Layout | None:
    """The best header row for a table: most required columns, then most columns, then the highest row.

    `names` maps header keys to column names. None when no row names as much as one column.
    """
    best: tuple[tuple[int, int, int], int, list[str]] | None = None
    for index, keys in _header_candidates(sheet):
        found = {names[key] for key in keys if key in names}
        score = (-len(table.missing(found)), len(found), -index)
        if found and (best is None or score > best[0]):
            best = score, index, keys
    if best is None:
        return None
    _, header, keys = best
    layout = Layout(header, {})
    _name_columns(sheet, layout, keys, names)
    _find_constants(sheet, layout, table, names)
    _sort_rows(sheet, layout, table)
    return layout


def _name_columns(sheet: Sheet, layout: Layout, keys: list[str], names: Mapping[str, str]) -> None:
    own_name = {name: header_key(name) for name in names.values()}
    for index, key in enumerate(keys):
        name = names.get(key)
        if name is None:
            continue
        other = layout.columns.get(name)
        if other is None:
            layout.columns[name] = index
            continue
        exact, other_exact = key == own_name[name], keys[other] == own_name[name]
        if exact and not other_exact:
            layout.columns[name] = index
        elif exact == other_exact and _differ(sheet, layout.header, index, other):
            layout.problems.append(
                Problem(
                    sheet.file, sheet.name, cell_name(layout.header, index), name, "error",
                    f"de kolom {name} staat er twee keer, met verschillende inhoud; de eerste is gelezen",
                    "Laat één van de twee kolommen staan, of geef de andere een andere kop.",
                )
            )  # fmt: skip


def _differ(sheet: Sheet, header: int, one: int, other: int) -> bool:
    return any(cell_at(row, one) != cell_at(row, other) for row in sheet.rows[header + 1 :])


def cell_at(row: list[Any], index: int) -> Any:
    return row[index] if index < len(row) else None


def _find_constants(sheet: Sheet, layout: Layout, table: Table, names: Mapping[str, str]) -> None:
    """A value that holds for the whole sheet stands above the header: `Grootboekrekening: 4000 - Huur`."""
    missing = table.missing(layout.columns)
    for row in sheet.rows[: layout.header]:
        for index, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            label, _, value = cell.partition(":")
            name = names.get(header_key(label))
            if name in missing and name not in layout.constants:
                beside = next((c for c in row[index + 1 :] if not is_blank(c)), None)
                found = value.strip() or beside
                if found is not None:
                    layout.constants[name] = found


def _sort_rows(sheet: Sheet, layout: Layout, table: Table) -> None:
    header = sheet.rows[layout.header]
    required = (c.name for c in table.columns.values() if c.required and not c.may_be_empty)
    key_columns = [layout.columns[name] for name in required if name in layout.columns]
    for index in range(layout.header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        first = next((cell for cell in row if cell is not None), None)
        if first is None or (isinstance(first, str) and all(map(is_blank, row))) or row == header:
            continue
        if any(cell_at(row, column) is None for column in key_columns) and _says_total(row):
            layout.totals.append(index)
        else:
            layout.data.append(index)


def _says_total(row: list[Any]) -> bool:
    first_text = next((cell for cell in row if isinstance(cell, str) and cell.strip()), "")
    return re.split(r"[\s:]", fold(first_text), maxsplit=1)[0] in TOTAL_WORDS


def missing_columns(sheet: Sheet, layout: Layout, table: Table) -> list[Problem]:
    """A problem per required column that is not there, with the nearest header of the sheet."""
    problems = []
    headers = [cell for cell in sheet.rows[layout.header] if isinstance(cell, str)]
    used = set(layout.columns.values())
    unused = {
        header_key(cell): cell
        for i, cell in enumerate(sheet.rows[layout.header])
        if isinstance(cell, str) and i not in used
    }
    for name in table.missing({*layout.columns, *layout.constants}):
        column = table.columns[name]
        near = [
            match
            for alias in (name, *column.aliases)
            for match in get_close_matches(header_key(alias), unused, n=1, cutoff=0.6)
        ]
        hint = f"Heet de kolom misschien '{unused[near[0]].strip()}'? " if near else ""
        problems.append(
            Problem(
                sheet.file, sheet.name, cell_name(layout.header, 0), name, "error",
                f"de verplichte kolom {name} ontbreekt in de kopregel ({len(headers)} koppen gelezen)",
                f"{hint}Zet {name} boven de kolom, of voeg de eigen kop als alias toe in het werkblad aliassen.",
            )
        )  # fmt: skip
    return problems
