"""`show`: the one door to a page.

A number of people, or of rows about people, is told in steps of five: 0, 1-4, 5-9, ... In the edition for the board the
scorecard's figures that are not sensitive are told exactly; all else is in steps in both editions. What is worked out
from a number in steps is the range that its steps allow, rounded outward, or nothing. A figure that holds a sensitive
one whole is exact at the end of a quarter, unless the people in it who came for the sensitive one alone, now or since
the end of an earlier quarter of the year, would say more of it than its step; one that holds a part of it, or counts
the rows of its table, is in steps. A total whose parts do not explain its step is told as the sum of their ends, parts
that their total would give away as 0-9, and rows not where hardly anyone comes twice. For everyone hours are in tens,
a mean is told by its half mark, of fifty people by its tenth and of fewer than ten not, and single answers of fifty
people and more; a status is told where both ends have it, or two numbers of a step of five and more. What nobody
declared, and whatever holds persons or the exports' own texts, is refused.
"""

import difflib
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isclose
from typing import Any

import pandas as pd

from bwk_analysis import finance, indicators, periods
from bwk_analysis.agreement import TOTAL
from bwk_analysis.alone import DENOMINATOR, NUMERATOR, Told, counts_of, sparse, told, wholes
from bwk_analysis.data import Data
from bwk_analysis.declared import (
    FIGURE,
    MONEY,
    PERSONS,
    SCORECARD,
    NotDeclared,
    kinds_of,
    refuse_persons,
    refuse_texts,
)  # fmt: skip
from bwk_analysis.measures import Measure
from bwk_analysis.steps import (
    ANALYST,
    BOARD,
    EDITIONS,
    PUBLIC,
    STEP,
    UNTOLD,
    Shown,
    Span,
    added,
    exact,
    is_exact,
    is_number,
    mean,
    outward,
    quotient,
    share,
    steps,
    tens,
)  # fmt: skip
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
        near = difflib.get_close_matches(str(edition), EDITIONS, 1, 0.0)[0]
        raise ValueError(f"'{edition}' is geen editie; bedoelt u '{near}'? Kies uit: {', '.join(EDITIONS)}")
    flat = _flat(frame)
    refuse_persons(flat, data)
    raw = flat.astype(object).where(flat.notna(), None)
    if edition == ANALYST:
        cells, found = raw.map(lambda cell: exact(cell) if is_number(cell) else cell), dict.fromkeys(flat, ANALYST)
    else:
        found = kinds_of(flat, kinds or {})
        refuse_texts(flat, data, found)
        tell = _scorecard if set(flat) >= SCORECARD else _money if set(flat) >= MONEY else _stepped
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

_kept: dict[tuple[Any, ...], tuple[Data, Any]] = {}


def _once(work: Callable[..., Any], data: Data, period: pd.Period, *more: Any) -> Any:
    """What was worked out of a dataset, kept for the next page."""
    key = (work, data.key or id(data), *(len(rows) for rows in data.tables.values()), period, *more)
    if key not in _kept:
        if len(_kept) >= 100:
            _kept.clear()
        _kept[key] = data, work(data, period, *more)
    return _kept[key][1]


def warm(data: Data, period: pd.Period) -> None:
    """Works out once, before processes are copied from this one, what the pages of a period ask of `show`."""
    for each in [period - 1, period] if (period - 1).year == period.year else [period]:
        _once(_values, data, each, _counted, "indicator", "room")
        for public in (False, True):
            _once(_ranges, data, each, public)
    _once(_loose, data, pd.Period(f"{data.agreement.settings.year}Q4"))


def _counted(data: Data, period: pd.Period) -> pd.DataFrame:
    return indicators.judge(indicators.counts(data, period), data.agreement)


def _euros(data: Data, period: pd.Period) -> pd.DataFrame:
    return finance.figures(data, period, _once(_counted, data, period))


def _values(data: Data, period: pd.Period, work: Callable[..., pd.DataFrame], *names: str) -> dict[Any, Any]:
    rows = _once(work, data, period)
    return dict(zip(zip(*(rows[name] for name in names), strict=True), rows["value"], strict=True))


def _told(data: Data, period: pd.Period, public: bool) -> Told:
    card = _once(_counted, data, period)
    parts = (card.set_index(["indicator", "room"])[part].dropna() for part in (NUMERATOR, DENOMINATOR))
    return told(data, {(c, str(of.name), room): n for of in parts for (c, room), n in of.items()}, period, public)


def _sparse(data: Data, period: pd.Period, table: str) -> set[str]:
    found: set[str] = _once(sparse, data, period, table)
    return found


def _loose(data: Data, last: pd.Period) -> dict[str, list[Span]]:
    """Room -> how the year's quarters tell wholes whose own step would say more than their parts."""
    found: dict[str, list[Span]] = {}
    of_parts = wholes(data, last)
    for quarter in pd.period_range(end=last, periods=4):
        for (code, part, room), span in [
            item for public in (False, True) for item in _once(_told, data, quarter, public).items()
        ]:
            if (code, part) in of_parts and span not in (steps(span.high), exact(span.high)):
                found.setdefault(room, []).append(span)
    return found


