"""The agreement workbook: rooms, indicators, targets, budget, funders, hours, ratios, printed totals and settings."""

import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis.door import header as layout
from bwk_analysis.door import values
from bwk_analysis.door.apart import isolated
from bwk_analysis.door.cells import Limits, Percentage, Sheet
from bwk_analysis.door.file import inspect
from bwk_analysis.door.header import cell_name
from bwk_analysis.door.schema import Column, Schema, Table, load_schema, load_tables
from bwk_analysis.door.spelling import clean, fold, header_key
from bwk_analysis.door.values import Bad, Unlisted
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Problem, Refused

TOTAL = "Totaal"
POSITIVE = "Positief"
NEGATIVE = "Negatief"
REQUIRED_SHEETS = ("kamers", "indicatoren", "instellingen")
EXPECTED_SHEETS = (
    "streefwaarden",
    "begroting",
    "financiering",
    "vrijwilligersinzet",
    "kengetallen",
    "vragen",
    "rekeningen",
)
WORKBOOK_XML_BYTES = 1_000_000

_TARGET = re.compile(r"(>=|≥|>)?\s*([\d.,]+\s*%?)(?:\s+op\s+([\d.,]+))?", re.IGNORECASE)


class NoAgreement(Exception):
    """There is no agreement to report on; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("no agreement")
        self.problems = problems


@dataclass(frozen=True)
class Target:
    """A target as written: `> 10 op 20` is operator `>`, value 10, denominator 20; a verdict's value is `Positief`."""

    operator: str
    value: float | str
    denominator: float | None = None


@dataclass(frozen=True)
class Settings:
    """The settings of the agreement, with what holds when one is not given.

    threshold : below this a number of persons of a sensitive indicator is hidden. near : share of the interim target
    from which a figure is near it. cost_per : the indicator that costs are divided by. paid_people : posts or groups,
    joined by `+`, of paid people.
    """

    year: int
    fictional: bool = False
    organisation: str = ""
    threshold: int = 5
    near: float = 0.9
    hours_per_volunteer: float = 250.0
    cost_per: str = ""
    paid_people: str = ""


@dataclass(frozen=True)
class Agreement:
    """What was agreed for a year. Frames, one row is:

    rooms : a room (room, name, neighbourhood, aliases). indicators : an indicator (code, level, name, method, table,
    measure, field, filter, numerator, time, sensitive, empty_is_zero, corporation, explanation).
    targets : a target (indicator, room, target).
    budget : a line in a room (post, group, group_name, description, room, euro).
    funding : a funder in a room (funder, kind, room, euro). volunteers : a room (room, hours, euro).
    ratios : a ratio (ratio, numerator, denominator, explanation).
    printed : a printed total (table, item, room, printed, decimals, percentage).
    questions : a survey question (question, text, scale, audience). accounts : a ledger account (account, name, post,
    funder). aliases : another spelling (table, column, word, alias).
    explanations : a room's own words (indicator, room, period, text).
    Every frame ends in the place it was read from: file, sheet, row.
    """

    rooms: pd.DataFrame
    indicators: pd.DataFrame
    targets: pd.DataFrame
    budget: pd.DataFrame
    funding: pd.DataFrame
    volunteers: pd.DataFrame
    ratios: pd.DataFrame
    printed: pd.DataFrame
    questions: pd.DataFrame
    accounts: pd.DataFrame
    aliases: pd.DataFrame
    explanations: pd.DataFrame
    settings: Settings

    @property
    def room_codes(self) -> list[str]:
        return self.rooms["room"].tolist()

    @property
    def room_names(self) -> dict[str, str]:
        """Room code -> display name; Totaal stays Totaal."""
        return dict(zip(self.rooms["room"], self.rooms["name"], strict=True)) | {TOTAL: TOTAL}

    def room_spellings(self) -> dict[str, str]:
        """Folded code, name or alias -> room code."""
        return _spellings(self.rooms)


