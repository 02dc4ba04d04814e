"""The main job on the example: a set of pages, the analyst's files, and the same bytes again."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial

import nbformat
import openpyxl
import pandas as pd
import pytest
from conftest import EXAMPLE, GOLDEN, PROJECT

from bwk_analysis import cli, dataset, indicators, report
from bwk_analysis.pages import render, workbook
from bwk_analysis.pages.page import gate
from bwk_analysis.pages.stories import ANALYST, stories

QUARTER = "2021-voorbeeld/2021Q4"


@pytest.fixture(scope="module")
def example():
    return dataset.open_data(EXAMPLE)


def digests(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_example_has_errors_in_single_rows_and_is_reported_all_the_same(published):
    assert published.code == cli.ERRORS
    assert (published.reports / QUARTER / "index.html").is_file()


def test_the_set_has_a_page_per_notebook_room_and_funder_and_the_index_links_them_all(published, example):
    told, passed_over = stories(PROJECT / "notebooks")
    assert len(told) == len(list((PROJECT / "notebooks").glob("*.ipynb")))
    assert passed_over == []
    once = sum(not story.per and story.reader != ANALYST for story in told)
    rooms, funders = len(example.agreement.rooms), len(example.agreement.reported_funders)
    pages = {path.name for path in published.pages} - {"index.html"}
    assert len(pages) == once + rooms + funders
    index = (published.reports / QUARTER / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in index for name in [*pages, "scorebord.xlsx"])


def test_every_page_says_that_the_data_are_fictional_and_passes_the_gate(published):
    for path in published.pages:
        html = path.read_text(encoding="utf-8")
        assert "deze cijfers zijn verzonnen" in html
        assert "Uitgave voor het bestuur" in html
        assert '<html lang="nl"' in html
        assert not gate(html), path.name


def test_every_page_is_below_a_megabyte_and_a_half(published):
    assert max(path.stat().st_size for path in published.pages) < 1_500_000


def test_the_analysts_files_are_those_of_the_contract(published, example):
    folder = published.processed / QUARTER
    tables = {f"{name}.parquet" for name in example.tables}
    figures = {"scorecard.csv", "finance.csv", "problems.csv", "accounting.csv", "manifest.json", "datakwaliteit.html"}
    assert {path.name for path in folder.iterdir()} == tables | figures
    scorecard = pd.read_csv(folder / "scorecard.csv")
    assert list(scorecard) == indicators.SCORECARD
    rooms = len(example.agreement.rooms) + 1
    assert len(scorecard) == len(example.agreement.indicators) * rooms
    finance = pd.read_csv(folder / "finance.csv", keep_default_na=False)
    assert list(finance) == ["period", "room", "kind", "item", "value", "unit"]
    assert set(finance["kind"]) == {
        "budget", "realised", "funding_agreed", "funding_realised", "ratio_budget", "ratio_realised", "share_agreed",
        "share_realised", "cost_per_result", "volunteer_hours", "volunteer_value", "result", "to_receive", "budget_left",
        "earmark_agreed", "earmark_cost",
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


def test_the_same_input_gives_the_same_bytes_in_another_process(published, tmp_path):
    places = ["--processed", str(tmp_path / "processed"), "--reports", str(tmp_path / "reports")]
    command = [sys.executable, "-m", "bwk_analysis", "report", str(EXAMPLE), *places]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    assert len(digests(tmp_path / "reports")) > len(published.pages)
    made, before = (
        tmp_path / "processed" / EXAMPLE.name,
        published.processed / EXAMPLE.name,
    )  # its tables may be kept by another test
    assert digests(made) == digests(before)
    assert digests(tmp_path / "reports") == digests(published.reports)


# --- whole or not at all ----------------------------------------------------------------------------------------------


@pytest.fixture
def one_page(tmp_path, monkeypatch):
    """A set of one page, whose notebook has these lines in its second cell; returns a run's exit code and folder."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    monkeypatch.setattr(render, "render_set", partial(render.render_set, notebooks=notebooks))

    def run(source, **options):
        cells = [nbformat.v4.new_code_cell(each) for each in ('report = "Eigen pagina"', source)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "eigen.ipynb")
        places = ["--processed", str(tmp_path / "processed"), "--reports", str(tmp_path / "reports")]
        code = cli.main(["report", str(EXAMPLE), *options.get("more", []), *places])
        return code, tmp_path / "reports" / "2021-voorbeeld"

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="what is put in its place is not there in a process started anew")
def test_where_the_pages_process_breaks_off_that_is_told_and_nothing_takes_its_place(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(report, "_render", lambda *_: os._exit(9))
    places = ["--processed", str(tmp_path / "processed"), "--reports", str(tmp_path / "reports")]
    assert cli.main(["report", str(EXAMPLE), *places]) == cli.NO_REPORT
    assert "Er kan geen rapport worden gemaakt: het maken van de pagina's brak af" in capsys.readouterr().out
    assert not (tmp_path / "reports").exists()


GOOD = "from bwk_analysis import tables\ntables.sources({})"


def test_a_page_that_fails_leaves_the_last_good_set_as_it_was(one_page, capsys):
    _, reports = one_page(GOOD)
    good = digests(reports)
    assert {"2021Q4/eigen.html", "2021Q4/index.html", "2021Q4/scorebord.xlsx"} == set(good)
    capsys.readouterr()
    code, _ = one_page(f"{GOOD}\nraise KeyError('Fictief Persoon 0042')")
    shown = capsys.readouterr()
    assert code == cli.NO_REPORT
    assert "Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog." in shown.out
    assert "eigen, cel 2, gaf een fout: KeyError" in shown.out
    assert "Fictief" not in shown.out + shown.err
    assert digests(reports) == good
    assert [path.name for path in reports.iterdir()] == ["2021Q4"]


def test_a_workbook_that_cannot_be_written_leaves_the_last_good_set_as_it_was(one_page, monkeypatch, capsys):
    _, reports = one_page(GOOD)
    good = digests(reports)

    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(workbook, "write", full)
    monkeypatch.delenv("BWK_DEBUG", raising=False)
    code, _ = one_page("from bwk_analysis import tables\ntables.sources({})\ntables.sources({})")
    assert code == cli.NO_REPORT
    assert "Het laatste goede rapport staat er nog" in capsys.readouterr().err
    assert digests(reports) == good


def test_editions_and_periods_stand_beside_each_other_and_the_index_links_the_other_periods(one_page):
    one_page(GOOD)
    one_page(GOOD, more=["--period", "2021-09"])
    _, reports = one_page(GOOD, more=["--edition", "openbaar"])
    assert sorted(path.name for path in reports.iterdir()) == ["2021-09", "2021Q4", "2021Q4-openbaar"]
    assert "../2021Q4/index.html" in (reports / "2021-09" / "index.html").read_text(encoding="utf-8")
    public = (reports / "2021Q4-openbaar" / "index.html").read_text(encoding="utf-8")
    assert "../2021" not in public
    assert "openbare uitgave" in public


def test_what_a_notebook_shows_and_its_page_does_not_is_told(one_page, capsys):
    one_page(f"{GOOD}\nprint('x')")
    assert "eigen, niet op de pagina: geprinte tekst (cel 2)" in capsys.readouterr().out


# --- refused, and made all the same -----------------------------------------------------------------------------------


def made(folder, *more):
    """`bwk report` of the third quarter of 2023 over a folder: its exit code, the analyst's files, the readers' pages."""
    places = ["--processed", str(folder.parent / "p"), "--reports", str(folder.parent / "r")]
    code = cli.main(["report", str(folder), "--period", "2023Q3", *places, *more])
    written = [[*(folder.parent / name).rglob(pattern)] for name, pattern in (("p", "*.csv"), ("r", "*.html"))]
    return code, {path.name for path in written[0]}, written[1]


@pytest.fixture
def small(tmp_path):
    """A dataset of one notebook's worth: the golden agreement, its registrations of the third quarter left out."""
    folder = tmp_path / "set"
    folder.mkdir()
    for path in (GOLDEN / "dataset").glob("afspraak*"):
        shutil.copy(path, folder)
    visits = pd.DataFrame([["2023-02-01", "LW", "0001", "taal"], ["2023-05-01", "LW", "0002", "taal"]])
    visits.columns = ["datum", "kamer", "deelnemer", "categorie"]
    visits.to_excel(folder / "deelnames.xlsx", sheet_name="deelnames", index=False)
    return folder


def test_a_period_in_which_nothing_was_registered_has_figures_for_the_analyst_and_pages_by_force_alone(small, capsys):
    code, figures, pages = made(small)
    assert (code, pages) == (cli.NO_REPORT, [])
    assert {"scorecard.csv", "finance.csv", "problems.csv"} <= figures
    told = capsys.readouterr().out
    assert "in derde kwartaal 2023 is niets geregistreerd: de laatste is van 1 mei 2023, dus van 2023Q2" in told
    _, _, pages = made(small, "--force")
    for page in pages:
        assert "Er zijn registraties tot en met 1 mei 2023; daarna is niets geregistreerd." in page.read_text("utf-8")
    assert len(pages) > 5


def test_what_cannot_be_measured_is_on_no_page_and_left_out_by_force(small, capsys):
    path = next(small.glob("afspraak*"))
    book = openpyxl.load_workbook(path)
    sheet = book["indicatoren"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("code")].value == "P8")
    row[heads.index("filter")].value = "categorei = taal"
    book.save(path)
    pd.DataFrame([["2023-08-01", "LW", "0001", "taal"]], columns=["datum", "kamer", "deelnemer", "categorie"]).to_excel(
        small / "later.xlsx", sheet_name="deelnames", index=False
    )
    code, _, pages = made(small)
    assert (code, pages) == (cli.NO_REPORT, [])
    assert "niet te meten: P8. Herstel de afspraak (zie bwk check)" in capsys.readouterr().out
    _, _, pages = made(small, "--force")
    assert pages
    book = openpyxl.load_workbook(pages[0].parent / "scorebord.xlsx")
    assert "P8" not in {cell.value for row in book["Scorebord"].iter_rows() for cell in row}
