"""Which dataset is meant, and its checked tables: read from the files, or from what was kept of the same files."""

import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, astuple, fields
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from bwk_analysis import problems
from bwk_analysis.agreement import Agreement, NoAgreement, Settings, Target
from bwk_analysis.data import Data, unknown
from bwk_analysis.door.agreed import AgreementSheets, load_agreement
from bwk_analysis.door.file import digest
from bwk_analysis.door.persons import load_key
from bwk_analysis.door.read import context_of, no_rows, nothing_read, read_exports, read_folder
from bwk_analysis.door.schema import schema_of
from bwk_analysis.door.sheet import Context
from bwk_analysis.folders import PROCESSED, RAW, code_hash, replaced
from bwk_analysis.measures import measures
from bwk_analysis.periods import Mistyped

SUFFIXES = (".xlsx", ".xlsm", ".xaf", ".xml", ".zip", ".xls", ".xlsb", ".ods", ".csv")
LOCK_PREFIXES = ("~$", ".~lock.", "._")  # the last is what macOS puts beside a file on a stick
LEFT_ALONE = ("thumbs.db", "desktop.ini", "__macosx")
MOST_BELOW = 1000  # files in folders below that are named
LIBRARIES = ("pandas", "pyarrow", "python-calamine")  # another version may read other types
KEPT, KEPT_BEFORE = ".tabellen", ".cache"  # the second is of version 1.0
FRAMES = [field.name for field in fields(Agreement) if field.name != "settings"]
ABOUT, AGREED, OUTSIDE, TARGETS = "over.json", "afspraak.", "buiten_het_jaar.", "afspraak.targets"

Progress = Callable[[Iterable[Path]], Iterable[Path]]
_opened: dict[Path, Data] = {}
_given: list[Data] = []


# --- which ------------------------------------------------------------------------------------------------------------


def dataset_files(folder: Path) -> list[Path]:
    """The spreadsheets of a dataset in order of name; lock files of a spreadsheet program are passed over."""
    found = (path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if not path.name.startswith(LOCK_PREFIXES))


