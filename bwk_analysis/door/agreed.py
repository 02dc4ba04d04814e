"""The sheets of the agreement workbook into an `Agreement`, and what is wrong in them."""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis import course, periods
from bwk_analysis.agreement import PER_ROOM, POSITIVE, TOTAL, Agreement, NoAgreement, Settings, Target, round_half_up
from bwk_analysis.door import persons, values
from bwk_analysis.door.apart import Reader
from bwk_analysis.door.cells import Limits, Percentage, Sheet, cell_name, is_blank
from bwk_analysis.door.crosstab import rooms_as_text
from bwk_analysis.door.file import inspect
from bwk_analysis.door.header import find_layout, is_named, say_missing
from bwk_analysis.door.rows import SOURCE, by_room, nothing, read_columns
from bwk_analysis.door.schema import Column, Schema, Table, load_schema, load_tables, own_column, stands_for
from bwk_analysis.door.spelling import SPELLINGS, clean, fold, header_key, room_spellings, spelt
from bwk_analysis.door.values import Bad, bad
from bwk_analysis.door.workbook import opened_workbook, read_sheets
from bwk_analysis.problems import Problem, Refused, message

PLACE = dict(zip(SOURCE, ("file", "sheet", "row"), strict=True))
Row = Mapping[Any, Any]
SETTINGS: dict[str, tuple[str, values.Parser]] = {
    "jaar": ("year", values.number),
    "organisatie": ("organisation", values.text),
    "fictief": ("fictional", values.yes_no),
    "drempel": ("threshold", values.number),
    "nabij": ("near", values.number),
    "uren_per_vrijwilliger": ("hours_per_volunteer", values.number),
    "kosten_per": ("cost_per", values.text),
    "betaalde_mensen": ("paid_people", values.text),
}

_TARGET = re.compile(r"(>=|≥|>)?\s*([\d.,]+\s*%?)(?:\s+op\s+([\d.,]+))?", re.IGNORECASE)


# --- which files ------------------------------------------------------------------------------------------------------


def agreement_files(files: Iterable[Path], reader: Reader | None = None) -> list[Path]:
    """The workbooks that hold at least one sheet of an agreement; what cannot be read holds none."""
    found = []
    with Reader(Limits()) as own:  # which starts when it is needed
        for path in files:
            with suppress(Refused):  # which is said when it is read as an export
                if (reader or own).run(_holds_agreement, path, Limits(), file=path.name):
                    found.append(path)
    return found


def _holds_agreement(path: Path, limits: Limits) -> bool:
    if inspect(path, limits) != "xlsx":
        return False
    wanted = frozenset().union(*(table.sheets for table in load_tables("agreement.toml").values()))
    with opened_workbook(path, limits) as (package, _):
        sheets = package.tree(package.main).iterfind("{*}sheets/{*}sheet")
        return not wanted.isdisjoint(header_key(sheet.get("name", "")) for sheet in sheets)


def load_agreement(files: Iterable[Path]) -> tuple[Agreement, list[Problem]]:
    """The agreement found among the files of a dataset, and what is wrong in it.

    Raises NoAgreement when there is none, when it cannot be read, or when it has no rooms, indicators or year.
    """
    sheets = AgreementSheets(files)
    return sheets.agreement(), sheets.problems


# --- cells ------------------------------------------------------------------------------------------------------------


def parse_target(cell: Any) -> Target | Bad | None:
    """A target as written: `> 15`, `350`, `> 50%`, `> 10 op 20`, `Positief`, or a number cell (percentage or not)."""
    if is_blank(cell):
        return None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Target(">=", float(cell))
    if isinstance(cell, str):
        if fold(cell) == fold(POSITIVE):
            return Target("=", POSITIVE)
        if match := _TARGET.fullmatch(clean(cell)):
            value, denominator = values.number(match[2]), values.number(match[3])
            if isinstance(value, float) and not isinstance(denominator, Bad):
                return Target(">" if match[1] == ">" else ">=", value, denominator)
    return bad("no_target")


