"""Which dataset is opened, and that its files are read once as long as nothing they rest on has changed."""

import pickle
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from conftest import EXAMPLE, GOLDEN, PROJECT

from bwk_analysis import dataset, folders, indicators
from bwk_analysis.agreement import NoAgreement
from bwk_analysis.dataset import KEPT, folder_of, forget, newest, open_data
from bwk_analysis.periods import Mistyped

AGREEMENT = GOLDEN / "dataset" / "afspraak_2023.xlsx"
EXPORTS = GOLDEN / "dataset" / "samenwerking.xlsx"


@pytest.fixture(autouse=True)
def nothing_opened(monkeypatch):
    monkeypatch.setattr(dataset, "_opened", {})
    monkeypatch.setattr(dataset, "_given", [])


@pytest.fixture
def folder(tmp_path):
    """A dataset of an agreement and one file of exports."""
    made = tmp_path / "raw" / "buurt"
    made.mkdir(parents=True)
    for path in (AGREEMENT, EXPORTS):
        shutil.copy(path, made)
    return made


@pytest.fixture
def processed(tmp_path):
    return tmp_path / "processed"


@pytest.fixture
def reads(monkeypatch):
    """How often the door was opened."""
    times = []

    def counting(files, *arguments, **named):
        times.append(len(files))
        return real(files, *arguments, **named)

    real = dataset.read_folder
    monkeypatch.setattr(dataset, "read_folder", counting)
    return times


def forget_in_memory():
    """What another process would know."""
    dataset._opened.clear()


def same(one, other):
    assert (one.name, one.key, one.files, one.delivered) == (other.name, other.key, other.files, other.delivered)
    assert one.measures == other.measures
    assert one.agreement.settings == other.agreement.settings
    for name in dataset.FRAMES:
        pd.testing.assert_frame_equal(getattr(one.agreement, name), getattr(other.agreement, name), obj=name)
    assert list(one.tables) == list(other.tables)
    for kind in ("tables", "outside_year"):
        ours, theirs = getattr(one, kind), getattr(other, kind)
        assert set(ours) == set(theirs)
        for name, rows in ours.items():
            pd.testing.assert_frame_equal(rows, theirs[name], obj=name)
    pd.testing.assert_frame_equal(one.accounting, other.accounting)
    pd.testing.assert_frame_equal(one.problems, other.problems)


# --- read once --------------------------------------------------------------------------------------------------------


def test_what_was_kept_is_what_was_read_to_the_type_of_every_column(processed, monkeypatch):
    read = open_data(GOLDEN / "dataset", processed)
    forget_in_memory()
    monkeypatch.setattr(dataset, "read_folder", None)
    same(open_data(GOLDEN / "dataset", processed), read)


def test_the_second_time_no_file_is_read(folder, processed, reads):
    for again in (False, False, True):
        if again:
            forget_in_memory()
        open_data(folder, processed)
    assert reads == [2]


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_file_that_changed_came_or_went_is_noticed(folder, processed, reads, in_memory):
    def partners():
        if not in_memory:
            forget_in_memory()
        return len(open_data(folder, processed).samenwerking)

    assert partners() > 0
    (folder / EXPORTS.name).unlink()
    assert partners() == 0
    shutil.copy(EXPORTS, folder)
    assert partners() > 0
    shutil.copy(GOLDEN / "dataset" / "registraties_b_overlap.xlsx", folder / EXPORTS.name)  # under the same name
    assert partners() == 0
    assert reads == [2, 1, 2, 2]


def test_other_code_reads_again(folder, processed, reads, monkeypatch):
    open_data(folder, processed)
    monkeypatch.setattr(dataset, "code_hash", lambda: "changed")
    open_data(folder, processed)
    assert reads == [2, 2]


def test_another_key_reads_again_and_gives_other_pseudonyms(processed, reads, tmp_path, monkeypatch):
    before = open_data(GOLDEN / "dataset", processed).deelnames["deelnemer"]
    monkeypatch.setenv("BWK_CONFIG_DIR", str(tmp_path / "other"))
    after = open_data(GOLDEN / "dataset", processed).deelnames["deelnemer"]
    assert len(reads) == 2
    assert not set(before.dropna()) & set(after.dropna())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("samenwerking.parquet", None),
        ("samenwerking.parquet", b"PAR1 half"),
        ("problems.parquet", b""),
        (dataset.ABOUT, None),
        (dataset.ABOUT, b'{"key": "half'),
        (dataset.ABOUT, b"[]"),
    ],
)
def test_what_was_kept_and_is_not_whole_is_read_again_and_put_right(folder, processed, reads, name, content):
    read = open_data(folder, processed)
    forget_in_memory()
    path = processed / KEPT / folder.name / name
    path.unlink() if content is None else path.write_bytes(content)
    same(open_data(folder, processed), read)
    assert reads == [2, 2]
    forget_in_memory()
    same(open_data(folder, processed), read)
    assert reads == [2, 2]


