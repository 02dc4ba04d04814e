"""What an analyst types: `from bwk_analysis import open_data, show, indicators, finance, trends, charts, tables, text`.

    data = open_data("2021")                # the checked tables of data/raw/2021; empty: the newest dataset
    data                                    # lists tables, rows, columns and problems; data.deelnames is a DataFrame
    period = data.quarter("2021Q3")         # or "2021-09"; empty: the last quarter with registrations
    data.until(period).deelnames            # the rows from 1 January up to and with its last day
    counts = indicators.counts(data, period)           # one row is an indicator in a room, or in Totaal
    indicators.judge(counts, data.agreement)           # the same, held against the targets
    indicators.rows(data, CODE, ROOM, period)          # the very rows that a figure counts, with file, sheet and row
    finance.lines(data, period)             # one row is a ledger line with its post, group, funder and room
    finance.figures(data, period, counts)   # budget, realised, ratios, shares of funders, cost per result
    balance.controls(data, period)          # whether the books hold, and the lines that fail
    agreement_check.problems(data, period)  # what is wrong in the files, the ledger and the agreement itself
    trends.per_month(data.deelnames)        # week by week, month by month, answers, referrals
    shown = show(frame, data, edition)      # what an edition ("bestuur", "openbaar") may show of a frame
    tables.plain(shown, caption)            # and charts, findings, text: a page shows these alone

Each name is imported when it is first used. `help(indicators)`, and so on, tells the rest.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "open_data": "dataset", "Data": "data", "show": "disclosure", "Shown": "steps", "Span": "steps",
    "indicators": "", "finance": "", "balance": "", "agreement_check": "", "trends": "", "findings": "",
    "charts": "pages", "tables": "pages", "text": "pages",
}  # fmt: skip
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES[name]
    if home in ("", "pages"):
        return import_module(".".join(filter(None, [__name__, home, name])))
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return [*_HOMES, *(name for name in globals() if name.startswith("__"))]
