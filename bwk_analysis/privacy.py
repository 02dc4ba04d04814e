"""Small numbers: what each edition may show of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

# Two editions. `bestuur`: of an indicator marked sensitive 1-4 persons (setting `drempel`) are hidden, with everything
# that gives them away. `openbaar`: every count of persons below 10 is hidden and the rest rounded to 5; whatever is
# computed from counts is computed from those. Nought is shown as nought. What is hidden here is hidden everywhere,
# because charts, tables, sentences and workbooks get nothing but these frames.

BOARD, PUBLIC = "bestuur", "openbaar"
EDITIONS = (BOARD, PUBLIC)
PUBLIC_THRESHOLD = 10
PUBLIC_ROUNDING = 5
HIDDEN = "verborgen"
NOT_SHOWN = "niet getoond"
PARTS = ["numerator", "denominator"]
FIGURES = ["value", *PARTS, "lower", "upper", "n"]
KEY = ["indicator", "room"]

Parts = Mapping[str, Collection[str]]  # indicator -> those that count some of its persons


def is_small(persons: pd.Series, threshold: int) -> pd.Series:
    """Whether a number of persons may not be shown: at least 1 and below the threshold. Nought and empty are not
    small.
    """
    return (persons >= 1) & (persons < threshold)


def rounded(persons: pd.Series) -> pd.Series:
    """A number of persons as the public sees it: a multiple of 5, empty where it is small."""
    multiples = np.floor(persons / PUBLIC_ROUNDING + 0.5) * PUBLIC_ROUNDING
    return multiples.mask(is_small(persons, PUBLIC_THRESHOLD))


def _hide(card: pd.DataFrame, rows: pd.Series, instead: pd.Series) -> pd.DataFrame:
    """The rows without their figures; `instead` says what stands in their place."""
    hidden = card.assign(hidden=card["hidden"].mask(rows, instead))
    hidden.loc[rows, FIGURES] = np.nan
    hidden.loc[rows, ["status", "uncertain"]] = [HIDDEN, False]
    return hidden


def _numbers(card: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_numeric(card[column], errors="coerce")


# --- small numbers: the board's edition -------------------------------------------------------------------------------


def for_board(
    quarters: Iterable[pd.DataFrame], sensitive: Collection[str], narrower: Parts, threshold: int, total: str
) -> list[pd.DataFrame]:
    """The scorecards of the quarters of a year, from the first on, without small numbers of sensitive indicators.

    Hidden are 1-4 persons, and a figure 1-4 away from the last that was shown: their difference would be a small
    number. A total is shown only when all its rooms are. Of the indicators a hidden one is part of, a figure is hidden
    that is small, or more than the other parts together.

    Columns added: `hidden` says what stands in the place of a figure (`<5`), else it is empty; `concealed` is whether
    anything of the row is not shown; `at_most` is the most persons the row can be about, from what is published.
    """
    shown: list[pd.DataFrame] = []
    known = pd.DataFrame(columns=PARTS, index=pd.MultiIndex.from_arrays([[], []], names=KEY), dtype=float)
    for card in quarters:
        protected = _without_wholes(
            _without_small(card, known, sensitive, threshold, total), narrower, threshold, total
        )
        shown.append(protected)
        known = protected.set_index(KEY)[PARTS].astype(float).combine_first(known)
    return shown


def _without_small(
    card: pd.DataFrame, known: pd.DataFrame, sensitive: Collection[str], threshold: int, total: str
) -> pd.DataFrame:
    """`known` : the parts last shown of each indicator in a room."""
    last = known.reindex(pd.MultiIndex.from_frame(card[KEY])).set_index(card.index)
    counted = card["indicator"].isin(list(sensitive)) & (card["unit"] != "oordeel") & card["value"].notna()
    persons = _numbers(card, "numerator").mask(card["unit"] == "cijfer")  # a sum of marks is no number of persons
    of = _numbers(card, "denominator")
    few, of_few = (
        counted & (is_small(now, threshold) | is_small((now - last[name]).abs(), threshold))
        for now, name in ((persons, "numerator"), (of, "denominator"))
    )
    most, most_before = of.fillna(persons), last["denominator"].fillna(last["numerator"])
    changed_little = counted & is_small((most - most_before).abs(), threshold)
    at_most = most.mask(changed_little, most_before + threshold - 1).mask(is_small(most, threshold), threshold - 1)

    is_total = card["room"] == total
    of_few |= counted & is_total & card["indicator"].isin(card.loc[(few | of_few) & ~is_total, "indicator"])
    nought = persons == 0  # is shown; of how few is not
    card = card.assign(hidden="", concealed=few | of_few, at_most=at_most)
    card.loc[of_few & nought, ["denominator", "lower", "upper", "n"]] = np.nan
    card.loc[of_few & nought, "uncertain"] = False
    small = is_small(persons.fillna(of), threshold)
    instead = pd.Series(f"<{threshold}", card.index).where(small & ~is_total, NOT_SHOWN)
    return _hide(card, (few | of_few) & ~nought, instead)


def _without_wholes(card: pd.DataFrame, narrower: Parts, threshold: int, total: str) -> pd.DataFrame:
    """Without the wholes that say how many there are of a hidden part."""
    for whole, parts in narrower.items():
        of_parts = card[card["indicator"].isin(list(parts))]
        with_hidden = set(of_parts.loc[of_parts["hidden"] != "", "room"])
        if not with_hidden:
            continue
        persons = _numbers(of_parts, "denominator").fillna(_numbers(of_parts, "numerator"))
        rows = card[(card["indicator"] == whole) & (card["hidden"] == "") & card["value"].notna()]
        value, others = _numbers(rows, "numerator"), rows["room"].map(persons.groupby(of_parts["room"]).sum())
        telling = rows["room"].isin(with_hidden) & ((value > others) | is_small(value, threshold))
        telling |= (rows["room"] == total) & telling.any()
        gone = telling.reindex(card.index, fill_value=False)
        card = _hide(card.assign(concealed=card["concealed"] | gone), gone, pd.Series(NOT_SHOWN, card.index))
    return card


# --- small numbers: the edition for everyone --------------------------------------------------------------------------


def for_public(
    scorecard: pd.DataFrame,
    of_persons: Collection[str],
    divided: Parts,
    judge: Callable[[pd.Series], dict[str, Any]],
    total: str,
) -> pd.DataFrame:
    """The scorecard for everyone: persons rounded to 5 and hidden below 10, all else computed from that.

    Totals of counts are sums of the rooms that are shown, in which a person in two rooms counts in both; they are not
    held against a target. Totals of shares and means are there only when all rooms are. The column `hidden` says what
    stands in the place of a figure.

    of_persons : the indicators that count, or average over, persons. divided : wholes and the indicators that together
    have all of their persons. judge : gives status, lower, upper and uncertain
    of a row from its rounded figures.
    """
    card, unit, is_total = scorecard.assign(hidden=""), scorecard["unit"], scorecard["room"] == total
    counted = card["indicator"].isin(list(of_persons)) & card["value"].notna()
    is_ratio, is_mean = counted & unit.isin(["aandeel", "cijfer"]), counted & (unit == "cijfer")
    for column in PARTS:
        card[column] = _numbers(card, column).mask(counted, rounded(_numbers(card, column)))
    mean = _numbers(card, "value").round(1)
    card["numerator"] = card["numerator"].mask(is_mean, mean * card["denominator"])
    card["numerator"] -= PUBLIC_ROUNDING * _is_tight(card, scorecard, divided)

    concealed = counted & (card[PARTS].isna() & scorecard[PARTS].notna()).any(axis=1)
    incomplete = card["indicator"].isin(card.loc[concealed & ~is_total, "indicator"])
    sums = card[counted & ~is_total].groupby("indicator")[PARTS].sum(min_count=1)
    for column in PARTS:
        card[column] = card[column].mask(counted & is_total, card["indicator"].map(sums[column]))
    card.loc[counted & is_total & incomplete, "denominator"] = np.nan
    card.loc[counted & is_total & incomplete & (is_ratio | (card["numerator"] == 0)), "numerator"] = np.nan

    quotient = (card["numerator"] / card["denominator"]).mask((card["numerator"] == 0) & ~is_mean, 0.0)
    figure = card["numerator"].mask(is_ratio, quotient).mask(is_mean, quotient.round(1))
    card["value"] = card["value"].mask(counted, figure)
    card["n"] = card["denominator"].where(is_ratio)
    card.loc[is_mean, "numerator"] = np.nan  # a sum of marks is no number of persons
    card.loc[counted, ["lower", "upper"]] = np.nan
    for index in card.index[counted & card["value"].notna()]:
        for column, found in judge(card.loc[index]).items():
            card.loc[index, column] = found
    if card["room"].nunique() > 2:
        card.loc[counted & is_total & ~is_ratio, "status"] = HIDDEN
    instead = pd.Series(f"<{PUBLIC_THRESHOLD}", card.index).mask(is_total, NOT_SHOWN)
    return _hide(card, counted & card["value"].isna(), instead)


def _is_tight(card: pd.DataFrame, scorecard: pd.DataFrame, divided: Parts) -> pd.Series:
    """Where a number rounded up can only be true when every part of it, hidden ones too, is as large as it can be.

    Two hidden parts of a whole shown as 20 are both 9; shown as 15 it tells nothing.
    """
    tight = pd.Series(False, card.index)
    for whole, parts in divided.items():
        of_parts = card[card["indicator"].isin(list(parts)) & scorecard["value"].notna()]
        shown = of_parts["denominator"].fillna(of_parts["numerator"])
        largest = (shown + PUBLIC_ROUNDING // 2).mask(shown == 0, 0).fillna(PUBLIC_THRESHOLD - 1)
        rows = scorecard[scorecard["indicator"] == whole]
        together = rows["room"].map(largest.groupby(of_parts["room"]).sum())
        persons = _numbers(rows, "numerator")
        least = card.loc[rows.index, "numerator"] - PUBLIC_ROUNDING // 2
        tight[rows.index] |= (persons == together) & (persons == least)
    return tight


def shown_totals(frame: pd.DataFrame, column: str, keys: list[str], total: str) -> pd.DataFrame:
    """A frame of counts of persons for everyone: the rooms' rounded, and Totaal the sum of those that are shown.

    Where nothing but nought is shown and something is hidden, Totaal is hidden too.
    """
    rooms = frame[frame["room"] != total]
    counts = rooms.assign(**{column: rounded(rooms[column])})
    groups = counts.groupby(keys)[column]
    sums = groups.sum(min_count=1)
    sums = sums.mask((sums == 0) & (groups.size() > groups.count())).rename(column)
    totals = frame[frame["room"] == total].drop(columns=column).join(sums, on=keys)
    return pd.concat([counts, totals])[frame.columns].reset_index(drop=True)
