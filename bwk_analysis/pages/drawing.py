"""What every chart is drawn with: text that fits its place, bars, lines, the signs of a status; out comes inline SVG.

matplotlib draws the shapes and gives the outlines of the letters. The letters are placed here, from their widths, for
two reasons: a text is known to fit before it is drawn, and a chart costs a third of the time and half of the bytes.
Colours are CSS variables with a fallback: a page chooses light or dark, JupyterLab shows the light ones.
"""

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from html import escape
from types import MappingProxyType
from typing import Any, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from bwk_analysis.pages.block import Block, told
from bwk_analysis.pages.formats import STATUS
from bwk_analysis.steps import Shown

WIDTH = 440  # pixels of the drawing: two fit beside each other, and a phone shrinks its text to 8-9 pixels
TEXT, SMALL, SMALLEST = 12.0, 10.5, 9.0  # pixels; the last for a word longer than its column, or a figure in a month
LINE = 1.25  # height of a line of text, in its size
GAP = 8
Points = Sequence[float] | np.ndarray
RANGE = 0.4  # opacity of the part in which a number lies somewhere

# Blue and ochre differ for every kind of colour vision, in lightness too; neither praises nor blames.
INK, MUTED, GRID, TRACK = "#1f2937", "#4b5563", "#c9ced6", "#e9ecf0"
MAIN, OTHER, BACKGROUND = "#1a6798", "#a85f00", "#ffffff"
_COLOURS = {
    "ink": INK, "muted": MUTED, "grid": GRID, "track": TRACK, "main": MAIN, "other": OTHER, "background": BACKGROUND,
}  # fmt: skip
_UNITS = 1000  # in which letters are drawn, before they get their size
_PREFIX = "\ue000"  # stands for the start of an id until the drawing is known, since no font writes it


@dataclass(frozen=True, repr=False)
class Chart(Block):
    """A drawing (or several beside each other) and the same in words."""

    title: str
    alt: str

    def __repr__(self) -> str:
        return f"{self.title}. {self.alt}"


def frame_of(shown: Shown, *columns: str) -> pd.DataFrame:
    """The frame behind what `show` gave; raises ValueError where a column is not in it."""
    frame = told(shown)
    absent = [column for column in columns if column not in frame]
    if absent:
        raise ValueError(f"kolom '{absent[0]}' staat niet in het frame; er staan: {', '.join(map(str, frame))}")
    return frame


def colour_of(status: str) -> str:
    return _COLOURS[STATUS[status].colour] if status else MAIN


def figure_html(title: str, svg: str) -> str:
    return f'<figure class="chart"><figcaption>{escape(title)}</figcaption>{svg}</figure>'


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    # not the font that matplotlib shares, of which any text or sign it draws itself changes the size
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(_UNITS, 72)
    return font


@lru_cache(maxsize=2)
def _characters(bold: bool) -> frozenset[int]:
    return frozenset(_font(bold).get_charmap())


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    return _font(bold).load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536


