"""Numbers of people leave through `show` alone: in steps, or exact where that says nothing of a sensitive few."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from attack import exact_frames, made_up, world
from hypothesis import given
from hypothesis import strategies as st
from registered import EXAMPLE

from bwk_analysis.agreement import TOTAL
from bwk_analysis.dataset import open_data
from bwk_analysis.disclosure import ANALYST, BOARD, EDITIONS, PUBLIC, UNTOLD, NotDeclared, Span, show
from bwk_analysis.steps import explained, fives, is_exact, mean, outward, share, tens

Q1, Q2, Q3, Q4 = (pd.Period(f"2021Q{quarter}") for quarter in range(1, 5))
LEDGER = world(0, "ABC")["grootboek"]


def visits(counts, quarter=1, room="A", prefix="p"):
    """Service -> how many people, each of whom came once, in a month of the quarter."""
    return [
        {
            "datum": f"2021-{3 * quarter - 1:02d}-{1 + at % 28:02d}",
            "kamer": room,
            "deelnemer": f"{prefix}{room}{name}{at}",
            "categorie": name,
        }
        for name, number in counts.items()
        for at in range(number)
    ]


def card(data, edition, period=Q1):
    shown = show(exact_frames(data, period)["scorecard"], data, edition)
    return shown.frame.set_index(["indicator", "room"])


def anonymous(number, **row):
    return [{"datum": "2021-02-03", "kamer": "A", "deelnemer": None, "categorie": "taal"} | row] * number


# --- steps ------------------------------------------------------------------------------------------------------------


def test_a_number_is_told_as_nought_or_one_to_four_or_five_to_nine():
    assert [fives(n) for n in (0, 1, 4, 5, 9, 10)] == [(0, 0), (1, 4), (1, 4), (5, 9), (5, 9), (10, 14)]
    assert fives(-3) == (-4, -1)


@given(st.integers(0, 10_000))
def test_every_number_lies_in_its_step_and_shares_it_with_four_others(number):
    span = fives(number)
    assert span.low <= number <= span.high
    assert {fives(n) for n in range(int(span.low), int(span.high) + 1)} == {span}


@given(st.integers(0, 40), st.integers(1, 40))
def test_a_share_of_two_steps_holds_every_share_they_allow(part, whole):
    if part <= whole:
        told = share(fives(part), fives(whole))
        a, b = fives(part), fives(whole)
        allowed = [
            n / d for n in range(int(a.low), int(a.high) + 1) for d in range(int(b.low), int(b.high) + 1) if n <= d
        ]
        assert (told.low, told.high) == pytest.approx((min(allowed), max(allowed)))


@given(st.integers(1, 500_000).map(lambda cents: cents / 100))
def test_hours_lie_in_their_ten_and_roundings_go_outward(hours):
    assert tens(hours).low <= hours <= tens(hours).high == tens(hours).low + 10
    assert outward(Span(hours, hours), 1).low <= hours <= outward(Span(hours, hours), 1).high


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_a_total_told_as_the_sum_of_ends_still_holds_the_total(parts):
    total, ends = sum(parts), [fives(part) for part in parts]
    told = explained(fives(total), [Span(sum(span.low for span in ends), sum(span.high for span in ends))])
    assert told.low <= total <= told.high
    assert told.low <= sum(span.low for span in ends)


def test_a_mean_is_told_of_ten_people_by_its_half_mark_and_of_fifty_by_its_tenth():
    assert [mean(8.33, fives(n)) for n in (9, 10, 49, 50)] == [None, (8.0, 8.5), (8.0, 8.5), (8.3, 8.4)]


# --- the scorecard ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example():
    return open_data(EXAMPLE.parent)


@pytest.fixture(scope="module")
def calm():
    """Rooms where nothing was registered."""
    return made_up({}, "ABC")


@pytest.fixture(scope="module")
def some():
    return made_up(world(5, "ABC", 18), "ABC")


def test_the_board_sees_every_value_of_the_example_and_exactly_how_many_took_part(example):
    for period in (Q1, Q2, Q3, Q4):
        exact = exact_frames(example, period)["scorecard"].set_index(["indicator", "room"])
        shown = card(example, BOARD, period)
        assert shown.loc[exact["value"].notna().to_numpy(), "value"].notna().all()
        assert shown.loc["P8", "value"].map(is_exact).all()
        assert (shown["status"] == UNTOLD).sum() < 10


def test_a_filtered_scorecard_tells_the_same_as_the_whole(some):
    whole = exact_frames(some, Q3)["scorecard"]
    for edition in EDITIONS:
        of_room = show(whole.query("room == 'B' and level == 'proces'"), some, edition).frame
        same = show(whole, some, edition).pick(room="Kamer B", level="proces").frame
        pd.testing.assert_frame_equal(of_room, same.reset_index(drop=True))


def test_every_number_told_of_a_scorecard_holds_the_real_one(some):
    for edition in EDITIONS:
        for name in ("scorecard", "money"):
            exact = exact_frames(some, Q4)[name].reset_index(drop=True)
            shown = show(exact, some, edition)
            low, high = (pd.to_numeric(ends["value"], errors="coerce") for ends in (shown.low, shown.high))
            value = pd.to_numeric(exact["value"], errors="coerce")
            assert ((low <= value + 1e-9) & (value <= high + 1e-9) | low.isna()).all()


def test_a_figure_that_is_not_the_librarys_own_is_refused(some):
    frames = exact_frames(some, Q3)
    for name in ("scorecard", "money"):
        at = frames[name].index[
            (frames[name]["room"] == "A") & frames[name]["value"].map(lambda v: isinstance(v, float) and v > 0)
        ][0]
        other = frames[name].reset_index(drop=True)
        other["value"] = other["value"].astype(object)
        other.loc[frames[name].index.get_loc(at) if frames[name].index.is_unique else 0, "value"] = 3.5
        with pytest.raises(NotDeclared, match="is niet het cijfer van"):
            show(other, some, BOARD)


def test_a_status_is_told_when_both_ends_have_it():
    rows = visits({"sociale ontmoeting": 3, "taal": 12}) + anonymous(60)
    straight = made_up({"deelnames": rows}, "A")
    without = straight.agreement.indicators
    straight = replace(straight, agreement=replace(straight.agreement, indicators=without.assign(course="recht")))
    exact = exact_frames(straight, Q1)["scorecard"].set_index(["indicator", "room"])
    shown = card(straight, PUBLIC)
    for code in ("P1", "P4"):
        interim, row = exact.loc[(code, "A"), "interim_target"], shown.loc[(code, "Kamer A")]
        told = row["value"].high < 0.9 * interim or row["value"].low >= interim
        assert row["status"] == (exact.loc[(code, "A"), "status"] if told else UNTOLD)
    assert {UNTOLD, "achter"} <= set(shown["status"])


def test_under_way_is_told_where_both_ends_are(some):
    exact = exact_frames(some, Q1)["scorecard"].set_index(["indicator", "room"])
    shown = card(some, PUBLIC)
    for (code, room), row in exact[exact["status"].isin(["onderweg", "gehaald"])].iterrows():
        told = shown.loc[(code, room if room == TOTAL else f"Kamer {room}")]
        if isinstance(told["value"], Span) and pd.isna(row["interim_target"]) and row["unit"] == "personen":
            over = [end > row["target"] or (end == row["target"] and row["operator"] == ">=") for end in told["value"]]
            assert told["status"] in ((row["status"],) if over[0] == over[1] else (UNTOLD, row["status"]))


def test_a_status_without_what_it_rests_on_is_not_told_of_a_figure_in_steps(some):
    frame = exact_frames(some, Q1)["scorecard"]
    shown = show(frame[["period", "room", "indicator", "value", "unit", "status"]], some, PUBLIC).frame
    in_steps = [isinstance(cell, Span) and cell.low != cell.high for cell in shown["value"]]
    assert any(in_steps)
    assert set(shown.loc[in_steps, "status"]) <= {UNTOLD, "geen streefwaarde", "geen gegevens"}


def test_of_an_exact_share_the_interval_is_the_librarys_and_of_a_range_wider(some):
    exact = exact_frames(some, Q4)["scorecard"].set_index(["indicator", "room"]).loc[("I1", "A")]
    board, everyone = (card(some, edition, Q4).loc[("I1", "Kamer A")] for edition in EDITIONS)
    assert (board["lower"].low, board["upper"].low) == pytest.approx((exact["lower"], exact["upper"]))
    assert everyone["lower"].low <= exact["lower"] <= exact["upper"] <= everyone["upper"].low


# --- what once gave a few away ----------------------------------------------------------------------------------------


def test_four_more_participants_while_all_shown_services_stand_still_are_not_told():
    rows = (
        visits({"taal": 16, "werk": 9})
        + visits({"schuldhulp": 4}, 2)
        + anonymous(90)
        + anonymous(90, datum="2021-05-03")
    )
    data = made_up({"deelnames": rows}, "A")
    assert card(data, BOARD, Q1).loc[("P8", "Kamer A"), "value"] == (25, 25)
    second = card(data, BOARD, Q2)
    assert second.loc[("P6", "Kamer A"), "value"] == (1, 4)
    assert second.loc[("P8", "Kamer A"), "value"] == second.loc[("P8", TOTAL), "value"] == (25, 29)


def test_a_whole_is_told_where_its_few_came_for_something_else_too():
    rows = visits({"taal": 16}) + [row | {"categorie": "schuldhulp"} for row in visits({"taal": 3})] + anonymous(90)
    assert card(made_up({"deelnames": rows}, "A"), BOARD).loc[("P8", "Kamer A"), "value"] == (16, 16)


def test_a_whole_whose_parts_do_not_explain_its_step_is_told_as_the_sum_of_their_ends():
    rows = visits({"taal": 16, "schuldhulp": 4}) + anonymous(90)
    assert card(made_up({"deelnames": rows}, "A"), BOARD).loc[("P8", "Kamer A"), "value"] == (17, 24)


def test_the_weeks_of_a_whole_say_no_more_than_the_scorecard():
    data = made_up({"deelnames": visits({"taal": 16, "schuldhulp": 4}) + anonymous(90), "grootboek": LEDGER}, "ABC")
    weeks = show(exact_frames(data, Q1)["weeks"], data, BOARD).frame
    assert max(span.low for span in weeks.loc[weeks["room"] == "Kamer A", "persons"]) <= 17


def test_rows_of_a_month_are_in_steps_and_left_out_where_hardly_anyone_comes_twice():
    sparse, busy = (made_up({"deelnames": visits({"schuldhulp": 3, "taal": 1}) + anonymous(n)}, "A") for n in (0, 9))
    for edition in EDITIONS:
        assert show(exact_frames(sparse, Q1)["months"], sparse, edition).frame["rows"].tolist() == [None]
        assert show(exact_frames(busy, Q1)["months"], busy, edition).frame["rows"].tolist() == [(10, 14)]


def test_euros_for_each_participant_and_participation_cannot_be_multiplied_back():
    rows = visits({"taal": 16, "schuldhulp": 4}) + anonymous(90)
    data = made_up({"deelnames": rows, "grootboek": LEDGER}, "ABC")
    for edition in EDITIONS:
        money = show(exact_frames(data, Q1)["money"], data, edition).frame.set_index(["room", "kind", "item"])["value"]
        spent = money["Kamer A", "realised", TOTAL].low
        per_person, per_visit = (
            money["Kamer A", "cost_per_result", item] for item in ("euro per deelnemer", "euro per deelname")
        )
        assert spent / per_person.high < 18 < 24 < spent / per_person.low
        assert spent / per_visit.high < 111 < 113 < spent / per_visit.low


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_left_and_still_to_come_counts_nobody_and_is_exact_for_everyone(edition):
    data = made_up({"deelnames": visits({"taal": 3}), "grootboek": LEDGER}, "AB")
    exact = exact_frames(data, Q1)["money"]
    shown = show(exact, data, edition).frame
    mine = exact["kind"].isin(["result", "to_receive", "budget_left"]).to_numpy()
    assert [span.low for span in shown.loc[mine, "value"]] == exact.loc[mine, "value"].tolist()
    assert all(map(is_exact, shown.loc[mine, "value"]))


@pytest.mark.parametrize("left_out", ["grootboek", "vrijwilligersuren", "deelnames"])
def test_money_without_a_table_is_told_as_far_as_it_goes(left_out):
    tables = {name: rows for name, rows in world(4, "AB", 6).items() if name != left_out}
    data = made_up(tables | {"vrijwilligersuren": tables.get("vrijwilligersuren", [])[:1]}, "AB")
    exact = exact_frames(data, Q4)["money"]
    for edition in EDITIONS:
        shown = show(exact, data, edition).frame["value"]
        assert (shown.notna() <= exact["value"].notna().to_numpy()).all()


def test_the_two_editions_never_differ_about_a_sensitive_figure(some):
    board, everyone = (card(some, edition, Q4) for edition in EDITIONS)
    for code in ("I3", "I4", "I5", "P6"):
        columns = ["value", "numerator", "denominator"]
        pd.testing.assert_frame_equal(board.loc[code, columns], everyone.loc[code, columns])
        assert not any(is_exact(span) and span.low in range(1, 5) for span in board.loc[code, "numerator"] if span)


def test_a_complement_and_an_overlap_of_a_sensitive_scope_are_not_both_told_with_their_whole():
    rows = visits({"taal": 16, "werk": 9, "schuldhulp": 4}) + anonymous(90)
    shown = card(made_up({"deelnames": rows}, "A"), BOARD)["value"].xs("Kamer A", level="room")
    assert shown["Z1"] == (25, 25)  # all but the sensitive one
    assert shown["P8"].low <= 25 + 1
    assert shown["Z2"].low <= 16 + 1  # the sensitive one and another


def test_rows_of_a_table_with_a_sensitive_figure_are_counted_in_steps():
    rows = visits({"taal": 16, "schuldhulp": 2}) + anonymous(90)
    shown = card(made_up({"deelnames": rows}, "A"), BOARD)["value"].xs("Kamer A", level="room")
    assert (shown["Z3"], shown["Z4"], shown["Z5"]) == ((1, 4), (105, 109), (105, 109))


def test_respondents_without_a_room_do_not_follow_from_the_total():
    answers = [
        {"datum": "2021-02-03", "kamer": room, "respondent": f"p{room}{at}", "vraag": "vertrouwen", "antwoord": 4.0}
        for room, number in (("A", 6), ("B", 7), (None, 3))
        for at in range(number)
    ]
    shown = card(made_up({"enquete": answers}, "AB"), PUBLIC)["n"]
    assert shown["I1", TOTAL].low <= shown["I1", "Kamer A"].low + shown["I1", "Kamer B"].low
    assert shown["I1", TOTAL].high >= 16


def test_answers_that_nobody_shares_are_not_told_by_the_step_of_their_sum():
    frame = pd.DataFrame({"room": "A", "question": "q", "answer": [1, 2, 4, 5], "persons": [1, 1, 1, 1]})
    assert show(frame, made_up({}, "A"), BOARD).frame["persons"].tolist() == [(0, 9)] * 4


def test_everyone_sees_single_answers_of_fifty_respondents_and_more_alone():
    frame = pd.DataFrame(
        {"room": "A", "question": ["p", "p", "q", "q"], "answer": [1, 2, 1, 2], "persons": [30, 19, 30, 20]}
    )
    assert show(frame, made_up({}, "A"), PUBLIC).frame["persons"].tolist() == [None, None, (30, 34), (20, 24)]


def test_in_a_month_that_ends_no_quarter_a_whole_is_in_steps():
    rows = visits({"taal": 16}) + [row | {"categorie": "schuldhulp"} for row in visits({"taal": 3})] + anonymous(90)
    data = made_up({"deelnames": rows}, "A")
    assert card(data, BOARD, pd.Period("2021-02")).loc[("P8", "Kamer A"), "value"] == (15, 19)
    assert card(data, BOARD, pd.Period("2021-02")).loc[("P4", "Kamer A"), "value"] == (16, 16)


# --- an analyst's own frames ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_different_people_per_service_are_refused_without_a_kind_and_in_steps_with_one(some, edition):
    per_service = some.deelnames.groupby("categorie", observed=True)["deelnemer"].nunique()
    with pytest.raises(NotDeclared, match=r'kolom \'deelnemer\' heeft geen soort.*kinds=\{"deelnemer": "persons"\}'):
        show(per_service, some, edition)
    shown = show(per_service, some, edition, kinds="persons").frame
    assert not any(is_exact(span) and span.low for span in shown["deelnemer"])
    assert shown["categorie"].tolist() == per_service.index.tolist()


def test_a_pivot_has_names_for_rooms_and_its_total_explained(calm):
    counts = pd.DataFrame(
        {"A": [1, 8], "B": [9, 2], TOTAL: [10, 10]}, index=pd.Index(["taal", "werk"], name="categorie")
    )
    shown = show(counts, calm, BOARD, kinds="persons").frame
    assert list(shown) == ["categorie", "Kamer A", "Kamer B", TOTAL]
    assert shown[TOTAL].tolist() == [(6, 14), (6, 14)]


def test_a_row_of_totals_is_told_as_the_sum_of_ends(calm):
    frame = pd.DataFrame({"room": ["A", "B", "C", TOTAL], "persons": [16, 17, 18, 51]})
    shown = show(frame, calm, BOARD).frame
    assert shown["room"].tolist() == ["Kamer A", "Kamer B", "Kamer C", TOTAL]
    assert shown["persons"].tolist()[-1] == (45, 57)


def test_hours_are_exact_for_the_board_and_in_tens_for_everyone(calm):
    frame = pd.DataFrame({"kamer": ["A"], "hours": [123.5]})
    assert [show(frame, calm, edition).frame["hours"][0] for edition in EDITIONS] == [(123.5, 123.5), (120, 130)]


def test_a_mean_needs_the_number_of_people_beside_it(calm):
    frame = pd.DataFrame({"room": ["A", "B"], "mark": [8.25, 7.0], "persons": [12, 3]})
    assert show(frame, calm, BOARD).frame["mark"].tolist() == [(8.0, 8.5), None]
    with pytest.raises(NotDeclared, match="van hoeveel mensen"):
        show(frame[["room", "mark"]], calm, BOARD)


def test_a_share_follows_from_its_parts_and_not_from_the_frame(calm):
    frame = pd.DataFrame({"room": ["A"], "came": [3], "asked": [12], "part": [0.25]})
    kinds = {"came": "persons", "asked": "persons", "part": "share of came / asked"}
    assert show(frame, calm, PUBLIC, kinds).frame["part"][0] == (0.07, 0.4)
    with pytest.raises(NotDeclared, match="staat er niet bij"):
        show(frame.drop(columns="asked"), calm, PUBLIC, kinds)


@pytest.mark.parametrize(
    ("columns", "kinds", "message"),
    [
        ({"aantal": [3]}, None, r'kolom \'aantal\' heeft geen soort; zeg wat het is: show\(..., kinds=\{"aantal": "persons"\}\)'),
        ({"soort": ["x"], "woorden": ["y"]}, {"soort": "word"}, r'kinds=\{"woorden": "word"\}'),
        ({"aantal": [3]}, {"aantal": "word"}, "een getal is geen word"),
        ({"aantal": [3]}, {"aantal": "mensen"}, "is geen soort; kies uit: persons"),
        ({"groep": ["tuin"], "persons": [9]}, {"groep": "word"}, "kolom 'groep' bevat tekst uit de exports"),
        ({"tuin": [9]}, "persons", "een kolomkop is een tekst uit de exports"),
    ],
)  # fmt: skip
def test_what_nobody_declared_is_refused_with_the_words_to_declare_it(some, columns, kinds, message):
    with pytest.raises(NotDeclared, match=message):
        show(pd.DataFrame(columns), some, BOARD, kinds)


@pytest.mark.parametrize("edition", [*EDITIONS, ANALYST])
def test_persons_are_never_shown_in_a_column_under_another_name_or_as_a_head(some, edition):
    rows = some.deelnames[["kamer", "deelnemer"]].dropna().head(3)
    for frame in (rows, rows.rename(columns={"deelnemer": "room"}), pd.DataFrame({rows["deelnemer"].iloc[0]: [2]})):
        with pytest.raises(NotDeclared, match="bevat personen; die worden nooit getoond"):
            show(frame, some, edition, kinds="persons")


def test_the_analyst_sees_numbers_as_they_are(some):
    frame = pd.DataFrame({"whatever": [3, 4], "text": ["a", "b"]})
    assert show(frame, some, ANALYST).low["whatever"].tolist() == [3, 4]


def test_an_edition_that_is_none_names_the_nearest(some):
    with pytest.raises(ValueError, match="bedoelt u bestuur"):
        show(pd.DataFrame({"room": ["A"]}), some, "bestur")
    with pytest.raises(ValueError, match="geen editie 'board'; wel: bestuur, openbaar"):
        show(pd.DataFrame({"room": ["A"]}), some, "board")


def test_the_callers_frame_stays_as_it_was_and_ends_are_plain_frames(calm):
    frame = pd.DataFrame({"persons": [3.0, np.nan]}, index=pd.Index(["A", "B"], name="room"))
    before = frame.copy(deep=True)
    shown = show(frame, calm, BOARD)
    pd.testing.assert_frame_equal(frame, before)
    assert shown.frame["persons"].tolist() == [(1, 4), None]
    assert (shown.low["persons"].tolist()[0], shown.high["persons"].tolist()[0]) == (1, 4)
    assert len(shown.pick(room="Kamer A")) == 1
