"""A report is recognised as made from the same input, and from nothing else."""

import json

import pytest

from bwk_analysis import unchanged
from bwk_analysis.datasets import newest_dataset


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "raw" / "2031"
    folder.mkdir(parents=True)
    (folder / "uren.xlsx").write_bytes(b"first")
    return folder


def test_another_file_edition_notebook_or_key_gives_another_fingerprint(dataset, tmp_path):
    key, notebooks = tmp_path / "key", tmp_path / "notebooks"
    notebooks.mkdir()
    marks = [unchanged.fingerprint(dataset, key, "bestuur", notebooks)]
    marks.append(unchanged.fingerprint(dataset, key, "openbaar", notebooks))
    (notebooks / "01.ipynb").write_text("{}")
    marks.append(unchanged.fingerprint(dataset, key, "bestuur", notebooks))
    (dataset / "uren.xlsx").write_bytes(b"second")
    marks.append(unchanged.fingerprint(dataset, key, "bestuur", notebooks))
    key.write_bytes(b"key")
    marks.append(unchanged.fingerprint(dataset, key, "bestuur", notebooks))
    assert len(set(marks)) == len(marks)
    assert marks[-1] == unchanged.fingerprint(dataset, key, "bestuur", notebooks)


def test_a_lock_file_of_a_spreadsheet_program_changes_nothing(dataset, tmp_path):
    before = unchanged.fingerprint(dataset, tmp_path / "key", "bestuur", tmp_path)
    (dataset / "~$uren.xlsx").write_bytes(b"lock")
    assert unchanged.fingerprint(dataset, tmp_path / "key", "bestuur", tmp_path) == before


def made(tmp_path, period="2031Q3", latest=True, mark="same"):
    folder = tmp_path / "processed" / "2031" / period
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"period": period, "latest": latest}))
    index = tmp_path / "reports" / period
    index.mkdir(parents=True)
    (index / "index.html").write_text(mark)
    return tmp_path / "processed", tmp_path / "reports", "2031"


def test_the_same_input_is_found_by_its_quarter_or_as_the_latest(tmp_path):
    places = made(tmp_path)
    assert unchanged.made_before(*places, "2031Q3", "bestuur", "same")["period"] == "2031Q3"
    assert unchanged.made_before(*places, "", "bestuur", "same")["period"] == "2031Q3"


@pytest.mark.parametrize(("period", "mark"), [("2031Q2", "same"), ("2031Q3", "other"), ("", "other")])
def test_another_quarter_or_another_input_is_made_again(tmp_path, period, mark):
    assert unchanged.made_before(*made(tmp_path), period, "bestuur", mark) is None


def test_a_page_that_was_thrown_away_is_made_again(tmp_path):
    places = made(tmp_path)
    (tmp_path / "reports" / "2031Q3" / "index.html").unlink()
    assert unchanged.made_before(*places, "", "bestuur", "same") is None


def test_without_any_dataset_the_message_says_where_it_should_be(tmp_path):
    with pytest.raises(FileNotFoundError, match="er staat geen dataset in raw"):
        newest_dataset(tmp_path / "raw", tmp_path)


def test_a_dataset_whose_agreement_cannot_be_read_is_not_passed_over_for_the_example(dataset, tmp_path):
    example = dataset.with_name("2021-voorbeeld")
    example.mkdir()
    (example / "afspraak.xlsx").write_bytes(b"nothing")
    assert newest_dataset(tmp_path / "raw", tmp_path) == dataset


@pytest.mark.parametrize(
    ("html", "other"),
    [
        ('<meta name="bwk-dataset" content="2031-oud">', "2031-oud"),
        ('<meta name="bwk-dataset" content="2031">', ""),
        ('<meta name="bwk-dataset" content="2031-voorbeeld"><p class="banner">', ""),
        ("", ""),
    ],
)
def test_the_report_of_another_dataset_is_in_the_way_unless_it_is_fictional(tmp_path, html, other):
    _, reports, name = made(tmp_path, mark=html)
    assert unchanged.of_another_dataset(reports, "2031Q3", "bestuur", name) == other
    assert unchanged.of_another_dataset(reports, "2031Q2", "bestuur", name) == ""
