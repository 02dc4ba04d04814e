"""A dataset and a quarter in, everything that is known about it out: tables, scorecard, finance, problems."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bwk_analysis import agreement_check, finance, indicators, keys
from bwk_analysis.agreement import Agreement, load_agreement
from bwk_analysis.cells import Limits
from bwk_analysis.checks import Context, context_without_agreement
from bwk_analysis.datasets import dataset_files, hash_files
from bwk_analysis.exports import Exports, read_exports
from bwk_analysis.indicators import Measure
from bwk_analysis.problems import Problem, problem_frame
from bwk_analysis.schema import load_schema
from bwk_analysis.surveys import Question
from bwk_analysis.values import fold

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


def read_dataset(
    folder: Path, limits: Limits | None = None, progress: Progress = iter, cache: Path | None = None
) -> Dataset:
    """The agreement and the exports in a folder. Raises NoAgreement when there is no agreement to hold them against.

    cache : a folder that keeps the checked rows of each file, so that a next run reads only files that changed.
    """
    files = dataset_files(folder)
    agreement, problems = load_agreement(files, limits or Limits())
    context, measures, unmeasurable = _context(agreement, limits or Limits())
    exports = read_exports(files, context, progress, cache)
    return Dataset(
        folder.name, agreement, measures, exports, [*problems, *unmeasurable, *exports.problems], hash_files(folder)
    )


def check_file(path: Path, beside: Path | None) -> tuple[list[Problem], pd.DataFrame]:
    """(problems, accounting) of one file by itself, as if it were the only one delivered.

    beside : the folder whose agreement it is held against; without one any room and any year will do.
    """
    problems: list[Problem] = []
    context = context_without_agreement(keys.load_key(), Limits())
    if beside:
        agreement, found = load_agreement(dataset_files(beside), Limits())
        context, _, unmeasurable = _context(agreement, Limits())
        problems = [problem for problem in [*found, *unmeasurable] if problem.file == path.name]
    exports = read_exports([path], context)
    return [*problems, *exports.problems], exports.accounting


def _context(agreement: Agreement, limits: Limits) -> tuple[Context, dict[str, Measure], list[Problem]]:
    """What reading an export needs to know, and the measures it will be counted by."""
    aliases = agreement.aliases[["table", "column", "word", "alias"]].fillna("")
    schema = load_schema(aliases.itertuples(index=False, name=None))
    measures, unmeasurable = indicators.measures(agreement, schema)
    questions = agreement.questions[["question", "text", "scale"]].itertuples(index=False, name=None)
    context = Context(
        schema=schema,
        rooms=agreement.room_spellings(),
        funders={fold(name): name for name in agreement.funding["funder"]},
        questions=tuple(Question(*question) for question in questions),
        year=agreement.settings.year,
        key=keys.load_key(),
        limits=limits,
    )
    return context, measures, unmeasurable


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
        problems=problem_frame(problems),
        accounting=dataset.exports.accounting,
        printed_totals=printed_totals,
        observations=agreement_check.observations(agreement, dataset.measures),
        failing=failing,
        files=dataset.files,
    )


def quarter_before(dataset: Dataset, results: Results) -> pd.DataFrame | None:
    """The scorecard of the quarter before in the same year; None for the first quarter."""
    return compute(dataset, results.period - 1).scorecard if results.period.quarter > 1 else None
