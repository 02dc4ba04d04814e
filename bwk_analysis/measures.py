"""An indicator's row in the agreement as a measure: which rows of which table, in which time, and what of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import PER_ROOM, Agreement
from bwk_analysis.door import values
from bwk_analysis.door.cells import cell_name
from bwk_analysis.door.schema import Column, Schema, Table
from bwk_analysis.door.spelling import clean, fold, header_key, room_spellings
from bwk_analysis.problems import Problem

VERDICTS = ("saldo", "controles")
RATIOS = ("aandeel", "gemiddelde")  # kinds whose value is numerator over denominator

_CONDITION = re.compile(r"([^!=<>]+?)\s*(!=|<>|>=|<=|=|>|<)\s*([^=<>].*)")
_TIME = re.compile(r"(datum|peildatum|looptijd)(?:\s*\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\))?", re.IGNORECASE)
_NUMERIC = ("number", "hours", "answer")  # kinds of columns that hold numbers
BOUNDS = {"hours": (0, values.HOURS_PER_DAY), "answer": (1, 10)}  # of what a cell of these kinds can hold
_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


YES_NO = dict.fromkeys(values.YES, "ja") | dict.fromkeys(values.NO, "nee")
Spellings = Mapping[str, Mapping[str, str]]  # kind or name of a column -> folded spelling -> word
NOTHING: Spellings = {}


class BadMeasure(ValueError):
    """A measure that cannot be counted as it is written; `column` is where in the sheet, texts are Dutch."""

    def __init__(self, column: str, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.column, self.problem, self.advice = column, problem, advice


@dataclass(frozen=True)
class Condition:
    """`column operator value`, or one of several values for `=` and none of them for `!=`."""

    column: str
    operator: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """An indicator's measure: which rows of which table in which time, and what is counted of them."""

    code: str
    kind: str
    table: str
    field: str
    scope: tuple[Condition, ...] = ()
    numerator: tuple[Condition, ...] = ()
    time: str = ""
    begin: str = ""
    end: str = ""
    unit: str = ""
    latest_per: tuple[str, ...] = ()
    empty_is_zero: bool = False
    of_persons: bool = False  # what is counted, or averaged, is people or rows about people
    per_room: bool = False  # Totaal is what the rooms count, added
    room: str = "kamer"  # the column that says which room a row is of


# --- reading a measure ------------------------------------------------------------------------------------------------


def parse_conditions(text: Any, table: Table, column: str, known: Spellings) -> tuple[Condition, ...]:
    """`richting = van; doelgroep = uitkering | beperkte loonwaarde` as conditions that all must hold.

    Values are as the tables have them: a word of a list, a room's code, ja or nee, a day as 2021-04-03.
    """
    parts = filter(str.strip, text.split(";")) if isinstance(text, str) else ()
    return tuple(_condition(part.strip(), table, column, known) for part in parts)


def _condition(part: str, table: Table, column: str, known: Spellings) -> Condition:
    match = _CONDITION.fullmatch(part)
    if match is None:
        raise BadMeasure(column, f"de voorwaarde '{part}' is niet te lezen", "Schrijf haar als kolom = waarde.")
    name, operator = _known_column(match[1], table, column), match[2].replace("<>", "!=")
    of, options = table.columns[name], [option.strip() for option in match[3].split("|")]
    if operator in _COMPARE and len(options) > 1:
        raise BadMeasure(column, f"'{part}' vergelijkt met meer dan één getal", "Noem één getal.")
    if of.kind == "day":
        days = [values.day(option) for option in options]
        if not all(isinstance(day, np.datetime64) for day in days):
            raise BadMeasure(column, f"'{part}' vergelijkt met iets dat geen datum is", "Schrijf haar als 31-12-2024.")
        return Condition(name, operator, tuple(str(day.astype("datetime64[D]")) for day in days))
    numeric = operator in _COMPARE or of.kind in _NUMERIC
    if numeric and not all(isinstance(values.number(option), float) for option in options):
        raise BadMeasure(column, f"'{part}' vergelijkt met iets dat geen getal is", "Noem een getal.")
    words = {} if numeric else _words_of(of, table, known)
    for option in options if words else ():
        if fold(option) not in words:
            choices = ", ".join(dict.fromkeys(words.values()))
            raise BadMeasure(column, f"'{fold(option)}' is geen {name} van {table.name}", f"Kies uit: {choices}.")
    return Condition(name, operator, tuple(fold(words[fold(option)] if words else option) for option in options))


