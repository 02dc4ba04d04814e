"""Money by example: two rooms with 1000 + 500 euros of budget and 900 + 700 euros of funding each."""

from dataclasses import replace

import pandas as pd
import pytest
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
    return counted(data, quarter).finance.set_index(["room", "kind", "item"])["value"]


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


@pytest.mark.parametrize(("account", "funder"), [("8000", "Fonds"), ("9999", "Fonds")])
def test_a_project_names_the_funder_better_than_the_account_of_another_or_an_unknown_one(account, funder):
    found = money(line(account, -500, project="Fonds"))
    assert found["A", "funding_realised", funder] == 500
    assert found["A", "funding_realised", "Stad"] == 0


def test_a_project_on_a_line_of_cost_or_of_the_balance_sheet_makes_it_no_income():
    found = money(line("4000", 500, project="Fonds"), line("1100", -70, project="Fonds"))
    assert found["A", "realised", "A1"] == 500
    assert found["A", "funding_realised", TOTAL] == 0


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
        line("9999", 40, None, project="Fonds"),
        line("1100", 7),
        line("9999", 8),
        line("4000", 9, datum="2021-10-01"),
    ]
    found = finance.lines(dataset(AGREED, grootboek=lines), Q3)
    columns = ["room", "post", "group", "funder", "kind", "euro", "balance_sheet", "mapped"]
    assert found[columns].astype(object).where(found[columns].notna(), None).to_numpy().tolist() == [
        ["A", "A1", "A", None, None, 300, False, True],
        ["B", None, None, "Stad", "gemeente", -500, False, True],
        [UNASSIGNED, None, None, "Fonds", "fonds", 40, False, True],
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