FRAMES = {
    "rooms": ("kamers", {"kamer": "room", "naam": "name", "buurt": "neighbourhood", "aliassen": "aliases"}),
    "indicators": ("indicatoren", {
        "code": "code", "niveau": "level", "indicator": "name", "meetwijze": "method", "tabel": "table",
        "maat": "measure", "veld": "field", "filter": "filter", "teller": "numerator", "tijd": "time",
        "gevoelig": "sensitive", "leeg_is_nul": "empty_is_zero", "corporatie": "corporation",
        "toelichting": "explanation"}),
    "targets": ("streefwaarden", {"code": "indicator", "kamer": "room", "streefwaarde": "target"}),
    "budget": ("begroting", {
        "post": "post", "groep": "group", "groepsnaam": "group_name", "omschrijving": "description"}),
    "funding": ("financiering", {"financier": "funder", "soort": "kind"}),
    "volunteers": ("vrijwilligersinzet", {"kamer": "room", "uren": "hours", "euro": "euro"}),
    "ratios": ("kengetallen", {
        "kengetal": "ratio", "teller": "numerator", "noemer": "denominator", "toelichting": "explanation"}),
    "printed": ("gedrukte_totalen", {"tabel": "table", "regel": "item", "kamer": "room", "bedrag": "printed"}),
    "questions": ("vragen", {"vraag": "question", "tekst": "text", "schaal": "scale", "doelgroep": "audience"}),
    "accounts": ("rekeningen", {"rekening": "account", "naam": "name", "post": "post", "financier": "funder"}),
    "aliases": ("aliassen", {"tabel": "table", "kolom": "column", "waarde": "word", "alias": "alias"}),
    "explanations": ("toelichting", {"indicator": "indicator", "kamer": "room", "periode": "period", "tekst": "text"}),
}  # fmt: skip
PLACE = ["file", "sheet", "row"]
KEYS = {
    "rooms": ["room"], "indicators": ["code"], "budget": ["post", "room"], "funding": ["funder", "room"],
    "targets": ["indicator", "room"], "questions": ["question"], "accounts": ["account"],
}  # fmt: skip


def parse_target(cell: Any) -> Target | Bad | None:
    """A target as written: `> 15`, `350`, `> 50%`, `> 10 op 20`, `Positief`, or a number cell (percentage or not)."""
    if values.is_blank(cell):
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
    return Bad("de streefwaarde is niet te lezen", "Schrijf haar als 350, > 15, > 50%, > 10 op 20 of Positief.")


def _printed(cell: Any) -> Any:
    """A printed amount as (value, decimals shown, is a percentage)."""
    found = values.number(cell)
    if not isinstance(found, float):
        return found
    percentage = isinstance(cell, Percentage) or (isinstance(cell, str) and cell.rstrip().endswith("%"))
    shown = re.search(r",(\d+)", cell) if isinstance(cell, str) else None
    decimals = len(shown[1]) if shown else 0
    if not isinstance(cell, str) and not percentage and not found.is_integer():
        decimals = 2
    return found, decimals, percentage


