"""A small dataset of two rooms against figures worked out by hand (golden/NOTE.md says how)."""

import pandas as pd
import pytest
from conftest import GOLDEN
from registered import counted

from bwk_analysis import agreement_check
from bwk_analysis.dataset import read

NUMBERS = ["value", "numerator", "denominator", "target", "target_denominator", "interim_target", "lower", "upper", "n"]
TEXTS = ["unit", "operator", "status"]


def expected(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / f"expected_{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def golden(golden_data):
    return counted(golden_data, "2023Q3")


@pytest.fixture(scope="module")
def july():
    """Three rooms, of which one opens and one closes in the year; months as periods, and words of its own."""
    return read(GOLDEN / "july" / "dataset")


def as_text(value: object) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.6f}" if isinstance(value, (int, float)) else str(value)


def hand_text(text: str) -> str:
    try:
        return f"{float(text):.6f}"
    except ValueError:
        return text


SCORECARDS = [
    ("golden_data", "2023Q3", "expected_scorecard.csv"),
    ("golden_data", "2023Q4", "expected_scorecard_2023Q4.csv"),
    ("july", "2023-08", "july/expected_scorecard.csv"),
    ("july", "2023-04", "july/expected_scorecard_2023-04.csv"),
]


@pytest.mark.parametrize(("which", "period", "file"), SCORECARDS)
def test_every_indicator_agrees_with_the_figures_worked_out_by_hand(request, which, period, file):
    data = request.getfixturevalue(which)
    found = counted(data, period).scorecard.set_index(["room", "indicator"])
    by_hand = pd.read_csv(GOLDEN / file, dtype=str, keep_default_na=False)
    differences = []
    for row in by_hand.to_dict("records"):
        ours = found.loc[(row["room"], row["indicator"])]
        for column in ["period", "level", *NUMBERS, *TEXTS]:
            if as_text(ours[column]) != hand_text(row[column]):
                differences.append(
                    f"{row['indicator']} {row['room']} {column}: {as_text(ours[column])} by hand {row[column]}"
                )
        if bool(ours["uncertain"]) != (row["uncertain"].lower() in ("true", "ja")):
            differences.append(f"{row['indicator']} {row['room']} uncertain")
    assert not differences
    assert len(found) == len(by_hand) == len(data.agreement.indicators) * (len(data.rooms) + 1)


def test_all_statuses_occur_in_the_golden_dataset():
    statuses = {"gehaald", "onderweg", "nabij", "achter", "geen gegevens", "geen streefwaarde"}
    assert set(expected("scorecard")["status"]) == statuses


def test_every_amount_ratio_and_share_agrees_with_the_figures_worked_out_by_hand(golden):
    found = golden.finance.set_index(["room", "kind", "item"])["value"]
    differences = []
    for row in expected("finance").to_dict("records"):
        ours = found.get((row["room"], row["kind"], row["item"]))
        if as_text(ours) != hand_text(row["value"]):
            differences.append(f"{row['kind']} {row['item']} {row['room']}: {as_text(ours)} by hand {row['value']}")
    assert not differences


def test_every_row_is_accounted_for_as_worked_out_by_hand(golden_data):
    found = golden_data.accounting.astype(str)
    pd.testing.assert_frame_equal(
        found,
        expected("accounting")[found.columns].sort_values(["file", "sheet"], ignore_index=True),
        check_dtype=False,
    )


def test_only_the_two_wrong_printed_totals_are_reported(golden_data):
    totals, _ = agreement_check.printed_totals(golden_data.agreement)
    wrong = totals[totals["difference"] != 0]
    ours = {(r.table, r.item, r.room, as_text(r.printed), as_text(r.computed)) for r in wrong.itertuples()}
    by_hand = expected("agreement_problems").to_dict("records")
    assert ours == {
        (r["tabel"], r["regel"], r["kamer"], hand_text(r["printed"]), hand_text(r["computed"])) for r in by_hand
    }
