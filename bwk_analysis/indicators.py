"""The agreement's indicators: counted per room and in all, held against their targets, and the rows behind a figure."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bwk_analysis import balance, periods
from bwk_analysis.agreement import NEGATIVE, PER_ROOM, POSITIVE, TOTAL, Agreement, Target, once
from bwk_analysis.course import ADDED, part_due
from bwk_analysis.data import Data, unknown
from bwk_analysis.measures import RATIOS, Measure, holds, in_scope, numbers, registered
from bwk_analysis.periods import Mistyped
from bwk_analysis.status import BEHIND, MET, NEAR, NO_DATA, NO_TARGET, UNDERWAY

COUNTED = ["period", "room", "indicator", "name", "level", "value", "numerator", "denominator", "n", "unit"]
JUDGED = ["target", "target_denominator", "interim_target", "operator", "status", "lower", "upper", "uncertain"]
SCORECARD = [
    "period", "room", "indicator", "level", "value", "numerator", "denominator", "unit", "target", "target_denominator",
    "interim_target", "operator", "status", "lower", "upper", "n", "uncertain",
]  # fmt: skip
VERDICT, SHARE = "oordeel", "aandeel"
CONFIDENCE = 0.95
Z = 1.959963984540054  # the normal distribution has 95 % between -Z and Z


# --- counting ---------------------------------------------------------------------------------------------------------


@once
def counts(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is an indicator in a room, or in Totaal; always all of them, in the order of the agreement.

    value is numerator over denominator for a share (0-1) or a mean, else the numerator; of a verdict it is `Positief`
    or `Negatief`. Totaal is counted over all rows at once. All is empty where nothing was registered, which is not
    nought, and of a room that opens later. n is the denominator of a share or a mean.
    """
    verdicts, rooms = balance.verdicts(data, period), data.agreement.rooms
    later = set(rooms.loc[rooms["opens"] > periods.reference_day(period), "room"])
    rows: list[dict[str, Any]] = []
    for indicator in data.agreement.indicators.itertuples():
        measure: Measure | None = data.measures.get(indicator.code)
        counted = None
        if measure and measure.table in data.delivered:
            counted = count(measure, data.tables[measure.table], data.rooms, period).T.to_dict("list")
        for room in [*data.rooms, TOTAL]:
            line = {"period": str(period), "room": room, "indicator": indicator.code}
            line |= {"name": indicator.name, "level": indicator.level}
            if room in later or not measure:
                pass
            elif counted is not None:
                line |= _valued(measure, *counted[room])
            elif measure.kind == "verdict" and (verdict := verdicts[measure.field].get(room)) is not None:
                line |= {"value": POSITIVE if verdict else NEGATIVE, "unit": VERDICT}
            rows.append(line)
    return pd.DataFrame(rows, columns=COUNTED)


