"""Money by example: two rooms with 1000 + 500 euros of budget and 900 + 700 euros of funding each."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registered import agreement, counted, dataset, example

from bwk_analysis import finance, periods

TOTAL, UNASSIGNED = "Totaal", finance.UNASSIGNED
Q3 = periods.parse("2021Q3")
AGREED = agreement("AB")


def line(account, euro, room="A", **others):
    """A ledger line with debit or, for a negative amount, credit; all are of one voucher unless it says otherwise."""
    return {
        "datum": "2021-02-01",
        "boekstuk": "B1",
        "rekening": account,
        "kostenplaats": room,
        "debet": max(euro, 0.0),
        "credit": max(-euro, 0.0),
        **others,
    }


def money(*lines, agreed=AGREED, quarter="2021Q3", **tables):
    data = dataset(agreed, **({"grootboek": lines} if lines else {}), **tables)
    return counted(data, quarter).finance.set_index(["room", "kind", "item"])["value"].sort_index()


# --- the agreement of 2021 --------------------------------------------------------------------------------------------


def of_2021(kind, item):
    figures = finance.agreed(example()).set_index(["kind", "item", "room"])["value"]
    return [figures[kind, item, room] for room in ("CJM", "MB", "DH", TOTAL)]


@pytest.mark.parametrize(
    ("ratio", "percents"), [("SROI", [38, 49, 38, 42]), ("Mensen", [81, 83, 81, 82]), ("Overhead", [7, 6, 7, 7])]
)
def test_the_ratios_on_the_budget_of_2021(ratio, percents):
    assert [round(100 * share) for share in of_2021("ratio_budget", ratio)] == percents


@pytest.mark.parametrize(
    ("kind", "item", "euros"),
    [
        ("budget", "A", [54492, 53532, 54492, 162516]),
        ("budget", TOTAL, [125568, 157656, 125868, 409092]),
        ("funding_agreed", "woningcorporatie", [30000, 27500, 37500, 95000]),
        ("funding_agreed", TOTAL, [125500, 157801, 128500, 411801]),
        ("volunteer_hours", "afgesproken", [10500, 8000, 8000, 26500]),
        ("volunteer_value", "afgesproken", [128500, 101000, 101000, 330500]),
    ],
)
def test_the_sums_of_the_lines_of_2021(kind, item, euros):
    assert of_2021(kind, item) == euros


def test_the_shares_of_2021_add_up():
    figures = finance.agreed(example())
    shares = figures[figures["kind"] == "share_agreed"].set_index(["room", "item"])["value"]
    for room in ("CJM", "MB", "DH", TOTAL):
        funders = example().funding["funder"].unique()
        assert sum(shares[room, f"{funder} / euro"] for funder in funders) == pytest.approx(1)
        assert shares[room, f"{TOTAL} / populair"] + shares[room, "vrijwilligers / populair"] == pytest.approx(1)
    assert [round(100 * shares[room, f"{TOTAL} / populair"]) for room in ("CJM", "MB", "DH", TOTAL)] == [49, 61, 56, 55]


# --- realised ---------------------------------------------------------------------------------------------------------


def test_costs_are_debit_minus_credit_and_income_is_credit_minus_debit():
    found = money(line("4000", 300), line("4000", -20), line("8000", -500), line("8000", 50))
    assert found["A", "realised", "A1"] == 280
    assert found["A", "realised", "A"] == found["A", "realised", TOTAL] == 280
    assert found["A", "funding_realised", "Stad"] == found["A", "funding_realised", "gemeente"] == 450
    assert found["B", "realised", "A1"] == 0


def test_lines_after_the_reference_day_do_not_count_yet():
    assert money(line("4000", 300), line("4000", 40, datum="2021-10-01"))["A", "realised", "A1"] == 300


def test_a_line_without_a_room_counts_in_the_total_and_stays_visible():
    found = money(line("4000", 300), line("4000", 40, room=None))
    assert found[UNASSIGNED, "realised", "A1"] == 40
    assert found[TOTAL, "realised", "A1"] == found[TOTAL, "realised", TOTAL] == 340


def test_a_line_whose_account_maps_to_nothing_is_visible_and_in_no_total():
    found = money(line("4000", 300), line("9999", 40), line("9999", 7, room=None), line("1100", 1000))
    assert found["A", "realised", UNASSIGNED] == 40
    assert found[UNASSIGNED, "realised", UNASSIGNED] == 7
    assert found[TOTAL, "realised", TOTAL] == 300
    assert (TOTAL, "realised", UNASSIGNED) not in found.index


def test_without_a_ledger_what_was_realised_is_empty_and_what_was_agreed_is_not():
    found = money()
    assert found.loc[:, "realised"].isna().all()
    assert found.loc[:, "funding_realised"].isna().all()
    assert found["A", "budget", TOTAL] == 1500


def test_ratios_are_of_the_realised_costs_and_empty_without_any():
    found = money(line("4000", 300), line("4100", 100), agreed=with_ratio("A", TOTAL))
    assert found["A", "ratio_realised", "X"] == found[TOTAL, "ratio_realised", "X"] == 0.75
    assert pd.isna(found["B", "ratio_realised", "X"])


def test_a_ratio_of_sums_of_posts_and_groups():
    found = money(line("4000", 300), line("4100", 100), agreed=with_ratio("A1+C", TOTAL))
    assert found["A", "ratio_realised", "X"] == 1
    assert found["A", "ratio_budget", "X"] == 1
    assert pd.isna(money(line("4000", 300), agreed=with_ratio("A+Z", TOTAL))["A", "ratio_realised", "X"])


def test_a_group_with_the_name_of_its_post_is_one_item():
    lines = AGREED.budget.assign(group=AGREED.budget["post"])
    found = money(agreed=replace(AGREED, budget=lines))
    assert found["A", "budget", "A1"] == 1000
    assert found["A", "budget", TOTAL] == 1500


def with_ratio(numerator, denominator):
    ratio = {"ratio": "X", "numerator": numerator, "denominator": denominator, "explanation": ""}
    return replace(AGREED, ratios=pd.DataFrame([ratio]))


# --- volunteers and results -------------------------------------------------------------------------------------------

HOURS = [
    {"datum": "2021-03-01", "kamer": "A", "vrijwilliger": "v1", "groep": "tuin", "uren": 30.0},
    {"datum": "2021-03-02", "kamer": "A", "vrijwilliger": "v2", "groep": "tuin", "uren": 10.0},
    {"datum": "2021-03-02", "kamer": "A", "vrijwilliger": "v3", "groep": "tuin", "uren": 0.0},  # not active
    {"datum": "2021-11-02", "kamer": "A", "vrijwilliger": "v4", "groep": "tuin", "uren": 99.0},  # after the window
]


def test_hours_per_active_volunteer_are_put_on_a_full_year():
    found = money(vrijwilligersuren=HOURS)
    assert found["A", "volunteer_hours", "gerealiseerd"] == 40
    assert found["A", "volunteer_hours", "per vrijwilliger per jaar"] == pytest.approx(20 * 365 / 273)
    assert pd.isna(found["B", "volunteer_hours", "gerealiseerd"])  # nothing registered is not nought
    assert pd.isna(found["B", "volunteer_hours", "per vrijwilliger per jaar"])


def test_hours_are_worth_the_euros_per_hour_of_their_room():
    found = money(line("8000", -500), vrijwilligersuren=HOURS)
    assert found["A", "volunteer_value", "gerealiseerd"] == found[TOTAL, "volunteer_value", "gerealiseerd"] == 500
    assert found["A", "share_realised", "vrijwilligers / populair"] == 0.5
    assert found["A", "share_realised", "Stad / euro"] == 1


def test_without_hours_what_they_are_worth_is_empty():
    found = money(line("8000", -500))
    assert pd.isna(found[TOTAL, "volunteer_value", "gerealiseerd"])
    assert pd.isna(found["A", "share_realised", "vrijwilligers / populair"])


def test_cost_per_result():
    visits = [
        {"datum": "2021-02-01", "kamer": "A", "deelnemer": person, "categorie": "taal"}
        for person in ("p1", "p1", "p2", None)
    ]
    nobody = {"datum": "2021-02-01", "kamer": "B", "deelnemer": None, "categorie": "taal"}
    lines = [line("4000", 300), line("4100", 100), line("4100", 70, "B")]
    found = money(*lines, deelnames=[*visits, nobody], vrijwilligersuren=HOURS).xs("cost_per_result", level="kind")
    assert found["A", "euro per deelnemer"] == 200
    assert found["A", "euro per deelname"] == 100  # anonymous ones too
    assert found["A", "uren per euro"] == pytest.approx(40 / 300)  # of posts A
    assert found[TOTAL, "euro per deelnemer"] == 235
    assert found["B", "euro per deelname"] == 70
    assert found["B"][["euro per deelnemer", "uren per euro"]].isna().all()  # nothing to divide by
    found = money(line("4000", 100), deelnames=visits[1:], vrijwilligersuren=HOURS)["A"]["cost_per_result"]
    assert (found["euro per deelname"], found["uren per euro"]) == (33.33, 0.4)  # each euro to the cent


def test_the_order_of_the_lines_changes_no_figure():
    lines = [line("4000", 100), line("4000", 0.1, "B"), line("9999", 7.0), line("8000", -33.3, None)]
    pd.testing.assert_series_equal(money(*lines), money(*reversed(lines)))


@pytest.mark.parametrize("absent", ["ratios", "budget", "funding", "volunteers", "accounts"])
def test_an_agreement_without_one_of_its_sheets_still_gives_the_other_figures(absent):
    agreed = replace(AGREED, **{absent: getattr(AGREED, absent).iloc[:0]})
    found = money(line("4000", 100), agreed=agreed, vrijwilligersuren=HOURS)
    assert found["A", "volunteer_hours", "gerealiseerd"] == 40


def test_an_agreement_without_a_budget_says_nothing_of_costs_agreed():
    agreed = replace(AGREED, budget=AGREED.budget.iloc[:0])
    found = money(agreed=agreed)
    assert found.loc[:, "budget"].isna().all()


def test_the_money_leaves_the_tables_as_they_were():
    data = dataset(AGREED, grootboek=[line("4000", 100), line("4000", 5, None)], vrijwilligersuren=HOURS)
    before = {name: rows.copy(deep=True) for name, rows in data.tables.items()}
    counted(data, "2021Q3")
    finance.lines(data, Q3)
    for name, rows in data.tables.items():
        pd.testing.assert_frame_equal(rows, before[name])


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_ledger_line_says_what_it_is_for():
    lines = [
        line("4000", 300),
        line("8000", -500, "B"),
        line("9999", 40, None),
        line("1100", 7),
        line("9999", 8),
        line("4000", 9, datum="2021-10-01"),
    ]
    found = finance.lines(dataset(AGREED, grootboek=lines), Q3)
    columns = ["room", "post", "group", "funder", "kind", "euro", "balance_sheet", "mapped"]
    assert found[columns].astype(object).where(found[columns].notna(), None).to_numpy().tolist() == [
        ["A", "A1", "A", None, None, 300, False, True],
        ["B", None, None, "Stad", "gemeente", -500, False, True],
        [UNASSIGNED, None, None, None, None, 40, False, False],
        ["A", None, None, None, None, 7, True, False],
        ["A", None, None, None, None, 8, False, False],
    ]
    assert found["source_row"].tolist() == [2, 3, 4, 5, 6]


def test_the_lines_of_posts_add_up_to_what_is_said_to_be_realised(example_data):
    period = example_data.quarter("2021Q3")
    lines, figures = finance.lines(example_data, period), counted(example_data, "2021Q3").finance
    realised = figures[figures["kind"] == "realised"].set_index(["room", "item"])["value"]
    for (room, post), euro in lines.groupby(["room", "post"])["euro"].sum().items():
        assert euro == pytest.approx(realised[room, post])
    assert lines.loc[lines["post"].notna(), "euro"].sum() == pytest.approx(realised[TOTAL, TOTAL])


def test_without_a_ledger_there_are_no_lines_but_their_columns():
    found = finance.lines(dataset(AGREED), Q3)
    assert found.empty
    assert list(found) == finance.LINE


# --- what is left, and still to come ----------------------------------------------------------------------------------


def test_the_result_is_received_minus_spent_and_beside_it_what_maps_to_nothing():
    found = money(line("4000", 300), line("8000", -500), line("9999", 40), line("1100", 70))
    assert found["A", "result", finance.RESULT] == found[TOTAL, "result", finance.RESULT] == 200
    assert found["A", "result", finance.UNKNOWN] == found[TOTAL, "result", finance.UNKNOWN] == -40
    assert found["B", "result"].tolist() == [0, 0]
    assert (UNASSIGNED, "result", finance.RESULT) not in found.index


def test_lines_without_a_room_are_the_result_of_no_room_and_count_in_the_total():
    found = money(line("4000", 300), line("8000", -50, room=None), line("9999", -7, room=None), line("1100", 9, None))
    assert found[UNASSIGNED, "result"].to_dict() == {finance.RESULT: 50, finance.UNKNOWN: 7}
    assert found[TOTAL, "result"].to_dict() == {finance.RESULT: -250, finance.UNKNOWN: 7}


def test_what_is_still_to_come_is_never_below_nought_and_one_who_paid_too_much_takes_nothing_off_another():
    found = money(line("8000", -1000), line("8000", -900, "B"), line("8100", -100))
    assert found["A", "to_receive"].to_dict() == {"Stad": 0, "Fonds": 600, TOTAL: 600}
    assert found["B", "to_receive"].to_dict() == {"Stad": 0, "Fonds": 700, TOTAL: 700}
    assert found[TOTAL, "to_receive"].to_dict() == {"Stad": 0, "Fonds": 1300, TOTAL: 1300}


def test_a_total_still_to_come_counts_what_came_without_a_room_or_in_another():
    found = money(line("8000", -1200), line("8100", -1400, room=None))
    assert found["B", "to_receive", "Stad"] == 900
    assert found[TOTAL, "to_receive"].to_dict() == {"Stad": 600, "Fonds": 0, TOTAL: 600}


def test_what_is_left_of_a_line_is_held_against_its_whole_year():
    found = money(line("4000", 300), line("4100", 70, room=None), quarter="2021Q1")
    assert found["A", "budget_left"].to_dict() == {"A1": 700, "A": 700, "C1": 500, "C": 500, TOTAL: 1200}
    assert found[TOTAL, "budget_left", "C1"] == 930


def test_without_a_ledger_nothing_is_left_or_still_to_come():
    found = money()
    for kind in ("result", "to_receive", "budget_left"):
        assert found.loc[TOTAL, kind].isna().all()
        assert len(found.loc["A", kind]) > 1


def test_a_grant_paid_back_leaves_no_shares_of_its_room_and_those_of_others_as_they_are():
    found = money(line("8000", 500), line("8100", -900), line("8000", -800, "B"), vrijwilligersuren=HOURS)
    assert found["A", "share_realised"].isna().all()
    assert found["B", "share_realised", "Stad / euro"] == 1
    assert found[TOTAL, "share_realised", "Stad / euro"] == pytest.approx(300 / 1200)


def test_the_noise_of_floating_point_is_no_grant_paid_back():
    found = money(line("8000", -0.3), line("8000", 0.1), line("8000", 0.2), line("8100", -5))
    assert found["A", "share_realised", "Fonds / euro"] == pytest.approx(1)


def test_euros_are_told_to_the_cent_and_nought_has_no_sign():
    found = money(line("4000", 0.1), line("4000", 0.2), line("4100", -0.001), vrijwilligersuren=HOURS)
    assert found["A", "realised", "A1"] == 0.3
    assert str(found["A", "realised", "C1"]) == "0.0"
    assert found["A", "budget_left", "A1"] == 999.7


NOBODY = pd.DataFrame({"indicator": [], "room": [], "value": []})  # counting takes long


def money_alone(data):
    return finance.figures(data, Q3, NOBODY).set_index(["room", "kind", "item"])["value"].sort_index()


CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: cents / 100)
ACCOUNT = st.sampled_from(["4000", "4100", "8000", "8100", "9999", "1100"])


@settings(max_examples=15)
@given(st.lists(st.tuples(ACCOUNT, CENTS, st.sampled_from(["A", "B", None]), st.sampled_from([None, "Fonds"]))))
def test_the_result_and_the_unknown_accounts_are_the_ledger_to_the_cent_and_the_funders_are_its_income(booked):
    rows = [line(account, euro, room, project=project) for account, euro, room, project in booked]
    data = dataset(AGREED, grootboek=rows)
    figures = money_alone(data)
    own = finance.lines(data, Q3).query("~balance_sheet")
    rooms = {"A", "B", TOTAL, *own["room"]}
    for room in rooms:
        of_room = own if room == TOTAL else own[own["room"] == room]
        assert figures[room, "result"].sum() == pytest.approx(-of_room["euro"].sum(), abs=0.004)
    assert {room for room, kind, _ in figures.index if kind == "result"} == rooms
    received = figures[TOTAL, "funding_realised"]
    assert received[["Stad", "Fonds"]].sum() == pytest.approx(-own.dropna(subset="funder")["euro"].sum(), abs=0.004)
    assert received[TOTAL] == pytest.approx(received[["Stad", "Fonds"]].sum(), abs=0.004)


# --- earmarks ---------------------------------------------------------------------------------------------------------


def earmarked(*rows, agreed=AGREED):
    """The agreement with these earmarks: funder, room or None, euros, purpose, post or None."""
    place = {"file": "afspraak.xlsx", "sheet": "oormerken", "row": 2}
    columns = ["funder", "room", "euro", "purpose", "post"]
    return replace(agreed, earmarks=pd.DataFrame(rows, columns=columns).assign(indicator=None, **place))


def test_an_earmark_of_a_room_is_of_that_room_and_of_the_total_and_one_of_all_rooms_of_the_total_alone():
    found = money(agreed=earmarked(("Stad", "A", 300.0, "tuin", "A1"), ("Stad", None, 200.0, "taal", None)))
    assert found["A", "earmark_agreed"].to_dict() == {"Stad / tuin": 300}
    assert found[TOTAL, "earmark_agreed"].to_dict() == {"Stad / tuin": 300, "Stad / taal": 200}
    assert "B" not in found.xs("earmark_agreed", level="kind").index.get_level_values("room")
    assert found.loc[:, "earmark_cost"].isna().all()


def test_an_earmark_pays_the_cost_of_its_post_up_to_its_amount():
    agreed = earmarked(("Stad", "A", 300.0, "tuin", "A1"), ("Stad", "B", 300.0, "tuin", "A1"))
    found = money(line("4000", 250), line("4000", 900, "B"), line("4000", 70, room=None), agreed=agreed)
    assert [found[room, "earmark_cost", "Stad / tuin"] for room in ("A", "B", TOTAL)] == [250, 300, 550]


def test_an_earmark_of_all_rooms_pays_where_its_funder_agreed_something():
    funding = AGREED.funding.assign(euro=[0.0 if room == "B" else 5.0 for room in AGREED.funding["room"]])
    agreed = earmarked(("Stad", None, 400.0, "tuin", "A1"), agreed=replace(AGREED, funding=funding))
    found = money(line("4000", 250), line("4000", 900, "B"), agreed=agreed)
    assert found[TOTAL, "earmark_cost", "Stad / tuin"] == 250


def test_earmarks_of_the_same_post_and_room_pay_in_proportion_and_a_group_is_all_of_its_posts():
    agreed = earmarked(
        ("Stad", "A", 300.0, "tuin", "A1"), ("Fonds", "A", 100.0, "mensen", "A"), ("Fonds", None, 200.0, "wijk", "A1")
    )
    found = money(line("4000", 240), agreed=agreed)[TOTAL, "earmark_cost"]
    assert found.to_dict() == {"Stad / tuin": 120, "Fonds / mensen": 40, "Fonds / wijk": 80}


def test_rows_of_one_purpose_and_room_are_added_and_a_cost_below_nought_pays_nothing():
    twice = [("Stad", "A", 100.0, "tuin", "A1")] * 2
    assert money(line("4000", 150), agreed=earmarked(*twice))["A", "earmark_cost", "Stad / tuin"] == 150
    assert money(line("4000", -150), agreed=earmarked(*twice))["A", "earmark_cost", "Stad / tuin"] == 0
    assert money(agreed=earmarked(*twice))["A", "earmark_agreed", "Stad / tuin"] == 200


def test_an_earmark_without_a_post_has_no_cost_and_one_for_which_nothing_was_spent_has_none_yet():
    agreed = earmarked(("Stad", "A", 100.0, "tuin", None), ("Stad", "A", 100.0, "taal", "C1"))
    found = money(line("4000", 150), agreed=agreed)["A", "earmark_cost"]
    assert pd.isna(found["Stad / tuin"])
    assert found["Stad / taal"] == 0


AMOUNT = st.integers(0, 100_000).map(lambda cents: cents / 100)
MARK = st.tuples(st.sampled_from(["Stad", "Fonds"]), st.sampled_from(["A", "B", None]), AMOUNT,
                 st.sampled_from(["tuin", "taal"]), st.sampled_from(["A1", "A", "C1"]))  # fmt: skip


@settings(max_examples=15)
@given(st.lists(MARK, max_size=6), st.lists(st.tuples(st.sampled_from(["4000", "4100"]), CENTS, st.sampled_from("AB"))))
def test_earmarks_never_pay_more_than_their_amount_nor_together_more_than_was_spent(marks, booked):
    rows = [line(*each) for each in booked]
    found = money_alone(dataset(earmarked(*marks), grootboek=rows))
    paid = {key: euro for key, euro in found.items() if key[1] == "earmark_cost"}
    assert all(0 <= euro <= found[room, "earmark_agreed", item] + 0.02 for (room, _, item), euro in paid.items())
    spent = sum(max(found[room, "realised", post], 0) for room in "AB" for post in ("A1", "C1"))
    assert sum(euro for (room, *_), euro in paid.items() if room == TOTAL) <= spent + 0.1
