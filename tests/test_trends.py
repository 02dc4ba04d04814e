"""What stands beside the scorecard, and that it says the same."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registered import agreement, counted, dataset

from bwk_analysis import indicators, periods, trends

TOTAL = "Totaal"
Q3 = periods.parse("2021Q3")
AGREED = agreement("AB")


def visit(day, person, room="A"):
    return {"datum": day, "kamer": room, "deelnemer": person, "categorie": "taal"}


def answer(day, room, respondent, value, question="inzet"):
    return {"datum": day, "kamer": room, "respondent": respondent, "vraag": question, "antwoord": value}


def first_visits(data):
    """(room, person) -> day."""
    return data.deelnames.groupby(["kamer", "deelnemer"], observed=True)["datum"].min()


DAYS = st.dates(pd.Timestamp("2020-12-20").date(), pd.Timestamp("2021-12-31").date()).map(str)


@settings(max_examples=20)
@given(
    st.lists(
        st.builds(visit, DAYS, st.one_of(st.none(), st.sampled_from("abcdef")), st.sampled_from("AB")),
        min_size=1,
        max_size=25,
    )
)
def test_the_last_week_is_the_figure_of_the_scorecard_and_weeks_never_go_down(rows):
    data = dataset(AGREED, deelnames=rows)
    weekly = trends.new_per_week(first_visits(data.until(Q3)), Q3)
    card = indicators.counts(data, Q3).query("indicator == 'P8'").set_index("room")["value"]
    assert set(weekly["room"]) == set(card[card > 0].index)
    for room, weeks in weekly.groupby("room"):
        assert weeks["persons"].is_monotonic_increasing
        assert (weeks["week"].iloc[-1], weeks["persons"].iloc[-1]) == (pd.Timestamp("2021-09-30"), card[room])


def test_someone_counts_from_the_week_of_the_first_visit_on():
    rows = [visit("2021-01-03", "sunday"), visit("2021-01-04", "monday"), visit("2021-01-17", "sunday")]
    first = first_visits(dataset(AGREED, deelnames=rows))
    weekly = trends.new_per_week(first, Q3).query("room == 'A'")
    assert weekly.head(3)[["week", "persons"]].to_numpy().tolist() == [
        [pd.Timestamp("2021-01-03"), 1],
        [pd.Timestamp("2021-01-10"), 2],
        [pd.Timestamp("2021-01-17"), 2],
    ]
    assert weekly["week"].iloc[-1] == pd.Timestamp("2021-09-30")
    assert trends.new_per_week(first)["week"].max() == pd.Timestamp("2021-01-10")  # the week of the last newcomer


def test_someone_in_two_rooms_is_new_in_each_and_once_in_all_from_the_first_day():
    rows = [visit("2021-01-04", "p", "B"), visit("2021-01-12", "p", "A")]
    weekly = trends.new_per_week(first_visits(dataset(AGREED, deelnames=rows)))
    assert weekly.groupby("room")["persons"].apply(list).to_dict() == {"A": [0, 0, 1], "B": [0, 1, 1], TOTAL: [0, 1, 1]}


HOURS = [
    {"datum": "2021-02-10", "kamer": "A", "vrijwilliger": "v", "groep": "g", "uren": hours} for hours in (2.0, 1.5)
]


def test_hours_per_month_are_nought_in_a_month_without_rows():
    rows = dataset(AGREED, vrijwilligersuren=HOURS).vrijwilligersuren
    hours = trends.per_month(rows, "uren", Q3).set_index(["room", "month"])["hours"]
    assert len(hours) == 9  # a room without rows has none
    assert hours["A", "2021-02-01"] == 3.5
    assert hours.sum() == 3.5
    assert trends.per_month(rows, "uren")["month"].tolist() == [pd.Timestamp("2021-01-01"), pd.Timestamp("2021-02-01")]


def test_rows_are_counted_per_room_and_month_and_those_without_a_room_are_left_out():
    days = [("2021-01-31", "A"), ("2021-01-31", "A"), ("2021-03-01", "B"), ("2021-03-01", None)]
    data = dataset(AGREED, deelnames=[visit(day, None, room) for day, room in days])
    found = trends.per_month(data.deelnames)
    assert found["month"].dt.month.tolist() == [1, 2, 3] * 2
    assert found.groupby("room")["rows"].apply(list).to_dict() == {"A": [2, 0, 0], "B": [0, 0, 1]}


def test_a_weekday_has_its_dutch_name_and_monday_comes_first():
    days = pd.Series(pd.to_datetime(["2021-03-07", "2021-03-01", "2021-03-06"]), [7, 8, 9])
    found = trends.weekday(days)
    assert found.tolist() == ["zondag", "maandag", "zaterdag"]
    assert found.index.tolist() == [7, 8, 9]
    assert found.sort_values().tolist() == ["maandag", "zaterdag", "zondag"]


def test_answers_are_the_latest_of_each_respondent_there_rounded_half_up():
    rows = [
        answer("2021-02-01", "A", "r1", 3),
        answer("2021-03-01", "A", "r1", 7.5),
        answer("2021-04-01", "B", "r1", 8.5),
        answer("2021-03-01", None, "r2", 10),
        answer("2021-11-01", "A", "r1", 1),
        answer("2021-03-01", "A", "r3", None),
    ]
    found = trends.answers(dataset(AGREED, enquete=rows), Q3)
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
    data = dataset(AGREED, enquete=rows)
    shares = trends.answer_shares(data, Q3).set_index("room")
    card = counted(data, "2021Q3").scorecard.query("indicator == 'I1'").set_index("room")
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
    found = trends.stages(dataset(AGREED, doorverwijzingen=rows), Q3)
    assert found["persons"].tolist() == [2, 1, 1, 1, 0, 0, 2, 1, 1]


def test_outcomes_of_interviews_are_persons_by_their_latest_that_is_known():
    told = [("A", "p1", "2021-02-01", "minder"), ("A", "p1", "2021-05-01", "meer"), ("A", "p2", "2021-03-01", "gelijk"),
            ("B", "p1", "2021-06-01", "minder"), ("A", "p2", "2021-06-01", "onbekend"), ("A", "p3", "2021-11-01", "meer")]  # fmt: skip
    rows = [
        {"datum": day, "kamer": room, "deelnemer": person, "thema": "overlast en vandalisme", "uitkomst": outcome}
        for room, person, day, outcome in told
    ]
    found = trends.outcomes(dataset(AGREED, interviews=rows), Q3)
    assert found["outcome"].tolist() == ["minder", "gelijk", "meer"] * 3
    assert found.groupby("room")["persons"].apply(list).to_dict() == {
        "A": [0, 1, 1],
        "B": [1, 0, 0],
        TOTAL: [1, 1, 0],
    }


def test_who_came_from_the_room_elsewhere_was_not_referred_to_it():
    rows = [
        {
            "datum": "2021-02-01",
            "kamer": "A",
            "deelnemer": person,
            "richting": way,
            "instantie": "i",
            "status": "aangemeld",
        }
        for person, way in (("p1", "van"), ("p2", "naar"), ("p3", "naar"))
    ]
    found = trends.stages(dataset(AGREED, doorverwijzingen=rows), Q3)
    assert found.query("stage == 'aangemeld'")["persons"].tolist() == [1, 1]


NOTHING = dataset(AGREED)


@pytest.mark.parametrize(
    ("empty", "columns"),
    [
        (trends.answer_shares(NOTHING, Q3), ["room", "question", "text", "numerator", "share", "lower", "upper", "n"]),
        (trends.stages(NOTHING, Q3), ["room", "stage", "persons"]),
        (trends.outcomes(NOTHING, Q3), ["room", "theme", "outcome", "persons"]),
        (trends.per_month(NOTHING.vrijwilligersuren, "uren", Q3), ["room", "month", "hours"]),
        (trends.per_month(NOTHING.deelnames), ["room", "month", "rows"]),
        (trends.new_per_week(first_visits(NOTHING), Q3), ["room", "week", "persons"]),
    ],
)
def test_without_rows_there_is_an_empty_frame_with_its_columns(empty, columns):
    assert empty.empty
    assert list(empty) == columns


def test_without_a_survey_every_answer_was_given_by_nobody():
    assert (trends.answers(NOTHING, Q3)["persons"] == 0).all()
