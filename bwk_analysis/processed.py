"""The analyst's files of a quarter: checked rows as Parquet, figures and problems as CSV, and a manifest."""

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis.folders import replaced
from bwk_analysis.results import Results
from bwk_analysis.unchanged import versions


def write_processed(results: Results, folder: Path, extra: dict[str, Any] | None = None) -> Path:
    """Everything known of a quarter into `folder`/<dataset>/<period>, whole or not at all. Returns that folder.

    extra : what else the manifest should hold.
    """
    target = folder / results.name / str(results.period)
    with replaced(target) as new:
        for name, rows in results.tables.items():
            rows.to_parquet(new / f"{name}.parquet", index=False)
        for name in ("scorecard", "finance", "problems", "accounting"):
            write_csv(getattr(results, name), new / f"{name}.csv")
        text = json.dumps(manifest(results) | (extra or {}), indent=2, ensure_ascii=False, sort_keys=True)
        (new / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A frame as CSV with the same bytes on every system: UTF-8, comma, point, line feed."""
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def manifest(results: Results) -> dict[str, Any]:
    """What the figures were made from: files and their SHA-256, versions, period and settings."""
    return {
        "dataset": results.name,
        "period": str(results.period),
        "files": results.files,
        "versions": {"python": platform.python_version()} | versions(),
        "settings": asdict(results.agreement.settings),
        "errors": int((results.problems["severity"] == "error").sum()),
    }
