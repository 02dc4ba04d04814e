"""A period as people type it, its window from 1 January, its reference day, the share of the year that has passed."""

from fractions import Fraction

import pandas as pd

WRITTEN = r"(?:19|20)\d\d(?:Q[1-4]|-\d\d)?"  # a year, quarter or month in a text
EXAMPLE = "schrijf hem als 2021Q3 (een kwartaal) of 2021-09 (een maand)"


class Mistyped(ValueError):
    """What was typed is none of what it may be: a period, a room, a dataset. The text is Dutch and says what may be."""


def parse(text: object) -> pd.Period:
    """`2021Q3` as a quarter, `2021-09` as a month. Raises Mistyped when it is neither."""
    typed = str(text).strip().upper()
    try:
        period = pd.Period(typed, freq="Q" if "Q" in typed else "M")
    except ValueError:
        period = None
    if period is None or str(period) != typed:
        raise Mistyped(f"'{text}' is geen periode; {EXAMPLE}")
    return period


def start(period: pd.Period) -> pd.Timestamp:
    """1 January of the period's year."""
    return reference_day(period).replace(month=1, day=1)


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