def _words_of(column: Column, table: Table, known: Spellings) -> Mapping[str, str]:
    """Spelling -> word of a column whose words are all known; else nothing."""
    if column.kind == "yes_no":
        return YES_NO
    listed = table.words.get(column.name) or known.get(column.kind)
    return listed or ({} if column.own else known.get(column.name, {}))


def _known_column(written: str, table: Table, column: str) -> str:
    """The column's own name, however its case, spaces and `_` are written."""
    names = {header_key(name): name for name, of in table.columns.items() if of.kind != "hashed"}
    if header_key(written) not in names:
        raise BadMeasure(column, f"{table.name} heeft geen kolom {written}", f"Kies uit: {', '.join(names.values())}.")
    return names[header_key(written)]


def parse(indicator: Mapping[str, Any], schema: Schema, known: Spellings = NOTHING) -> Measure:
    """A row of the agreement's indicators as a measure. Raises BadMeasure when it cannot be counted.

    known : kind or name of a column -> its spellings, of what the agreement lists.
    """
    kind, field = indicator["measure"], indicator["field"] if isinstance(indicator["field"], str) else ""
    if kind == "verdict":
        if field not in VERDICTS:
            raise BadMeasure("veld", "onbekend oordeel", f"Kies uit: {', '.join(VERDICTS)}.")
        return Measure(indicator["code"], kind, "", field, unit="oordeel")
    table = {header_key(name): found for name, found in schema.tables.items()}.get(header_key(indicator["table"]))
    if table is None:
        raise BadMeasure("tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}.")
    if kind != "aantal":
        field = _known_column(field, table, "veld")
        if kind in ("som", "gemiddelde") and table.columns[field].kind not in _NUMERIC:
            raise BadMeasure("veld", f"in {field} van {table.name} staan geen getallen", "Kies een kolom met getallen.")
    match = _TIME.fullmatch(clean(indicator["time"]) if isinstance(indicator["time"], str) else "datum")
    if match is None:
        raise BadMeasure("tijd", "de tijd is niet te lezen", "Schrijf datum, peildatum of looptijd.")
    time = fold(match[1])
    begin, end = (match[2], match[3]) if match[2] else table.period or ("", "")
    if time != "datum" and not begin:
        raise BadMeasure("tijd", f"{table.name} heeft geen begin en eind", f"Schrijf datum, of {time} (begin, eind).")
    if time == "datum":
        _known_column("datum", table, "tijd")
    else:
        begin, end = (_known_column(name, table, "tijd") for name in (begin, end))
        if {table.columns[begin].kind, table.columns[end].kind} != {"day"}:
            raise BadMeasure("tijd", f"in {begin} en {end} staan niet allebei datums", "Kies twee kolommen met datums.")
    return Measure(
        indicator["code"], kind, table.name, field,
        scope=parse_conditions(indicator["filter"], table, "filter", known),
        numerator=parse_conditions(indicator["numerator"], table, "teller", known),
        time=time, begin=begin, end=end, unit=_unit(kind, field, table), latest_per=table.latest_per,
        empty_is_zero=indicator["empty_is_zero"] == "ja", of_persons=_of_persons(kind, field, table),
        per_room=indicator["total"] == PER_ROOM,
        room=next(name for name, column in table.columns.items() if column.kind == "room" and not column.own),
    )  # fmt: skip


def _unit(kind: str, field: str, table: Table) -> str:
    units = {"aandeel": "aandeel", "gemiddelde": "cijfer", "aantal": "aantal"}
    if kind in units:
        return units[kind]
    kind_of_field = table.columns[field].kind
    return {"uniek": {"person": "personen"}, "som": {"hours": "uren"}}[kind].get(kind_of_field, "aantal")


def _of_persons(kind: str, field: str, table: Table) -> bool:
    if kind in ("uniek", "aandeel"):
        return table.columns[field].kind == "person"
    return kind in ("aantal", "gemiddelde") and any(column.kind == "person" for column in table.columns.values())


