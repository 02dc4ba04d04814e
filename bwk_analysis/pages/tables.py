"""Tables and cards: what came through `show` in, a `Block` of a page out. The HTML stands in one template.

Everything here takes a `Shown` (TypeError otherwise). All text is escaped by the template: what comes from a workbook
stays text. A figure is written as it is told, a range as `5–9`; None is `niet getoond`, what is not there an en dash.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import Block, template, told, told_money
from bwk_analysis.problems import shown as in_short
from bwk_analysis.steps import ANALYST, Shown, Span

Row = Any  # a row of itertuples: its fields are the columns of the frame
Cells = Sequence[object]  # of one row of a table; the first one heads it

SEVERITIES = {"error": "fouten", "warning": "waarschuwingen", "note": "opmerkingen"}
ACCOUNTING = {
    "rows_read": "Gelezen",
    "rows_accepted": "Meegeteld",
    "rows_rejected": "Afgekeurd",
    "rows_duplicate": "Dubbel",
    "rows_outside_year": "Buiten het jaar",
}
_UNITS = {"euro": "euro", "hours": "uren", "mark": "cijfer", "share": "aandeel", "interval": "aandeel"}  # of a kind
_ABSENT = float("nan")
_NBSP = "\N{NO-BREAK SPACE}"


def plain(shown: Shown, caption: str, note: str = "") -> Block:
    """Any shown frame: its first column heads the rows. A column `unit` is the unit of its row's numbers."""
    rows = told(shown)
    return _columns(rows, shown.kinds, caption, {str(name): name for name in rows if name != "unit"}, note)


# --- the scorecard ----------------------------------------------------------------------------------------------


def scorecard(card: Shown, agreement: Agreement | None = None, caption: str = "") -> Block:
    """Every indicator with a column per room and one for Totaal; of one room alone, with a bar against its target.

    card : one row is an indicator x room, the columns of `indicators.judge`. agreement : gives each indicator the
    definition that opens under its name, and a unit where nothing was registered.
    """
    rows, html = told(card), _html()
    rows = rows.assign(unit=formats.units(rows, agreement.indicators if agreement else None))
    meanings = formats.definitions(agreement.indicators) if agreement else {}
    rooms, groups = _rooms(rows), dict[str, list[Cells]]()
    found = {(row.room, row.indicator): _outcome(row) for row in rows.itertuples()}
    alone = len(rooms) == 1
    for row in rows.drop_duplicates("indicator").itertuples():
        of_rooms = [found.get((room, row.indicator)) for room in rooms]
        cells = _apart(of_rooms[0]) if alone else [outcome and html.outcome(outcome) for outcome in of_rooms]
        name = html.name(row.name, meanings.get(row.indicator, ""), row.indicator)
        groups.setdefault(formats.level_name(row.level), []).append([name, *cells])
    if alone:
        caption = caption or f"{rooms[0]}: gerealiseerd [streefwaarde]"
        heads = ["Indicator", "Gerealiseerd [streefwaarde]", "Tussentijds", "Ten opzichte van tussentijds", "Status"]
        return _table(caption, heads, groups, (1, 2), classes="scorecard")
    caption = caption or "Gerealiseerd [streefwaarde] per kamer"
    return _table(caption, ["Indicator", *rooms], groups, classes="scorecard wide")


def _outcome(row: Row) -> dict[str, Any]:
    """What a row of the scorecard says, in words. ratio : value over interim target, where both are numbers."""
    value, interim = formats.figure_beside_target(row.value, row.interim_target, row.unit)
    if row.value is None and row.status == "geen gegevens":
        value = formats.MISSING
    elif not formats.is_missing(row.denominator) and row.unit not in ("aandeel", "cijfer"):
        value += f"{_NBSP}op{_NBSP}{formats.span(row.denominator, 'aantal')}"
    target = formats.target_text(row.target, row.operator, row.unit, row.target_denominator)
    goal = formats.lone(row.interim_target)
    is_number = isinstance(row.value, Span) and isinstance(goal, float) and goal > 0
    return {
        "figure": f"{value} [{target}]" if target else value,
        "interim": f">{_NBSP}{interim}" if row.operator == ">" and interim != formats.MISSING else interim,
        "differs": not formats.is_missing(goal) and row.interim_target != row.target,
        "status": row.status,
        "sign": formats.STATUS[row.status].sign,
        "certainty": _certainty(row),
        "ratio": Span(row.value.low / goal, row.value.high / goal) if is_number else None,
    }


def _certainty(row: Row) -> str:
    notes = []
    if isinstance(row.lower, Span) and isinstance(row.upper, Span):
        notes.append(f"{formats.percent(row.lower.low, 0)}–{formats.percent(row.upper.high, 0)}")
    if isinstance(row.n, Span):
        notes.append(f"n = {formats.span(row.n, 'aantal')}")
    if not formats.is_missing(row.uncertain) and row.uncertain:
        notes.append("onzeker")
    return ", ".join(notes)


