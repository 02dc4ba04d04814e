"""Which datasets there are, which files each has, and which one is meant when none is named.

Knows nothing of tables, so that asking costs no more than listing files.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

from bwk_analysis.folders import PROCESSED, RAW

SUFFIXES = (".xlsx", ".xlsm", ".xaf", ".xls", ".xlsb", ".ods", ".csv")
LOCK_PREFIXES = ("~$", ".~lock.")


def dataset_files(folder: Path) -> list[Path]:
    """The spreadsheets of a dataset in order of name; lock files of a spreadsheet program are passed over."""
    found = (path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if not path.name.startswith(LOCK_PREFIXES))


def hash_files(folder: Path) -> dict[str, str]:
    """File name -> SHA-256 of its content, in order of name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in dataset_files(folder)}


def newest_dataset(raw: Path = RAW, processed: Path = PROCESSED) -> Path:
    """The dataset of the latest year that is not fictional; without one the fictional example.

    A dataset whose agreement cannot be read counts as real, so that it is never passed over in silence. Raises
    FileNotFoundError with a Dutch message when there is no dataset at all.
    """
    folders = sorted(path for path in raw.iterdir() if path.is_dir() and dataset_files(path)) if raw.is_dir() else []
    if not folders:
        raise FileNotFoundError(f"er staat geen dataset in {raw.name}; maak er een map met de afspraak en de exports")
    if len(folders) == 1:
        return folders[0]
    return max(folders, key=lambda folder: _rank(folder, processed))


def _rank(folder: Path, processed: Path) -> tuple[bool, int, str]:
    settings = _settings_before(folder, processed) or _settings(folder)
    year = re.search(r"\d{4}", folder.name)
    return not settings.get("fictional"), settings.get("year") or int(year[0] if year else 0), folder.name


def _settings_before(folder: Path, processed: Path) -> dict[str, Any] | None:
    """The settings as an earlier run found them in the very same files."""
    from bwk_analysis.unchanged import manifests

    files = hash_files(folder)
    return next((m["settings"] for m in manifests(processed, folder.name) if m.get("files") == files), None)


def _settings(folder: Path) -> dict[str, Any]:
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.door.agreed import load_agreement
    from bwk_analysis.door.cells import Limits

    try:
        settings = load_agreement(dataset_files(folder), Limits())[0].settings
    except NoAgreement:
        return {}
    return {"fictional": settings.fictional, "year": settings.year}