def measures(
    agreement: Agreement, schema: Schema, columns: Mapping[tuple[str, str], Mapping[str, int]] | None = None
) -> tuple[dict[str, Measure], list[Problem]]:
    """Indicator code -> measure, for every indicator that can be counted, and a problem for each that cannot.

    A warning for each whose filter no row can meet. columns : (file, sheet) of the agreement -> where its columns are.
    """
    found, problems = {}, []
    known = _spellings(agreement)
    for indicator in agreement.indicators.to_dict("records"):
        try:
            measure = found[indicator["code"]] = parse(indicator, schema, known)
            wrong = _never_met(measure, schema, known, agreement)
        except BadMeasure as bad:
            wrong = bad
        if wrong:
            counted = indicator["code"] in found
            place = (columns or {}).get((indicator["file"], indicator["sheet"]), {})
            text = f"indicator {indicator['code']} {'telt' if counted else 'is niet te meten'}: {wrong.problem}"
            cell, severity = (
                cell_name(indicator["row"] - 1, place.get(wrong.column, 0)),
                "warning" if counted else "error",
            )
            where = (indicator["file"], indicator["sheet"], cell, wrong.column)
            problems.append(Problem(*where, severity, text, wrong.advice))
    return found, problems


def _spellings(agreement: Agreement) -> Spellings:
    questions = agreement.questions
    asked = {
        fold(text): code
        for name in ("text", "question")
        for text, code in zip(questions[name], questions["question"], strict=True)
    }
    return {"room": room_spellings(agreement.rooms), "vraag": asked}


# --- what no row can meet ---------------------------------------------------------------------------------------------


def _never_met(measure: Measure, schema: Schema, known: Spellings, agreement: Agreement) -> BadMeasure | None:
    """What is wrong with conditions that no row can meet: words that exclude each other, numbers that are not there."""
    beside = measure.scope + measure.numerator
    for column, own, conditions in (("filter", measure.scope, measure.scope), ("teller", measure.numerator, beside)):
        for name in {condition.column: None for condition in own}:
            of_column = tuple(condition for condition in conditions if condition.column == name)
            table = schema.tables[measure.table]
            bounds = _bounds(measure, table.columns[name], agreement)
            cells = pd.DataFrame({name: _thinkable(table.columns[name], table, of_column, known, bounds)})
            if not holds(cells, of_column).any():
                problem = f"niets, want geen enkele regel kan aan de voorwaarde over {name} voldoen"
                advice = "Voorwaarden met ; ertussen gelden allemaal tegelijk; schrijf voor het een of het ander een |."
                return BadMeasure(column, problem, advice)
    return None


def _bounds(measure: Measure, column: Column, agreement: Agreement) -> tuple[Any, Any]:
    """The lowest and the highest that a cell of a row that counts can hold, of its kind, its year and its question."""
    year, long_ago, far_off = agreement.settings.year, pd.Timestamp(1800, 1, 1), pd.Timestamp(2200, 1, 1)
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    if column.kind == "day":  # what is valid on a day of the year began before its end, and ended after its start
        ends = {"datum": (first, last), measure.begin: (long_ago, last), measure.end: (first, far_off)}
        return ends.get(column.name, (long_ago, far_off))
    if column.kind != "answer":
        return BOUNDS.get(column.kind, (-np.inf, np.inf))
    asked = agreement.questions.itertuples()
    scales = {fold(row.question): values.SCALES[row.scale] for row in asked if row.scale in values.SCALES}
    named = [word for one in measure.scope if (one.column, one.operator) == ("vraag", "=") for word in one.wanted]
    found = [scales[word] for word in named if word in scales]
    if not found or len(found) < len(named):
        return BOUNDS[column.kind]
    return min(low for low, _ in found), max(high for _, high in found)


