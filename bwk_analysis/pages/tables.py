"""Tables and cards: what came through `show` in, a `Block` of a page out. The HTML stands in one template.

Everything here takes a `Shown` (TypeError otherwise). All text is escaped by the template: what comes from a workbook
stays text. A figure is written as it is told, a range as `5–9`; None is `niet getoond`, what is not there an en dash.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import pandas as pd

from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.findings import aim, may_be_chance, standing
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import Block, block, hold_texts, rooms_of, template, told, told_items, told_money
from bwk_analysis.problems import SEVERITIES, place
from bwk_analysis.problems import shown as in_short
from bwk_analysis.steps import ANALYST, Shown, Span

Row = Any  # a row of itertuples: its fields are the columns of the frame
Cells = Sequence[object]  # of one row of a table; the first one heads it


def plain(shown: Shown, caption: str, note: str = "", nothing: str = "Er is niets te melden.") -> Block:
    """Any shown frame: its first column heads the rows. A column `unit` is the unit of its row's numbers.

    nothing : what to say when there is no row.
    """
    rows, cells, right = told(shown), [], []
    hold_texts([rows], [caption, note, nothing])
    if rows.empty:
        return block("nothing", nothing)
    names = [name for name in rows if name != "unit"]
    for at, name in enumerate(names):
        kind = shown.kinds.get(name, "agreed").split(" ")[0]
        units = rows["unit"] if "unit" in rows else [formats.NOUNS.get(kind, "")] * len(rows)
        cells.append([_written(cell, name, kind, unit) for cell, unit in zip(rows[name], units, strict=True)])
        if any(isinstance(cell, Span) for cell in rows[name]):
            right.append(at)
    heads = [name[:1].upper() + name[1:] for name in names]
    return _table(caption, heads, list(zip(*cells, strict=True)), right, TOTAL, note)


def _written(cell: Any, name: str, kind: str, unit: str) -> object:
    if isinstance(cell, (pd.Timestamp, pd.Period)):
        day = cell.start_time if isinstance(cell, pd.Period) else cell
        return formats.month(day) if name in ("month", "maand") else formats.date(day)
    if kind == "agreed" and (cell is None or not unit):  # all that was agreed is told: what is empty is not there
        return formats.target_text(cell, "", "aantal")
    return formats.span(cell, unit) if kind not in ("word", "day") or isinstance(cell, Span) else cell


# --- the scorecard ----------------------------------------------------------------------------------------------


def scorecard(card: Shown, agreement: Agreement | None = None, caption: str = "") -> Block:
    """Every indicator with a column per room and one for Totaal; of one room alone, with a bar against its target.

    card : one row is an indicator x room, the columns of `indicators.judge`. agreement : gives each indicator the
    definition that opens under its name, and a unit where nothing was registered.
    """
    rows, html = told(card), cast(Any, template("blocks.html.j2").module)
    rows = rows.assign(unit=formats.units(rows, agreement.indicators if agreement else None))
    meanings = formats.definitions(agreement.indicators) if agreement else {}
    rooms, groups = rooms_of(rows), dict[str, list[Cells]]()
    found = {(row.room, row.indicator): row for row in rows.itertuples()}
    heads, right, classes = ["Indicator", *rooms], range(0), "scorecard wide"
    if len(rooms) == 1:
        heads = [
            "Indicator",
            "Gerealiseerd [streefwaarde]",
            "Tussentijds",
            "Ten opzichte van tussentijds of, zonder tussendoel, van het jaar",
            "Status",
        ]
        caption, right, classes = caption or f"{rooms[0]}: gerealiseerd [streefwaarde]", range(1, 3), "scorecard"
    for row in rows.drop_duplicates("indicator").itertuples():
        cells = [(one := found.get((room, row.indicator))) and html.outcome(one) for room in rooms]
        if len(rooms) == 1:
            cells = [html.realised(row), html.interim(row), html.meter(_bar(row)), html.judgement(row)]
        name = html.name(row.name, meanings.get(row.indicator, ""), row.indicator)
        groups.setdefault(row.level.capitalize(), []).append([name, *cells])
    return _table(caption or "Gerealiseerd [streefwaarde] per kamer", heads, groups, right, classes=classes)


def _bar(row: Row) -> tuple[float, float, str] | None:
    """Both ends of its bar, up to twice what is due by now, or the year's target, and its text."""
    goal = formats.lone(aim(row))
    if not (isinstance(row.value, Span) and isinstance(goal, float) and goal > 0):
        return None
    ratio = Span(row.value.low / goal, row.value.high / goal)
    low, high = (round(min(max(end, 0), 2) * 50, 1) for end in ratio)
    return low, high, formats.figure_beside_target(ratio, 1.0, "aandeel")[0]


# --- money ------------------------------------------------------------------------------------------------------


