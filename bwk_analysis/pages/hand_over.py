"""`hand_over`: an ordinary figure of matplotlib or pandas, drawn from shown frames, onto a page.

Every length, place and number in it is held against what the frames tell; what cannot be held against them, such as an
image, is refused. It does not see numbers that a writer spells out in words.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter, StrCategoryLocator
from matplotlib.collections import Collection, FillBetweenPolyCollection, LineCollection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

from bwk_analysis.pages import formats
from bwk_analysis.pages.svg import Chart, chart_of, frame_of
from bwk_analysis.steps import Shown, Span

YEAR = r"(?:19|20)\d\d(?:Q[1-4]|-\d\d)?"


def hand_over(figure: Figure, shown: Sequence[Shown], title: str, alt: str) -> Chart:
    """An ordinary figure as a chart of a page; it is closed, so that it is not shown twice.

    shown : the frames it was drawn from, by their `low` or `high`. A bar, line or dot that ends elsewhere, a number in
    a text (title and alt too) that they do not tell, and what shows numbers by colour or size raise a ValueError.
    """
    from matplotlib import pyplot  # not worth its time to who draws nothing of his own

    if not isinstance(figure, Figure):
        raise TypeError("geef de figuur van matplotlib: hand_over(ax.figure, [shown], titel, beschrijving)")
    told = _Told([frame_of(one) for one in shown])
    figure.draw_without_rendering()
    for artist in figure.get_children():
        if artist is not figure.patch and not isinstance(artist, (Axes, Legend, Text)):
            _refuse(artist)
    for axes in figure.axes:
        _check_axes(axes, told)
    _check_texts(figure, told)
    told.hold_text(title)
    told.hold_text(alt)
    chart = chart_of(figure, title, alt, follow=False)
    pyplot.close(figure)
    return chart


class _Told:
    """What frames tell: numbers by their lower and upper ends, days, and how either is written."""

    def __init__(self, frames: Sequence[pd.DataFrame]) -> None:
        cells = [cell for frame in frames for cell in frame.to_numpy().ravel()]
        spans = {cell for cell in cells if isinstance(cell, Span)}
        self.ends = [np.array([0.0, *(span[end] for span in spans)]) for end in (0, 1)]
        self.days = [cell for cell in cells if isinstance(cell, pd.Timestamp)]
        self.words = {str(word) for word in [*cells, *(name for frame in frames for name in frame)]}
        written = self.words | {text for span in spans for text in _ways_to_write(span)}
        for day in set(self.days):
            written |= {f"{day:%Y-%m-%d}", formats.date(day), formats.month(day), formats.month(day, short=True)}
        longest_first = sorted(map(re.escape, written - {""}), key=len, reverse=True)
        self.written = re.compile(rf"(?<![\w.,])(?:{'|'.join([*longest_first, YEAR])})(?![.,]?\w)")

    def tells(self, numbers: Any) -> bool:
        """Whether all are lower ends, or all are upper ends: taken from both they could be exact numbers."""
        return any(not _strange(numbers, ends) for ends in self.ends)

    def hold(self, numbers: Any, from_both: bool = False) -> None:
        strange = _strange(numbers, np.concatenate(self.ends))
        if strange:
            number = formats.number(strange[0], 2).removesuffix(",00")
            raise ValueError(f"de figuur tekent {number}; dat getal staat niet in de getoonde frames")
        if not from_both and not self.tells(numbers):
            raise ValueError("de figuur tekent lage en hoge grenzen door elkaar; teken shown.low of shown.high")

    def hold_places(self, numbers: Any, axis: Axis) -> None:
        """Places beside each other: one after another, by a word, a day or a number of the frames."""
        numbers = np.asarray(numbers, float)
        one_by_one = bool(np.all(np.isclose(np.diff(numbers), 1))) and np.all(np.abs(numbers[:1]) <= 1)
        freq = getattr(axis.axes, "freq", None)  # pandas counts days, weeks or months since 1970
        days = [day.to_period(freq).ordinal if freq else date2num(day) for day in self.days]
        if not (one_by_one or _is_named(axis) or (days and not _strange(numbers, np.array(days)))):
            self.hold(numbers)

    def hold_text(self, text: str, pattern: str = r"\d[\d.,]*") -> None:
        found = re.search(pattern, self.written.sub(" ", text))
        if found and found[0].strip("0123456789.,"):
            raise ValueError("een streepje van een as heeft een naam die niet in de getoonde frames staat")
        if found:
            raise ValueError(f"een tekst in de figuur noemt {found[0]}; dat getal staat niet in de getoonde frames")


def _ways_to_write(span: Span) -> list[str]:
    ends = []
    for end in dict.fromkeys(span):
        shares = [formats.percent(end), formats.percent(end, 0)]
        ends.append([f"{end:g}", f"{end:.1f}", formats.number(end), formats.number(end, 1), *shares])
    return [dash.join(ways) for dash in "-–" for ways in zip(*ends, strict=True)]


def _strange(numbers: Any, among: np.ndarray) -> list[float]:
    """Those that are not among the others; a gap is none."""
    numbers = np.ma.filled(np.ma.asarray(numbers, dtype=float), np.nan).ravel()
    numbers = numbers[~np.isnan(numbers)]
    return list(numbers[~np.isclose(numbers[:, None], among[None, :], rtol=1e-9, atol=1e-9).any(axis=1)])


def _is_named(axis: Axis) -> bool:
    by_word = isinstance(axis.get_major_formatter(), (FuncFormatter, FixedFormatter, StrCategoryFormatter))
    return by_word and isinstance(axis.get_major_locator(), (FixedLocator, StrCategoryLocator))


def _refuse(artist: Artist) -> None:
    what = f"de figuur bevat een {type(artist).__name__}; daarvan is niet na te gaan welke getallen het toont"
    raise ValueError(f"{what}: teken staven, lijnen of punten van een kleur en een grootte")


def _check_axes(axes: Axes, told: _Told) -> None:
    if axes.name != "rectilinear":
        _refuse(axes)
    known, stacked = [axes.patch, axes.xaxis, axes.yaxis, *axes.spines.values()], np.array([0.0])
    for bars in axes.containers:
        if isinstance(bars, BarContainer):
            known += bars
            stacked = np.append(stacked, _check_bars(bars, axes, stacked, told))
    for artist in axes.get_children():
        if isinstance(artist, Line2D):
            _check_line(artist, axes, told)
        elif isinstance(artist, Collection) and artist.get_array() is None:
            _check_marks(artist, axes, told)
        elif not (artist in known or isinstance(artist, (Legend, Text))):
            _refuse(artist)


def _check_bars(bars: BarContainer, axes: Axes, stacked: np.ndarray, told: _Told) -> np.ndarray:
    """Ends where the frames tell them, or a length they tell on top of bars drawn before; returns where they end."""
    boxes = np.array([[bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()] for bar in bars])
    value, place = (1, 0) if bars.orientation == "vertical" else (0, 1)
    if not len(boxes):
        return np.array([])
    if np.ptp(boxes[:, place + 2]) > 1e-9:
        _refuse(bars.patches[0])
    told.hold_places(boxes[:, place] + boxes[:, place + 2] / 2, (axes.xaxis, axes.yaxis)[place])
    start, length = boxes[:, value], boxes[:, value + 2]
    if _strange(start, stacked):
        told.hold(start)
    if not told.tells(start + length):
        told.hold(length)
    return start + length


def _check_points(points: Any, axes: Axes, told: _Told, from_both: bool = False) -> None:
    """Values upwards, or to the right where the names stand upwards."""
    points = np.ma.filled(np.ma.asarray(points, dtype=float), np.nan)
    value, place = (0, 1) if _is_named(axes.yaxis) else (1, 0)
    told.hold(points[:, value], from_both)
    if not from_both:
        told.hold_places(points[:, place], (axes.xaxis, axes.yaxis)[place])


def _check_line(line: Line2D, axes: Axes, told: _Told) -> None:
    points: Any = line.get_xydata()
    across, up = line.get_transform().contains_branch_seperately(axes.transData)
    if across and up:
        _check_points(points, axes, told)
    elif up and set(points[:, 0]) <= {0.0, 1.0}:  # axhline
        told.hold_places(points[:1, 1], axes.yaxis)
    elif across and set(points[:, 1]) <= {0.0, 1.0}:  # axvline
        told.hold_places(points[:1, 0], axes.xaxis)
    else:
        _refuse(line)


def _check_marks(marks: Collection, axes: Axes, told: _Told) -> None:
    if isinstance(marks, PathCollection) and len(set(marks.get_sizes())) <= 1:
        _check_points(marks.get_offsets(), axes, told)
    elif isinstance(marks, LineCollection):
        for ends in zip(*marks.get_segments(), strict=True):
            _check_points(ends, axes, told)
    elif isinstance(marks, FillBetweenPolyCollection):
        for path in marks.get_paths():
            _check_points(path.vertices, axes, told, from_both=True)
    else:
        _refuse(marks)


def _check_texts(figure: Figure, told: _Told) -> None:
    """Numbers that the frames do not tell; ticks that matplotlib placed itself are no figures."""
    by_axis: dict[Text, Axis] = {}
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        labels = [label for tick in ticks for label in (tick.label1, tick.label2)]
        by_axis |= dict.fromkeys([*labels, axis.offsetText], axis)
    for text in figure.findobj(Text):
        of = by_axis.get(text)
        if of is None or isinstance(of.get_major_locator(), FixedLocator):
            told.hold_text(text.get_text())
        if of is not None and _is_named(of):
            told.hold_text(text.get_text(), r"\w+")