def _thinkable(
    column: Column, table: Table, conditions: tuple[Condition, ...], known: Spellings, bounds: tuple[Any, Any]
) -> pd.Series:
    """Values that a cell can have and that tell the conditions apart: at, between and beyond the ones they name."""
    named, (low, high) = [word for condition in conditions for word in condition.wanted], bounds
    if column.kind == "day":
        days = {pd.Timestamp(day) + pd.Timedelta(days=more) for day in named for more in (-1, 0, 1)}
        return pd.Series([day for day in (*days, *bounds) if low <= day <= high])
    words = _words_of(column, table, known)
    if column.kind in _NUMERIC or (not words and any(condition.operator in _COMPARE for condition in conditions)):
        marks = np.unique([values.number(word) for word in named] + [end for end in (low, high) if np.isfinite(end)])
        beyond = [marks[0] - 1, *(marks[:-1] + marks[1:]) / 2, marks[-1] + 1]
        return pd.Series([number for number in [*marks, *beyond] if low <= number <= high], dtype=float)
    listed = list(words.values()) if words else [] if column.kind == "person" else named
    other = [] if column.kind in ("yes_no", "room") else ["iets anders"]  # a word outside its list stays in its row
    return pd.Series(pd.Categorical(dict.fromkeys([*listed, *other])))


# --- which rows -------------------------------------------------------------------------------------------------------


def holds(rows: pd.DataFrame, conditions: tuple[Condition, ...]) -> np.ndarray:
    """Which rows meet all conditions. An empty cell meets none, `!=` neither."""
    met = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        met &= _holds(rows[condition.column], condition)
    return met


def _holds(column: pd.Series, condition: Condition) -> np.ndarray:
    compare = _COMPARE.get(condition.operator)
    if isinstance(column.dtype, pd.CategoricalDtype) and compare is None:
        equal = np.array([fold(str(word)) in condition.wanted for word in column.cat.categories] + [False])
        codes = column.cat.codes.to_numpy()
        return equal[codes] if condition.operator == "=" else ~equal[codes] & (codes >= 0)
    if pd.api.types.is_datetime64_any_dtype(column):
        cells, wanted = column.to_numpy("datetime64[s]"), np.array(condition.wanted, dtype="datetime64[s]")
    else:
        cells, wanted = numbers(column), np.array([values.number(option) for option in condition.wanted])
    if compare:
        return compare(cells, wanted[0])
    equal = np.isin(cells, wanted)
    return equal if condition.operator == "=" else ~equal & column.notna().to_numpy()


def numbers(column: pd.Series) -> np.ndarray:
    """The column as numbers, not a number where it has none."""
    return pd.to_numeric(column.astype(object) if column.dtype != float else column, errors="coerce").to_numpy(float)


def in_time(rows: pd.DataFrame, measure: Measure, period: pd.Period) -> np.ndarray:
    """Which rows count in the period: dated in its window, valid on its reference day, or valid on a day of its
    window. A row that ends before it begins is valid on no day.
    """
    last = periods.reference_day(period)
    if measure.time == "datum":
        return rows["datum"].between(periods.start(period), last).to_numpy()
    first = last if measure.time == "peildatum" else periods.start(period)
    begin, end = rows[measure.begin], rows[measure.end]
    return ((begin <= last) & (end.isna() | ((end >= first) & (end >= begin)))).to_numpy()


def latest(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The latest row per key; on the same day the lower one in the file.

    Of rows as low in two files the lesser counts: what files are called, and their order, decide nothing.
    """
    rest = [name for name in rows if name not in (*keys, "datum") and not name.startswith("source_")]
    ascending = [True, True, *[False] * len(rest)]
    order = rows.sort_values(["datum", "source_row", *rest], ascending=ascending, na_position="first")
    return order.drop_duplicates(list(keys), keep="last")


def registered(measure: Measure, table: pd.DataFrame, period: pd.Period) -> np.ndarray:
    """Which rows of the measure's table are in time; of a survey those with an answer."""
    rows = in_time(table, measure, period)
    return rows & table["antwoord"].notna().to_numpy() if "antwoord" in table else rows


def in_scope(measure: Measure, table: pd.DataFrame, rows: np.ndarray, per_room: bool) -> np.ndarray:
    """Which registered rows meet the filter; where only the latest counts, the latest (of each room)."""
    scope = rows & holds(table, measure.scope)
    if measure.latest_per:
        keys = [*measure.latest_per, measure.room] if per_room else measure.latest_per
        scope &= table.index.isin(latest(table[scope], keys).index)
    return scope
