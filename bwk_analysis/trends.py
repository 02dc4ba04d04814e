"""Figures beside the scorecard: week by week, month by month, answers, referrals and what was registered when."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.finance import in_window
from bwk_analysis.indicators import Measure, holds, in_time, latest, wilson

AGREES = 4  # "eens" and "helemaal eens" on a scale of five
GOOD_MARK = 8
AGREEMENT_WORDS = {1: "helemaal mee oneens", 2: "mee oneens", 3: "neutraal", 4: "mee eens", 5: "helemaal mee eens"}
TABLES_IN_WORDS = {"vrijwilligersuren": "uren vrijwilligers", "enquete": "enquête"}


def participants_by_week(
    measure: Measure | None, table: pd.DataFrame | None, rooms: list[str], period: pd.Period
) -> pd.DataFrame:
    """Distinct persons since 1 January, week by week. One row is a room (or Totaal) and the last day of a week."""
    columns = ["room", "week", "persons"]
    if measure is None or table is None or measure.kind != "uniek" or measure.time != "datum":
        return pd.DataFrame(columns=columns)
    counted = in_time(table, measure, period) & holds(table, (*measure.scope, *measure.numerator))
    rows = table.loc[counted, ["datum", "kamer", measure.field]].dropna()
    weeks = pd.date_range(periods.start(period), periods.reference_day(period), freq="W-SUN")
    weeks = weeks.union([periods.reference_day(period)])
    rows = rows.sort_values("datum", kind="stable")
    parts = []
    for room in [*rooms, TOTAL]:
        here = rows if room == TOTAL else rows[rows["kamer"] == room]
        first = here.drop_duplicates(measure.field)["datum"].to_numpy()
        if len(first):
            persons = np.searchsorted(first, weeks.to_numpy(), side="right")
            parts.append(pd.DataFrame({"room": room, "week": weeks, "persons": persons.astype(float)}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _months(period: pd.Period) -> pd.DatetimeIndex:
    return pd.date_range(periods.start(period), periods.reference_day(period), freq="MS")


def _per_month(rows: pd.DataFrame, rooms: list[str], period: pd.Period, column: str = "") -> pd.Series:
    """Rows, or the sum of a column, per room and month of the window; a month without rows is 0."""
    month = rows["datum"].dt.to_period("M").dt.to_timestamp()
    grouped = rows.groupby([rows["kamer"].astype("str"), month])
    found = grouped[column].sum() if column else grouped.size()
    every = pd.MultiIndex.from_product([rooms, _months(period)], names=["room", "month"])
    return found.rename_axis(["room", "month"]).reindex(every, fill_value=0)


def hours_by_month(table: pd.DataFrame | None, rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """Volunteers' hours. One row is a room and a month."""
    if table is None:
        return pd.DataFrame(columns=["room", "month", "hours"])
    return _per_month(in_window(table, period), rooms, period, "uren").rename("hours").reset_index()


def registrations_by_month(tables: Mapping[str, pd.DataFrame], rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """What was registered when. One row is a table, a room and a month; the ledger and registers without dates left
    out.
    """
    parts = [
        _per_month(in_window(rows, period), rooms, period).rename("rows").reset_index().assign(table=name)
        for name, rows in tables.items()
        if {"datum", "kamer"} <= set(rows)
    ]
    columns = ["table", "room", "month", "rows"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def in_words(registrations: pd.DataFrame) -> pd.DataFrame:
    """Registrations with the names of tables as a reader knows them."""
    return registrations.assign(table=registrations["table"].replace(TABLES_IN_WORDS))


def _given(agreement: Agreement, table: pd.DataFrame | None, period: pd.Period) -> Iterator[tuple[str, Any, pd.Series]]:
    """(room or Totaal, question, its answers): the latest in the window of each respondent there."""
    if table is None:
        return
    rows = in_window(table, period).dropna(subset="antwoord")
    for question in agreement.questions.itertuples():
        asked = rows[rows["vraag"].astype("str") == question.question]
        for room in [*agreement.room_codes, TOTAL]:
            here = asked if room == TOTAL else asked[asked["kamer"] == room]
            yield room, question, latest(here, ["respondent"])["antwoord"]


def answers(agreement: Agreement, table: pd.DataFrame | None, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal), a question and an answer: how many respondents gave it."""
    parts = []
    for room, question, given in _given(agreement, table, period):
        whole = np.floor(given + 0.5)  # 7,5 is an 8
        words = AGREEMENT_WORDS if question.scale == "eens5" else {mark: str(mark) for mark in range(1, 11)}
        for answer, word in words.items():
            persons = float((whole == answer).sum())
            parts.append([room, question.question, question.text, answer, word, persons])
    return pd.DataFrame(parts, columns=["room", "question", "text", "answer", "answer_text", "persons"])


def answer_shares(agreement: Agreement, table: pd.DataFrame | None, period: pd.Period) -> pd.DataFrame:
    """One row is a room (or Totaal) and a question: who agrees (4 or 5 of 5) or gives an 8 or more, of all who
    answered.

    share is 0-1 with its 95% Wilson interval (lower, upper); numerator and n are respondents. Without answers no row.
    """
    parts = []
    for room, question, given in _given(agreement, table, period):
        if len(given):
            agree = int((given >= (AGREES if question.scale == "eens5" else GOOD_MARK)).sum())
            about = [room, question.question, question.text]
            parts.append([*about, agree, agree / len(given), *wilson(agree, len(given)), len(given)])
    return pd.DataFrame(parts, columns=["room", "question", "text", "numerator", "share", "lower", "upper", "n"])


def referrals(table: pd.DataFrame | None, rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """Persons referred, and how far they came. One row is a room (or Totaal) and a stage: referred at all, take part,
    stopped.
    """
    columns = ["room", "stage", "persons"]
    if table is None:
        return pd.DataFrame(columns=columns)
    rows = in_window(table, period)
    parts = []
    for room in [*rooms, TOTAL]:
        here = rows if room == TOTAL else rows[rows["kamer"] == room]
        if here.empty:
            continue
        for stage in ("aangemeld", "doet mee", "gestopt"):
            part = here if stage == "aangemeld" else here[here["status"] == stage]
            parts.append([room, stage, float(part["deelnemer"].nunique())])
    return pd.DataFrame(parts, columns=columns)