def count(measure: Measure, table: pd.DataFrame, rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """A measure counted. One row is a room (and Totaal): numerator, denominator.

    All empty where nothing was registered, which is not nought. A respondent without a room counts in Totaal alone.
    """
    found = registered(measure, table, period)
    of_room = table[measure.room].cat
    place = np.array([*(rooms.index(name) if name in rooms else -1 for name in of_room.categories), -1])[of_room.codes]
    parts = _parts(measure, table, in_scope(measure, table, found, per_room=True), place, len(rooms))
    if measure.latest_per and not measure.per_room:
        overall = _parts(measure, table, in_scope(measure, table, found, per_room=False), place, len(rooms))
        parts = [np.append(part[:-1], whole[-1]) for part, whole in zip(parts, overall, strict=True)]
    counted = pd.DataFrame(dict(zip(["numerator", "denominator"], parts, strict=True)), [*rooms, TOTAL], dtype=float)
    delivered = place[found] if measure.time == "datum" else place  # a register of which nobody is valid counts nought
    known = _per_room(delivered, len(rooms)) > 0
    unknown = counted["denominator"] == 0 if measure.kind in RATIOS else ~(known | measure.empty_is_zero)
    counted.loc[unknown] = np.nan
    return counted.rename_axis("room")


def _parts(measure: Measure, table: pd.DataFrame, scope: np.ndarray, place: np.ndarray, rooms: int) -> list[np.ndarray]:
    """[numerator, denominator] per room and in total, of the rows in scope."""
    chosen = scope & holds(table, measure.numerator)
    if measure.kind in ("som", "gemiddelde"):
        marks = numbers(table[measure.field])
        filled = chosen & ~np.isnan(marks)
        parts = [_per_room(place[filled], rooms, marks[filled]), _per_room(place[filled], rooms)]
    elif measure.kind == "aantal":
        parts = [_per_room(place[rows], rooms) for rows in (chosen, scope)]
    else:
        value = pd.Categorical(table[measure.field]).codes
        parts = [_distinct(place[rows], value[rows], rooms, measure.per_room) for rows in (chosen, scope)]
    beside = measure.kind in RATIOS or (measure.numerator and measure.kind != "som")
    return parts if beside else [parts[0], np.full(rooms + 1, np.nan)]


def _distinct(place: np.ndarray, value: np.ndarray, rooms: int, added: bool) -> np.ndarray:
    """Distinct values (-1 is none) per room and, last, over all rows at once, or those of the rooms added: each room's
    are ticked in a line of a table, of which the last line is for rows without a room."""
    seen = np.zeros((rooms + 1, value.max(initial=-1) + 1), dtype=bool)
    seen[place[value >= 0], value[value >= 0]] = True
    return np.append(seen[:-1].sum(axis=1), seen.sum() if added else seen.any(axis=0).sum())


def _per_room(place: np.ndarray, rooms: int, weights: np.ndarray | None = None) -> np.ndarray:
    counted = np.bincount(place + 1, weights, minlength=rooms + 1)
    return np.append(counted[1:], counted.sum())


def _valued(measure: Measure, numerator: float, denominator: float) -> dict[str, Any]:
    if np.isnan(numerator):
        return {}
    ratio = measure.kind in RATIOS
    value = float(fraction(numerator) / fraction(denominator)) if ratio else float(fraction(numerator))
    found = {"value": value, "numerator": numerator, "denominator": denominator, "unit": measure.unit}
    return found | ({"n": denominator} if ratio else {})


# --- the rows behind a figure -----------------------------------------------------------------------------------------


def rows(data: Data, indicator: str, room: str, period: pd.Period) -> pd.DataFrame:
    """The very rows that a figure counts, with source_file, source_sheet and source_row.

    One row is a row of the indicator's table: in time, within the filter and the teller, with a value to count, and the
    latest where only that counts. Of a share they are the rows of its denominator; `teller` says which are in its
    numerator. room : a code, a name, or Totaal. Raises Mistyped for a verdict, which counts no rows, and for a room
    or an indicator that is not in the agreement.
    """
    measure = _measure(data, indicator)
    code = data.room(room)
    table = data.tables[measure.table]
    found = table[in_scope(measure, table, registered(measure, table, period), code != TOTAL or measure.per_room)]
    if code != TOTAL:
        found = found[found[measure.room] == code]
    if measure.kind != "aantal":
        found = found[found[measure.field].notna()]
    if measure.kind == "aandeel":
        return found.assign(teller=holds(found, measure.numerator))
    return found[holds(found, measure.numerator)]


def _measure(data: Data, indicator: str) -> Measure:
    measure: Measure | None = data.measures.get(indicator)
    if measure is None:
        codes = list(data.agreement.indicators["code"])
        why = f"indicator {indicator} is niet te meten; zie data.problems" if indicator in codes else ""
        raise Mistyped(why or unknown("indicator", indicator, codes))
    if measure.kind == "verdict":
        raise Mistyped(f"{indicator} is een oordeel ({measure.field}) en telt geen rijen; zie balance.controls")
    return measure


# --- held against the agreement ---------------------------------------------------------------------------------------


class Due(NamedTuple):
    """What is agreed for a room, or Totaal: the year's target, and the part due by the period's last day, if any."""

    target: Target | None = None
    interim: Fraction | None = None
    open: bool = True  # whether the room has opened


def judge(counted: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """Counts with their targets and statuses; one row is what it was.

    interim_target is the part of the target that is due by the period's last day, as the indicator's course says; empty
    where nothing is agreed by then. Shares have a 95 % Wilson interval (lower, upper), `uncertain` when it holds the
    interim target; where 0 % is agreed by then, no answer falls short of it.
    """
    about = {row.code: row for row in agreement.indicators.itertuples()}
    rooms = [*agreement.rooms.itertuples()]
    targets: defaultdict[str, dict[str, Target]] = defaultdict(dict)
    for code, room, target in agreement.targets[["indicator", "room", "target"]].itertuples(index=False, name=None):
        targets[code][room] = target
    found: dict[tuple[str, str], dict[str, Due]] = {}
    judged = []
    for line in counted.to_dict("records"):
        code, period = key = line["indicator"], line["period"]
        if key not in found:
            found[key] = _due(about[code], targets[code], rooms, periods.parse(period))
        due = found[key].get(line["room"], Due())
        judged.append(line | {"status": NO_DATA, "uncertain": False} | _judged(line, due, agreement))
    return pd.DataFrame(judged, columns=[*counted, *JUDGED])


def _due(indicator: Any, targets: Mapping[str, Target], rooms: Sequence[Any], period: pd.Period) -> dict[str, Due]:
    """What is agreed of an indicator: room, and Totaal -> its target and what is due of it."""
    kind, time = indicator.measure, indicator.time
    course = indicator.course if isinstance(indicator.course, str) else None
    found, day = {}, periods.reference_day(period)
    for room in rooms:
        part = part_due(course, kind, time, period, room.opens, room.closes)
        found[room.room] = Due(mine := targets.get(room.room), _times(mine, part), not room.opens > day)
    whole, part = total_target(targets, indicator, [room.room for room in rooms]), part_due(course, kind, time, period)
    interim = _times(whole, part)
    if whole and TOTAL not in targets and kind in ADDED:
        known = [due.interim for due in found.values() if due.open]
        interim = None if None in known else sum(filter(None, known), Fraction(0))
    return found | {TOTAL: Due(whole, interim)}


def _times(target: Target | None, part: Fraction | None) -> Fraction | None:
    """The part of a target that is a number."""
    return None if target is None or part is None or isinstance(target.value, str) else fraction(target.value) * part


def _judged(line: Mapping[str, Any], due: Due, agreement: Agreement) -> dict[str, Any]:
    found: dict[str, Any] = {}
    target, interim, value = due.target, due.interim, line["value"]
    if target:
        found = {"target": target.value, "target_denominator": target.denominator, "operator": target.operator}
        verdict = isinstance(target.value, str) and due.open
        found["interim_target"] = target.value if verdict else np.nan if interim is None else float(interim)
    if isinstance(value, str):
        outcome = NO_TARGET if target is None else MET if value == POSITIVE else BEHIND
        return found | {"operator": "=", "status": outcome}
    if value is None or np.isnan(value):
        return found
    found["status"] = NO_TARGET
    if line["unit"] == SHARE:
        found["lower"], found["upper"] = wilson(line["numerator"], line["denominator"])
    if target and not isinstance(target.value, str):
        exact = fraction(line["numerator"]) / fraction(line["n"]) if line["n"] > 0 else fraction(value)
        found["status"] = status(exact, fraction(target.value), interim, target.operator, agreement.settings.near)
        if line["unit"] == SHARE and interim is not None and (interim > 0 or not target.value):
            found["uncertain"] = found["lower"] <= interim <= found["upper"]
    return found


def total_target(targets: Mapping[str, Target], indicator: Any, rooms: list[str]) -> Target | None:
    """The target of all rooms together: its own row if there is one, else the sum of the rooms' targets where Totaal is
    a sum, and their common target for shares, means and verdicts; none where the rooms differ or one has no target.

    Nobody agreed how many different people the rooms reach together: a sum of rooms counts some of them twice.
    """
    if TOTAL in targets:
        return targets[TOTAL]
    found, kind = [targets[room] for room in rooms if room in targets], indicator.measure
    if len(found) < len(rooms) or len({(t.operator, t.denominator is None) for t in found}) != 1:
        return None
    if kind not in ADDED or isinstance(found[0].value, str):
        return found[0] if len(set(found)) == 1 else None
    if kind == "uniek" and indicator.total != PER_ROOM:
        return None
    denominator = None if found[0].denominator is None else sum(t.denominator or 0 for t in found)
    return Target(found[0].operator, sum(float(t.value) for t in found), denominator)


def status(value: Fraction, target: Fraction, interim: Fraction | None, operator: str, near: float) -> str:
    """Whether a value meets what is due as written (`>` is strict), is near it, or is behind.

    Without an interim target it has met the year's target, or is under way.
    """
    goal = target if interim is None else interim
    if value > goal or (operator == ">=" and value == goal) or (interim == 0 and target > 0):
        return MET
    if interim is None:
        return UNDERWAY
    return NEAR if value >= fraction(near) * interim else BEHIND


def fraction(value: Any) -> Fraction:
    """A number as it is written, without what floating point adds."""
    return Fraction(Decimal(repr(round(float(value), 9))))


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share (Wilson 1927, as written by Newcombe 1998).

    Raises ValueError for a denominator of nought.
    """
    if denominator <= 0:
        raise ValueError("een aandeel van niemand heeft geen interval")
    share, scale = numerator / denominator, 2 * (denominator + Z**2)
    middle = (2 * denominator * share + Z**2) / scale
    half = Z / scale * math.sqrt(4 * denominator * share * (1 - share) + Z**2)
    return (middle - half if numerator else 0.0), (middle + half if numerator < denominator else 1.0)
