"""A figure of matplotlib as a piece of a page: inline SVG in which text is text and colours follow the page.

Text is wrapped by its number of characters, with room for the widest font a page may get: which one that is, is known
to the reader's browser alone. Colours are CSS variables with a fallback: a page chooses light or dark.
"""

import io
import math
import re
import textwrap
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from bwk_analysis.pages.block import Block
from bwk_analysis.pages.formats import STATUS

WIDTH = 440  # pixels of a chart: two fit beside each other, and a phone shrinks its text to 8-9 pixels
TEXT, SMALL, SMALLEST = 12.0, 10.5, 9.0  # pixels; the last for a figure in a month
LINE = 1.25  # height of a line of text, in its size
LETTER, BOLD = 0.63, 0.69  # width that a character may take, in its size

# Blue and ochre differ for every kind of colour vision, in lightness too; neither praises nor blames.
COLOURS = {
    "ink": "#1f2937", "muted": "#4b5563", "grid": "#c9ced6", "track": "#e9ecf0",
    "main": "#1a6798", "other": "#a85f00", "background": "#ffffff",
}  # fmt: skip
INK, MUTED, GRID, TRACK, MAIN, _, BACKGROUND = COLOURS.values()
_STYLE: Any = {  # whatever style an analyst chose for his own figures
    "axes.grid": False, "axes.axisbelow": True, "xtick.color": MUTED, "xtick.labelsize": SMALL, "ytick.color": MUTED,
    "ytick.labelsize": SMALL, "ytick.major.size": 0,
}  # fmt: skip
_IN_TAG = "(?=[^<>]*>)"  # no word of a reader is taken for markup


@dataclass(frozen=True, repr=False)
class Chart(Block):
    """A figure (or several beside each other, without `figure`) and the same in words."""

    title: str
    alt: str
    figure: Figure | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"{self.title}. {self.alt}"


def chart_of(figure: Figure, title: str, alt: str, follow: bool = True) -> Chart:
    """A figure with its title above it, the same bytes each time; `follow`: its colours are those of the page."""
    svg = _svg(figure, f"{title}. {alt}", follow)
    return Chart(f'<figure class="chart"><figcaption>{escape(title)}</figcaption>{svg}</figure>', title, alt, figure)


def _svg(figure: Figure, alt: str, follow: bool) -> str:
    buffer, dpi = io.StringIO(), figure.dpi
    figure.dpi = 72
    # text as text; two charts of a page share no id
    with mpl.rc_context({"svg.fonttype": "none", "path.simplify": False, "svg.hashsalt": alt}):
        renderer = RendererSVG(*figure.bbox.size, buffer, metadata={"Date": None})
        figure.draw(renderer)
        renderer.finalize()
    figure.dpi = dpi
    svg = buffer.getvalue()
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r"[ \n]+", " ", body).replace("> <", "><").replace("xlink:href", "href")
    body = re.sub(rf' font-family: [^;"]*;?{_IN_TAG}| transform="rotate\(-0 [^"]*"{_IN_TAG}', "", body)
    body = re.sub(rf' id="[^"]*(?<![0-9a-f]{{10}})"{_IN_TAG}', "", body)  # names of groups: nothing refers to them
    for variable, colour in COLOURS.items() if follow else ():
        body = re.sub(colour + _IN_TAG, f"var(--chart-{variable}, {colour})", body)
    width, height = (round(inches * 72) for inches in figure.get_size_inches())
    style = f"max-width: 100%; height: auto; stroke-linejoin: round; background: var(--chart-background, {BACKGROUND})"
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{escape(alt)}" '
        f'style="{style}">{body}</svg>'
    )


class _Line(Text):
    """A line of text that a page writes where it is told: matplotlib would measure each by its own font first."""

    def draw(self, renderer: Any) -> None:
        if not isinstance(renderer, RendererSVG):
            return super().draw(renderer)
        gc, (x, y) = renderer.new_gc(), self.get_transform().transform(self.get_unitless_position())
        gc.set_foreground(self.get_color())
        renderer.draw_text(gc, x, renderer.height - y, self.get_text(), self.get_fontproperties(), 0, mtext=self)


@cache
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(size=round(size, 1), weight="bold" if bold else "normal")