def round_half_up(value: float, decimals: int) -> float:
    """Rounded as on paper: a half goes up, away from zero."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


# --- reading ----------------------------------------------------------------------------------------------------------


def _sheet_names(path: Path) -> set[str]:
    """The folded sheet names of a workbook, without opening it; empty when it is none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as file:
            content = file.read(WORKBOOK_XML_BYTES).decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return set()
    return {header_key(name) for name in re.findall(r"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"", content)}


def _agreement_sheets(path: Path, limits: Limits) -> list[Sheet]:
    inspect(path, limits)
    return read_sheets(path, limits)


def agreement_files(files: Iterable[Path]) -> list[Path]:
    """The workbooks that hold at least one sheet of an agreement."""
    wanted = {key for table in load_tables("agreement.toml").values() for key in table.sheets}
    return [path for path in files if _sheet_names(path) & wanted]


def is_agreement_sheet(sheet: Sheet) -> bool:
    return any(layout.is_named(sheet, table) for table in load_tables("agreement.toml").values())


def load_agreement(files: Iterable[Path], limits: Limits) -> tuple[Agreement, list[Problem]]:
    """The agreement found among the files of a dataset, and what is wrong in it.

    Raises NoAgreement when there is none, when it cannot be read, or when it has no rooms, indicators or year.
    """
    problems: list[Problem] = []
    sheets: list[Sheet] = []
    found = agreement_files(files)
    for path in found:
        try:
            sheets += isolated(_agreement_sheets, path, limits, limits=limits, file=path.name)
        except Refused as refused:
            problems.append(refused.problem)
    if not sheets:
        advice = "Zet het werkboek met de afspraak (de werkbladen kamers, indicatoren, streefwaarden, …) in deze map."
        problems.append(
            Problem("", "", "", "", "error", "er is geen leesbare samenwerkingsafspraak in deze map", advice)
        )
        raise NoAgreement(problems)
    return _Reader(sheets, found[0].name, problems).agreement()


class _Reader:
    """Sheets of the agreement into frames; collects every problem on the way."""

    def __init__(self, sheets: list[Sheet], file: str, problems: list[Problem]) -> None:
        self.sheets, self.file, self.problems = sheets, file, problems
        self.tables = load_tables("agreement.toml")
        self.rooms: dict[str, str] = {}
        self.letters: dict[tuple[str, str, str], str] = {}  # file, sheet, column -> where that column stands

    def agreement(self) -> tuple[Agreement, list[Problem]]:
        frames = {"rooms": self.frame("rooms")}
        self.rooms = _spellings(frames["rooms"])
        frames |= {name: self.frame(name) for name in FRAMES if name != "rooms"}
        settings = self.settings()
        self.check_presence(frames)
        frames["targets"] = self.targets(frames["targets"], frames["indicators"])
        frames["volunteers"] = self.with_rooms(frames["volunteers"])
        frames["printed"] = self.printed(frames["printed"])
        frames["explanations"] = self.with_rooms(frames["explanations"])
        frames["aliases"] = self.known_aliases(frames["aliases"])
        self.check_room_spellings(frames["rooms"])
        self.check_accounts(frames)
        if settings is None or any(p.severity == "error" and p.column == "" and p.sheet == "" for p in self.problems):
            raise NoAgreement(self.problems)
        return Agreement(**frames, settings=settings), self.problems

    def at(self, row: Any, column: str, severity: str, problem: str, advice: str) -> None:
        """A problem in the cell of a column (by its name in the workbook) in a row of a frame."""
        letters = self.letters.get((row["file"], row["sheet"], column), "A")
        self.problems.append(
            Problem(row["file"], row["sheet"], f"{letters}{row['row']}", column, severity, problem, advice)
        )

    def lacking(self, severity: str, problem: str, advice: str, sheet: str = "") -> None:
        """Something that the workbook should have and has not."""
        self.problems.append(Problem(self.file, sheet, "", "", severity, problem, advice))

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of all sheets of one table, under the library's own column names."""
        sheet_name, columns = FRAMES[name]
        table = self.tables[sheet_name]
        records = [
            record for sheet in self.sheets if layout.is_named(sheet, table) for record in self.records(sheet, table)
        ]
        extra = ["_room", "_euro"] if table.room_columns else []
        frame = pd.DataFrame(records, columns=[*columns, *extra, *PLACE])
        frame = frame.rename(columns={**columns, "_room": "room", "_euro": "euro"})
        return frame if name == "targets" else self.once(frame, name)  # targets: once their rooms are known

    def once(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        """Of rows with the same key the first is used; the others are problems."""
        if name not in KEYS:
            return frame
        repeated = frame.duplicated(KEYS[name])
        column = next((dutch for dutch, ours in FRAMES[name][1].items() if ours == KEYS[name][0]), "")
        for _, row in frame[repeated].iterrows():
            self.at(
                row,
                column,
                "error",
                "deze regel staat er twee keer; de eerste is gebruikt",
                "Laat één regel staan.",
            )
        return frame[~repeated].reset_index(drop=True)

    def records(self, sheet: Sheet, table: Table) -> list[dict[str, Any]]:
        names = table.header_names()
        if table.room_columns:
            spellings = {header_key(spelling): f"room:{code}" for spelling, code in self.rooms.items()}
            names = spellings | {header_key(TOTAL): f"room:{TOTAL}"} | names
        where = layout.find_layout(sheet, table, names)
        if where is None:
            advice = f"Zet de koppen {', '.join(table.columns)} op één regel."
            problem = "er is geen kopregel gevonden"
            self.problems.append(Problem(sheet.file, sheet.name, "A1", "", "error", problem, advice))
            return []
        self.problems += where.problems + layout.missing_columns(sheet, where, table)
        for name, place in where.columns.items():
            self.letters[sheet.file, sheet.name, name] = cell_name(0, place).rstrip("1")
        records = []
        for index in where.data:
            known = len(self.problems)
            record = {name: self.cell(sheet, where, index, column, table) for name, column in table.columns.items()}
            required = [c.name for c in table.columns.values() if c.required and c.name in where.columns]
            empty = [name for name in required if record[name] is None]
            record |= {"file": sheet.file, "sheet": sheet.name, "row": index + 1}
            if empty and len(self.problems) == known:
                self.at(
                    record, empty[0], "error", f"{empty[0]} is verplicht en leeg; de regel telt niet mee",
                    "Vul de waarde in.",
                )  # fmt: skip
            if empty:
                continue
            if table.room_columns:
                records += self.by_room(sheet, where, index, record)
            else:
                records.append(record)
        return records

    def cell(self, sheet: Sheet, where: layout.Layout, index: int, column: Column, table: Table) -> Any:
        if column.name not in where.columns:
            return None
        raw = sheet.rows[index][where.columns[column.name]]
        parsers: dict[str, values.Parser] = {
            "number": values.number, "yes_no": values.yes_no, "target": parse_target, "printed": _printed,
            "account": values.account, "setting": lambda value: value,
        }  # fmt: skip
        parser = (
            values.listed(table.words[column.name]) if column.kind == "word" else parsers.get(column.kind, values.text)
        )
        found = parser(raw)
        if isinstance(found, (Bad, Unlisted)):
            place = cell_name(index, where.columns[column.name])
            self.problems.append(
                Problem(sheet.file, sheet.name, place, column.name, "error", found.problem, found.advice)
            )
            return None
        return found

    def by_room(self, sheet: Sheet, where: layout.Layout, index: int, record: dict[str, Any]) -> list[dict[str, Any]]:
        """One row per room; an empty amount is nought, as on paper."""
        rows = []
        for name, column in where.columns.items():
            if name.startswith("room:"):
                amount = values.number(sheet.rows[index][column])
                if isinstance(amount, Bad):
                    place = cell_name(index, column), name.removeprefix("room:")
                    self.problems.append(
                        Problem(sheet.file, sheet.name, *place, "error", amount.problem, amount.advice)
                    )
                    amount = None
                if name.removeprefix("room:") != TOTAL or amount is not None:
                    rows.append(record | {"_room": name.removeprefix("room:"), "_euro": amount or 0.0})
        return rows

    def with_rooms(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rooms by code, name or alias become codes; a row of an unknown room is a problem and left out."""
        spellings = self.rooms | {fold(TOTAL): TOTAL}
        codes = frame["room"].map(lambda text: spellings.get(fold(text)))
        for _, row in frame[codes.isna()].iterrows():
            self.at(
                row,
                "kamer",
                "error",
                "onbekende kamer; de regel telt niet mee",
                f"Kies uit: {', '.join(dict.fromkeys(spellings.values()))}.",
            )
        return frame.assign(room=codes)[codes.notna()].reset_index(drop=True)

    def targets(self, frame: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
        frame = self.with_rooms(frame)
        measure = indicators.set_index("code")["measure"].to_dict()
        unknown = ~frame["indicator"].isin(list(measure))
        for _, row in frame[unknown].iterrows():
            self.at(
                row,
                "code",
                "error",
                "deze indicator staat niet in het werkblad indicatoren; de regel telt niet mee",
                "Voeg de indicator toe of verbeter de code.",
            )
        frame = self.once(frame[~unknown], "targets")
        for _, row in frame.iterrows():
            share = measure[row["indicator"]] == "aandeel"
            if share and isinstance(row["target"].value, float) and row["target"].value > 1:
                self.at(
                    row,
                    "streefwaarde",
                    "warning",
                    "de streefwaarde van een aandeel is meer dan 100%",
                    "Schrijf een percentage met %, bijvoorbeeld > 50%.",
                )
        return frame

    def printed(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame = self.with_rooms(frame)
        parts = pd.DataFrame(
            frame["printed"].tolist(), columns=["printed", "decimals", "percentage"], index=frame.index
        )
        return frame.assign(**{name: parts[name] for name in parts})

    def settings(self) -> Settings | None:
        table = self.tables["instellingen"]
        records = [r for sheet in self.sheets if layout.is_named(sheet, table) for r in self.records(sheet, table)]
        found = {header_key(record["sleutel"]): record for record in records}

        def read(key: str, parser: values.Parser, default: Any) -> Any:
            record = found.get(header_key(key))
            value = parser(record["waarde"]) if record else None
            if isinstance(value, Bad) and record:
                self.at(record, "waarde", "error", f"{record['sleutel']}: {value.problem}", value.advice)
            return default if value is None or isinstance(value, Bad) else value

        year = read("jaar", values.number, None)
        if year is None or not float(year).is_integer() or not 2000 <= year <= 2200:
            advice = "Zet in het werkblad instellingen de sleutel jaar met het jaar van de afspraak."
            self.lacking("error", "de instelling jaar ontbreekt of is geen jaartal", advice)
            return None
        near = read("nabij", values.number, Settings.near)
        return Settings(
            year=int(year),
            fictional=read("fictief", values.yes_no, "nee") == "ja",
            organisation=read("organisatie", values.text, ""),
            threshold=int(read("drempel", values.number, Settings.threshold)),
            near=near / 100 if near > 1 else near,
            hours_per_volunteer=read("uren_per_vrijwilliger", values.number, Settings.hours_per_volunteer),
            cost_per=read("kosten_per", values.text, ""),
            paid_people=read("betaalde_mensen", values.text, ""),
        )

    def known_aliases(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The aliases of tables, columns and words that exist, under their own names; the others are problems."""
        schema, kept = load_schema(), []
        for _, row in frame.iterrows():
            try:
                kept.append({**row, **dict(zip(("table", "column", "word"), _aliased(row, schema), strict=True))})
            except _BadAlias as bad:
                self.at(row, bad.column, "error", f"{bad.problem}; de alias telt niet mee", bad.advice)
        return pd.DataFrame(kept, columns=list(frame))

    def check_room_spellings(self, rooms: pd.DataFrame) -> None:
        seen: dict[str, str] = {}
        for _, row in rooms.iterrows():
            for spelling in _room_spellings(row):
                if seen.setdefault(spelling, row["room"]) != row["room"]:
                    problem = f"een schrijfwijze van deze kamer hoort ook bij {seen[spelling]}"
                    self.at(row, "aliassen", "error", problem, "Geef elke kamer eigen schrijfwijzen.")

    def check_presence(self, frames: Mapping[str, pd.DataFrame]) -> None:
        present = {
            name for name, table in self.tables.items() if any(layout.is_named(sheet, table) for sheet in self.sheets)
        }
        for name in REQUIRED_SHEETS:
            empty = (
                name != "instellingen" and frames[next(f for f, (sheet, _) in FRAMES.items() if sheet == name)].empty
            )
            if name not in present or empty:
                advice = "Zonder dit werkblad kan er geen rapport worden gemaakt."
                self.lacking("error", f"het werkblad {name} ontbreekt of is leeg", advice)
        for name in EXPECTED_SHEETS:
            if name not in present:
                advice = "Wat ervan afhangt blijft leeg in het rapport."
                self.lacking("warning", f"het werkblad {name} ontbreekt", advice, name)

    def check_accounts(self, frames: Mapping[str, pd.DataFrame]) -> None:
        known = {"post": frames["budget"]["post"], "financier": frames["funding"]["funder"]}
        ours = FRAMES["accounts"][1]
        for _, row in frames["accounts"].iterrows():
            for column, names in known.items():
                if isinstance(row[ours[column]], str) and row[ours[column]] not in set(names):
                    self.at(
                        row,
                        column,
                        "error",
                        "de rekening verwijst naar een post of financier die niet in de afspraak staat",
                        "Verbeter de naam in het werkblad rekeningen, of voeg de post of financier toe.",
                    )
            if isinstance(row["post"], str) and isinstance(row["funder"], str):
                self.at(
                    row,
                    "post",
                    "error",
                    "de rekening hoort bij een post én bij een financier",
                    "Laat één van de twee staan.",
                )


class _BadAlias(Exception):
    """An alias of something that does not exist, or one that would keep personal values."""

    def __init__(self, column: str, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.column, self.problem, self.advice = column, problem, advice


def _aliased(row: Any, schema: Schema) -> tuple[str, str, str]:
    """What an alias stands for: (table, column or "", word or ""), as the schema writes them. Raises _BadAlias."""
    tables = {header_key(name): table for name, table in schema.tables.items()}
    table = tables.get(header_key(row["table"]))
    if table is None:
        raise _BadAlias("tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}.")
    if not isinstance(row["column"], str):
        if isinstance(row["word"], str):
            raise _BadAlias("kolom", "bij een woord hoort een kolom", "Vul de kolom in.")
        if any(header_key(row["alias"]) in other.sheets for other in schema.tables.values() if other is not table):
            raise _BadAlias("alias", "zo heet het werkblad van een andere tabel", "Kies een andere naam.")
        return table.name, "", ""
    column = {header_key(name): name for name in table.columns}.get(header_key(row["column"]))
    if column is None:
        raise _BadAlias("kolom", "onbekende kolom", f"Kies uit: {', '.join(table.columns)}.")
    if not isinstance(row["word"], str):
        return table.name, column, _checked_header(row["alias"], column, table, schema)
    words = table.words.get(column, {})
    if fold(row["word"]) not in words:
        choices = ", ".join(dict.fromkeys(words.values()))
        advice = f"Kies uit: {choices}." if words else "Deze kolom heeft geen woordenlijst."
        raise _BadAlias("waarde", "onbekend woord", advice)
    word = words[fold(row["word"])]
    if words.get(fold(row["alias"]), word) != word:
        raise _BadAlias("alias", "deze schrijfwijze hoort al bij een ander woord", "Kies een andere schrijfwijze.")
    return table.name, column, word


def _checked_header(alias: str, column: str, table: Table, schema: Schema) -> str:
    if header_key(alias) in schema.left_out:
        raise _BadAlias("alias", "zo heet een kolom met persoonsgegevens", "Die kolommen worden nooit gelezen.")
    if table.header_names().get(header_key(alias), column) != column:
        raise _BadAlias("alias", "deze kop hoort al bij een andere kolom", "Kies een andere kop.")
    return ""


def _room_spellings(row: Any) -> list[str]:
    """A room's folded aliases, name and code."""
    texts = [*(row["aliases"].split(";") if isinstance(row["aliases"], str) else ()), row["name"], row["room"]]
    return [fold(text) for text in texts if isinstance(text, str) and text.strip()]


def _spellings(rooms: pd.DataFrame) -> dict[str, str]:
    """Folded code, name or alias -> room code; a code goes before a name, a name before an alias."""
    found: dict[str, str] = {}
    for column in ("aliases", "name", "room"):
        for code, text in zip(rooms["room"], rooms[column], strict=True):
            if isinstance(text, str):
                parts = text.split(";") if column == "aliases" else [text]
                found |= {fold(part): code for part in parts if part.strip()}
    return found


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
