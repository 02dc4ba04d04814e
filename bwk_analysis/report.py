"""One run, told once: open, count, judge, write what the analyst works with, render what is mailed."""

import json
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from traceback import format_exc
from typing import Any

import pandas as pd

from bwk_analysis import agreement_check, balance, finance, indicators, periods
from bwk_analysis.data import Data, unknown
from bwk_analysis.dataset import open_data
from bwk_analysis.disclosure import BOARD, EDITIONS, show, warm
from bwk_analysis.folders import PROCESSED, REPORTS, NotPublished, replaced, unwrapped
from bwk_analysis.pages import formats
from bwk_analysis.periods import Mistyped

LIBRARIES = ("bwk-analysis", "pandas", "numpy", "pyarrow", "python-calamine", "matplotlib", "nbconvert", "babel")

SENTENCES = {
    "edition": "Wat deze uitgave toont",
    "method": "Zo zijn de cijfers gemaakt",
    "explanations": "Toelichting van de kamers",
}  # the parts of the workbook's reading guide

Progress = Callable[[str, str], Any]


@dataclass(frozen=True)
class Made:
    """A run's outcome: the folders of readers and analyst, the period, one row per problem, what to say of it."""

    where: Path
    processed: Path
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
    force: bool = False,
    pages: Connection | None = None,
) -> Made:
    """The reports of a period of a dataset, for an edition; empty names are the newest and the last with registrations.

    Writes `processed/<dataset>/<period>` for the analyst and `reports/<dataset>/<period>[-openbaar]` for readers, each
    whole or not at all. progress : (what, unit) -> a function that passes work on and shows how far it is; of a module,
    so that another process finds it. force : pages too where nothing was registered in the period's own days, or
    without the indicators that cannot be measured. pages : where they are made, as `apart` gives it.
    Raises Mistyped for a wrong name, NoAgreement without an agreement, NotPublished when a page may not be published;
    the last good set then stays.
    """
    if edition not in EDITIONS:
        raise Mistyped(unknown("uitgave", edition, EDITIONS))
    with nullcontext(pages) if pages else apart() as elsewhere:
        data = open_data(dataset, processed, progress("Lezen", "bestand"))
        window = data.quarter(period)
        if force:
            data = _measurable(data)
        own = processed / data.name / str(window)
        where = reports / data.name / (str(window) if edition == BOARD else f"{window}-{edition}")
        why_not, held_back = [] if force else refused(data, window), None
        with replaced(own, private=True) as new:
            if not why_not:
                _send(elsewhere, (data, window, edition, where, new, progress))
            counts = indicators.counts(data, window)
            figures = {
                "scorecard": indicators.judge(counts, data.agreement)[indicators.SCORECARD],
                "finance": finance.figures(data, window, counts),
                "problems": agreement_check.problems(data, window),
                "accounting": data.accounting,
            }
            _write(data, window, figures, new)
            try:
                if why_not:
                    raise NotPublished(why_not)
                said = _published(elsewhere)
            except NotPublished as reasons:  # for readers: the analyst's folder is new all the same
                held_back = reasons
    if held_back:
        raise held_back
    over = periods.reference_day(window).is_year_end  # figures that a closing brought to nought are no figures
    closed = [f"Let op: {each.problem}" for each in balance.closings(data)] if over else []
    return Made(where, own, window, figures["problems"], (*said, *closed))


@contextmanager
def apart() -> Iterator[Connection]:
    """The way to a process that makes pages; what these need is imported there while files are read here."""
    context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
    here, there = context.Pipe()
    process = context.Process(target=_make_pages, args=(there, here))
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.terminate()  # whatever it is doing
        process.join()


def _send(pages: Connection, what: object) -> None:
    with suppress(OSError):  # that nobody is there any more is told where the answer is waited for
        pages.send(what)


def _published(pages: Connection) -> list[str]:
    """What there is to say of a set that may take its place, once it has. Raises what went wrong there."""
    _send(pages, True)
    try:
        answer = pages.recv()
    except (EOFError, OSError):
        raise NotPublished(["het maken van de pagina's brak af, misschien door te weinig geheugen"]) from None
    if isinstance(answer, BaseException):
        raise answer
    return list(answer)


