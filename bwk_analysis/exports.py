"""A folder of exports into checked tables: every row read is accepted, rejected, a duplicate or outside the year."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import layout, privacy, values
from bwk_analysis.agreement import is_agreement_sheet
from bwk_analysis.auditfile import read_auditfile
from bwk_analysis.layout import Layout, cell_name
from bwk_analysis.problems import Problem
from bwk_analysis.schema import Column, Schema, Table
from bwk_analysis.spreadsheets import Limits, Refused, Sheet, inspect, is_lock_file, isolated, read_sheets
from bwk_analysis.values import EMPTY, Bad, Unlisted, fold, header_key

SOURCE = ["source_file", "source_sheet", "source_row"]
ACCOUNTING = ["file", "sheet", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]
NO_ANSWER = frozenset({"weet niet", "weet ik niet", "geen mening", "n.v.t.", "nvt", "-"})
AGREE_WORDS = {
    "helemaal mee oneens": 1.0, "oneens": 2.0, "mee oneens": 2.0, "neutraal": 3.0, "niet eens, niet oneens": 3.0,
    "niet eens niet oneens": 3.0, "eens": 4.0, "mee eens": 4.0, "helemaal mee eens": 5.0,
}  # fmt: skip
SCALES = {"eens5": (1, 5), "cijfer10": (1, 10)}


@dataclass(frozen=True)
class Question:
    """A survey question: its code, the text above its column in a wide export, and its scale."""

    code: str
    text: str
    scale: str


@dataclass(frozen=True)
class Context:
    """What reading an export needs to know of the agreement: tables, rooms, funders, questions, the year and the key."""

    schema: Schema
    rooms: Mapping[str, str]
    funders: Mapping[str, str]
    questions: tuple[Question, ...]
    year: int
    key: bytes
    limits: Limits


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
    """What one file brought: its checked sheets and its problems."""

    sheets: list[CheckedSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Exports:
    """The checked tables of a dataset.

    tables : per table a frame; one row is an accepted row (enquete: an answer).
    outside_year : per table the rows that are not in the year; the ledger's controls look at them.
    accounting : one row is a sheet; read = accepted + rejected + duplicate + outside the year.
    """

    tables: dict[str, pd.DataFrame]
    outside_year: dict[str, pd.DataFrame]
    accounting: pd.DataFrame
    problems: list[Problem]


# --- one file ---------------------------------------------------------------------------------------------------------


def read_file(path: Path, context: Context) -> FileContent:
    """One export file, checked. Raises Refused when it cannot or may not be read at all."""
    content = FileContent()
    if inspect(path, context.limits) == "xaf":
        sheet, problems = read_auditfile(path, context.limits)
        sheets, content.problems = [sheet], list(problems)
    else:
        sheets = read_sheets(path, context.limits)
    for sheet in sheets:
        _check_sheet(sheet, context, content)
    return content


def _check_sheet(sheet: Sheet, context: Context, content: FileContent) -> None:
    if is_agreement_sheet(sheet) or not any(cell is not None for row in sheet.rows for cell in row):
        return
    _refuse_bsn(sheet, context.schema)
    if sheet.hidden:
        content.problems.append(
            _at_sheet(
                sheet, "note", "het werkblad is verborgen; het is wel gelezen", "Controleer of het mee hoort te tellen."
            )
        )
    table, where, wide = recognise(sheet, context)
    if table is None or where is None:
        content.problems.append(
            _at_sheet(sheet, "note", "het werkblad is niet herkend als tabel en is niet gelezen",
                      "Geef het werkblad de naam van een tabel, of controleer de koppen; als het er niet toe doet, hoeft er niets.")
        )  # fmt: skip
        return
    content.problems += where.problems
    content.problems += _personal_notes(sheet, where, context.schema)
    hidden = sum(index + 1 in sheet.hidden_rows for index in where.data)
    if hidden:
        content.problems.append(_at_sheet(sheet, "note", f"{_rows(hidden)} verborgen of weggefilterd; ze zijn wel gelezen",
                                          "Haal het filter weg en controleer of ze mee horen te tellen."))  # fmt: skip
    checker = _check_wide if wide else _check_rows
    content.sheets.append(checker(sheet, table, where, context, content.problems))


def _at_sheet(sheet: Sheet, severity: str, problem: str, advice: str, cell: str = "", column: str = "") -> Problem:
    return Problem(sheet.file, sheet.name, cell, column, severity, problem, advice)


def _rows(count: int) -> str:
    return "1 regel is" if count == 1 else f"{count} regels zijn"


def _refuse_bsn(sheet: Sheet, schema: Schema) -> None:
    named = {
        i
        for row in sheet.rows[: layout.HEADER_SEARCH_ROWS]
        for i, cell in enumerate(row)
        if header_key(cell) in schema.bsn
    }
    for index, column in enumerate(zip(*sheet.rows, strict=True)):
        if privacy.is_bsn_column(column, index in named):
            raise Refused(
                _at_sheet(sheet, "error", "de kolom bevat burgerservicenummers; het hele bestand is geweigerd",
                          "Haal de kolom weg, sla het bestand op en lever het opnieuw aan. Vernietig de versie met de nummers.",
                          cell_name(0, index))
            )  # fmt: skip


def recognise(sheet: Sheet, context: Context) -> tuple[Table | None, Layout | None, bool]:
    """The table a sheet is, its layout, and whether it is a wide survey; (None, None, False) when it is none.

    The sheet's name decides; when it says nothing, or its columns do not fit, exactly one table's required columns
    must all be in the header.
    """
    tables = context.schema.tables
    survey = next((t for t in tables.values() if any(c.kind == "answer" for c in t.columns.values())), None)
    named = next((table for table in tables.values() if layout.is_named(sheet, table)), None)
    if survey and (wide := _wide_layout(sheet, survey, context.questions)) and (named in (None, survey)):
        return survey, wide, True
    found = {
        name: where
        for name, table in tables.items()
        if (where := layout.find_layout(sheet, table, table.header_names()))
    }
    complete = [name for name, where in found.items() if not tables[name].missing({*where.columns, *where.constants})]
    if named and (named.name in complete or len(complete) != 1):
        return named, found.get(named.name), False
    if len(complete) == 1:
        return tables[complete[0]], found[complete[0]], False
    return None, None, False


def _wide_layout(sheet: Sheet, survey: Table, questions: Iterable[Question]) -> Layout | None:
    names = {
        key: name
        for key, name in survey.header_names().items()
        if survey.columns[name].kind in ("day", "room", "person")
    }
    asked = {header_key(q.text): f"antwoord:{q.code}" for q in questions}
    where = layout.find_layout(sheet, survey, names | asked)
    return where if where and any(name.startswith("antwoord:") for name in where.columns) else None


def _personal_notes(sheet: Sheet, where: Layout, schema: Schema) -> list[Problem]:
    """Says which columns were left out as personal: by their header, or by what is in them. Never what they hold."""
    used, dropped = set(where.columns.values()), []
    for index, header in enumerate(sheet.rows[where.header]):
        if index in used:
            continue
        cells = [layout.cell_at(sheet.rows[row], index) for row in where.data]
        if header_key(header) in schema.personal or privacy.holds_personal_content(cells):
            dropped.append(cell_name(where.header, index))
    if not dropped:
        return []
    count = "1 kolom" if len(dropped) == 1 else f"{len(dropped)} kolommen"
    return [
        _at_sheet(sheet, "note", f"{count} met persoonsgegevens weggelaten ({', '.join(dropped)})",
                  "Er hoeft niets; lever bij voorkeur exports zonder deze kolommen aan.", dropped[0])
    ]  # fmt: skip


def _parser(column: Column, table: Table, context: Context) -> values.Parser:
    parsers: dict[str, values.Parser] = {
        "day": values.day, "number": values.number, "hours": values.hours, "yes_no": values.yes_no,
        "account": values.account, "answer": lambda value: value, "room": values.room(context.rooms),
        "funder": lambda value: context.funders.get(fold(value)) if isinstance(value, str) else EMPTY,
    }  # fmt: skip
    if column.kind == "word":
        return values.listed(table.words[column.name])
    if column.kind in ("person", "hashed"):
        return _then(values.person, lambda found: privacy.pseudonym(context.key, found))
    return parsers.get(column.kind) or _then(values.text, lambda found: _without_personal_content(found, context.key))


def _then(parser: values.Parser, change: Callable[[str], str]) -> values.Parser:
    def parse(value: Any) -> Any:
        found = parser(value)
        return change(found) if isinstance(found, str) else found

    return parse


def _without_personal_content(found: str, key: bytes) -> str:
    return f"weggelaten {privacy.pseudonym(key, found)}" if privacy.looks_personal(found) else found


def _column_cells(sheet: Sheet, where: Layout, name: str) -> list[Any]:
    if name in where.columns:
        index = where.columns[name]
        return [layout.cell_at(sheet.rows[row], index) for row in where.data]
    return [where.constants.get(name)] * len(where.data)


def _check_rows(sheet: Sheet, table: Table, where: Layout, context: Context, problems: list[Problem]) -> CheckedSheet:
    count = len(where.data)
    missing = layout.missing_columns(sheet, where, table)
    problems += missing
    rejected = np.full(count, bool(missing))
    columns: dict[str, Any] = {}
    waived = {n for name, names in table.instead_of.items() if name in where.columns for n in names}
    for column in table.columns.values():
        cells = _column_cells(sheet, where, column.name)
        parsed = values.parse_column(cells, _parser(column, table, context))
        must = column.required and not column.may_be_empty and column.name not in waived and not missing
        parsed, refused = _settle(parsed, must, sheet, where, column, problems)
        rejected |= refused
        columns[column.name] = _array(parsed, column.kind)
    rows = pd.DataFrame(columns)
    if table.instead_of and not missing:
        rejected |= _amounts(rows, sheet, where, problems)
    rows = _with_source(rows, sheet, where)
    if any(column.kind == "answer" for column in table.columns.values()):
        rows["antwoord"] = _long_answers(rows, sheet, where, context.questions, problems)
    problems += _check_totals(sheet, where, rows, table, rejected)
    return _checked(sheet, table, rows, rejected, context.year, wide=False)


def _settle(
    parsed: list[Any], required: bool, sheet: Sheet, where: Layout, column: Column, problems: list[Problem]
) -> tuple[list[Any], np.ndarray]:
    """Bad cells become empty, with a problem each; in a required column they, and empty cells, reject their row."""
    refused = np.zeros(len(parsed), dtype=bool)
    kinds = set(map(type, parsed))
    if not kinds & {Bad, Unlisted} and not (required and type(None) in kinds):
        return parsed, refused
    index = where.columns.get(column.name, 0)
    settled = list(parsed)
    for position, found in enumerate(parsed):
        if found is EMPTY and required:
            found = Bad(
                "verplicht en leeg",
                "Vul de waarde in, op elke regel; een lege cel neemt niet de waarde van de regel erboven over.",
            )
        if not isinstance(found, (Bad, Unlisted)):
            continue
        bad = isinstance(found, Bad)
        refused[position] = bad and column.required
        settled[position] = EMPTY if isinstance(found, Bad) else found.word
        outcome = (
            ("; de regel telt niet mee" if column.required else "; de cel is leeg gelaten")
            if bad
            else "; de regel telt wel mee"
        )
        problems.append(
            _at_sheet(sheet, "error" if refused[position] else "warning", found.problem + outcome, found.advice,
                      cell_name(where.data[position], index), column.name)
        )  # fmt: skip
    return settled, refused


def _array(parsed: list[Any], kind: str) -> Any:
    if kind == "day":
        return np.array(parsed, dtype="datetime64[s]")
    if kind in ("number", "hours"):
        return np.array(parsed, dtype=float)
    if kind == "answer":
        return pd.Series(parsed, dtype=object)
    return pd.array(parsed, dtype="str")


def _with_source(rows: pd.DataFrame, sheet: Sheet, where: Layout) -> pd.DataFrame:
    return rows.assign(source_file=sheet.file, source_sheet=sheet.name, source_row=np.array(where.data, dtype=int) + 1)


def _amounts(rows: pd.DataFrame, sheet: Sheet, where: Layout, problems: list[Problem]) -> np.ndarray:
    """A ledger line needs an amount: debit or credit, or a signed amount; without one it is rejected.

    `bedrag` becomes debit minus credit; debit and credit stay empty where the export has only signed amounts.
    """
    empty = rows[["debet", "credit", "bedrag"]].isna().all(axis=1).to_numpy()
    if "debet" in where.columns:
        rows[["debet", "credit"]] = rows[["debet", "credit"]].fillna(0.0)
    rows["bedrag"] = rows["bedrag"].fillna(rows["debet"] - rows["credit"])
    index = where.columns.get("debet", where.columns.get("bedrag", 0))
    for position in np.flatnonzero(empty):
        problems.append(_at_sheet(sheet, "error", "debet en credit zijn allebei leeg; de regel telt niet mee", "Vul één van de twee bedragen in.",
                                  cell_name(where.data[position], index), "debet"))  # fmt: skip
    return empty


def _checked(
    sheet: Sheet, table: Table, rows: pd.DataFrame, rejected: np.ndarray, year: int, wide: bool
) -> CheckedSheet:
    kept = rows.loc[~rejected].reset_index(drop=True)
    kept["outside"] = (kept["datum"].dt.year != year) if "datum" in kept else False
    return CheckedSheet(sheet.file, sheet.name, table.name, wide, kept, len(rows), int(rejected.sum()))


def _check_totals(sheet: Sheet, where: Layout, rows: pd.DataFrame, table: Table, rejected: np.ndarray) -> list[Problem]:
    """Total lines are left out, and compared with the sum of the rows above them (a subtotal: since the last one)."""
    numeric = [c.name for c in table.columns.values() if c.kind in ("number", "hours") and c.name in where.columns]
    problems = []
    data = np.array(where.data)
    since = 0
    for index in where.totals:
        above = data < index
        for name in numeric:
            printed = (values.hours if table.columns[name].kind == "hours" else values.number)(
                layout.cell_at(sheet.rows[index], where.columns[name])
            )
            if isinstance(printed, Bad):
                printed = values.number(layout.cell_at(sheet.rows[index], where.columns[name]))
            if not isinstance(printed, float):
                continue
            column = rows[name].to_numpy()
            sums = {round(float(np.nansum(column[above & (data >= start)])), 2) for start in (0, since)}
            if round(printed, 2) not in sums:
                problems.append(_at_sheet(sheet, "warning", "de totaalregel is niet de som van de regels erboven",
                                          "Controleer of er regels ontbreken of verborgen zijn; de totaalregel zelf telt niet mee.",
                                          cell_name(index, where.columns[name]), name))  # fmt: skip
        since = index
    return problems


# --- surveys ----------------------------------------------------------------------------------------------------------


def answer(value: Any, scale: str) -> Any:
    """A survey answer as a number on its scale; EMPTY for no answer, Bad when it is not on the scale."""
    if isinstance(value, str):
        word = fold(value)
        if word in NO_ANSWER:
            return EMPTY
        if scale == "eens5" and word in AGREE_WORDS:
            return AGREE_WORDS[word]
    found = values.number(value)
    low, high = SCALES[scale]
    off_scale = (
        isinstance(found, Bad)
        or (found is not EMPTY and not low <= found <= high)
        or (scale == "eens5" and found is not EMPTY and found % 1)
    )
    if not off_scale:
        return found
    return Bad(
        "het antwoord staat niet op de schaal",
        f"Verwacht {low} tot en met {high}" + (", of eens/oneens in woorden." if scale == "eens5" else "."),
    )


def _settled_answers(
    cells: list[Any], scale: str, sheet: Sheet, where: Layout, index: int, name: str, problems: list[Problem]
) -> list[Any]:
    parsed = values.parse_column(cells, lambda value: answer(value, scale))
    for position, found in enumerate(parsed):
        if isinstance(found, Bad):
            parsed[position] = EMPTY
            problems.append(_at_sheet(sheet, "warning", f"{found.problem}; het telt niet als antwoord", found.advice,
                                      cell_name(where.data[position], index), name))  # fmt: skip
    return parsed


def _long_answers(
    rows: pd.DataFrame, sheet: Sheet, where: Layout, questions: Iterable[Question], problems: list[Problem]
) -> np.ndarray:
    """The answers of a long survey on their question's scale; unknown questions get a warning and no answer."""
    found = np.full(len(rows), np.nan)
    asked = rows["vraag"].map(lambda text: fold(text) if isinstance(text, str) else "")
    known = np.zeros(len(rows), dtype=bool)
    for question in questions:
        here = np.flatnonzero(asked.isin([fold(question.code), fold(question.text)]))
        known[here] = True
        cells = [rows["antwoord"].iloc[position] for position in here]
        part = Layout(where.header, where.columns, [where.data[position] for position in here])
        settled = _settled_answers(
            cells, question.scale, sheet, part, where.columns.get("antwoord", 0), "antwoord", problems
        )
        found[here] = np.array(settled, dtype=float)
        rows.loc[rows.index[here], "vraag"] = question.code
    for position in np.flatnonzero(~known & rows["vraag"].notna().to_numpy()):
        problems.append(_at_sheet(sheet, "warning", "de vraag staat niet in het werkblad vragen; het antwoord telt niet mee",
                                  "Voeg de vraag toe aan de afspraak, of gebruik haar code.",
                                  cell_name(where.data[position], where.columns.get("vraag", 0)), "vraag"))  # fmt: skip
    return found


