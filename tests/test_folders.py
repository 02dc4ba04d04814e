"""A folder is replaced whole or not at all."""

import pytest

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
