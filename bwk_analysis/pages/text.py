"""Sentences, key figures and definitions, made of shown frames: the Dutch stands in `templates/*.j2`.

In a template each piece of text between empty lines is one sentence of the list. It tells findings and formats figures;
what compares or sorts stands in `findings`. Sentences are plain text, and are escaped when they become HTML.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

import pandas as pd
from jinja2 import UndefinedError

from bwk_analysis import findings, periods, steps
from bwk_analysis.agreement import HOUSING_ASSOCIATION, TOTAL, Agreement
from bwk_analysis.data import unknown
from bwk_analysis.finance import euro_per_hour
from bwk_analysis.indicators import CONFIDENCE
from bwk_analysis.pages import formats
from bwk_analysis.pages.block import ENVIRONMENT, Block, block, one_line, template, told
from bwk_analysis.steps import ANALYST, EDITIONS, UNTOLD, Shown

SENTENCES = (
    "conclusions", "highlights", "uncertain", "money", "funders", "funder", "data", "edition", "method", "explanations",
)  # fmt: skip
PLAIN = ("problems", "funder", "edition")  # what a template gets that is no shown frame
OPTIONAL = dict.fromkeys(("previous", "problems", "printed_totals", "observations"))


def sentences(name: str, agreement: Agreement, period: pd.Period, room: str = "", **shown: Any) -> Block:
    """The sentences of a template as a list; without any it says so.

    name : one of SENTENCES. room : a name or code; empty is all rooms together. shown : what the sentences are about,
    as `show` gives it: scorecard, previous (that of the period before), finance, printed_totals, observations; and as
    they are problems (only how many is told), funder (a name) and edition.
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
    }  # fmt: skip
    given |= {"edition": frames[0].edition} if frames else {}
    return _written(name, OPTIONAL | given | shown)


def tally(card: Shown) -> str:
    """How many targets of rooms have which status: `over 27 streefwaarden: 13 gehaald en 14 onderweg`."""
    told(card)
    return one_line(cast(Any, template("figures.j2").module).tally(card)).strip()


def edition(agreement: Agreement, edition: str) -> Block:
    """What an edition tells in steps, and why: one paragraph."""
    return block("paragraph", " ".join(_written("edition", {"agreement": agreement, "edition": edition})))


def cards(scorecard: Shown, finance: Shown, agreement: Agreement, room: str = "") -> Block:
    """The key figures of a room (a name or code), or of all rooms together."""
    told(scorecard), told(finance)
    rows = findings.key_figures(scorecard, finance, agreement, _room(room, agreement) or TOTAL)
    return block("cards", rows.itertuples())


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
    "euro_per_hour": euro_per_hour,
}
ENVIRONMENT.filters |= {
    "aim": findings.aim,
    "size": findings.size,
    "times": findings.times,
    "quoted": lambda name: f"‘{one_line(name)}’",
    "listed": lambda items: formats.join([item for line in items.split("\n") if (item := one_line(line).strip())]),
    "part_of": lambda part, whole: _part_of(steps.quotient(part, whole)),
}
ENVIRONMENT.tests |= {
    "some": lambda told: told is not None and any(told),
    "one": lambda told: {formats.number(end) for end in told} == {"1"},
}
