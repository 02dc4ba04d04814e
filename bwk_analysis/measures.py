"""An indicator's row in the agreement as a measure: which rows of which table, in which time, and what of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import Agreement
from bwk_analysis.door import values
from bwk_analysis.door.schema import Schema, Table
from bwk_analysis.door.spelling import fold
from bwk_analysis.problems import Problem

VERDICTS = ("saldo", "controles")
RATIOS = ("aandeel", "gemiddelde")  # kinds whose value is numerator over denominator

_CONDITION = re.compile(r"\s*(\w+)\s*(!=|>=|<=|=|>|<)\s*(.+?)\s*")
_TIME = re.compile(r"(datum|peildatum|looptijd)(?:\s*\(\s*(\w+)\s*,\s*(\w+)\s*\))?")
_NUMERIC = ("number", "hours", "answer")  # kinds of columns that hold numbers
_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


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


# --- reading a measure ------------------------------------------------------------------------------------------------


def parse_conditions(text: Any, table: Table, column: str) -> tuple[Condition, ...]:
    """`richting = van; doelgroep = uitkering | beperkte loonwaarde` as conditions that all must hold."""
    if not isinstance(text, str):
        return ()
    found = []
    for part in filter(str.strip, text.split(";")):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise BadMeasure(
                column, f"de voorwaarde '{part.strip()}' is niet te lezen", "Schrijf haar als kolom = waarde."
            )
        name, operator, wanted = match.groups()
        _known_column(name, table, column)
        options = tuple(fold(option) for option in wanted.split("|"))
        if operator in _COMPARE and len(options) > 1:
            raise BadMeasure(column, f"'{part.strip()}' vergelijkt met meer dan één getal", "Noem één getal.")
        numeric = operator in _COMPARE or table.columns[name].kind in _NUMERIC
        if numeric and not all(isinstance(values.number(option), float) for option in options):
            raise BadMeasure(column, f"'{part.strip()}' vergelijkt met iets dat geen getal is", "Noem een getal.")
        words = table.words.get(name)
        for option in options:
            if words and option not in words:
                raise BadMeasure(
                    column,
                    f"'{option}' is geen {name} van {table.name}",
                    f"Kies uit: {', '.join(dict.fromkeys(words.values()))}.",
                )
        found.append(Condition(name, operator, tuple(fold(words[option]) if words else option for option in options)))
    return tuple(found)


def _known_column(name: str, table: Table, column: str) -> None:
    if name not in table.columns or table.columns[name].kind == "hashed":
        raise BadMeasure(column, f"{table.name} heeft geen kolom {name}", f"Kies uit: {', '.join(table.columns)}.")


def parse(indicator: Mapping[str, Any], schema: Schema) -> Measure:
    """A row of the agreement's indicators as a measure. Raises BadMeasure when it cannot be counted."""
    kind, field = indicator["measure"], indicator["field"] if isinstance(indicator["field"], str) else ""
    if kind == "verdict":
        if field not in VERDICTS:
            raise BadMeasure("veld", "onbekend oordeel", f"Kies uit: {', '.join(VERDICTS)}.")
        return Measure(indicator["code"], kind, "", field, unit="oordeel")
    table = schema.tables.get(indicator["table"])
    if table is None:
        raise BadMeasure("tabel", "onbekende tabel", f"Kies uit: {', '.join(schema.tables)}.")
    if kind != "aantal":
        _known_column(field, table, "veld")
    match = _TIME.fullmatch(fold(indicator["time"]) if isinstance(indicator["time"], str) else "datum")
    if match is None:
        raise BadMeasure("tijd", "de tijd is niet te lezen", "Schrijf datum, peildatum of looptijd.")
    time: str = match[1]
    begin, end = (match[2], match[3]) if match[2] else table.period or ("", "")
    if time != "datum" and not begin:
        raise BadMeasure("tijd", f"{table.name} heeft geen begin en eind", f"Schrijf datum, of {time} (begin, eind).")
    for name in ["datum"] if time == "datum" else [begin, end]:
        _known_column(name, table, "tijd")
    return Measure(
        indicator["code"], kind, table.name, field,
        scope=parse_conditions(indicator["filter"], table, "filter"),
        numerator=parse_conditions(indicator["numerator"], table, "teller"),
        time=time, begin=begin, end=end, unit=_unit(kind, field, table), latest_per=table.latest_per,
        empty_is_zero=indicator["empty_is_zero"] == "ja", of_persons=_of_persons(kind, field, table),
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


def measures(agreement: Agreement, schema: Schema) -> tuple[dict[str, Measure], list[Problem]]:
    """Indicator code -> measure, for every indicator that can be counted, and a problem for each that cannot."""
    found, problems = {}, []
    for indicator in agreement.indicators.to_dict("records"):
        try:
            found[indicator["code"]] = parse(indicator, schema)
        except BadMeasure as bad:
            place = f"A{indicator['row']}"
            text = f"indicator {indicator['code']} is niet te meten: {bad.problem}"
            problems.append(
                Problem(indicator["file"], indicator["sheet"], place, bad.column, "error", text, bad.advice)
            )
    return found, problems


# --- which rows -------------------------------------------------------------------------------------------------------


def holds(rows: pd.DataFrame, conditions: tuple[Condition, ...]) -> np.ndarray:
    """Which rows meet all conditions. An empty cell meets none, `!=` neither."""
    met = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        met &= _holds(rows[condition.column], condition)
    return met


def _holds(column: pd.Series, condition: Condition) -> np.ndarray:
    if condition.operator in _COMPARE:
        return _COMPARE[condition.operator](numbers(column), values.number(condition.wanted[0]))
    if isinstance(column.dtype, pd.CategoricalDtype):
        equal = np.array([fold(str(word)) in condition.wanted for word in column.cat.categories] + [False])
        codes = column.cat.codes.to_numpy()
        return equal[codes] if condition.operator == "=" else ~equal[codes] & (codes >= 0)
    equal = np.isin(numbers(column), [values.number(option) for option in condition.wanted])
    return equal if condition.operator == "=" else ~equal & column.notna().to_numpy()


def numbers(column: pd.Series) -> np.ndarray:
    """The column as numbers, not a number where it has none."""
    return pd.to_numeric(column.astype(object) if column.dtype != float else column, errors="coerce").to_numpy(float)


def in_time(rows: pd.DataFrame, measure: Measure, period: pd.Period) -> np.ndarray:
    """Which rows count in the period: dated in its window, valid on its reference day, or valid on a day of its
    window.
    """
    last = periods.reference_day(period)
    if measure.time == "datum":
        return rows["datum"].between(periods.start(period), last).to_numpy()
    first = last if measure.time == "peildatum" else periods.start(period)
    begin, end = rows[measure.begin], rows[measure.end]
    return ((begin <= last) & (end.isna() | (end >= first))).to_numpy()


def latest(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The latest row per key; on the same day the lower one in the file."""
    order = rows.sort_values(["datum", "source_file", "source_sheet", "source_row"], kind="stable")
    return order.drop_duplicates(list(keys), keep="last")


def registered(measure: Measure, table: pd.DataFrame, period: pd.Period) -> np.ndarray:
    """Which rows of the measure's table are in time; of a survey those with an answer."""
    rows = in_time(table, measure, period)
    return rows & table["antwoord"].notna().to_numpy() if "antwoord" in table else rows


def in_scope(measure: Measure, table: pd.DataFrame, rows: np.ndarray, per_room: bool) -> np.ndarray:
    """Which registered rows meet the filter; where only the latest counts, the latest (of each room)."""
    scope = rows & holds(table, measure.scope)
    if measure.latest_per:
        keys = [*measure.latest_per, "kamer"] if per_room else measure.latest_per
        scope &= table.index.isin(latest(table[scope], keys).index)
    return scope
