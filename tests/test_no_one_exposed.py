"""Every personal value that goes into a run is looked for in everything that comes out of it."""

import contextlib
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from conftest import EXAMPLE
from said import said

from bwk_analysis import cli
from bwk_analysis.door import schema
from bwk_analysis.door.spelling import header_key

MOST_WORDS = 6


def words(text):
    return re.findall(r"\w+", text.casefold())


def phrases(text):
    found = words(text)
    return {" ".join(found[at : at + size]) for size in range(1, MOST_WORDS + 1) for at in range(len(found))}


@pytest.fixture(scope="module")
def went_in():
    """Values of all personal columns, and the registration numbers of persons, read without this project's reader.

    `fictief`, a first name of the example, is a word that every page of it says of itself."""
    known = schema.load_schema()
    persons = {header_key(c.name) for t in known.tables.values() for c in t.columns.values() if c.kind == "person"}
    found = set()
    for path in EXAMPLE.glob("*.xlsx"):
        if "afspraak" in path.name:
            continue
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            columns = set()
            for row in sheet.iter_rows(values_only=True):
                keys = {i: header_key(cell) for i, cell in enumerate(row)}
                columns |= {i for i, key in keys.items() if key in known.personal | persons}
                found |= {
                    str(row[i])
                    for i in columns
                    if i < len(row) and isinstance(row[i], str) and keys[i] not in known.personal | persons
                }
    return {" ".join(words(value)) for value in found if len(words(value)) <= MOST_WORDS} - {"", "fictief"}


def texts(folder):
    """The text of every file that came out: pages, CSV, JSON, Parquet cell by cell, the parts of a workbook."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            rows = pd.read_parquet(path)
            cells = {str(value) for name in rows.select_dtypes(exclude="number") for value in rows[name].unique()}
            yield path.name, " | ".join([*rows.columns, *cells])
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                yield path.name, " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        elif path.suffix == ".html":
            yield path.name, said(path.read_text(encoding="utf-8"))
        else:
            yield path.name, path.read_text(encoding="utf-8")


def test_the_example_has_thousands_of_personal_values_to_look_for(went_in):
    assert len(went_in) > 5000


@pytest.fixture(scope="module")
def for_everyone(tmp_path_factory):
    """A run of the edition for everyone: its folder, and all that it printed."""
    folder, printed = tmp_path_factory.mktemp("openbaar"), io.StringIO()
    places = ["--processed", str(folder / "processed"), "--reports", str(folder / "reports")]
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        cli.main(["report", str(EXAMPLE), "--edition", "openbaar", *places])
    assert list(folder.glob("reports/*/*-openbaar/index.html"))
    return folder, printed.getvalue()


def test_no_personal_value_is_in_any_file_that_comes_out_of_a_run(published, for_everyone, went_in):
    came_out = [each for folder in (published.processed, published.reports, for_everyone[0]) for each in texts(folder)]
    assert {name.rpartition(".")[2] for name, _ in came_out} >= {"html", "csv", "json", "parquet", "xlsx"}
    leaked = {name: len(found) for name, text in came_out if (found := phrases(text) & went_in)}
    assert leaked == {}


def test_no_personal_value_is_printed_by_a_run(for_everyone, went_in):
    assert "Rapport over" in for_everyone[1]
    assert not phrases(for_everyone[1]) & went_in


def test_no_personal_value_is_printed_by_check(went_in, capsys):
    cli.main(["check", str(EXAMPLE)])
    shown = capsys.readouterr()
    assert not phrases(shown.out + shown.err) & went_in


def test_a_value_that_does_leak_is_found(went_in):
    leaked = max(went_in, key=len)
    assert phrases(f"x {leaked.upper()}, y") & went_in