def _check_wide(sheet: Sheet, table: Table, where: Layout, context: Context, problems: list[Problem]) -> CheckedSheet:
    """A survey with one row per respondent: respondent = Id, else the row itself."""
    keys = _row_keys(sheet, where, context.key)
    columns: dict[str, Any] = {}
    rejected = np.zeros(len(where.data), dtype=bool)
    for name, required in (("datum", True), ("kamer", False)):
        column = table.columns[name]
        parsed = values.parse_column(_column_cells(sheet, where, name), _parser(column, table, context))
        settled, refused = _settle(parsed, required, sheet, where, column, problems)
        rejected |= refused
        columns[name] = _array(settled, column.kind)
    ids = values.parse_column(_column_cells(sheet, where, "respondent"), values.person)
    has_id = [isinstance(found, str) for found in ids]
    occurrence = keys.groupby(keys).cumcount().where(~np.array(has_id), 0)
    columns["respondent"] = pd.array(
        [
            privacy.pseudonym(
                context.key, "\n".join((sheet.file, sheet.name, found)) if isinstance(found, str) else f"{key}\n{rank}"
            )
            for found, key, rank in zip(ids, keys, occurrence, strict=True)
        ],
        dtype="str",
    )
    columns["row_key"] = pd.array(keys + occurrence.astype(str), dtype="str")
    for question in context.questions:
        name = f"antwoord:{question.code}"
        if name in where.columns:
            cells = _column_cells(sheet, where, name)
            settled = _settled_answers(
                cells, question.scale, sheet, where, where.columns[name], question.code, problems
            )
            columns[name] = np.array(settled, dtype=float)
    rows = _with_source(pd.DataFrame(columns), sheet, where)
    return _checked(sheet, table, rows, rejected, context.year, wide=True)


