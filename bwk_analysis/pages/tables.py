"""Tables, cards and lists: a tidy frame in, a `Block` of HTML out.

great_tables builds each table; its style sheet is left out, for the page has one. All text is escaped here, once:
what comes from a workbook stays text. A cell is markup only where this module wrote it as `Markup`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from great_tables import GT
from markupsafe import Markup, escape

from bwk_analysis.pages import formats
from bwk_analysis.pages.frames import TOTAL, Row, level_name, rooms_of, rows_in, shares_of, values_of
from bwk_analysis.problems import shown as in_short

# heading -> cells; a frame would make plain text of Markup
Columns = Mapping[str, Sequence[object]]

SEVERITIES = {"error": "fouten", "warning": "waarschuwingen", "note": "opmerkingen"}
ACCOUNTING = {
    "rows_read": "Gelezen",
    "rows_accepted": "Meegeteld",
    "rows_rejected": "Afgekeurd",
    "rows_duplicate": "Dubbel",
    "rows_outside_year": "Buiten het jaar",
}


@dataclass(frozen=True)
class Block:
    """A piece of a page; shows itself in a notebook."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return " ".join(re.sub(r"<[^>]*>", " ", self.html).split())


# --- the scorecard ----------------------------------------------------------------------------------------------


def scorecard_by_room(scorecard: pd.DataFrame, caption: str = "Gerealiseerd [streefwaarde] per kamer") -> Block:
    """Every indicator with a column per room and one for Totaal; the definition opens under the name.

    `scorecard`: one row is an indicator x room, all columns of the scorecard; optionally explanation (the room's own).
    """
    cells = {(row.indicator, row.room): _figure_cell(row) for row in rows_in(scorecard)}
    first = scorecard.drop_duplicates("indicator")
    columns: dict[str, Sequence[object]] = {
        "": [level_name(level) for level in first["level"]],
        "Indicator": [_name(row) for row in rows_in(first)],
    }
    for room in rooms_of(scorecard):
        columns[room] = [cells.get((code, room)) for code in first["indicator"]]
    return _table(columns, caption, groups="", classes="scorecard wide")


def scorecard_of_room(scorecard: pd.DataFrame, room: str, caption: str = "") -> Block:
    """The indicators of one room: value [target], interim target, a bar of the one against the other, status.

    `scorecard`: one row is an indicator x room, all columns of the scorecard; optionally explanation (the room's own).
    """
    rows = rows_in(scorecard[scorecard["room"] == room])
    columns: dict[str, Sequence[object]] = {
        "": [level_name(row.level) for row in rows],
        "Indicator": [_name(row) + _explanation(row) for row in rows],
        "Gerealiseerd [streefwaarde]": [_value_and_target(row) for row in rows],
        "Tussentijds": [_interim(row) for row in rows],
        "Ten opzichte van tussentijds": [_meter(row) for row in rows],
        "Status": [_sign(row.status) + _certainty(row) for row in rows],
    }
    right = ["Gerealiseerd [streefwaarde]", "Tussentijds"]
    return _table(columns, caption or f"{room}: gerealiseerd [streefwaarde]", right, groups="", classes="scorecard")


def _figure_cell(row: Row) -> Markup:
    interim = Markup("")
    if not formats.is_missing(row.interim_target) and row.interim_target != row.target:
        interim = _span("interim", f"tussentijds {_interim(row)}")
    return _span("figure", _value_and_target(row)) + interim + _sign(row.status) + _certainty(row) + _explanation(row)


def _value_and_target(row: Row) -> str:
    value = str(row.hidden) or formats.figure_beside_target(row.value, row.interim_target, row.unit)[0]
    if not row.hidden and not formats.is_missing(row.denominator) and row.unit not in ("aandeel", "cijfer"):
        value += f"\N{NO-BREAK SPACE}op\N{NO-BREAK SPACE}{formats.number(row.denominator)}"
    target = formats.target_text(row.target, row.operator, row.unit, row.target_denominator)
    return f"{value} [{target}]" if target else value


