"""Sentences, key figures and definitions, made of shown frames: the Dutch stands in `templates/*.j2`.

In a template every piece of text between empty lines is one sentence of the list. It tells findings and formats
figures; what compares or sorts stands in `findings`. Sentences are plain text and are escaped when they become HTML.
"""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from bwk_analysis import findings, periods
from bwk_analysis.agreement import TOTAL, Agreement
from bwk_analysis.disclosure import UNTOLD, Shown, Span
from bwk_analysis.finance import euro_per_hour
from bwk_analysis.indicators import CONFIDENCE
from bwk_analysis.pages import formats
from bwk_analysis.pages.tables import Block

REFUSED = "geef een getoond frame: show(frame, data, edition)"
OPTIONAL = dict.fromkeys(("previous", "problems", "printed_totals", "observations"))


def sentences(
    template: str, agreement: Agreement, period: pd.Period, room: str = "", funder: str = "", **shown: Any
) -> Block:
    """The sentences of a template as a list; without any it says so.

    template : conclusions, highlights, uncertain, money, funder, data, edition, method or explanations.
    room : a name or code; empty is all rooms together. shown : scorecard, previous (the scorecard of the period before),
    finance, printed_totals, observations as `show` gives them, and problems as they are: only their number is told.
    Raises TypeError for a frame that did not come through `show` or is missing, ValueError for an unknown name.
    """
    texts = lines(template, agreement, period, room, funder, **shown)
    if not texts:
        return Block('<p class="none">Hierover is niets te melden.</p>')
    return Block(Markup('<ul class="findings">{}</ul>').format(_joined("<li>{}</li>", ((text,) for text in texts))))


def lines(
    template: str, agreement: Agreement, period: pd.Period, room: str = "", funder: str = "", **shown: Any
) -> list[str]:
    """The sentences of a template as plain text."""
    _check(shown)
    names = agreement.room_names
    given = OPTIONAL | shown | {
        "agreement": agreement, "period": period, "funder": funder, "room": _known(room, names) if room else "",
        "rooms": list(agreement.rooms["name"]), "where": _known(room, names) if room else TOTAL,
        "elapsed": float(periods.elapsed(period)), "first_day": periods.start(period),
        "reference_day": periods.reference_day(period), "worth": euro_per_hour(agreement).rename(index=names).dropna(),
        "names": dict(zip(agreement.indicators["code"], agreement.indicators["name"], strict=True)),
    }  # fmt: skip
    editions = [frame.edition for frame in shown.values() if isinstance(frame, Shown)]
    given |= {"edition": editions[0]} if editions and "edition" not in shown else {}
    return _written(template, given)


def edition(agreement: Agreement, edition: str) -> Block:
    """What an edition tells in steps, and why: one paragraph."""
    return Block(Markup("<p>{}</p>").format(*_written("edition", {"agreement": agreement, "edition": edition})))


def cards(scorecard: Shown, finance: Shown, agreement: Agreement, room: str = "") -> Block:
    """The key figures of a room, or of all rooms together."""
    _check({"scorecard": scorecard, "finance": finance})
    where = _known(room, agreement.room_names) if room else TOTAL
    rows = findings.key_figures(scorecard, finance, agreement, where).itertuples()
    card = '<div class="card"><dt>{}</dt><dd><strong>{}</strong>{}{}</dd></div>'
    return Block(Markup('<dl class="cards">{}</dl>').format(_joined(card, map(_card, rows))))


def definitions(scorecard: Shown, agreement: Agreement) -> Block:
    """What each indicator of a scorecard counts, in the words of the agreement."""
    _check({"scorecard": scorecard})
    about = agreement.indicators[agreement.indicators["code"].isin(scorecard.frame["indicator"])]
    meaning = about["explanation"].where(about["explanation"].notna(), about["method"]).fillna("")
    entry = '<div><dt>{} <span class="code">({})</span></dt><dd>{}</dd></div>'
    entries = _joined(entry, zip(about["name"], about["code"], meaning, strict=True))
    return Block(Markup('<dl class="definitions">{}</dl>').format(entries))


