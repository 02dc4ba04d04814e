"""Notebooks run in this process, as JupyterLab would run them."""

import nbformat
import pytest

from bwk_analysis.pages import execute


@pytest.fixture
def ran(tmp_path):
    """The outputs of each code cell of a notebook, run with parameters."""

    def run(*sources, **parameters):
        path = tmp_path / "example.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources]), path)
        return [cell.outputs for cell in execute.run(path, parameters).cells]

    return run


def texts(outputs):
    return [output.get("text") or output.data["text/plain"] for output in outputs]


@pytest.mark.parametrize(
    "first",
    [
        "room = 'first'\nyear = 1",
        "# room\nyear = 1",
        "other = room = ''; year = 1",
        "(room, year) = '', 1",
        "if True:\n  room = ''\nyear = 1",
    ],
)
def test_a_parameter_has_its_value_whatever_the_first_cell_assigns_and_other_names_keep_theirs(ran, first):
    assert texts(ran(first, "f'{room} {year}'", room='it\'s "second"')[1]) == [repr('it\'s "second" 1')]


def test_a_parameter_has_its_value_in_the_rest_of_the_first_cell(ran):
    assert texts(ran("period = ''\nwanted = period or 'the last'", "wanted", period="2021Q3")[1]) == ["'2021Q3'"]


def test_what_a_cell_displays_and_its_last_value_are_kept_in_order_and_then_what_it_prints(ran):
    outputs = ran("x = 1", "display('shown')\nprint('a')\nprint('b')\n'last'", "2")
    assert texts(outputs[1]) == ["'shown'", "'last'", "a\nb\n"]
    assert outputs[1][2].output_type == "stream"
    assert texts(outputs[2]) == ["2"]


@pytest.mark.parametrize("source", ["y = 2", "None", "'silent';", "'silent';  # why", "y = 2\n\n'silent' ;\n"])
def test_an_assignment_and_a_line_that_ends_in_a_semicolon_show_nothing(ran, source):
    assert ran("x = 1", source) == [[], []]


def test_the_last_value_goes_by_the_name_of_an_underscore(ran):
    assert texts(ran("x = 1", "40 + 2", "_ + 1")[2]) == ["43"]


FIGURE = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.bar(['a'], [2])"


@pytest.mark.parametrize("end", [";", "\nplt.show()", "\nplt.show()\nprint('after')"])
def test_a_figure_of_pyplot_is_an_output_of_its_cell_and_then_closed(ran, end):
    outputs = ran("x = 1", FIGURE + end, "plt.get_fignums()")
    assert texts(outputs[1])[0].startswith("<Figure size")
    assert texts(outputs[2]) == ["[]"]


def test_a_figure_that_the_cell_closed_is_no_output(ran):
    assert ran("x = 1", FIGURE + "\nplt.close(figure)") == [[], []]


def test_magics_work(ran):
    assert ran("%matplotlib inline", "x = 1")[0] == []
    assert "Wall time" in texts(ran("x = 1", "%%time\ny = 2")[1])[0]


@pytest.mark.parametrize(
    "source",
    ["print('OWN')", "import sys; print('OWN', file=sys.stderr)", "import os; r = os.system('echo OWN')", "!echo OWN",
     "import subprocess; r = subprocess.run(['echo', 'OWN'])"],
)  # fmt: skip
def test_nothing_printed_is_lost_or_reaches_the_terminal_of_who_runs_it(ran, capfd, source):
    assert "OWN" in "".join(texts(ran("x = 1", source)[1]))
    assert capfd.readouterr() == ("", "")


def test_a_notebook_runs_in_its_own_folder_and_finds_what_lies_beside_it(ran, tmp_path, monkeypatch):
    (tmp_path / "beside_it.py").write_text("value = 'found'")
    monkeypatch.chdir("/")
    assert texts(ran("import beside_it, os", "os.getcwd()", "beside_it.value")[1]) == [repr(str(tmp_path))]


def test_two_notebooks_share_no_names(ran):
    ran("secret = 1")
    with pytest.raises(execute.NotebookFailed):
        ran("x = 1", "secret")


@pytest.mark.parametrize(
    "source", ["raise ValueError('Fictief Persoon')", "exit('Fictief Persoon')", "Fictief Persoon"]
)
def test_a_cell_that_fails_is_told_by_number_and_without_the_data_it_was_working_on(ran, source, capfd):
    with pytest.raises(execute.NotebookFailed) as failed:
        ran("x = 1", "y = 2", source)
    assert failed.value.cell == 3
    assert "Persoon" not in str(failed.value)
    assert capfd.readouterr() == ("", "")