def test_where_nothing_can_be_kept_the_tables_are_there_all_the_same(folder, tmp_path):
    (tmp_path / "processed").write_text("a file in the way")
    assert len(open_data(folder, tmp_path / "processed").samenwerking) > 0


@pytest.mark.filterwarnings("ignore::pandas.errors.ChainedAssignmentError")  # what is set on is a copy
def test_what_is_changed_in_one_data_is_not_changed_in_the_next(folder, processed):
    first = open_data(folder, processed)
    again = open_data(folder, processed)
    first.tables["samenwerking"]["partner"] = "gewijzigd"
    first.tables["samenwerking"].loc[0, "kamer"] = None
    first.agreement.targets.loc[:, "target"] = None
    first.agreement.rooms["name"] = "gewijzigd"
    first.problems.loc[:, "problem"] = "gewijzigd"
    first.accounting["rows_read"] = 0
    assert not any(hasattr(each, "clear") for each in (first.tables, first.outside_year, first.measures))
    same(open_data(folder, processed), again)
    forget_in_memory()
    same(open_data(folder, processed), again)


def test_what_is_worked_out_of_a_dataset_is_of_that_dataset_and_period_alone(folder, processed):
    data = open_data(folder, processed)
    first, last = (data.quarter(f"{data.agreement.settings.year}Q{number}") for number in (1, 4))
    before = indicators.counts(data, first)
    mine = indicators.counts(data, first)
    mine["value"] = 0
    pd.testing.assert_frame_equal(indicators.counts(data, first), before)
    assert not indicators.counts(data, last).equals(before)
    none = replace(data, tables={name: rows.iloc[:0] for name, rows in data.tables.items()})
    assert indicators.counts(none, first)["n"].isna().all()


def test_a_dataset_goes_to_another_process_with_what_was_worked_out_of_it(folder, processed):
    data = open_data(folder, processed)
    before = indicators.counts(data, data.quarter())
    there = pickle.loads(pickle.dumps(data))
    assert there.found.keys() == data.found.keys() != set()
    pd.testing.assert_frame_equal(indicators.counts(there, there.quarter()), before)
    same(there, data)


def test_only_the_user_may_read_what_was_kept(folder, processed):
    open_data(folder, processed)
    rights = {path: stat.S_IMODE(path.stat().st_mode) for path in (processed / KEPT).rglob("*")}
    assert len(rights) > 12
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in rights.items())
    assert stat.S_IMODE((processed / KEPT).stat().st_mode) == 0o700


def test_while_another_run_keeps_its_tables_they_are_read_and_not_kept(folder, processed, monkeypatch):
    monkeypatch.setattr(folders, "PATIENCE", 0.0)
    kept = processed / KEPT / folder.name
    with folders.replaced(kept, private=True) as theirs:
        (theirs / "theirs.txt").write_text("theirs")
        assert len(open_data(folder, processed).samenwerking) > 0
    assert [path.name for path in kept.iterdir()] == ["theirs.txt"]


def test_two_runs_at_once_both_have_the_tables_and_leave_one_whole_set(folder, processed, monkeypatch):
    code = f"from bwk_analysis import open_data; from pathlib import Path; d = open_data({str(folder)!r}, Path({str(processed)!r})); print(len(d.samenwerking), d.key)"
    runs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [run.communicate()[0] for run in runs]
    assert told[0] == told[1] != ""
    monkeypatch.setattr(dataset, "read_folder", None)
    found = open_data(folder, processed)
    assert told[0].split() == [str(len(found.samenwerking)), found.key]
    assert [path.name for path in (processed / KEPT).iterdir()] == [folder.name]


# --- which ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def raw(tmp_path):
    """Datasets by name, each with a file; none has an agreement."""
    for name in ("2019", "2021", "2021-voorbeeld"):
        (tmp_path / "raw" / name).mkdir(parents=True)
        (tmp_path / "raw" / name / "uren.csv").write_text("")
    (tmp_path / "raw" / "leeg").mkdir()
    return tmp_path / "raw"


@pytest.mark.parametrize("given", [2021, "2021", " 2021 "])
def test_a_dataset_is_meant_by_its_name_and_a_year_may_be_a_number(raw, given):
    assert folder_of(given, raw) == raw / "2021"