def _apart(outcome: Any) -> list[object]:
    """The same in cells of their own, with a bar up to twice the interim target."""
    meter = None
    if outcome["ratio"]:
        low, high = (round(min(max(end, 0), 2) * 50, 1) for end in outcome["ratio"])
        meter = _html().meter(low, high, formats.figure_beside_target(outcome["ratio"], 1.0, "aandeel")[0])
    return [outcome["figure"], outcome["interim"], meter, _html().judgement(outcome)]


# --- money ------------------------------------------------------------------------------------------------------


def budget(finance: Shown, names: Mapping[str, str], room: str = TOTAL, caption: str = "") -> Block:
    """Budget of the year, realised so far, what is left and the share used, per post and group, of one room.

    finance : one row is a figure (room, kind, item, value, unit). names : what to call each item, in the order of the
    rows, such as `agreement.posts`; an item without a figure is left out.
    """
    figures, lines = _figures(told_money(finance)), []
    for item, name in names.items():
        year, spent = (figures.get((kind, room, item), _ABSENT) for kind in ("budget", "realised"))
        left: formats.Told = _ABSENT
        used: formats.Told = _ABSENT
        if isinstance(year, Span) and isinstance(spent, Span):
            left = Span(year.low - spent.high, year.high - spent.low)
            used = Span(spent.low / year.high, spent.high / year.low) if year.low > 0 else _ABSENT
        if year is not _ABSENT or spent is not _ABSENT:
            euros = [formats.span(amount, "euro") for amount in (year, spent, left)]
            lines.append([name, *euros, formats.span(used, "aandeel", 0)])
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
    rows = told_money(finance)
    rows = rows[rows["kind"].isin([kind, beside])]
    if of:
        rows = rows[rows["item"].str.endswith(f" / {of}")]
        rows = rows.assign(item=rows["item"].str.removesuffix(f" / {of}"))
    return _by_room(rows[rows["item"].isin(items)] if items else rows, kind, beside, caption, head)


def volunteers(finance: Shown, caption: str = "Inzet van vrijwilligers") -> Block:
    """Volunteers' hours and what they are worth, agreed and realised, per room; `finance` as in `money`."""
    names = {"volunteer_hours": "Uren, ", "volunteer_value": "Waarde, "}
    rows = told_money(finance)
    rows = rows[rows["kind"].isin(names)]
    rows = rows.assign(item=rows["kind"].map(names) + rows["item"], kind="volunteers")
    return _by_room(rows, "volunteers", "", caption, "Inzet")


def _by_room(rows: pd.DataFrame, kind: str, beside: str, caption: str, head: str) -> Block:
    figures, rooms = _figures(rows), _rooms(rows)
    lines: list[Cells] = []
    for item, unit in dict(zip(rows["item"], rows["unit"], strict=True)).items():
        of_kinds = [
            [formats.span(figures.get((of, room, item), _ABSENT), unit) for room in rooms] for of in (kind, beside)
        ]
        cells = [f"{figure} [{other}]" if beside else figure for figure, other in zip(*of_kinds, strict=True)]
        lines.append([item, *cells])
    return _table(caption, [head, *rooms], lines, range(1, len(rooms) + 1), TOTAL)


def _figures(rows: pd.DataFrame) -> dict[tuple[str, str, str], Any]:
    """(kind, room, item) -> the figure as told."""
    return dict(zip(zip(rows["kind"], rows["room"], rows["item"], strict=True), rows["value"], strict=True))


# --- the data behind it -----------------------------------------------------------------------------------------


def problems(found: Shown, most: int = 20, caption: str = "Wat er aan de gegevens opviel") -> Block:
    """The first `most` problems of each severity, then how many more there are; for the analyst's page alone.

    found : one row is a problem (file, sheet, cell, column, severity, problem, advice). Raises ValueError for another
    edition: a problem may say of how many rows it speaks.
    """
    rows, blocks = told(found), []
    if found.edition != ANALYST:
        raise ValueError(f"de lijst van problemen is alleen voor de analist: show(problemen, data, '{ANALYST}')")
    for severity, name in SEVERITIES.items():
        of_severity = rows[rows["severity"] == severity]
        lines = [
            [_place(row.file, row.sheet, row.cell, row.column), in_short(row.problem), row.advice]
            for row in of_severity.head(most).itertuples()
        ]
        more, heads = len(of_severity) - len(lines), ["Waar", "Wat", "Wat te doen"]
        if lines:
            counted, note = f"{caption}: {formats.number(len(of_severity))} {name}", f"en nog {formats.number(more)}"
            blocks.append(_table(counted, heads, lines, note=note if more else "", classes="words").html)
    return Block("".join(blocks) or _html().nothing("Er is niets opgevallen."))


def accounting(sheets: Shown, caption: str = "Wat er met elke gelezen rij is gebeurd") -> Block:
    """Rows read and what became of them, per sheet (file, sheet, rows_read, rows_accepted, …) and in all."""
    rows = told(sheets)
    counts = [[*rows[name], _sum(rows[name])] for name in ACCOUNTING]
    columns = [[formats.span(count, "aantal") for count in of_name] for of_name in counts]
    places = [*(_place(row.file, row.sheet) for row in rows.itertuples()), TOTAL]
    lines = list(zip(places, *columns, strict=True))
    return _table(caption, ["Bestand en blad", *ACCOUNTING.values()], lines, range(1, 6), TOTAL)


