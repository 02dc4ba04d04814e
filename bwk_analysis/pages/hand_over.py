"""`hand_over`: an ordinary figure of matplotlib or pandas, drawn from shown frames, onto a page.

Every length, place and number in it is held against what the frames tell; what cannot be held against them, such as an
image, is refused. It does not see numbers that a writer spells out in words.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import category, ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection, FillBetweenPolyCollection, LineCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text

from bwk_analysis.pages import formats
from bwk_analysis.pages.block import NUMBER, hold_texts
from bwk_analysis.pages.block import told as told_by
from bwk_analysis.pages.svg import Chart, chart_of
from bwk_analysis.steps import Shown, Span

WORD = r"\w+"
BY_WORD = (ticker.FuncFormatter, ticker.FixedFormatter, category.StrCategoryFormatter)
AT_FIXED_PLACES = (ticker.FixedLocator, category.StrCategoryLocator)


def hand_over(figure: Figure, shown: Sequence[Shown], title: str, alt: str) -> Chart:
    """An ordinary figure as a chart of a page; it is closed, so that it is not shown twice.

    shown : the frames it was drawn from, by their `low` or `high`. A bar, line or dot that ends elsewhere, a number in
    a text (title and alt too) that they do not tell, and what shows numbers by colour or size raise a ValueError.
    """
    from matplotlib import pyplot  # not worth its time to who draws nothing of his own

    if not isinstance(figure, Figure):
        raise TypeError("geef de figuur van matplotlib: hand_over(ax.figure, [shown], titel, beschrijving)")
    frames = [told_by(one) for one in shown]
    told = _Told(frames)
    figure.draw_without_rendering()
    for artist in figure.get_children():
        if artist is not figure.patch and not isinstance(artist, (Axes, Legend, Text)):
            _refuse(artist)
    for axes in figure.axes:
        _check_axes(axes, told)
    texts = _texts(figure)
    for pattern, beside in ((NUMBER, [title, alt]), (WORD, [])):
        hold_texts(frames, [*beside, *(text for text, held in texts if held == pattern)], pattern)
    chart = chart_of(figure, title, alt, follow=False)
    pyplot.close(figure)
    return chart


class _Told:
    """What frames tell: numbers by their lower and upper ends, and days."""

    def __init__(self, frames: Sequence[pd.DataFrame]) -> None:
        cells = [cell for frame in frames for cell in [*frame, *frame.to_numpy().ravel()]]
        spans = {cell for cell in cells if isinstance(cell, Span)}
        self.ends = [np.array([0.0, *(span[end] for span in spans)]) for end in (0, 1)]
        self.days = {cell for cell in cells if isinstance(cell, pd.Timestamp)}

    def tells(self, numbers: Any) -> bool:
        """Whether all are lower ends, or all are upper ends: taken from both they could be exact numbers."""
        return any(not _strange(numbers, ends).size for ends in self.ends)

    def hold(self, numbers: Any, from_both: bool = False) -> None:
        for number in _strange(numbers, np.concatenate(self.ends)):
            words = formats.number(number, 2).removesuffix(",00")
            raise ValueError(f"de figuur tekent {words}; dat getal staat niet in de getoonde frames")
        if not from_both and not self.tells(numbers):
            raise ValueError("de figuur tekent lage en hoge grenzen door elkaar; teken shown.low of shown.high")

    def hold_places(self, places: Any, axis: Axis) -> None:
        """Places beside each other: one after another, by a word, a day or a number of the frames."""
        places = np.unique(np.asarray(places, float))
        freq = getattr(axis.axes, "freq", None)  # pandas counts days, weeks or months since 1970
        days = [day.to_period(freq).ordinal if freq else date2num(day) for day in self.days]
        one_by_one = np.allclose(np.diff(places), 1) and np.all(np.abs(places[:1]) <= 1)
        if not (one_by_one or _is_named(axis)) and _strange(places, np.array(days)).size:
            self.hold(places)

    def hold_points(self, points: Any, axes: Axes, from_both: bool = False) -> None:
        """Values upwards, or to the right where the names stand upwards."""
        axis = axes.yaxis if _is_named(axes.yaxis) else axes.xaxis
        places, values = np.ma.transpose(points)[:: 1 if axis is axes.xaxis else -1]
        self.hold(values, from_both)
        self.hold_places(places, axis)


def _strange(numbers: Any, among: np.ndarray) -> np.ndarray:
    """Those that are not among the others; a gap is none."""
    numbers = np.ma.masked_invalid(numbers).compressed()
    return numbers[~np.isclose(numbers[:, None], among, rtol=1e-9, atol=1e-9).any(axis=1)]


def _is_named(axis: Axis) -> bool:
    return isinstance(axis.get_major_formatter(), BY_WORD) and isinstance(axis.get_major_locator(), AT_FIXED_PLACES)


def _refuse(artist: Any) -> None:
    what = f"de figuur bevat een {type(artist).__name__}; daarvan is niet na te gaan welke getallen het toont"
    raise ValueError(f"{what}: teken staven, lijnen of punten van een kleur en een grootte")


def _check_axes(axes: Axes, told: _Told) -> None:
    if axes.name != "rectilinear":
        _refuse(axes)
    known, stacked = [axes.patch, axes.xaxis, axes.yaxis, *axes.spines.values()], np.array([0.0])
    for bars in axes.containers:
        if isinstance(bars, BarContainer) and len(bars):
            known += bars
            stacked = np.append(stacked, _check_bars(bars, axes, stacked, told))
    for artist in axes.get_children():
        many = isinstance(artist, Collection) and artist.get_array() is None
        if isinstance(artist, Line2D):
            _check_line(artist, axes, told)
        elif many and isinstance(artist, PathCollection) and len(set(artist.get_sizes())) <= 1:
            told.hold_points(artist.get_offsets(), axes)
        elif many and isinstance(artist, LineCollection):
            for ends in zip(*artist.get_segments(), strict=True):
                told.hold_points(ends, axes)
        elif many and isinstance(artist, FillBetweenPolyCollection):
            told.hold_points(np.concatenate([path.vertices for path in artist.get_paths()]), axes, from_both=True)
        elif artist not in known and not isinstance(artist, (Legend, Text)):
            _refuse(artist)


def _check_bars(bars: BarContainer, axes: Axes, stacked: np.ndarray, told: _Told) -> np.ndarray:
    """Ends where the frames tell them, or a length they tell on top of bars drawn before; returns where they end."""
    boxes = np.array([bar.get_bbox().get_points() for bar in bars])
    value, place, axis = (1, 0, axes.xaxis) if bars.orientation == "vertical" else (0, 1, axes.yaxis)
    if np.ptp(np.ptp(boxes[:, :, place], axis=1)) > 1e-9:
        _refuse(bars.patches[0])
    told.hold_places(boxes[:, :, place].mean(axis=1), axis)
    start, end = boxes[:, :, value].T
    if _strange(start, stacked).size:
        told.hold(start)
    told.hold(end if told.tells(end) else end - start)
    return end


def _check_line(line: Line2D, axes: Axes, told: _Told) -> None:
    """Points, or one line over the whole of the axes (axhline, axvline) at a place."""
    points: Any = line.get_xydata()
    in_data = line.get_transform().contains_branch_seperately(axes.transData)
    if all(in_data):
        told.hold_points(points, axes)
    elif any(in_data) and set(points[:, in_data.index(False)]) <= {0.0, 1.0}:
        at = in_data.index(True)
        told.hold_places(points[:, at], (axes.xaxis, axes.yaxis)[at])
    else:
        _refuse(line)


def _texts(figure: Figure) -> list[tuple[str, str]]:
    """What is written, with what of it the frames must tell; ticks that matplotlib placed itself are no figures."""
    patterns = {text: [NUMBER] * text.get_visible() for text in figure.findobj(Text)}
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        fixed = [NUMBER] * isinstance(axis.get_major_locator(), AT_FIXED_PLACES)
        labels = [*axis.get_ticklabels(which="both"), axis.offsetText]
        patterns |= dict.fromkeys(labels, fixed + [WORD] * _is_named(axis))
    return [(text.get_text(), pattern) for text, of_text in patterns.items() for pattern in of_text]
