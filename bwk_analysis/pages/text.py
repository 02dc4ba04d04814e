"""Sentences, key figures and definitions, made of shown frames: the Dutch stands in `templates/*.j2`.

In a template each piece of text between empty lines is one sentence of the list. It tells findings and formats figures;
what compares or sorts stands in `findings`. Sentences are plain text, and are escaped when they become HTML.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from jinja2 import UndefinedError

from bwk_analysis import findings, periods, steps, trends
from bwk_analysis.agreement import HOUSING_ASSOCIATION, TOTAL, Agreement
from bwk_analysis.data import unknown
from bwk_analysis.finance import RESULT, euro_per_hour
from bwk_analysis.indicators import CONFIDENCE
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import ENVIRONMENT, Block, block, one_line, template, told
from bwk_analysis.steps import ANALYST, EDITIONS, UNTOLD, Shown, Span

SENTENCES = (
    "asks", "did", "came", "enough", "changed", "sure", "uncertain", "money", "funders", "funder_money",
    "funder_purpose", "funder_costs", "data", "edition", "method", "explanations",
)  # fmt: skip
PLAIN = ("problems", "funder", "edition", "silent")  # what a template gets that is no shown frame
OPTIONAL = dict.fromkeys(("problems", "printed_totals", "observations", "outcomes", "silent"))


def sentences(name: str, agreement: Agreement, period: pd.Period, room: str = "", **shown: Any) -> Block:
    """The sentences of a template as a list; without any it says so.

    name : one of SENTENCES. room : a name or code; empty is all rooms together. shown : what the sentences are about,
    as `show` gives it: scorecard, finance, outcomes, printed_totals, observations; and as they are problems (only how
    many is told), silent (names of tables), funder (a name) and edition.
    Raises TypeError for a frame that did not come through `show` or is missing, ValueError for an unknown name.
    """
    return block("sentences", lines(name, agreement, period, room, **shown))


def lines(name: str, agreement: Agreement, period: pd.Period, room: str = "", **shown: Any) -> list[str]:
    """The sentences of a template as plain text."""
    frames = [frame for key, frame in shown.items() if key not in PLAIN]
    for frame in frames:
        told(frame)
    room = _room(room, agreement)
    given = {
        "agreement": agreement, "period": period, "room": room, "where": room or TOTAL,
        "rooms": agreement.rooms["name"].tolist(), "elapsed": float(periods.elapsed(period)),
        "first_day": periods.start(period), "reference_day": periods.reference_day(period),
        "surveyed": agreement.indicators.loc[agreement.indicators["table"].eq(trends.SURVEY), "code"].tolist(),
    }  # fmt: skip
    given |= {"edition": frames[0].edition} if frames else {}
    return _written(name, OPTIONAL | given | shown)


def answer(name: str, agreement: Agreement, period: pd.Period, room: str = "", **shown: Any) -> Block:
    """The same, as the answer to the question above it: the first sentence large, a caution (`Let op:`) below all."""
    return block("answer", lines(name, agreement, period, room, **shown))


def asks(agreement: Agreement, period: pd.Period, **shown: Any) -> Block:
    """What is asked of the board: at most five lines, and the matters that the agreement has for the period."""
    return block("asks", lines("asks", agreement, period, **shown))


def said(scorecard: Shown, agreement: Agreement, period: pd.Period, rooms: Sequence[str] = ()) -> Block:
    """The rooms' own words beside their figures, with what they do about it; of these rooms (names), or of all."""
    card = scorecard.pick(room=[*rooms]) if rooms else scorecard
    rows = findings.explained(card, agreement, period)
    told_of = rows[rows["told"]]
    figures = {(row.room, row.indicator): row for row in told(card).itertuples()}
    found = []
    for row in told_of.itertuples():
        figure = figures.get((row.room, row.indicator))
        beside = ""
        if figure is not None and isinstance(figure.value, Span):
            goal = formats.target_text(figure.target, figure.operator, figure.unit, figure.target_denominator)
            value = formats.figure_beside_target(figure.value, figure.target, figure.unit)[0]
            beside = f", {value}" + (f" (afgesproken {goal})" if goal else "")
        parts = (row.action, ", ".join(filter(_is_text, (row.who, row.by))))
        then = ". ".join(one_line(part).strip().rstrip(".") for part in parts if _is_text(part))
        found.append({"about": f"{row.room} – {row.name}{beside}", "text": one_line(row.text), "then": then})
    if left_out := len(rows) - len(told_of):
        texts = formats.plural(left_out, "toelichting staat", "toelichtingen staan")
        found.append(
            {"about": f"{texts} er niet bij", "text": "", "then": "Zo zijn er geen kleine aantallen te raden."}
        )
    return block("said", found)


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and cell != ""


def facts(funder: str, finance: Shown, agreement: Agreement) -> Block:
    """Of a funder its reference, its rooms and its kind."""
    mine = agreement.funding[agreement.funding["funder"] == _known(funder, agreement.funders, "financier")]
    references = mine["reference"].dropna().unique()
    rooms = findings.paid_rooms(findings.amounts(finance), funder, agreement.rooms["name"].tolist())
    pairs = [
        ("Kenmerk", formats.join([*references]) or "niet ingevuld in de afspraak"),
        ("Kamers", formats.join(rooms) or "geen"),
        ("Soort", mine["kind"].iloc[0]),
    ]
    return block("facts", pairs)