def test_a_dataset_is_meant_by_its_path(raw, tmp_path, monkeypatch):
    assert folder_of(raw / "2019", tmp_path / "elsewhere") == raw / "2019"
    monkeypatch.chdir(raw / "2019")
    assert folder_of(".", raw).name == "2019"
    assert folder_of("../2021", raw) == raw / "2021"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (2022, r"geen dataset '2022'; bedoelt u 20(19|21)\? wel: 2019, 2021, 2021-voorbeeld \(in .*raw\)"),
        ("2021-vorbeeld", r"bedoelt u 2021-voorbeeld\?"),
        ("heel iets anders", r"geen dataset 'heel iets anders'; wel: 2019"),
    ],
)
def test_a_dataset_that_is_not_there_is_told_with_the_nearest_name(raw, given, told):
    with pytest.raises(Mistyped, match=told):
        folder_of(given, raw)


def test_opening_a_dataset_that_is_not_there_names_those_that_are(processed):
    with pytest.raises(Mistyped, match=r"geen dataset '2021-vorbeeld'; bedoelt u 2021-voorbeeld\?"):
        open_data("2021-vorbeeld", processed)
    assert not processed.exists()


def test_without_a_name_it_is_the_latest_that_is_not_fictional(tmp_path):
    raw = tmp_path / "raw"
    for name, files in {"2021-voorbeeld": EXAMPLE, "leeg": None, "2019": "", "2018": ""}.items():
        (raw / name).mkdir(parents=True)
        if files:
            shutil.copy(files / "samenwerkingsafspraak-2021.xlsx", raw / name)
            assert newest(raw) == raw / name  # the only one
        elif files is not None:
            (raw / name / "uren.csv").write_text("")
    assert newest(raw) == folder_of("", raw) == raw / "2019"  # it has no agreement, and may be real


def test_without_any_dataset_it_is_told_to_make_one(tmp_path):
    for raw in (tmp_path, tmp_path / "missing"):
        with pytest.raises(Mistyped, match="er staat geen dataset in"):
            newest(raw)


def test_lock_files_and_other_files_are_none_of_a_dataset(folder):
    for name in ("~$uren.xlsx", ".~lock.uren.ods#", "notitie.txt"):
        (folder / name).write_text("")
    assert [path.name for path in dataset.dataset_files(folder)] == [AGREEMENT.name, EXPORTS.name]


def test_a_dataset_without_an_agreement_says_so_and_nothing_is_kept_of_it(folder, processed):
    (folder / AGREEMENT.name).unlink()
    with pytest.raises(NoAgreement) as none:
        open_data(folder, processed)
    assert none.value.problems
    assert not processed.exists()


# --- keep and forget --------------------------------------------------------------------------------------------------


def test_a_dataset_that_is_kept_is_given_without_a_look_at_its_files(folder, processed):
    data = open_data(folder, processed)
    before = data
    dataset.keep(data)
    shutil.rmtree(folder)
    shutil.rmtree(processed)
    for name in ("", data.name, ""):
        given = open_data(name, processed)
        same(given, before)
        table = given.samenwerking
        table["partner"] = None
    with pytest.raises(Mistyped):
        open_data("iets anders", processed)


def test_what_is_forgotten_is_told_and_is_gone_and_the_files_stay(folder, processed, reads):
    data = open_data(folder, processed)
    own = processed / folder.name / "2023Q3"
    own.mkdir(parents=True)
    assert forget(folder.name, processed) == [processed / folder.name, processed / KEPT / folder.name]
    assert list(processed.rglob("*.parquet")) == []
    assert not (processed / folder.name).exists()
    assert len(dataset.dataset_files(folder)) == 2
    same(open_data(folder, processed), data)
    assert reads == [2, 2]


def test_what_a_run_that_was_cut_off_left_is_forgotten_too(processed):
    for name in (f"{KEPT}/.2021.new", f"{KEPT}/.2021.old", f"{KEPT}/2022"):
        (processed / name).mkdir(parents=True)
    assert {path.name for path in forget("2021", processed)} == {".2021.new", ".2021.old"}
    assert [path.name for path in (processed / KEPT).iterdir()] == ["2022"]


@pytest.mark.parametrize("name", ["", ".", "..", KEPT, "2021/..", f"{KEPT}/2021", "/"])
def test_a_name_that_is_none_of_a_dataset_forgets_nothing(processed, name):
    for made in ("2021", f"{KEPT}/2021"):
        (processed / made).mkdir(parents=True)
    with pytest.raises(Mistyped):
        forget(name, processed)
    assert (processed / "2021").is_dir()
    assert (processed / KEPT / "2021").is_dir()


def test_forgetting_what_was_not_kept_names_the_nearest(processed):
    (processed / "2021-voorbeeld").mkdir(parents=True)
    with pytest.raises(Mistyped, match=r"geen verwerkte dataset '2021-vorbeeld'; bedoelt u 2021-voorbeeld\?"):
        forget("2021-vorbeeld", processed)


def test_a_path_may_be_given_as_text(folder, processed):
    assert open_data(str(folder), processed).name == Path(folder).name
