"""A piece of a page, and the one check of what it is made of."""

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_eval_context
from markupsafe import Markup

from bwk_analysis import periods
from bwk_analysis.agreement import TOTAL
from bwk_analysis.pages import formats
from bwk_analysis.status import STATUS
from bwk_analysis.steps import ANALYST, PUBLIC, Shown, Span, no_column

MIME = "application/vnd.bwk+html"  # the one type of output that a page shows
OF_PEOPLE = ("cost_per_result", "volunteer_hours", "volunteer_value")  # kinds of figures of money
_MAY_BREAK = re.compile(r"(?<=[_.\-/])(?=\w)")  # in the name of a file, so that it never widens a table
NUMBER = r"\d[\d.,]*"
TEMPLATES = Path(__file__).parent / "templates"
_of_page: list[str] = []  # the edition of the page that this process makes


@dataclass(frozen=True)
class Block:
    """A piece of a page, made of what may be shown; shows itself in a notebook, there with the style it needs."""

    html: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        symbols = template("symbols.html.j2").render() if "<use " in self.html else ""
        in_notebook = f'<div class="bwk"><style>{_notebook_style()}</style>{symbols}{self.html}</div>'
        return {MIME: self.html, "text/html": in_notebook, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.html)).split())


def keep_to(edition: str) -> None:
    """Have every piece of a page in this process be made of what this edition may tell."""
    _of_page[:] = [edition]


def told(shown: Shown, *columns: str) -> pd.DataFrame:
    """The frame behind what `show` gave; TypeError for anything else, ValueError where a column is not in it.

    A number that is not told is None, one that is not there NaN. To the analyst all is told.
    """
    if not isinstance(shown, Shown):
        raise TypeError(f"geef een getoond frame: show(frame, data, edition); dit is een {type(shown).__name__}")
    if _of_page and shown.edition not in _of_page:
        raise ValueError(
            f"dit frame is getoond voor '{shown.edition}', de pagina is van '{_of_page[0]}': geef edition door"
        )
    frame = shown.frame if shown.edition != ANALYST else shown.frame.where(shown.frame.notna(), float("nan"))
    for column in columns:
        if column not in frame:
            raise ValueError(no_column(column, frame))
    return frame


def hold_texts(frames: Sequence[pd.DataFrame], texts: Sequence[str], pattern: str = NUMBER) -> None:
    """Raises ValueError for a text that names a number, or a word by another pattern, that no frame beside it tells."""
    texts = [text for text in texts if re.search(pattern, text)]
    told_of = _written_by(frames) if texts else re.compile("")
    for found in filter(None, (re.search(pattern, told_of.sub(" ", text)) for text in texts)):
        if found[0].strip("0123456789.,"):
            raise ValueError("een streepje van een as heeft een naam die niet in de getoonde frames staat")
        raise ValueError(f"een tekst noemt {found[0]}; dat getal staat niet in de getoonde frames")


def _written_by(frames: Sequence[pd.DataFrame]) -> re.Pattern[str]:
    """Every way to write what frames tell, and years."""
    cells = {cell for frame in frames for cell in [*frame, *frame.to_numpy().ravel()]}
    written = {str(cell) for cell in cells} | {text for cell in cells if isinstance(cell, Span) for text in _ways(cell)}
    for day in (cell for cell in cells if isinstance(cell, pd.Timestamp)):
        written |= {f"{day:%Y-%m-%d}", formats.date(day), formats.month(day), formats.month(day, short=True)}
    longest_first = sorted(map(re.escape, written - {""}), key=len, reverse=True)
    return re.compile(rf"(?<![\w.,])(?:{'|'.join([*longest_first, periods.WRITTEN])})(?![.,]?\w)")


def _ways(span: Span) -> list[str]:
    ways = [
        [f"{end:g}", f"{end:.1f}", *(way(end, n) for way in (formats.number, formats.percent) for n in (0, 1))]
        for end in dict.fromkeys(span)
    ]
    return [dash.join(ends) for dash in "-–" for ends in zip(*ways, strict=True)]


def rooms_of(rows: pd.DataFrame) -> list[str]:
    """The rooms in the order of the rows, Totaal last."""
    return sorted(map(str, rows["room"].drop_duplicates()), key=TOTAL.__eq__)


def told_money(finance: Shown) -> pd.DataFrame:
    """The same of the figures of money: euros, and what follows from euros alone, are always told."""
    rows = told(finance)
    of_people = rows["kind"].isin(OF_PEOPLE)
    if finance.edition == PUBLIC:  # in which the hours that are part of it are told in tens
        of_people |= rows["item"].str.endswith(" / populair")
    return rows.assign(value=rows["value"].mask(rows["value"].isna() & ~of_people, float("nan")))


def told_items(finance: Shown, kinds: Collection[str], of: str = "", items: Collection[str] = ()) -> pd.DataFrame:
    """The rows of these kinds of figures of money. of : the whole of shares, `euro` or `populair`: their items are
    `<name> / <whole>`. items : only these, where given."""
    rows = told_money(finance)
    rows = rows[rows["kind"].isin(list(kinds))]
    if of:
        rows = rows[rows["item"].str.endswith(f" / {of}")]
        rows = rows.assign(item=rows["item"].str.removesuffix(f" / {of}"))
    return rows[rows["item"].isin(list(items))] if items else rows


def template(name: str) -> Template:
    """One of the templates; what is put in one of HTML is escaped, in one of sentences it is on one line."""
    return ENVIRONMENT.get_template(name)


def block(macro: str, *content: Any) -> Block:
    """A piece of a page as a macro of `blocks.html.j2` writes it."""
    return Block(str(getattr(template("blocks.html.j2").module, macro)(*content)))


def warm() -> None:
    """Have the templates ready, before processes are copied from this one."""
    for name in ENVIRONMENT.list_templates(["j2"]):
        if not name.startswith("notebook."):  # nbconvert's
            template(name)


@pass_eval_context
def _put_in(where: Any, text: Any) -> Any:
    return text if where.autoescape else one_line(text)


def one_line(text: Any) -> str:
    """Text of a workbook or a template on one line, its spaces that do not break kept."""
    return re.sub(r"[^\S\xa0]+", " ", str(text))


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=lambda name: str(name).endswith(".html.j2"), finalize=_put_in,
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
ENVIRONMENT.filters["breakable"] = lambda cell: (
    cell if isinstance(cell, Markup) else Markup("<wbr>").join(_MAY_BREAK.split(str(cell)))
)
_WRITERS = (
    formats.number, formats.euro, formats.percent, formats.date, formats.plural, formats.quarter, formats.span,
    formats.figure_beside_target, formats.target_text,
)  # fmt: skip
ENVIRONMENT.filters |= {write.__name__: write for write in _WRITERS}
ENVIRONMENT.globals |= {"STATUS": STATUS, "LEVELS": formats.LEVELS}
ENVIRONMENT.filters["in_css"] = lambda text: re.sub(r"['\"\\\\<>{};]", "", text).replace("(", "\N{WORD JOINER}(")
ENVIRONMENT.filters["first_up"] = lambda text: text[:1].upper() + text[1:]
ENVIRONMENT.tests["given"] = lambda value: not formats.is_missing(value)


@cache
def _notebook_style() -> str:
    return (TEMPLATES / "notebook.css").read_text(encoding="utf-8")
