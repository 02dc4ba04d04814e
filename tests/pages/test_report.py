"""The main job on the example: a set of pages, the analyst's files, and the same bytes again."""

import hashlib
import json

import pandas as pd
import pytest
from conftest import EXAMPLE, PROJECT

from bwk_analysis import cli, dataset, indicators
from bwk_analysis.pages.page import gate
from bwk_analysis.pages.stories import stories

QUARTER = "2021-voorbeeld/2021Q4"


@pytest.fixture(scope="module")
def example():
    return dataset.open_data(EXAMPLE)


def digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_example_has_errors_in_single_rows_and_is_reported_all_the_same(published):
    assert published.code == cli.ERRORS
    assert (published.reports / QUARTER / "index.html").is_file()


def test_the_set_has_a_page_per_notebook_room_and_funder_and_the_index_links_them_all(published, example):
    told, passed_over = stories(PROJECT / "notebooks")
    assert len(told) == len(list((PROJECT / "notebooks").glob("*.ipynb")))
    assert passed_over == []
    once = sum(not story.per and not story.reader for story in told)
    rooms, funders = len(example.agreement.rooms), example.agreement.funding["funder"].nunique()
    pages = {path.name for path in published.pages} - {"index.html"}
    assert len(pages) == once + rooms + funders
    index = (published.reports / QUARTER / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in index for name in [*pages, "scorebord.xlsx"])


def test_every_page_says_that_the_data_are_fictional_and_passes_the_gate(published):
    for path in published.pages:
        html = path.read_text(encoding="utf-8")
        assert "Fictieve gegevens" in html
        assert "uitgave voor het bestuur" in html
        assert '<html lang="nl">' in html
        assert not gate(html), path.name


def test_every_page_is_below_a_megabyte_and_a_half(published):
    assert max(path.stat().st_size for path in published.pages) < 1_500_000


def test_the_analysts_files_are_those_of_the_contract(published, example):
    folder = published.processed / QUARTER
    tables = {f"{name}.parquet" for name in example.tables}
    figures = {"scorecard.csv", "finance.csv", "problems.csv", "accounting.csv", "manifest.json", "datakwaliteit.html"}
    assert {path.name for path in folder.iterdir()} == tables | figures
    scorecard = pd.read_csv(folder / "scorecard.csv")
    assert list(scorecard) == indicators.COLUMNS
    rooms = len(example.agreement.rooms) + 1
    assert len(scorecard) == len(example.agreement.indicators) * rooms
    finance = pd.read_csv(folder / "finance.csv", keep_default_na=False)
    assert list(finance) == ["period", "room", "kind", "item", "value", "unit"]
    assert set(finance["kind"]) == {
        "budget", "realised", "funding_agreed", "funding_realised", "ratio_budget", "ratio_realised", "share_agreed",
        "share_realised", "cost_per_result", "volunteer_hours", "volunteer_value",
    }  # fmt: skip
    accounting = pd.read_csv(folder / "accounting.csv")
    left = accounting[["rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]].sum(axis=1)
    assert (left == accounting["rows_read"]).all()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"] == example.files
    assert manifest["settings"]["year"] == 2021


def test_every_checked_row_says_where_it_came_from_and_holds_no_registration_number(published, example):
    folder = published.processed / QUARTER
    for path in folder.glob("*.parquet"):
        rows = pd.read_parquet(path)
        assert {"source_file", "source_sheet", "source_row"} <= set(rows)
        for column in {"deelnemer", "vrijwilliger", "respondent"} & set(rows):
            assert rows[column].dropna().astype("str").str.fullmatch("[0-9a-f]{16}").all()


def test_the_same_input_gives_the_same_bytes(published, tmp_path):
    processed, reports = tmp_path / "processed", tmp_path / "reports"
    cli.main(["report", str(EXAMPLE), "--processed", str(processed), "--reports", str(reports)])
    assert digests(processed) == digests(published.processed)
    assert digests(reports) == digests(published.reports)
