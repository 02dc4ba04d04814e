"""A folder is replaced whole or not at all."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from bwk_analysis import folders
from bwk_analysis.folders import replaced


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_new_folder_takes_the_place_of_the_old_one_with_all_it_held(tmp_path):
    target = tmp_path / "2021Q3"
    for name in ("first", "second"):
        with replaced(target) as new:
            (new / f"{name}.txt").write_text(name)
    assert content(target) == {"second.txt": "second"}
    assert [path.name for path in tmp_path.iterdir()] == ["2021Q3"]


def test_when_the_work_fails_the_old_folder_stays(tmp_path):
    target = tmp_path / "2021Q3"
    with replaced(target) as new:
        (new / "good.txt").write_text("good")
    with pytest.raises(FileNotFoundError), replaced(target) as new:
        (new / "half.txt").write_text((new / "missing.txt").read_text())
    assert content(target) == {"good.txt": "good"}
    assert [path.name for path in tmp_path.iterdir()] == ["2021Q3"]


def test_a_replacement_that_was_cut_off_between_two_moves_is_put_right(tmp_path):
    target = tmp_path / "2021Q3"
    old = tmp_path / ".2021Q3.old"
    old.mkdir()
    (old / "good.txt").write_text("good")
    with pytest.raises(RuntimeError), replaced(target):
        raise RuntimeError
    assert content(target) == {"good.txt": "good"}


def test_what_is_private_only_the_user_may_read(tmp_path):
    target = tmp_path / "processed" / "2021Q3"
    with replaced(target, private=True) as new:
        (new / "pages").mkdir(mode=0o755)
        (new / "pages" / "page.html").write_text("")
        (new / "rows.csv").write_text("")
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [target.parent, target, *target.rglob("*")]}
    assert rights == {"processed": 0o700, "2021Q3": 0o700, "pages": 0o700, "page.html": 0o600, "rows.csv": 0o600}


def test_a_second_run_waits_for_the_first_and_is_told_so_when_that_takes_too_long(tmp_path, monkeypatch):
    target = tmp_path / "2021Q3"
    monkeypatch.setattr(folders, "PATIENCE", 0.0)
    with replaced(target) as new:
        (new / "first.txt").write_text("first")
        with pytest.raises(folders.Busy, match="een andere run schrijft al in 2021Q3"), replaced(target):
            raise AssertionError
    assert content(target) == {"first.txt": "first"}


def test_a_second_run_gets_its_turn_when_the_first_is_ready(tmp_path):
    target = tmp_path / "2021Q3"

    def second():
        with replaced(target) as new:
            (new / "second.txt").write_text("second")

    with ThreadPoolExecutor(1) as pool:
        with replaced(target) as new:
            (new / "first.txt").write_text("first")
            waiting = pool.submit(second)
        waiting.result()
    assert content(target) == {"second.txt": "second"}
    assert [path.name for path in tmp_path.iterdir()] == ["2021Q3"]


def test_the_lock_file_of_a_run_that_was_cut_off_holds_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "PATIENCE", 0.0)
    (tmp_path / ".2021Q3.lock").write_text("")
    with replaced(tmp_path / "2021Q3") as new:
        (new / "good.txt").write_text("good")
    assert content(tmp_path / "2021Q3") == {"good.txt": "good"}


def test_the_code_of_the_project_has_one_text_until_a_line_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "PACKAGE", tmp_path)
    code = tmp_path / "module.py"
    code.write_text("a = 1\n")
    before = folders.code_hash()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "module.pyc").write_text("")
    assert folders.code_hash() == before
    code.write_text("a = 2\n")
    assert folders.code_hash() != before
