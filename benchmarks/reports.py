"""The whole set of reports: beside papermill and `jupyter nbconvert` one by one, and beside another checkout."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bwk_analysis.dataset import open_data
from bwk_analysis.pages.stories import PER, stories

PROJECT = Path(__file__).parents[1]
DATASET = "2021-voorbeeld"
EXAMPLE = PROJECT / "data" / "raw" / DATASET
RUNS = 3  # of each, in turn: a machine that slows down slows both


def _bwk(project: Path, python: Path, folder: Path) -> float:
    """Seconds of `bwk report` of a checkout on this example, with its notebooks and its Python."""
    places = ["--processed", str(folder / "processed"), "--reports", str(folder / "reports")]
    command = [str(python), "-m", "bwk_analysis", "report", str(EXAMPLE), *places]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=project)
    seconds = time.perf_counter() - start
    if not list(folder.glob("reports/**/index.html")):
        raise RuntimeError(f"no report by {project.name}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return seconds


def _alternating(projects: dict[Path, Path]) -> tuple[dict[Path, list[float]], dict[Path, list[float]]]:
    """Seconds from nothing, and of the same once more, per checkout: one of each, then one of each again."""
    first: dict[Path, list[float]] = {project: [] for project in projects}
    again: dict[Path, list[float]] = {project: [] for project in projects}
    for _ in range(RUNS):
        for project, python in projects.items():
            with tempfile.TemporaryDirectory() as name:
                first[project].append(_bwk(project, python, Path(name)))
                again[project].append(_bwk(project, python, Path(name)))
    return first, again


def _pages() -> list[tuple[Path, dict[str, str]]]:
    """A notebook and its parameters per page of the set."""
    agreement = open_data(EXAMPLE).agreement
    subjects = {"": [""], "kamer": agreement.rooms["name"], "financier": agreement.funding["funder"].unique()}
    return [
        (story.path, {"dataset": DATASET} | ({PER[story.per]: subject} if subject else {}))
        for story in stories(PROJECT / "notebooks")[0]
        for subject in subjects[story.per]
    ]


def _one_by_one(pages: list[tuple[Path, dict[str, str]]], folder: Path) -> float:
    """What a user would do instead: papermill fills in and runs a notebook, nbconvert renders it, page after page."""
    own = {**os.environ, "PYTHONPATH": str(PROJECT)}
    start = time.perf_counter()
    for number, (path, given) in enumerate(pages):
        parameters = [part for name, value in given.items() for part in ("-p", name, value)]
        ran = folder / f"{number}.ipynb"
        papermill = [sys.executable, "-m", "papermill", str(path), str(ran), *parameters]
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--no-input", str(ran)]
        for command in (papermill, convert):
            subprocess.run(command, check=True, capture_output=True, cwd=PROJECT, env=own)
    return time.perf_counter() - start


def run(*others: Path) -> None:
    """others : checkouts with a `.venv` of their own, whose reports of the same example are timed in turn with ours."""
    projects = {PROJECT: Path(sys.executable)} | {
        other.resolve(): other.resolve() / ".venv" / "bin" / "python" for other in others
    }
    first, again = _alternating(projects)
    pages = _pages()
    with tempfile.TemporaryDirectory() as name:
        usual = _one_by_one(pages, Path(name))
    print(f"{len(pages)} pages; seconds are the median of {RUNS} runs, one of each in turn\n")
    print(f"papermill + jupyter nbconvert, one by one  {usual:7.1f} s   1.0x")
    for project in projects:
        nothing, same = statistics.median(first[project]), statistics.median(again[project])
        which = "here" if project == PROJECT else project.name
        print(f"bwk report, from nothing      {which:<12} {nothing:7.1f} s   {usual / nothing:.1f}x as fast")
        print(f"bwk report, once more         {which:<12} {same:7.1f} s   {usual / same:.1f}x as fast")
        if project != PROJECT:
            ratios = [ours / theirs for ours, theirs in zip(first[PROJECT], first[project], strict=True)]
            print(f"from nothing, here beside {which}: {statistics.median(ratios):.2f}x its time")
    print("Limited by: drawing the charts; the usual way starts Python and imports everything anew for every page.")
