"""What was read before: checked sheets as Parquet files, so that a rerun reads only the files that changed.

An entry is known by everything it depends on: the file's name and content, what the agreement says, the key and the
code. It holds checked rows only: persons are pseudonyms here too.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple, fields, is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bwk_analysis.door.sheet import CheckedSheet, Context, FileContent
from bwk_analysis.problems import Problem
from bwk_analysis.folders import code_hash

COUNTS = ("file", "sheet", "table", "wide", "read", "rejected")


class Cache:
    """The entries in a folder for one context; made when it is not there."""

    def __init__(self, folder: Path, context: Context) -> None:
        self.folder = folder
        self.context = _digest(json.dumps(_plain(context), sort_keys=True) + code_hash())
        self.used: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, name: str, content: str) -> FileContent | None:
        """What a file with this name and SHA-256 brought; None when it is not here, or not whole."""
        entry = self._entry(name, content)
        try:
            found = json.loads((self.folder / f"{entry}.json").read_text(encoding="utf-8"))
            sheets = [
                CheckedSheet(**counts, rows=self._rows(entry, number, dtypes))
                for number, (counts, dtypes) in enumerate(found["sheets"])
            ]
            return FileContent(sheets, [Problem(*problem) for problem in found["problems"]], set(found["personal"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _rows(self, entry: str, number: int, dtypes: Mapping[str, str]) -> pd.DataFrame:
        rows = pd.read_parquet(self._parquet(entry, number))
        if list(rows) != list(dtypes):
            raise ValueError("other columns than were kept")
        return rows.astype(dict(dtypes))

    def save(self, name: str, digest: str, content: FileContent) -> None:
        """Keep what a file brought, where there is room to."""
        with suppress(OSError):
            self._save(name, digest, content)

    def _save(self, name: str, digest: str, content: FileContent) -> None:
        """The list of sheets is written last: without it there is no entry."""
        entry = self._entry(name, digest)
        for number, sheet in enumerate(content.sheets):
            sheet.rows.to_parquet(self._parquet(entry, number), index=False, compression="zstd")
        sheets = [
            [{name: getattr(sheet, name) for name in COUNTS}, sheet.rows.dtypes.astype(str).to_dict()]
            for sheet in content.sheets
        ]
        problems = [astuple(problem) for problem in content.problems]
        part = self.folder / f"{entry}.part"
        kept = {"sheets": sheets, "problems": problems, "personal": sorted(content.personal)}
        part.write_text(json.dumps(kept), encoding="utf-8")
        os.replace(part, self.folder / f"{entry}.json")

    def forget_unused(self) -> None:
        """Remove the entries of files that are gone or have changed."""
        for path in self.folder.iterdir():
            if path.suffix in (".json", ".parquet", ".part") and path.name.partition(".")[0] not in self.used:
                with suppress(OSError):
                    path.unlink()

    def _entry(self, name: str, content: str) -> str:
        entry = _digest(f"{self.context}\n{name}\n{content}")
        self.used.add(entry)
        return entry

    def _parquet(self, entry: str, number: int) -> Path:
        return self.folder / f"{entry}.{number}.parquet"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Everything in a context as text, numbers, lists and dictionaries, the same in every run."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value
