"""An ordinary figure reaches a page when all it draws is what the frames handed over with it tell."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from shown import shown

from bwk_analysis.disclosure import Span
from bwk_analysis.pages import charts

VISITS = pd.DataFrame(
    {
        "day": ["ma", "di", "ma", "di"],
        "categorie": ["taal", "taal", "werk", "werk"],
        "rows": [Span(110, 114), Span(5, 9), Span(1, 4), Span(63, 63)],
        "week": pd.to_datetime(["2021-01-10", "2021-01-17"] * 2),
    }
)
SHOWN = shown(VISITS, rows="rows", week="day")
LOW, HIGH = (frame.pivot_table("rows", "day", "categorie") for frame in (SHOWN.low, SHOWN.high))
EXACT = pd.DataFrame({"taal": [7, 111], "werk": [63, 2]}, index=pd.Index(["di", "ma"], name="day"))


@pytest.fixture(autouse=True)
def _without_a_screen() -> Iterator[None]:
    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def figure_of(draw: Callable[..., Any], *args: Any, **options: Any) -> Any:
    figure, axes = plt.subplots()
    draw(axes, *args, **options)
    return figure


def hand_over(figure: Any, title: str = "Deelnames per dag", alt: str = "Staven per dag en dienst") -> charts.Chart:
    return charts.hand_over(figure, [SHOWN], title, alt)


def errorbar(axes: Any) -> None:
    axes.errorbar(LOW.index, LOW["taal"], yerr=[[0, 0], HIGH["taal"] - LOW["taal"]], capsize=3)


def with_range(axes: Any) -> None:
    axes.bar(LOW.index, LOW["taal"])
    axes.bar(LOW.index, HIGH["taal"] - LOW["taal"], bottom=LOW["taal"], alpha=0.4)


def by_week(axes: Any) -> None:
    weeks = SHOWN.pick(categorie="taal")
    axes.plot(weeks.frame["week"], weeks.low["rows"], marker="o")
    axes.fill_between(weeks.frame["week"], weeks.low["rows"], weeks.high["rows"], alpha=0.3)
    axes.axhline(63, linestyle="--")
    axes.axvline(pd.Timestamp("2021-01-17"))


def labelled(axes: Any) -> None:
    for container, words in ((axes.bar(LOW.index, LOW["werk"]), ["63", "1-4"]),):
        axes.bar_label(container, words)
    axes.set_title("In 2021Q3, van 1–4 tot 63")


PASSES: dict[str, Callable[[], Any]] = {
    "bars of pandas": lambda: LOW.plot.bar().figure,
    "bars to the right": lambda: HIGH.plot.barh().figure,
    "stacked bars": lambda: LOW.plot.bar(stacked=True).figure,
    "lines of pandas": lambda: LOW.plot().figure,
    "dots": lambda: figure_of(lambda axes: axes.scatter(LOW.index, LOW["werk"])),
    "dots beside names": lambda: figure_of(lambda axes: axes.plot(HIGH["werk"], HIGH.index, "o")),
    "a bar with its range": lambda: figure_of(with_range),
    "error bars": lambda: figure_of(errorbar),
    "weeks with a band": lambda: figure_of(by_week),
    "weeks of pandas": lambda: SHOWN.pick(categorie="werk").low.set_index("week")["rows"].asfreq("7D").plot().figure,
    "labels as told": lambda: figure_of(labelled),
}


@pytest.mark.parametrize("draw", PASSES.values(), ids=PASSES)
def test_a_figure_of_shown_numbers_passes_with_text_as_text_and_is_closed(draw) -> None:
    chart = hand_over(draw())
    assert "<text" in chart.html
    assert chart._repr_mimebundle_()["application/vnd.bwk+html"].startswith('<figure class="chart"><figcaption>Deel')
    assert not plt.get_fignums()


def test_the_same_figure_gives_the_same_bytes_and_nothing_that_reaches_outside_it() -> None:
    html = [hand_over(LOW.plot.bar().figure).html for _ in range(2)]
    assert html[0] == html[1]
    ids = re.findall(r' id="([^"]+)"', html[0])
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', html[0])) == set(ids)
    assert "<style" not in html[0]
    assert "http" not in html[0].replace(' xmlns="http://www.w3.org/2000/svg"', "")


def test_exact_counts_beside_a_shown_frame_are_refused_by_the_number() -> None:
    with pytest.raises(ValueError, match="de figuur tekent 7; dat getal staat niet in de getoonde frames"):
        hand_over(EXACT.plot.bar().figure)
    with pytest.raises(ValueError, match="de figuur tekent 111; dat getal staat niet in de getoonde frames"):
        hand_over(EXACT.iloc[1:].plot.barh().figure)


def test_numbers_from_both_ends_could_be_exact_ones_and_are_refused() -> None:
    mixed = pd.Series({"ma": 4, "di": 5})  # an upper and a lower end
    with pytest.raises(ValueError, match="lage en hoge grenzen door elkaar"):
        hand_over(mixed.plot.bar().figure)


def coloured(axes: Any) -> None:
    axes.scatter(LOW.index, LOW["werk"], c=[1, 2])


def sized(axes: Any) -> None:
    axes.scatter(LOW.index, LOW["werk"], s=[20, 70])


def as_wide_as_counted(axes: Any) -> None:
    axes.bar([0, 1], LOW["werk"], width=[0.07, 0.111])


def at_the_counts(axes: Any) -> None:
    axes.bar([7, 111], LOW["werk"])


def one_more_each_week(axes: Any) -> None:
    axes.plot([0, 1, 2], [0, 1, 2])


def over_all(axes: Any) -> None:
    axes.plot([0, 1], [0.2, 0.7], transform=axes.transAxes)


def from_corner_to_corner(axes: Any) -> None:
    axes.plot([0, 1], [0, 1], transform=axes.transAxes)


def within(axes: Any) -> None:
    axes.inset_axes([0.5, 0.5, 0.4, 0.4]).plot([0, 1], [7, 111])


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a histogram": (lambda: pd.Series([1, 2, 7, 111]).plot.hist().figure, "tekent"),
    "lines of counts": (lambda: EXACT.plot().figure, "tekent 7;"),
    "a line that climbs by one": (lambda: figure_of(one_more_each_week), "tekent 2;"),
    "dots of counts": (lambda: figure_of(lambda axes: axes.scatter(EXACT.index, EXACT["taal"])), "tekent 7;"),
    "dots beside names": (lambda: figure_of(lambda axes: axes.plot(EXACT["taal"], EXACT.index, "o")), "tekent 7;"),
    "error bars to counts": (
        lambda: figure_of(lambda axes: axes.errorbar(LOW.index, LOW["taal"], yerr=[2, 2])),
        "tekent",
    ),
    "a band to counts": (lambda: figure_of(lambda axes: axes.fill_between([0, 1], EXACT["taal"])), "tekent 7;"),
    "bars on top of a count": (lambda: figure_of(lambda axes: axes.bar(LOW.index, LOW["taal"], bottom=2)), "tekent 2;"),
    "bars as wide as a count": (lambda: figure_of(as_wide_as_counted), "Rectangle"),
    "bars at the counts": (lambda: figure_of(at_the_counts), "tekent 7;"),
    "a line at a count": (lambda: figure_of(lambda axes: axes.axhline(7)), "tekent 7;"),
    "a line over all": (lambda: figure_of(over_all), "Line2D"),
    "a line from corner to corner": (lambda: figure_of(from_corner_to_corner), "Line2D"),
    "a pie": (lambda: LOW["taal"].plot.pie().figure, "Wedge"),
    "colours by number": (lambda: figure_of(coloured), "PathCollection"),
    "sizes by number": (lambda: figure_of(sized), "PathCollection"),
    "a heat map": (lambda: figure_of(lambda axes: axes.pcolormesh(EXACT)), "QuadMesh"),
    "an image": (lambda: figure_of(lambda axes: axes.imshow(EXACT)), "AxesImage"),
    "a figure in a figure": (lambda: figure_of(within), "Axes"),
    "a figure on a circle": (lambda: plt.subplots(subplot_kw={"projection": "polar"})[0], "PolarAxes"),
    "a table": (lambda: figure_of(lambda axes: axes.table([["7"]])), "Table"),
    "an annotation": (lambda: figure_of(lambda axes: axes.annotate("hier 7", (0, 0))), "noemt 7;"),
    "a title": (lambda: figure_of(lambda axes: axes.set_title("111 deelnames")), "noemt 111;"),
    "the end of a range": (lambda: figure_of(lambda axes: axes.set_title("5 deelnames")), "noemt 5;"),
    "a number on the figure": (lambda: LOW.plot(title="7").figure, "noemt 7;"),
    "ticks at the counts": (lambda: figure_of(lambda axes: axes.set_yticks([7, 111])), "noemt 7;"),
    "labels on bars": (
        lambda: figure_of(lambda axes: axes.bar_label(axes.bar(LOW.index, LOW["taal"]))),
        "noemt (5|110);",
    ),
    "names from elsewhere": (lambda: LOW.rename(index={"ma": "Jansen"}).plot.bar().figure, "een naam die niet"),
}


@pytest.mark.parametrize(("draw", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_held_against_the_frames_is_refused(draw, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        hand_over(draw())


@pytest.mark.parametrize("words", [{"title": "7 op dinsdag"}, {"alt": "Op maandag 111"}])
def test_a_number_in_the_title_or_the_description_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"noemt (7|111); dat getal staat niet in de getoonde frames"):
        hand_over(LOW.plot.bar().figure, **words)


def test_a_plain_frame_and_what_is_no_figure_are_refused() -> None:
    with pytest.raises(TypeError, match=re.escape("geef een getoond frame: show(frame, data, edition)")):
        charts.hand_over(EXACT.plot.bar().figure, [EXACT], "Deelnames", "Staven")  # type: ignore[list-item]
    with pytest.raises(TypeError, match="geef de figuur van matplotlib"):
        charts.hand_over(LOW.plot.bar(), [SHOWN], "Deelnames", "Staven")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 200), min_size=2, max_size=6))
def test_only_lower_or_only_upper_ends_pass(counts: list[int]) -> None:
    ends = {0: {0, 1, 5, 63, 110}, 1: {0, 4, 9, 63, 114}}
    try:
        hand_over(figure_of(lambda axes: axes.plot(counts)))
        assert any(set(counts) <= of for of in ends.values())
    except ValueError:
        assert not any(set(counts) <= of for of in ends.values())
    finally:
        plt.close("all")
