"""A folder of exports into checked tables: every row read is accepted, rejected, a duplicate or outside the year."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pandas as pd

from bwk_analysis.agreement import Agreement
from bwk_analysis.door import ledger, persons, surveys
from bwk_analysis.door.agreed import OWN_WORDS, AgreementSheets
from bwk_analysis.door.apart import Reader
from bwk_analysis.door.file import digest, is_lock_file
from bwk_analysis.door.rows import SOURCE, nothing
from bwk_analysis.door.schema import Schema, Table, schema_of
from bwk_analysis.door.sheet import CheckedSheet, Context, FileContent, ranges, read_file
from bwk_analysis.door.spelling import fold, room_spellings
from bwk_analysis.door.surveys import Question
from bwk_analysis.problems import Problem, Refused, counted, message

AT_A_TIME = 2  # files; more would ask for more memory than a laptop has to spare
USUAL = 0.25  # of anonymous rows: when more are equal to another, that is no sign of a mistake
ACCOUNTING = ["file", "sheet", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Exports:
    """The checked tables of a dataset.

    tables : per table a frame; one row is an accepted row (enquete: an answer).
    outside_year : per table the rows that are not in the year; the ledger's controls look at them.
    accounting : one row is a sheet; read = accepted + rejected + duplicate + outside the year.
    naming : of the rooms' own words the texts that hold a name or number of a person in these files.
    agreed : (file, sheet) of the agreement -> which column stands where.
    """

    tables: dict[str, pd.DataFrame]
    outside_year: dict[str, pd.DataFrame]
    accounting: pd.DataFrame
    problems: list[Problem]
    naming: frozenset[str] = frozenset()
    agreed: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)


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
    problems = [*sheets.problems, *exports.problems, *nothing_read(files, exports, sheets.places)]
    exports = replace(exports, naming=frozenset(), problems=problems, agreed=sheets.places)
    return agreement, context.schema, exports


def nothing_read(
    files: Iterable[Path], exports: Exports, agreed: Iterable[tuple[str, str]]
) -> list[Problem]:  # fmt: skip
    """A warning per file of which no sheet is a table, or one of the agreement, and nothing else is said."""
    told = {*exports.accounting["file"], *(file for file, _ in agreed)}
    told |= {problem.file for problem in exports.problems if problem.severity != "note"}
    return [message("nothing_read", path.name) for path in files if path.name not in told]


def context_of(agreement: Agreement) -> Context:
    """What reading an export needs to know of an agreement."""
    questions = agreement.questions[["question", "text", "scale"]].itertuples(index=False, name=None)
    return Context(
        schema=schema_of(agreement.aliases, agreement.own_columns),
        rooms=room_spellings(agreement.rooms),
        accounts=_account_names(agreement.accounts),
        questions=tuple(Question(*question) for question in questions),
        year=agreement.settings.year,
        key=persons.load_key(),
        own_words=tuple({text for own in _own_words(agreement) for text in own.dropna()}),
    )


def _own_words(agreement: Agreement) -> Iterator[pd.Series]:
    for frame, columns in OWN_WORDS.items():
        yield from (getattr(agreement, frame)[field] for field in columns)


def _account_names(accounts: pd.DataFrame) -> dict[str, str]:
    """Folded name -> number, of accounts that have a name of their own."""
    named = accounts.dropna(subset="name").assign(name=lambda rows: rows["name"].map(fold))
    return dict(named.drop_duplicates("name", keep=False)[["name", "account"]].itertuples(index=False, name=None))


def no_rows(table: Table) -> pd.DataFrame:
    """A table that was not delivered: its columns, with their types, and no rows."""
    return _no_rows(tuple(_kinds(table).items()))


@cache
def _no_rows(kinds: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return _with_categories(nothing(dict(kinds)), dict(kinds))


def _kinds(table: Table) -> dict[str, str]:
    """The columns that a table is kept with, and what each holds."""
    return {c.name: c.kind for c in table.columns.values() if c.kind not in ("hashed", "side")}


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


def duplicates(rows: pd.DataFrame, table: Table, alike: "pd.Series[bool]") -> "pd.Series[bool]":
    """Which rows repeat another row that stays; rows come in the order of file, sheet and row.

    In a register the same person, room and begin is one row, and the one with an end wins; among jobs the same room
    and job, and finished wins. Elsewhere, of rows that are equal (`alike`), the largest number in any one sheet stays;
    where the lower row of a day counts, those of the sheet that has most of that day. Of rows that differ in an own
    column alone those with something in it stay, by what it is. So the names of files decide nothing.
    """
    if table.unique:
        return _preferred_first(rows, table).duplicated(list(table.unique)).reindex(rows.index)
    some, order = rows[alike], list(table.own)
    if table.latest_per:
        of_day = rows.groupby([*table.latest_per, "datum", *SOURCE[:2]])["source_row"].transform("size")
        some, order = some.assign(beside=-of_day[alike]), [*order, "beside", "source_row"]
    some = some.sort_values(order, kind="stable") if order else some
    equal, sheet = _numbered(some, table.compared), _numbered(some, SOURCE[:2])
    most = equal.groupby([equal, sheet]).transform("size").groupby(equal).transform("max")
    whole = _numbered(some, [*table.compared, *table.own])
    twice = pd.DataFrame({"whole": whole, "nth": whole.groupby([whole, sheet]).cumcount()}).duplicated()
    twice |= (~twice).groupby(equal).cumsum() > most
    return twice.reindex(rows.index, fill_value=False)


def _numbered(rows: pd.DataFrame, columns: list[str]) -> "pd.Series[int]":
    """A number for each row, the same where these columns are."""
    return rows.groupby(columns, dropna=False, sort=False).ngroup()


def _preferred_first(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    rest = [column for name, column in table.columns.items() if name not in table.unique]
    rest.sort(key=lambda column: (column.own, column.kind != "yes_no", column.name not in table.period))
    names = [column.name for column in rest]
    keys = rows[names].assign(**{column.name: rows[column.name].ne("ja") for column in rest if column.kind == "yes_no"})
    ascending = [column.kind != "day" or column.name == "datum" for column in rest]  # else the latest first
    return rows.loc[keys.sort_values(names, ascending=ascending, na_position="last").index]


def _with_categories(rows: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """A table's columns and its source; texts as categories, so that counting them is quick."""
    texts = [name for name, kind in kinds.items() if kind not in ("day", "number", "hours", "answer")]
    categories = {name: pd.CategoricalDtype(sorted(rows[name].dropna().unique())) for name in [*texts, *SOURCE[:2]]}
    return rows[[*kinds, *SOURCE]].astype(categories)


