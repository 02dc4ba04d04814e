"""Dutch figures as readers see them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (formats.plural(1, "deelnemer", "deelnemers"), "1 deelnemer"),
        (formats.plural(0, "deelnemer", "deelnemers"), "0 deelnemers"),
        (formats.join(["a", "b", "c"]), "a, b en c"),
        (formats.join(["a"]), "a"),
        (formats.join([]), ""),
        (formats.figure(7.94, "cijfer"), "7,9"),
        (formats.figure(312.456, "euro per persoon"), f"€{NBSP}312,46"),
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
        (None, 5.0, "personen", ("–", "5")),
    ],
)
def test_a_figure_has_as_many_decimals_as_its_status_takes(value, target, unit, expected) -> None:
    assert formats.figure_beside_target(value, target, unit) == expected


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
