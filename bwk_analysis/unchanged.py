"""Whether a report is already made from exactly this input: files, settings, notebooks and code.

Knows nothing of tables, so that a rerun with nothing changed takes a moment.
"""

import hashlib
import json
import re
from html import unescape as html_text
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bwk_analysis.datasets import hash_files
from bwk_analysis.folders import NOTEBOOKS

PACKAGE = Path(__file__).parent
LIBRARIES = (
    "bwk-analysis",
    "pandas",
    "numpy",
    "pyarrow",
    "python-calamine",
    "matplotlib",
    "nbconvert",
    "great-tables",
    "babel",
)


def versions() -> dict[str, str]:
    """The libraries that a figure or a page depends on, and their versions."""
    return {name: version(name) for name in LIBRARIES}


def code_hash(notebooks: Path | None = None) -> str:
    """One text for the code of this project and, where given, the notebooks. Another line, another text."""
    inside = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    found = sorted([*inside, *(notebooks.glob("*.ipynb") if notebooks else ())])
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in found)).hexdigest()


def fingerprint(folder: Path, key: Path, edition: str, notebooks: Path = NOTEBOOKS) -> str:
    """One text for everything a report is made of, but the quarter. Another input, another fingerprint."""
    parts = [edition, *(f"{name} {digest}" for name, digest in hash_files(folder).items())]
    parts.append(code_hash(notebooks))
    parts += [f"{name} {number}" for name, number in versions().items()]
    parts.append(hashlib.sha256(key.read_bytes()).hexdigest() if key.exists() else "no key")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def manifests(processed: Path, name: str) -> list[dict[str, Any]]:
    """The manifests of a dataset's quarters so far; one that cannot be read is passed over."""
    found = []
    for path in sorted((processed / name).glob("*/manifest.json")):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return found


def report_folder(reports: Path, period: str, edition: str, usual: str = "bestuur") -> Path:
    """Where an edition of a quarter is published: `reports/2021Q3`, or `reports/2021Q3-openbaar`."""
    return reports / (period if edition == usual else f"{period}-{edition}")


def of_another_dataset(reports: Path, period: str, edition: str, name: str) -> str:
    """The dataset whose report stands where this one would come, when it is another and not fictional; else empty."""
    index = report_folder(reports, period, edition) / "index.html"
    html = index.read_text(encoding="utf-8") if index.is_file() else ""
    found = re.search(r'name="bwk-dataset" content="([^"]*)"', html)
    other = html_text(found[1]) if found else ""
    return other if other not in ("", name) and 'class="banner"' not in html else ""


def made_before(
    processed: Path, reports: Path, name: str, period: str, edition: str, mark: str
) -> dict[str, Any] | None:
    """The manifest of the report that was made from the same input, when it is still there; else None.

    period : a quarter, or empty for the last one with registrations. mark : the fingerprint of the input.
    """
    for manifest in manifests(processed, name):
        wanted = manifest.get("period") == period if period else manifest.get("latest")
        index = report_folder(reports, str(manifest.get("period")), edition) / "index.html"
        if wanted and index.is_file() and mark in index.read_text(encoding="utf-8"):
            return manifest
    return None
