"""A quarter's figures in one object, as `publication` takes them; it goes when that goes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis import agreement_check, balance, finance, indicators, report
from bwk_analysis.agreement import Agreement
from bwk_analysis.data import Data
from bwk_analysis.dataset import hash_files as hash_files
from bwk_analysis.dataset import read


@dataclass(frozen=True)
class Results:
    """What a quarter's reports are made of."""

    data: Data
    name: str
    period: pd.Period
    agreement: Agreement
    measures: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    scorecard: pd.DataFrame
    finance: pd.DataFrame
    problems: pd.DataFrame
    accounting: pd.DataFrame
    printed_totals: pd.DataFrame
    observations: pd.DataFrame
    failing: pd.DataFrame
    files: dict[str, str]


def read_dataset(folder: Path) -> Data:
    return read(folder)


def scorecard(data: Data, period: pd.Period) -> pd.DataFrame:
    return indicators.judge(indicators.counts(data, period), data.agreement)[indicators.SCORECARD]


def compute(data: Data, period: pd.Period | None = None) -> Results:
    period = period if period is not None else data.quarter()
    data.quarter(str(period))
    counts = indicators.counts(data, period)
    return Results(
        data=data,
        name=data.name,
        period=period,
        agreement=data.agreement,
        measures=dict(data.measures),
        tables={name: rows for name, rows in data.tables.items() if name in data.delivered},
        scorecard=indicators.judge(counts, data.agreement)[indicators.SCORECARD],
        finance=finance.figures(data, period, counts),
        problems=report.problems(data, period),
        accounting=data.accounting,
        printed_totals=agreement_check.printed_totals(data.agreement)[0],
        observations=agreement_check.observations(data.agreement, data.measures),
        failing=balance.controls(data, period)[1],
        files=dict(data.files),
    )


def quarter_before(data: Data, found: Results) -> pd.DataFrame | None:
    return scorecard(data, found.period - 1) if found.period.quarter > 1 else None


def of_indicators(found: Results, chosen: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    """The scorecard of some of the indicators."""
    data = replace(found.data, agreement=replace(found.agreement, indicators=chosen))
    return scorecard(data, period)
