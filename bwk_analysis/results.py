"""A dataset and a quarter in, everything that is known about it out: tables, scorecard, finance, problems."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk_analysis import agreement_check, finance, indicators
from bwk_analysis.agreement import Agreement
from bwk_analysis.datasets import dataset_files, hash_files
from bwk_analysis.door.cells import Limits
from bwk_analysis.door.read import Exports, read_folder
from bwk_analysis.indicators import Measure
from bwk_analysis.problems import Problem, frame

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass(frozen=True)
class Dataset:
    """A folder of exports, read and checked. `files` maps each file's name to the SHA-256 of its content."""

    name: str
    agreement: Agreement
    measures: dict[str, Measure]
    exports: Exports
    problems: list[Problem]
    files: dict[str, str]


@dataclass(frozen=True)
class Results:
    """What a quarter's reports are made of.

    tables : checked rows per table. scorecard, finance : tidy figures. problems, accounting : what became of the input.
    printed_totals, observations : the agreement's self-check. failing : one row is a ledger line and a failed control.
    """

    name: str
    period: pd.Period
    agreement: Agreement
    measures: dict[str, Measure]
    tables: dict[str, pd.DataFrame]
    scorecard: pd.DataFrame
    finance: pd.DataFrame
    problems: pd.DataFrame
    accounting: pd.DataFrame
    printed_totals: pd.DataFrame
    observations: pd.DataFrame
    failing: pd.DataFrame
    files: dict[str, str]


def read_dataset(folder: Path, limits: Limits | None = None, progress: Progress = iter) -> Dataset:
    """The agreement and the exports in a folder. Raises NoAgreement when there is no agreement to hold them against."""
    checked = read_folder(dataset_files(folder), limits, progress)
    measures, unmeasurable = indicators.measures(checked.agreement, checked.schema)
    return Dataset(
        folder.name,
        checked.agreement,
        measures,
        checked.exports,
        [*checked.problems, *unmeasurable],
        hash_files(folder),
    )


def last_quarter(dataset: Dataset) -> pd.Period:
    """The last quarter with registrations; the agreement's first when there are none. The ledger is no registration."""
    days = [
        rows["datum"].max() for name, rows in dataset.exports.tables.items() if "datum" in rows and "bedrag" not in rows
    ]
    last = max((day for day in days if pd.notna(day)), default=pd.Timestamp(dataset.agreement.settings.year, 1, 1))
    return pd.Period(last, freq="Q")


def compute(dataset: Dataset, period: pd.Period | None = None) -> Results:
    """The figures of a quarter. Raises ValueError when the quarter is not in the agreement's year."""
    period = period or last_quarter(dataset)
    agreement, tables = dataset.agreement, dataset.exports.tables
    if period.year != agreement.settings.year:
        raise ValueError(f"kwartaal {period} hoort niet bij de afspraak van {agreement.settings.year}")
    controls, failing = finance.ledger_controls(
        agreement, tables.get("grootboek"), dataset.exports.outside_year.get("grootboek"), period
    )
    verdicts = {"saldo": finance.balance(agreement), "controles": controls}
    scorecard = indicators.scorecard(agreement, dataset.measures, tables, verdicts, period)
    money = [finance.agreed_figures(agreement, period), finance.realised_figures(agreement, tables, scorecard, period)]
    printed_totals, unknown = agreement_check.printed_totals(agreement, period)
    problems = [
        *dataset.problems,
        *finance.control_problems(failing),
        *unknown,
        *agreement_check.check_problems(printed_totals, agreement),
        *agreement_check.missing_targets(agreement),
    ]
    return Results(
        name=dataset.name,
        period=period,
        agreement=agreement,
        measures=dataset.measures,
        tables=tables,
        scorecard=scorecard,
        finance=pd.concat(money, ignore_index=True),
        problems=frame(problems),
        accounting=dataset.exports.accounting,
        printed_totals=printed_totals,
        observations=agreement_check.observations(agreement, dataset.measures),
        failing=failing,
        files=dataset.files,
    )


def quarter_before(dataset: Dataset, results: Results) -> pd.DataFrame | None:
    """The scorecard of the quarter before in the same year; None for the first quarter."""
    return compute(dataset, results.period - 1).scorecard if results.period.quarter > 1 else None