def _interim(row: Row) -> str:
    value = None if row.hidden else row.value
    text = formats.figure_beside_target(value, row.interim_target, row.unit)[1]
    return f">\N{NO-BREAK SPACE}{text}" if row.operator == ">" and text != formats.MISSING else text


def _certainty(row: Row) -> Markup:
    notes = []
    if not row.hidden and not formats.is_missing(row.lower):
        notes.append(f"{formats.percent(row.lower, 0)}–{formats.percent(row.upper, 0)}")
    if not row.hidden and not formats.is_missing(row.n):
        notes.append(f"n = {formats.number(row.n)}")
    if not row.hidden and row.uncertain:
        notes.append("onzeker")
    return _span("note", ", ".join(notes)) if notes else Markup("")


def _meter(row: Row) -> Markup:
    """The value as a bar up to twice the interim target, which is the line in the middle."""
    numbers = not any(formats.is_missing(v) or isinstance(v, str) for v in (row.value, row.interim_target))
    if row.hidden or not numbers or not row.interim_target:
        return Markup("")
    ratio = row.value / row.interim_target
    bar = Markup('<span class="meter" aria-hidden="true"><span style="width: {:.1f}%"></span></span>')
    return bar.format(min(max(ratio, 0), 2) * 50) + _span(
        "note", formats.figure_beside_target(ratio, 1.0, "aandeel")[0]
    )


def _name(row: Row) -> Markup:
    text = Markup('<details><summary>{}</summary><p>{} <span class="code">({})</span></p></details>')
    return text.format(row.name, row.definition, row.indicator)


def _explanation(row: Row) -> Markup:
    text = getattr(row, "explanation", "")
    return Markup("") if formats.is_missing(text) else _span("explanation", f"Toelichting van de kamer: {text}")


def _span(name: str, text: str) -> Markup:
    return Markup(' <span class="{}">{}</span>').format(name, text)


def _sign(status: str) -> Markup:
    sign = Markup(' <span class="status {}"><span aria-hidden="true">{}</span> {}</span>')
    return sign.format(status.replace(" ", "-"), formats.SIGNS.get(status, "·"), status)


# --- money ------------------------------------------------------------------------------------------------------


def budget_against_realised(
    finance: pd.DataFrame, names: Mapping[str, str], room: str = TOTAL, caption: str = ""
) -> Block:
    """Budget of the year, realised so far, what is left and the share used, per post and group.

    Parameters
    ----------
    finance
        One row is a figure; columns room, kind (budget, realised), item, value.
    names
        What to call each item (post, group, `Totaal`, `niet toegewezen`), in the order of the rows.
    """
    budget, realised = (values_of(finance, kind, room) for kind in ("budget", "realised"))
    items = [item for item in names if item in budget or item in realised]
    both = {item: (realised[item], budget[item]) for item in items if item in realised and item in budget}
    columns: dict[str, Sequence[object]] = {
        "Post": [names[item] for item in items],
        "Begroot, hele jaar": [formats.euro(budget.get(item)) for item in items],
        "Gerealiseerd": [formats.euro(realised.get(item)) for item in items],
        "Nog over": [formats.euro(both[i][1] - both[i][0] if i in both else None) for i in items],
        "Besteed": [formats.percent(both[i][0] / both[i][1] if i in both and both[i][1] else None, 0) for i in items],
    }
    caption = caption or f"{room}: begroot en gerealiseerd"
    return _table(columns, caption, list(columns)[1:], strong=names.get(TOTAL, ""))


def ratios(finance: pd.DataFrame, caption: str = "Kengetallen: gerealiseerd [begroot]") -> Block:
    """Each ratio per room, on realised cost beside the budget.

    `finance`: one row is a figure; columns room, kind (ratio_budget, ratio_realised), item, value, unit.
    """
    return _by_room(finance, "ratio_realised", "ratio_budget", "Kengetal", caption)


def funding(
    finance: pd.DataFrame, items: Sequence[str] = (), caption: str = "Financiering: ontvangen [afgesproken]"
) -> Block:
    """Euros received beside those agreed, per funder or kind of funder (only `items`, where given) and room.

    `finance`: one row is a figure; columns room, kind (funding_agreed, funding_realised), item, value, unit.
    """
    rows = finance[finance["item"].isin(items)] if len(items) else finance
    return _by_room(rows, "funding_realised", "funding_agreed", "Financier", caption)