def _stepped(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    year = pd.Period(f"{data.agreement.settings.year}Q4")
    few_repeat = [False] * len(raw)
    if {"table", "room"} <= set(raw):
        pairs = zip(raw["table"].map(lambda table: str(table).casefold()), raw["room"], strict=True)
        few_repeat = [table in data.delivered and room in _sparse(data, year, table) for table, room in pairs]
    loose = _once(_loose, data, year) if PERSONS in kinds.values() else {}
    return in_steps(raw, kinds, public, loose, few_repeat)


def _refuse_other(row: Mapping[str, Any], own: Mapping[Any, Any], key: tuple[str, ...], source: str) -> None:
    value, known = row["value"], own.get(key, float("nan"))
    if pd.isna(known) != (value is None) or (is_number(value) and not isclose(value, known, abs_tol=1e-9)):
        raise NotDeclared(
            f"{' / '.join(key)} is niet het cijfer van {source}; geef dat frame ongewijzigd, of rijen ervan"
        )


def _scorecard(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    """Its own columns follow from the library's counts of all rooms, whichever rows the frame has."""
    mine = {name: list(raw[name]) for name in OWN if name in raw}
    cells = _stepped(raw, data, {**kinds, **dict.fromkeys(mine, FIGURE)}, public)
    periods_ = {text: pd.Period(text) for text in raw["period"].unique()}
    own = {text: _once(_values, data, period, _counted, "indicator", "room") for text, period in periods_.items()}
    spans = {text: _once(_told, data, period, public) for text, period in periods_.items()}
    for at, row in enumerate(raw.to_dict("records")):
        text, measure = row["period"], data.measures.get(row["indicator"])
        if not isinstance(row["value"], str):  # a judgement counts nobody
            _refuse_other(row, own[text], (row["indicator"], row["room"]), "indicators.counts")
        if measure is not None and measure.kind != "verdict":
            for name, cell in _line(row, measure, data, spans[text], public).items():
                if name in mine:
                    mine[name][at] = cell
    return cells.assign(**{name: column_of(told_cells, raw) for name, told_cells in mine.items()})


def _line(row: dict[str, Any], measure: Measure, data: Data, spans: Told, public: bool) -> dict[str, Any]:
    """The cells of an indicator in a room, as they are told."""
    if row["value"] is None:
        return dict.fromkeys(OWN[:6])
    part, whole = (spans.get((measure.code, column, row["room"])) for column in (NUMERATOR, DENOMINATOR))
    value, ends = part, None
    if measure.kind == "aandeel":
        value, ends = share(part, whole), interval(part, whole)
    elif measure.kind == "gemiddelde" and whole and is_exact(whole) and not public:
        part, value = exact(row["value"] * whole.low), exact(row["value"])
    elif measure.kind == "gemiddelde":
        part, value = None, mean(row["value"], whole)
    elif measure.kind == "som":
        part = value = (tens if public and measure.unit == "uren" else exact)(row["value"])
    elif measure.kind == "aantal" and part and not is_exact(part):
        few_repeat = row["room"] in _sparse(data, pd.Period(row["period"]), measure.table)
        part, value, whole = (None, None, None) if few_repeat else (part, part, whole)
    cells: dict[str, Any] = {"value": percent(value) if measure.kind == "aandeel" else value, "numerator": part}
    cells |= {"denominator": whole, "n": whole if measure.kind in ("aandeel", "gemiddelde") else None}
    cells |= {"lower": ends and exact(ends.low), "upper": ends and exact(ends.high)}
    if is_exact(value):
        return cells
    more = public and value == part and part is not None and part.low >= STEP and _tells_status(row, measure, data)
    return cells | _judged(row, value, ends, data.agreement.settings.near, more)


def _tells_status(row: Mapping[str, Any], measure: Measure, data: Data) -> bool:
    """Whether everyone may know on which side of its target a figure of five and more lies: not of a sensitive one, nor
    of a whole, whose lower end would then say more than its parts do.
    """
    last = pd.Period(f"{data.agreement.settings.year}Q4")
    indicators_ = data.agreement.indicators.set_index("code")
    whole = (measure.code, NUMERATOR) in _once(wholes, data, last)
    return indicators_.loc[measure.code, "sensitive"] != "ja" and not whole and row["room"] != TOTAL


def _judged(row: Mapping[str, Any], value: Span | None, ends: Span | None, near: float, more: bool) -> dict[str, Any]:
    """The status that both ends have; and whether the interval as told holds what was agreed by now.

    more : of a number of people, tell it also where two numbers of its step have it.
    """
    interim: Any = row.get("interim_target")
    if not is_number(interim) or row["status"] in (indicators.NO_TARGET, indicators.NO_DATA):
        return {}

    def judged(number: float) -> str:
        return indicators.status(_fraction(number), _fraction(interim), row["operator"], near)

    found = {judged(end) for end in value or ()}
    if more and value and len(found) > 1:
        same = [n for n in range(int(value.low), int(value.high) + 1) if judged(n) == row["status"]]
        found = {row["status"]} if len(same) > 1 else found
    return {
        "status": found.pop() if len(found) == 1 else UNTOLD,
        "uncertain": bool(ends and ends.low <= interim <= ends.high),
    }


def _fraction(number: float) -> Fraction:
    return Fraction(str(round(float(number), 9)))


def _money(raw: pd.DataFrame, data: Data, kinds: Mapping[str, str], public: bool) -> pd.DataFrame:
    """Euros, and what is worked out of euros alone, exact; what hours, people or rows are part of as they allow."""
    values = list(_stepped(raw, data, kinds, public)["value"])
    periods_ = {text: pd.Period(text) for text in raw["period"].unique()}
    own = {text: _once(_values, data, period, _euros, "room", "kind", "item") for text, period in periods_.items()}
    ranges = {text: _once(_ranges, data, period, public) for text, period in periods_.items()}
    for at, row in enumerate(raw.to_dict("records")):
        text, key = row["period"], (row["room"], row["kind"], row["item"])
        if key in own[text] or row["unit"] != "euro":
            _refuse_other(row, own[text], key, "finance.figures")
        if row["value"] is not None:
            values[at] = ranges[text].get(key, values[at])
    return raw.assign(value=column_of(values, raw))


Money = dict[tuple[str, str, str], Span | None]


def _ranges(data: Data, period: pd.Period, public: bool) -> Money:
    """What an edition does not tell exactly of the figures of money."""
    found: Money = {}
    own = _once(_values, data, period, _euros, "room", "kind", "item")
    people: Told = _once(_told, data, period, public)
    worth: dict[str, Span | None] = {}
    for room in [*data.rooms, TOTAL]:
        spent, hours = (
            exact(own.get((room, kind, item), float("nan"))) for kind, item in (("realised", TOTAL), REALISED)
        )
        leading = people.get((data.agreement.settings.cost_per, NUMERATOR, room))
        volunteers, year = _volunteers(data, period, people, room), float(periods.elapsed(period))
        told_hours = tens(hours.low) if public and is_number(hours.low) else hours
        quotients = {
            ("cost_per_result", finance.PER_PERSON): (spent, leading),
            ("cost_per_result", finance.PER_VISIT): (spent, _visits(data, period, room)),
            ("volunteer_hours", finance.YEARLY): (told_hours, volunteers and Span(*(year * n for n in volunteers))),
        }
        for key, (above, below) in quotients.items():
            if not (is_exact(above) and is_exact(below)):
                each = quotient(above, below)
                found[room, *key] = each and outward(each, 1)
        if public and told_hours and hours.low > 0:
            found |= _of_hours(own, room, told_hours, hours.low, worth)
    return found


def _of_hours(own: Mapping[Any, float], room: str, hours: Span, real: float, worth: dict[str, Span | None]) -> Money:
    """What follows from a room's hours where these are in tens; `worth` gathers the rooms' worth for Totaal."""
    found: Money = {(room, *REALISED): hours}
    per_euro, value = own[room, "cost_per_result", finance.HOURS_PER_EURO], own[room, "volunteer_value", REALISED[1]]
    found[room, "cost_per_result", finance.HOURS_PER_EURO] = outward(Span(*(per_euro * h / real for h in hours)), 1000)
    mine = added(worth.values()) if room == TOTAL else Span(*(value * h / real for h in hours))
    worth[room] = mine
    found[room, "volunteer_value", REALISED[1]] = outward(mine, 1)
    for key in [key for key in own if key[:2] == (room, "share_realised") and key[2].endswith(POPULAR)]:
        euros, item = own[room, "funding_realised", TOTAL], key[2].removesuffix(POPULAR)
        part = None if item == finance.VOLUNTEERS else own[room, "funding_realised", item]
        ends = [(w if part is None else part) / (euros + w) for w in mine if euros + w]
        found[key] = outward(Span(min(ends), max(ends)), 100) if len(ends) == 2 else None
    return found


def _visits(data: Data, period: pd.Period, room: str) -> Span | None:
    """Participations, in steps; not told where they would say who came how often."""
    if VISITS not in data.delivered or room in _sparse(data, period, VISITS):
        return None
    rows = data.until(period).tables[VISITS]
    return steps(int(((rows["kamer"] == room) | (room == TOTAL)).sum()))


def _volunteers(data: Data, period: pd.Period, people: Told, room: str) -> Span | None:
    """Volunteers with hours: as the scorecard tells them where it counts them, else in steps."""
    rows = data.tables[VOLUNTEERED]
    worked = rows["datum"].between(periods.start(period), periods.reference_day(period)) & (rows["uren"] > 0)
    for count in counts_of(data, VOLUNTEERED, period):
        if count.field == "vrijwilliger" and (count.rows == worked).all():
            return people.get((count.code, count.part, room))
    return steps(rows.loc[worked & ((rows["kamer"] == room) | (room == TOTAL)), "vrijwilliger"].nunique())