def _printed(cell: Any) -> Any:
    """A printed amount as (value, decimals shown, is a percentage)."""
    found = values.number(cell)
    if not isinstance(found, float):
        return found
    if isinstance(cell, str):
        shown = re.search(r",(\d+)", cell)
        return found, len(shown[1]) if shown else 0, cell.rstrip().endswith("%")
    if isinstance(cell, Percentage):
        return round_half_up(found, cell.decimals + 2), cell.decimals, True  # as it is shown
    return found, 0 if found.is_integer() else 2, False


def _own_words(found: str) -> Any:
    """A room's own words, which hold no numbers or addresses of persons."""
    return bad("numbers_of_persons") if persons.looks_personal(found) or persons.holds_bsn(found) else found


def _period(cell: Any) -> Any:
    """A quarter or a month as the reports call it; a spreadsheet makes the first day of it of a month that is typed."""
    typed = values.text(f"{cell:%Y-%m}" if isinstance(cell, date) and cell.day == 1 else cell)
    try:
        return str(periods.parse(typed)) if isinstance(typed, str) else typed
    except periods.Mistyped:
        return bad("no_period")


OWN_WORDS = {  # frame -> field -> column in the workbook
    "explanations": {"text": "tekst", "action": "actie", "who": "wie", "by": "wanneer"}, "decisions": {"text": "tekst"},
}  # fmt: skip
PARSERS: dict[str, values.Parser] = {
    "number": values.number, "day": values.day, "yes_no": values.yes_no, "target": parse_target, "printed": _printed,
    "account": values.account, "setting": lambda cell: cell, "own_words": values.of_text(_own_words),
    "period": _period,
}  # fmt: skip


# --- sheets -----------------------------------------------------------------------------------------------------------


