"""The notebooks are thin: a question, a line of code, one table or chart."""

import ast

import nbformat
import pytest
from conftest import EXAMPLE, PROJECT

from bwk_analysis import notebook as start
from bwk_analysis import periods, privacy, publication, results
from bwk_analysis.pages import execute
from bwk_analysis.pages import page as pages
from bwk_analysis.pages import render as report

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 6


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_has_one_cell_of_parameters_and_it_comes_first(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert tagged == [notebook.cells[0]]
    assert {"dataset", "period", "edition"} <= {
        node.id for node in ast.walk(ast.parse(tagged[0].source)) if isinstance(node, ast.Name)
    }


def test_a_code_cell_is_a_few_lines_without_functions_and_without_figures(notebook):
    for cell in code_cells(notebook):
        tree = ast.parse(cell.source)
        assert len(cell.source.splitlines()) <= LONGEST_CELL
        assert not [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef))]
        numbers = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        ]
        assert set(numbers) <= {0}


def test_no_figure_is_typed_in_the_text_of_a_notebook(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not any(character.isdigit() for character in cell.source)


def test_no_output_is_kept_in_a_notebook(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_a_notebook_says_what_it_answers(notebook):
    about = notebook.metadata["bwk"]
    assert about["title"]
    assert about["line"].endswith(".")
    assert len({nbformat.read(path, 4).metadata["bwk"]["order"] for path in NOTEBOOKS}) == len(NOTEBOOKS)


@pytest.fixture(scope="module")
def only_an_agreement(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw") / "leeg"
    folder.mkdir()
    (folder / "afspraak.xlsx").write_bytes((EXAMPLE / "samenwerkingsafspraak-2021.xlsx").read_bytes())
    return results.compute(results.read_dataset(folder))


@pytest.fixture(scope="module")
def first_quarter():
    return results.compute(results.read_dataset(EXAMPLE), periods.quarter("2021Q1"))


@pytest.mark.parametrize(
    ("which", "edition"), [("only_an_agreement", privacy.BOARD), ("first_quarter", privacy.PUBLIC)]
)
def test_every_notebook_runs_where_little_or_nothing_was_registered(request, which, edition):
    shown = publication.publish(request.getfixturevalue(which), edition)
    start.prepare(shown)
    try:
        for page in {page.notebook: page for page in report.pages_of(shown)}.values():
            ran = execute.run(page.notebook, page.parameters)
            ran.metadata["bwk"] = report.metadata(shown, page.title)
            html = pages.page_html(ran)
            assert not pages.gate(html), page.href
            assert ">nan<" not in html.casefold()
    finally:
        start._prepared.clear()
