"""Notebooks run in this process, as JupyterLab would run them."""

import nbformat
import pytest

from bwk_analysis.pages import execute


@pytest.fixture
def notebook(tmp_path):
    def write(*sources, tags=("parameters",)):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        cells[0].metadata["tags"] = list(tags)
        path = tmp_path / "example.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


def test_a_parameter_takes_the_place_of_its_default_and_others_keep_theirs(notebook):
    ran = execute.run(notebook("room = 'first'\nyear = 1", "f'{room} {year}'"), {"room": 'it\'s "second"'})
    assert ran.cells[1].outputs[0].data["text/plain"] == repr('it\'s "second" 1')


def test_what_a_cell_displays_and_its_last_value_are_kept_in_order(notebook):
    ran = execute.run(notebook("x = 1", "display('shown')\n'last'"), {})
    assert [output.data["text/plain"] for output in ran.cells[1].outputs] == ["'shown'", "'last'"]


def test_an_assignment_shows_nothing(notebook):
    ran = execute.run(notebook("x = 1", "y = 2", "None"), {})
    assert [cell.outputs for cell in ran.cells] == [[], [], []]


def test_two_notebooks_share_no_names(notebook):
    execute.run(notebook("secret = 1"), {})
    with pytest.raises(execute.NotebookFailed):
        execute.run(notebook("x = 1", "secret"), {})


def test_a_cell_that_fails_is_named_without_the_data_it_was_working_on(notebook):
    with pytest.raises(execute.NotebookFailed) as failed:
        execute.run(notebook("x = 1", "raise ValueError('Fictief Persoon')"), {})
    assert str(failed.value) == "example.ipynb, cell 2: ValueError"
