"""The whole set of reports: beside papermill and `jupyter nbconvert` one by one, and beside plain scripts."""

import ast
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from bwk_analysis.publication import Publication, publish

from bwk_analysis import notebook, results
from bwk_analysis.pages import execute
from bwk_analysis.pages import render as report

PROJECT = Path(__file__).parents[1]
EXAMPLE = PROJECT / "data" / "raw" / "2021-voorbeeld"


def _bwk(folder: Path, *more: str) -> float:
    places = ["--processed", str(folder / "processed"), "--reports", str(folder / "reports")]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bwk_analysis", "report", str(EXAMPLE), *places, *more], capture_output=True)
    return time.perf_counter() - start


def _one_by_one(pages: list[report.Page], folder: Path) -> float:
    """What a user would do instead: papermill fills in and runs a notebook, nbconvert renders it, page after page."""
    start = time.perf_counter()
    for page in pages:
        parameters = [part for name, value in page.parameters.items() for part in ("-p", name, value)]
        ran = folder / f"{page.href}.ipynb"
        papermill = [sys.executable, "-m", "papermill", str(page.notebook), str(ran), *parameters]
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--no-input", str(ran)]
        for command in (papermill, convert):
            subprocess.run(command, check=True, capture_output=True, cwd=PROJECT)
    return time.perf_counter() - start


def _script(page: report.Page) -> str:
    """The cells of a notebook as a plain script: the same code, each last value put into HTML."""
    filled = execute.with_parameters(nbformat.read(page.notebook, as_version=4), page.parameters)
    parts = []
    for cell in filled.cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            if tree.body and isinstance(tree.body[-1], ast.Expr):
                show = ast.parse("shown.append(0)").body[0]
                show.value.args[0] = tree.body[-1].value  # type: ignore[attr-defined]
                tree.body[-1] = show
            parts.append(ast.unparse(ast.fix_missing_locations(tree)))
    return "\n".join(parts)


def _run_script(code: str) -> int:
    shown: list = []
    names = {"shown": shown, "display": lambda *objects: shown.extend(objects)}
    exec(code, names)
    return sum(len(block._repr_html_()) for block in shown if block is not None)


def _plain_scripts(publication: Publication, pages: list[report.Page]) -> float:
    notebook.prepare(publication)
    scripts = [_script(page) for page in pages]
    start = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        pool.map(_run_script, scripts, chunksize=1)
    return time.perf_counter() - start


def _rendered(publication: Publication, pages: list[report.Page]) -> float:
    start = time.perf_counter()
    assert not any(reasons for _, _, reasons in report.rendered(publication, pages, report.Gate()))
    return time.perf_counter() - start


def run() -> None:
    dataset = results.read_dataset(EXAMPLE)
    found = results.compute(dataset)
    publication = publish(found, "bestuur", results.quarter_before(dataset, found))
    pages = report.pages_of(publication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, again, forced = _bwk(folder), _bwk(folder), _bwk(folder, "--force")
        usual = _one_by_one(pages, folder)
    scripts = min(_plain_scripts(publication, pages) for _ in range(3))
    rendering = min(_rendered(publication, pages) for _ in range(3))
    print(f"{len(pages)} pages")
    print(f"papermill + jupyter nbconvert, one by one       {usual:7.1f} s   1.0x")
    print(f"bwk report, from nothing                        {first:7.1f} s   {usual / first:.1f}x as fast")
    print(f"bwk report, rows kept, pages rendered again     {forced:7.1f} s   {usual / forced:.1f}x as fast")
    print(f"bwk report, nothing changed                     {again:7.2f} s")
    print(
        f"rendering alone {rendering:.2f} s, the same cells as plain scripts {scripts:.2f} s:"
        f" {rendering / scripts:.2f}x"
    )
    print("Limited by: drawing the charts, which both do; the usual way starts Python and imports everything anew.")
