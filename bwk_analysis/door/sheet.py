"""One file into checked rows: which table each sheet is, every cell through its parser, every row accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.door import crosstab, ledger, persons, surveys, values
from bwk_analysis.door.auditfile import read_auditfile
from bwk_analysis.door.cells import Limits, Sheet, cell_name, is_blank, ranges
from bwk_analysis.door.file import inspect
from bwk_analysis.door.header import (
    HEADER_SEARCH_ROWS,
    Layout,
    find_header,
    header_rows,
    is_named,
    lay_out,
    say_missing,
)
from bwk_analysis.door.rows import check_totals, read_columns
from bwk_analysis.door.schema import Column, Schema, Table, load_schema, load_tables
from bwk_analysis.door.spelling import clean, fold, header_key
from bwk_analysis.door.surveys import Question
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Problem, counted, refused

LONGEST_NUMBER = 20  # characters


@dataclass(frozen=True)
class Context:
    """What reading an export needs to know of the agreement; without one any room and year will do, and no question.

    rooms : spelling -> code; None when any text is a room. accounts : folded name -> number. year : None
    when no row is outside the year.
    own_words : texts of the rooms that may name no person of the exports.
    """

    key: bytes
    limits: Limits = field(default_factory=Limits)
    schema: Schema = field(default_factory=load_schema)
    rooms: Mapping[str, str] | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    year: int | None = None
    own_words: tuple[str, ...] = ()


@dataclass
class CheckedSheet:
    """The rows of one sheet that are left after checking, and what became of the others.

    rows : one row is a data row that was not rejected, in the table's columns, with its source and `outside` (not in
    the year). A wide survey has one row per respondent and one column per question, named `antwoord:<code>`.
    bare : pseudonyms of the persons in it -> pseudonyms of their numbers without leading zeros, signs and case.
    """

    file: str
    sheet: str
    table: str
    wide: bool
    rows: pd.DataFrame
    rejected: int
    bare: dict[str, str] = field(default_factory=dict)


@dataclass
class FileContent:
    """What one file brought: its checked sheets, its problems, and which of the rooms' own words name its persons."""

    sheets: list[CheckedSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    naming: set[str] = field(default_factory=set)


def read_file(path: Path, context: Context) -> FileContent:
    """One export file, checked. Raises Refused when it cannot or may not be read at all."""
    content = FileContent()
    audit = inspect(path, context.limits) == "xaf"
    sheets = [read_auditfile(path, context.limits)] if audit else read_sheets(path, context.limits)
    while sheets:
        check_sheet(sheets.pop(0), context, content)
    return content


def check_sheet(sheet: Sheet, context: Context, content: FileContent) -> None:
    """Add what one sheet brings to the content of its file. Raises Refused when it holds citizen service numbers."""
    of_agreement = any(is_named(sheet, table) for table in load_tables("agreement.toml").values())
    if of_agreement or not any(cell is not None for row in sheet.rows for cell in row):
        return
    _refuse_bsn(sheet, context.schema)
    if sheet.hidden:
        sheet.say("hidden_sheet")
    if found := recognise(sheet, context):
        table, where, wide = found
        left_out = _left_out(sheet, where, context.schema)
        headers = list(header_rows(sheet)) if wide else ()
        names = surveys.wide_names(table, context.questions, headers) if wide else table.header_names()
        _say_unread(sheet, table, where, {*names}, left_out, context)
        _say_row_notes(sheet, where)
        if context.own_words:
            content.naming |= persons.naming(context.own_words, _persons(sheet, table, where, left_out, context))
        content.sheets.append(_check_rows(sheet, table, where, wide, context))
    content.problems += sheet.problems


def _say_row_notes(sheet: Sheet, where: Layout) -> None:
    if hidden := len(sheet.hidden_rows.intersection(index + 1 for index in where.data)):
        sheet.say("hidden_rows", lines=counted(hidden, "regel is", "regels zijn"))
    if where.totals:
        totals = counted(len(where.totals), "totaalregel telt", "totaalregels tellen")
        sheet.say("totals", (where.totals[0], 0), totals=totals, rows=ranges([index + 1 for index in where.totals]))


# --- persons at the door ----------------------------------------------------------------------------------------------


def _refuse_bsn(sheet: Sheet, schema: Schema) -> None:
    top = sheet.rows[:HEADER_SEARCH_ROWS]
    named = {index for row in top for index, cell in enumerate(row) if header_key(cell) in schema.bsn}
    for index in range(len(sheet.rows[0])):
        if persons.is_bsn_column((row[index] for row in sheet.rows), index in named):
            raise refused("bsn", sheet.file, sheet.name, cell_name(0, index))


def _left_out(sheet: Sheet, where: Layout, schema: Schema) -> list[int]:
    """The columns left out as personal, by their header or by what is in them; says which, but not the latter."""
    found = [
        index
        for index, header in enumerate(sheet.rows[where.header])
        if index not in where.columns.values()
        and (
            header_key(header) in schema.left_out
            or persons.holds_personal_content(sheet.rows[row][index] for row in where.data)
        )
    ]
    if found:
        cells = ", ".join(cell_name(where.header, index) for index in found)
        columns = counted(len(found), "kolom", "kolommen")
        sheet.say("left_out", (where.header, found[0]), columns=columns, cells=cells)
    return found


def _say_unread(
    sheet: Sheet, table: Table, where: Layout, known: set[str], left_out: list[int], context: Context
) -> None:
    """One note that names the columns that are nothing to the library; a header that may be a person by its cell."""
    used = {*where.columns.values(), *left_out}
    cells = enumerate(sheet.rows[where.header])
    header = {index: clean(cell) if isinstance(cell, str) else "" for index, cell in cells}
    unread = {
        index: text
        for index, text in header.items()
        if index not in used and header_key(text) not in known
        if any(not is_blank(sheet.rows[row][index]) for row in where.data)
    }
    if unread:
        texts = unread.values()
        unsaid = {""} | persons.naming(texts, _persons(sheet, table, where, left_out, context))
        unsaid |= {text for text in texts if persons.looks_personal(text) or persons.holds_bsn(text)}
        names = {cell_name(where.header, index): text for index, text in unread.items()}
        said = ", ".join(f"{cell} ({text[:40]})" if text not in unsaid else cell for cell, text in names.items())
        columns = counted(len(unread), "kolom is", "kolommen zijn")
        sheet.say("unread", (where.header, next(iter(unread))), columns=columns, cells=said)


def _persons(sheet: Sheet, table: Table, where: Layout, left_out: list[int], context: Context) -> set[str]:
    """The names, addresses and registration numbers of persons in a sheet."""
    header, rooms = sheet.rows[where.header], context.rooms or {}
    named = [index for index in left_out if header_key(header[index]) not in context.schema.private]
    found = {text for index in named for row in where.data if isinstance(text := sheet.rows[row][index], str)}
    found = {text for text in found if fold(text) not in rooms}
    for column in table.columns.values():
        if column.kind == "person":
            cells = set(where.cells(sheet, column.name))
            found |= {text for cell in cells for text in (cell, values.person(cell)) if isinstance(text, str)}
    return found


# --- which table ------------------------------------------------------------------------------------------------------


def recognise(sheet: Sheet, context: Context) -> tuple[Table, Layout, bool] | None:
    """The table a sheet is, its layout, and whether it is a wide survey; None, and said why, when it is none.

    The sheet's name decides; when it says nothing, or its columns do not fit, exactly one table's required columns
    must all be in the header.
    """
    tables = context.schema.tables
    names = {name: table.header_names() for name, table in tables.items()}
    named = next((table for table in tables.values() if is_named(sheet, table)), None)
    rows = list(header_rows(sheet))
    survey = next(table for table in tables.values() if _is_survey(table))
    if named in (None, survey):
        asked = surveys.wide_names(survey, context.questions, rows)
        wide = find_header(sheet, rows, survey, asked)
        if wide and any(name.startswith(surveys.ANSWER) for name in wide.columns):
            wide = surveys.of_form(sheet, wide, survey, asked)
            surveys.say_unasked(sheet, wide, context.questions)
            return survey, lay_out(sheet, wide, surveys.without_answers(survey), {}), True
    headers = {name: find_header(sheet, rows, table, names[name]) for name, table in tables.items()}
    found = {n: ledger.headed(sheet, header, tables[n], names[n]) for n, header in headers.items() if header}
    complete = [name for name, header in found.items() if not tables[name].missing(header.present)]
    table = tables[complete[0]] if len(complete) == 1 else None
    if named and (named.name in complete or table is None):
        table = named
    if not complete and named in (None, survey) and wide and surveys.say_no_question(sheet, wide, context.questions):
        return None
    across = None if complete else crosstab.find(sheet, tables.values(), context.rooms or {})
    lost = named and named.name in found and len(named.missing(found[named.name].present)) > 1
    if across and (lost or across.severity == "error"):
        replace(across, severity="error").say(sheet)
        return None
    if table and table.name in found:
        return table, ledger.lay_out_cards(sheet, found[table.name], table, names[table.name]), False
    _say_not_recognised(sheet, named, complete, found, tables, across)
    return None


def _is_survey(table: Table) -> bool:
    return any(column.kind == "answer" for column in table.columns.values())


def _say_not_recognised(
    sheet: Sheet,
    named: Table | None,
    complete: list[str],
    found: dict[str, Layout],
    tables: dict[str, Table],
    across: crosstab.Across | None,
) -> None:
    """Why a sheet is not read; one that looks like a table is an error, since its rows are lost."""
    missing = {name: tables[name].missing(header.present) for name, header in found.items()}
    there = {name: sum(tables[name].columns[c].required for c in header.columns) for name, header in found.items()}
    near = [name for name in found if there[name] >= max(2, len(tables[name].missing(())) / 2)]
    if named:
        sheet.say("no_header", (0, 0), required=", ".join(named.missing(())))
    elif complete:
        sheet.say("more_tables", tables=", ".join(complete))
    elif near:
        best = min(near, key=lambda name: (len(missing[name]), -there[name]))
        if "vraag" in missing[best]:
            sheet.say("no_question", (found[best].header, 0), hint="")
            return
        sheet.say("almost_table", (found[best].header, 0), table=best, missing=", ".join(missing[best]))
    elif across:
        across.say(sheet)
    else:
        sheet.say("no_table")


# --- the cells --------------------------------------------------------------------------------------------------------


def parser_of(column: Column, table: Table, context: Context) -> values.Parser:
    """How the cells of a column of an export are read."""
    parsers: dict[str, values.Parser] = {
        "day": values.day, "number": values.number, "hours": values.hours, "yes_no": values.yes_no,
        "answer": lambda value: value, "side": values.side,
        "person": values.pseudonymous(values.person, context.key),
        "hashed": values.pseudonymous(values.text, context.key),
    }  # fmt: skip
    if context.rooms is not None:
        parsers["room"] = values.room(context.rooms)
    if column.kind in parsers:
        return parsers[column.kind]
    words = table.words.get(column.name)
    withholding = values.withholding(values.listed(words) if words else values.text, context.key)
    if column.kind in ("account", "contra"):  # the number of a bank account may be in the name of one
        read = values.account if column.kind == "account" else values.contra
        return values.of_text(withholding, lambda value: read(value, context.accounts))
    return withholding


# --- the rows ---------------------------------------------------------------------------------------------------------


def _check_rows(sheet: Sheet, table: Table, where: Layout, wide: bool, context: Context) -> CheckedSheet:
    """The rows that were not rejected, each marked when it is outside the year."""
    expected = surveys.without_answers(table) if wide else table
    say_missing(sheet, where, expected)
    lacking = bool(expected.missing(where.present))
    if not lacking:
        _say_absent(sheet, where, expected, "room" if wide else "person", context)
    columns = [
        _as_present(c, table, where) for c in table.columns.values() if not wide or c.own or c.kind in ("day", "room")
    ]
    rows, rejected = read_columns(sheet, where, columns, lambda c: parser_of(c, table, context), lacking=lacking)
    if table.instead_of and not lacking:
        rows, rejected = ledger.amounts(rows, rejected, sheet, where)
    if wide:
        answers = surveys.wide_answers(sheet, where, context.questions)
        rows = rows.assign(**surveys.respondents(sheet, where, context.key), **answers)
    elif _is_survey(table):
        rows["vraag"], rows["antwoord"] = surveys.long_answers(rows, sheet, where, context.questions)
    check_totals(sheet, where, rows, table)
    _say_ends_first(sheet, where, rows, table)
    kept = rows.assign(rejected=rejected)
    if ledger.CONTRA in where.columns:
        kept = ledger.both_sides(kept)
    kept = kept[~kept.pop("rejected")].reset_index(drop=True)
    if wide:
        surveys.say_no_days(sheet, where, kept["datum"])
    known = "datum" in kept and context.year is not None
    kept["outside"] = (kept["datum"].dt.year != context.year) if known else False
    bare = {} if wide else _bare_numbers(sheet, table, where, context.key)
    return CheckedSheet(sheet.file, sheet.name, table.name, wide, kept, int(rejected.sum()), bare)


def _bare_numbers(sheet: Sheet, table: Table, where: Layout, key: bytes) -> dict[str, str]:
    cells = {cell for c in table.columns.values() if c.kind == "person" for cell in set(where.cells(sheet, c.name))}
    numbers = {found for cell in cells if isinstance(found := values.person(cell), str)}
    return {persons.pseudonym(key, each): persons.pseudonym(key, values.bare_number(each)) for each in numbers}


def _say_absent(sheet: Sheet, where: Layout, table: Table, kind: str, context: Context) -> None:
    """A warning where a table that may do without persons, or rooms, has no column of them, and one that may be it."""
    header, used, rooms = sheet.rows[where.header], set(where.columns.values()), context.rooms or {}
    for column in table.columns.values():
        if column.kind != kind or column.required or column.name in where.columns:
            continue
        free = [i for i, cell in enumerate(header) if i not in used and isinstance(cell, str) and not is_blank(cell)]
        cells = {index: [sheet.rows[row][index] for row in where.data] for index in free}
        near = [i for i in free if (_holds_numbers(cells[i]) if kind == "person" else _holds_rooms(cells[i], rooms))]
        personal = [i for i in free if kind == "person" and header_key(header[i]) in context.schema.personal]
        if near or personal:
            place = where.header, (near or personal)[0]
            hint = f"Is het de kolom van cel {cell_name(*place)}? " if near else ""
            lines = counted(len(where.data), "regel telt", "regels tellen")
            said = "no_person_column" if kind == "person" else "no_room_column"
            sheet.say(said, place, column.name, name=column.name, lines=lines, hint=hint)


def _holds_rooms(cells: list[Any], rooms: Mapping[str, str]) -> bool:
    """Whether most cells are a room."""
    texts = [fold(values.chosen(cell)) for cell in cells if isinstance(cell, str) and not is_blank(cell)]
    return sum(text in rooms for text in texts) * 2 > len(texts)


def _holds_numbers(cells: list[Any]) -> bool:
    """Whether most cells look like the number of a person: short, one word, with a digit, and not one for all."""
    texts = [found for cell in cells if not is_blank(cell) and isinstance(found := values.person(cell), str)]
    numbers = [
        text for text in texts if " " not in text and any(map(str.isdigit, text)) and len(text) <= LONGEST_NUMBER
    ]
    return len(numbers) * 2 > len(texts) and (len(set(numbers)) > 1 or len(cells) == 1)


def _as_present(column: Column, table: Table, where: Layout) -> Column:
    """A column is required when it stands in the place of required ones, and not when another stands in its place."""
    waived = {n for name, names in table.instead_of.items() if name in where.columns for n in names}
    replaced = table.instead_of.get(column.name, ())
    if column.kind == "side":
        return replace(column, required=column.name in where.columns)
    if column.name in where.columns and replaced and not any(name in where.columns for name in replaced):
        return replace(column, required=True)
    return replace(column, required=False) if column.name in waived - set(where.columns) else column


def _say_ends_first(sheet: Sheet, where: Layout, rows: pd.DataFrame, table: Table) -> None:
    """A warning per row that ends before it begins, which is valid on no day."""
    days = [column.name for column in table.columns.values() if column.kind == "day"]
    sinds = ((name, name.replace("_sinds", "_tot")) for name in days if name.endswith("_sinds"))
    for begin, end in filter(set(days).issuperset, [table.period, *sinds] if table.period else sinds):
        for position in np.flatnonzero(rows[end] < rows[begin]):
            sheet.say("ends_first", where.cell(int(position), end), end, begin=begin)