def funder_shares(finance: pd.DataFrame, of: str = "euro", items: Sequence[str] = (), caption: str = "") -> Block:
    """Shares received beside those agreed, per funder or kind of funder (only `items`, where given) and room.

    Parameters
    ----------
    finance
        One row is a figure; columns room, kind (share_agreed, share_realised), item (`<name> / euro`,
        `<name> / populair`), value, unit.
    of
        `euro` (of the money) or `populair` (of money and volunteers' hours together).
    """
    whole = "de euro's" if of == "euro" else "de populaire investering"
    caption = caption or f"Aandeel in {whole}: gerealiseerd [afgesproken]"
    return _by_room(shares_of(finance, of, items), "share_realised", "share_agreed", "Financier", caption)


def cost_per_result(finance: pd.DataFrame, caption: str = "Kosten per resultaat") -> Block:
    """Euros per participant and participation, hours per euro, per room.

    `finance`: one row is a figure; columns room, kind (cost_per_result), item, value, unit.
    """
    return _by_room(finance, "cost_per_result", "", "Resultaat", caption)


def volunteers(finance: pd.DataFrame, caption: str = "Inzet van vrijwilligers") -> Block:
    """Volunteers' hours and what they are worth, agreed and realised, per room.

    `finance`: one row is a figure; columns room, kind (volunteer_hours, volunteer_value), item, value, unit.
    """
    names = {"volunteer_hours": "Uren, ", "volunteer_value": "Waarde, "}
    rows = finance[finance["kind"].isin(names)]
    rows = rows.assign(item=rows["kind"].map(names) + rows["item"], kind="volunteers")
    return _by_room(rows, "volunteers", "", "Inzet", caption)


def _by_room(finance: pd.DataFrame, kind: str, beside: str, label: str, caption: str) -> Block:
    """Items down, rooms across; the figures of `kind`, with those of the kind `beside` in brackets."""
    rows = finance[finance["kind"].isin([kind, beside])]
    units = dict(zip(rows["item"], rows["unit"], strict=True))
    columns: dict[str, Sequence[object]] = {label: list(units)}
    for room in rooms_of(rows):
        figures, brackets = values_of(rows, kind, room), values_of(rows, beside, room)
        columns[room] = [
            formats.figure(figures.get(item), unit)
            + (f" [{formats.figure(brackets.get(item), unit)}]" if beside else "")
            for item, unit in units.items()
        ]
    return _table(columns, caption, list(columns)[1:], strong=TOTAL)


# --- the data behind it -----------------------------------------------------------------------------------------


def problems(problem_rows: pd.DataFrame, most: int = 20, caption: str = "Wat er aan de gegevens opviel") -> Block:
    """The first `most` problems of each severity, then how many more there are.

    `problem_rows`: one row is a problem; columns file, sheet, cell, column, severity (error, warning, note), problem,
    advice.
    """
    blocks = []
    for severity, name in SEVERITIES.items():
        rows = problem_rows[problem_rows["severity"] == severity]
        shown, rest = rows.head(most), len(rows.iloc[most:])
        columns: dict[str, Sequence[object]] = {
            "Waar": [_place(row.file, row.sheet, row.cell, row.column) for row in rows_in(shown)],
            "Wat": [in_short(text) for text in shown["problem"]],
            "Wat te doen": list(shown["advice"]),
        }
        note = f"en nog {formats.number(rest)}" if rest else ""
        if len(rows):
            counted = f"{caption}: {formats.number(len(rows))} {name}"
            blocks.append(_table(columns, counted, note=note, classes="words").html)
    return Block("".join(blocks) or '<p class="none">Er is niets opgevallen.</p>')


