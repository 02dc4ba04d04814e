"""Data into a set of pages: notebooks run and rendered side by side, each page read once more, put in place whole."""

import gc
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

import bwk_analysis
from bwk_analysis import dataset, periods
from bwk_analysis.data import Data
from bwk_analysis.folders import NOTEBOOKS, NotPublished, replaced
from bwk_analysis.pages import block, execute, formats, svg
from bwk_analysis.pages import page as pages
from bwk_analysis.pages.stories import CHECK, PER, stories
from bwk_analysis.steps import ANALYST, BOARD, PUBLIC

INDEX = "index.html"
WORKBOOK = "scorebord.xlsx"
_PERIOD = r"\d{4}(?:Q[1-4]|-\d{2})"
_PACKAGE = Path(__file__).parents[1]
_EDITIONS = {BOARD: "uitgave voor het bestuur", PUBLIC: "openbare uitgave", ANALYST: "alleen voor de analist"}


class Rendered(NamedTuple):
    """What became of a set: the names of its pages in reading order, and Dutch sentences.

    left_out : what notebooks show in JupyterLab and no page does. passed_over : files that are no page, and why.
    """

    pages: list[str]
    left_out: list[str]
    passed_over: list[str]


class Page(NamedTuple):
    """A page to make: its notebook, file name, what its head and the index say, its parameters, and who reads it."""

    path: Path
    href: str
    about: dict[str, Any]
    parameters: dict[str, str]
    reader: str = ""


class Outcome(NamedTuple):
    """A page made, or why it was not: reasons. left_out : cell number and what of it is on no page."""

    page: Page
    html: str = ""
    reasons: Sequence[str] = ()
    left_out: Sequence[tuple[int, str]] = ()


Progress = Callable[[Iterator[Outcome], int], Iterable[Outcome]]  # of the work and the number of pages


def render_set(
    data: Data,
    period: pd.Period,
    edition: str,
    folder: Path,
    *,
    analyst: Path | None = None,
    notebooks: Path = NOTEBOOKS,
    before: Callable[[], object] = lambda: None,
    agreed: Callable[[], object] = lambda: None,
    extra: Callable[[Path], object] = lambda folder: None,
    progress: Progress = lambda work, total: work,
) -> Rendered:
    """Every page of an edition and the index that links them, in place of `folder` when all are good.

    analyst : a folder that is there, for the pages of the analyst alone. before : works out what all others ask for,
    once, while the analyst's are made. agreed : waits until they may take their place. extra : writes further files of
    the set into the folder that it is given. Raises NotPublished; then the last good set stays.
    """
    found, passed_over = _pages(data, period, edition, notebooks)
    if not found:
        raise NotPublished(["geen notebook heeft report in zijn eerste cel", *passed_over])
    own = _pages(data, period, ANALYST, notebooks)[0] if analyst else []
    every = own + found
    making = _side_by_side(data, every, before)
    made = sorted(progress(making, len(every)), key=lambda outcome: every.index(outcome.page))
    agreed()
    if analyst:
        _write(made[: len(own)], analyst)
    with replaced(folder) as new:
        _write(made[len(own) :], new)
        extra(new)
        about = _about(data, period, edition, "Rapporten", question="Wie bent u?")
        readers = _readers(found, data, (new / WORKBOOK).is_file())
        index = pages.index_html(about, readers, _other_periods(folder))
        if reasons := pages.gate(index):
            raise NotPublished([f"{INDEX}: {reason}" for reason in reasons])
        (new / INDEX).write_text(index, encoding="utf-8", newline="\n")
    return Rendered([page.href for page in found], _sentences(made), passed_over)


def _pages(data: Data, period: pd.Period, edition: str, notebooks: Path) -> tuple[list[Page], list[str]]:
    """In reading order: one per notebook, or one per room or funder where it says so; and what is passed over."""
    told, passed_over = stories(notebooks)
    subjects = {"": [""], "kamer": data.agreement.rooms["name"], "financier": data.agreement.reported_funders}
    names: list[str] = []
    found = []
    for story, subject in [(each, subject) for each in told for subject in subjects[each.per]]:
        if (story.reader == ANALYST) != (edition == ANALYST):
            continue
        name = story.path.stem if edition != ANALYST else _slug(story.title)
        name = f"{name}-{_slug(subject)}" if subject else name
        names.append(name)  # two funders whose names look the same in a file name get a number
        href = name + (f"-{names.count(name)}" if names.count(name) > 1 else "") + ".html"
        question = story.question.replace("{year}", str(period.year)).replace("{}", subject or str(period.year))
        about = _about(data, period, edition, story.title, subject, story.answers, question)
        given = {"dataset": data.name, "period": str(period), "edition": edition}
        parameters = given | ({PER[story.per]: subject} if subject else {})
        found.append(Page(story.path, href, about, parameters, story.per or story.reader))
    return found, passed_over


