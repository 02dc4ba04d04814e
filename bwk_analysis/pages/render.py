"""A quarter's figures into the set of reports: notebooks run and rendered side by side, checked, published whole."""

import multiprocessing
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bwk_analysis import notebook, periods, privacy
from bwk_analysis.door import persons
from bwk_analysis.folders import NOTEBOOKS, replaced
from bwk_analysis.pages import execute, formats
from bwk_analysis.pages import page as pages
from bwk_analysis.pages.workbook import write_scorecard
from bwk_analysis.publication import Publication

INDEX = "index.html"
WORKBOOK = "scorebord.xlsx"
ANALYST = "analyst"


class NotPublished(Exception):
    """Why no report was published: a Dutch sentence per reason. The last good report is where it was."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Page:
    """A page of the set: the notebook it comes from, its file name, its title, and the notebook's parameters."""

    notebook: Path
    href: str
    title: str
    subtitle: str
    line: str
    parameters: dict[str, str]


def report_folder(reports: Path, period: str, edition: str) -> Path:
    """Where an edition of a period is published: `2021Q3`, or `2021Q3-openbaar`."""
    return reports / (period if edition == privacy.BOARD else f"{period}-{edition}")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "pagina"


def pages_of(publication: Publication, notebooks: Path = NOTEBOOKS) -> list[Page]:
    """The pages of a set, in reading order: one per notebook, or one per room or funder where the notebook says so.

    A notebook says of itself (metadata `bwk`): title, line (what it answers), order, per (`room` or `funder`), and
    whether it is for the analyst alone, who is the only one to see exact counts of rows.
    """
    found: list[tuple[int, Page]] = []
    for path in sorted(notebooks.glob("*.ipynb")):
        about = execute.about(path)
        if about is None or (about.get("for") == ANALYST and publication.edition == privacy.PUBLIC):
            continue
        parameters = {"period": str(publication.period), "edition": publication.edition}
        for name in _subjects(publication, about.get("per", "")):
            own = {about["per"]: name} if name else {}
            href = "-".join(filter(None, [path.stem, _slug(name) if name else ""])) + ".html"
            page = Page(path, href, about["title"], name, about["line"], parameters | own)
            found.append((about["order"], page))
    return _with_own_names([page for _, page in sorted(found, key=lambda pair: pair[0])])


def _subjects(publication: Publication, per: str) -> list[str]:
    if per == "room":
        return publication.rooms
    return publication.agreement.funding["funder"].drop_duplicates().tolist() if per == "funder" else [""]


def _with_own_names(found: list[Page]) -> list[Page]:
    """Two funders whose names look the same in a file name get a number."""
    seen: dict[str, int] = {}
    unique = []
    for page in found:
        seen[page.href] = seen.get(page.href, 0) + 1
        number = "" if seen[page.href] == 1 else f"-{seen[page.href]}"
        href = page.href.removesuffix(".html") + number + ".html"
        unique.append(Page(page.notebook, href, page.title, page.subtitle, page.line, page.parameters))
    return unique


def metadata(
    publication: Publication, title: str, subtitle: str = "", links: Iterable[dict[str, str]] = ()
) -> dict[str, Any]:
    """What the head of a page says."""
    return {
        "title": title,
        "subtitle": subtitle,
        "organisation": publication.agreement.settings.organisation,
        "period": formats.quarter(str(publication.period)).capitalize(),
        "reference_date": formats.date(periods.reference_day(publication.period)),
        "fictional": publication.agreement.settings.fictional,
        "links": list(links),
    }


@dataclass(frozen=True)
class Gate:
    """Reads a finished page before it is published. personal : keyed hashes of values that no page may hold."""

    personal: frozenset[str] = frozenset()
    key: bytes = b""

    def reasons(self, html: str) -> list[str]:
        """Why a page may not be published; empty when it may."""
        return pages.gate(html, lambda text: persons.finds_personal(text, self.personal, self.key))


def render(page: Page, gate: Gate) -> tuple[str, str, list[str]]:
    """(file name, HTML, reasons not to publish it) of a page; runs in a process that holds the publication."""
    publication = notebook.open_report()
    try:
        ran = execute.run(page.notebook, page.parameters)
    except execute.NotebookFailed as failed:
        return page.href, "", [f"{failed.notebook}, cel {failed.cell}, gaf een fout ({type(failed.error).__name__})"]
    ran.metadata["bwk"] = metadata(publication, page.title, page.subtitle, [{"href": INDEX, "text": "Alle rapporten"}])
    html = pages.page_html(ran)
    return page.href, html, [f"{page.href}: {reason}" for reason in gate.reasons(html)]


def _workers(publication: Publication, processes: int) -> ProcessPoolExecutor:
    """Processes that have everything imported and the figures at hand: copies of this one where that is safe."""
    method = "fork" if sys.platform == "linux" else "spawn"
    pages.warm()
    notebook.prepare(publication)
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(processes, context, initializer=notebook.prepare, initargs=(publication,))


def rendered(publication: Publication, found: list[Page], gate: Gate) -> Iterator[tuple[str, str, list[str]]]:
    """Each page as it is ready."""
    processes = min(len(found), os.cpu_count() or 1)
    with _workers(publication, processes) as pool:
        futures: list[Future[tuple[str, str, list[str]]]] = [pool.submit(render, page, gate) for page in found]
        for future in as_completed(futures):
            yield future.result()


def publish_set(
    publication: Publication,
    reports: Path,
    gate: Gate,
    mark: str = "",
    dataset: str = "",
    notebooks: Path = NOTEBOOKS,
    progress: Callable[..., Iterable[tuple[str, str, list[str]]]] = lambda work, total: work,
) -> Path:
    """Render every page, read each once more, and put the set in place when all are good. Returns its folder.

    mark : a text by which the same input is recognised in a next run. dataset : the name of the input's folder.
    Raises NotPublished; the last good set stays.
    """
    found = pages_of(publication, notebooks)
    folder = report_folder(reports, str(publication.period), publication.edition)
    reasons: list[str] = []
    with replaced(folder) as new:
        for href, html, refused in progress(rendered(publication, found, gate), len(found)):
            reasons += refused
            (new / href).write_text(html, encoding="utf-8", newline="\n")
        if reasons:
            raise NotPublished(sorted(reasons))
        write_scorecard(publication, new / WORKBOOK)
        (new / INDEX).write_text(
            _index(publication, found, reports, gate, {"mark": mark, "dataset": dataset}),
            encoding="utf-8",
            newline="\n",
        )
    return folder


def _index(publication: Publication, found: list[Page], reports: Path, gate: Gate, marks: dict[str, str]) -> str:
    listed = [{"href": p.href, "title": " – ".join(filter(None, [p.title, p.subtitle])), "line": p.line} for p in found]
    listed.append({"href": WORKBOOK, "title": "Scorebord in Excel", "line": "Alle cijfers, om zelf mee te rekenen."})
    current = report_folder(reports, str(publication.period), publication.edition).name
    others = sorted(path.parent.name for path in reports.glob(f"*/{INDEX}") if path.parent.name != current)
    periods_so_far = [{"href": f"../{name}/{INDEX}", "text": _period_name(name)} for name in reversed(others)]
    html = pages.index_html(metadata(publication, "Rapporten") | marks, listed, periods_so_far)
    if reasons := gate.reasons(html):
        raise NotPublished(reasons)
    return html


def _period_name(folder: str) -> str:
    period, _, edition = folder.partition("-")
    name = formats.quarter(period).capitalize() if re.fullmatch(r"\d{4}Q[1-4]", period) else period
    return f"{name} ({edition})" if edition else name
