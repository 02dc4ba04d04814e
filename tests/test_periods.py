"""The window of a quarter: from 1 January to its last day, both days in."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk_analysis import periods


@pytest.mark.parametrize(
    ("text", "last", "elapsed"),
    [
        ("2021Q1", "2021-03-31", Fraction(90, 365)),
        ("2021Q2", "2021-06-30", Fraction(181, 365)),
        ("2021Q3", "2021-09-30", Fraction(273, 365)),
        ("2021Q4", "2021-12-31", Fraction(1)),
        ("2024Q1", "2024-03-31", Fraction(91, 366)),  # a leap year
        ("2024Q4", "2024-12-31", Fraction(1)),
    ],
)
def test_a_quarter_ends_on_its_last_day_and_has_its_share_of_the_year(text, last, elapsed):
    period = periods.parse(text)
    assert periods.reference_day(period) == pd.Timestamp(last)
    assert periods.start(period) == pd.Timestamp(last[:4] + "-01-01")
    assert periods.elapsed(period) == elapsed


@pytest.mark.parametrize("text", ["2021q3", " 2021Q3 "])
def test_a_quarter_may_be_written_small_and_with_spaces(text):
    assert periods.parse(text) == pd.Period("2021Q3")


@pytest.mark.parametrize("text", ["", "2021", "2021Q5", "Q3", "2021-09-30", "2021Q3x", "derde kwartaal"])
def test_what_is_no_quarter_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="schrijf het als 2021Q3"):
        periods.parse(text)


@given(st.integers(2000, 2199), st.integers(1, 4))
def test_days_in_the_window_over_days_in_the_year(year, number):
    period = periods.parse(f"{year}Q{number}")
    days = (periods.reference_day(period) - periods.start(period)).days + 1
    assert periods.elapsed(period) == Fraction(days, pd.Timestamp(year, 12, 31).day_of_year)