def _card(row: Any) -> tuple[Any, ...]:
    """Label, figure, note and sign of a status."""
    figure, beside = _beside(row.value, row.beside, row.unit)
    words = {"": "van {}", "tussendoel": "tussendoel {}", "jaar": "van {} in het hele jaar"}[row.of]
    note = Markup(' <span class="note">{}</span>').format(words.format(beside)) if row.beside else ""
    sign = Markup(' <span class="status {}"><span aria-hidden="true">{}</span> {}</span>')
    return row.name, figure, note, sign.format(row.status, formats.SIGNS[row.status], row.status) if row.status else ""


def _joined(each: str, rows: Any) -> Markup:
    return Markup("").join(Markup(each).format(*row) for row in rows)


def _check(shown: dict[str, Any]) -> None:
    for name, frame in shown.items():
        if not isinstance(frame, Shown) and name not in ("problems", "edition"):
            raise TypeError(f"{name}: {REFUSED}")


def _known(name: str, names: dict[str, str]) -> str:
    """The display name of a room."""
    if name in names or name in names.values():
        return names.get(name, name)
    near = get_close_matches(name, [*names.values(), *names], 1)
    raise ValueError(f"geen kamer {name}; bedoelt u {near[0]}?" if near else f"geen kamer {name}")


# --- templates --------------------------------------------------------------------------------------------------------


def _written(template: str, given: dict[str, Any]) -> list[str]:
    """The sentences that a template writes with these values."""
    environment = _environment()
    if f"{template}.j2" not in environment.list_templates():
        raise ValueError(f"geen zinnen met de naam {template}")
    try:
        written = environment.get_template(f"{template}.j2").render(given)
    except UndefinedError as error:
        raise TypeError(f"de zinnen {template} missen {str(error).removesuffix(' is undefined')}") from error
    pieces = re.split(r"\n\s*\n", written)
    return [sentence for piece in pieces if (sentence := _one_line(piece).strip())]


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bwk_analysis.pages"), undefined=StrictUndefined, finalize=_one_line,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,
    )  # fmt: skip
    made.globals |= {"findings": findings, "TOTAL": TOTAL, "UNTOLD": UNTOLD, "CONFIDENCE": CONFIDENCE, "dict": dict}
    made.filters |= {
        "number": formats.number, "euro": formats.euro, "percent": formats.percent, "date": formats.date,
        "plural": formats.plural, "quarter": formats.quarter, "span": _span, "beside": _beside,
        "quoted": lambda name: f"‘{_one_line(name)}’", "target": _target, "part_of": _part,
        "listed": lambda items: formats.join([item for line in items.split("\n") if (item := _one_line(line).strip())]),
        "size": lambda span: span if span.low > 0 else Span(-span.high, -span.low),
        "times": lambda span, factor: Span(span.low * factor, span.high * factor),
    }  # fmt: skip
    made.tests |= {
        "some": lambda span: span is not None and any(span),
        "given": lambda value: not formats.is_missing(value),
        "one": lambda span: {formats.number(end) for end in span} == {"1"},
    }
    return made


def _one_line(text: Any) -> str:
    """Text of a workbook or a template on one line, its spaces that do not break kept."""
    return re.sub(r"[^\S\xa0]+", " ", str(text))


def _target(target: Any, unit: str) -> str:
    return formats.target_text(target.low if isinstance(target, Span) else target, "", unit)


def _part(amount: Span, whole: Span) -> str:
    """The one as a percentage of the other; what is just over the whole is not shown as 100%."""
    return _beside(findings.divided(amount, whole), Span(1.0, 1.0), "aandeel")[0]


def _span(span: Any, unit: str) -> str:
    """A figure as it is told: `63`, `15-19`, `12%-15%`, `€ 35-41`, `Positief`."""
    if not isinstance(span, tuple):
        return formats.figure(span, unit)
    low, high = (formats.figure(end, unit) for end in span)
    return low if low == high else low + "-" + high.removeprefix("€\N{NO-BREAK SPACE}")


def _beside(value: Any, target: Any, unit: str) -> tuple[str, str]:
    """A figure and its target as text, in as many decimals as it takes not to contradict the status."""
    end, goal = (cell.high if isinstance(cell, Span) else cell for cell in (value, target))
    figure, beside = formats.figure_beside_target(end, goal, unit)
    return (_span(value, unit) if isinstance(value, Span) and value.low != value.high else figure), beside
