"""Folders written whole or not at all, their rights, and where a project keeps its data, notebooks and reports."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EEXIST, EISDIR, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import IO

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows
    from msvcrt import LK_NBLCK, locking  # type: ignore[attr-defined, unused-ignore]

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent
RAW = PROJECT / "data" / "raw"
EXAMPLE = RAW / "2021-voorbeeld"
PROCESSED = PROJECT / "data" / "processed"
REPORTS = PROJECT / "reports"
NOTEBOOKS = PROJECT / "notebooks"
PATIENCE = 20.0  # seconds that a run waits for another one


CAUSES = {
    ENOSPC: ("de schijf is vol", "Maak ruimte vrij en begin opnieuw."),
    EDQUOT: ("uw deel van de schijf is vol", "Maak ruimte vrij en begin opnieuw."),
    EROFS: ("deze schijf is alleen te lezen", "Kies een map waarin u mag schrijven."),
    EACCES: ("u mag hier niet lezen of schrijven", "Vraag om toegang, of kies een map waarin dat mag."),
    EPERM: ("u mag hier niet lezen of schrijven", "Vraag om toegang, of kies een map waarin dat mag."),
    ENOTDIR: ("er staat een bestand waar een map hoort", "Geef dat bestand een andere naam, of kies een andere map."),
    EEXIST: ("er staat een bestand waar een map hoort", "Geef dat bestand een andere naam, of kies een andere map."),
    EISDIR: ("er staat een map waar een bestand hoort", "Geef die map een andere naam."),
    ENOENT: ("de map is er niet en kan hier niet worden gemaakt", "Kijk of het pad klopt, of kies een andere map."),
}  # what goes wrong on a machine, and what to do


def machine_fault(error: OSError) -> str:
    """What a machine would not do, in Dutch: where, why, and what to do."""
    cause, todo = CAUSES.get(error.errno or 0, ("lezen of schrijven lukt niet", "Kijk of de schijf er nog is."))
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{cause} ({type(error).__name__}). {todo}"


def unwrapped(error: BaseException) -> BaseException:
    """What a machine would not do, also where xlsxwriter says it in an error of its own."""
    return (type(error).__module__.startswith("xlsxwriter") and error.__context__) or error


class Busy(OSError):
    """Another run is writing the same folder and does not end; the text is Dutch."""


class NotPublished(Exception):
    """Why no report was published: a Dutch sentence per reason. The last good report is where it was."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return "; ".join(self.reasons)


@contextmanager
def replaced(folder: Path, private: bool = False) -> Iterator[Path]:
    """A new, empty folder that takes the place of `folder` when the block ends well; otherwise the old one stays.

    Readers see the old folder or the new one, never half of either. A replacement that was cut off halfway is put right
    by the next one. One run at a time: a second waits a little, then Busy is raised.

    private : only the user may read it, and the folder that it stands in.
    """
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _named(folder), _alone(folder):
        _put_right(folder, new, old)
        new.mkdir(mode=0o700 if private else 0o777)
        if private:
            folder.parent.chmod(0o700)
        try:
            yield new
            for path in new.rglob("*") if private else ():
                path.chmod(0o700 if path.is_dir() else 0o600)
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        finally:
            _put_right(folder, new, old)


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    """What a machine would not do in the block is told of the folder, and not of a part of it or of nothing."""
    try:
        yield
    except OSError as error:
        if error.errno and (not error.filename or Path(str(error.filename)).is_relative_to(folder.parent)):
            error.filename = str(folder)
        raise


def _put_right(folder: Path, new: Path, old: Path) -> None:
    """After whatever was cut off or went wrong: there is the new folder or the old one, and no other."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the folder's lock file, which the system lets go of when a run is cut off."""
    path, end = folder.with_name(f".{folder.name}.lock"), time.monotonic() + PATIENCE
    while not _locked(file := path.open("w"), path):
        file.close()
        if time.monotonic() > end:
            raise Busy(f"een andere run schrijft al in {folder.name}; wacht tot die klaar is en begin dan opnieuw")
        time.sleep(0.1)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        file.close()


def _locked(file: IO[str], path: Path) -> bool:
    """Whether the lock was got, of the file that is there: its last owner may have removed it."""
    try:
        if os.name == "nt":
            locking(file.fileno(), LK_NBLCK, 1)
        else:
            flock(file, LOCK_EX | LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def code_hash() -> str:
    """One text for the code of this project: another line, another text."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()
