"""One run, told once: open, count, judge, write what the analyst works with, render what is mailed."""

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis import agreement_check, balance, finance, indicators
from bwk_analysis.data import Data, unknown
from bwk_analysis.dataset import open_data
from bwk_analysis.disclosure import BOARD, EDITIONS
from bwk_analysis.folders import PROCESSED, REPORTS, replaced
from bwk_analysis.pages.render import NotPublished as NotPublished
from bwk_analysis.periods import Mistyped
from bwk_analysis.problems import Problem, problem_frame

LIBRARIES = ("bwk-analysis", "pandas", "numpy", "pyarrow", "python-calamine", "matplotlib", "nbconvert", "babel")

Progress = Callable[[str, str], Any]


@dataclass(frozen=True)
class Made:
    """A run's outcome: the folder of the set, the period it is about, one row per problem, and what to say of it."""

    where: Path
    period: pd.Period
    problems: pd.DataFrame
    messages: tuple[str, ...] = ()


def _silent(_: str, __: str) -> Any:
    return lambda work, total=None: work


def make(
    dataset: str | Path = "",
    period: str = "",
    edition: str = BOARD,
    processed: Path = PROCESSED,
    reports: Path = REPORTS,
    progress: Progress = _silent,
) -> Made:
    """The reports of a period of a dataset, for an edition; empty names are the newest and the last with registrations.

    Writes `processed/<dataset>/<period>` for the analyst and `reports/<dataset>/<period>[-openbaar]` for readers, each
    whole or not at all. progress : (what, unit) -> a function that passes work on and shows how far it is.
    Raises Mistyped for a wrong name, NoAgreement without an agreement, NotPublished when a page may not be published;
    the last good set then stays.
    """
    if edition not in EDITIONS:
        raise Mistyped(unknown("uitgave", edition, EDITIONS))
    data = open_data(dataset, processed, progress("Lezen", "bestand"))
    window = data.quarter(period)
    counts = indicators.counts(data, window)
    figures = {
        "scorecard": indicators.judge(counts, data.agreement)[indicators.SCORECARD],
        "finance": finance.figures(data, window, counts),
        "problems": problems(data, window),
        "accounting": data.accounting,
    }
    _write(data, window, figures, processed / data.name / str(window))
    where, messages = _render(data, window, edition, reports / data.name, progress("Rapporten", "pagina"))
    return Made(where, window, figures["problems"], messages)


def problems(data: Data, period: pd.Period) -> pd.DataFrame:
    """Everything that is wrong, or good to know: of the files, the ledger's controls and the agreement itself.

    One row is a problem, the most harmful first.
    """
    totals, of_totals = agreement_check.printed_totals(data.agreement)
    found = [
        *(Problem(*row) for row in data.problems.itertuples(index=False)),
        *balance.control_problems(balance.controls(data, period)[1]),
        *of_totals,
        *agreement_check.check_problems(totals, data.agreement),
        *agreement_check.missing_targets(data.agreement),
    ]
    return problem_frame(found)


# --- for the analyst --------------------------------------------------------------------------------------------------


def _write(data: Data, period: pd.Period, figures: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Checked rows as Parquet, figures and problems as CSV, and a manifest; the same input gives the same bytes."""
    with replaced(folder, private=True) as new:
        for name in sorted(data.delivered):
            data.tables[name].to_parquet(new / f"{name}.parquet", index=False)
        for name, frame in figures.items():
            frame.to_csv(new / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        text = json.dumps(_manifest(data, period), indent=2, ensure_ascii=False, sort_keys=True)
        (new / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _manifest(data: Data, period: pd.Period) -> dict[str, Any]:
    """What the figures were made from: files and their SHA-256, versions, period and settings."""
    return {
        "dataset": data.name,
        "period": str(period),
        "files": dict(data.files),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "settings": asdict(data.agreement.settings),
    }


# --- for readers ------------------------------------------------------------------------------------------------------


def _render(
    data: Data, period: pd.Period, edition: str, folder: Path, progress: Callable[..., Any]
) -> tuple[Path, tuple[str, ...]]:
    """(the folder of the set, what to say of it): every page, put in place whole."""
    from bwk_analysis import publication, results
    from bwk_analysis.pages import render

    found = results.compute(data, period)
    published = publication.publish(found, edition, results.quarter_before(data, found))
    return render.publish_set(published, folder, render.Gate(), dataset=data.name, progress=progress), ()
