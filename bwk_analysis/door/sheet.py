"""One file into checked rows: which table each sheet is, every cell through its parser, every row accounted for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.agreement import is_agreement_sheet
from bwk_analysis.door import header as layout
from bwk_analysis.door import persons, surveys, values
from bwk_analysis.door.auditfile import read_auditfile
from bwk_analysis.door.cells import Limits, Sheet
from bwk_analysis.door.file import inspect
from bwk_analysis.door.header import Layout, cell_name
from bwk_analysis.door.schema import Column, Schema, Table, load_schema
from bwk_analysis.door.spelling import clean, fold, header_key
from bwk_analysis.door.surveys import Question
from bwk_analysis.door.values import EMPTY, Bad, Unlisted, Withheld
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Problem, Refused

NO_VALUE = Bad(
    "verplicht en leeg", "Vul de waarde in, op elke regel; een lege cel neemt niet de waarde van de regel erboven over."
)
MERGED = Bad(
    "leeg, want de cel is samengevoegd met de cel erboven of ernaast",
    "Hef de samenvoeging op en vul de waarde in op elke regel.",
)


@dataclass(frozen=True)
class Context:
    """What reading an export needs to know of the agreement: tables, rooms, funders, questions, the year and the key.

    rooms : None when there is no agreement: any text is a room then. year : None when no row is outside the year.
    """

    schema: Schema
    rooms: Mapping[str, str] | None
    funders: Mapping[str, str]
    questions: tuple[Question, ...]
    year: int | None
    key: bytes
    limits: Limits


def context_without_agreement(key: bytes, limits: Limits) -> Context:
    """For checking a file by itself: the usual tables, any room and any year; surveys only in the long form."""
    return Context(load_schema(), None, {}, (), None, key, limits)


@dataclass
class CheckedSheet:
    """The rows of one sheet that are left after checking, and what became of the others.

    rows : one row is a data row that was not rejected, in the table's columns, with its source and `outside` (not in
    the year). A wide survey has one row per respondent and one column per question, named `antwoord:<code>`.
    """

    file: str
    sheet: str
    table: str
    wide: bool
    rows: pd.DataFrame
    read: int
    rejected: int


@dataclass
class FileContent:
    """What one file brought: its checked sheets, its problems, and keyed hashes of the personal values it held."""

    sheets: list[CheckedSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    personal: set[str] = field(default_factory=set)


def read_file(path: Path, context: Context) -> FileContent:
    """One export file, checked. Raises Refused when it cannot or may not be read at all."""
    content = FileContent()
    if inspect(path, context.limits) == "xaf":
        sheet, problems = read_auditfile(path, context.limits)
        sheets, content.problems = [sheet], list(problems)
    else:
        sheets = read_sheets(path, context.limits)
    while sheets:
        check_sheet(sheets.pop(0), context, content)
    return content


def check_sheet(sheet: Sheet, context: Context, content: FileContent) -> None:
    """Add what one sheet brings to the content of its file. Raises Refused when it holds citizen service numbers."""
    if is_agreement_sheet(sheet) or not any(cell is not None for row in sheet.rows for cell in row):
        return
    _refuse_bsn(sheet, context.schema)
    if sheet.hidden:
        advice = "Controleer of het mee hoort te tellen."
        content.problems.append(at_sheet(sheet, "note", "het werkblad is verborgen; het is wel gelezen", advice))
    found = recognise(sheet, context)
    if isinstance(found, Problem):
        content.problems.append(found)
        return
    table, where, wide = found
    dropped = _left_out(sheet, where, context.schema)
    content.problems += where.problems + _personal_note(sheet, where, dropped)
    content.personal |= _personal_values(sheet, where, dropped, context)
    content.problems += _row_notes(sheet, where)
    checker = _check_wide if wide else _check_rows
    content.sheets.append(checker(sheet, table, where, context, content.problems))


def at_sheet(sheet: Sheet, severity: str, problem: str, advice: str, cell: str = "", column: str = "") -> Problem:
    """A problem in a place of a sheet."""
    return Problem(sheet.file, sheet.name, cell, column, severity, problem, advice)


def lines(count: int) -> str:
    """`1 regel is`, `12 regels zijn`."""
    return "1 regel is" if count == 1 else f"{count} regels zijn"


def _row_notes(sheet: Sheet, where: Layout) -> list[Problem]:
    notes = []
    hidden = sum(index + 1 in sheet.hidden_rows for index in where.data) if sheet.hidden_rows else 0
    if hidden:
        problem = f"{lines(hidden)} verborgen of weggefilterd; ze zijn wel gelezen"
        advice = "Haal het filter weg en controleer of ze mee horen te tellen."
        notes.append(at_sheet(sheet, "note", problem, advice))
    if where.totals:
        totals = "1 totaalregel telt" if len(where.totals) == 1 else f"{len(where.totals)} totaalregels tellen"
        problem = f"{totals} niet mee: rij {ranges([index + 1 for index in where.totals])}"
        notes.append(at_sheet(sheet, "note", problem, "Er hoeft niets.", f"A{where.totals[0] + 1}"))
    return notes


def ranges(numbers: list[int]) -> str:
    """`2-5, 8` for 2, 3, 4, 5, 8."""
    ordered = np.unique(numbers)
    runs = np.split(ordered, np.flatnonzero(np.diff(ordered) != 1) + 1)
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


# --- persons at the door ----------------------------------------------------------------------------------------------


def _refuse_bsn(sheet: Sheet, schema: Schema) -> None:
    top = sheet.rows[: layout.HEADER_SEARCH_ROWS]
    named = {index for row in top for index, cell in enumerate(row) if header_key(cell) in schema.bsn}
    for index in range(len(sheet.rows[0])):
        if persons.is_bsn_column((row[index] for row in sheet.rows), index in named):
            problem = "de kolom bevat burgerservicenummers; het hele bestand is geweigerd"
            advice = "Haal de kolom weg, sla op en lever opnieuw aan. Vernietig de versie met de nummers."
            raise Refused(at_sheet(sheet, "error", problem, advice, cell_name(0, index)))


def _left_out(sheet: Sheet, where: Layout, schema: Schema) -> list[int]:
    """The columns that are left out as personal: by their header, or by what is in them."""
    used = set(where.columns.values())
    return [
        index
        for index, header in enumerate(sheet.rows[where.header])
        if index not in used
        and (
            header_key(header) in schema.left_out
            or persons.holds_personal_content(sheet.rows[row][index] for row in where.data)
        )
    ]


def _personal_note(sheet: Sheet, where: Layout, dropped: list[int]) -> list[Problem]:
    """Says which columns were left out. Never what they hold."""
    if not dropped:
        return []
    cells = [cell_name(where.header, index) for index in dropped]
    count = "1 kolom" if len(cells) == 1 else f"{len(cells)} kolommen"
    problem = f"{count} met persoonsgegevens weggelaten ({', '.join(cells)})"
    advice = "Er hoeft niets; lever bij voorkeur exports zonder deze kolommen aan."
    return [at_sheet(sheet, "note", problem, advice, cells[0])]


def _personal_values(sheet: Sheet, where: Layout, dropped: list[int], context: Context) -> set[str]:
    """Keyed hashes of the names, addresses and numbers of persons in a sheet, so that no page may hold one of them."""
    header = sheet.rows[where.header]
    searched = [index for index in dropped if header_key(header[index]) not in context.schema.private]
    texts = {sheet.rows[row][index] for index in searched for row in where.data} - {None}
    known = context.rooms or {}
    return persons.hashes((text for text in texts if isinstance(text, str) and fold(text) not in known), context.key)


# --- which table ------------------------------------------------------------------------------------------------------


def recognise(sheet: Sheet, context: Context) -> tuple[Table, Layout, bool] | Problem:
    """The table a sheet is, its layout, and whether it is a wide survey; or why it is none.

    The sheet's name decides; when it says nothing, or its columns do not fit, exactly one table's required columns
    must all be in the header.
    """
    tables = context.schema.tables
    headers = {name: table.header_names() for name, table in tables.items()}
    named = next((table for table in tables.values() if layout.is_named(sheet, table)), None)
    survey = next((table for table in tables.values() if _is_survey(table)), None)
    asked = surveys.wide_names(survey, context.questions) if survey else {}
    rows = layout.header_rows(sheet, set(asked).union(*headers.values()))
    if survey and named in (None, survey):
        wide = layout.find_header(sheet, rows, survey, asked)
        if wide and any(name.startswith(surveys.ANSWER) for name in wide.columns):
            return survey, layout.lay_out(sheet, wide, surveys.without_answers(survey), asked), True
    found = {
        name: header
        for name, table in tables.items()
        if (header := layout.find_header(sheet, rows, table, headers[name]))
    }
    complete = [name for name, header in found.items() if not tables[name].missing(_present(header))]
    table = tables[complete[0]] if len(complete) == 1 else None
    if named and (named.name in complete or table is None):
        table = named
    if table and table.name in found:
        return table, layout.lay_out(sheet, found[table.name], table, headers[table.name]), False
    return _not_recognised(sheet, named, [tables[name] for name in complete], found, tables)


def _is_survey(table: Table) -> bool:
    return any(column.kind == "answer" for column in table.columns.values())


def _present(header: Layout) -> set[str]:
    return {*header.columns, *header.constants}


def _not_recognised(
    sheet: Sheet, named: Table | None, complete: list[Table], found: dict[str, Layout], tables: dict[str, Table]
) -> Problem:
    """Says why a sheet is not read; one that looks like a table is a warning, since its rows are lost."""
    if named:
        return at_sheet(sheet, "error", "er is geen kopregel gevonden; het werkblad is niet gelezen",
                        f"Zet boven de kolommen: {', '.join(named.missing(()))}.", "A1")  # fmt: skip
    if complete:
        problem = f"de koppen passen bij meer dan één tabel ({', '.join(table.name for table in complete)})"
        advice = "Geef het werkblad de naam van de tabel."
        return at_sheet(sheet, "error", f"{problem}; het werkblad is niet gelezen", advice)
    near = [name for name, header in found.items() if 2 <= len(_required(tables[name], header)) >= _half(tables[name])]
    if near:
        best = min(near, key=lambda name: len(tables[name].missing(_present(found[name]))))
        missing = ", ".join(tables[best].missing(_present(found[best])))
        problem = f"het werkblad lijkt op de tabel {best}, maar {missing} ontbreekt; het is niet gelezen"
        return at_sheet(sheet, "warning", problem, f"Geef het werkblad de naam {best} en vul de koppen aan.",
                        cell_name(found[best].header, 0))  # fmt: skip
    advice = (
        "Geef het werkblad de naam van een tabel, of controleer de koppen; doet het er niet toe, dan hoeft er niets."
    )
    return at_sheet(sheet, "note", "het werkblad is niet herkend als tabel en is niet gelezen", advice)


def _required(table: Table, header: Layout) -> list[str]:
    return [name for name in header.columns if table.columns[name].required]


def _half(table: Table) -> float:
    return len(table.missing(())) / 2


# --- the cells --------------------------------------------------------------------------------------------------------


def _parser(column: Column, table: Table, context: Context) -> values.Parser:
    withhold = _withholder(context.key)
    parsers: dict[str, values.Parser] = {
        "day": values.day, "number": values.number, "hours": values.hours, "yes_no": values.yes_no,
        "account": withhold(values.account), "answer": lambda value: value,
        "room": values.room(context.rooms) if context.rooms is not None else withhold(values.text),
        "funder": lambda value: context.funders.get(fold(value)) if isinstance(value, str) else EMPTY,
    }  # fmt: skip
    if column.kind == "word":
        return withhold(values.listed(table.words[column.name]))
    if column.kind in ("person", "hashed"):
        return _pseudonymous(values.person if column.kind == "person" else values.text, context.key)
    return parsers.get(column.kind) or withhold(values.text)


def _pseudonymous(parser: values.Parser, key: bytes) -> values.Parser:
    def parse(value: Any) -> Any:
        found = parser(value)
        return persons.pseudonym(key, found) if isinstance(found, str) else found

    return parse


def _withholder(key: bytes) -> Callable[[values.Parser], values.Parser]:
    """Makes a parser that keeps no e-mail address, phone number or IBAN, but a pseudonym in its place."""

    def withhold(parser: values.Parser) -> values.Parser:
        def parse(value: Any) -> Any:
            if isinstance(value, str) and persons.looks_personal(value):
                return Withheld(f"weggelaten {persons.pseudonym(key, clean(value))}")
            return parser(value)

        return parse

    return withhold


def _check_rows(sheet: Sheet, table: Table, where: Layout, context: Context, problems: list[Problem]) -> CheckedSheet:
    missing = layout.missing_columns(sheet, where, table)
    problems += missing
    lacking = bool(table.missing(_present(where)))
    rejected = np.full(len(where.data), lacking)
    columns: dict[str, Any] = {}
    for column in (_as_present(column, table, where) for column in table.columns.values()):
        parsed = values.parse_column(where.cells(sheet, column.name), _parser(column, table, context))
        must = column.required and not column.may_be_empty and not lacking
        settled, refused = settle(parsed, must, sheet, where, column, problems)
        rejected |= refused
        columns[column.name] = as_array(settled, column.kind)
    rows = pd.DataFrame(columns)
    if table.instead_of and not lacking:
        rejected |= _amounts(rows, rejected, sheet, where, problems)
    rows = with_source(rows, sheet, where)
    if _is_survey(table):
        rows["vraag"], rows["antwoord"] = surveys.long_answers(rows, sheet, where, context.questions, problems)
    problems += _check_totals(sheet, where, rows, table)
    return checked(sheet, table, rows, rejected, context.year, wide=False)


def _as_present(column: Column, table: Table, where: Layout) -> Column:
    """A column is required when it stands in the place of required ones, and not when another stands in its place."""
    waived = {n for name, names in table.instead_of.items() if name in where.columns for n in names}
    replaced = table.instead_of.get(column.name, ())
    if column.name in where.columns and replaced and not any(name in where.columns for name in replaced):
        return replace(column, required=True)
    return replace(column, required=False) if column.name in waived - set(where.columns) else column


def settle(
    parsed: list[Any], must: bool, sheet: Sheet, where: Layout, column: Column, problems: list[Problem]
) -> tuple[list[Any], np.ndarray]:
    """Bad cells become empty, with a problem each; in a required column they, and empty cells, reject their row."""
    refused = np.zeros(len(parsed), dtype=bool)
    merged = _merged_away(sheet, where, column.name)
    kinds = set(map(type, parsed))
    if not kinds & {Bad, Unlisted, Withheld} and not merged and not (must and type(EMPTY) in kinds):
        return parsed, refused
    settled, withheld = list(parsed), []
    for position, found in enumerate(parsed):
        if found is EMPTY and where.data[position] in merged:
            found = MERGED
        elif found is EMPTY and must:
            found = NO_VALUE
        if isinstance(found, Withheld):
            withheld.append(position)
            settled[position] = found.word
        elif isinstance(found, Unlisted):
            problems.append(_at(sheet, where, column, position, "warning", found, "de regel telt wel mee"))
            settled[position] = found.word
        elif isinstance(found, Bad):
            refused[position] = column.required and not (found is MERGED and not must)
            said = ("error", "de regel telt niet mee") if refused[position] else ("warning", "de cel is leeg gelaten")
            problems.append(_at(sheet, where, column, position, said[0], found, said[1]))
            settled[position] = EMPTY
    if withheld:
        cells = "1 cel" if len(withheld) == 1 else f"{len(withheld)} cellen"
        found = Bad(
            f"{cells} met een e-mailadres, telefoonnummer of rekeningnummer", "Zet in deze kolom geen persoonsgegevens."
        )
        problems.append(_at(sheet, where, column, withheld[0], "warning", found, "de inhoud is niet bewaard"))
    return settled, refused


def _at(
    sheet: Sheet, where: Layout, column: Column, position: int, severity: str, found: Bad | Unlisted, outcome: str
) -> Problem:
    cell = cell_name(where.data[position], where.columns.get(column.name, 0))
    return at_sheet(sheet, severity, f"{found.problem}; {outcome}", found.advice, cell, column.name)


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


def as_array(parsed: list[Any], kind: str) -> Any:
    """Parsed cells as a column of a frame."""
    if kind == "day":
        return np.array(parsed, dtype="datetime64[s]")
    if kind in ("number", "hours"):
        return np.array(parsed, dtype=float)
    if kind == "answer":
        return pd.Series(parsed, dtype=object)
    return pd.array(parsed, dtype="str")


def with_source(rows: pd.DataFrame, sheet: Sheet, where: Layout) -> pd.DataFrame:
    """The rows with the file, sheet and row they come from."""
    file, name = (pd.array([text], dtype="str").repeat(len(rows)) for text in (sheet.file, sheet.name))
    return rows.assign(source_file=file, source_sheet=name, source_row=np.array(where.data, dtype=int) + 1)


def _amounts(
    rows: pd.DataFrame, rejected: np.ndarray, sheet: Sheet, where: Layout, problems: list[Problem]
) -> np.ndarray:
    """A ledger line needs an amount: debit or credit, or a signed amount; without one it is rejected.

    `bedrag` becomes debit minus credit; debit and credit stay empty where the export has only signed amounts.
    """
    empty = rows[["debet", "credit", "bedrag"]].isna().all(axis=1).to_numpy() & ~rejected
    if "debet" in where.columns:
        rows[["debet", "credit"]] = rows[["debet", "credit"]].fillna(0.0)
    rows["bedrag"] = rows["bedrag"].fillna(rows["debet"] - rows["credit"])
    index = where.columns.get("debet", where.columns.get("bedrag", 0))
    for position in np.flatnonzero(empty):
        problem = "debet en credit zijn allebei leeg; de regel telt niet mee"
        cell = cell_name(where.data[position], index)
        problems.append(at_sheet(sheet, "error", problem, "Vul één van de twee bedragen in.", cell, "debet"))
    return empty


def checked(
    sheet: Sheet, table: Table, rows: pd.DataFrame, rejected: np.ndarray, year: int | None, wide: bool
) -> CheckedSheet:
    """The rows that were not rejected, each marked when it is outside the year."""
    kept = rows.loc[~rejected].reset_index(drop=True)
    kept["outside"] = (kept["datum"].dt.year != year) if "datum" in kept and year is not None else False
    return CheckedSheet(sheet.file, sheet.name, table.name, wide, kept, len(rows), int(rejected.sum()))


def _check_totals(sheet: Sheet, where: Layout, rows: pd.DataFrame, table: Table) -> list[Problem]:
    """A total line must be the sum of the rows above it, from the first row or from an earlier total line on.

    Opening and closing balances are no sums; a total may include the opening balance above it.
    """
    if not where.totals:
        return []
    problems = []
    ends = np.searchsorted(np.array(where.data, dtype=int), where.totals)
    for column in table.columns.values():
        if column.kind not in ("number", "hours") or column.name not in where.columns:
            continue
        sums = np.concatenate([[0.0], np.nancumsum(rows[column.name].to_numpy(dtype=float))])
        opening = 0.0
        for place, (index, end) in enumerate(zip(where.totals, ends, strict=True)):
            printed = values.duration(sheet.rows[index][where.columns[column.name]])
            if not isinstance(printed, float):
                continue
            if layout.says_balance(sheet.rows[index]):
                opening = printed
                continue
            found = sums[end] - sums[[0, *ends[:place]]]
            if not np.isclose(printed, [*found, *(found + opening)], rtol=0, atol=0.006).any():
                cell = cell_name(index, where.columns[column.name])
                problem = "de totaalregel is niet de som van de regels erboven"
                advice = "Controleer of er regels ontbreken of verborgen zijn; de totaalregel zelf telt niet mee."
                problems.append(at_sheet(sheet, "warning", problem, advice, cell, column.name))
    return problems


# --- a survey with one row per respondent -----------------------------------------------------------------------------


def _check_wide(sheet: Sheet, table: Table, where: Layout, context: Context, problems: list[Problem]) -> CheckedSheet:
    """Respondent = Id, else the row itself; a row's answers are one column per question."""
    problems += layout.missing_columns(sheet, where, surveys.without_answers(table))
    lacking = "datum" not in where.columns
    columns: dict[str, Any] = {}
    rejected = np.full(len(where.data), lacking)
    for name in ("datum", "kamer"):
        column = table.columns[name]
        parsed = values.parse_column(where.cells(sheet, name), _parser(column, table, context))
        settled, refused = settle(parsed, name == "datum" and not lacking, sheet, where, column, problems)
        rejected |= refused
        columns[name] = as_array(settled, column.kind)
    columns |= surveys.respondents(sheet, where, context.key)
    columns |= surveys.wide_answers(sheet, where, context.questions, problems)
    rows = with_source(pd.DataFrame(columns), sheet, where)
    return checked(sheet, table, rows, rejected, context.year, wide=True)