def budget(finance: Shown, names: Mapping[str, str], room: str = TOTAL, caption: str = "") -> Block:
    """Budget of the year, realised so far, what is left and the share used, per post and group, of one room.

    finance : one row is a figure (room, kind, item, value, unit). names : what to call each item, in the order of the
    rows, such as `agreement.posts`; an item without a figure is left out.
    """
    rows = told_money(finance)
    rows = rows[(rows["room"] == room) & rows["kind"].isin(["budget", "realised"])]
    euros = {(r.kind, r.item): r.value.low for r in rows.dropna(subset="value").itertuples()}  # always told exactly
    lines = []
    for item in [item for item in names if item in set(rows["item"])]:
        year, spent = (euros.get((kind, item), float("nan")) for kind in ("budget", "realised"))
        amounts = [formats.euro(amount) for amount in (year, spent, round(year - spent, 2))]
        lines.append([names[item], *amounts, formats.percent(spent / year if year > 0 else None, 0)])
    heads = ["Post", "Begroot, hele jaar", "Gerealiseerd", "Nog over", "Besteed"]
    return _table(caption or f"{room}: begroot en gerealiseerd", heads, lines, range(1, 5), names.get(TOTAL, ""))


def money(
    finance: Shown, kind: str, beside: str = "", *, caption: str, head: str = "Post", of: str = "",
    items: Collection[str] = (),
) -> Block:  # fmt: skip
    """Items down, rooms across: the figures of `kind`, with those of the kind `beside` in brackets.

    finance : one row is a figure (room, kind, item, value, unit). of : the whole of shares, `euro` or `populair`: their
    items are `<name> / <whole>`. items : only these, where given.
    """
    rows = told_items(finance, (kind, beside), of, items)
    hold_texts([rows], [caption, head])
    texts = {(row.kind, row.room, row.item): formats.span(row.value, row.unit) for row in rows.itertuples()}
    rooms, lines = rooms_of(rows), []
    for item in rows["item"].drop_duplicates():
        pairs = [[texts.get((of_kind, room, item), formats.MISSING) for of_kind in (kind, beside)] for room in rooms]
        lines.append([item, *(f"{figure} [{other}]" if beside else figure for figure, other in pairs)])
    return _table(caption, [head, *rooms], lines, range(1, len(rooms) + 1), TOTAL)


# --- the data behind it, and statuses -----------------------------------------------------------------------------


def problems(found: Shown, most: int = 20, caption: str = "Wat er aan de gegevens opviel") -> Block:
    """The first `most` problems of each severity, then how many more there are; for the analyst's page alone.

    found : one row is a problem (file, sheet, cell, column, severity, problem, advice). Raises ValueError for another
    edition: a problem may say of how many rows it speaks.
    """
    rows, groups = told(found), dict[str, list[Cells]]()
    if found.edition != ANALYST:
        raise ValueError(f"de lijst van problemen is alleen voor de analist: show(problemen, data, '{ANALYST}')")
    for severity, of_severity in rows.groupby("severity", sort=False):
        count, more = len(of_severity), len(of_severity) - most
        said = f"{formats.plural(count, *SEVERITIES[severity])}{f', waarvan hier {most} en nog {more}' * (more > 0)}"
        groups[said] = [
            [place(row.file, row.sheet, row.cell, row.column), in_short(row.problem), row.advice]
            for row in of_severity.head(most).itertuples()
        ]
    if not groups:
        return block("nothing", "Er is niets opgevallen.")
    return _table(caption, ["Waar", "Wat", "Wat te doen"], groups, classes="words")


def sources(files: Mapping[str, str]) -> Block:
    """The files that a report was made from: name -> SHA-256 of the content, such as `data.files`."""
    note = "Het kenmerk is het begin van de SHA-256 van het bestand: hetzelfde kenmerk is hetzelfde bestand."
    lines = [[name, digest[:12]] for name, digest in files.items()]
    return _table("Gelezen bestanden", ["Bestand", "Kenmerk"], lines, note=note)


def status_counts(card: Shown) -> Block:
    """How many targets of the rooms have which status, as cards; `card` as in `scorecard`."""
    told(card)
    counts = standing(card)
    return block("statuses", counts, sum(counts.values()), may_be_chance(card))


def legend() -> Block:
    """The statuses with their signs."""
    return block("legend")


# --- how a table is made ----------------------------------------------------------------------------------------


def _table(
    caption: str, heads: Sequence[str], rows: Sequence[Cells] | Mapping[str, Sequence[Cells]],
    right: Collection[int] = (), strong: str = "", note: str = "", classes: str = "plain",
) -> Block:  # fmt: skip
    """Rows (of groups, where they have a name); `right` are the columns of figures, `strong` the row to stress."""
    groups = rows if isinstance(rows, Mapping) else {"": rows}
    return block("table", caption, heads, groups, right, strong, note, classes)
