"""The key of the pseudonyms: made once and whole, for its owner alone, and never replaced in silence."""

import multiprocessing
import os
import stat
import sys

import pytest

from bwk_analysis import cli
from bwk_analysis.door import persons
from bwk_analysis.door.persons import KEY_BYTES, NoKey, key_path, load_key

ONLY_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights of a file as POSIX has them")


@pytest.fixture
def empty_place(tmp_path, monkeypatch):
    folder = tmp_path / "instellingen"
    monkeypatch.setenv("BWK_CONFIG_DIR", str(folder))
    return folder


@ONLY_POSIX
def test_the_key_is_made_once_and_is_for_its_owner_alone(empty_place):
    key = load_key()
    assert len(key) == KEY_BYTES
    assert load_key() == key == key_path().read_bytes()
    assert [path.name for path in empty_place.iterdir()] == [key_path().name]
    rights = [stat.S_IMODE(path.stat().st_mode) for path in (empty_place, key_path())]
    assert rights == [0o700, 0o600]


def _key_of_a_run(barrier, keys):
    barrier.wait()
    keys.put(load_key())


def test_first_runs_at_the_same_time_have_one_key(empty_place):
    together = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
    for _ in range(10):
        barrier, keys = together.Barrier(4), together.Queue()
        runs = [together.Process(target=_key_of_a_run, args=(barrier, keys)) for _ in range(4)]
        for run in runs:
            run.start()
        found = {keys.get(timeout=30) for _ in runs}
        for run in runs:
            run.join()
        assert [run.exitcode for run in runs] == [0] * 4
        assert found == {key_path().read_bytes()}
        key_path().unlink()


def test_a_second_run_that_comes_just_too_late_takes_the_key_of_the_first(empty_place, monkeypatch):
    first = b"k" * KEY_BYTES
    link = os.link

    def another_run_is_first(source, target):
        target.write_bytes(first)
        link(source, target)

    monkeypatch.setattr(os, "link", another_run_is_first)
    assert load_key() == first
    assert [path.name for path in empty_place.iterdir()] == [key_path().name]


def test_where_a_disk_has_no_links_the_key_is_made_all_the_same(empty_place, monkeypatch):
    def no_links(source, target):
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    assert load_key() == load_key()
    assert [path.name for path in empty_place.iterdir()] == [key_path().name]


@pytest.mark.parametrize("content", [b"", b"k", b"k" * (KEY_BYTES - 1), b"k" * KEY_BYTES + b"\n"])
def test_a_key_that_is_not_whole_is_refused_with_its_place_and_stays_as_it_was(content, empty_place):
    empty_place.mkdir()
    key_path().write_bytes(content)
    with pytest.raises(NoKey) as refused:
        load_key()
    assert str(key_path()) in str(refused.value)
    assert "kopie" in str(refused.value)
    assert key_path().read_bytes() == content


def test_a_key_that_cannot_be_read_is_refused_too(empty_place):
    key_path().mkdir(parents=True)
    with pytest.raises(NoKey, match="kan niet worden gelezen"):
        load_key()


def test_where_no_key_can_be_made_is_told_with_the_cause(monkeypatch, tmp_path):
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("BWK_CONFIG_DIR", str(tmp_path / "home" / "bwk"))
    with pytest.raises(NoKey, match=r"bwk: er staat een bestand waar een map hoort .* zet BWK_CONFIG_DIR"):
        load_key()


def test_whoever_types_a_command_is_told_in_dutch_which_file_it_is(empty_place, capsys):
    empty_place.mkdir()
    key_path().write_bytes(b"")
    assert cli.main(["check", str(cli.EXAMPLE)]) == cli.NO_REPORT
    assert str(key_path()) in capsys.readouterr().err


def test_the_same_person_has_the_same_pseudonym_in_every_run(empty_place):
    assert persons.pseudonym(load_key(), "0012") == persons.pseudonym(load_key(), "0012")