def accounting(rows: pd.DataFrame, caption: str = "Wat er met elke gelezen rij is gebeurd") -> Block:
    """Rows read and what became of them, per sheet and in all.

    `rows`: one row is a sheet; columns file, sheet, rows_read, rows_accepted, rows_rejected, rows_duplicate,
    rows_outside_year.
    """
    columns: dict[str, Sequence[object]] = {
        "Bestand en blad": [*(_place(row.file, row.sheet) for row in rows_in(rows)), TOTAL]
    }
    for name, label in ACCOUNTING.items():
        columns[label] = [formats.number(count) for count in [*rows[name], rows[name].sum()]]
    return _table(columns, caption, list(ACCOUNTING.values()), strong=TOTAL)


def agreement_check(rows: pd.DataFrame, caption: str = "Gedrukte totalen die niet kloppen met hun regels") -> Block:
    """Printed totals that differ from their lines.

    `rows`: one row is a difference; columns table, item, room, printed, computed, unit.
    """
    if rows.empty:
        return Block('<p class="none">Alle gedrukte totalen kloppen met hun regels.</p>')
    columns: dict[str, Sequence[object]] = {
        "Regel": [f"{row.table}: {row.item}" for row in rows_in(rows)],
        "Kamer": list(rows["room"]),
        "Gedrukt": [formats.figure(row.printed, row.unit) for row in rows_in(rows)],
        "Som van de regels": [formats.figure(row.computed, row.unit) for row in rows_in(rows)],
        "Verschil": [formats.figure(row.computed - row.printed, row.unit) for row in rows_in(rows)],
    }
    return _table(columns, caption, list(columns)[2:])


def plain(frame: pd.DataFrame, caption: str, units: Mapping[str, str] | None = None, note: str = "") -> Block:
    """Any small frame: its first column heads the rows; a column with a unit (personen, euro, …) shows as figures."""
    units = units or {}
    columns: dict[str, Sequence[object]] = {
        name: [formats.figure(value, units[name]) for value in frame[name]] if name in units else list(frame[name])
        for name in frame.columns
    }
    return _table(columns, caption, list(units), note=note)


def sources(accounting_rows: pd.DataFrame, files: Mapping[str, str]) -> Block:
    """The files a report was made from, with the rows in and kept. `files`: name -> SHA-256 of the content."""
    counts = accounting_rows.groupby("file")[["rows_read", "rows_accepted"]].sum(skipna=False)
    columns: dict[str, Sequence[object]] = {
        "Bestand": list(files),
        "Gelezen": [formats.number(counts["rows_read"].get(name, 0)) for name in files],
        "Meegeteld": [formats.number(counts["rows_accepted"].get(name, 0)) for name in files],
        "Kenmerk": [digest[:12] for digest in files.values()],
    }
    note = "Het kenmerk is het begin van de SHA-256 van het bestand: hetzelfde kenmerk is hetzelfde bestand."
    return _table(columns, "Gelezen bestanden", ["Gelezen", "Meegeteld"], note=note)


def observations(rows: pd.DataFrame) -> Block:
    """What cannot all be true in an agreement. `rows`: columns subject, room, text, value, beside, unit."""
    columns: dict[str, Sequence[object]] = {
        "Onderwerp": list(rows["subject"]),
        "Kamer": list(rows["room"]),
        "Bedrag of aantal": [
            formats.figure(value, unit) for value, unit in zip(rows["value"], rows["unit"], strict=True)
        ],
        "Naast": [formats.figure(value, unit) for value, unit in zip(rows["beside"], rows["unit"], strict=True)],
        "Wat opvalt": list(rows["text"]),
    }
    return _table(columns, "Wat in de afspraak niet tegelijk waar kan zijn", ["Bedrag of aantal", "Naast"])


# --- other blocks -----------------------------------------------------------------------------------------------


def cards(items: Iterable[Sequence[str]]) -> Block:
    """Key figures. Each is a label, the figure as text, then optionally a note and a status."""
    parts = []
    for label, figure, *more in items:
        note, status = [*more, "", ""][:2]
        below = (_span("note", note) if note else Markup("")) + (_sign(status) if status else Markup(""))
        parts.append(_card(label, figure, below))
    return Block(f'<dl class="cards">{Markup("").join(parts)}</dl>')