def _in_whole(lines: pd.DataFrame, left_out: "pd.Series[bool]") -> "pd.Series[bool]":
    """(file, sheet, row) -> whether all lines of that row are left out: a row with two accounts is two lines."""
    if not left_out.any():
        lines, left_out = lines[:0], left_out[:0]
    return lines[SOURCE].assign(left_out=left_out).groupby(SOURCE, sort=True)["left_out"].all()


def _accounts(parts: list[CheckedSheet], rows: pd.DataFrame, duplicate: "pd.Series[bool]") -> list[list[Any]]:
    every = [
        _in_whole(rows, left_out) for left_out in (duplicate.reindex(rows.index, fill_value=False), rows["outside"])
    ]
    twice, outside = (of_row.groupby(SOURCE[:2]).sum() for of_row in every)
    accounts: list[list[Any]] = []
    for part in parts:
        place, read = (part.file, part.sheet), part.rows["source_row"].nunique() + part.rejected
        left_out = [part.rejected, int(twice.get(place, 0)), int(outside.get(place, 0))]
        accounts.append([*place, read, read - sum(left_out), *left_out])
    return accounts


def _left_out_notes(rows: pd.DataFrame, left_out: "pd.Series[bool]", name: str, **values: Any) -> list[Problem]:
    """A note per sheet with the rows that do not count."""
    notes = []
    every = _in_whole(rows, left_out)
    for (file, sheet), numbers in every[every].reset_index().groupby(SOURCE[:2], sort=True)["source_row"]:
        said = {"lines": counted(len(numbers), "regel is", "regels zijn"), "rows": ranges(numbers.tolist())}
        notes.append(message(name, file, sheet, f"A{numbers.iloc[0]}", **said, **values))
    return notes


def _whole(rows: pd.DataFrame, outside: "pd.Series[bool]") -> "pd.Series[bool]":
    """The rows of sheets of which every row is outside the year."""
    return outside.groupby([rows["source_file"], rows["source_sheet"]]).transform("all")


