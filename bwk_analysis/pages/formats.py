"""Dutch words and figures for readers: `€ 35.460`, `12,5%`, `45–57`, `3 maart 2021`.

Rounding happens here and nowhere else: half up, and a range outward. A missing value (NaN, NaT, the empty text) is an
en dash, never a zero; a figure that is not told is said to be so.
"""

import datetime as dt
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from bwk_analysis.status import HIDDEN as NOT_SHOWN

LOCALE = "nl_NL"
MISSING = "–"
HOURS_PER_EURO, PER_WAGES = "uren per euro", " uur per €\N{NO-BREAK SPACE}1.000 loon"
MOST_DECIMALS = 6  # beyond this a difference is noise of floating point, not a finding

Value = float | int | str | Decimal | None
Told = tuple[float, float] | Value  # as a shown frame holds it: both ends, a word, or None where it is not told


LEVELS = {
    "impact": "Impact: wat verandert er", "output": "Output: wat komt eruit", "proces": "Proces: wat doen de kamers",
    "input": "Input: met welke middelen",
}  # fmt: skip
NOUNS = {  # what numbers of a kind are
    "persons": "personen", "rows": "rijen", "hours": "uren", "euro": "euro", "mark": "cijfer", "share": "aandeel",
    "interval": "aandeel",
}  # fmt: skip
_UNITS = {"aandeel": "aandeel", "gemiddelde": "cijfer", "verdict": "oordeel"}  # of a measure; of all others aantal


def is_missing(value: object) -> bool:
    """Whether there is nothing to show: None, NaN, NaT, NA or the empty text."""
    return value is None or value == "" or bool(pd.isna(value))


def number(value: Value, decimals: int = 0) -> str:
    """`1234.5` with one decimal -> `1.234,5`; never `-0`."""
    return figure(value, "", decimals)


def percent(share: Value, decimals: int | None = None) -> str:
    """A share of 0-1 -> `12,5%`. Without `decimals`: one where it is needed, none where it is not (`50%`)."""
    if decimals is None and not is_missing(share):
        decimals = int(_rounded(share, 3) != _rounded(share, 2))
    return figure(share, "aandeel", decimals)


def euro(value: Value, decimals: int = 0) -> str:
    """`35460` -> `€ 35.460`, `-68` -> `€ -68`; the space does not break."""
    return figure(value, "euro", decimals)


def date(value: dt.date) -> str:
    """`3 maart 2021`"""
    return MISSING if is_missing(value) else format_date(value, "d MMMM y", locale=LOCALE)


def month(value: dt.date, short: bool = False) -> str:
    """`maart 2021`, or in `short` the first three letters, `mrt`."""
    return format_date(value, "LLL" if short else "LLLL y", locale=LOCALE).rstrip(".")


def quarter(period: str | pd.Period) -> str:
    """`2021Q3` -> `derde kwartaal 2021`; a month, `2021-09` -> `september 2021`."""
    period = pd.Period(period)
    if period.freqstr == "M":
        return month(period.start_time)
    return f"{('eerste', 'tweede', 'derde', 'vierde')[period.quarter - 1]} kwartaal {period.year}"


def plural(count: Value, one: str, many: str) -> str:
    """`1 deelnemer`, `1.234 deelnemers`, `0 deelnemers`."""
    return f"{number(count)} {one if count == 1 else many}"


def join(words: list[str]) -> str:
    """`a, b en c`"""
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def figure(value: Value, unit: str, decimals: int | None = None) -> str:
    """A value in its unit: `63`, `12%`, `7,9`, `€ 35.460`, `€ 12,24` (per hour), `€ 228` (per person), `Positief`.

    Euros per something have cents below a hundred; hours per euro are told as `59 uur per € 1.000 loon`.

    `decimals` counts those of the figure as shown (of the percentage, not of the share).
    """
    if is_missing(value) or isinstance(value, str):
        return MISSING if is_missing(value) else str(value)
    number: Any = value
    if unit == HOURS_PER_EURO:
        return f"{_decimal(_rounded(number * 1000, 0), 0)}{PER_WAGES}"
    if decimals is None:
        decimals = 0 if unit.startswith("euro per") and abs(number) >= 100 else _usual_decimals(unit)
    scale = _scale(unit)
    rounded = _rounded(value, decimals + scale).scaleb(scale)
    text = _decimal(rounded or abs(rounded), decimals)
    return f"{text}%" if scale else f"€\N{NO-BREAK SPACE}{text}" if unit.startswith("euro") else text