def _make_pages(there: Connection, here: Connection) -> None:
    """In that process: make what is asked for, and have it take its place when that is agreed; nothing once the pipe is
    closed."""
    here.close()
    signal(SIGINT, SIG_IGN)  # the other process tells
    from bwk_analysis.pages import render

    render.warm()
    with suppress(EOFError, OSError):
        asked = there.recv()
        try:
            answer: Any = _render(there.recv, *asked)
        except EOFError:
            raise
        except Exception as error:
            answer = unwrapped(error)
            answer.add_note(format_exc())
        there.send(answer)


def _render(
    agreed: Callable[[], object], data: Data, period: pd.Period, edition: str, folder: Path, analyst: Path,
    progress: Progress,
) -> list[str]:  # fmt: skip
    """The pages of an edition, what the analyst alone reads, and the workbook.

    agreed : waits until they may take their place. Returns what to say of files that are no page, and of what notebooks
    show that no page does.
    """
    from bwk_analysis.pages import render

    before, sheet = (partial(each, data, period, edition) for each in (warm, _workbook))
    made = render.render_set(
        data, period, edition, folder, analyst=analyst, before=before, agreed=agreed, extra=sheet,
        progress=progress("Rapporten", "pagina"),
    )  # fmt: skip
    return [*made.passed_over, *made.left_out]


def refused(data: Data, period: pd.Period) -> list[str]:
    """Why readers get no pages: what they would show looks as if nothing was done."""
    reasons, last = [], data.last_day(periods.reference_day(period))
    if last is None or last < period.start_time:
        found = "er is in het hele jaar nog niets geregistreerd"
        if last is not None:
            until = last.to_period(period.freqstr)
            found = f"de laatste is van {formats.date(last)}, dus van {until}"
        reasons.append(f"in {formats.quarter(period)} is niets geregistreerd: {found}; met --force komt er een rapport")
    if missing := _unmeasured(data):
        wrong = f"niet te meten: {', '.join(missing)}. Herstel de afspraak (zie bwk check)"
        reasons.append(f"{wrong}; met --force blijven ze weg")
    return reasons


def _unmeasured(data: Data) -> list[str]:
    return [code for code in data.agreement.indicators["code"] if code not in data.measures]


def _measurable(data: Data) -> Data:
    """The data without the indicators that cannot be measured."""
    missing, agreed = _unmeasured(data), data.agreement
    frames = {"indicators": "code", "targets": "indicator"}
    kept = {name: (rows := getattr(agreed, name))[~rows[code].isin(missing)] for name, code in frames.items()}
    settings = agreed.settings if agreed.settings.cost_per not in missing else replace(agreed.settings, cost_per="")
    return replace(data, agreement=replace(agreed, **kept, settings=settings))


# --- for the analyst --------------------------------------------------------------------------------------------------


def _write(data: Data, period: pd.Period, figures: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Checked rows as Parquet, figures and problems as CSV, and a manifest; the same input gives the same bytes."""
    for name in sorted(data.delivered):
        data.tables[name].to_parquet(folder / f"{name}.parquet", index=False)
    for name, rows in figures.items():
        rows.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    text = json.dumps(_manifest(data, period), indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _manifest(data: Data, period: pd.Period) -> dict[str, Any]:
    """What the figures were made from: files and their SHA-256, versions, period and settings."""
    return {
        "dataset": data.name,
        "period": str(period),
        "files": dict(data.files),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
        "settings": asdict(data.agreement.settings),
    }


def _workbook(data: Data, period: pd.Period, edition: str, folder: Path) -> None:
    """The figures as a workbook among the pages."""
    from bwk_analysis.pages import render, text, workbook

    counts = indicators.counts(data, period)
    card = show(indicators.judge(counts, data.agreement), data, edition)
    money = show(finance.figures(data, period, counts), data, edition)
    said = {
        heading: text.lines(name, data.agreement, period, scorecard=card, finance=money)
        for name, heading in SENTENCES.items()
    }
    path = folder / render.WORKBOOK
    workbook.write(path, scorecard=card, finance=money, agreement=data.agreement, period=period, sentences=said)