def passed_over(folder: Path) -> list[problems.Problem]:
    """What is in a dataset's folder and is not read: files of other kinds, and all that is in a folder below it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    said = []
    for path in sorted(itertools.islice(found, MOST_BELOW)):
        name = path.relative_to(folder)
        if any(part.startswith((".", "~$")) or part.casefold() in LEFT_ALONE for part in name.parts):
            continue
        known = path.suffix.lower() in SUFFIXES
        if len(name.parts) > 1 and known:
            said.append(problems.message("file_below", name.as_posix()))
        elif not known:
            said.append(problems.message("file_of_other_kind", name.as_posix()))
    return said


def hash_files(folder: Path) -> dict[str, str]:
    """File name -> SHA-256 of its content, in order of name."""
    return {path.name: digest(path) for path in dataset_files(folder)}


def folder_of(dataset: str | int | Path = "", raw: Path = RAW) -> Path:
    """The folder that is meant: a name in data/raw (2021 too), a path, or empty for the newest.

    Raises Mistyped, with the nearest name, when there is none.
    """
    name = str(dataset).strip()
    if not name:
        return newest(raw)
    path = Path(os.path.abspath(name))  # `.` has a name too
    for found in [raw / name, path] if path.name == name else [path]:
        if found.is_dir():
            return found
    raise Mistyped(unknown("dataset", dataset, _names(raw)) + f" (in {raw.parent.name}/{raw.name})")


def _names(raw: Path) -> list[str]:
    return sorted(path.name for path in raw.iterdir() if path.is_dir() and dataset_files(path)) if raw.is_dir() else []


def newest(raw: Path = RAW) -> Path:
    """The dataset of the latest year that is not fictional; without one the fictional example.

    A dataset whose agreement cannot be read counts as real, so that it is never passed over in silence. Raises Mistyped
    when there is no dataset at all.
    """
    folders = [raw / name for name in _names(raw)]
    if not folders:
        raise Mistyped(f"er staat geen dataset in {raw.name}; maak er een map met de afspraak en de exports")
    if len(folders) == 1:
        return folders[0]
    return max(folders, key=lambda folder: _rank(folder, tuple(hash_files(folder).items())))


@lru_cache(maxsize=32)  # of the same files the agreement is asked once
def _rank(folder: Path, _: tuple[tuple[str, str], ...]) -> tuple[bool, int, str]:
    year = re.search(r"\d{4}", folder.name)
    try:
        settings = load_agreement(dataset_files(folder))[0].settings
    except NoAgreement:
        return True, int(year[0] if year else 0), folder.name
    return not settings.fictional, settings.year, folder.name


# --- its tables -------------------------------------------------------------------------------------------------------


def open_data(dataset: str | int | Path = "", processed: Path = PROCESSED, progress: Progress = iter) -> Data:
    """The checked tables of a dataset; read again only when a file, the code or the key has changed.

    dataset : the name of a folder in data/raw (a number too), a path, or empty for the newest that is not fictional.
    processed : the folder that keeps the tables. The Data is the same each time, and never changes.
    Raises Mistyped for a dataset that is not there, NoAgreement for one without an agreement.
    """
    for data in _given:
        if str(dataset).strip() in ("", data.name):
            return data
    folder = folder_of(dataset)
    files = hash_files(folder)
    key = _key(folder, files)
    if folder not in _opened or _opened[folder].key != key:
        kept = processed / KEPT / folder.name
        found = _load(kept, key)
        if found is None:
            found = read(folder, progress, files)
            with suppress(OSError):  # where there is no room for them they are read again next time
                _save(found, kept)
        _opened[folder] = found
    return _opened[folder]


def keep(data: Data) -> None:
    """Have every `open_data` of this dataset in this process give these tables, without a look at the files."""
    _given[:] = [data]


def read(folder: Path, progress: Progress = iter, files: Mapping[str, str] | None = None) -> Data:
    """The checked tables of a folder, from its files. Raises NoAgreement without an agreement to hold them against.

    files : as `hash_files` gave them, where they were just hashed.
    """
    files = hash_files(folder) if files is None else files
    beside = passed_over(folder)
    agreement, schema, exports = read_folder(dataset_files(folder), progress)
    found, unmeasurable = measures(agreement, schema, exports.agreed)
    tables = exports.tables
    every = {name: tables[name] if name in tables else no_rows(table) for name, table in schema.tables.items()}
    return Data(
        name=folder.name,
        agreement=agreement,
        measures=found,
        tables={name: _as_kept(rows) for name, rows in every.items()},
        delivered=frozenset(tables),
        outside_year={name: _as_kept(rows) for name, rows in exports.outside_year.items()},
        accounting=exports.accounting,
        problems=problems.frame([*exports.problems, *beside, *unmeasurable]),
        files=files,
        key=_key(folder, files),
    )


def check_file(path: Path, beside: Iterable[Path] = ()) -> tuple[list[problems.Problem], pd.DataFrame]:
    """(problems, accounting) of one file by itself, as if it were the only one delivered.

    beside : the files whose agreement it is held against; without one any room and any year will do.
    """
    found: list[problems.Problem] = []
    context, agreed = Context(load_key()), dict[tuple[str, str], Mapping[str, int]]()
    if beside := list(beside):
        sheets = AgreementSheets(beside)
        agreement = sheets.agreement()
        context, agreed = context_of(agreement), sheets.places
        found = [*sheets.problems, *measures(agreement, context.schema, sheets.places)[1]]
    exports = read_exports([path], context)
    found = [
        *(each for each in found if each.file == path.name),
        *exports.problems,
        *nothing_read([path], exports, agreed),
    ]
    return found, exports.accounting


def _as_kept(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows numbered from 0, their days as Parquet has them, which knows no whole seconds."""
    days = {name: column.dt.as_unit("ms") for name, column in rows.select_dtypes("datetime").items()}
    return rows.reset_index(drop=True).assign(**days)


