"""A figure of matplotlib as a piece of a page: inline SVG in which text is text and colours follow the page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import zip_longest
from textwrap import wrap
from typing import Any
from warnings import catch_warnings
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from bwk_analysis.pages.block import Block

# as in the style sheet, where each of them has a darker or a lighter one
COLOURS = {
    "ink": "#172126", "muted": "#48565c", "line": "#d3dbdd", "strong": "#6a7980", "accent": "#0b5666",
    "soft": "#a5cbd3", "tint": "#f1f5f5", "paper": "#ffffff",
}  # fmt: skip
INK, MUTED, LINE, STRONG, ACCENT, SOFT, TINT, PAPER = COLOURS.values()
WIDTH, LETTER, STEP = (
    340,
    12,
    17,
)  # units, of a line of words too: 312 or more on a phone and 300 in print stays readable
MOST = 200  # letters of what a screen reader says of a chart
_SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", _SVG)


@dataclass(frozen=True, repr=False)
class Chart(Block):
    """A figure of matplotlib on a page, with one finding in words."""

    title: str
    alt: str
    figure: Figure | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return ". ".join(filter(None, [self.title, self.alt]))


def chart_of(figure: Figure, title: str, alt: str, then: str = "", follow: bool = True) -> Chart:
    """A figure with its title, if any, above it; the same bytes each time.

    then : where the figures are to be read, kept whole where alt is too long. follow : its colours are the page's.
    """
    most = MOST - len(then)
    words = f"{alt if len(alt) < most else alt[: most - 3].rsplit(' ', 1)[0] + ' …'} {then}".rstrip()
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    drawing = f'<div role="img" aria-label="{escape(words)}">{_svg(figure, follow)}</div>'
    return Chart(f'<figure class="chart">{caption}{drawing}</figure>', title, words, figure)


def _svg(figure: Figure, follow: bool) -> str:
    buffer = io.StringIO()
    # text as text; the names of shapes follow from what they are, so that two charts share none but equal ones
    styled = mpl.rc_context({"svg.fonttype": "none", "path.simplify": False, "svg.hashsalt": "bwk"})
    with styled, catch_warnings(action="ignore"):  # a letter that matplotlib has not, the browser has
        figure.savefig(buffer, format="svg", dpi=72, metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue().encode())
    shared = {part for shapes in root.iter(f"{{{_SVG}}}defs") for part in shapes.iter()}
    for part in [*root.iter()]:
        for child in [*part]:
            if child.tag.endswith(("}metadata", "}style")):
                part.remove(child)
        if part not in shared:
            part.attrib.pop("id", None)
        if address := part.attrib.pop("{http://www.w3.org/1999/xlink}href", None):
            part.set("href", address)
        if follow and "style" in part.attrib:
            part.set("style", _following(part.get("style", "")))
    _, _, width, height = (float(number) for number in root.get("viewBox", "").split())
    root.attrib.clear()
    about: dict[str, Any] = {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}", "height": f"{height:g}"}
    root.attrib.update(about | {"aria-hidden": "true"})
    return ElementTree.tostring(root, encoding="unicode")


def _following(style: str) -> str:
    for name, colour in COLOURS.items():
        style = style.replace(colour, f"var(--{name}, {colour})")
    return style


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide matplotlib draws it; its letters are as wide as any that a page may get."""
    with catch_warnings(action="ignore"):
        font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
        return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def sheet() -> tuple[Figure, Axes]:
    """Axes over the whole of a figure; downwards a unit is one of the page."""
    figure = Figure(dpi=72, frameon=False)
    axes = figure.add_axes((0, 0, 1, 1), frameon=False)
    axes.set_axis_off()
    return figure, axes


def chart_of_rows(figure: Figure, height: float, title: str, said: str, then: str = "") -> Chart:
    figure.set_size_inches(WIDTH / 72, height / 72)
    figure.axes[0].set_ylim(height, 0)
    return chart_of(figure, title, said, then)


def written(axes: Axes, y: float, left: str, right: str = "", bold: bool = True) -> float:
    """Below y what something is, and its figure at the other end. Returns where the words end."""
    lines = beside(left, right, bold)
    write(axes, lines, y + STEP - 4, STEP, axes.get_yaxis_transform(), bold)
    return y + len(lines) * STEP


def beside(left: str, right: str, bold: bool = True) -> list[tuple[str, str]]:
    """Words and a figure at the other end: on one line where both fit, else beside or below each other."""
    above, longest = _folded(left, bold, WIDTH) or [""], max(1, *map(len, right.split(" ")))
    beside = _folded(right, False, WIDTH - LETTER - width_of(above[-1], LETTER, bold), longest)
    below = _folded(right, False, WIDTH)
    joined = 0 < len(beside) <= len(below)
    return [*zip_longest(above, [*[""] * (len(above) - joined), *(beside if joined else below)], fillvalue="")]


def _folded(text: str, bold: bool, wide: float, least: int = 1) -> list[str]:
    """The fewest lines that fit, each of at least so many letters."""
    most = min(len(text), int(len(text) * wide / (width_of(text, LETTER, bold) or 1)) + 4)
    folds = (wrap(text, letters) for letters in range(most, least - 1, -1))
    return next((fold for fold in folds if all(width_of(line, LETTER, bold) <= wide for line in fold)), [])


def write(axes: Axes, lines: Sequence[tuple[str, str]], y: float, step: float, where: Any, bold: bool = True) -> None:
    looks: Any = {"transform": where, "va": "baseline", "fontsize": LETTER, "parse_math": False}
    for nth, (left, right) in enumerate(lines):
        if left:
            axes.text(0, y + nth * step, left, color=INK, weight="bold" if bold else "normal", **looks)
        if right:
            axes.text(1, y + nth * step, right, color=MUTED, ha="right", **looks)


def warm() -> None:
    """Draw something once, before processes are copied from this one: letters, and a letter as a marker."""
    figure, axes = sheet()
    axes.plot([0], [0], marker="$?$")
    chart_of_rows(figure, written(axes, 0, "a", "b"), "", "")
