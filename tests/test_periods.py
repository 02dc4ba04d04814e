"""The window of a quarter or a month: from 1 January to its last day, both days in."""

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
        ("2021-01", "2021-01-31", Fraction(31, 365)),
        ("2021-09", "2021-09-30", Fraction(273, 365)),  # as the quarter that ends with it
        ("2024-02", "2024-02-29", Fraction(60, 366)),
    ],
)
def test_a_period_ends_on_its_last_day_and_has_its_share_of_the_year(text, last, elapsed):
    period = periods.parse(text)
    assert periods.reference_day(period) == pd.Timestamp(last)
    assert periods.start(period) == pd.Timestamp(last[:4] + "-01-01")
    assert periods.elapsed(period) == elapsed


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *dict.fromkeys(["2021q3", " 2021Q3 ", "2021-Q3", "2021 q3", "Q3 2021", "Q3-2021", "2021kw3", "kw3 2021",
                        "3e kwartaal 2021", "3e kwartaal van 2021", "Derde  kwartaal 2021"], "2021Q3").items(),
        *dict.fromkeys(["Q3", "q3", "kw3", "KW 3", "kw.3", "kwartaal 3", "3e kwartaal", "3e kw", "derde kwartaal"],
                       "2024Q3").items(),
        *dict.fromkeys([" 2021-09", "09-2021", "september 2021", "Sep-2021", "2021 sept"], "2021-09").items(),
        *dict.fromkeys(["september", "Sep"], "2024-09").items(),
    ],
)  # fmt: skip
def test_a_period_may_be_written_as_people_do_and_without_a_year_is_of_the_one_that_is_known(text, period):
    assert str(periods.parse(text, 2024)) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021",
        "2021Q5",
        "Q3",
        "2021-09-30",
        "2021Q3x",
        "derde kwartaal",
        "september",
        "Q3 2021 Q3",
        "2021-3",
        "2021Q3 2021",
        "week 3",
        "2021-13",
        "2021-9",
        "nat",
        None,
    ],
)
def test_what_is_no_period_is_refused_with_an_example_of_both(text):
    with pytest.raises(periods.Mistyped, match=f"'{text}' is geen periode; schrijf hem als 2021Q3 .* of 2021-09"):
        periods.parse(text)


@given(st.integers(2000, 2199), st.integers(1, 4))
def test_days_in_the_window_over_days_in_the_year(year, number):
    period = periods.parse(f"{year}Q{number}")
    days = (periods.reference_day(period) - periods.start(period)).days + 1
    assert periods.elapsed(period) == Fraction(days, pd.Timestamp(year, 12, 31).day_of_year)


def test_the_rows_in_the_window_are_those_of_its_first_and_its_last_day_and_between():
    days = pd.DataFrame({"datum": pd.to_datetime(["2020-12-31", "2021-01-01", "2021-09-30", "2021-10-01", None])})
    for text in ("2021Q3", "2021-09"):
        assert periods.in_window(days, periods.parse(text)).index.tolist() == [1, 2]
