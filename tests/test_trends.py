"""What stands beside the scorecard, and that it says the same."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registered import SCHEMA, agreement, counted, dataset, table

from bwk_analysis import indicators, periods, trends

TOTAL = "Totaal"
Q3 = periods.quarter("2021Q3")
AGREED = agreement("AB")
LEADING = indicators.measures(AGREED, SCHEMA)[0]["P8"]


def visit(day, person, room="A"):
    return {"datum": day, "kamer": room, "deelnemer": person, "categorie": "taal"}


def answer(day, room, respondent, value, question="inzet"):
    return {"datum": day, "kamer": room, "respondent": respondent, "vraag": question, "antwoord": value}


DAYS = st.dates(pd.Timestamp("2020-12-20").date(), pd.Timestamp("2021-12-31").date()).map(str)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.builds(visit, DAYS, st.one_of(st.none(), st.sampled_from("abcdef")), st.sampled_from("AB")),
        min_size=1,
        max_size=25,
    )
)
def test_the_last_week_is_the_figure_of_the_scorecard_and_weeks_never_go_down(rows):
    visits = table("deelnames", rows)
    weekly = trends.participants_by_week(LEADING, visits, ["A", "B"], Q3)
    card = indicators.count(LEADING, visits, ["A", "B"], Q3)["numerator"]
    for room, weeks in weekly.groupby("room"):
        assert weeks["persons"].is_monotonic_increasing
        assert (weeks["week"].iloc[-1], weeks["persons"].iloc[-1]) == (pd.Timestamp("2021-09-30"), card[room])


def test_someone_counts_from_the_week_of_the_first_visit_on():
    rows = [visit("2021-01-03", "sunday"), visit("2021-01-04", "monday"), visit("2021-01-17", "sunday")]
    weekly = trends.participants_by_week(LEADING, table("deelnames", rows), ["A"], Q3)
    assert weekly[weekly["room"] == "A"].head(3)[["week", "persons"]].to_numpy().tolist() == [
        [pd.Timestamp("2021-01-03"), 1],
        [pd.Timestamp("2021-01-10"), 2],
        [pd.Timestamp("2021-01-17"), 2],
    ]


def test_a_measure_that_is_not_of_distinct_persons_over_time_has_no_weeks():
    found = counted(dataset(AGREED, deelnames=[visit("2021-02-01", "p")]), "2021Q3")
    for measure in (None, found.measures["P2"], found.measures["O1"]):
        assert trends.participants_by_week(measure, found.tables["deelnames"], ["A"], Q3).empty


def test_hours_per_month_are_nought_in_a_month_without_rows():
    rows = [
        {"datum": "2021-02-10", "kamer": "A", "vrijwilliger": "v", "groep": "g", "uren": hours} for hours in (2.0, 1.5)
    ]
    hours = trends.hours_by_month(table("vrijwilligersuren", rows), ["A", "B"], Q3).set_index(["room", "month"])[
        "hours"
    ]
    assert len(hours) == 2 * 9
    assert hours["A", "2021-02-01"] == 3.5
    assert hours.sum() == 3.5


def test_registrations_are_counted_per_table_room_and_month():
    tables = {
        "deelnames": table("deelnames", [visit("2021-01-31", "p"), visit("2021-01-31", None), visit("2021-10-01", "p")])
    }
    tables["plekken"] = table("plekken", [{"kamer": "A", "deelnemer": "p", "soort": "stage", "begin": "2021-01-01"}])
    rows = trends.registrations_by_month(tables, ["A", "B"], Q3)
    assert set(rows["table"]) == {"deelnames"}  # a register has no date
    assert rows.set_index(["room", "month"])["rows"]["A", "2021-01-01"] == rows["rows"].sum() == 2


def test_answers_are_the_latest_of_each_respondent_there_rounded_half_up():
    rows = [
        answer("2021-02-01", "A", "r1", 3),
        answer("2021-03-01", "A", "r1", 7.5),
        answer("2021-04-01", "B", "r1", 8.5),
        answer("2021-03-01", None, "r2", 10),
        answer("2021-11-01", "A", "r1", 1),
        answer("2021-03-01", "A", "r3", None),
    ]
    found = trends.answers(AGREED, table("enquete", rows), Q3)
    given_ = found[(found["question"] == "inzet") & (found["persons"] > 0)]
    assert given_[["room", "answer", "persons"]].to_numpy().tolist() == [
        ["A", 8, 1],
        ["B", 9, 1],
        [TOTAL, 9, 1],
        [TOTAL, 10, 1],
    ]


def test_the_shares_of_answers_are_those_of_the_scorecard():
    rows = [
        answer("2021-02-01", room, f"r{i}", value, "vertrouwen")
        for i, (room, value) in enumerate([("A", 4), ("A", 2), ("A", 5), ("B", 3)])
    ]
    rows += [answer("2021-03-01", "B", "r0", 1, "vertrouwen")]  # someone in two rooms
    found = counted(dataset(AGREED, enquete=rows), "2021Q3")
    shares = trends.answer_shares(AGREED, found.tables["enquete"], Q3).set_index("room")
    card = found.scorecard[found.scorecard["indicator"] == "I1"].set_index("room")
    for ours, theirs in (
        ("share", "value"),
        ("numerator", "numerator"),
        ("n", "n"),
        ("lower", "lower"),
        ("upper", "upper"),
    ):
        assert shares[ours].tolist() == card.loc[shares.index, theirs].tolist()


def test_referrals_are_persons_by_how_far_they_came():
    stages = [("A", "p1", "aangemeld"), ("A", "p1", "doet mee"), ("A", "p2", "gestopt"), ("B", "p1", "aangemeld")]
    rows = [
        {
            "datum": "2021-02-01",
            "kamer": room,
            "deelnemer": person,
            "richting": "van",
            "instantie": "i",
            "status": status,
        }
        for room, person, status in stages
    ]
    found = trends.referrals(table("doorverwijzingen", rows), ["A", "B"], Q3)
    assert found["persons"].tolist() == [2, 1, 1, 1, 0, 0, 2, 1, 1]


@pytest.mark.parametrize(
    "empty",
    [
        trends.answers(AGREED, None, Q3),
        trends.answer_shares(AGREED, None, Q3),
        trends.referrals(None, ["A"], Q3),
        trends.hours_by_month(None, ["A"], Q3),
        trends.registrations_by_month({}, ["A"], Q3),
    ],
)
def test_without_a_table_there_are_no_rows_but_the_columns(empty):
    assert empty.empty
    assert "room" in empty
