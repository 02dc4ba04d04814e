"""Measures as they stand in the agreement, counted per room and in all, and held against their targets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from bwk_analysis import periods
from bwk_analysis.agreement import NEGATIVE, POSITIVE, TOTAL, Agreement, Settings, Target
from bwk_analysis.door import values
from bwk_analysis.door.schema import Schema, Table
from bwk_analysis.door.spelling import fold
from bwk_analysis.problems import Problem

COLUMNS = [
    "period", "room", "indicator", "level", "value", "numerator", "denominator", "unit", "target", "target_denominator",
    "interim_target", "operator", "status", "lower", "upper", "n", "uncertain",
]  # fmt: skip
MET, NEAR, BEHIND, NO_DATA, NO_TARGET = "gehaald", "nabij", "achter", "geen gegevens", "geen streefwaarde"
COUNTS = ("uniek", "aantal", "som")
VERDICTS = ("saldo", "controles")
CONFIDENCE = 0.95

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


def parse_measure(indicator: Mapping[str, Any], schema: Schema) -> Measure:
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
            found[indicator["code"]] = parse_measure(indicator, schema)
        except BadMeasure as bad:
            place = f"A{indicator['row']}"
            text = f"indicator {indicator['code']} is niet te meten: {bad.problem}"
            problems.append(
                Problem(indicator["file"], indicator["sheet"], place, bad.column, "error", text, bad.advice)
            )
    return found, problems


def narrower(found: Mapping[str, Measure]) -> dict[str, list[str]]:
    """Measure of distinct values -> the measures that count the same of some of its rows, where there are any.

    Of participants: those who came for language, those who came for work.
    """
    whole_and_parts = {
        whole.code: [
            part.code
            for part in found.values()
            if (part.table, part.field, part.time, part.begin) == (whole.table, whole.field, whole.time, whole.begin)
            and part.kind in ("uniek", "aandeel")
            and set(part.scope) > set(whole.scope)
        ]
        for whole in found.values()
        if whole.kind == "uniek" and not whole.numerator
    }
    return {whole: parts for whole, parts in whole_and_parts.items() if parts}


def divided(found: Mapping[str, Measure], schema: Schema) -> dict[str, list[str]]:
    """Measure -> narrower measures that together leave none of its rows out: each has other words of one column, and
    all its listed words are there. Together these are never fewer than the whole.
    """
    whole_and_parts: dict[str, list[str]] = {}
    for whole, parts in narrower(found).items():
        for column, words in schema.tables[found[whole].table].words.items():
            one_more = {
                part: extra[0].wanted
                for part in parts
                if len(extra := [c for c in found[part].scope if c not in found[whole].scope]) == 1
                and (extra[0].column, extra[0].operator) == (column, "=")
            }
            if {word for wanted in one_more.values() for word in wanted} >= set(map(fold, words.values())):
                whole_and_parts[whole] = list(one_more)
    return whole_and_parts


# --- counting ---------------------------------------------------------------------------------------------------------


def holds(rows: pd.DataFrame, conditions: tuple[Condition, ...]) -> np.ndarray:
    """Which rows meet all conditions. An empty cell meets none, `!=` neither."""
    met = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        met &= _holds(rows[condition.column], condition)
    return met


def _holds(column: pd.Series, condition: Condition) -> np.ndarray:
    if condition.operator in _COMPARE:
        return _COMPARE[condition.operator](_numbers(column), values.number(condition.wanted[0]))
    if isinstance(column.dtype, pd.CategoricalDtype):
        equal = np.array([fold(str(word)) in condition.wanted for word in column.cat.categories] + [False])
        codes = column.cat.codes.to_numpy()
        return equal[codes] if condition.operator == "=" else ~equal[codes] & (codes >= 0)
    equal = np.isin(_numbers(column), [values.number(option) for option in condition.wanted])
    return equal if condition.operator == "=" else ~equal & column.notna().to_numpy()


def _numbers(column: pd.Series) -> np.ndarray:
    """The column as numbers, not a number where it has none."""
    return pd.to_numeric(column.astype(object) if column.dtype != float else column, errors="coerce").to_numpy(float)


def in_time(rows: pd.DataFrame, measure: Measure, period: pd.Period) -> np.ndarray:
    """Which rows count in the quarter: dated in its window, valid on its reference day, or valid on a day of its
    window.
    """
    last = periods.reference_day(period)
    if measure.time == "datum":
        return rows["datum"].between(periods.start(period), last).to_numpy()
    first = last if measure.time == "peildatum" else periods.start(period)
    begin, end = rows[measure.begin], rows[measure.end]
    return ((begin <= last) & (end.isna() | (end >= first))).to_numpy()


def _codes(rows: pd.DataFrame, name: str) -> np.ndarray:
    column = rows[name]
    return column.cat.codes.to_numpy() if isinstance(column.dtype, pd.CategoricalDtype) else pd.factorize(column)[0]


def _room_codes(rows: pd.DataFrame, rooms: list[str]) -> np.ndarray:
    """Each row's room as its position in `rooms`; -1 without a room."""
    return rows["kamer"].cat.set_categories(rooms).cat.codes.to_numpy()