@lru_cache(maxsize=4096)
def _outline(character: str, bold: bool) -> str:
    """A letter as the `d` of an SVG path, y upwards."""
    font = _font(bold)
    font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    vertices, codes = font.get_path()
    letters = dict(zip((Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE4, Path.CLOSEPOLY), "MLQCz", strict=True))
    segments = Path(vertices, codes).iter_segments(simplify=False, curves=True)
    return "".join(
        letters[code] + ("" if code == Path.CLOSEPOLY else " ".join(f"{v:.0f}" for v in points))
        for points, code in segments
    )


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Pixels that a text takes beside another."""
    return sum(_advance(character, bold) for character in text) * size / _UNITS


def _printable(text: str, bold: bool) -> str:
    """One line in which every character has a shape in the font: the others become a box."""
    line = re.sub(r"[^\S\N{NO-BREAK SPACE}]+", " ", str(text)).strip()
    return "".join(c if ord(c) in _characters(bold) else "□" for c in line)


def _shortened(text: str, width: float, size: float, bold: bool) -> str:
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + "…", size, bold) > width:
        text = text[:-1].rstrip()
    return text + "…"


def _wrapped(text: str, width: float, lines: int, size: float, bold: bool) -> list[str]:
    """At most `lines` lines of `width`; what does not fit ends in an ellipsis."""
    out: list[str] = []
    words = text.split(" ")
    while words and len(out) < lines - 1:
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), size, bold) <= width:
            taken += 1
        out.append(_shortened(" ".join(words[:taken]), width, size, bold))
        words = words[taken:]
    return out + ([_shortened(" ".join(words), width, size, bold)] if words else [])


@dataclass(frozen=True)
class Text:
    """A line of text in its place; `over` says that it is meant to stand on a bar."""

    line: str
    left: float
    top: float
    width: float
    size: float
    colour: str
    bold: bool
    over: bool


@dataclass
class Drawing:
    """A sheet of pixels that grows downwards; `y` is where the next row starts, and every place is relative to it."""

    y: float = 2.0
    areas: dict[tuple[str, float], list[list[tuple[float, float]]]] = field(default_factory=dict)
    lines: list[Artist] = field(default_factory=list)
    signs: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)

    def down(self, height: float) -> None:
        """Start the next row `height` lower."""
        self.y += height

    def text(
        self, x: float, y: float, text: str, width: float, lines: int = 1, size: float = TEXT, colour: str = INK,
        bold: bool = False, align: str = "left", over: bool = False,
    ) -> float:  # fmt: skip
        """Write at most `lines` lines within `width` and return their height; 0 lines is one, shrunk until it fits.

        `x` is the left, center or right of the text, as `align` says.
        """
        text = _printable(text, bold)
        longest = width_of(text, size, bold) if lines == 0 else max(width_of(w, size, bold) for w in text.split(" "))
        if longest > width:
            shrunk = size * width / longest
            size = shrunk if lines == 0 else max(min(size, SMALLEST), shrunk)
        wrapped = _wrapped(text, width, lines, size, bold) if lines else [text]
        for i, line in enumerate(wrapped):
            wide = width_of(line, size, bold)
            left = x - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            left = min(max(left, 0.0), max(WIDTH - wide, 0.0))
            self.texts.append(Text(line, left, self.y + y + i * size * LINE, wide, size, colour, bold, over))
        return len(wrapped) * size * LINE

    def note(self, x: float, y: float, text: str, width: float, lines: int = 1, align: str = "left") -> float:
        """Small and grey: ticks, keys, what is less than the figures."""
        return self.text(x, y, text, width, lines, SMALL, MUTED, align=align)

    def heading(self, text: str) -> None:
        """A row of its own above a group of rows."""
        self.down(6)
        self.down(self.text(0, 0, text, WIDTH, 2, bold=True) + 2)

    def bar(self, x: float, y: float, width: float, height: float, colour: str, opacity: float = 1.0) -> None:
        """A filled bar."""
        self.area([x, x + width, x + width, x], [y, y, y + height, y + height], colour, opacity)

    def area(self, x: Points, y: Points, colour: str, opacity: float = 1.0) -> None:
        """A filled shape through points."""
        corners = [(float(right), self.y + float(down)) for right, down in zip(x, y, strict=True)]
        self.areas.setdefault((colour, opacity), []).append([*corners, corners[0]])

    def line(self, x: Points, y: Points, colour: str, width: float = 1.0, dashed: bool = False) -> None:
        """A line through points; it breaks where a point is NaN."""
        style: Any = (0, (4, 3)) if dashed else "-"
        ys = self.y + np.asarray(y, float)
        self.lines.append(
            Line2D(np.asarray(x, float), ys, color=colour, linewidth=width, linestyle=style, solid_capstyle="butt")
        )

    def marked(self, x: Points, y: Points, width: float) -> None:
        """A line in ink that stays visible on a bar, by an edge of the background."""
        self.line(x, y, BACKGROUND, width + 2.4)
        self.line(x, y, INK, width)

    def band(self, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """A line along the lower ends with a paler band up to the higher; both break at NaN, and end in a dot."""
        for part in np.ma.clump_unmasked(np.ma.masked_invalid(low)):
            if (low[part] != high[part]).any():
                self.area([*x[part], *x[part][::-1]], [*low[part], *high[part][::-1]], MAIN, RANGE)
        self.line(x, low, MAIN, width=2.5)
        known = np.flatnonzero(np.isfinite(low))
        if len(known):
            self.dot(x[known[-1]], low[known[-1]], MAIN)

    def dot(self, x: float, y: float, colour: str) -> None:
        """Where a line ends."""
        end = Line2D(
            [x], [self.y + y], color=colour, marker="o", markersize=7, markeredgecolor=BACKGROUND, linestyle=""
        )
        self.lines.append(end)

    def sign(self, x: float, y: float, status: str) -> None:
        """The sign of a status: a disc that is full, half or open; a dash, a point or a cross for no judgement."""
        self.signs.setdefault(status, []).append((x, self.y + y))

    def _artists(self) -> Iterator[Artist]:
        """One artist per style rather than per bar or sign: that halves the time of a large chart."""
        for (colour, opacity), shapes in self.areas.items():
            codes = [[Path.MOVETO, *[Path.LINETO] * (len(shape) - 2), Path.CLOSEPOLY] for shape in shapes]
            path = Path(np.concatenate(shapes), np.concatenate(codes))
            yield PathPatch(path, linewidth=0, facecolor=colour, alpha=opacity)
        yield from self.lines
        for status, places in self.signs.items():
            marker, fill, size = cast(Any, STATUS[status].marker)
            x, y = zip(*places, strict=True)
            yield Line2D(
                x, y, color=colour_of(status), marker=marker, fillstyle=fill, markersize=size,
                markerfacecoloralt=BACKGROUND, markeredgewidth=1.6, linestyle="",
            )  # fmt: skip

    def chart(self, title: str, alt: str) -> Chart:
        """The drawing as it is, at the height it has grown to."""
        height = math.ceil(self.y + 2)
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, frameon=False)
        downwards = Affine2D().scale(1, -1).translate(0, height)
        for artist in self._artists():
            artist.set_transform(downwards)
            figure.add_artist(artist)
        svg = svg_of(figure, f"{title}. {alt}", _lettering(self.texts), _COLOURS)
        return Chart(figure_html(title, svg), title, alt)


def svg_of(figure: Figure, alt: str, lettering: str = "", colours: Mapping[str, str] = MappingProxyType({})) -> str:
    """A figure as part of a page: the same bytes each time, no style or id that reaches outside it.

    lettering : drawn over it. colours : those that follow the page, by their variable in CSS.
    """
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "bwk_analysis", "svg.fonttype": "none", "path.simplify": False}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    svg = buffer.getvalue()
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r"\s+", " ", body).replace("> <", "><")
    used = dict.fromkeys(re.findall(r'(?:xlink:href="|url\()#([^")]+)', body))
    names = {name: f"{_PREFIX}m{i}" for i, name in enumerate(used)}
    body = re.sub(r' id="([^"]+)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", body)
    body = re.sub(r'xlink:href="#([^"]+)"', lambda m: f'href="#{names[m[1]]}"', body)
    body = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names[m[1]]})", body) + lettering
    for variable, colour in colours.items():
        body = body.replace(colour, f"var(--chart-{variable}, {colour})")
    # two charts of a page share an id only when they are the same chart
    body = body.replace(_PREFIX, f"c{sha256((body + alt).encode()).hexdigest()[:6]}-")
    width, height = (round(inches * 72) for inches in figure.get_size_inches())
    style = f"max-width: 100%; height: auto; stroke-linejoin: round; background: var(--chart-background, {BACKGROUND})"
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{escape(alt)}" '
        f'style="{style}">{body}</svg>'
    )


def _lettering(texts: Sequence[Text]) -> str:
    """Each letter drawn once and used at its places."""
    letters, lines = {}, []
    for text in texts:
        x, uses = 0.0, []
        for character in text.line:
            name = f"{ord(character):x}{'b' * text.bold}"
            if not character.isspace():
                letters[name] = _outline(character, text.bold)
                uses.append(f'<use href="#{_PREFIX}{name}" x="{x:.0f}"/>')
            x += _advance(character, text.bold)
        scale = text.size / _UNITS
        place = f"translate({text.left:.1f} {text.top + text.size:.1f}) scale({scale:.4g} -{scale:.4g})"
        lines.append(f'<g transform="{place}" style="fill: {text.colour}">{"".join(uses)}</g>')
    shapes = "".join(f'<path id="{_PREFIX}{name}" d="{path}"/>' for name, path in letters.items())
    return f"<defs>{shapes}</defs>{''.join(lines)}"
