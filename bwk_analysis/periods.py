"""A period as people type it, its window from 1 January, its reference day, the share of the year that has passed."""

import re
from fractions import Fraction
from functools import lru_cache

import pandas as pd

WRITTEN = r"(?:19|20)\d\d(?:Q[1-4]|-\d\d)?"  # a year, quarter or month in a text
EXAMPLE = "schrijf hem als 2021Q3 (een kwartaal) of 2021-09 (een maand)"
MONTHS = (
    "januari jan", "februari feb", "maart mrt maa", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
    "september sep sept", "oktober okt", "november nov", "december dec",
)  # fmt: skip
MONTH_NAMES = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}
NUMBERS = MONTH_NAMES | {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4}

_YEAR = r"(?P<year>(?:19|2[01])\d\d)"
_PARTS = (
    ("Q", r"(?:q|kw|kwartaal)[. ]?(?P<nth>[1-4])"),
    ("Q", r"(?P<nth>[1-4])e? ?(?:q|kw|kwartaal)"),
    ("Q", r"(?P<nth>eerste|tweede|derde|vierde) (?:kw|kwartaal)"),
    ("M", f"(?P<nth>{'|'.join(MONTH_NAMES)})"),
)
_TYPED = [
    *((freq, re.compile(whole, re.ASCII)) for freq, part in _PARTS
      for whole in (part, f"{_YEAR}[ -]?{part}", f"{part}(?:[ -]| van )?{_YEAR}")),
    *(("M", re.compile(whole, re.ASCII)) for nth in ("(?P<nth>0[1-9]|1[0-2])",)
      for whole in (f"{_YEAR}-{nth}", f"{nth}-{_YEAR}")),
]  # fmt: skip


class Mistyped(ValueError):
    """What was typed is none of what it may be: a period, a room, a dataset. The text is Dutch and says what may be."""


def parse(text: object, year: int | None = None) -> pd.Period:
    """A quarter (`2021Q3`, `2021-Q3`, `Q3`, `kw3`, `3e kwartaal 2021`) or a month (`2021-09`, `september`).

    year : which is meant where none is typed. Raises Mistyped for anything else.
    """
    typed = " ".join(str(text).casefold().split())
    for freq, pattern in _TYPED:
        if match := pattern.fullmatch(typed):
            found = match.groupdict()
            nth, of_year = found["nth"], found.get("year") or year
            if of_year:
                month = NUMBERS.get(nth) or int(nth)
                return pd.Period(f"{of_year}-{month if freq == 'M' else month * 3:02d}", freq=freq)
    raise Mistyped(f"'{text}' is geen periode; {EXAMPLE}")


def start(period: pd.Period) -> pd.Timestamp:
    """1 January of the period's year."""
    return reference_day(period).replace(month=1, day=1)


@lru_cache
def reference_day(period: pd.Period) -> pd.Timestamp:
    """The period's last day (peildatum). Raises Mistyped for a text, which is of no dataset yet."""
    if not isinstance(period, pd.Period):
        raise Mistyped('een tekst is nog geen periode; maak er een met data.quarter("2021Q3")')
    return period.end_time.normalize()


def year_end(period: pd.Period) -> pd.Timestamp:
    """31 December of the period's year."""
    return reference_day(period).replace(month=12, day=31)


def elapsed(period: pd.Period) -> Fraction:
    """Days in the window over days in the year."""
    return Fraction(reference_day(period).day_of_year, year_end(period).day_of_year)


def in_window(rows: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    """The rows with a `datum` from 1 January up to and with the reference day."""
    return rows[rows["datum"].between(start(period), reference_day(period))]
