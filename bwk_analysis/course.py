"""The course of a target over the year (verloop): which part of it is agreed to be there on a day."""

import re
from fractions import Fraction

import pandas as pd

from bwk_analysis import periods

STRAIGHT, FIXED = "recht", "vast"
ADDED = ("uniek", "aantal", "som")  # kinds of measures whose value grows by what is added


def over_time(kind: str, time: object) -> bool:
    """Whether a measure counts what is dated in the window, so that a year's target is reached step by step."""
    return kind in ADDED and (not isinstance(time, str) or time.strip().casefold().startswith("datum"))


def parse(text: str, kind: str, time: object) -> str | None:
    """A course as written for a measure: `recht`, `vast`, or four percentages such as `40 65 85 100`.

    None where it is none: the percentages fall or do not end at 100, or the measure has no such course.
    """
    word = text.strip().casefold()
    if kind == "verdict" or (word == STRAIGHT and not over_time(kind, time)):
        return None
    if word in (STRAIGHT, FIXED):
        return word
    parts = [part for part in re.split(r"[\s%;/]+", word.replace(",", ".")) if part]
    if len(parts) != 4 or not all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts):
        return None
    numbers = [Fraction(part) for part in parts]
    return " ".join(parts) if numbers == sorted(numbers) and numbers[-1] == 100 else None


def part_due(
    course: str | None, kind: str, time: object, period: pd.Period, opens: object = None, closes: object = None
) -> Fraction | None:
    """The part of a target that is agreed to be there on the period's last day; None where nothing is agreed by then.

    course : as `parse` gives it; without one a count of rows or a sum over `datum` runs straight, a number of different
    people or groups over `datum` has no course, and all else is fixed. opens, closes : a room's own first and last day
    in the year, over which its course runs, percentages in four equal parts; before the first nothing is due, from the
    last on all of it.
    """
    day, first, last = periods.reference_day(period), periods.start(period), periods.year_end(period)
    first = max(first, opens) if isinstance(opens, pd.Timestamp) else first
    last = min(last, closes) if isinstance(closes, pd.Timestamp) else last
    if day < first:
        return None
    if day >= last or course == FIXED:
        return Fraction(1)
    elapsed = Fraction((day - first).days + 1, (last - first).days + 1)
    if not course:
        return Fraction(1) if not over_time(kind, time) else None if kind == "uniek" else elapsed
    if course == STRAIGHT:
        return elapsed
    agreed = [Fraction(0), *(Fraction(part) / 100 for part in course.split())]
    quarters = pd.period_range(f"{period.year}Q1", periods=4, freq="Q")
    whole = (last - first).days + 1 == last.day_of_year == periods.year_end(period).day_of_year
    ends = [
        Fraction(0),
        *(periods.elapsed(quarter) if whole else Fraction(n, 4) for n, quarter in enumerate(quarters, 1)),
    ]
    at = next(n for n, end in enumerate(ends) if elapsed <= end)
    passed = (elapsed - ends[at - 1]) / (ends[at] - ends[at - 1])
    return agreed[at - 1] + passed * (agreed[at] - agreed[at - 1])