def sources(files: Mapping[str, str]) -> Block:
    """The files that a report was made from: name -> SHA-256 of the content, such as `data.files`."""
    note = "Het kenmerk is het begin van de SHA-256 van het bestand: hetzelfde kenmerk is hetzelfde bestand."
    lines = [[name, digest[:12]] for name, digest in files.items()]
    return _table("Gelezen bestanden", ["Bestand", "Kenmerk"], lines, note=note)


def _sum(counts: pd.Series) -> Span | None:
    """The sum of the ends; None where one is not told."""
    spans = [count for count in counts if isinstance(count, Span)]
    return Span(sum(s.low for s in spans), sum(s.high for s in spans)) if len(spans) == len(counts) else None


def agreement_check(found: Shown, caption: str = "Gedrukte totalen die niet kloppen met hun regels") -> Block:
    """Printed totals that differ from their lines: table, item, room, printed, computed, unit."""
    rows = told(found)
    if rows.empty:
        return Block(_html().nothing("Alle gedrukte totalen kloppen met hun regels."))
    more = [Span(row.computed.low - row.printed.high, row.computed.high - row.printed.low) for row in rows.itertuples()]
    rows = rows.assign(line=rows["table"] + ": " + rows["item"], more=more)
    columns = {"Regel": "line", "Kamer": "room", "Gedrukt": "printed", "Som van de regels": "computed"}
    return _columns(rows, found.kinds, caption, columns | {"Verschil": "more"})


def observations(found: Shown) -> Block:
    """What cannot all be true in an agreement; one row is an observation (subject, room, text, value, beside, unit)."""
    columns = {"Onderwerp": "subject", "Kamer": "room", "Bedrag of aantal": "value", "Naast": "beside"}
    caption = "Wat in de afspraak niet tegelijk waar kan zijn"
    return _columns(told(found), found.kinds, caption, columns | {"Wat opvalt": "text"})


# --- statuses ---------------------------------------------------------------------------------------------------


def status_counts(card: Shown) -> Block:
    """How many targets of the rooms have which status, as cards; `card` as in `scorecard`."""
    rows = told(card)
    statuses = rows.loc[rows["room"] != TOTAL, "status"]
    counts = {word: formats.number(count) for word, count in statuses.value_counts().items()}
    return Block(str(_html().statuses(formats.STATUS, counts, formats.number(len(statuses)))))


def legend() -> Block:
    """The statuses with their signs."""
    return Block(str(_html().legend(formats.STATUS)))


# --- how a table is made ----------------------------------------------------------------------------------------


def _html() -> Any:
    """The macros of the template."""
    return template("tables.html.j2").module


def _table(
    caption: str, heads: Sequence[str], rows: Sequence[Cells] | Mapping[str, Sequence[Cells]],
    right: Collection[int] = (), strong: str = "", note: str = "", classes: str = "plain",
) -> Block:  # fmt: skip
    """Rows (of groups, where they have a name); `right` are the columns of figures, `strong` the row to stress."""
    groups = rows if isinstance(rows, Mapping) else {"": rows}
    cells = {
        name: [[formats.MISSING if formats.is_missing(cell) else cell for cell in row] for row in of_group]
        for name, of_group in groups.items()
    }
    return Block(str(_html().table(caption, heads, cells, right, strong, note, classes)))


def _columns(
    rows: pd.DataFrame, kinds: Mapping[str, str], caption: str, columns: Mapping[str, str], note: str = ""
) -> Block:
    """A table of columns as they are: heading -> column, the numbers in the unit of their row or else of their kind."""
    cells, right = [], []
    for place, name in enumerate(columns.values()):
        kind = kinds.get(name, "agreed").split(" ")[0]
        units = rows["unit"] if "unit" in rows else [_UNITS.get(kind, "")] * len(rows)
        cells.append([_written(cell, name, kind, unit) for cell, unit in zip(rows[name], units, strict=True)])
        if any(isinstance(cell, Span) for cell in rows[name]):
            right.append(place)
    return _table(caption, list(columns), list(zip(*cells, strict=True)), right, note=note)


def _written(cell: Any, name: str, kind: str, unit: str) -> object:
    if isinstance(cell, (pd.Timestamp, pd.Period)):
        day = cell.start_time if isinstance(cell, pd.Period) else cell
        return formats.month(day) if name in ("month", "maand") else formats.date(day)
    if kind == "agreed" and (cell is None or not unit):  # all that was agreed is told: what is empty is not there
        return formats.target_text(cell, "", "aantal")
    return formats.span(cell, unit) if kind not in ("word", "day") or isinstance(cell, Span) else cell


def _rooms(rows: pd.DataFrame) -> list[str]:
    """Rooms in the order of the frame, Totaal last."""
    return sorted(map(str, rows["room"].drop_duplicates()), key=TOTAL.__eq__)


def _place(file: str, *more: str) -> Markup:
    return _html().place(re.split(r"(?<=[_\-./])", file), more)