class Sheet:
    """A figure in pixels that grows downwards; `y` is where the next row starts, and places are relative to it."""

    def __init__(self) -> None:
        self.figure, self.y = Figure(dpi=72, frameon=False), 2.0
        self._down = Affine2D()
        self._pixels = self._down + self.figure.dpi_scale_trans
        self._axes: list[tuple[Axes, float, float, float, float]] = []
        self._signs: dict[str, list[tuple[float, float]]] = {}

    def down(self, height: float) -> None:
        self.y += height

    def text(
        self, x: float, y: float, text: str, width: float = WIDTH, lines: int = 1, size: float = TEXT,
        colour: str = INK, bold: bool = False, align: str = "left",
    ) -> float:  # fmt: skip
        """Write at most `lines` lines within `width` and return their height; 0 lines is one, shrunk until it fits."""
        letter = BOLD if bold else LETTER
        longest = max(map(len, text.split() if lines else [text]), default=1)
        size = min(size, max(width / (letter * longest or 1), SMALLEST if lines else 0))
        most = max(2, int(width / (size * letter)))
        wrapped = textwrap.wrap(text, most, max_lines=lines, placeholder="…") if lines else [text]
        for i, line in enumerate(wrapped):
            style: Any = {"color": colour, "ha": align, "parse_math": False, "fontproperties": _font(size, bold)}
            one = _Line(x, self.y + y + size + i * size * LINE, line, transform=self._pixels, **style)
            self.figure.add_artist(one)
        return max(len(wrapped), 1) * size * LINE

    def note(self, x: float, y: float, text: str, width: float = WIDTH, lines: int = 1, align: str = "left") -> float:
        """Small and grey: ticks, keys, what is less than the figures."""
        return self.text(x, y, text, width, lines, SMALL, MUTED, align=align)

    def heading(self, text: str) -> None:
        """A row of its own above a group of rows."""
        self.down(6)
        self.down(self.text(0, 0, text, lines=2, bold=True) + 2)

    def sign(self, x: float, y: float, status: str) -> None:
        """The sign of a status: a disc that is full, half or open; a dash, a point or a query for no judgement."""
        self._signs.setdefault(status, []).append((x, self.y + y))

    def axes(self, left: float, right: float, top: float, xlim: tuple[float, float] = (0, WIDTH)) -> Axes:
        """Bare axes from `top` to where the sheet is now; upwards in pixels too."""
        with mpl.rc_context(_STYLE):
            axes = self.figure.add_axes((0, 0, 1, 1), frameon=False, xlim=xlim, ylim=(self.y, top))
        axes.xaxis.set_visible(False)
        axes.yaxis.set_visible(False)
        self._axes.append((axes, left, right, top, self.y))
        return axes

    def chart(self, title: str, alt: str) -> Chart:
        """The sheet as it is, at the height it has grown to."""
        height = math.ceil(self.y + 2)
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        self._down.scale(1 / 72, -1 / 72).translate(0, height / 72)
        for axes, left, right, top, bottom in self._axes:
            axes.set_position((left / WIDTH, 1 - bottom / height, (right - left) / WIDTH, (bottom - top) / height))
        for status, places in self._signs.items():
            marker, fill, size = cast(Any, STATUS[status].marker)
            style: Any = {"color": colour_of(status), "markerfacecoloralt": BACKGROUND, "markeredgewidth": 1.6}
            line = Line2D(*zip(*places, strict=True), ls="", marker=marker, fillstyle=fill, ms=size, **style)
            self.figure.add_artist(line).set_transform(self._pixels)
        return chart_of(self.figure, title, alt)


def warm() -> None:
    """Draw every sign and letter once, before processes are copied from this one."""
    sheet = Sheet()
    for status in STATUS:
        sheet.sign(0, 0, status)
        sheet.heading(status)
    sheet.axes(0, WIDTH, 0).hlines([1], 0, 1)
    sheet.chart("", "")
    # a drawn marker keeps its open font file, whose place in it processes that are copied from this one would share
    MathTextParser._parse_cached.cache_clear()  # type: ignore[attr-defined]


def colour_of(status: str) -> str:
    return COLOURS[STATUS[status].colour] if status else MAIN
