"""A folder of exports into checked tables: every row read is accepted, rejected, a duplicate or outside the year."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pandas as pd

from bwk_analysis.agreement import Agreement
from bwk_analysis.door import persons, surveys
from bwk_analysis.door.agreed import AgreementSheets, load_agreement, room_spellings
from bwk_analysis.door.apart import Reader
from bwk_analysis.door.file import digest, is_lock_file
from bwk_analysis.door.rows import SOURCE, nothing
from bwk_analysis.door.schema import Schema, Table, load_schema
from bwk_analysis.door.sheet import CheckedSheet, Context, FileContent, ranges, read_file
from bwk_analysis.door.spelling import fold
from bwk_analysis.door.surveys import Question
from bwk_analysis.problems import Problem, Refused, counted, message

AT_A_TIME = 2  # files; more would ask for more memory than a laptop has to spare
ACCOUNTING = ["file", "sheet", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Exports:
    """The checked tables of a dataset.

    tables : per table a frame; one row is an accepted row (enquete: an answer).
    outside_year : per table the rows that are not in the year; the ledger's controls look at them.
    accounting : one row is a sheet; read = accepted + rejected + duplicate + outside the year.
    naming : of the rooms' own words the texts that hold a name or number of a person in these files.
    """

    tables: dict[str, pd.DataFrame]
    outside_year: dict[str, pd.DataFrame]
    accounting: pd.DataFrame
    problems: list[Problem]
    naming: frozenset[str] = frozenset()


def read_folder(files: Iterable[Path], progress: Progress = iter) -> tuple[Agreement, Schema, Exports]:
    """The agreement among files, the tables as it knows them, and the exports; problems are those of all files.

    Raises NoAgreement when there is none to hold the exports against.
    """
    files = list(files)
    sheets = AgreementSheets(files)
    agreement = sheets.agreement()
    context = context_of(agreement)
    exports = read_exports(files, context, progress)
    agreement = sheets.without(agreement, exports.naming)  # after which the texts are known long enough
    exports = replace(exports, naming=frozenset(), problems=[*sheets.problems, *exports.problems])
    return agreement, context.schema, exports


def check_file(path: Path, beside: Iterable[Path] = ()) -> tuple[list[Problem], pd.DataFrame]:
    """(problems, accounting) of one file by itself, as if it were the only one delivered.

    beside : the files whose agreement it is held against; without one any room and any year will do.
    """
    problems: list[Problem] = []
    context = Context(persons.load_key())
    if beside := list(beside):
        agreement, found = load_agreement(beside)
        context = context_of(agreement)
        problems = [problem for problem in found if problem.file == path.name]
    exports = read_exports([path], context)
    return [*problems, *exports.problems], exports.accounting


def context_of(agreement: Agreement) -> Context:
    """What reading an export needs to know of an agreement."""
    aliases = agreement.aliases[["table", "column", "word", "alias"]].fillna("")
    questions = agreement.questions[["question", "text", "scale"]].itertuples(index=False, name=None)
    return Context(
        schema=load_schema(tuple(aliases.itertuples(index=False, name=None))),
        rooms=room_spellings(agreement.rooms),
        funders={fold(name): name for name in agreement.funding["funder"]},
        questions=tuple(Question(*question) for question in questions),
        year=agreement.settings.year,
        key=persons.load_key(),
        own_words=tuple(agreement.explanations["text"].unique()),
    )


def no_rows(table: Table) -> pd.DataFrame:
    """A table that was not delivered: its columns, with their types, and no rows."""
    return _with_categories(nothing({column.name: column.kind for column in table.columns.values()}), table)


def read_exports(files: Iterable[Path], context: Context, progress: Progress = iter) -> Exports:
    """Every file checked, then stacked per table. Which file is read first changes no figure.

    A file that is refused is a problem, not a stop. Two files with the same content are read once.
    """
    problems: list[Problem] = []
    digests: dict[str, Path] = {}
    for path in sorted(path for path in files if not is_lock_file(path)):
        first = digests.setdefault(digest(path) or path.name, path)
        if first != path:
            problems.append(message("same_content", path.name, first=first.name))
    paths = list(digests.values())
    with _read_side_by_side(paths, context) as contents:
        read = [content for _, content in zip(progress(paths), contents, strict=True)]
    problems += [problem for content in read for problem in content.problems]
    exports = stack([sheet for content in read for sheet in content.sheets], context.schema, problems)
    return replace(exports, naming=frozenset().union(*(content.naming for content in read)))


@contextmanager
def _read_side_by_side(files: list[Path], context: Context) -> Iterator[Iterator[FileContent]]:
    """What each file brought, in their order; a few are read at the same time."""
    free: SimpleQueue[Reader] = SimpleQueue()

    def read(path: Path) -> FileContent:
        reader = free.get()
        try:
            content: FileContent = reader.run(read_file, path, context, file=path.name)
            return content
        except Refused as refused:
            return FileContent(problems=[refused.problem])
        finally:
            free.put(reader)

    with ExitStack() as ended:
        for _ in files[:AT_A_TIME]:
            reader = ended.enter_context(Reader(context.limits))
            reader.run(len, (), file="")  # a process is best forked before there are threads
            free.put(reader)
        pool = ThreadPoolExecutor(AT_A_TIME)
        ended.callback(pool.shutdown, wait=False, cancel_futures=True)
        yield pool.map(read, files)


# --- rows delivered twice ---------------------------------------------------------------------------------------------


def _one_spelling(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Counted free text in one spelling: of all that compare equal, the first in the alphabet."""
    for name in (c.name for c in table.columns.values() if c.kind == "name"):
        spellings = sorted(rows[name].dropna().unique(), reverse=True)
        chosen = {fold(spelling): spelling for spelling in spellings}
        of_each = {spelling: chosen[fold(spelling)] for spelling in spellings}
        rows = rows.assign(**{name: rows[name].map(of_each).astype("str")})
    return rows


