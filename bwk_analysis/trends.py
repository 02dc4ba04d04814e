"""Beside the scorecard: week by week, month by month, day by day, answers and referrals, as tidy frames.

All of it is exact: what may be shown of it is for `disclosure.show` to say.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL
from bwk_analysis.data import Data
from bwk_analysis.indicators import wilson
from bwk_analysis.measures import latest

SURVEY, REFERRALS, INTERVIEWS = "enquete", "doorverwijzingen", "interviews"
REFERRED = "van"  # by another to the room; what a room refers is no application
OUTCOMES = ("minder", "gelijk", "meer")
AGREES = 4  # "eens" and "helemaal eens" on a scale of five
GOOD_MARK = 8
AGREEMENT_WORDS = {1: "helemaal mee oneens", 2: "mee oneens", 3: "neutraal", 4: "mee eens", 5: "helemaal mee eens"}
STAGES = ("aangemeld", "doet mee", "gestopt")
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
UNITS = {"": "rows", "uren": "hours"}  # what is summed -> the name of its column; other columns keep their own


def new_per_week(first: pd.Series, period: pd.Period | None = None) -> pd.DataFrame:
    """One row is a room (or Totaal) and the last day of a week: different persons since 1 January, up to that day.

    first : (room, person) -> the day of the first visit, as `groupby(["kamer", "deelnemer"])["datum"].min()` gives.
    period : the weeks run up to its last day; without one up to the week of the last newcomer. A room without persons
    has no rows.
    """
    days = first.dropna()
    if days.empty:
        return pd.DataFrame(
            {"room": pd.Series(dtype="str"), "week": pd.to_datetime([]), "persons": pd.Series(dtype=int)}
        )
    end = periods.reference_day(period) if period is not None else days.max() + pd.offsets.Week(0, weekday=6)
    start = periods.start(period) if period is not None else pd.Timestamp(days.min().year, 1, 1)
    weeks = pd.date_range(start, end, freq="W-SUN").union([end])
    rooms: dict[str, pd.Series] = {str(room): of_room for room, of_room in days.groupby(level=0, observed=True)}
    rooms[TOTAL] = days.groupby(level=1, observed=True).min()
    parts = [
        pd.DataFrame({"room": room, "week": weeks, "persons": np.searchsorted(np.sort(seen), weeks, side="right")})
        for room, seen in rooms.items()
    ]
    return pd.concat(parts, ignore_index=True)


def per_month(rows: pd.DataFrame, value: str = "", period: pd.Period | None = None) -> pd.DataFrame:
    """One row is a room and a month (its first day): `rows`, or the sum of a column (`uren` gives `hours`).

    Months run from January to the last month with rows, or to the period's last; a month without rows is 0. Rows
    without a room are left out, and a room without any row too.
    """
    month = rows["datum"].dt.to_period("M").dt.to_timestamp().rename("month")
    grouped = rows.groupby([rows["kamer"].astype("str").rename("room"), month])
    found = grouped[value].sum() if value else grouped.size()
    last = periods.reference_day(period) if period is not None else month.max()
    months = pd.date_range(f"{last.year}-01-01", last, freq="MS") if len(found) else []
    every = pd.MultiIndex.from_product([found.index.unique("room"), pd.DatetimeIndex(months)], names=["room", "month"])
    return found.reindex(every, fill_value=0).rename(UNITS.get(value, value)).reset_index()


def weekday(days: pd.Series) -> pd.Series:
    """The Dutch name of each day's weekday, ordered from Monday to Sunday."""
    return pd.Series(pd.Categorical.from_codes(days.dt.day_of_week, WEEKDAYS, ordered=True), days.index, name="weekdag")


def _given(data: Data, period: pd.Period) -> Iterator[tuple[str, Any, pd.Series]]:
    """(room or Totaal, question, its answers): the latest in the window of each respondent there."""
    rows = periods.in_window(data.tables[SURVEY], period).dropna(subset="antwoord")
    for question in data.agreement.questions.itertuples():
        asked = rows[rows["vraag"].astype("str") == question.question]
        for room in [*data.rooms, TOTAL]:
            here = asked if room == TOTAL else asked[asked["kamer"] == room]
            yield room, question, latest(here, ["respondent"])["antwoord"]


def answers(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal), a question and an answer: how many respondents gave it. 7,5 is an 8."""
    parts = []
    for room, question, given in _given(data, period):
        counted = np.floor(given + 0.5).value_counts()
        words = AGREEMENT_WORDS if question.scale == "eens5" else {mark: str(mark) for mark in range(1, 11)}
        about = [room, question.question, question.text]
        parts += [[*about, answer, word, int(counted.get(answer, 0))] for answer, word in words.items()]
    return pd.DataFrame(parts, columns=["room", "question", "text", "answer", "answer_text", "persons"])


def answer_shares(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal) and a question: who agrees (4 or 5 of 5) or gives an 8 or more, of all who
    answered.

    share is 0-1 with its 95 % Wilson interval (lower, upper); numerator and n are respondents. Without answers no row.
    """
    parts = []
    for room, question, given in _given(data, period):
        if len(given):
            agree = int((given >= (AGREES if question.scale == "eens5" else GOOD_MARK)).sum())
            about = [room, question.question, question.text]
            parts.append([*about, agree, agree / len(given), *wilson(agree, len(given)), len(given)])
    return pd.DataFrame(parts, columns=["room", "question", "text", "numerator", "share", "lower", "upper", "n"])


def outcomes(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal), a theme of interviews and an outcome: different persons with it, by their latest
    interview on the theme with an outcome that is known. A room without interviews on a theme has no rows.
    """
    rows = periods.in_window(data.tables[INTERVIEWS], period)
    rows, parts = rows[rows["uitkomst"].isin(OUTCOMES)], []
    for room in [*data.rooms, TOTAL]:
        here = latest(rows if room == TOTAL else rows[rows["kamer"] == room], ["deelnemer", "thema"])
        for theme, told in here.groupby(here["thema"].astype("str")):
            counted = told["uitkomst"].value_counts()
            parts += [[room, theme, outcome, int(counted.get(outcome, 0))] for outcome in OUTCOMES]
    return pd.DataFrame(parts, columns=["room", "theme", "outcome", "persons"])


def stages(data: Data, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal) and how far a referral to the room came: different persons referred at all, taking
    part, stopped. A room without referrals has no rows.
    """
    rows = periods.in_window(data.tables[REFERRALS], period)
    rows = rows[rows["richting"] == REFERRED]
    parts = []
    for room in [*data.rooms, TOTAL]:
        here = rows if room == TOTAL else rows[rows["kamer"] == room]
        reached = {stage: here if stage == STAGES[0] else here[here["status"] == stage] for stage in STAGES}
        parts += [[room, stage, found["deelnemer"].nunique()] for stage, found in reached.items() if len(here)]
    return pd.DataFrame(parts, columns=["room", "stage", "persons"])
