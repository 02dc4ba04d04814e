"""`show`: the one door to a page; the whole rule for small numbers stands in the README.

Here are the frames of the library itself, scorecard and money; `tabled` tells all other frames.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from math import isclose
from typing import Any

import pandas as pd

from bwk_analysis import alone, declared, finance, indicators, periods, steps
from bwk_analysis.agreement import TOTAL, once
from bwk_analysis.alone import DENOMINATOR, NUMERATOR, Told, told
from bwk_analysis.data import Data, unknown
from bwk_analysis.declared import NotDeclared
from bwk_analysis.measures import RATIOS, Measure
from bwk_analysis.steps import ANALYST, BOARD, EDITIONS, PUBLIC, UNTOLD, Shown, Span, exact, is_exact, is_number
from bwk_analysis.tabled import column_of, in_steps, interval, percent

__all__ = ["ANALYST", "BOARD", "EDITIONS", "PUBLIC", "UNTOLD", "NotDeclared", "Shown", "Span", "show"]

VISITS, VOLUNTEERED = "deelnames", "vrijwilligersuren"  # tables that costs are divided by
POPULAR, REALISED = " / populair", ("volunteer_hours", finance.REALISED)
OWN = ("value", "numerator", "denominator", "n", "lower", "upper", "status", "uncertain")  # columns of a scorecard


def show(
    frame: pd.DataFrame | pd.Series, data: Data, edition: str, kinds: Mapping[str, str] | str | None = None
) -> Shown:
    """A frame as an edition may show it: every number a Span, or None where it cannot be told.

    A named index becomes columns, a room's code its name. A scorecard (period, room, indicator, value) and figures of
    money (period, room, kind, item, value, unit) must be the library's own: all of their rows, or some. Raises
    NotDeclared for a column without a kind, for persons, for texts of the exports, and for another figure than the
    library's; ValueError for what is no edition.

    kinds : column -> persons, rows, hours, euro, mark, agreed, share of A / B, share of euro, word or day, where the
    name of the column does not say it; one text is the kind of all columns of numbers.
    """
    if edition not in (*EDITIONS, ANALYST):
        raise ValueError(unknown("editie", edition, EDITIONS))
    before = data.found.setdefault((edition, repr(kinds)), [])  # every page shows the same scorecard and money
    same = (shown for given, shown in before if frame.equals(given) and frame.index.names == given.index.names)
    shown = next(same, None)
    if shown is None:
        shown = _show(frame, data, edition, kinds)
        before[:] = [*before[-3:], (frame.copy(deep=False), shown)]
    return replace(shown, frame=shown.frame.copy(deep=False))


def _show(frame: pd.DataFrame | pd.Series, data: Data, edition: str, kinds: Mapping[str, str] | str | None) -> Shown:
    flat = _flat(frame)
    declared.refuse_persons(flat, data)
    raw = flat.astype(object).where(flat.notna(), None)
    if edition == ANALYST:
        cells, found = raw.map(lambda cell: exact(cell) if is_number(cell) else cell), dict.fromkeys(flat, ANALYST)
    else:
        found = declared.kinds_of(flat, kinds or {})
        declared.refuse_texts(flat, data, found)
        columns = set(flat)
        tell = _scorecard if columns >= declared.SCORECARD else _money if columns >= declared.MONEY else _stepped
        cells = tell(raw, data, found, edition == PUBLIC)
    names = data.agreement.room_names
    rooms = {name: cells[name].map(lambda code: names.get(code, code)) for name in ("room", "kamer") if name in cells}
    days = {name: column for name, column in flat.items() if pd.api.types.is_datetime64_any_dtype(column)}
    return Shown(
        cells.assign(**rooms, **days).rename(columns=names), {names.get(c, c): k for c, k in found.items()}, edition
    )


def _flat(frame: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Without an index, and every column named by a text of its own."""
    flat = frame.to_frame() if isinstance(frame, pd.Series) else frame
    if any(name is not None for name in flat.index.names):
        flat = flat.set_axis(flat.columns.astype(object), axis=1).reset_index()  # categories take no new label
    labels = [" ".join(str(part) for part in c if part != "") if isinstance(c, tuple) else str(c) for c in flat]
    if len(set(labels)) < len(labels):
        raise NotDeclared("twee kolommen hebben dezelfde naam; geef elke kolom een eigen naam")
    return flat.set_axis(pd.Index(labels, dtype=object), axis=1).reset_index(drop=True)


# --- the library's own figures ----------------------------------------------------------------------------------------


def _year_end(data: Data) -> pd.Period:
    return pd.Period(f"{data.agreement.settings.year}Q4")


@once
def warm(data: Data, period: pd.Period, edition: str) -> None:
    """Works out once, before processes are copied from this one, what the pages of a period ask of `show`."""
    for each in [period - 1, period] if (period - 1).year == period.year else [period]:
        for work in (alone.scorecard, _euros):
            show(work(data, each), data, edition)
    _loose(data)


@once
def _euros(data: Data, period: pd.Period) -> pd.DataFrame:
    return finance.figures(data, period, alone.scorecard(data, period))