def status_counts(scorecard: pd.DataFrame) -> Block:
    """How many targets of the rooms have which status, as cards. `scorecard`: columns room, status."""
    rows = scorecard[scorecard["room"] != TOTAL]
    counts = rows["status"].value_counts()
    whole = _span("note", f"van {formats.number(len(rows))}")
    parts = [_card(_sign(s), formats.number(counts[s]), whole) for s in formats.SIGNS if s in counts]
    return Block(f'<dl class="cards statuses">{Markup("").join(parts)}</dl>')


def _card(label: str, figure: str, below: Markup) -> Markup:
    card = Markup('<div class="card"><dt>{}</dt><dd><strong>{}</strong>{}</dd></div>')
    return card.format(label, figure, below)


def sentences(texts: Iterable[str]) -> Block:
    """Findings as a list; without any it says so."""
    texts = list(texts)
    if not texts:
        return Block('<p class="none">Hierover is niets te melden.</p>')
    return Block(f'<ul class="findings">{Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)}</ul>')


def definitions(scorecard: pd.DataFrame) -> Block:
    """What each indicator counts. `scorecard`: columns indicator, name, definition."""
    rows = scorecard.drop_duplicates("indicator")
    entry = Markup('<div><dt>{} <span class="code">({})</span></dt><dd>{}</dd></div>')
    parts = [entry.format(row.name, row.indicator, row.definition) for row in rows_in(rows)]
    return Block(f'<dl class="definitions">{Markup("").join(parts)}</dl>')


def legend() -> Block:
    """The statuses with their signs."""
    return Block(f'<p class="legend">{Markup(" ").join(_sign(status) for status in formats.SIGNS)}</p>')


# --- how a table is made ----------------------------------------------------------------------------------------


def _table(
    columns: Columns,
    caption: str,
    right: Sequence[str] = (),
    groups: str | None = None,
    strong: str = "",
    note: str = "",
    classes: str = "",
) -> Block:
    """A table whose first column (apart from `groups`) heads the rows; `strong` is the name of the row to stress.

    It has a box of its own that scrolls sideways, by keyboard too, so that the page never does.
    """
    heads = [name for name in columns if name != groups]
    # great_tables gets names of our own: what it makes of a name (an id, markdown) never meets one of a workbook
    names = {name: f"c{i}" for i, name in enumerate(columns)}
    cells = {names[name]: [_cell(value) for value in columns[name]] for name in heads}
    if groups is not None:
        cells[names[groups]] = [str(name) for name in columns[groups]]  # great_tables escapes the names of groups
    group_column = None if groups is None else names[groups]
    table = GT(pd.DataFrame(cells), id="t", rowname_col=names[heads[0]], groupname_col=group_column)
    table = table.fmt(str, columns=[names[name] for name in heads]).cols_align("left")
    if right:
        table = table.cols_align("right", [names[name] for name in right])
    body = table.as_raw_html()
    body = body[body.index("<tbody") : body.rindex("</tbody>") + len("</tbody>")]
    body = re.sub(r' (?:id|headers)="[^"]*"| colspan="1"', "", body)
    if strong:
        body = re.sub(rf"<tr>(\s*<th [^>]*>{re.escape(escape(strong))}</th>)", r'<tr class="strong">\1', body)
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format("gt_right" if name in right else "gt_left", name)
        for name in heads
    )
    box = Markup(
        '<div class="table-box" role="region" tabindex="0" aria-label="{}">'
        '<table class="{}"><caption><span>{}</span></caption>'
        "<thead><tr>{}</tr></thead>{}</table>{}</div>"
    )
    below = Markup('<p class="note">{}</p>').format(note) if note else ""
    return Block(str(box.format(caption, classes or "plain", caption, head, Markup(body), below)))


def _cell(value: object) -> str:
    return formats.MISSING if formats.is_missing(value) else str(escape(value))


def _place(file: str, *more: str) -> Markup:
    """Where in the input; a file name breaks after its separators, so that it never widens a table."""
    parts = [Markup("{}").format(part) for part in re.split(r"(?<=[_\-./])", file)]
    return Markup("<wbr>").join(parts) + Markup("").join(Markup(", {}").format(part) for part in more if part)