def _row_keys(sheet: Sheet, where: Layout, key: bytes) -> "pd.Series[str]":
    """A keyed hash of each whole row, so that the same row in two exports is recognised without keeping it."""
    headers = [header_key(cell) for cell in sheet.rows[where.header]]
    texts = (
        "\n".join(
            sorted(
                f"{header}={cell!r}"
                for header, cell in zip(headers, sheet.rows[row], strict=False)
                if not values.is_blank(cell)
            )
        )
        for row in where.data
    )
    return pd.Series([privacy.pseudonym(key, text) for text in texts], dtype="str")


# --- a folder ---------------------------------------------------------------------------------------------------------

SUFFIXES = (".xlsx", ".xlsm", ".xaf", ".xls", ".xlsb", ".ods", ".csv")


def dataset_files(folder: Path) -> list[Path]:
    """The spreadsheets of a dataset in order of name; lock files of a spreadsheet program are passed over."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() in SUFFIXES and not is_lock_file(path)
    )


def read_exports(
    files: Iterable[Path], context: Context, progress: Callable[[Iterable[Path]], Iterable[Path]] = iter
) -> Exports:
    """Every file checked, then stacked per table. Which file is read first changes no figure.

    A file that is refused is a problem, not a stop. Two files with the same content are read once.
    """
    contents: list[FileContent] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in progress(sorted(files)):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in seen:
            problems.append(Problem(path.name, "", "", "", "warning", f"het bestand heeft dezelfde inhoud als {seen[digest]} en is niet nog eens gelezen",
                                    "Haal één van de twee weg."))  # fmt: skip
            continue
        seen[digest] = path.name
        try:
            contents.append(isolated(read_file, path, context, limits=context.limits, file=path.name))
        except Refused as refused:
            problems.append(refused.problem)
    problems += [problem for content in contents for problem in content.problems]
    return stack([sheet for content in contents for sheet in content.sheets], context.schema, problems)


def _one_spelling(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Counted free text in one spelling: of all that compare equal, the first in the alphabet."""
    counted = [c.name for c in table.columns.values() if c.kind == "name"]
    for name in counted:
        spellings = sorted(rows[name].dropna().unique())
        chosen: dict[str, str] = {}
        for spelling in spellings:
            chosen.setdefault(fold(spelling), spelling)
        rows = rows.assign(
            **{name: rows[name].map({spelling: chosen[fold(spelling)] for spelling in spellings}).astype("str")}
        )
    return rows