def _readers(found: list[Page], data: Data, workbook: bool) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The pages by who reads them: the board, the rooms, the funders, and who wants to check."""
    mine: dict[str, list[dict[str, Any]]] = {"": [], "kamer": [], "financier": [], CHECK: []}
    for page in found:
        mine[page.reader].append(page.about | {"href": page.href})
    if workbook:
        line = "Alle cijfers, om zelf mee te rekenen; het eerste werkblad is het overzicht."
        mine[CHECK].append({"href": WORKBOOK, "title": "Scorebord in Excel", "line": line})
    without = [funder for funder in data.agreement.funders if funder not in data.agreement.reported_funders]
    note = f"Voor {formats.join(without)} is er geen blad: daar leest niemand een rapport voor." if without else ""
    return [
        ("Ik zit in het bestuur", "", mine[""]),
        ("Ik hoor bij een kamer", "", mine["kamer"]),
        ("Ik ben financier", note, mine["financier"]),
        ("Ik wil het nakijken", "", mine[CHECK]),
    ]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "pagina"


def _about(
    data: Data, period: pd.Period, edition: str, title: str, subtitle: str = "", line: str | None = None,
    question: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What the head of a page says, and the line on what it answers; without one it is the index."""
    fictional = ["FICTIEVE GEGEVENS"] if data.agreement.settings.fictional else []
    foot = [
        data.agreement.settings.organisation,
        subtitle or title,
        formats.quarter(period),
        _EDITIONS[edition],
        *fictional,
    ]
    day = data.last_day(periods.reference_day(period))
    until = "Er is in dit jaar nog niets geregistreerd."
    if day is not None:
        until = f"Er zijn registraties tot en met {formats.date(day)}; daarna is niets geregistreerd."
    return {
        "until": until if day is None or day < period.start_time else "",
        "title": title,
        "subtitle": subtitle,
        "question": question,
        "foot": " · ".join(filter(None, foot)),
        "line": line,
        "organisation": data.agreement.settings.organisation,
        "period": formats.quarter(period).capitalize(),
        "reference_date": formats.date(periods.reference_day(period)),
        "edition": _EDITIONS[edition],
        "fictional": data.agreement.settings.fictional,
        "links": [] if line is None or edition == ANALYST else [{"href": INDEX, "text": "Alle rapporten"}],
    }


def _other_periods(folder: Path) -> list[dict[str, str]]:
    """The same dataset and edition in other periods, the last one first."""
    edition = re.sub(_PERIOD, "", folder.name)
    names = sorted((index.parent.name for index in folder.parent.glob(f"*/{INDEX}")), reverse=True)
    return [
        {"href": f"../{name}/{INDEX}", "text": formats.quarter(name.removesuffix(edition)).capitalize()}
        for name in names
        if name != folder.name and re.fullmatch(_PERIOD + edition, name)
    ]


def _write(outcomes: list[Outcome], folder: Path) -> None:
    """Every page into the folder. Raises NotPublished, with none written, when one may not be published."""
    if reasons := [reason for outcome in outcomes for reason in outcome.reasons]:
        raise NotPublished(list(dict.fromkeys(reasons)))
    for outcome in outcomes:
        (folder / outcome.page.href).write_text(outcome.html, encoding="utf-8", newline="\n")


@cache
def warm() -> None:
    """Import and do once what every page needs, before processes are copied from this one."""
    for name in dir(bwk_analysis):
        getattr(bwk_analysis, name)
    for each in (execute, block, pages, svg):
        each.warm()


def _side_by_side(data: Data, found: list[Page], before: Callable[[], object]) -> Iterator[Outcome]:
    """Each page as it is ready, each made in a process of its own: what a notebook changes is there for no other."""
    warm()
    start: Any = get_context("fork" if sys.platform == "linux" else "spawn")
    queue, working = [*found], dict[Any, Page]()
    while queue or working:
        while queue and len(working) < (os.cpu_count() or 1):
            page = queue.pop(0)
            if page.parameters["edition"] != ANALYST:
                before()
            receiver, sender = start.Pipe(duplex=False)
            start.Process(target=_make, args=(sender, receiver, data, page), daemon=True).start()
            sender.close()
            working[receiver] = page
        ready: Any
        for ready in wait([*working]):
            page = working.pop(ready)
            try:
                yield ready.recv()
            except EOFError:
                yield Outcome(page, reasons=[f"{page.href}: het maken brak af"])


def _make(sender: Connection, receiver: Connection, data: Data, page: Page) -> None:
    """Make a page in this process, in which every notebook opens these data."""
    receiver.close()  # the other end, so that a page nobody waits for any more cannot be sent
    dataset.keep(data)
    block.keep_to(page.parameters["edition"])
    gc.disable()  # looking for circles of what is thrown away would cost a fifth of a page, and the process ends
    with suppress(OSError):
        sender.send(_outcome(page))


def _outcome(page: Page) -> Outcome:
    try:
        ran = execute.run(page.path, page.parameters)
    except execute.NotebookFailed as failed:
        reason = f"{page.path.stem}, cel {failed.cell}, gaf een fout: {_said(failed.error)}"
        return Outcome(page, reasons=[reason])
    html = pages.page_html(ran, page.about)
    return Outcome(page, html, [f"{page.href}: {reason}" for reason in pages.gate(html)], pages.left_out(ran))


def _said(error: BaseException) -> str:
    """Its kind, with its words when this library raised it: those of another may hold a value of a cell."""
    frames = traceback.extract_tb(error.__traceback__)
    own = frames and Path(frames[-1].filename).is_relative_to(_PACKAGE) and (frames[-1].line or "").startswith("raise")
    return f"{type(error).__name__}: {error}" if own else type(error).__name__


def _sentences(outcomes: list[Outcome]) -> list[str]:
    """A sentence per notebook: what its pages leave out, with the cells."""
    found: dict[str, dict[str, set[int]]] = {}
    for outcome in outcomes:
        for cell, kind in outcome.left_out:
            found.setdefault(outcome.page.path.stem, {}).setdefault(kind, set()).add(cell)
    return [
        f"{stem}, niet op de pagina: "
        + formats.join([f"{kind} (cel {formats.join([*map(str, sorted(cells))])})" for kind, cells in kinds.items()])
        for stem, kinds in found.items()
    ]