class AgreementSheets:
    """The agreement's sheets among the files of a dataset, into frames; collects every problem on the way."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Raises NoAgreement when there are none to be read."""
        self.tables = load_tables("agreement.toml")
        self.sheets: list[Sheet] = []
        self.beside: list[Problem] = []  # of no sheet
        self.frames: dict[str, pd.DataFrame] = {}
        self.read: dict[tuple[str, str], tuple[Sheet, Mapping[str, int]]] = {}  # file, sheet -> it and its columns
        refusals: list[Problem] = []
        with Reader(Limits()) as reader:
            for path in files:
                try:
                    if reader.run(_holds_agreement, path, Limits(), file=path.name):
                        self.sheets += reader.run(read_sheets, path, Limits(), file=path.name)
                except Refused as refused:
                    refusals.append(refused.problem)  # which is said when it is read as an export
        if not self.sheets:
            raise NoAgreement([*refusals, message("no_agreement")])

    @property
    def problems(self) -> list[Problem]:
        """Every problem so far."""
        return [*self.beside, *(problem for sheet in self.sheets for problem in sheet.problems)]

    @property
    def places(self) -> dict[tuple[str, str], Mapping[str, int]]:
        """(file, sheet) -> which column stands where."""
        return {sheet: columns for sheet, (_, columns) in self.read.items()}

    def agreement(self) -> Agreement:
        """Raises NoAgreement when there are no rooms, indicators or year."""
        frames = self.frames
        for table in self.tables.values():  # in their order: the rooms first, the indicators before their targets
            frames[table.frame] = self._frame(table)
        settings = self._settings(frames.pop("settings"))
        self._check_presence(frames)
        self._check_shares(frames["targets"], frames["indicators"])
        frames["indicators"] = self._checked(frames["indicators"])
        printed = frames["printed"]
        parts = pd.DataFrame(printed["printed"].tolist(), printed.index, ["printed", "decimals", "percentage"])
        frames["printed"] = self._with_total_columns(printed.assign(**{name: parts[name] for name in parts}), frames)
        frames["own_columns"], schema = self._known_columns(frames["own_columns"])
        frames["aliases"] = self._known_aliases(frames["aliases"], schema)
        self._check_room_spellings(frames["rooms"])
        frames["rooms"] = self._in_order(frames["rooms"])
        self._check_accounts(frames)
        if settings is None or any(p.severity == "error" and p.column == "" and p.sheet == "" for p in self.beside):
            raise NoAgreement(self.problems)
        return Agreement(**frames, settings=settings)

    def without(self, agreement: Agreement, naming: Collection[str]) -> Agreement:
        """The agreement without the rooms' own words that name a person; each is a problem with its cell."""
        kept: dict[str, Any] = {}
        for frame, columns in OWN_WORDS.items():
            rows = getattr(agreement, frame)
            for field, column in columns.items():
                named = rows[field].isin(list(naming))
                self._each(rows[named], "names_a_person", column)
                rows = rows[~named]
            kept[frame] = rows.reset_index(drop=True)
        return replace(agreement, **kept)

    def _each(self, rows: pd.DataFrame | list[Row], name: str, column: str, **values: Any) -> None:
        """The problem of this name in the cell of a column (by its name in the workbook) in each of these rows."""
        for row in rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows:
            sheet, columns = self.read[row["file"], row["sheet"]]
            sheet.say(name, (row["row"] - 1, columns.get(column, 0)), column, **values)

    def _with_total_columns(self, printed: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """The printed totals with the cell they stand in, and those in a column Totaal of the budget or the funding."""
        parts = [self._in_cells(printed, "bedrag")]
        for table, lines, item in (
            ("begroting", frames["budget"], "post"),
            ("financiering", frames["funding"], "funder"),
        ):
            rows = lines[lines["room"] == TOTAL]
            rows = rows.assign(table=table, item=rows[item], printed=rows["euro"], decimals=0, percentage=False)
            parts.append(self._in_cells(rows, TOTAL)[[*parts[0]]])
        return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)

    def _in_cells(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        places = rows[["file", "sheet", "row"]].itertuples(index=False, name=None)
        cells = [cell_name(row - 1, self.read[file, sheet][1].get(column, 0)) for file, sheet, row in places]
        return rows.assign(column=column, cell=cells)

    def _frame(self, table: Table) -> pd.DataFrame:
        """The rows of all sheets of one table that are not rejected, under the library's own column names.

        An amount per room is a row per room. Of rows with the same key the first is used; the others are problems.
        """
        names, key = table.header_names(), [table.columns[name].field for name in table.unique]
        kinds = {column.name: column.kind for column in table.columns.values()}
        if table.room_columns:
            names = {header_key(spelling): code for spelling, code in self._rooms().items()} | names
            kinds |= {"room": "text", "euro": "number"}
            key.append("room")
        parts = [self._rows_of(sheet, table, names) for sheet in self.sheets if is_named(sheet, table)]
        given = [part for part in parts if part is not None] or [nothing(kinds)]
        fields = {column.name: column.field for column in table.columns.values()}
        rows = pd.concat(given, ignore_index=True).rename(columns=fields | PLACE)
        if not key:
            return rows
        repeated = rows.duplicated(key)
        self._each(rows[repeated], "same_key", table.unique[0])
        return rows[~repeated].reset_index(drop=True)

    def _rooms(self) -> dict[str, str]:
        """As `room_spellings`, and Totaal."""
        return room_spellings(self.frames["rooms"]) | {fold(TOTAL): TOTAL}

    def _parser(self, column: Column, table: Table) -> values.Parser:
        """How the cells of a column are read."""
        if column.kind == "word":
            return values.listed(table.words[column.name])
        if column.kind == "agreed_room":
            rooms = self._rooms()
            unknown = bad("unknown_room", rooms=", ".join(dict.fromkeys(rooms.values())))
            return values.of_text(lambda text: rooms.get(fold(text), unknown))
        if column.kind == "agreed_indicator":
            codes = {*self.frames["indicators"]["code"]}
            return values.of_text(lambda text: text if text in codes else bad("unknown_indicator"))
        if column.kind == "agreed_funder":
            return self._one_of(self.frames["funding"]["funder"], bad("unknown_funder"))
        if column.kind == "agreed_post":
            return self._one_of(self.frames["budget"][["group", "post"]].melt()["value"], bad("unknown_post"))
        return PARSERS.get(column.kind, values.text)

    def _one_of(self, names: Iterable[str], wrong: Bad) -> values.Parser:
        spelt = {fold(name): name for name in names}
        return values.of_text(lambda text: spelt.get(fold(text), wrong))

    def _rows_of(self, sheet: Sheet, table: Table, names: Mapping[str, str]) -> pd.DataFrame | None:
        if table.room_columns:
            rooms_as_text(sheet, table)
        where = find_layout(sheet, table, names)
        if where is None:
            sheet.say("agreement_header", (0, 0), columns=", ".join(table.columns))
            return None
        say_missing(sheet, where, table)
        self.read[sheet.file, sheet.name] = sheet, where.columns
        rooms = [Column(name, "number") for name in where.columns if name not in table.columns]
        columns, lacking = [*table.columns.values(), *rooms], bool(table.missing(where.columns))
        rows, rejected = read_columns(sheet, where, columns, lambda c: self._parser(c, table), "error", lacking)
        return by_room(rows[~rejected], rooms, table) if table.room_columns else rows[~rejected]

    def _check_shares(self, targets: pd.DataFrame, indicators: pd.DataFrame) -> None:
        shares = targets["indicator"].isin(indicators.loc[indicators["measure"] == "aandeel", "code"])
        above_one = targets["target"].map(lambda target: isinstance(target.value, float) and target.value > 1)
        self._each(targets[shares & above_one.astype(bool)], "share_above_one", "streefwaarde")

    def _checked(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Courses as `course.parse` gives them, and which totals are per room; what cannot be is said, and empty."""
        courses: list[str | None] = []
        for row in rows.to_dict("records"):
            text = row["course"] if isinstance(row["course"], str) else ""
            courses.append(course.parse(text, row["measure"], row["time"]) if text else None)
            if text and courses[-1] is None:
                self._each([row], "wrong_course", "verloop")
        given = rows["total"].notna()
        per_room = rows["total"].fillna("").map(fold).eq(PER_ROOM) & rows["measure"].isin(["uniek", "aandeel"])
        self._each(rows[given & ~per_room], "wrong_total", "totaal")
        return rows.assign(
            course=pd.array(courses, "str"), total=rows["total"].where(per_room).mask(per_room, PER_ROOM)
        )

    def _in_order(self, rooms: pd.DataFrame) -> pd.DataFrame:
        """The rooms, without the days of those that close before they open."""
        wrong = rooms["closes"] < rooms["opens"]
        self._each(rooms[wrong], "room_closes_first", "tot")
        return rooms.assign(opens=rooms["opens"].mask(wrong), closes=rooms["closes"].mask(wrong))

    def _settings(self, rows: pd.DataFrame) -> Settings | None:
        known = {header_key(key): setting for key, setting in SETTINGS.items()}
        given: dict[str, Any] = {}
        for row in rows.to_dict("records"):
            name, parser = known.get(header_key(row["setting"]), ("", values.text))
            found = parser(row["value"]) if name else None
            if not name:
                self._each([row], "unknown_setting", "sleutel", known=", ".join(SETTINGS))
            if isinstance(found, Bad):
                said = {"setting": row["setting"], "wrong": found.problem, "remedy": found.advice}
                self._each([row], "wrong_setting", "waarde", **said)
            elif found is not None:
                given[name] = found
        year, near = given.pop("year", None), given.pop("near", Settings.near)
        if year is None or not year.is_integer() or not 2000 <= year <= 2200:
            self.beside.append(message("no_year", self.sheets[0].file))
            return None
        given |= {"fictional": given.get("fictional") == "ja", "near": near / 100 if near > 1 else near}
        given["threshold"] = int(given.get("threshold", Settings.threshold))
        return Settings(year=int(year), **given)

    def _known_columns(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, Schema]:
        """The own columns that a table can have, and the tables with them; the others are problems."""
        schema, kept = load_schema(), []
        for row in rows.to_dict("records"):
            found = own_column(row, schema)
            if isinstance(found, dict):
                kept.append(row | found)
                own = tuple((each["table"], each["column"], each["kind"], each["aliases"]) for each in kept)
                schema = load_schema((), own)
            else:
                column, wrong, remedy = found
                self._each([row], "wrong_column", column, wrong=wrong, remedy=remedy)
        return pd.DataFrame(kept, columns=list(rows)), schema

    def _known_aliases(self, rows: pd.DataFrame, schema: Schema) -> pd.DataFrame:
        """The aliases of tables and columns that exist, under their own names; the others are problems.

        A word that is in no list yet is a new one, with a note.
        """
        kept: list[Row] = []
        for row in rows.to_dict("records"):
            found = stands_for(row, schema)
            if isinstance(found, dict):
                kept.append(row | found)
                schema = self._with_word(row | found, schema)
            else:
                column, wrong, remedy = found
                self._each([row], "wrong_alias", column, wrong=wrong, remedy=remedy)
        return pd.DataFrame(kept, columns=list(rows))

    def _with_word(self, row: Row, schema: Schema) -> Schema:
        """The tables with the spelling of a word that an alias gives; says so where the word is new."""
        table = schema.tables[row["table"]]
        listed = table.words.get(row["column"], {})
        if not row["word"]:
            return schema
        if row["word"] not in listed.values():
            choices = ", ".join(dict.fromkeys(listed.values()))
            self._each([row], "new_word", "waarde", new=row["word"], of=row["column"], choices=choices)
        spelt = listed | {fold(spelling): row["word"] for spelling in (row["word"], row["alias"])}
        found = replace(table, words=table.words | {row["column"]: spelt})
        return replace(schema, tables=schema.tables | {table.name: found})

    def _check_room_spellings(self, rooms: pd.DataFrame) -> None:
        seen: dict[str, str] = {}
        for row in rooms.to_dict("records"):
            for spelling in (spelling for column in SPELLINGS for spelling in spelt(row, column)):
                if seen.setdefault(spelling, row["room"]) != row["room"]:
                    self._each([row], "same_spelling", "aliassen", other=seen[spelling])

    def _check_presence(self, frames: Mapping[str, pd.DataFrame]) -> None:
        for name, table in self.tables.items():
            present = [sheet for sheet in self.sheets if is_named(sheet, table)]
            said = any(problem.severity == "error" for sheet in present for problem in sheet.problems)
            if table.absent == "error" and (not present or frames.get(table.frame, pd.DataFrame([0])).empty):
                self.beside.append(message("sheet_needed", self.sheets[0].file, name=name))
            elif table.absent == "warning" and not present:
                self.beside.append(message("sheet_missing", self.sheets[0].file, name, name=name))
            elif table.absent == "warning" and frames[table.frame].empty and not said:
                self.beside.append(message("sheet_without_rows", self.sheets[0].file, name, name=name))

    def _check_accounts(self, frames: Mapping[str, pd.DataFrame]) -> None:
        accounts = frames["accounts"]
        known = {"post": ("post", frames["budget"]["post"]), "financier": ("funder", frames["funding"]["funder"])}
        for column, (ours, names) in known.items():
            unknown = accounts[accounts[ours].notna() & ~accounts[ours].isin(names)]
            self._each(unknown, "account_of_nothing", column)
        both = accounts[accounts["post"].notna() & accounts["funder"].notna()]
        self._each(both, "account_of_both", "post")
