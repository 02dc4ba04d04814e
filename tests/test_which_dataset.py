"""Which folder is meant by a name or a path, and what is kept and forgotten of it."""

import shutil
from pathlib import Path

import pytest
from conftest import GOLDEN

from bwk_analysis import dataset
from bwk_analysis.periods import Mistyped


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "data" / "raw"
    shutil.copytree(GOLDEN / "dataset", folder / "2023")
    return folder


@pytest.fixture(autouse=True)
def nothing_open():
    dataset._opened.clear()


def test_a_name_is_a_folder_of_raw_and_a_path_is_itself_with_a_name_of_its_own(raw, monkeypatch):
    assert dataset.folder_of("2023", raw) == dataset.folder_of(2023, raw) == raw / "2023"
    monkeypatch.chdir(raw / "2023")
    for path in (".", "../2023", str(raw / "2023") + "/"):
        assert dataset.folder_of(path, raw) == raw / "2023"
    monkeypatch.chdir(raw)
    assert dataset.folder_of("..", raw).name == "data"


def test_another_name_is_refused_with_the_nearest(raw):
    with pytest.raises(Mistyped, match=r"geen dataset '2032'; bedoelt u 2023\? wel: 2023 \(in data/raw\)"):
        dataset.folder_of("2032", raw)


def test_files_of_other_kinds_and_in_folders_below_are_named_and_marks_of_systems_are_not(raw):
    folder = raw / "2023"
    (folder / "kw 2").mkdir()
    for name in (
        "._afspraak.xlsx",
        "~$uren.xlsx",
        ".DS_Store",
        "Thumbs.db",
        "notulen.docx",
        "kw 2/uren.XLSX",
        "kw 2/._uren.xlsx",
    ):
        (folder / name).write_bytes(b"x")
    assert not [path for path in dataset.dataset_files(folder) if path.name.startswith((".", "~"))]
    found = {problem.file: problem for problem in dataset.passed_over(folder)}
    assert {name: problem.severity for name, problem in found.items()} == {
        "notulen.docx": "note",
        "kw 2/uren.XLSX": "warning",
    }
    assert "zet het dan in de map van de dataset zelf" in found["kw 2/uren.XLSX"].advice


def test_a_file_that_comes_below_a_dataset_that_is_open_is_noticed(raw, tmp_path):
    assert dataset.open_data(raw / "2023", tmp_path).problems["file"].ne("kw 2/uren.xlsx").all()
    (raw / "2023" / "kw 2").mkdir()
    (raw / "2023" / "kw 2" / "uren.xlsx").write_bytes(b"x")
    assert dataset.open_data(raw / "2023", tmp_path).problems["file"].eq("kw 2/uren.xlsx").any()


def test_tables_that_cannot_be_kept_are_read_again_next_time(raw, tmp_path):
    (tmp_path / "processed").write_text("a file where the folder would come")
    found = dataset.open_data(raw / "2023", tmp_path / "processed")
    assert len(found.deelnames)


def test_a_file_that_cannot_be_opened_is_a_problem_and_no_stop(raw, monkeypatch):
    closed = next(path for path in dataset.dataset_files(raw / "2023") if "overlap" in path.name)
    opened = Path.read_bytes

    def refused(path):
        if path == closed:
            raise PermissionError
        return opened(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    found = dataset.hash_files(raw / "2023")
    assert [name for name, digest in found.items() if not digest] == [closed.name]


def test_to_forget_removes_all_that_is_derived_from_persons_and_nothing_else(raw, tmp_path):
    processed = tmp_path / "processed"
    dataset.open_data(raw / "2023", processed)
    places = ["2023/2023Q3", "2024/2024Q1", ".tabellen/2024", ".tabellen/.2023.new", ".cache/2023"]
    for place in places:
        (processed / place).mkdir(parents=True)
    removed = {str(path.relative_to(processed)) for path in dataset.forget("2023", processed)}
    assert removed == {"2023", ".tabellen/2023", ".tabellen/.2023.new", ".cache/2023"}
    assert {str(path.relative_to(processed)) for path in processed.rglob("20*")} == {
        "2024", "2024/2024Q1", ".tabellen/2024",
    }  # fmt: skip
    assert dataset.dataset_files(raw / "2023")


@pytest.mark.parametrize("name", ["", ".", "..", ".tabellen", "2024/2024Q1", "../raw", "1999"])
def test_what_is_no_name_of_a_dataset_is_never_removed(tmp_path, name):
    processed = tmp_path / "processed"
    for place in ("2024/2024Q1", ".tabellen/2024"):
        (processed / place).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Mistyped, match="geen verwerkte dataset"):
        dataset.forget(name, processed)
    assert sorted(tmp_path.rglob("*")) == before
