"""Folders written whole or not at all, and where a project keeps its data, notebooks and reports."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
RAW = PROJECT / "data" / "raw"
EXAMPLE = RAW / "2021-voorbeeld"
PROCESSED = PROJECT / "data" / "processed"
REPORTS = PROJECT / "reports"
NOTEBOOKS = PROJECT / "notebooks"


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new, empty folder that takes the place of `folder` when the block ends well; otherwise the old one stays.

    Readers see the old folder or the new one, never half of either. A replacement that was cut off halfway is put right
    by the next one.
    """
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
