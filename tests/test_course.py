"""The course of a target over the year: what is due on a day, worked out by hand and as properties."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from conftest import EXAMPLE
from hypothesis import given
from hypothesis import strategies as st

from bwk_analysis import course, indicators, periods
from bwk_analysis.agreement import TOTAL
from bwk_analysis.dataset import open_data

DATUM = ("uniek", "datum")
DAYS = st.dates(pd.Timestamp("2021-01-01").date(), pd.Timestamp("2021-12-31").date()).map(pd.Timestamp)
MONTHS = st.integers(1, 12).map(lambda month: pd.Period(f"2021-{month:02d}", freq="M"))
COURSES = st.sampled_from([None, "recht", "vast", "40 65 85 100", "0 0 0 100", "100 100 100 100"])


def due(text, kind="uniek", time="datum", period="2021Q1", **part):
    return course.part_due(text, kind, time, periods.parse(period), **part)


@pytest.mark.parametrize(
    ("text", "kind", "time", "expected"),
    [
        ("Recht", *DATUM, "recht"), ("recht", "som", None, "recht"), ("recht", "aandeel", "datum", None),
        ("recht", "uniek", "peildatum (lid_sinds, lid_tot)", None), ("vast", *DATUM, "vast"), ("vast", "verdict", "", None),
        ("40%; 65%; 85%; 100%", *DATUM, "40 65 85 100"), ("40/65/85/100", "aandeel", "datum", "40 65 85 100"),
        ("12,5 50 50 100", *DATUM, "12.5 50 50 100"), ("40 65 85 90", *DATUM, None), ("40 30 85 100", *DATUM, None),
        ("40 65 100", *DATUM, None), ("schuin", *DATUM, None), ("40 65 85 100", "verdict", "", None),
    ],
)  # fmt: skip
def test_a_course_is_straight_fixed_or_four_percentages_that_do_not_fall_and_end_at_100(text, kind, time, expected):
    assert course.parse(text, kind, time) == expected


@pytest.mark.parametrize(
    ("text", "period", "expected"),
    [
        ("40 65 85 100", "2021Q1", Fraction(40, 100)),
        ("40 65 85 100", "2021-02", Fraction(40, 100) * Fraction(59, 90)),
        ("40 65 85 100", "2021-05", Fraction(40, 100) + Fraction(25, 100) * Fraction(61, 91)),
        ("40 65 85 100", "2021Q3", Fraction(85, 100)),
        ("recht", "2021Q3", Fraction(273, 365)),
        ("recht", "2024Q1", Fraction(91, 366)),
        ("vast", "2021Q1", Fraction(1)),
        (None, "2021Q3", None),
        (None, "2021Q4", Fraction(1)),
    ],
)
def test_what_is_due_of_different_people_on_the_last_day_of_a_period(text, period, expected):
    assert due(text, period=period) == expected


def test_without_a_course_rows_and_sums_run_straight_and_all_else_is_fixed():
    assert due(None, "aantal") == due(None, "som") == Fraction(90, 365)
    for kind, time in (("aandeel", "datum"), ("gemiddelde", "datum"), ("uniek", "peildatum"), ("uniek", "looptijd")):
        assert due(None, kind, time) == 1


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2021Q2", None), ("2021-07", Fraction(31, 92)), ("2021Q3", Fraction(1)), ("2021Q4", Fraction(1))],
)
def test_a_room_that_opens_and_closes_has_a_course_of_its_own(period, expected):
    part = {"opens": pd.Timestamp("2021-07-01"), "closes": pd.Timestamp("2021-09-30")}
    assert due("recht", period=period, **part) == expected


@given(COURSES, st.sampled_from(course.ADDED), MONTHS, st.none() | DAYS, st.none() | DAYS)
def test_what_is_due_never_falls_is_a_part_and_is_all_of_it_on_the_last_day(text, kind, month, opens, closes):
    if opens and closes and closes < opens:
        opens, closes = closes, opens
    found = course.part_due(text, kind, "datum", month, opens, closes)
    assert found is None or 0 <= found <= 1
    if month.month == 12:
        assert found == 1
    else:
        after = course.part_due(text, kind, "datum", month + 1, opens, closes)
        assert found is None or after is None or found <= after
    if opens and opens > month.end_time:
        assert found is None


@pytest.fixture(scope="module")
def example():
    return open_data(EXAMPLE)


@pytest.mark.parametrize("quarter", ["2021Q1", "2021Q2", "2021Q3", "2021Q4"])
def test_straight_in_every_row_over_datum_is_the_target_times_the_elapsed_share(example, quarter):
    chosen = example.agreement.indicators
    over_time = [course.over_time(*pair) for pair in zip(chosen["measure"], chosen["time"], strict=True)]
    straight = chosen.assign(course=pd.Series("recht", chosen.index).where(over_time))
    period = example.quarter(quarter)
    card = indicators.judge(indicators.counts(example, period), replace(example.agreement, indicators=straight)).query(
        "room != @TOTAL and target.notna()", local_dict={"TOTAL": TOTAL}
    )
    over = card["indicator"].isin(chosen.loc[over_time, "code"])
    for row in card[over].itertuples():
        assert row.interim_target == float(indicators.fraction(row.target) * periods.elapsed(period))
    assert (card.loc[~over, "interim_target"] == card.loc[~over, "target"]).all()


@pytest.mark.parametrize("quarter", ["2021Q1", "2021Q2", "2021Q3"])
def test_no_status_of_the_example_rests_on_a_line_that_nobody_agreed(example, quarter):
    card = indicators.judge(indicators.counts(example, example.quarter(quarter)), example.agreement)
    chosen = example.agreement.indicators.set_index("code")
    loose = [code for code, row in chosen.iterrows() if row["measure"] == "uniek" and row["time"] == "datum"]
    loose = [code for code in loose if pd.isna(chosen["course"][code])]
    mine = card[card["indicator"].isin(loose)]
    assert len(mine) > 40
    assert mine["interim_target"].isna().all()
    assert set(mine["status"]) <= {"gehaald", "onderweg", "geen gegevens", "geen streefwaarde"}
    met = mine[mine["status"] == "gehaald"]
    assert (met["value"].astype(float) >= met["target"].astype(float)).all()
