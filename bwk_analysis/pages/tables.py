"""Tables and cards: what came through `show` in, a `Block` of a page out. The HTML stands in one template.

Everything here takes a `Shown` (TypeError otherwise). All text is escaped by the template: what comes from a workbook
stays text. A figure is written as it is told, a range as `5–9`; None is `niet getoond`, what is not there an en dash.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from bwk_analysis.agreement import NEGATIVE, POSITIVE, TOTAL, Agreement
from bwk_analysis.findings import aim, amounts, minus, to_mend
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import Block, block, hold_texts, rooms_of, told, told_items, told_money
from bwk_analysis.problems import SEVERITIES, place
from bwk_analysis.problems import shown as in_short
from bwk_analysis.status import STATUS, seen
from bwk_analysis.steps import ANALYST, Shown, Span, is_exact

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


def score(
    card: Shown, agreement: Agreement, before: Shown | None = None, finance: Shown | None = None, room: str = "",
    caption: str = "", note: str = "", first: Collection[str] = (), rooms: Collection[str] = (),
) -> Block:  # fmt: skip
    """Every indicator as a line: its target, what was done, how that stands, what changed, and where that is on a
    strip from nought to twice the target.

    card : one row is an indicator x room, the columns of `indicators.judge`. before : that of the period before.
    finance : gives the verdicts their euros. room : the details of that one room. rooms : only these, without Samen.
    first : codes that come before all others. Six rooms or more have their code as head, and no strip.
    """
    heads, levels = lines(card, agreement, before, finance, room, first, rooms)
    if not levels:
        return block("nothing", "Er zijn geen indicatoren.")
    kind = "one" if room else "fund" if rooms else "many" if len(heads) >= MANY else "board"
    words = {cell.word for of in levels.values() for line in of for cell in [*line.cells, line.samen] if cell}
    legend = [word for word in STATUS if word in words and STATUS[word].sign]
    since = _since(before) if before is not None else ""
    return block("score", caption, note, kind, heads, levels, legend, since, formats.percent(agreement.settings.near))


def lines(
    card: Shown, agreement: Agreement, before: Shown | None = None, finance: Shown | None = None, room: str = "",
    first: Collection[str] = (), rooms: Collection[str] = (),
) -> tuple[list["Head"], dict[str, list["Line"]]]:  # fmt: skip
    """What `score` writes: the rooms above their columns, and level -> a line per indicator."""
    frame = told(card)
    frame = frame.assign(unit=formats.units(frame, agreement.indicators))
    shown = [room] if room else list(rooms) or [name for name in rooms_of(frame) if name != TOTAL]
    was = {} if before is None else {(row.room, row.indicator): row for row in told(before).itertuples()}
    euros = amounts(finance) if finance is not None else {}
    codes = {name: code for code, name in agreement.room_names.items()}
    heads = [Head(name, codes.get(name, name), MARKS[at % len(MARKS)]) for at, name in enumerate(shown)]
    levels: dict[str, list[Line]] = {FIRST: []}
    fields = dict(zip(agreement.indicators["code"], agreement.indicators["field"], strict=True))
    by_code: dict[str, dict[str, Row]] = {}
    for row in frame.itertuples():
        by_code.setdefault(row.indicator, {})[row.room] = row
    for code, found in by_code.items():
        mine = [_cell(found.get(name), fields.get(code), euros) for name in shown]
        samen = None if room or rooms else _cell(found.get(TOTAL), fields.get(code), euros)
        strip = [_place(found.get(name)) for name in shown]
        whole, any_room = room or TOTAL, next(iter(found.values()))
        goal = _goal([found[name] for name in shown if name in found])
        change = _change(found.get(whole), was.get((whole, code)))
        line = Line(any_room.name, *goal, mine, samen, change, strip)
        levels.setdefault(FIRST if code in first else any_room.level, []).append(line)
    return heads, {level: of for level, of in levels.items() if of}


MANY = 6  # rooms
FIRST = "Van belang voor woningcorporaties"
MARKS = ("k1", "k2", "k3", "k4", "k5")


class Head(NamedTuple):
    """A room above its column: its name, its code, and its sign on a strip."""

    name: str
    code: str
    mark: str


class Cell(NamedTuple):
    """A figure: in words, what it is of, what else, its status in a word, and its certainty."""

    figure: str
    of: str = ""
    extra: str = ""
    word: str = ""
    chance: bool = False
    margin: str = ""


class Line(NamedTuple):
    """An indicator: its target for the year, and where a course runs what is due by now."""

    name: str
    goal: str
    due: str
    cells: list[Cell | None]
    samen: Cell | None
    change: str
    strip: list[tuple[float, float] | None]


def _cell(row: Row | None, field: str | None, euros: Any) -> Cell | None:
    if row is None:
        return None
    word = seen(row)
    if row.value is None or row.status == "geen gegevens":
        return Cell(formats.MISSING if word == "geen gegevens" else "", word=word)
    if isinstance(row.value, str):
        return Cell({POSITIVE: "ja", NEGATIVE: "nee"}[row.value], "", _euros_of(row.room, field, euros), word)
    figure = formats.figure_beside_target(row.value, aim(row), row.unit)[0].replace("%–", "–")
    ratio, of, margin = row.unit in ("aandeel", "cijfer"), "", ""
    if isinstance(row.denominator, Span) and not ratio:
        of = f"op {formats.span(row.denominator, 'aantal')}"
    if isinstance(row.lower, Span) and isinstance(row.upper, Span):
        margin = f"marge {formats.percent(row.lower.low, 0)}–{formats.percent(row.upper.high, 0)}".replace("%–", "–")
    if ratio and isinstance(row.n, Span):
        answers = formats.span(row.n, "aantal")
        margin += f"{', ' if margin else ''}{answers} {'antwoord' if answers == '1' else 'antwoorden'}"
    return Cell(figure, of, "", word, not formats.is_missing(row.uncertain) and bool(row.uncertain), margin)


def _euros_of(room: str, field: str | None, euros: Any) -> str:
    """What a verdict is about, in euros: what was agreed too little or too much, or what stands wrong in the ledger."""
    if not euros:
        return ""
    if field == "saldo":
        left = minus(euros["funding_agreed", room].get(TOTAL), euros["budget", room].get(TOTAL))
        if not left or abs(left.low) < 0.5:
            return ""
        return f"{formats.euro(abs(left.low))} {'te weinig' if left.low < 0 else 'over'}"
    wrong = to_mend(euros, room)
    return f"{formats.euro(wrong)} te herstellen" if wrong >= 0.5 else ""


def _goal(rows: Sequence[Row]) -> tuple[str, str]:
    """The target as the agreement writes it, once where the rooms share it; and what is due of it by now."""
    texts = [formats.target_text(r.target, r.operator, r.unit, r.target_denominator) for r in rows]
    texts = ["ja" if text == POSITIVE else text for text in texts]
    targets = [row for row, text in zip(rows, texts, strict=True) if text]
    due = [formats.figure_beside_target(r.value, r.interim_target, r.unit)[1]
           for r in targets if isinstance(r.interim_target, Span) and r.interim_target != r.target]  # fmt: skip
    if len({row.interim_target for row in targets}) == 1:  # in the decimals that none of the figures contradicts
        due = [max(due, key=len)] if due else []
    return _once(texts), f"nu {_once(due)}" if due else ""


def _once(texts: Sequence[str]) -> str:
    """Texts that are all the same, or not there, once; else beside each other, an operator that all share once."""
    if len({*texts} - {""}) < 2:
        return max(texts, default="")
    sign = ">\N{NO-BREAK SPACE}"
    shared = sign if all(text.startswith(sign) for text in texts) else ""
    return shared + "/".join(text.removeprefix(shared) or formats.MISSING for text in texts)


def _change(now: Row | None, then: Row | None) -> str:
    """What changed: of a count by how many, of a share, a mark or a range what it was."""
    if now is None or then is None or formats.is_missing(then.value) or formats.is_missing(now.value):
        return ""
    exact = all(isinstance(row.value, str) or is_exact(row.value) for row in (now, then))
    if exact and now.value == then.value:  # of a range nobody knows
        return "gelijk"
    if isinstance(then.value, str):
        return f"was {'ja' if then.value == POSITIVE else 'nee'}"
    if now.unit in ("aandeel", "cijfer") or not exact:
        return f"was {formats.span(then.value, now.unit)}".replace("%–", "–")
    step = now.value.low - then.value.low
    return f"{'+' if step > 0 else '−'}{formats.number(abs(step))}"


def _since(before: Shown) -> str:
    """`sinds kw 3`, or of a month its name."""
    period = next(iter(told(before)["period"]), "")
    if not period:
        return ""
    month = pd.Period(period)
    return f"sinds {formats.month(month.start_time) if month.freqstr == 'M' else f'kw {month.quarter}'}"


def _place(row: Row | None) -> tuple[float, float] | None:
    """Both ends on a strip on which the year's target is 50 per cent, at most just over its end."""
    if row is None or not isinstance(row.value, Span) or not isinstance(row.target, Span) or row.target.low <= 0:
        return None
    low, high = (round(min(max(end / row.target.low, 0.0), 2.2) * 50, 2) for end in row.value)
    return low, high


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


def legend(card: Shown) -> Block:
    """The signs of the statuses that a scorecard has."""
    found = {seen(row) for row in told(card).itertuples()}
    return block("legend", [word for word in STATUS if word in found])


# --- how a table is made ----------------------------------------------------------------------------------------


def _table(
    caption: str, heads: Sequence[str], rows: Sequence[Cells] | Mapping[str, Sequence[Cells]],
    right: Collection[int] = (), strong: str = "", note: str = "", classes: str = "plain",
) -> Block:  # fmt: skip
    """Rows (of groups, where they have a name); `right` are the columns of figures, `strong` the row to stress."""
    groups = rows if isinstance(rows, Mapping) else {"": rows}
    return block("table", caption, heads, groups, right, strong, note, classes)