def span(told: Told, unit: str, decimals: int | None = None) -> str:
    """A number as it is told: `63`, `45–57`, `12%–15%`, `€ 35–41`, `niet getoond` (None); ends are rounded outward.

    told : both ends; exact where they are equal. decimals : as in `figure`.
    """
    if told is None:
        return NOT_SHOWN
    if not isinstance(told, tuple) or told[0] == told[1]:
        return figure(lone(told), unit, decimals)
    if decimals is None:
        decimals = 0 if unit.startswith("euro") else _usual_decimals(unit)  # cents would say more than a range does
    low, high = (figure(end, unit, decimals) for end in _outward(told, decimals + _scale(unit)))
    dash = MISSING if told[0] >= 0 else " tot "
    return low.removesuffix(PER_WAGES) + dash + high.removeprefix("€\N{NO-BREAK SPACE}")


def lone(told: Told) -> Value:
    """The value of what is told exactly, as the agreement's numbers always are; the lower end of a range."""
    return told[0] if isinstance(told, tuple) else told


def figure_beside_target(value: Told, target: Told, unit: str) -> tuple[str, str]:
    """A value and its target, without its operator, in as many decimals as it takes not to contradict the status.

    49,96% beside 50% is not shown as 50%, and 86 beside an interim target of 86,3 is not beside 86: what is smaller,
    equal or larger is so as shown, of a range at both ends. Decimals that a figure does not have are not shown (86,
    not 86,0).
    """
    goal, usual, scale = lone(target), _usual_decimals(unit), _scale(unit)
    if any(is_missing(v) or isinstance(v, str) for v in (value, goal)):
        return span(value, unit), figure(goal, unit)
    ends: tuple[Any, Any] = value if isinstance(value, tuple) else (value, value)
    for most in range(usual, MOST_DECIMALS + 1):
        *of_ends, of_goal = (max(usual, min(most, _written_decimals(v, unit))) for v in (*ends, goal))
        shown, aim = _outward(ends, max(of_ends) + scale), _rounded(goal, of_goal + scale)
        if [(end > aim, end < aim) for end in shown] == [(end > goal, end < goal) for end in ends]:
            return span(value, unit, max(of_ends)), figure(goal, unit, of_goal)
    return span(value, unit), figure(goal, unit)


def target_text(target: Told, operator: str, unit: str, denominator: Told = None) -> str:
    """A target as the agreement writes it: `> 50%`, `> 10 op 20`, `350`, `Positief`; empty without a target.

    Its spaces do not break.
    """
    target, denominator = lone(target), lone(denominator)
    if is_missing(target):
        return ""
    if isinstance(target, str):
        return target
    text = figure(target, unit, min(_written_decimals(target, unit), 4))
    text = f"{operator}\N{NO-BREAK SPACE}{text}" if operator == ">" else text
    return text if is_missing(denominator) else f"{text} op {number(denominator)}".replace(" ", "\N{NO-BREAK SPACE}")


def units(card: pd.DataFrame, indicators: pd.DataFrame | None = None) -> pd.Series:
    """The unit of each row of a scorecard; without data that of the other rooms, or what the agreed measure gives."""
    elsewhere = card["unit"].groupby(card["indicator"]).transform("first")
    measures = {} if indicators is None else dict(zip(indicators["code"], indicators["measure"], strict=True))
    by_measure = card["indicator"].map(measures).map(_UNITS)
    return card["unit"].fillna(elsewhere).fillna(by_measure).fillna("aantal").astype(object)


def definitions(indicators: pd.DataFrame) -> dict[str, str]:
    """Code -> what an indicator counts, in the agreement's words."""
    texts = indicators["explanation"].fillna(indicators["method"]).fillna("")
    return dict(zip(indicators["code"], texts, strict=True))


@lru_cache(maxsize=4096)
def _decimal(value: Decimal, decimals: int) -> str:
    return format_decimal(value, "#,##0" + ("." + "0" * decimals if decimals else ""), locale=LOCALE)


def _rounded(value: Value, decimals: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    # through text: 0.285 is written as 0.285, while its binary value lies just below; a sum of halves may be 2150.49…95
    written = str(round(value, 2 * MOST_DECIMALS - 2)) if isinstance(value, float) else str(value)
    return Decimal(written).quantize(Decimal(1).scaleb(-decimals), rounding)


def _outward(ends: tuple[Value, Value], decimals: int) -> list[Decimal]:
    """Both ends rounded: half up where they are equal, else away from each other."""
    if ends[0] == ends[1]:
        return [_rounded(end, decimals) for end in ends]
    # half up first, far behind the comma: the noise of floating point would push an end a step too far
    low, high = (_rounded(end, 2 * MOST_DECIMALS) for end in ends)
    return [_rounded(low, decimals, ROUND_FLOOR), _rounded(high, decimals, ROUND_CEILING)]


def _scale(unit: str) -> int:
    return 2 if unit == "aandeel" else 0


def _usual_decimals(unit: str) -> int:
    return 1 if unit == "cijfer" else 3 if unit == HOURS_PER_EURO else 2 if " per " in unit else 0


def _written_decimals(value: Value, unit: str) -> int:
    scaled = Decimal(str(value)).scaleb(_scale(unit))
    return max(0, -scaled.normalize().as_tuple().exponent)  # type: ignore[operator]