@once
def _values(data: Data, period: pd.Period, work: Callable[..., pd.DataFrame], *names: str) -> dict[Any, Any]:
    found: dict[Any, Any] = work(data, period).set_index(list(names))["value"].to_dict()
    return found


@once
def _loose(data: Data) -> dict[str, list[Span]]:
    """Room -> how the year's quarters tell wholes whose own step would say more than their parts."""
    found: dict[str, list[Span]] = {}
    of_parts = alone.wholes(data, _year_end(data))
    for quarter, public in product(pd.period_range(end=_year_end(data), periods=4), (False, True)):
        for (code, part, room), span in told(data, quarter, public).items():
            if (code, part) in of_parts and span not in (steps.fives(span.high), exact(span.high)):
                found.setdefault(room, []).append(span)
    return found


def _stepped(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    few_repeat = [False] * len(raw)
    if {"table", "room"} <= set(raw):
        pairs = zip(raw["table"].map(lambda table: str(table).casefold()), raw["room"], strict=True)
        few_repeat = [of in data.delivered and room in alone.sparse(data, _year_end(data), of) for of, room in pairs]
    return in_steps(raw, kinds, public, _loose(data) if declared.PERSONS in kinds.values() else {}, few_repeat)


def _refuse_other(row: Mapping[str, Any], own: Mapping[Any, Any], key: tuple[str, ...], source: str) -> None:
    value, known = row["value"], own.get(key, float("nan"))
    if pd.isna(known) != (value is None) or (is_number(value) and not isclose(value, known, abs_tol=1e-9)):
        raise NotDeclared(
            f"{' / '.join(key)} is niet het cijfer van {source}; geef dat frame ongewijzigd, of rijen ervan"
        )


def _scorecard(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    """Its own columns follow from the library's counts of all rooms, whichever rows the frame has."""
    mine = {name: list(raw[name]) for name in OWN if name in raw}
    cells = _stepped(raw, data, {**kinds, **dict.fromkeys(mine, declared.FIGURE)}, public)
    for at, row in enumerate(raw.to_dict("records")):
        period, measure = pd.Period(row["period"]), data.measures.get(row["indicator"])
        if not isinstance(row["value"], str):  # a judgement counts nobody
            own = _values(data, period, alone.scorecard, "indicator", "room")
            _refuse_other(row, own, (row["indicator"], row["room"]), "indicators.counts")
        if measure is not None and measure.kind != "verdict":
            line = _line(row, measure, data, told(data, period, public), public)
            for name in line.keys() & mine.keys():
                mine[name][at] = line[name]
    return cells.assign(**{name: column_of(found, raw) for name, found in mine.items()})


def _line(row: dict[str, Any], measure: Measure, data: Data, spans: Told, public: bool) -> dict[str, Any]:
    """The cells of an indicator in a room, as they are told."""
    if row["value"] is None:
        return dict.fromkeys(OWN[:6])
    part, whole = (spans.get((measure.code, column, row["room"])) for column in (NUMERATOR, DENOMINATOR))
    value, ends = part, None
    if measure.kind == "aandeel":
        value, ends = steps.share(part, whole), interval(part, whole)
    elif measure.kind == "gemiddelde" and whole and is_exact(whole) and not public:
        part, value = exact(row["value"] * whole.low), exact(row["value"])
    elif measure.kind == "gemiddelde":
        part, value = None, steps.mean(row["value"], whole)
    elif measure.kind == "som":
        part = value = (steps.tens if public and measure.unit == "uren" else exact)(row["value"])
    elif measure.kind == "aantal" and part and not is_exact(part):
        few_repeat = row["room"] in alone.sparse(data, pd.Period(row["period"]), measure.table)
        part, value, whole = (None, None, None) if few_repeat else (part, part, whole)
    cells: dict[str, Any] = {"value": percent(value) if measure.kind == "aandeel" else value, "numerator": part}
    cells |= {"denominator": whole, "n": whole if measure.kind in RATIOS else None}
    cells |= {"lower": ends and exact(ends.low), "upper": ends and exact(ends.high)}
    return cells if is_exact(value) else cells | _judged(row, measure, data, value, ends, public)


def _judged(
    row: Mapping[str, Any], measure: Measure, data: Data, value: Span | None, ends: Span | None, public: bool
) -> dict[str, Any]:
    """The status that both ends have; and whether the interval as told holds what was agreed by now.

    Everyone may also know that two numbers of a step of five and more have it: not of a sensitive figure, nor of a
    whole, whose lower end would then say more than its parts do.
    """
    target, interim = row.get("target"), row.get("interim_target")
    if row.get("status") in (indicators.NO_TARGET, indicators.NO_DATA):
        return {}
    if not is_number(target) or not {"interim_target", "operator"} <= row.keys():
        return {"status": UNTOLD, "uncertain": False}
    goal, due = indicators.fraction(target), indicators.fraction(interim) if is_number(interim) else None

    def judged(number: float) -> str:
        return indicators.status(indicators.fraction(number), goal, due, row["operator"], data.agreement.settings.near)

    found = {judged(end) for end in value or ()}
    if public and value and len(found) > 1 and value.low >= steps.STEP and measure.kind not in RATIOS:
        is_whole = row["room"] == TOTAL or (measure.code, NUMERATOR) in alone.wholes(data, _year_end(data))
        same = [n for n in range(int(value.low), int(value.high) + 1) if judged(n) == row["status"]]
        if len(same) > 1 and not is_whole and measure.code not in alone.sensitive(data):
            found = {row["status"]}
    status = found.pop() if len(found) == 1 else UNTOLD
    return {"status": status, "uncertain": bool(ends and due is not None and ends.low <= due <= ends.high)}


Money = dict[tuple[str, str, str], Span | None]


def _money(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    """Euros, and what is worked out of euros alone, exact; what hours, people or rows are part of as they allow."""
    values = list(_stepped(raw, data, kinds, public)["value"])
    for at, row in enumerate(raw.to_dict("records")):
        period, key = pd.Period(row["period"]), (row["room"], row["kind"], row["item"])
        own = _values(data, period, _euros, "room", "kind", "item")
        if key in own or row["unit"] != "euro":
            _refuse_other(row, own, key, "finance.figures")
        if row["value"] is not None:
            values[at] = _ranges(data, period, public).get(key, values[at])
    return raw.assign(value=column_of(values, raw))


@once
def _ranges(data: Data, period: pd.Period, public: bool) -> Money:
    """What an edition does not tell exactly of the figures of money."""
    found: Money = {}
    own = _values(data, period, _euros, "room", "kind", "item")
    people, year = told(data, period, public), float(periods.elapsed(period))
    worth: dict[str, Span | None] = {}
    for room in [*data.rooms, TOTAL]:
        numbers = (own.get((room, *key), float("nan")) for key in (("realised", TOTAL), REALISED))
        spent, hours = (exact(number) if is_number(number) else None for number in numbers)
        told_hours = hours and (steps.tens(hours.low) if public else hours)
        volunteers = _volunteers(data, period, people, room)
        leading = people.get((data.agreement.settings.cost_per, NUMERATOR, room))
        quotients = {
            ("cost_per_result", finance.PER_PERSON): (spent, leading),
            ("cost_per_result", finance.PER_VISIT): (spent, _visits(data, period, room)),
            ("volunteer_hours", finance.YEARLY): (told_hours, volunteers and Span(*(year * n for n in volunteers))),
        }
        for key, (above, below) in quotients.items():
            if not (is_exact(above) and is_exact(below)):
                each = steps.quotient(above, below)
                found[room, *key] = each and steps.outward(each, 1)
        if public and hours and told_hours and hours.low > 0:
            found |= _of_hours(own, room, told_hours, hours.low, worth)
    return found


def _of_hours(own: Mapping[Any, float], room: str, hours: Span, real: float, worth: dict[str, Span | None]) -> Money:
    """What follows from a room's hours where these are in tens; `worth` gathers the rooms' worth for Totaal."""
    found: Money = {(room, *REALISED): hours}
    per_euro, value = own[room, "cost_per_result", finance.HOURS_PER_EURO], own[room, "volunteer_value", REALISED[1]]
    rate = Span(*(per_euro * h / real for h in hours))
    found[room, "cost_per_result", finance.HOURS_PER_EURO] = steps.outward(rate, 1000)
    mine = steps.added(worth.values()) if room == TOTAL else Span(*(value * h / real for h in hours))
    worth[room] = mine
    found[room, "volunteer_value", REALISED[1]] = steps.outward(mine, 1)
    for key in [key for key in own if key[:2] == (room, "share_realised") and key[2].endswith(POPULAR)]:
        euros, item = own[room, "funding_realised", TOTAL], key[2].removesuffix(POPULAR)
        part = None if item == finance.VOLUNTEERS else own[room, "funding_realised", item]
        ends = [(w if part is None else part) / (euros + w) for w in mine if euros + w]
        found[key] = steps.outward(Span(min(ends), max(ends)), 100) if len(ends) == 2 else None
    return found


def _visits(data: Data, period: pd.Period, room: str) -> Span | None:
    """Participations, in steps; not told where they would say who came how often."""
    if VISITS not in data.delivered or room in alone.sparse(data, period, VISITS):
        return None
    rows = periods.in_window(data.tables[VISITS], period)
    return steps.fives(int(((rows["kamer"] == room) | (room == TOTAL)).sum()))


def _volunteers(data: Data, period: pd.Period, people: Told, room: str) -> Span | None:
    """Volunteers with hours: as the scorecard tells them where it counts them, else in steps."""
    rows = data.tables[VOLUNTEERED]
    worked = rows["datum"].between(periods.start(period), periods.reference_day(period)) & (rows["uren"] > 0)
    for count in alone.counts_of(data, VOLUNTEERED, period):
        if count.field == "vrijwilliger" and (count.rows == worked).all():
            return people.get((count.code, count.part, room))
    return steps.fives(rows.loc[worked & ((rows["kamer"] == room) | (room == TOTAL)), "vrijwilliger"].nunique())