def marks(funder: str, agreement: Agreement) -> str:
    """Why the indicators of housing associations do not come first, where nothing in the workbook marks them."""
    kind = agreement.funding.loc[agreement.funding["funder"] == funder, "kind"].iloc[0]
    if kind.lower() != HOUSING_ASSOCIATION or agreement.marked_for(funder):
        return ""
    return (
        "De afspraak merkt met kleur welke indicatoren voor woningcorporaties zijn. In het werkboek staat dat niet; "
        "daarom staan ze hier allemaal, in dezelfde volgorde."
    )


def poster(scorecard: Shown, finance: Shown, agreement: Agreement, period: pd.Period, room: str) -> Block:
    """What a room hangs on its wall: how many came, what went well, what to work on, and what happens now."""
    room = _room(room, agreement)
    card, over = scorecard.pick(room=room), periods.reference_day(period).is_year_end
    row = findings.leading(card, agreement)
    hours = findings.amounts(finance)["volunteer_hours", room].get("gerealiseerd")
    well, work = findings.on_the_wall(card, agreement)
    texts = findings.explained(card, agreement, period)
    of = {
        "lead": _figure(row) if row is not None and isinstance(row.value, Span) else None,
        "hours": hours,
        "well": [_figure(each) for each in well.itertuples()],
        "work": [_figure(each) for each in work.itertuples()],
        "now": [each.action for each in texts[texts["told"]].itertuples() if _is_text(each.action)],
        "over": over,
    }
    return block("poster", of)


def _figure(row: Any) -> dict[str, Any]:
    """A figure on a poster: how much, of what, what was agreed, and which part of that it is (0-1)."""
    part = row.value.low / row.target.low if isinstance(row.target, Span) and row.target.low else None
    return {
        "figure": formats.figure_beside_target(row.value, row.target, row.unit)[0],
        "people": row.unit == "personen",
        "name": row.name if row.name[1:2].isupper() else row.name[:1].lower() + row.name[1:],
        "goal": formats.target_text(row.target, "", row.unit),
        "more": row.operator == ">",
        "part": part,
    }


def edition(agreement: Agreement, edition: str) -> Block:
    """What an edition tells in steps, and why: one paragraph."""
    return block("paragraph", " ".join(_written("edition", {"agreement": agreement, "edition": edition})))


def definitions(scorecard: Shown, agreement: Agreement) -> Block:
    """What each indicator of a scorecard counts, in the words of the agreement."""
    rows = told(scorecard).drop_duplicates("indicator")
    return block("definitions", rows.itertuples(), formats.definitions(agreement.indicators))


def _room(name: str, agreement: Agreement) -> str:
    """The display name of a room; empty stays empty."""
    names = agreement.room_names
    return names.get(_known(name, [*names.values(), *names], "kamer"), name) if name else ""


def _known(name: str, names: Iterable[str], what: str) -> str:
    if name not in names:
        raise ValueError(unknown(what, name, names))
    return name


# --- templates --------------------------------------------------------------------------------------------------------


def _written(name: str, given: dict[str, Any]) -> list[str]:
    """The sentences that a template writes with these values."""
    if "edition" in given:
        _known(given["edition"], (*EDITIONS, ANALYST), "uitgave")
    if "funder" in given:
        _known(given["funder"], list(given["agreement"].funding["funder"].drop_duplicates()), "financier")
    try:
        written = template(f"{_known(name, SENTENCES, 'zinnen')}.j2").render(given)
    except UndefinedError as error:
        raise TypeError(f"de zinnen {name} missen {str(error).removesuffix(' is undefined')}") from error
    return [text for piece in re.split(r"\n\s*\n", written) if (text := one_line(piece).strip())]


def _part_of(share: Any) -> str:
    """A part of a whole in per cents: what is just over or under the whole is not shown as all of it."""
    shown = formats.span(share, "aandeel")
    if shown != "100%" or share is None or share.low == 1:
        return shown
    closer = formats.span(share, "aandeel", 1)
    return closer if closer != "100,0%" else f"{'net meer dan' if share.low > 1 else 'bijna'} 100%"


ENVIRONMENT.globals |= {
    "findings": findings,
    "TOTAL": TOTAL,
    "HOUSING_ASSOCIATION": HOUSING_ASSOCIATION,
    "UNTOLD": UNTOLD,
    "CONFIDENCE": CONFIDENCE,
    "RESULT": RESULT,
    "added": steps.added,
    "euro_per_hour": euro_per_hour,
}
ENVIRONMENT.filters |= {
    "aim": findings.aim,
    "size": findings.size,
    "times": findings.times,
    "mend": lambda room, euros: findings.to_mend(euros, room),
    "quoted": lambda name: f"‘{one_line(name)}’",
    "listed": lambda items: formats.join([item for line in items.split("\n") if (item := one_line(line).strip())]),
    "part_of": lambda part, whole: _part_of(steps.quotient(part, whole)),
}
ENVIRONMENT.tests |= {
    "some": lambda told: told is not None and any(told),
    "one": lambda told: {formats.number(end) for end in told} == {"1"},
}