def duplicates(rows: pd.DataFrame, table: Table) -> "pd.Series[bool]":
    """Which rows repeat another row that stays; rows come in the order of file, sheet and row.

    In a register the same person, room and begin is one row, and the one with an end wins; among jobs the same room
    and job, and finished wins. Elsewhere rows equal in all columns count once, except where repetition within one
    sheet means something (anonymous visits, ledger lines): there the largest number in any one sheet stays.
    """
    if table.unique:
        return _preferred_first(rows, table).duplicated(list(table.unique)).reindex(rows.index)
    return rows[table.compared].assign(_nth=nth_in_sheet(rows, table)).duplicated()


def _preferred_first(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    rest = [column for name, column in table.columns.items() if name not in table.unique]
    rest.sort(key=lambda column: (column.kind != "yes_no", column.name not in table.period))
    names = [column.name for column in rest]
    keys = rows[names].assign(**{column.name: rows[column.name].ne("ja") for column in rest if column.kind == "yes_no"})
    ascending = [column.kind != "day" or column.name == "datum" for column in rest]  # else the latest first
    return rows.loc[keys.sort_values(names, ascending=ascending, na_position="last").index]


def nth_in_sheet(rows: pd.DataFrame, table: Table) -> "pd.Series[int]":
    """0 for the first of equal rows in one sheet, 1 for the second, …; 0 where a repetition means nothing."""
    always = pd.Series(table.repeats == "always", rows.index)
    repeatable = rows[table.repeats].isna() if table.repeats in rows else always
    equal = [*table.compared, *SOURCE[:2]]
    return rows[repeatable].groupby(equal, dropna=False, sort=False).cumcount().reindex(rows.index, fill_value=0)


def _with_categories(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The table's columns and its source; texts as categories, so that counting them is quick."""
    kinds = {c.name: c.kind for c in table.columns.values() if c.kind != "hashed"}
    texts = [name for name, kind in kinds.items() if kind not in ("day", "number", "hours", "answer")]
    categories = {name: pd.CategoricalDtype(sorted(rows[name].dropna().unique())) for name in [*texts, *SOURCE[:2]]}
    return rows[[*kinds, *rows.columns.intersection(["repeated"]), *SOURCE]].astype(categories)


def _accounts(parts: list[CheckedSheet], rows: pd.DataFrame, duplicate: "pd.Series[bool]") -> list[list[Any]]:
    places = [rows["source_file"], rows["source_sheet"]]
    outside = rows["outside"].groupby(places).sum()
    twice = duplicate.reindex(rows.index, fill_value=False).groupby(places).sum()
    accounts: list[list[Any]] = []
    for part in parts:
        place, read = (part.file, part.sheet), len(part.rows) + part.rejected
        left_out = [part.rejected, int(twice.get(place, 0)), int(outside.get(place, 0))]
        accounts.append([*place, read, read - sum(left_out), *left_out])
    return accounts


def _left_out_notes(rows: pd.DataFrame, left_out: "pd.Series[bool]", name: str, **values: Any) -> list[Problem]:
    """A note per sheet with the rows that do not count."""
    notes = []
    for (file, sheet), numbers in rows.loc[left_out, SOURCE].groupby(SOURCE[:2], sort=True)["source_row"]:
        said = {"lines": counted(len(numbers), "regel is", "regels zijn"), "rows": ranges(numbers.tolist())}
        notes.append(message(name, file, sheet, f"A{numbers.iloc[0]}", **said, **values))
    return notes


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
    tables: defaultdict[str, list[pd.DataFrame]] = defaultdict(list)
    outside_year: defaultdict[str, list[pd.DataFrame]] = defaultdict(list)
    accounting: list[list[Any]] = []
    problems = list(problems)
    ordered = sorted(sheets, key=lambda sheet: (sheet.wide, sheet.table, sheet.file, sheet.sheet))
    for (wide, name), group in itertools.groupby(ordered, key=lambda sheet: (sheet.wide, sheet.table)):
        table, parts = schema.tables[name], list(group)
        rows = pd.concat([part.rows for part in parts], ignore_index=True)
        outside = rows["outside"].astype(bool)
        inside = rows[~outside].drop(columns="outside").pipe(_one_spelling, table)
        duplicate = inside.duplicated("row_key") if wide else duplicates(inside, table)
        accounting += _accounts(parts, rows, duplicate)
        problems += _left_out_notes(rows, outside, "outside_year")
        problems += _left_out_notes(inside, duplicate, "delivered_twice", rule=_duplicate_rule(table, wide))
        if table.repeats == "always":
            inside["repeated"] = nth_in_sheet(inside, table) > 0
        tables[name].append(surveys.melt(inside[~duplicate], SOURCE) if wide else inside[~duplicate])
        outside_year[name].append(rows[outside])
    below = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    checked = {name: _with_categories(rows, schema.tables[name]) for name, rows in below.items()}
    outside_of = {name: pd.concat(parts, ignore_index=True) for name, parts in outside_year.items()}
    accounts = pd.DataFrame(accounting, columns=ACCOUNTING).sort_values(["file", "sheet"], ignore_index=True)
    return Exports(checked, outside_of, accounts, problems)