def duplicates(rows: pd.DataFrame, table: Table) -> "pd.Series[bool]":
    """Which rows repeat another row that stays; rows come in the order of file, sheet and row.

    In a register the same person, room and begin is one row, and the one with an end wins; among jobs the same room and
    job, and finished wins. Elsewhere rows equal in all columns count once, except where repetition within one sheet means
    something (anonymous visits, ledger lines): there the largest number in any one sheet stays.
    """
    if table.unique:
        return _preferred_first(rows, table).duplicated(list(table.unique)).reindex(rows.index)
    return rows[table.compared].assign(_nth=nth_in_sheet(rows, table)).duplicated()


def _preferred_first(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    rest = [column for name, column in table.columns.items() if name not in table.unique]
    rest.sort(key=lambda column: (column.kind != "yes_no", column.name not in table.period))
    names = [column.name for column in rest]
    keys = rows[names].assign(**{column.name: rows[column.name].ne("ja") for column in rest if column.kind == "yes_no"})
    latest_first = [column.kind == "day" and column.name != "datum" for column in rest]
    return rows.loc[
        keys.sort_values(names, ascending=[not latest for latest in latest_first], na_position="last").index
    ]


def nth_in_sheet(rows: pd.DataFrame, table: Table) -> "pd.Series[int]":
    """0 for the first of equal rows in one sheet, 1 for the second, …; 0 for rows of which a repetition means nothing."""
    repeatable = (
        rows[table.repeats].isna() if table.repeats in rows else pd.Series(table.repeats == "always", rows.index)
    )
    equal = [*table.compared, "source_file", "source_sheet"]
    return rows[repeatable].groupby(equal, dropna=False, sort=False).cumcount().reindex(rows.index, fill_value=0)


def _melt(rows: pd.DataFrame) -> pd.DataFrame:
    """A wide survey as answers: one row is an answer of a respondent to a question."""
    questions = [name for name in rows if name.startswith("antwoord:")]
    answers = rows.melt(["datum", "kamer", "respondent", *SOURCE], questions, "vraag", "antwoord").dropna(
        subset="antwoord"
    )
    answers["vraag"] = answers["vraag"].str.removeprefix("antwoord:")
    return answers.sort_values(SOURCE, kind="stable")


def _with_categories(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The table's columns and its source; texts as categories, so that counting them is quick."""
    kept = [c.name for c in table.columns.values() if c.kind != "hashed"]
    texts = [
        c.name for c in table.columns.values() if c.name in kept and c.kind not in ("day", "number", "hours", "answer")
    ]
    extra = [name for name in ("repeated",) if name in rows]
    categories = {name: pd.CategoricalDtype(sorted(rows[name].dropna().unique())) for name in [*texts, *SOURCE[:2]]}
    return rows[[*kept, *extra, *SOURCE]].astype(categories).reset_index(drop=True)


def _accounts(parts: list[CheckedSheet], rows: pd.DataFrame, duplicate: "pd.Series[bool]") -> list[list[Any]]:
    places = [rows["source_file"], rows["source_sheet"]]
    outside = rows["outside"].groupby(places).sum()
    twice = duplicate.reindex(rows.index, fill_value=False).groupby(places).sum()
    accounts = []
    for part in parts:
        place = (part.file, part.sheet)
        left_out = part.rejected + int(outside.get(place, 0)) + int(twice.get(place, 0))
        accounts.append(
            [
                *place,
                part.read,
                part.read - left_out,
                part.rejected,
                int(twice.get(place, 0)),
                int(outside.get(place, 0)),
            ]
        )
    return accounts


def _left_out_notes(rows: pd.DataFrame, left_out: "pd.Series[bool]", what: str, advice: str) -> list[Problem]:
    """A note per sheet with the rows that do not count, and the rule that says so."""
    notes = []
    for (file, sheet), numbers in rows.loc[left_out, SOURCE].groupby(SOURCE[:2], sort=True)["source_row"]:
        text = f"{_rows(len(numbers))} {what}: rij {_ranges(numbers.tolist())}"
        notes.append(Problem(file, sheet, f"A{numbers.iloc[0]}", "", "note", text, advice))
    return notes


def _ranges(numbers: list[int]) -> str:
    """`2-5, 8` for 2, 3, 4, 5, 8."""
    found = pd.Series(sorted(numbers))
    runs = found.groupby((found.diff() != 1).cumsum()).agg(["first", "last"])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs.itertuples(index=False))


def _duplicate_rule(table: Table, wide: bool) -> str:
    if wide:
        return "de hele regel is gelijk aan een andere"
    if table.unique:
        return f"dezelfde {', '.join(table.unique)} is één regel; de meest volledige blijft"
    if table.repeats:
        return "dezelfde regel in een ander werkblad telt één keer"
    return "regels die in alle kolommen gelijk zijn tellen één keer"


def stack(sheets: list[CheckedSheet], schema: Schema, problems: list[Problem]) -> Exports:
    """Checked sheets into one frame per table: rows outside the year set apart, rows delivered twice counted once."""
    tables: dict[str, pd.DataFrame] = {}
    outside_year: dict[str, pd.DataFrame] = {}
    accounting: list[list[Any]] = []
    problems = list(problems)
    for wide, table in itertools.product((False, True), schema.tables.values()):
        parts = sorted((s for s in sheets if s.table == table.name and s.wide == wide), key=lambda s: (s.file, s.sheet))
        if not parts:
            continue
        rows = pd.concat([part.rows for part in parts], ignore_index=True)
        outside = rows["outside"].astype(bool)
        inside = rows[~outside].drop(columns="outside").pipe(_one_spelling, table)
        duplicate = inside.duplicated("row_key") if wide else duplicates(inside, table)
        accounting += _accounts(parts, rows, duplicate)
        problems += _left_out_notes(
            rows, outside, "niet in het jaar van de afspraak", "Ze tellen niet mee; controleer de datum."
        )
        problems += _left_out_notes(
            inside, duplicate, "al eens aangeleverd", f"Regel: {_duplicate_rule(table, wide)}. Er hoeft niets."
        )
        if table.repeats == "always":
            inside["repeated"] = nth_in_sheet(inside, table) > 0
        accepted = _melt(inside[~duplicate]) if wide else inside[~duplicate]
        tables[table.name] = (
            pd.concat([tables[table.name], accepted], ignore_index=True) if table.name in tables else accepted
        )
        outside_year[table.name] = rows[outside]
    checked = {name: _with_categories(rows, schema.tables[name]) for name, rows in tables.items()}
    return Exports(
        checked,
        outside_year,
        pd.DataFrame(accounting, columns=ACCOUNTING).sort_values(["file", "sheet"], ignore_index=True),
        problems,
    )
