"""Dutch words and figures for readers: `€ 35.460`, `12,5%`, `1.234`, `3 maart 2021`.

Rounding happens here and nowhere else, half up. A missing value (None, NaN, NaT) is an en dash, never a zero.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE = "nl_NL"
MISSING = "–"
SIGNS = {
    "gehaald": "●",
    "nabij": "◐",
    "achter": "○",
    "geen gegevens": "–",
    "geen streefwaarde": "·",
    "verborgen": "×",
}  # of the statuses, in order; the word itself always stands beside it
MOST_DECIMALS = 6  # beyond this a difference is noise of floating point, not a finding

Value = float | int | str | None


def is_missing(value: object) -> bool:
    """Whether there is nothing to show: None, NaN, NaT, NA or the empty text."""
    return value is None or value == "" or bool(pd.isna(value))


def number(value: Value, decimals: int = 0) -> str:
    """`1234.5` with one decimal -> `1.234,5`; never `-0`."""
    return MISSING if is_missing(value) else _decimal(_rounded(value, decimals), decimals)


def percent(share: Value, decimals: int | None = None) -> str:
    """A share of 0-1 -> `12,5%`. Without `decimals`: one where it is needed, none where it is not (`50%`)."""
    if is_missing(share):
        return MISSING
    if decimals is None:
        decimals = 0 if _rounded(share, 3) * 100 == _rounded(share, 2) * 100 else 1
    return _decimal(_rounded(share, decimals + 2) * 100, decimals) + "%"


def euro(value: Value, decimals: int = 0) -> str:
    """`35460` -> `€ 35.460`, `-68` -> `€ -68`; the space does not break."""
    return MISSING if is_missing(value) else f"€\N{NO-BREAK SPACE}{number(value, decimals)}"


def date(value: dt.date) -> str:
    """`3 maart 2021`"""
    return MISSING if is_missing(value) else format_date(value, "d MMMM y", locale=LOCALE)


def month(value: dt.date, short: bool = False) -> str:
    """`maart 2021`, or in `short` the first three letters, `mrt`."""
    return format_date(value, "LLL" if short else "LLLL y", locale=LOCALE).rstrip(".")


def quarter(period: str | pd.Period) -> str:
    """`2021Q3` -> `derde kwartaal 2021`."""
    period = pd.Period(period, freq="Q")
    return f"{('eerste', 'tweede', 'derde', 'vierde')[period.quarter - 1]} kwartaal {period.year}"


def plural(count: Value, one: str, many: str) -> str:
    """`1 deelnemer`, `1.234 deelnemers`, `0 deelnemers`."""
    return f"{number(count)} {one if count == 1 else many}"


def join(words: list[str]) -> str:
    """`a, b en c`"""
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def figure(value: Value, unit: str, decimals: int | None = None) -> str:
    """A value in its unit: `63`, `12%`, `7,9`, `€ 35.460`, `€ 12,24` (euro per person), `Positief`.

    `decimals` counts those of the figure as shown (of the percentage, not of the share).
    """
    if is_missing(value) or isinstance(value, str):
        return MISSING if is_missing(value) else str(value)
    decimals = _usual_decimals(unit) if decimals is None else decimals
    if unit == "aandeel":
        return percent(value, decimals)
    return euro(value, decimals) if unit.startswith("euro") else number(value, decimals)


def figure_beside_target(value: Value, target: Value, unit: str) -> tuple[str, str]:
    """A value and its target in as many decimals as it takes not to contradict the status.

    49,96% beside 50% is not shown as 50%, and 86 beside an interim target of 86,3 is not beside 86: what is smaller,
    equal or larger is so as shown. Decimals that a figure does not have are not shown (86, not 86,0).

    Returns
    -------
    The value and the target as text, the target without its operator.
    """
    if any(is_missing(v) or isinstance(v, str) for v in (value, target)):
        return figure(value, unit), figure(target, unit)
    scale = 2 if unit == "aandeel" else 0
    usual = _usual_decimals(unit)
    for most in range(usual, MOST_DECIMALS + 1):
        decimals = [max(usual, min(most, _written_decimals(v, unit))) for v in (value, target)]
        shown = [_rounded(v, d + scale) for v, d in zip((value, target), decimals, strict=True)]
        if _order(*shown) == _order(value, target):
            return figure(value, unit, decimals[0]), figure(target, unit, decimals[1])
    return figure(value, unit), figure(target, unit)


def target_text(target: Value, operator: str, unit: str, denominator: Value = None) -> str:
    """A target as the agreement writes it: `> 50%`, `> 10 op 20`, `350`, `Positief`; empty without a target.

    Its spaces do not break.
    """
    if is_missing(target):
        return ""
    if isinstance(target, str):
        return target
    text = figure(target, unit, min(_written_decimals(target, unit), 4))
    text = f"{operator}\N{NO-BREAK SPACE}{text}" if operator == ">" else text
    return text if is_missing(denominator) else f"{text} op {number(denominator)}".replace(" ", "\N{NO-BREAK SPACE}")


def _order(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


@lru_cache(maxsize=4096)
def _decimal(value: Decimal, decimals: int) -> str:
    return format_decimal(value, "#,##0" + ("." + "0" * decimals if decimals else ""), locale=LOCALE)


def _rounded(value: Value, decimals: int) -> Decimal:
    # through text: 0.285 is written as 0.285, while its binary value lies just below
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded or abs(rounded)


def _usual_decimals(unit: str) -> int:
    return 1 if unit == "cijfer" else 2 if " per " in unit else 0


def _written_decimals(target: Value, unit: str) -> int:
    scaled = Decimal(str(target)) * (100 if unit == "aandeel" else 1)
    return max(0, -scaled.normalize().as_tuple().exponent)  # type: ignore[operator]