def _none_counted(parts: list[CheckedSheet]) -> list[Problem]:
    """A warning per sheet of which no row counts: every day of those that were not rejected is of another year."""
    warnings = []
    for part in parts:
        outside = part.rows["outside"].astype(bool)
        if not len(outside) or not outside.all():
            continue
        if not part.rejected:
            years = ", ".join(map(str, sorted(part.rows["datum"].dt.year.unique())))
            warnings.append(message("all_outside_year", part.file, part.sheet, years=years))
        else:
            left_out = f"{part.rejected} afgekeurd, {len(outside)} buiten het jaar"
            warnings.append(message("none_counted", part.file, part.sheet, left_out=left_out))
    return warnings


def _typed_twice(rows: pd.DataFrame, table: Table, alike: "pd.Series[bool]") -> list[Problem]:
    """A warning per sheet with the sets of its equal rows; where those of nobody (anonymous visits) often are equal, a
    note with their number instead."""
    persons, said = [c.name for c in table.columns.values() if c.kind == "person"], []
    for (file, sheet), equal in rows[alike].groupby(SOURCE[:2], sort=True):
        same = equal.groupby([*table.compared, *table.own, *table.told_apart], dropna=False)
        own, sets = rows[(rows["source_file"] == file) & (rows["source_sheet"] == sheet)], same["source_row"].agg(list)
        lines = sorted(map(list, {tuple(sorted(numbers)) for numbers in sets if len(numbers) > 1}))  # both accounts
        nobody = set(own.loc[own[persons].isna().any(axis=1), "source_row"])
        usual = [numbers for numbers in lines if numbers[0] in nobody]
        if sum(map(len, usual)) > USUAL * len(nobody):
            lines = [numbers for numbers in lines if numbers[0] not in nobody]
            said.append(message("nobody_twice", file, sheet, f"A{usual[0][0]}", lines=sum(map(len, usual))))
        if lines:
            about: dict[str, Any] = {"lines": sum(map(len, lines)), "rows": "; ".join(map(ranges, lines))}
            said.append(message("typed_twice", file, sheet, f"A{lines[0][0]}", **about))
    return said


def _persons_alike(sheets: list[CheckedSheet], schema: Schema) -> list[Problem]:
    """A warning per column of persons whose numbers differ from others in what may be lost on its way alone."""
    persons_of = pd.Series({number: bare for sheet in sheets for number, bare in sheet.bare.items()}, dtype="str")
    alike = persons_of.index[persons_of.duplicated(keep=False)]
    warnings = []
    for sheet in sheets if len(alike) else ():
        for name in (c.name for c in schema.tables[sheet.table].columns.values() if c.kind == "person" and sheet.bare):
            numbers = sheet.rows.loc[sheet.rows[name].isin(alike), "source_row"].tolist()
            if numbers:
                cell, rows = f"A{numbers[0]}", ranges(numbers)
                warnings.append(message("persons_alike", sheet.file, sheet.sheet, cell, name, rows=rows))
    return warnings


def _duplicate_rule(table: Table, wide: bool) -> str:
    if wide:
        return "de hele regel is gelijk aan een andere"
    if table.unique:
        return f"dezelfde {', '.join(table.unique)} is één regel; de meest volledige blijft"
    return "een regel die ook in een ander werkblad staat telt één keer"


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
        again = pd.Series(False, index=inside.index)
        if table.instead_of:
            again, said = ledger.delivered_otherwise(inside, table.compared)
            problems += said
        rest = inside[~again]
        alike = rest.duplicated("row_key" if wide else table.compared, keep=False)
        twice = rest.duplicated("row_key") if wide else duplicates(rest, table, alike)
        duplicate = twice.reindex(inside.index, fill_value=True)
        accounting += _accounts(parts, rows, duplicate)
        problems += _none_counted(parts)
        problems += _left_out_notes(rows, outside & ~_whole(rows, outside), "outside_year")
        problems += _left_out_notes(rest, twice, "delivered_twice", rule=_duplicate_rule(table, wide))
        if not wide and not table.unique:
            problems += _typed_twice(rest, table, alike)
        tables[name].append(surveys.melt(inside[~duplicate], SOURCE) if wide else inside[~duplicate])
        outside_year[name].append(rows[outside])
    problems += _persons_alike(sheets, schema)
    below = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    checked = {name: _with_categories(rows, _kinds(schema.tables[name])) for name, rows in below.items()}
    outside_of = {name: pd.concat(parts, ignore_index=True) for name, parts in outside_year.items()}
    accounts = pd.DataFrame(accounting, columns=ACCOUNTING).sort_values(["file", "sheet"], ignore_index=True)
    return Exports(checked, outside_of, accounts, problems)