def distinct(rows: pd.DataFrame, field: str, rooms: list[str]) -> np.ndarray:
    """Distinct values of a field per room and, last, over all rows at once. Empty values are not counted.

    Every (room, value) that occurs is ticked once in a table of rooms by values; rows without a room tick its last
    line.
    """
    value, room = _codes(rows, field), _room_codes(rows, rooms)
    seen = np.zeros((len(rooms) + 1, value.max(initial=-1) + 1), dtype=bool)
    seen[room[value >= 0], value[value >= 0]] = True
    return np.append(seen[:-1].sum(axis=1), seen.any(axis=0).sum())


def _rows_per_room(rows: pd.DataFrame, rooms: list[str], weights: np.ndarray | None = None) -> np.ndarray:
    room = _room_codes(rows, rooms)
    counted = np.bincount(room + 1, weights, minlength=len(rooms) + 1)
    return np.append(counted[1:], counted.sum())


def _count(rows: pd.DataFrame, measure: Measure, rooms: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(numerator, denominator) per room and in total, of rows already in time and in scope."""
    of = rows[holds(rows, measure.numerator)] if measure.numerator else rows
    without = np.full(len(rooms) + 1, np.nan)
    if measure.kind in ("uniek", "aandeel"):
        has_denominator = measure.numerator or measure.kind == "aandeel"
        return distinct(of, measure.field, rooms), distinct(rows, measure.field, rooms) if has_denominator else without
    if measure.kind == "aantal":
        return _rows_per_room(of, rooms), _rows_per_room(rows, rooms) if measure.numerator else without
    filled = of[of[measure.field].notna()]
    total = _rows_per_room(filled, rooms, _numbers(filled[measure.field]))
    return total, _rows_per_room(filled, rooms) if measure.kind == "gemiddelde" else without


def latest(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The latest row per key; on the same day the lower one in the file."""
    order = rows.sort_values(["datum", "source_file", "source_sheet", "source_row"], kind="stable")
    return order.drop_duplicates(list(keys), keep="last")


def count(measure: Measure, table: pd.DataFrame, rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """A measure counted. One row is a room (and Totaal): numerator, denominator.

    All empty where nothing was registered, which is not nought. A respondent without a room counts in Totaal alone.
    """
    return _count_valid(measure, table[in_time(table, measure, period)], rooms)


def _count_valid(measure: Measure, valid: pd.DataFrame, rooms: list[str]) -> pd.DataFrame:
    """`valid` : the rows of the table that are in time."""
    used = {"kamer", "antwoord", measure.field, *measure.latest_per}
    used |= {condition.column for condition in (*measure.scope, *measure.numerator)}
    used |= {"datum", "source_file", "source_sheet", "source_row"} if measure.latest_per else set()
    rows = valid[[name for name in valid if name in used]]
    if "antwoord" in rows:
        rows = rows[rows["antwoord"].notna()]  # only answers count
    registered = _rows_per_room(rows, rooms) > 0
    scope = rows[holds(rows, measure.scope)] if measure.scope else rows
    if measure.latest_per:
        per_room = _count(latest(scope, [*measure.latest_per, "kamer"]), measure, rooms)
        overall = _count(latest(scope, measure.latest_per), measure, rooms)
        parts = [np.append(part[:-1], whole[-1]) for part, whole in zip(per_room, overall, strict=True)]
    else:
        parts = list(_count(scope, measure, rooms))
    index = pd.Index([*rooms, TOTAL], name="room")
    counted = pd.DataFrame(dict(zip(["numerator", "denominator"], parts, strict=True)), index=index, dtype=float)
    ratio = measure.kind in ("aandeel", "gemiddelde")
    counted.loc[(counted["denominator"] == 0) if ratio else ~(registered | measure.empty_is_zero)] = np.nan
    return counted


# --- the scorecard ----------------------------------------------------------------------------------------------------


def _exact(value: Any) -> Fraction:
    return Fraction(Decimal(repr(round(float(value), 9))))


def total_target(targets: Mapping[str, Target], rooms: list[str], measure: Measure) -> Target | None:
    """The target of all rooms together: its own row if there is one, else the sum of the rooms' targets for counts and
    their common target for shares, means and verdicts; none where the rooms differ or one has no target."""
    if TOTAL in targets:
        return targets[TOTAL]
    found = [targets[room] for room in rooms if room in targets]
    if len(found) < len(rooms) or len({(t.operator, t.denominator is None) for t in found}) != 1:
        return None
    if measure.kind not in COUNTS or isinstance(found[0].value, str):
        return found[0] if len(set(found)) == 1 else None
    denominator = None if found[0].denominator is None else sum(t.denominator or 0 for t in found)
    return Target(found[0].operator, sum(float(t.value) for t in found), denominator)


def status(value: Fraction, interim: Fraction, operator: str, near: float) -> str:
    """Whether a value meets the interim target as written (`>` is strict), is near it, or is behind."""
    if value > interim or (operator == ">=" and value == interim):
        return MET
    return NEAR if value >= _exact(near) * interim else BEHIND


def scorecard(
    agreement: Agreement,
    found: Mapping[str, Measure],
    tables: Mapping[str, pd.DataFrame],
    verdicts: Mapping[str, Mapping[str, bool]],
    period: pd.Period,
) -> pd.DataFrame:
    """One row is an indicator in a room, or in Totaal; always all of them, in the order of the agreement.

    Shares are 0-1; the value of a verdict is `Positief` or `Negatief`. Interim target = target x elapsed share of the
    year for counts over time, else the target. Shares have a 95% Wilson interval (Wilson 1927), `uncertain` when it
    holds the target.

    verdicts : name of a judgement -> room (or Totaal) -> whether it holds; a room that is not there has no data.
    """
    rooms = agreement.room_codes
    targets: dict[str, dict[str, Target]] = {}
    for row in agreement.targets.itertuples():
        targets.setdefault(row.indicator, {})[row.room] = row.target
    rows = []
    valid: dict[tuple[str, ...], pd.DataFrame] = {}
    for indicator in agreement.indicators.itertuples():
        measure = found.get(indicator.code)
        agreed = targets.get(indicator.code, {})
        counted = None
        if measure and measure.table in tables:
            when = (measure.table, measure.time, measure.begin, measure.end)
            if when not in valid:  # once for all measures of the same rows
                valid[when] = tables[measure.table][in_time(tables[measure.table], measure, period)]
            counted = _count_valid(measure, valid[when], rooms)
        for room in [*rooms, TOTAL]:
            target = agreed.get(room) if room != TOTAL or measure is None else total_target(agreed, rooms, measure)
            line = {"period": str(period), "room": room, "indicator": indicator.code, "level": indicator.level}
            line |= _target_columns(target, measure, period)
            if measure and measure.kind == "verdict":
                line |= _judged(verdicts.get(measure.field, {}).get(room), target)
            elif measure and counted is not None:
                line |= _measured(counted.loc[room], measure, target, period, agreement.settings)
            rows.append({"status": NO_DATA, "uncertain": False} | line)
    return pd.DataFrame(rows, columns=COLUMNS)


def _interim(target: Target, measure: Measure, period: pd.Period) -> Fraction:
    scales = measure.time == "datum" and measure.kind in COUNTS
    return _exact(target.value) * (periods.elapsed(period) if scales else 1)


def _target_columns(target: Target | None, measure: Measure | None, period: pd.Period) -> dict[str, Any]:
    if target is None:
        return {}
    interim: Any = target.value
    if measure and not isinstance(target.value, str):
        interim = float(_interim(target, measure, period))
    return {
        "target": target.value,
        "target_denominator": target.denominator,
        "interim_target": interim,
        "operator": target.operator,
    }


def _judged(verdict: bool | None, target: Target | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    outcome = NO_TARGET if target is None else MET if verdict else BEHIND
    return {"value": POSITIVE if verdict else NEGATIVE, "unit": "oordeel", "operator": "=", "status": outcome}


def _measured(
    counted: pd.Series, measure: Measure, target: Target | None, period: pd.Period, settings: Settings
) -> dict[str, Any]:
    numerator, denominator = counted["numerator"], counted["denominator"]
    if np.isnan(numerator):
        return {}
    ratio = measure.kind in ("aandeel", "gemiddelde")
    exact = _exact(numerator) / (_exact(denominator) if ratio else 1)
    line = {
        "value": float(exact),
        "numerator": numerator,
        "denominator": denominator,
        "unit": measure.unit,
        "status": NO_TARGET,
    }
    line |= {"n": denominator} if ratio else {}
    if measure.kind == "aandeel":
        line["lower"], line["upper"] = wilson(int(numerator), int(denominator))
    if target is None or isinstance(target.value, str):
        return line
    line["status"] = status(exact, _interim(target, measure, period), target.operator, settings.near)
    if measure.kind == "aandeel":
        line["uncertain"] = line["lower"] <= target.value <= line["upper"]
    return line


def judge(value: float, target: Target, measure: Measure, period: pd.Period, settings: Settings) -> str:
    """The status of a figure that is held against a target of its measure."""
    return status(_exact(value), _interim(target, measure, period), target.operator, settings.near)


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """The 95% Wilson score interval of a share. Raises ValueError for a denominator of nought."""
    interval = binomtest(numerator, denominator).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)
