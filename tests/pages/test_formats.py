"""Dutch figures as readers see them."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk_analysis.disclosure import Span
from bwk_analysis.pages import formats

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (formats.euro(35460), f"€{NBSP}35.460"),
        (formats.euro(-68), f"€{NBSP}-68"),
        (formats.euro(12.238, 2), f"€{NBSP}12,24"),
        (formats.percent(0.125), "12,5%"),
        (formats.percent(0.5), "50%"),
        (formats.percent(0.285, 0), "29%"),  # half up as written, though the binary value lies just below
        (formats.percent(0.285, 1), "28,5%"),
        (formats.number(1234), "1.234"),
        (formats.number(1234.56, 1), "1.234,6"),
        (formats.number(-0.4), "0"),  # never -0
        (formats.number(2.5), "3"),  # half up, not to even
        (formats.date(dt.date(2021, 3, 3)), "3 maart 2021"),
        (formats.month(dt.date(2021, 3, 1)), "maart 2021"),
        (formats.month(dt.date(2021, 3, 1), short=True), "mrt"),
        (formats.quarter("2021Q3"), "derde kwartaal 2021"),
        (formats.quarter("2021-09"), "september 2021"),
        (formats.quarter(pd.Period("2021-09", freq="M")), "september 2021"),
        (formats.plural(1, "deelnemer", "deelnemers"), "1 deelnemer"),
        (formats.plural(0, "deelnemer", "deelnemers"), "0 deelnemers"),
        (formats.join(["a", "b", "c"]), "a, b en c"),
        (formats.join(["a"]), "a"),
        (formats.join([]), ""),
        (formats.figure(7.94, "cijfer"), "7,9"),
        (formats.figure(312.456, "euro per persoon"), f"€{NBSP}312"),
        (formats.figure("Positief", "oordeel"), "Positief"),
    ],
)
def test_figures_are_written_the_dutch_way(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize("write", [formats.euro, formats.percent, formats.number, formats.date])
@pytest.mark.parametrize("missing", [None, float("nan"), ""])
def test_what_is_missing_is_a_dash_and_not_zero(write, missing) -> None:
    assert write(missing) == "–"


@pytest.mark.parametrize(
    ("value", "target", "unit", "expected"),
    [
        (0.4996, 0.5, "aandeel", ("49,96%", "50%")),  # 50% would say that "> 50%" is nearly met, or met
        (0.50004, 0.5, "aandeel", ("50,004%", "50%")),
        (0.5, 0.5, "aandeel", ("50%", "50%")),
        (86.0, 86.301, "personen", ("86", "86,3")),  # a count has no decimals; its interim target gets them
        (87.0, 86.301, "personen", ("87", "86")),
        (15.0, 14.958, "personen", ("15", "14,96")),
        (7.96, 8.0, "cijfer", ("7,96", "8,0")),
        ("Positief", "Positief", "oordeel", ("Positief", "Positief")),
        (float("nan"), 5.0, "personen", ("–", "5")),
        (None, 5.0, "personen", ("niet getoond", "5")),
        (Span(86.0, 86.0), Span(86.301, 86.301), "personen", ("86", "86,3")),
        (Span(85.0, 89.0), Span(86.3, 86.3), "personen", ("85–89", "86")),
        (Span(10.0, 14.0), 14.2, "personen", ("10–14", "14,2")),  # 14 beside 14 would say that the most is enough
        (Span(0.4, 0.4996), 0.5, "aandeel", ("40,00%–49,96%", "50%")),
    ],
)
def test_a_figure_has_as_many_decimals_as_its_status_takes(value, target, unit, expected) -> None:
    assert formats.figure_beside_target(value, target, unit) == expected


@pytest.mark.parametrize(
    ("told", "unit", "expected"),
    [
        (None, "personen", "niet getoond"),
        (float("nan"), "personen", "–"),
        ("Negatief", "oordeel", "Negatief"),
        (Span(63, 63), "personen", "63"),
        (Span(45, 57), "personen", "45–57"),
        (Span(1000, 1004), "aantal", "1.000–1.004"),
        (Span(0.12, 0.15), "aandeel", "12%–15%"),
        (Span(0.123, 0.141), "aandeel", "12%–15%"),  # outward: neither end is cut off
        (Span(0.1 + 0.2, 0.1 + 0.3), "aandeel", "30%–40%"),  # nor pushed by the noise of floating point
        (Span(35.2, 40.1), "euro per persoon", f"€{NBSP}35–41"),
        (Span(312.456, 312.456), "euro per persoon", f"€{NBSP}312"),
        (Span(-5, 3), "euro", f"€{NBSP}-5 tot 3"),
        (Span(7.4, 7.9), "cijfer", "7,4–7,9"),
    ],
)
def test_a_number_is_written_as_it_is_told(told, unit: str, expected: str) -> None:
    assert formats.span(told, unit) == expected


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_range_never_looks_exact_and_holds_both_ends(one: float, other: float) -> None:
    low, high = sorted([round(one, 6), round(other, 6)])
    ends = [float(text.rstrip("%")) / 100 for text in formats.span(Span(low, high), "aandeel").split("–")]
    if low != high:
        assert ends[0] < ends[1]
        assert ends[0] <= low + 1e-9
        assert ends[1] >= high - 1e-9


@given(value=st.integers(0, 10_000), target=st.integers(1, 10_000), e=st.integers(1, 365))
def test_rounding_never_turns_a_count_and_its_interim_target_around(value: int, target: int, e: int) -> None:
    interim = target * e / 365
    texts = formats.figure_beside_target(float(value), interim, "personen")
    shown = [float(text.replace(".", "").replace(",", ".")) for text in texts]
    if abs(value - interim) > 1e-6:
        assert (shown[0] > shown[1]) == (value > interim)
        assert shown[0] != shown[1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0.5, ">", "aandeel"), "> 50%"),
        ((0.125, ">", "aandeel"), "> 12,5%"),
        ((10.0, ">", "personen", 20.0), "> 10 op 20"),
        ((350.0, ">=", "personen", float("nan")), "350"),
        ((8.0, ">", "cijfer"), "> 8"),
        (("Positief", "=", "oordeel"), "Positief"),
        ((None, ">", "personen"), ""),
    ],
)
def test_a_target_is_written_as_in_the_agreement_and_does_not_break(arguments, expected) -> None:
    assert formats.target_text(*arguments) == expected.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("told", "unit", "expected"),
    [
        (228.17, "euro per persoon", "€ 228"), (99.99, "euro per persoon", "€ 99,99"), (12.24, "euro per uur", "€ 12,24"),
        (0.0588, "uren per euro", "59 uur per € 1.000 loon"), (Span(0.0588, 0.0612), "uren per euro", "58–62 uur per € 1.000 loon"),
        (None, "uren per euro", "niet getoond"),
    ],
)  # fmt: skip
def test_what_something_costs_is_told_in_whole_euros_and_hours_per_thousand(told, unit, expected) -> None:
    assert formats.span(told, unit) == expected.replace("€ ", f"€{NBSP}")
