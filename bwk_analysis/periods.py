"""A report's quarter: its window from 1 January, its reference day and the share of the year that has passed."""

from fractions import Fraction

import pandas as pd


def quarter(text: str) -> pd.Period:
    """`2021Q3` as a quarter. Raises ValueError with a Dutch message when it is none."""
    try:
        period = pd.Period(text.strip(), freq="Q")
    except ValueError:
        period = None
    if period is None or str(period) != text.strip().upper():
        raise ValueError(f"'{text}' is geen kwartaal; schrijf het als 2021Q3")
    return period


def start(period: pd.Period) -> pd.Timestamp:
    """1 January of the quarter's year."""
    return pd.Timestamp(period.year, 1, 1)


def reference_day(period: pd.Period) -> pd.Timestamp:
    """The quarter's last day (peildatum)."""
    return period.end_time.normalize()


def elapsed(period: pd.Period) -> Fraction:
    """Days in the window over days in the year."""
    year_end = pd.Timestamp(period.year, 12, 31)
    return Fraction(reference_day(period).day_of_year, year_end.day_of_year)