# --- kept -------------------------------------------------------------------------------------------------------------


def _key(folder: Path, files: Mapping[str, str]) -> str:
    """One text for all that was read: files and what is passed over, code, libraries, the key of the pseudonyms."""
    parts = [
        folder.name,
        *(each.file for each in passed_over(folder)),
        *files,
        *files.values(),
        code_hash(),
        *map(version, LIBRARIES),
    ]
    return hashlib.sha256("\n".join(parts).encode() + load_key()).hexdigest()


def _save(data: Data, folder: Path) -> None:
    frames = {**data.tables, "problems": data.problems, "accounting": data.accounting}
    frames |= {OUTSIDE + name: rows for name, rows in data.outside_year.items()}
    frames |= {AGREED + name: getattr(data.agreement, name) for name in FRAMES}
    frames[TARGETS] = frames[TARGETS].assign(target=[json.dumps(astuple(each)) for each in frames[TARGETS]["target"]])
    about = {
        "key": data.key,
        "delivered": sorted(data.delivered),
        "files": data.files,
        "settings": asdict(data.agreement.settings),
        "dtypes": {name: rows.dtypes.astype("str").to_dict() for name, rows in frames.items()},
    }
    with replaced(folder, private=True) as new:
        for name, rows in frames.items():
            rows.to_parquet(new / f"{name}.parquet", index=False)
        (new / ABOUT).write_text(json.dumps(about), encoding="utf-8")


def _load(folder: Path, key: str) -> Data | None:
    """What was kept under this key; None when it is another's, not there or not whole."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["key"] != key:
            return None
        frames = {name: _typed(folder / f"{name}.parquet", dtypes) for name, dtypes in about["dtypes"].items()}
        targets = [Target(*json.loads(each)) for each in frames[TARGETS]["target"]]
        frames[TARGETS] = frames[TARGETS].assign(target=pd.Series(targets, dtype=object))
        agreement = Agreement(**_part(frames, AGREED), settings=Settings(**about["settings"]))
        schema = schema_of(agreement.aliases, agreement.own_columns)
        return Data(
            name=folder.name,
            agreement=agreement,
            measures=measures(agreement, schema)[0],
            tables={name: frames[name] for name in schema.tables},
            delivered=frozenset(about["delivered"]),
            outside_year=_part(frames, OUTSIDE),
            accounting=frames["accounting"],
            problems=frames["problems"],
            files=about["files"],
            key=key,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _part(frames: Mapping[str, pd.DataFrame], prefix: str) -> dict[str, pd.DataFrame]:
    return {name.removeprefix(prefix): rows for name, rows in frames.items() if name.startswith(prefix)}


def _typed(path: Path, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a Parquet file, which forgets the type of a column without a value."""
    rows = pd.read_parquet(path)
    return rows.astype({name: dtype for name, dtype in dtypes.items() if str(rows[name].dtype) != dtype})


def forget(name: str, processed: Path = PROCESSED) -> list[Path]:
    """Removes what was derived from the persons of a dataset, and returns the folders that it removed.

    Its files in data/raw, its reports and the key stay. Raises Mistyped when nothing is kept of it.
    """
    places = [name, f"{KEPT}/{name}", f"{KEPT}/.{name}.new", f"{KEPT}/.{name}.old", f"{KEPT_BEFORE}/{name}"]
    a_name = bool(name) and Path(name).name == name and not name.startswith(".")
    found = [processed / place for place in places if a_name and (processed / place).is_dir()]
    if not found:
        known = [path.name for path in processed.glob("[!.]*") if path.is_dir()]
        raise Mistyped(unknown("verwerkte dataset", name, known))
    for path in found:
        shutil.rmtree(path)
    _opened.clear()
    return found
