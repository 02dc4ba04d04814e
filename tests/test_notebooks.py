"""The notebooks are thin: a question, a line of code, one table or chart."""

import ast

import nbformat
import pytest
from conftest import PROJECT

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
